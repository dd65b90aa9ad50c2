"""Text files are UTF-8, and the place where they are not is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.manuscript.files import check_inside, decode_text, read_text, readable
from publisher.model.findings import InputError


def fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_text(path, shown="article.md")
    return str(caught.value)


def test_a_text_is_read_without_mark_and_with_plain_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthr\xc3\xa9e\n\tfour")
    assert read_text(path) == "one\ntwo\nthrée\n\tfour"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_not_utf8_are_told_by_offset_and_line(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(mark + b"one\ncaf\xe9\n")
    assert fault(path) == (
        f"article.md:2: error: not UTF-8: byte 0xe9 at offset {7 + len(mark)}; save the file as UTF-8"
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x08", "\x85"])
def test_control_characters_are_told_by_line_and_column(tmp_path: Path, character: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"one\ntwo{character}\n", encoding="utf-8")
    assert fault(path).startswith("article.md:2:4: error: control character U+")


@pytest.mark.parametrize("character", ["\ufdd0", "\ufdef", "\ufffe", "\U0001fffe", "\U0010ffff"])
def test_noncharacters_are_told_as_such(character: str) -> None:
    with pytest.raises(InputError, match=rf"a:1:4: error: noncharacter U\+{ord(character):04X}; remove it"):
        decode_text(f"one{character}".encode(), "a")


def test_a_direction_that_is_never_turned_back_is_refused_where_it_is_turned() -> None:
    with pytest.raises(InputError) as caught:
        decode_text("one\n\nif \u202eadmin {\n\nthree\u202c\n".encode(), "article.md")
    assert str(caught.value).startswith(
        "article.md:3:4: error: RIGHT-TO-LEFT OVERRIDE (U+202E) has no counterpart in its"
    )


def test_a_balanced_direction_stays() -> None:
    text = "they say \u2067\u0645\u0631\u062d\u0628\u0627 (\u2066one\u2069)\n\u2069 there\n"
    assert decode_text(text.encode(), "a") == text


def test_the_same_text_with_a_mark_and_other_line_ends_is_the_same() -> None:
    text = "---\ntitle: A\n---\n\nOne.\n\nTwo.\n"
    assert (
        decode_text(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "a")
        == decode_text(text.encode(), "a")
        == text
    )


@given(st.text(st.sampled_from("a\n \0\x85\ufdd0\u202a\u202c\u202e\u2066\u2067\u2069\u05d0")))
def test_what_is_made_readable_can_be_read(text: str) -> None:
    made = readable(text)
    assert decode_text(made.encode(), "a") == made
    assert [sign for sign in made if sign in "a \u05d0"] == [sign for sign in text if sign in "a \u05d0"]


def test_a_file_that_is_missing_or_a_folder_is_told(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.md") == "error: article.md does not exist; give the path of a text file"
    assert fault(tmp_path) == "error: article.md is a folder; give the path of a text file"
    assert fault(Path("/dev/null")) == "error: article.md is no ordinary file; give the path of a text file"


def test_bytes_at_hand_are_read_by_the_same_rules() -> None:
    assert decode_text(b"a\r\nb", "x") == "a\nb"


# A folder that holds all that it needs


@pytest.mark.parametrize("name", ["article.md", "pictures/a.png", "templates/web/index.html", "recordings", ".hidden"])
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("nobody's business", "utf-8")
    folder = tmp_path / "edition"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).symlink_to(outside if name == "recordings" else outside / "secret")
    with pytest.raises(InputError, match=rf"{name} leads outside the edition's folder; put the file itself there"):
        check_inside(folder)


@pytest.mark.parametrize("target", ["nowhere", "self"])
def test_a_link_to_nothing_or_to_itself_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "self").symlink_to(tmp_path / target)
    with pytest.raises(InputError, match="self leads outside"):
        check_inside(tmp_path)


def test_a_link_inside_the_folder_and_a_linked_folder_are_let_through(tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    folder.mkdir()
    (folder / "a.md").write_text("a", "utf-8")
    (folder / "b.md").symlink_to("a.md")
    (tmp_path / "linked").symlink_to(folder)
    check_inside(folder)
    check_inside(tmp_path / "linked")
