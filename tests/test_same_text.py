"""However an editor saves a text, the same words give the same bytes of output."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.build import Order, build_edition
from publisher.store import Store

_ARTICLE = """---
title: The lamp
lang: en
date: 2026-11-20
description: |
  Two lines
  of it.
---

# One

A line\\
and another, and `code`.

```
def lamp():
	return 1
```

| a | b |
|---|---|
| c | d |
"""
_COMMENTARY = """---
title: Notes
lang: en
editors: {desk: The desk}
---

::: {.note on="another" kind="fact-check" by="desk" date="2026-11-20"}
Is it so?
:::
"""


def _built(root: Path, change: bytes, mark: bytes) -> dict[str, bytes]:
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    for name, text in (("article.md", _ARTICLE), ("commentary.md", _COMMENTARY)):
        (folder / name).write_bytes(mark + text.encode().replace(b"\n", change))
    (root / "source" / "imprint.yaml").write_bytes(mark + b"publisher: Us\nlang: en\n".replace(b"\n", change))
    built = build_edition(Order(folder, root / "build", Store(root.parent / "store"), ("web", "epub")), lambda *_: None)
    return {name: (built.folder / name).read_bytes() for name in built.files if name != "edition.json"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    root = tmp_path_factory.mktemp("same")
    return root, _built(root / "lf", b"\n", b"")


@pytest.mark.parametrize(
    ("change", "mark"),
    [(b"\r\n", b""), (b"\n", b"\xef\xbb\xbf"), (b"\r\n", b"\xef\xbb\xbf")],
    ids=["crlf", "bom", "both"],
)
def test_marks_and_line_ends_change_no_byte(change: bytes, mark: bytes, plain: tuple[Path, dict[str, bytes]]) -> None:
    root, expected = plain
    other = _built(root / f"{len(change)}{len(mark)}", change, mark)
    assert len(expected) > 5
    assert other.keys() == expected.keys()
    assert [name for name in expected if other[name] != expected[name]] == []


def test_another_word_changes_some(plain: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    root, expected = plain
    monkeypatch.setitem(globals(), "_ARTICLE", _ARTICLE.replace("A line", "One line"))
    other = _built(root / "word", b"\n", b"")
    assert {"index.html", "lamp.epub"} <= {name for name in expected if other[name] != expected[name]}
