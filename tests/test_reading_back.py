"""A build reads its new files back before they take the place of the old: whatever a writer spoils is not published."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builder import contents

from publisher import making
from publisher.build import Built, Order, build_edition
from publisher.formats import FORMATS
from publisher.formats import writer as real_writer
from publisher.holding.here import IN_PROCESS
from publisher.model.findings import FindingsError
from publisher.store import Store

ARTICLE = """---
title: The lamp
lang: en
date: 2026-01-01
---

# Oil

The keeper fills the lamp. It burns until the morning.

It is dear.
"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reading-back") / "lamp"
    folder.mkdir()
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def reworded(old: str, new: str) -> Callable[[Path], None]:
    def reword(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return reword


def packed(member: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Changes what ends in `member` of a ZIP, and leaves the ZIP whole."""

    def change_it(path: Path) -> None:
        with zipfile.ZipFile(path) as book:
            all_of_it = [(entry, book.read(entry)) for entry in book.infolist()]
        assert any(entry.filename.endswith(member) for entry, _ in all_of_it)
        with zipfile.ZipFile(path, "w") as book:
            for entry, data in all_of_it:
                book.writestr(entry, change(data) if entry.filename.endswith(member) else data)

    return change_it


def without(words: bytes) -> Callable[[bytes], bytes]:
    def leave_out(data: bytes) -> bytes:
        assert words in data
        return data.replace(words, b"")

    return leave_out


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


DEAR = b"It is dear."
SPOILINGS: dict[str, tuple[str, str, Callable[[Path], None], str]] = {
    "web-words": ("web", "index.html", reworded("until the morning", "until noon"), "unit-altered"),
    "web-script": ("web", "index.html", reworded("</main>", "<script>alert(1)</script></main>"), "active-content"),
    "docx-cut": ("docx", "lamp.docx", halved, "artefact-unreadable"),
    "docx-words": ("docx", "lamp.docx", packed("document.xml", without(DEAR)), "unit-"),
    "epub-words": ("epub", "lamp.epub", packed("article.xhtml", without(DEAR)), "unit-"),
    "epub-sound": ("epub", "lamp-read-aloud.epub", packed(".mp3", lambda _: b""), "artefact-unreadable"),
    "pdf-cut": ("pdf", "lamp.pdf", halved, "artefact-unreadable"),
    "mp3-cut": ("audio", "lamp.mp3", halved, "audio-truncated"),
    "m4b-cut": ("audio", "lamp.m4b", halved, "audio-truncated"),
    "cues-words": ("audio", "lamp.vtt", reworded("It is dear.", "It is cheap."), "cue-altered"),
    "transcript-words": ("audio", "lamp-transcript.txt", reworded("It is dear.", "It is cheap."), "unit-"),
    "audiobook-sound": ("audiobook", "lamp.lpf", packed(".mp3", half), "audiobook-manifest"),
    "daisy-folder": ("daisy", "lamp-daisy/part0001.mp3", halved, "daisy-differs"),
    "daisy-words": ("daisy", "lamp-daisy.zip", packed("content.html", without(DEAR)), "unit-"),
}


def order(edition: Path, out: Path, store: Store, *formats: str) -> Order:
    return Order(edition, out, store, formats or FORMATS)


def build(one: Order) -> Built:
    return build_edition(one, lambda *_: None)


@pytest.mark.parametrize("name", SPOILINGS)
def test_what_a_writer_spoils_is_not_published(
    name: str, edition: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    format, file, spoil, check = SPOILINGS[name]
    formats = ("epub", "web") if format == "web" else (format,)
    one = order(edition, tmp_path / "out", store, *formats)
    build(one)
    before = contents(one.out / "lamp")
    text = (edition / "article.md").read_text(encoding="utf-8")

    def spoiling(format_: str) -> Callable[[Any], Any]:
        def write(job: Any) -> Any:
            made = real_writer(format_)(job)
            if format_ == format and (job.folder / file).exists():
                spoil(job.folder / file)
            return made

        return write

    monkeypatch.setattr(making, "writer", spoiling)
    try:
        (edition / "article.md").write_text(text.replace("keeper", "warden"), encoding="utf-8")
        with pytest.raises(FindingsError) as refused:
            build(one)
        checks = [finding.check for finding in refused.value.findings]
        assert checks[0] == "edition-withheld"
        assert any(found.startswith(check) for found in checks[1:]), checks
        assert contents(one.out / "lamp") == before
        assert [path.name for path in one.out.iterdir() if "partial" in path.name] == []
        monkeypatch.undo()
        assert build(one).fresh
    finally:
        (edition / "article.md").write_text(text, encoding="utf-8")


LOSING = """{% extends "page.xhtml" %}
{% block matter %}bodymatter{% endblock %}
{% block main %}
<h2 id="ID">Oil</h2>
{% endblock %}
"""


def test_a_template_of_ones_own_that_loses_the_text_publishes_nothing(edition: Path, tmp_path: Path) -> None:
    """The whole program, in worker processes."""
    mine = tmp_path / "source" / "lamp"
    (mine / "templates").mkdir(parents=True)
    (mine / "article.md").write_bytes((edition / "article.md").read_bytes())
    command = [sys.executable, "-m", "publisher.cli", "build", str(mine), "--out", str(tmp_path / "out"), "--jobs", "2"]
    environment = {name: value for name, value in os.environ.items() if name != IN_PROCESS}
    environment["PUBLISHER_CACHE"] = str(tmp_path / "store")

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, "--format", "epub"], capture_output=True, text=True, env=environment, check=False
        )

    assert run().returncode == 0
    before = contents(tmp_path / "out" / "lamp")
    (mine / "templates" / "article.xhtml").write_text(LOSING, encoding="utf-8")
    refused = run()
    assert refused.returncode == 2
    assert "error: no page of the EPUB shows oil, to which it leads; correct the template" in refused.stderr
    (mine / "templates" / "article.xhtml").write_text(LOSING.replace("ID", "oil"), encoding="utf-8")
    refused = run()
    assert refused.returncode == 1
    assert "error: lamp: what was made does not say what the source says" in refused.stderr
    assert (
        "source/lamp/article.md:11:1: error: lamp.epub: the paragraph oil-2 is missing: “It is dear.”" in refused.stderr
    )
    assert "Traceback" not in refused.stderr
    assert contents(tmp_path / "out" / "lamp") == before


def test_what_stays_as_it_was_is_not_read_again(
    edition: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[frozenset[str]] = []
    real = making._read_back

    def watched(formats: frozenset[str], *about: Any, **aloud: Any) -> Any:
        read.append(formats)
        return real(formats, *about, **aloud)

    monkeypatch.setattr(making, "_read_back", watched)
    build(order(edition, tmp_path, store, "audio", "web"))
    assert read == list(making.TOGETHER)
    read.clear()
    build(order(edition, tmp_path, store, "audio", "web"))
    assert read == []
    (tmp_path / "lamp" / "index.html").unlink()
    build(order(edition, tmp_path, store, "audio", "web"))
    assert read == [making.TOGETHER[0]]
