"""EPUBCheck and Ace by DAISY report nothing about any EPUB, of any severity, when `verify --conformance` asks them.

https://www.w3.org/publishing/epubcheck/, https://daisy.github.io/ace/. Ace catches what EPUBCheck passes.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from built_editions import EDITIONS, Built
from validators import SET_UP

from publisher.model.artefacts import Artefact
from publisher.model.source import Position
from publisher.verification.conformance import Examined, examine
from publisher.verification.conformance_process import Missing
from publisher.verification.conformance_tools import TOOLS

EPUBS = [f"{name}{kind}.epub" for name in EDITIONS for kind in ("", "-read-aloud")]
JUDGES = [tool for tool in TOOLS if tool.name in ("EPUBCheck", "Ace")]


def examined(path: Path, positions: dict[str, Position] | None = None) -> Examined:
    for tool in JUDGES:
        found = tool.find()
        if isinstance(found, Missing):
            pytest.fail(f"{found.why}; {SET_UP}", pytrace=False)
    return examine(Artefact(path.name, "application/epub+zip", "epub", ""), path, positions or {}, JUDGES)


@pytest.mark.parametrize("epub", EPUBS)
def test_epubcheck_and_ace_report_nothing(built: Built, epub: str) -> None:
    name = epub.removesuffix(".epub").removesuffix("-read-aloud")
    told = examined(built(name) / epub)
    assert [one.finding.message for one in told.discrepancies] == []
    assert [(one.tool, one.verdict) for one in told.examinations] == [("EPUBCheck", "passed"), ("Ace", "passed")]


def test_they_are_not_deaf_and_what_they_say_is_traced(built: Built, tmp_path: Path) -> None:
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(built("minimal") / "minimal.epub") as whole, zipfile.ZipFile(broken, "w") as container:
        for entry in whole.infolist():
            data = whole.read(entry)
            if entry.filename.endswith("article.xhtml"):
                picture = b'<p id="end"><img id="end-1" src="images/cover.png"/></p><p id="end">.</p>'
                data = data.replace(b"</body>", picture + b"</body>")
            container.writestr(entry, data)
    positions = {"end": Position("article.md", 9), "end-1": Position("article.md", 9, 4)}
    found = [one.finding for one in examined(broken, positions).discrepancies]
    assert {finding.check for finding in found} == {"conformance-epubcheck", "conformance-ace"}
    by_rule = {finding.message.split(", ")[1].split(":")[0]: finding for finding in found}
    assert str(by_rule["image-alt"].position) == "article.md:9:4"
    assert by_rule["RSC-005"].position is not None
    assert by_rule["RSC-005"].position.path == "article.md"
