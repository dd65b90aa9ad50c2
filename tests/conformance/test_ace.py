"""Ace by DAISY reports nothing about any EPUB: https://daisy.github.io/ace/. It catches what EPUBCheck passes."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from built_editions import EDITIONS, Built
from validators import browser, module, program

EPUBS = [f"{name}{kind}.epub" for name in EDITIONS for kind in ("", "-read-aloud")]


def remarks(epub: Path, folder: Path) -> list[str]:
    """Everything that Ace asserts against an EPUB, of any impact, as `document rule: reason`."""
    environment = {
        **os.environ,
        "PUPPETEER_EXECUTABLE_PATH": browser(),
        "ACE_TIMEOUT_INITIAL": "60000",  # milliseconds; else a browser that starts slowly on a busy machine is an error
    }
    command = [program("node"), str(module("@daisy", "ace-cli", "bin", "ace.js")), "--outdir", str(folder), str(epub)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env=environment, cwd=folder
    )
    report = folder / "report.json"
    assert report.is_file(), f"Ace has not read {epub.name}: {done.stdout}{done.stderr}"
    told = json.loads(report.read_bytes())
    with zipfile.ZipFile(epub) as container:
        documents = sum(name.endswith(".xhtml") for name in container.namelist())
    assert len(told["assertions"]) > documents, "Ace reads each document, and the package"
    return [
        f"{document['earl:testSubject']['url']} {found['earl:test']['dct:title']}: "
        f"{found['earl:result']['dct:description']}"
        for document in told["assertions"]
        for found in document["assertions"]
    ]


@pytest.mark.parametrize("epub", EPUBS)
def test_ace_reports_nothing(built: Built, epub: str, tmp_path: Path) -> None:
    name = epub.removesuffix(".epub").removesuffix("-read-aloud")
    assert remarks(built(name) / epub, tmp_path) == []


def test_ace_is_not_deaf(built: Built, tmp_path: Path) -> None:
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(built("minimal") / "minimal.epub") as whole, zipfile.ZipFile(broken, "w") as container:
        for entry in whole.infolist():
            data = whole.read(entry)
            if entry.filename.endswith("article.xhtml"):
                data = data.replace(b"</body>", b'<p><img src="images/cover.png"/></p></body>')
            container.writestr(entry, data)
    (tmp_path / "report").mkdir()
    [reported] = remarks(broken, tmp_path / "report")
    assert "image-alt" in reported
