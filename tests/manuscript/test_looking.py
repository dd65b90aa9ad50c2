"""A child process looks at an edition's pictures: one for each edition, held, and what goes wrong there goes wrong
there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.holding import children, here
from publisher.holding.confining import version
from publisher.holding.here import IN_PROCESS
from publisher.holding.sockets import can_filter
from publisher.manuscript import looking
from publisher.manuscript.reading import read_edition
from publisher.manuscript.resources import Resources
from publisher.model.findings import EngineError, FindingsError, Severity
from publisher.model.limits import Limits
from publisher.model.publication import Imprint, Resource
from publisher.model.source import Position

EDITIONS = Path(__file__).parents[1] / "editions"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20">%s</svg>'

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of other systems are others")
landlock = pytest.mark.skipif(version() == 0, reason="this system has no Landlock")

STAND_IN = """
import os, socket, sys
from pathlib import Path
from publisher.manuscript import looking_child, pictures
from publisher.manuscript.unusable import UnusableError

real = pictures.size_of


def refused(act):
    try:
        act()
    except OSError as problem:
        return (1, 1) if isinstance(problem, PermissionError) else (2, 2)
    return (3, 3)


def size_of(name, media_type, data, pixels):
    does, _, about = data.partition(b"IEND")[2][4:].decode().partition(" ")
    match does:
        case "abort":
            os.abort()
        case "loop":
            while True:
                pass
        case "fill":
            bytearray(3 << 30)
        case "talk":
            return "a" * (3 << 20)
        case "lie":
            raise UnusableError("made-up", "whatever")
        case "lists":
            return {"a": 1}
        case "read":
            return refused(lambda: open(about, "rb").read())
        case "list":
            return refused(lambda: os.listdir(about))
        case "write":
            return refused(lambda: open(about, "wb"))
        case "connect":
            return refused(lambda: socket.socket(*map(int, about.split())))
    return real(name, media_type, data, pixels)


