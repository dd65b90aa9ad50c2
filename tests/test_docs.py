"""The documentation runs: each page's commands, in order, in an empty folder.

A page's ```console blocks are run by bash, a block a shell; lines that begin with `$ ` are commands, those after them
with `> ` go on, all others are output and not compared. A comment `<!-- file: PATH -->` before a fenced block has the
block written to that file when its turn comes; `<!-- docx: PATH: STYLE, STYLE … -->` has it written as a Word file,
each line a paragraph in its style, as the reader is told to.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "decisions" not in page.parts)
BLOCK = re.compile(
    r"(?:^<!-- (?:file: (?P<file>\S+)|docx: (?P<docx>\S+): (?P<styles>[^\n]+?)) -->\n)?"
    r"^(?P<fence>`{3,})(?P<language>\w*)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")

pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="the commands are for bash")


def steps(page: Path) -> Iterator[tuple[str, str]]:
    """What a page has the reader do, in order: ("a file's path", "its text") or ("", "commands").

    The text of a Word file has the style of each line before it, and a tab.
    """
    for block in BLOCK.finditer(page.read_text("utf-8")):
        if block["file"]:
            yield block["file"], block["body"]
        elif block["docx"]:
            lines = zip(block["styles"].split(", "), block["body"].splitlines(), strict=True)
            yield block["docx"], "\n".join("\t".join(line) for line in lines)
        elif block["language"] == "console":
            lines = re.findall(r"^[$>] (.*)$", block["body"], re.MULTILINE)
            yield "", "\n".join(lines)


def write_docx(path: Path, text: str) -> None:
    """A Word file as the reader makes it by hand."""
    document = docx.Document()
    for line in text.split("\n"):
        style, words = line.split("\t")
        document.add_paragraph(words, style)
    document.save(str(path))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path, cache: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PUBLISHER_CACHE": str(cache),
    }
    for file, text in steps(page):
        if file:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".docx":
                write_docx(path, text)
            else:
                path.write_text(text, "utf-8")
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"`[^`\n]+`", "", BLOCK.sub("", page.read_text("utf-8")))
    missing = [link for link in LINK.findall(prose) if not (page.parent / link).exists()]
    assert missing == []


def test_a_page_has_commands_to_run() -> None:
    assert sum(1 for page in PAGES for file, _ in steps(page) if not file) > 10


def test_every_check_of_the_code_is_documented() -> None:
    documented = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", (DOCS / "reference" / "findings.md").read_text("utf-8")))
    source = DOCS.parent / "publisher"
    used: set[str] = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in CALLS:
                check = node.args[0]
                if isinstance(check, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(check.value)):
                    used.add(str(check.value))
    assert used - documented == set()
    assert len(used) > 60


CALLS = {
    "of_unit",
    "of_note",
    "of_id",
    "of_metadata",
    "Finding",
    "finding",
    "report",
    "error",
    "warning",
    "_refuse",
    "_UnusableError",
    "Remark",
    "refusal",
}
"""Functions whose first argument is a check's id."""


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
