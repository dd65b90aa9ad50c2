"""Whatever an author writes: it is read or refused with places that are in the file, and the same twice.

`MADE_UP=500` in the environment tries more, as `make fuzz` does.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from made_up import article, commentary

from publisher.manuscript.checking import check
from publisher.manuscript.reading import Reading, read_edition
from publisher.model.findings import EngineError, Finding, FindingsError, InputError
from publisher.model.publication import Imprint
from publisher.model.source import Position

EXAMPLES = int(os.environ.get("MADE_UP", "12"))


def _read(folder: Path) -> tuple[Reading | None, tuple[Finding, ...], str]:
    """What comes of an edition: what was read, what was found, and the one error where there is no more to say."""
    try:
        reading = read_edition(folder, Imprint())
        return reading, check(reading.publication, reading.findings), ""
    except FindingsError as problem:
        return None, problem.findings, ""
    except InputError as problem:
        return None, (), str(problem)


def _inside(position: Position, folder: Path) -> bool:
    path = Path(position.path)
    file = path if path.is_absolute() else folder / path.name
    lines = file.read_text("utf-8").split("\n")
    if not 1 <= position.line <= len(lines):
        return False
    return position.column is None or 1 <= position.column <= len(lines[position.line - 1]) + 1


def _outside(findings: Sequence[Finding], folder: Path) -> list[str]:
    return [str(one) for one in findings if one.position is not None and not _inside(one.position, folder)]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(article, commentary)
def test_a_manuscript_is_read_or_refused_at_its_places_and_twice_the_same(text: str, layer: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "made-up"
        folder.mkdir()
        (folder / "article.md").write_text(text, encoding="utf-8")
        (folder / "commentary.md").write_text(layer, encoding="utf-8")
        try:
            first = _read(folder)
        except EngineError:  # pandoc's own refusals are told as such
            return
        assert _outside(first[1], folder) == []
        assert all(one.message.strip() for one in first[1])
        assert first == _read(folder)


def test_a_place_outside_is_seen_as_one(tmp_path: Path) -> None:
    (tmp_path / "article.md").write_text("one\ntwo", encoding="utf-8")
    places = [(1, None), (2, 4), (2, 5), (3, None), (0, None)]
    told = [_inside(Position("article.md", line, column), tmp_path) for line, column in places]
    assert told == [True, True, False, False, False]
