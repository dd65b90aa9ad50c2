"""An edition with one of everything that can be spoilt, its files, and copies of them spoilt by hand."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from verified_edition import PIXEL, build, read_source

from publisher.formats.epub.read import read as read_epub
from publisher.formats.web.read import read as read_web
from publisher.manifest import artefact_of
from publisher.verification.checks import Source, hold_against, source_of
from publisher.verification.coverage import EPUB, FULL_PAGE, PLAIN_PAGE, Coverage
from publisher.verifying.claiming import offered_words

ARTICLE = """---
title: The lamp
subtitle: Two nights
creators:
  - {name: Ada Fenwick, role: author}
  - {name: Bram Okafor, role: illustrator}
lang: en-GB
date: 2026-11-20
rights: Free to copy.
description: A short history.
subjects: [lamps]
cover: cover.png
cover-alternative: A lamp.
references:
  - id: log
    type: book
    title: The log
    issued: 1912
---

Nobody lit the lamp before 1912, said the [NCL]{.abbr title="Northern Lights"}. It cost 10^6^ crowns, *not* less.

::: plain
Nobody lit the lamp before 1912. It cost a lot.
:::

# The first night

It burned H~2~ and ~~gas~~ oil.[^one] See [the log](https://example.org/ "The log") and [the table](#t).

> The sea keeps no books.

| One line,
| another line.

[^one]: See @log.

::: plain
It burned oil.
:::

## Measures

The eye sees $x^2$ far. He said [bonsoir]{lang=fr}.

``` python
if lit:
    burn()
```

| Year | Nights |
|------|--------|
| 1911 | 12     |
| 1912 | 13     |

: Nights. {#t}

# The second night

![The point.](beam.png){#one alt="A beam over the sea."}

![The lens.](lens.png){#two alt="A lens."}

1. first
2. second

   - inner

- apart
"""
COMMENTARY = """---
title: Commentary
lang: en-GB
editors:
  desk: The desk
---

::: introduction
Read slowly.

::: plain
Take your time.
:::
:::

::: {#n-lit .note on="lit the lamp" kind="context" by="desk" date="2026-11-20" sources="log"}
With oil.

::: plain
They used oil.
:::
:::

::: {#n-sea .note on="#the-second-night" kind="fact-check" by="desk" date="2026-11-21"}
So it was.
:::

::: {#n-table .note on="#t" kind="context" by="desk" date="2026-11-21"}
Counted by the keeper.
:::

::: {#n-point .note on="#two" kind="context" by="desk" date="2026-11-21"}
It was ground abroad.
:::
"""


def write_edition(root: Path) -> Path:
    """The edition's folder under `root`."""
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "commentary.md").write_text(COMMENTARY, encoding="utf-8")
    for name, tail in (("beam", b""), ("lens", b"\\0"), ("cover", b"\\0\\0")):
        (folder / f"{name}.png").write_bytes(PIXEL + tail)
    return folder


class Files:
    """The edition built, and what verification says of it and of spoilt copies."""

    def __init__(self, root: Path) -> None:
        folder = write_edition(root)
        self.built = build(folder, root / "build", "epub", "web")
        files = json.loads((self.built / "edition.json").read_bytes())["files"]
        offered = list(offered_words(map(artefact_of, files), "en-GB"))
        self.source: Source = source_of(read_source(folder), offered)
        self.copy = root / "copy"
        self.copy.mkdir()
        for path in self.built.rglob("*"):
            if path.is_file() and path.suffix != ".epub":
                target = self.copy / path.relative_to(self.built)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
        for name in ("lamp.epub", "lamp-read-aloud.epub"):
            (self.copy / name).write_bytes(b"")
        with zipfile.ZipFile(self.built / "lamp.epub") as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}

    def page(self, changes: Mapping[str, bytes] | None = None, name: str = "index.html") -> set[str]:
        """The checks that a web page fails. `changes` are files beside it, or itself, with other content."""
        changes = changes or {}
        for file, data in changes.items():
            (self.copy / file).write_bytes(data)
        try:
            coverage = PLAIN_PAGE if name == "plain.html" else FULL_PAGE
            return self._told(hold_against(read_web(self.copy / name), self.source, coverage).findings)
        finally:
            for file in changes:
                original = self.built / file
                (self.copy / file).write_bytes(original.read_bytes()) if original.is_file() else (
                    self.copy / file
                ).unlink()

    def book(self, changes: Mapping[str, bytes] | None = None, coverage: Coverage = EPUB) -> set[str]:
        """The checks that the EPUB fails with other content in some of its members."""
        path = self.copy / "spoilt.epub"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in {**self.members, **(changes or {})}.items():
                archive.writestr(name, data)
        return self._told(hold_against(read_epub(path), self.source, coverage).findings)

    @staticmethod
    def _told(findings: object) -> set[str]:
        return {finding.check for finding in findings}  # type: ignore[attr-defined]

    def spoilt_page(self, pattern: str, by: str, name: str = "index.html") -> set[str]:
        """The checks that a page fails where what a pattern matches first is put otherwise."""
        text = (self.built / name).read_text("utf-8")
        return self.page({name: replaced(text, pattern, by).encode()}, name)

    def spoilt_book(self, pattern: str, by: str, ending: str = ".xhtml") -> set[str]:
        """The same for the first member of the EPUB that the pattern is found in."""
        for name, data in self.members.items():
            if name.endswith(ending) and re.search(pattern, data.decode(), re.DOTALL):
                return self.book({name: replaced(data.decode(), pattern, by).encode()})
        raise AssertionError(f"{pattern} is not in the book")


def replaced(text: str, pattern: str, by: str) -> str:
    changed, count = re.subn(pattern, by, text, count=1, flags=re.DOTALL)
    assert count == 1, f"{pattern} is not there"
    assert changed != text
    return changed
