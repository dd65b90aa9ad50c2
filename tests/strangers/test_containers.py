"""What a container is refused for, one thing at a time, and that an honest one is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from raw_zip import STORED, Member, raw_zip, spaces

from publisher.model.findings import InputError
from publisher.strangers.bounds import Bounds
from publisher.strangers.containers import Container, harmless
from publisher.strangers.folders import inside
from publisher.strangers.numbers import whole

SMALL = Bounds(members=3, unpacked=2, document=1)
HONEST = [Member("a/b.txt", b"words"), Member("c", b"xyz", b"xyz", method=STORED), Member("a/", mode=0o040755)]


def test_an_honest_container_is_read_whole_and_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(raw_zip(HONEST))
    with Container(path, "x.zip", within=SMALL) as container:
        assert container.read("a/b.txt") == b"words"
        assert container.read("c") == b"xyz"
        with container.open("a/b.txt") as stream:
            assert [stream.read(2), stream.read(2), stream.read(), stream.read()] == [b"wo", b"rd", b"s", b""]
        with pytest.raises(KeyError):
            container.read("d")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([*HONEST, Member("d")], "holds 4 files; raise PUBLISHER_READ_MEMBERS"),
        ([Member("../a")], r"outside its folder"),
        ([Member("a\0b")], r"outside its folder"),
        ([Member("a"), Member("a")], "two files named 'a'"),
        ([Member("a", mode=0o120777)], "a link or a device"),
        ([Member("a", mode=0o010644)], "a link or a device"),
        ([Member("a", flags=1)], "is encrypted"),
        ([Member("a", b"x", b"x", told=2, method=STORED)], "two sizes"),
        ([Member("a", b"x" * 40), Member("b", b"x" * 40, at=0)], "'a' overlaps"),
        ([Member("a", told=3 << 20, packed=spaces(1))], "unpacks to more than 2 MB"),
    ],
)
def test_what_its_directory_says_is_held_to(members: list[Member], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Container(raw_zip(members), "x.zip", within=SMALL)


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (Member("a", told=2 << 20, packed=spaces(2)), "PUBLISHER_READ_DOCUMENT"),
        (Member("a", b"x" * 10, packed=spaces(1)), "'a' cannot be read: Bad CRC"),
        (Member("a", b"x" * 10, packed=b"\xff" * 9), "'a' cannot be read"),
        (Member("a", b"x" * 10, method=99), "'a' cannot be read"),
        (Member("a", b"", b"", told=4), "'a' is shorter"),
    ],
)
def test_a_member_that_is_no_such_thing_is_refused_when_it_is_read(member: Member, said: str) -> None:
    with Container(raw_zip([member]), "x.zip", within=SMALL) as container, pytest.raises(InputError, match=said):
        container.read("a")


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no ordinary file"):
        Container(tmp_path, "x.zip")
    with pytest.raises(InputError, match=r"is no Word document, or a damaged one: .+; get it anew"):
        Container(b"no zip", "x.docx", "Word document", remedy="get it anew")


@pytest.mark.parametrize(
    ("name", "right"),
    [("a/b", True), ("a/", True), ("a..b/c", True), ("", False), ("/a", False), ("a/../b", False), ("C:a", False),
     ("\\a", False), ("a\\..\\b", False)],
)  # fmt: skip
def test_names_that_stay_inside(name: str, right: bool) -> None:
    assert harmless(name) is right


def test_files_beside_a_page_are_those_of_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "page"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.css").write_text("a", encoding="utf-8")
    (tmp_path / "secret").write_text("s", encoding="utf-8")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "circle").symlink_to(folder / "circle")
    assert inside(folder, "sub/a.css") == folder / "sub" / "a.css"
    outside = ["../secret", str(tmp_path / "secret"), "link", "circle", "sub", "", "a:b", "\0", "x" * 5000, "absent"]
    assert [inside(folder, name) for name in outside] == [None] * len(outside)


def test_numbers_of_strangers() -> None:
    assert [whole(told) for told in ("7", " -12 ", "+3", "²", "٣", "--5", "1" * 5000, "", "1.5")] == [
        7,
        -12,
        3,
        *[None] * 6,
    ]
