"""What the preview knows, and what pages are told of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from publisher.model.findings import EngineError, Finding, FindingsError, InputError, Severity
from publisher.model.source import Position
from publisher.preview.board import (
    CATALOGUE,
    Board,
    Excerpt,
    Status,
    Told,
    counted,
    excerpt,
    source_lines,
    told_of,
    told_of_error,
)
from publisher.preview.panel import view_of
from publisher.rendering.templates import Templates

ERROR = Told(Severity.ERROR, "wrong", "a.md:3:4")
WARNING = Told(Severity.WARNING, "odd", "a.md:3")
REMARK = Told(Severity.INFO, "so so")


def test_who_waits_hears_of_a_change_and_of_the_end() -> None:
    board = Board()
    board.put(Status("bridge"))
    serial = board.wait(-2, 0)
    assert board.wait(serial, 0) == serial
    heard: list[int] = []
    waiting = threading.Thread(target=lambda: heard.append(board.wait(serial, 60)))
    waiting.start()
    board.doing("bridge", "making a draft")
    waiting.join(30)
    assert heard == [serial + 1]
    waiting = threading.Thread(target=lambda: heard.append(board.wait(serial + 1, 60)))
    waiting.start()
    board.close()
    waiting.join(30)
    assert heard == [serial + 1, -1]


def test_what_is_no_change_is_not_told() -> None:
    board = Board()
    board.put(Status("bridge", version="x"))
    serial = board.wait(-2, 0)
    board.put(Status("bridge", version="x"))
    board.doing("bridge", "")
    board.doing("none", "x")
    board.keep(["bridge"])
    assert board.wait(serial, 0) == serial
    board.keep([])
    assert board.status("bridge") is None
    assert board.wait(serial, 0) == serial + 1


def test_findings_stand_in_the_order_of_their_weight_with_the_source(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one\ntwo <b>\n", encoding="utf-8")
    findings = [
        Finding("a-b", Severity.INFO, "third", where="audio x"),
        Finding("a-b", Severity.WARNING, "second", Position(str(path), 9)),
        Finding("a-b", Severity.ERROR, "first", Position(str(path), 2, 5)),
        Finding("a-b", Severity.ERROR, "first", Position(str(path), 2, 5)),
    ]
    told = told_of(findings, source_lines())
    assert [one.message for one in told] == ["first", "second", "third"]
    assert told[0].place == f"{path}:2:5"
    assert told[0].excerpt == Excerpt(2, "two ", "<", "b>")
    assert told[1].excerpt is None
    assert told[2].place == "audio x"


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("one two three", 5, Excerpt(1, "one ", "two", " three")),
        ("one two three", None, Excerpt(1, "one two three")),
        ("one", 4, Excerpt(1, "one", "", "")),
        ("", 1, Excerpt(1, "")),
        ("one two", 1, Excerpt(1, "one two")),
        ("a\u202eb", None, Excerpt(1, "a\ufffdb")),
        ("x" * 500, None, Excerpt(1, "x" * 400 + "…")),
        (f"{'x ' * 50}word {'y ' * 300}", 101, Excerpt(1, "…" + "x " * 30, "word", " " + "y " * 199 + "y…")),
    ],
)
def test_the_line_of_a_finding(line: str, column: int | None, shown: Excerpt) -> None:
    assert excerpt(Position("a.md", 1, column), lambda _: [line]) == shown
    assert excerpt(Position("a.md", 2, column), lambda _: [line]) is None


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (FindingsError([Finding("a-b", Severity.ERROR, "wrong", Position("a.md", 3, 4))]), ERROR),
        (InputError("not there; make it", Position("a.md", 1)), Told(Severity.ERROR, "not there; make it", "a.md:1")),
        (EngineError("pandoc", "hung"), Told(Severity.ERROR, "pandoc: hung")),
        (OSError(28, "No space left on device", "/x"), Told(Severity.ERROR, "No space left on device", "/x")),
        (
            ValueError("odd\n thing"),
            Told(Severity.ERROR, "a fault of publisher's own, ValueError: odd thing; please report it"),
        ),
    ],
)
def test_whatever_fails_is_told(problem: Exception, told: Told) -> None:
    assert told_of_error(problem, lambda _: ()) == (told,)


def test_findings_are_counted_in_words() -> None:
    assert counted([]) == ""
    assert counted([REMARK, ERROR, WARNING, ERROR]) == "2 errors, 1 warning, 1 remark"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status("x", version="v"), "up to date"),
        (Status("x", version="v", doing="making a draft"), "making a draft"),
        (Status("x", version="v", findings=(WARNING,)), "up to date; 1 warning"),
        (
            Status("x", version="v", failed=True, findings=(ERROR,)),
            "no new draft can be made, this page is the last good one; 1 error",
        ),
        (Status("x", failed=True, findings=(ERROR,)), "no draft can be made; 1 error"),
        (Status("x", version="v", stale=("audio",)), "up to date; older than the text: audio"),
        (Status("x", version="v", stale=("audio",), doing="encoding in the background"), "encoding in the background"),
    ],
)
def test_what_is_said_of_an_edition(status: Status, said: str) -> None:
    board = Board()
    board.put(status)
    view = view_of(board, "x", Templates())
    assert view.said == said
    assert view.grave == (ERROR in status.findings)
    assert ("Error" in view.panel) == view.grave


def test_the_catalogue_tells_of_those_that_need_it() -> None:
    board = Board()
    board.put(Status("good", version="v"))
    assert view_of(board, CATALOGUE, Templates()).said == "up to date"
    board.put(Status("bad", failed=True, findings=(ERROR, WARNING)))
    board.put(Status("busy", version="v", doing="making a draft"))
    view = view_of(board, CATALOGUE, Templates())
    assert view.said == "bad: no draft can be made, 1 error, 1 warning; busy: making a draft"
    assert "<h3>bad</h3>" in view.panel
    assert "good" not in view.panel


def test_the_digest_is_that_of_the_findings() -> None:
    board = Board()
    board.put(Status("x", findings=(WARNING,)))
    first = view_of(board, "x", Templates()).digest
    board.put(Status("x", version="v2", findings=(WARNING,)))
    assert view_of(board, "x", Templates()).digest == first
    board.put(Status("x", version="v2", findings=(ERROR,)))
    assert view_of(board, "x", Templates()).digest != first
