"""A small edition to preview, long enough to be scrolled."""

from __future__ import annotations

from pathlib import Path

_NAMES = """alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec
romeo sierra tango uniform victor whiskey xray yankee zulu""".split()
_PARAGRAPHS = "\n\n".join(
    f"Paragraph {name} of the report tells of the bridge, which opened again. It had been shut for two years."
    for name in _NAMES
)
ARTICLE = f"""---
title: A bridge reopens
lang: en-GB
creators: The desk
date: 2026-11-20
---

# The bridge

The bridge over the river opened again on Monday.

::: plain
The bridge is open again since Monday.
:::

# The report

{_PARAGRAPHS}

::: plain
The report tells of the bridge. It had been shut for two years. Then it opened again.
:::

# The cost

Repairs cost £2 million. The council paid half.

::: plain
Repairs cost £2 million. The council paid half of it.
:::
"""

COMMENTARY = """---
title: Commentary
lang: en-GB
editors:
  desk: The editorial desk
---

::: {#n-cost .note on="paid half" in="the-cost-1" kind="context" by="desk" date="2026-11-20"}
The other half came from the county.

::: plain
The other half came from the county.
:::
:::
"""


def write_edition(source: Path, name: str = "bridge") -> Path:
    """An edition under `source`; its folder."""
    folder = source / name
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "commentary.md").write_text(COMMENTARY, encoding="utf-8")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace words in a file, as an editor saves them."""
    text = path.read_text("utf-8")
    assert old in text
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text.replace(old, new), encoding="utf-8")
    beside.replace(path)
