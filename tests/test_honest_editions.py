"""Odd but honest editions are published: what is read back is held to the source, and not to what most editions are.

Each of them was refused once.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_by_workers import shared_folder

from publisher.build import Order, build_edition
from publisher.model.findings import Severity
from publisher.store import Store
from publisher.verify import Request, verify_edition

NOTE = """---
title: Notes
lang: {lang}
editors:
  desk: {{name: "The Desk; and Sons", role: editor}}
---

::: {{#n-1 .note on="{on}" kind="context" by="desk"}}
It was lit.
:::
"""
CALLS = "A call.[^a] Again.[^a] Once more.[^a] And again.[^a]\n\n[^a]: A footnote."
EDITIONS: dict[str, tuple[str, str, str]] = {
    "an ISBN and a person with two roles": (
        "title: The light\nlang: en\nidentifier: urn:isbn:9783161484100\n"
        "creators: [{name: Ada, role: illustrator}, {name: Bob, role: author}, {name: Ada, role: author}]",
        "",
        "en",
    ),
    "a DOI and a photographer": (
        "title: The light\nlang: en\nidentifier: https://doi.org/10.1234/abc\n"
        "creators: [{name: Bob, role: author}, {name: Ada, role: photographer}, {name: Cy, role: artist}]",
        "",
        "en",
    ),
    "no author": (
        'title: The light\nlang: en\ncreators: [{name: "Ada; and Sons", role: editor}, {name: Ng, role: translator}]\n'
        'subjects: ["a; b", c]',
        "",
        "en",
    ),
    "notes in another language": ("title: Lumen\nlang: la", "", "en"),
    "many calls of a footnote": ("title: Das Licht\nlang: de", CALLS, "de"),
    "a title that ends in dots": (
        "title: Went on…\nlang: en",
        "# Went on… 1\n\nWords.\n\n# Went on… 2\n\nWords.",
        "en",
    ),
    "titles of signs, numbers and ligatures": (
        'title: "50 % of it"\nlang: en',
        "# ﬁne ﬂow\n\nWords.\n\n# C++ / C#\n\nWords.\n\n# 1984\n\nWords.",
        "en",
    ),
    "a formula longer than a cue": (
        "title: La luz\nlang: es",
        "$$\nz(t) = \\sum_{i=1}^{n} A_i \\cos\\left(\\frac{2\\pi t}{T_i} + \\varphi_i\\right) + \\sqrt{2Rh + x^2}.\n$$",
        "es",
    ),
    "pages of a reference in French": (
        "title: La lumière\nlang: fr\nreferences:\n  - {id: log, type: article-journal, title: Le journal, "
        "container-title: Phares, page: 201-19, author: [{family: Fenwick, given: Iris}], issued: 1912}",
        "Voir @log.",
        "fr",
    ),
    "the begin of an English sentence among Chinese words": (
        "title: 渡口的灯\nlang: zh-Hans",
        "The lamp of the point that nobody had lit before the year of the great storm was at last lit again, they say.",
        "zh-Hans",
    ),
    "Latin words in Hebrew": ("title: Went on, and on\nlang: he", "# Went on again\n\nמילים.", "he"),
}


@pytest.mark.parametrize("name", EDITIONS)
def test_an_honest_edition_is_published(name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    front, more, lang = EDITIONS[name]
    folder = tmp_path / "source" / "honest"
    folder.mkdir(parents=True)
    text = f"---\n{front}\n---\n\nThe lamp of Skerry Point was lit.\n\n{more}\n"
    (folder / "article.md").write_text(text, encoding="utf-8")
    on = more.removesuffix(".") if "great storm" in more else "Skerry Point"
    (folder / "commentary.md").write_text(NOTE.format(lang=lang, on=on), encoding="utf-8")
    store = Store(shared_folder(tmp_path_factory) / "honest-store")
    build_edition(Order(folder, tmp_path / "build", store), lambda *_: None)
    told = verify_edition(Request(folder, tmp_path / "build", store=store)).findings
    assert [str(one) for one in told if one.severity is Severity.ERROR] == []