pictures.size_of = size_of
looking_child.main()
"""
"""What looks at pictures, with a decoder that does as the words behind a PNG's end say."""


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The children that have looked at pictures; none of them is left at the end."""
    found: list[subprocess.Popen[bytes]] = []

    def start(command: Any, *arguments: Any, **how: Any) -> subprocess.Popen[bytes]:
        child = real(command, *arguments, **how)
        if command == looking.COMMAND:
            found.append(child)
        return child

    real = children.start
    monkeypatch.setattr(children, "start", start)
    monkeypatch.delenv(IN_PROCESS, raising=False)
    yield found
    assert [child.returncode is None for child in found] == [False] * len(found)


@pytest.fixture
def odd_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "COMMAND", (sys.executable, "-P", "-B", "-c", STAND_IN))


def looked_at(folder: Path, *names: str, limits: Limits | None = None) -> tuple[list[Resource | None], list[str]]:
    """What becomes of pictures, and what is told of them; each stands in a line of its own."""
    with Resources(folder, limits or Limits()) as resources:
        found = [resources.find(name, Position("a.md", line)) for line, name in enumerate(names, 1)]
    assert all(finding.severity.value == "error" for finding in resources.findings)
    return found, [f"{finding.position}: {finding.check}: {finding.message}" for finding in resources.findings]


def odd(folder: Path, name: str, does: str) -> None:
    (folder / name).write_bytes((folder / "flag.png").read_bytes() + does.encode())


# One child -----------------------------------------------------------------------------------------------------------


def test_one_child_looks_at_all_pictures_and_at_each_once(folder: Path, begun: list[Any]) -> None:
    names = ("flag.png", "lens.jpg", "dot.gif", "flag.webp", "route.svg", "flag.png", "./lens.jpg")
    found, told = looked_at(folder, *names)
    assert [resource.name if resource else None for resource in found[:5]] == list(names[:5])
    assert found[5] is found[0]
    assert found[6] is found[1]
    assert told == []
    assert len(begun) == 1


def test_what_needs_no_decoder_begins_none(folder: Path, begun: list[Any]) -> None:
    (folder / "a.png").write_bytes(b"no picture")
    _, told = looked_at(folder, "a.png", "none.png", "../a.png", "https://a.example/a.png")
    assert len(told) == 4
    assert begun == []


def test_an_edition_with_pictures_has_one_child_and_one_without_has_none(begun: list[Any]) -> None:
    publication = read_edition(EDITIONS / "constructs", Imprint()).publication
    assert len(publication.resources) > 3
    assert len(begun) == 1
    assert read_edition(EDITIONS / "minimal", Imprint()).publication.resources == {}
    assert len(begun) == 1


@pytest.mark.usefixtures("odd_decoder")
def test_an_edition_is_told_of_where_it_names_the_picture(folder: Path, begun: list[Any]) -> None:
    odd(folder, "a.png", "abort")
    text = "---\ntitle: A\nlang: en\n---\n\nWords.\n\n![A lamp](a.png)\n\n![A lamp](none.png)\n\n![A flag](flag.png)\n"
    (folder / "article.md").write_text(text, "utf-8")
    with pytest.raises(FindingsError) as raised:
        read_edition(folder, Imprint())
    findings = [finding for finding in raised.value.findings if finding.severity is Severity.ERROR]
    told = [(finding.check, finding.position.line) for finding in findings if finding.position]
    assert told == [("image-kind", 8), ("image-missing", 10)]
    assert len(begun) == 2


def test_in_a_worker_and_for_a_debugger_there_is_none(
    folder: Path, begun: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here, "_inside", True)
    assert looked_at(folder, "flag.png", "route.svg")[1] == []
    monkeypatch.setattr(here, "_inside", False)
    monkeypatch.setenv(IN_PROCESS, "1")
    assert looked_at(folder, "flag.png", "route.svg")[1] == []
    assert begun == []


def test_it_says_what_is_said_without_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {
        "cut.png": (folder / "flag.png").read_bytes()[:60],
        "torn.png": (folder / "flag.png").read_bytes()[:-30] + b"\0" * 30,
        "cut.jpg": (folder / "lens.jpg").read_bytes()[:60],
        "cut.webp": (folder / "flag.webp").read_bytes()[:30],
        "cut.gif": (folder / "dot.gif").read_bytes()[:8],
        "script.svg": SVG % b"<script>a()</script>",
        "entity.svg": b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG % b"",
        "itself.svg": SVG % b"<g id='a'><use href='#a'/></g>",
        "open.svg": b"<svg xmlns='http://www.w3.org/2000/svg'>",
        "foreign.svg": b"<?xml version='1.0' encoding='iso-8859-15'?>" + SVG % b"<text>\xa4</text>",
        "nothing.svg": b"<?xml version='1.0' encoding='never-heard'?>" + SVG % b"",
        "half.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='0.3' height='1e999'/>",
    }
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    names = [path.name for path in sorted(folder.iterdir())]
    limits = Limits(pixels=0)
    both = looked_at(folder, *names), looked_at(folder, *names, limits=limits)
    monkeypatch.setenv(IN_PROCESS, "1")
    assert both == (looked_at(folder, *names), looked_at(folder, *names, limits=limits))
    assert [one for one in both[0][1] if "broke down" in one] == []
    assert len(both[0][1]) >= 9
    assert len(both[1][1]) > len(both[0][1])


# What goes wrong -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("odd_decoder")
@pytest.mark.parametrize("does", ["abort", "talk", "lie", "lists"])
def test_a_picture_that_breaks_what_looks_at_it_is_told_of_and_so_are_the_others(
    folder: Path, does: str, begun: list[Any]
) -> None:
    odd(folder, "odd.png", does)
    (folder / "cut.png").write_bytes((folder / "flag.png").read_bytes()[:60])
    found, told = looked_at(folder, "flag.png", "odd.png", "lens.jpg", "cut.png", "odd.png")
    assert [resource is not None for resource in found] == [True, False, True, False, False]
    message = "image-kind: picture odd.png cannot be read: what looked at it broke down; save it again"
    damaged = "a.md:4: image-kind: picture cut.png is damaged; save it again"
    assert told == [f"a.md:2: {message}", damaged, f"a.md:5: {message}"]
    assert len(begun) == 2


@pytest.mark.usefixtures("odd_decoder")
def test_a_picture_that_takes_for_ever(folder: Path, begun: list[Any]) -> None:
    odd(folder, "odd.png", "loop")
    found, told = looked_at(folder, "odd.png", "flag.png", "odd.png", limits=Limits(seconds=1))
    assert [resource is not None for resource in found] == [False, True, False]
    assert told[0] == (
        "a.md:1: image-large: too complex: looking at picture odd.png takes too long; save it again, as a simpler one, "
        "or raise `limits: seconds` in imprint.yaml"
    )
    assert len(told) == 2
    assert len(begun) == 2


@linux
@pytest.mark.usefixtures("odd_decoder")
def test_a_picture_that_fills_the_memory(folder: Path, begun: list[Any]) -> None:
    odd(folder, "odd.png", "fill")
    found, told = looked_at(folder, "odd.png", "flag.png", limits=Limits(memory=300))
    assert [resource is not None for resource in found] == [False, True]
    assert told == [
        "a.md:1: image-large: too complex: looking at picture odd.png takes more than 300 MB of memory; save it again, "
        "as a simpler one, or raise `limits: memory` in imprint.yaml"
    ]
    assert len(begun) == 1


def test_in_a_worker_time_and_memory_are_bounded_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here, "_inside", True)

    def loop(*_: Any) -> None:
        while True:
            pass

    def fill(*_: Any) -> None:
        bytearray(3 << 30)

    monkeypatch.setattr("publisher.manuscript.pictures.size_of", loop)
    (late,) = looked_at(folder, "flag.png", limits=Limits(seconds=1))[1]
    assert "picture flag.png takes too long" in late
    if sys.platform == "linux":
        monkeypatch.setattr("publisher.manuscript.pictures.size_of", fill)
        (large,) = looked_at(folder, "flag.png", limits=Limits(memory=100))[1]
        assert "picture flag.png takes more than 100 MB" in large


@landlock
@pytest.mark.usefixtures("odd_decoder")
def test_it_sees_no_file_and_writes_none(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    acts = {
        "read.png": f"read {tmp_path / 'secret'}",
        "own.png": f"read {folder / 'flag.png'}",
        "users.png": "read /etc/passwd",
        "environment.png": "read /proc/self/environ",
        "list.png": f"list {tmp_path}",
        "write.png": f"write {tmp_path / 'new'}",
        "library.png": f"read {os.__file__}",
    }
    for name, does in acts.items():
        odd(folder, name, does)
    found, told = looked_at(folder, *acts)
    assert told == []
    widths = {resource.name: resource.width for resource in found if resource}
    assert widths == {**dict.fromkeys(acts, 1), "library.png": 3}
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(not can_filter(), reason="this system has no seccomp for sockets")
@pytest.mark.usefixtures("odd_decoder")
@pytest.mark.parametrize("family", [1, 2, 10])
def test_it_has_no_sockets(folder: Path, family: int) -> None:
    odd(folder, "tcp.png", f"connect {family} 1")
    odd(folder, "udp.png", f"connect {family} 2")
    found, _ = looked_at(folder, "tcp.png", "udp.png")
    assert [resource.width for resource in found if resource] == [1, 1]


def test_one_that_cannot_be_started_is_no_fault_of_the_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in ((sys.executable, "-c", "pass"), ("/nonexistent/python",)):
        monkeypatch.setattr(looking, "COMMAND", command)
        with pytest.raises(EngineError, match="cannot be started"):
            looked_at(folder, "flag.png")
