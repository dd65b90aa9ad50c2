from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.cli import main
from publisher.messages import annotation, excerpt, tell
from publisher.model.findings import Finding, Severity
from publisher.model.source import Position


def shown(position: Position, *lines: str) -> list[str]:
    def there(_: str) -> Sequence[str]:
        return lines

    return list(excerpt(position, there))


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def test_the_mark_stands_under_the_column() -> None:
    assert shown(Position("a.md", 2, 5), "one", "two three") == ["    2 | two three", "      |     ^"]


def test_wide_signs_and_combining_ones_move_the_mark_as_a_terminal_shows_them() -> None:
    assert shown(Position("a.md", 1, 3), "渡口的灯")[1] == "      |     ^"
    assert shown(Position("a.md", 1, 6), "cafe\u0301s")[1] == "      |     ^"


def test_a_line_without_a_column_is_shown_without_a_mark() -> None:
    assert shown(Position("a.md", 1), "one") == ["    1 | one"]


def test_a_place_that_is_not_there_is_passed_over() -> None:
    assert shown(Position("a.md", 9, 1), "one") == []
    assert list(excerpt(None, lambda _: ())) == []


def test_a_long_line_is_cut_around_the_column() -> None:
    line = "".join(f"word{number} " for number in range(100))
    text, mark = shown(Position("a.md", 1, line.index("word77") + 1), line)
    assert len(text) <= 100
    assert text[mark.index("^") :].startswith("word77")
    assert text.endswith("…")


def test_what_commands_a_terminal_is_not_passed_on() -> None:
    text = shown(Position("a.md", 1, 3), "a\x1b[2J\u202eb\tc")[0]
    assert text == "    1 | a\ufffd[2J\ufffdb c"


@given(st.text(max_size=300), st.integers(1, 310))
def test_any_line_and_column_make_two_lines_that_fit(line: str, column: int) -> None:
    text, mark = shown(Position("a.md", 1, column), line)
    assert "\n" not in text
    assert "\x1b" not in text
    assert mark.endswith("^")


def test_an_annotation_escapes_what_would_end_it() -> None:
    finding = Finding("plain-lost", Severity.WARNING, "100 %, a:b\nc", Position("source/a:b,c/article.md", 7, 3))
    assert annotation(finding) == (
        "::warning title=plain-lost,file=source/a%3Ab%2Cc/article.md,line=7,col=3::100 %25, a:b%0Ac"
    )


def test_an_annotation_without_a_place_in_the_source_says_where_it_is() -> None:
    finding = Finding("unit-missing", Severity.ERROR, "gone", where="epub albania-2")
    assert annotation(finding) == "::error title=unit-missing::epub albania-2: gone"


def test_findings_are_told_with_excerpts_on_a_terminal_and_in_lines_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.md"
    file.write_text("one\ntwo three\n")
    finding = Finding("x", Severity.ERROR, "wrong; mend it", Position(str(file), 2, 5))
    tell([finding])
    assert capsys.readouterr().err == f"{file}:2:5: error: wrong; mend it\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tell([finding])
    assert capsys.readouterr().err.splitlines() == [
        f"{file}:2:5: error: wrong; mend it",
        "    2 | two three",
        "      |     ^",
    ]


def test_how_to_look_a_check_up_stands_below_the_first_of_its_findings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = Finding("link-vague", Severity.WARNING, "here")
    pdf = Finding("pdfua-13-004", Severity.ERROR, "a figure")
    tell([one, one, pdf], "excerpts")
    assert capsys.readouterr().err.splitlines() == [
        "warning: here",
        "      = publisher explain link-vague",
        "warning: here",
        "error: a figure",
        "      = publisher explain pdfua-13-004",
    ]
    tell([one], "lines")
    assert capsys.readouterr().err == "warning: here\n"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    folder = tmp_path / "source" / "wrong"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text('---\ntitle: A title\n---\n\nWords. ![](missing.png){alt="a"}\n')
    return folder


@pytest.mark.parametrize("command", [["check", "--format"], ["build", "--messages"]])
def test_commands_annotate_for_github(wrong: Path, capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    name, option = command
    assert main([name, str(wrong), option, "github"]) == 1
    out = capsys.readouterr().out
    assert "::error title=" in out
    assert ",line=5" in out


def test_an_excerpt_of_a_file_in_latin_1_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"caf\xe9\n")
    finding = Finding("x", Severity.ERROR, "wrong", Position(str(file), 1, 1))
    tell([finding], "excerpts")
    assert capsys.readouterr().err == f"{finding}\n"
