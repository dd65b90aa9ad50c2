"""pandoc is called in one place, within limits, and its failures are told."""

from __future__ import annotations

import re
import resource
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from publisher.manuscript import nesting, pandoc
from publisher.model.findings import EngineError, InputError
from publisher.model.limits import Limits
from publisher.model.source import Position

ROOT = Path(__file__).parents[2] / "publisher"


def test_only_one_module_calls_pandoc() -> None:
    callers = [
        path.name
        for path in ROOT.rglob("*.py")
        if re.search(r"^\s*(?:import|from) pypandoc", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert callers == ["pandoc.py"]


def test_text_becomes_blocks_and_warnings_know_their_line() -> None:
    blocks, notices = pandoc.read_ast("One.\n\n::: a\nTwo.\n")
    assert [block["t"] for block in blocks] == ["Para", "Div"]
    assert [notice.line for notice in notices] == [3]


@pytest.mark.parametrize("reader", ["docx", "nonsense", "markdown+nonsense", "gfm+raw_everything", "markdown; ls", ""])
def test_readers_and_extensions_that_are_not_known_are_refused(reader: str) -> None:
    with pytest.raises(InputError):
        pandoc.read_ast("One.", reader)


@pytest.mark.parametrize("reader", ["markdown", "markdown+raw_tex+raw_attribute+yaml_metadata_block", "gfm"])
def test_what_the_dialect_refuses_stays_off(reader: str) -> None:
    name = pandoc.reader_format(reader)
    switched = re.findall(r"([+-])(raw_tex|raw_attribute|yaml_metadata_block)", name)
    assert {sign for sign, _ in switched} == {"-"}
    assert len(switched) >= 1


def test_a_call_that_takes_too_long_ends() -> None:
    told = r"^a\.md:4: error: pandoc: too complex: not done after 1 seconds; .* or raise `limits: seconds` in imprint"
    with pytest.raises(EngineError, match=told):
        pandoc.read_ast("[a " * 60, position=Position("a.md", 4), limits=Limits(seconds=2))


def test_a_call_that_needs_too_much_memory_ends() -> None:
    with pytest.raises(
        EngineError, match=r"too complex: needs more than 64 MB of memory; .* `limits: memory` in imprint"
    ):
        pandoc.read_ast("word *word* " * 200_000, limits=Limits(memory=64))


def test_a_call_that_answers_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "OUTPUT_LIMIT", 1024 * 1024)
    with pytest.raises(EngineError, match="too complex: the text comes to over 1 MB; split it"):
        pandoc.read_ast("*a* " * 30_000)


def test_pandocs_own_errors_are_told() -> None:
    with pytest.raises(EngineError, match="pandoc"):
        pandoc.run_pandoc(["-f", "json", "-t", "html"], b"not JSON")


def test_a_place_that_pandoc_names_is_told_as_one_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EngineError("pandoc", 'Error at "source" (line 9, column 4): unexpected end')

    monkeypatch.setattr(pandoc, "run_pandoc", fail)
    with pytest.raises(EngineError) as caught:
        pandoc.read_ast("x", position=Position("a.md", 5))
    assert str(caught.value).startswith("a.md:13:4: error: pandoc: ")


def test_a_program_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "_program", lambda: "/nowhere/pandoc")
    with pytest.raises(EngineError, match="cannot be started"):
        pandoc.run_pandoc(["--version"])


# What would hang it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" * 9 + "a" + "]" * 9, "a.md:5:19"),
        ("One.\n\nTwo " + "[a " * 13, "a.md:7:41"),
        ("- item\n    - item [" + "[" * 12, "a.md:6:24"),
    ],
)
def test_too_many_brackets_are_refused_at_the_one_too_many(text: str, place: str) -> None:
    with pytest.raises(InputError, match="too complex") as caught:
        nesting.check_nesting(text, "a.md", 5)
    assert str(caught.value.position) == place


