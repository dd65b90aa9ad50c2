"""Balanced marks of direction come through every format as they stand."""

from __future__ import annotations

from pathlib import Path

from publisher.build import Order, build_edition
from publisher.formats import reader
from publisher.manifest import MANIFEST
from publisher.model.findings import Severity
from publisher.store import Store
from publisher.verify import Request, verify_edition

SENTENCE = "They say \u2067\u0645\u0631\u062d\u0628\u0627 (\u2066one\u2069)\u2069 there, twice."


def test_balanced_marks_of_direction_are_in_every_format(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "marks"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(f"---\ntitle: Marks\nlang: en\n---\n\n{SENTENCE}\n", "utf-8")
    store = Store(tmp_path / "store")
    built = build_edition(Order(folder, tmp_path / "build", store), lambda *_: None)
    texts = [built.folder / name for name in built.files if name.endswith((".epub", ".pdf", "index.html", "marks.vtt"))]
    assert len(texts) == 6
    for path in texts:
        read = reader({".epub": "epub", ".pdf": "pdf", ".html": "web", ".vtt": "audio"}[path.suffix])
        assert read is not None
        extract = read(path)
        words = [unit.text for unit in extract.units] + [cue.text for cue in extract.cues]
        assert any(SENTENCE in text for text in words), path.name
    assert MANIFEST in built.files
    found = verify_edition(Request(folder, tmp_path / "build", store=store))
    assert [one for one in found.findings if one.severity is Severity.ERROR] == []
