"""Texts as people have them, in six languages and five kinds of files: imported, built and verified without an edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from publisher import cli
from publisher.manuscript.pandoc import run_pandoc

TEXTS = Path(__file__).parent / "fixtures" / "importing" / "languages"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)

ORIGINALS = {
    "en": "en.html",
    "en-word": "word.htm",
    "fr": "fr.docx",
    "de": "de.odt",
    "cy": "cy.txt",
    "ar": "ar.docx",
    "zh": "zh.epub",
}
"""What is imported. Those of which only the Markdown is kept here are written by pandoc, which is not ours."""


def original(name: str, folder: Path) -> Path:
    """The file to import: a fixture, or one that pandoc makes of the fixture in Markdown."""
    kept = TEXTS / name
    if kept.exists():
        return kept
    source = TEXTS / f"{Path(name).stem}.md"
    made = folder / name
    for picture in ("pont", "kahn", "ibriq", "hu"):
        (folder / f"{picture}.png").write_bytes(PIXEL)
    arguments = ["-s", "-f", "markdown", "-t", made.suffix[1:], "-o", str(made)]
    run_pandoc(arguments, source.read_bytes(), sandbox=False, cwd=str(folder))
    return made


def run(root: Path, *arguments: str) -> int:
    return cli.main([arguments[0], "--source", str(root / "source"), *arguments[1:]])


def report(root: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((root / "build" / name / "report.json").read_text(encoding="utf-8"))
    return loaded


STILL_TO_WRITE = "plain-language counterparts (`::: plain` after each paragraph) and your notes in commentary.md."
ALTERNATIVE = "the alternative of 1 picture (article.md line 34), "


def import_text(name: str, root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Import a text and do what the import says must be done: describe a picture whose file has no words for it."""
    (root / "source").mkdir()
    assert run(root, "import", str(original(ORIGINALS[name], root)), name) == 0
    told = capfd.readouterr()
    advice = told.out.splitlines()[-1]
    if name == "de":
        # pandoc writes no alternatives into ODT.
        assert "images/0.png has no alternative" in told.err
        assert advice == f"Still to write: {ALTERNATIVE}{STILL_TO_WRITE}"
        article = root / "source" / name / "article.md"
        text = article.read_text(encoding="utf-8")
        edited = text.replace("(images/0.png)", '(images/0.png){alt="Ein Kahn im Eis."}')
        assert edited.count("Ein Kahn") == text.count("Ein Kahn") + 1
        article.write_text(edited, encoding="utf-8")
        return
    assert "warning" not in told.err
    assert advice == f"Still to write: {STILL_TO_WRITE}"


@pytest.mark.parametrize("name", ORIGINALS)
def test_an_imported_text_is_built_and_verified_without_a_finding(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    import_text(name, tmp_path, capfd)
    out = ("--out", str(tmp_path / "build"))
    assert run(tmp_path, "build", name, *out) == 0
    assert "warning" not in capfd.readouterr().err
    assert run(tmp_path, "verify", name, *out) == 0
    verified = report(tmp_path, name)
    assert verified["verdict"] == "consistent"
    assert {finding["severity"] for finding in verified["findings"]} <= {"info"}
