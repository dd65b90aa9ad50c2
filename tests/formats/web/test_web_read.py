from __future__ import annotations

from pathlib import Path

import pypandoc
import pytest

from publisher.formats.web.read import read
from publisher.model.findings import InputError

MARKDOWN = """---
title: A lamp
author: Ada Fenwick
lang: en-GB
date: 2026-11-20
---

# First

Some *words*.[^1] And [bonsoir]{lang=fr}.

[^1]: A note.

![What it shows](lamp.png)
"""


def page(tmp_path: Path, text: str, name: str = "a.html") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_page_by_pandoc_is_read(tmp_path: Path) -> None:
    made = pypandoc.convert_text(MARKDOWN, "html5", "markdown", extra_args=["--standalone"])
    extract = read(page(tmp_path, made))
    assert extract.metadata["title"] == ("A lamp",)
    assert extract.metadata["creator"] == ("Ada Fenwick",)
    assert extract.metadata["language"] == ("en-GB",)
    said = [(unit.role.value, unit.text) for unit in extract.units if not unit.furniture]
    assert ("paragraph", "Some words. And bonsoir.") in said
    assert ("alternative", "What it shows") in said
    (call,) = [link for link in extract.links if link.calls]
    assert call.resolves
    assert any(link.back for link in extract.links)


def test_dublin_core_goes_before_html(tmp_path: Path) -> None:
    head = '<title>Short – Site</title><meta name="DC.title" content="Long"/><meta name="DC.date" content="2026"/>'
    metadata = read(page(tmp_path, f"<html lang=de><head>{head}</head><body><p>x</body></html>")).metadata
    assert (metadata["title"], metadata["date"], metadata["language"]) == (("Long",), ("2026",), ("de",))


def test_links_to_files_beside_the_page_resolve_if_these_are_there(tmp_path: Path) -> None:
    (tmp_path / "b c.html").write_text("", encoding="utf-8")
    links = read(
        page(tmp_path, '<p><a href="b%20c.html#x">b</a> <a href="d.html">d</a> <a href="mailto:a@b">m</a>')
    ).links
    assert [link.resolves for link in links] == [True, False, None]


@pytest.mark.parametrize("text", ["", " \n", "<!-- nothing -->"])
def test_what_is_no_page_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.html is no HTML page"):
        read(page(tmp_path, text))


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "nothing.html")


@pytest.mark.parametrize(
    "text", ["<p>a<div>b</p>c", "\x00<p>a", "<table><p>a</table>", "&bogus; <a href=>", "<p " * 400]
)
def test_bad_pages_are_read_as_browsers_do(text: str, tmp_path: Path) -> None:
    read(page(tmp_path, f"<body>{text}</body>"))
