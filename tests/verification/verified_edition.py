"""A small edition with one of most things, read from Markdown, and its page and book as the writers make them."""

from __future__ import annotations

from pathlib import Path

from publisher.build import Order, build_edition, read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.model.publication import Publication
from publisher.store import Store

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)
ARTICLE = """---
title: The lamp
subtitle: Two nights at the point
creators: Ada Fenwick
lang: en-GB
date: 2026-11-20
references:
  - id: log
    type: book
    title: The log
    issued: 1912
---

Nobody lit the lamp. It was not 1912 yet, said *the* [NCL]{.abbr title="Northern Lights"}.[^one]

[^one]: See @log.

::: plain
Nobody lit the lamp before 1912.
:::

# The night {plain="That night"}

He said [bonsoir]{lang=fr} and [left](https://example.org/).

![The point.](beam.png){alt="A beam over the sea."}

| Year | Nights |
|------|--------|
| 1911 | 12     |

4. first
5. second

- [x] Oil
- [ ] Wick
"""
COMMENTARY = """---
title: Commentary
lang: en-GB
editors:
  desk: The desk
---

::: introduction
Read slowly.
:::

::: {#n-lit .note on="lit the lamp" kind="context" by="desk" date="2026-11-20" sources="log"}
With oil.
:::
"""


def write_source(root: Path) -> Path:
    """The edition's folder under `root`."""
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "commentary.md").write_text(COMMENTARY, encoding="utf-8")
    (folder / "beam.png").write_bytes(PIXEL)
    return folder


def read_source(folder: Path) -> Publication:
    imprint, _ = read_imprint_of(folder)
    return read_edition(folder, imprint).publication


def build(folder: Path, out: Path, *formats: str) -> Path:
    """The folder of the built edition."""
    order = Order(folder, out, Store(out.parent / "store"), formats or ("web",))
    return build_edition(order, lambda *_: None).folder
