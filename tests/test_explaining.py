"""`publisher explain`: every check has its entry, the examples show what they claim, the reference is the same data."""

from __future__ import annotations

import ast
import json
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.cli import main
from publisher.explaining import Entry, can_explain, conditions, explain, groups, known_checks
from publisher.manuscript.severities import SEVERITIES
from publisher.model.findings import InputError

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "tests" / "editions" / "constructs" / "pictures"

ENTRIES = [entry for group in groups() for entry in group.entries]
RUN = [entry for entry in ENTRIES if entry.example.run]

ARTICLE = "The lamp uses 40 watts.\n"
FRONT = {
    "article.md": "---\ntitle: The harbour light\nlang: en\n---\n\n",
    "commentary.md": "---\neditors:\n  desk: The editorial desk\n---\n\n",
}


def checks(folder: Path, capsys: pytest.CaptureFixture[str]) -> set[str]:
    capsys.readouterr()
    main(["check", str(folder), "--json"])
    return {finding["check"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def write(folder: Path, entry: Entry, text: str) -> None:
    """An edition that holds an example, and what it needs around it."""
    folder.mkdir(parents=True)
    example = entry.example
    for name in ("pier.jpg", "cover.jpg"):
        shutil.copy(PICTURES / "cover.jpg", folder / name)
    (folder / "pier.tiff").write_bytes(b"II*\0")
    files = {"article.md": example.article or ARTICLE, example.file: text}
    for name, held in files.items():
        front = "" if held.startswith("---\n") else FRONT.get(name, "")
        (folder / name).write_text(f"{front}{held}\n", encoding="utf-8")


@pytest.mark.parametrize("entry", RUN, ids=lambda entry: entry.ids[0])
def test_an_example_shows_the_check_and_its_cure(
    entry: Entry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "source" / "before", entry, entry.example.before)
    write(tmp_path / "source" / "after", entry, entry.example.after)
    assert entry.example.shows in checks(tmp_path / "source" / "before", capsys)
    after = checks(tmp_path / "source" / "after", capsys)
    assert not after & set(entry.ids)


def test_what_is_not_run_is_no_plain_matter_of_the_source() -> None:
    """Sound, imports and recordings need more than a text, limits thousands of lines; all else is run."""
    left = {entry.ids[0] for entry in ENTRIES if entry.example.file and not entry.example.run}
    kinds = ("audio-", "cue-", "import-", "mix-", "notes-many", "recording-", "sentence-", "table-large", "word-long")
    assert [id for id in left if not id.startswith(kinds)] == []
    assert len(RUN) > 75


def test_every_entry_says_all_that_is_promised() -> None:
    for entry in (*ENTRIES, *conditions()):
        assert entry.ids
        assert all((entry.means, entry.why, entry.fix, entry.example.before, entry.example.after)), entry.ids
        assert entry.example.before != entry.example.after, entry.ids
        assert entry.example.shows in entry.ids
        assert entry.specifications, entry.ids
        assert entry.severities
        for text in (entry.why, entry.fix):
            assert text[0].isupper() or text[0] in "`“", text
            assert text.endswith((".", "?")), text


def test_what_is_referred_to_is_there() -> None:
    pages = {one.address for entry in ENTRIES for one in entry.specifications if one.address.startswith("docs/")}
    assert pages
    for page in pages:
        path, _, place = page.partition("#")
        assert (ROOT / path).is_file()
        if place:
            titles = re.findall(r"^#+ (.*)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)
            assert place in {title.lower().replace(" ", "-") for title in titles}
    others = {one.address for entry in (*ENTRIES, *conditions()) for one in entry.specifications} - pages
    assert all(address.startswith("https://") for address in others)


def test_an_id_has_one_entry_in_its_group_and_two_at_most() -> None:
    for group in groups():
        ids = [id for entry in group.entries for id in entry.ids]
        assert len(ids) == len(set(ids))
        firsts = [entry.ids[0] for entry in group.entries]
        assert firsts == sorted(firsts), "in the order of the ids"
    assert {id for id in known_checks() if len(explain(id)) > 1} == {"link-target-missing", "note-target"}


def test_severities_are_those_that_the_checks_have() -> None:
    for check, severity in SEVERITIES.items():
        assert severity.value in {word for entry in explain(check) for word in entry.severities}, check


def used() -> Iterator[tuple[str, str]]:
    """Every id of a check that stands in the code: in a call that makes a finding, or among the PDF's conditions."""
    for path in (ROOT / "publisher").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                for argument in node.args[:2]:
                    if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                        continue
                    if name in MAKERS and re.fullmatch(r"[a-z]+(-[a-z]+)+", argument.value):
                        yield argument.value, f"{path.name}:{node.lineno}"
            if path.parent.name == "matterhorn" and path.name != "catalogue.py" and isinstance(node, ast.Constant):
                is_number = isinstance(node.value, str) and re.fullmatch(r"\d\d-\d\d\d", node.value)
                if is_number:
                    yield f"pdfua-{node.value}", f"{path.name}:{node.lineno}"


MAKERS = {"Finding", "_finding", "finding", "report", "error", "warning", "_error", "_refuse", "_lost", "refusal"}
MAKERS |= {"_UnusableError", "Remark", "of_unit", "of_note", "of_id", "of_metadata"}


def test_every_check_of_the_code_is_explained() -> None:
    found = dict(used())
    assert {check: place for check, place in found.items() if not can_explain(check)} == {}
    assert {check: place for check, place in found.items() if check not in known_checks()} == {}
    assert len(found) > 200


def test_the_reference_is_written_from_the_same_data() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "findings.py"))
    assert tool["PAGE"].read_text(encoding="utf-8") == tool["page"](), "run python tools/findings.py"


# The command


def test_one_check_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Anchor-Orphaned"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("anchor-orphaned (error)\n")
    for part in ("\nWhy\n", "\nWhat to do\n", "\nExample in commentary.md\n", "annotation-model/#text-quote-selector"):
        assert part in out
    assert max(map(len, out.split("\n"))) <= 120


def test_all_checks_are_listed_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.split("\n")
    assert [line for line in lines if line and not line.startswith(" ")] == [
        *dict.fromkeys(group.title for group in groups()),
        "PDF/UA",
    ]
    assert {line.strip().partition(":")[0] for line in lines if line.startswith("  ")} == set(known_checks())


def test_json_has_what_the_text_has(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "pdfua-13-004", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["checks"]
    assert one["check"] == "pdfua-13-004"
    assert one["specifications"][0]["name"].endswith("7.3")
    assert main(["explain", "--json"]) == 0
    assert {one["check"] for one in json.loads(capsys.readouterr().out)["checks"]} == set(known_checks())


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("ancor-orphaned", "anchor-orphaned"),
        ("plain-numbers-lost", "plain-number-lost"),
        ("pdfua-13-04", "pdfua-13-004"),
    ],
)
def test_an_unknown_check_is_told_in_one_line_with_the_nearest(
    wrong: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", wrong]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"error: no check {wrong}; did you mean ")
    assert meant in err
    assert err.count("\n") == 1


def test_a_check_like_no_other_is_told_where_to_look() -> None:
    with pytest.raises(InputError, match="`publisher explain` lists all"):
        explain("xyzzy")