@pytest.mark.parametrize(
    "text",
    [
        "[" * 8 + "a" + "]" * 8,
        "[a](b) " * 500,
        "- [ ] a\n" * 500,
        "`" + "[" * 30 + "`",
        "```\n" + "[" * 30 + "\n```",
        "Text.\n\n    " + "[" * 30 + "\n",
        "\\[" * 30,
        "$[[[[[[[[[[[[[[$",
    ],
)
def test_what_pandoc_reads_quickly_is_let_through(text: str) -> None:
    nesting.check_nesting(text, "a.md")
    pandoc.read_ast(text)


@pytest.mark.parametrize(
    "deep",
    ["> " * 200 + "Too deep here.", "".join(f"{'    ' * n}- a\n" for n in range(70)), "::: a\n" * 80 + "Words.\n"],
)
def test_markup_nested_too_deep_is_refused_at_its_block(deep: str) -> None:
    text = f"One.\n\n{deep}\n"
    blocks, _ = pandoc.read_ast(text)
    with pytest.raises(InputError, match=r"^a\.md:\d+: error: too complex: markup nested over 50 deep") as caught:
        nesting.check_depth(blocks, text, "a.md", 10)
    assert caught.value.position is not None
    assert caught.value.position.line >= 12


def test_markup_nested_beyond_all_measure_is_refused() -> None:
    with pytest.raises((InputError, EngineError), match="too complex"):
        blocks, _ = pandoc.read_ast("> " * 3000 + "deep")
        nesting.check_depth(blocks, "", "a.md")


def test_the_users_own_pandoc_data_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pandoc").mkdir()
    (tmp_path / "pandoc" / "abbreviations").write_text("lamp.\n")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    blocks, _ = pandoc.read_ast("The lamp. Mr. Fenwick.")
    assert [part["c"] for part in blocks[0]["c"] if part["t"] == "Str"] == ["The", "lamp.", "Mr.\u00a0Fenwick."]


def test_the_few_tags_of_csl_become_markup_and_apostrophes_are_curved() -> None:
    title = "The keeper's <i>log</i> of H<sub>2</sub>O"
    _, ((key, entry),) = pandoc.render_citations([], [{"id": "a", "type": "webpage", "title": title}], "en")
    assert key == "a"
    kinds = str(entry)
    assert "’" in kinds
    assert "Emph" in kinds
    assert "Subscript" in kinds
    assert "<" not in kinds


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_a_call_has_limits_of_its_own_and_can_write_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    set_limits: dict[int, tuple[int, int]] = {}
    real = resource.prlimit

    def recording(process: int, kind: int, limit: tuple[int, int]) -> tuple[int, int]:
        set_limits[kind] = limit
        return real(process, kind, limit)

    pandoc.reader_format("markdown")  # what is asked once is asked before
    monkeypatch.setattr(resource, "prlimit", recording)
    output, _ = pandoc.run_pandoc(["-f", "markdown", "-t", "html"], b"*one*", time_limit=20)
    assert output.strip() == b"<p><em>one</em></p>"
    assert set_limits == {
        resource.RLIMIT_CPU: (25, 25),
        resource.RLIMIT_DATA: (1 << 30, 1 << 30),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_NOFILE: (256, 256),
    }


def test_a_word_document_comes_of_blocks_and_no_file_is_opened_for_it(tmp_path: Path) -> None:
    picture = tmp_path / "secret.png"
    picture.write_bytes(b"\x89PNG secret")
    image = {"t": "Image", "c": [["", [], []], [], [str(picture), ""]]}
    package = pandoc.docx_of([{"t": "Para", "c": [{"t": "Str", "c": "Words"}, image]}])
    with zipfile.ZipFile(BytesIO(package)) as archive:
        assert b"Words" in archive.read("word/document.xml")
        assert not any(b"secret" in archive.read(name) for name in archive.namelist())


def test_blocks_that_are_none_are_told() -> None:
    with pytest.raises(EngineError, match="pandoc"):
        pandoc.docx_of([{"t": "Nonsense", "c": []}])
