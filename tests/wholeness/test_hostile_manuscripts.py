"""Whatever a stranger sends, one line says what is wrong with it, and what was published before stays as it was; or it
is built, in every format, and each is right. Neither takes longer than a minute, nor more than a gibibyte.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from builder import SECONDS, Builder, contents, held_against_manifest, within_bounds
from hostile_manuscripts import ACTIVE, DOORS, HOSTILE, KILLERS, TEXTS, Hostile

_IMPRINT = "limits: {seconds: 30}\n"
_PLACE = r"(?:error: )?\S*hostile\S*(?::\d+(?::\d+)?: error: (?:pandoc: )?| )"

REFUSED = [one for one in HOSTILE if one.told is not None]
BUILT = [one for one in HOSTILE if one.told is None]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile-store")


@pytest.fixture(scope="module")
def good(builder: Builder, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which an edition was built, in all formats, before it became hostile."""
    root = tmp_path_factory.mktemp("before")
    folder = root / "source" / "hostile"
    folder.mkdir(parents=True)
    (root / "source" / "imprint.yaml").write_text(_IMPRINT, "utf-8")
    (folder / "article.md").write_text("---\ntitle: Before\nlang: en\n---\n\nHarmless words.\n", "utf-8")
    ended = builder.build(folder, root / "build", store)
    assert ended.status == 0, ended.stderr
    return root


@pytest.fixture
def root(good: Path, tmp_path: Path) -> Iterator[Path]:
    """The same in a folder of its own, which holds an edition and nothing half made afterwards."""
    copied = Path(shutil.copytree(good, tmp_path / "site"))
    (copied / "source" / "hostile" / "article.md").unlink()
    yield copied
    assert [path.name for path in (copied / "build").iterdir() if path.is_dir() and "hostile" in path.name] == [
        "hostile"
    ]


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda one: one.name)
def test_it_is_refused_in_one_line_and_what_was_there_stays(
    hostile: Hostile, builder: Builder, root: Path, store: Path
) -> None:
    folder, built = root / "source" / "hostile", root / "build" / "hostile"
    before = contents(built)
    hostile.write(folder)
    ended = builder.build(folder, root / "build", store, seconds=SECONDS)
    within_bounds(ended)
    assert ended.status in (1, 2)
    lines = [line for line in ended.stderr.splitlines() if "error:" in line]
    assert re.match(rf"{_PLACE}.*(?:{hostile.told})", lines[0]), ended.stderr
    assert all(re.match(_PLACE, line) for line in lines), ended.stderr
    assert len(lines) == 1 or "raw HTML" in ended.stderr
    assert contents(built) == before


@pytest.mark.parametrize("hostile", BUILT, ids=lambda one: one.name)
def test_it_is_built_in_every_format_and_each_is_right(
    hostile: Hostile, builder: Builder, root: Path, store: Path
) -> None:
    folder, built = root / "source" / "hostile", root / "build" / "hostile"
    hostile.write(folder)
    chosen = ("--format", hostile.formats) if hostile.formats else ()
    seconds = hostile.stages * SECONDS
    ended = builder.build(folder, root / "build", store, *chosen, seconds=seconds)
    within_bounds(ended, seconds)
    assert ended.status == 0, ended.stderr
    held_against_manifest(built)
    if hostile.said:
        assert hostile.said in (built / "index.html").read_text("utf-8")
    read = builder.command(store, "verify", str(folder), "--out", str(root / "build"), seconds=seconds)
    within_bounds(read, seconds)
    assert read.status == 0, read.stderr
    assert "hostile: consistent" in read.stdout


def test_a_build_that_takes_too_much_would_be_seen(builder: Builder, tmp_path: Path) -> None:
    """The bounds of these tests are no ornament: an honest edition goes beyond a second of the quickest processor."""
    folder = tmp_path / "source" / "honest"
    folder.mkdir(parents=True)
    text = "\n\n".join(
        f"The lamp was lit again on night {number}, and all the ships came in." for number in range(1500)
    )
    (folder / "article.md").write_text(f"---\ntitle: Honest\nlang: en\n---\n\n{text}\n", "utf-8")
    ended = builder.build(folder, tmp_path / "build", tmp_path / "store", "--format", "pdf", seconds=1)
    assert ended.status < 0
    assert not (tmp_path / "build" / "honest").exists()


def test_there_are_more_than_forty_of_every_kind() -> None:
    assert len({one.name for one in HOSTILE}) == len(HOSTILE) > 40
    assert all((KILLERS, ACTIVE, DOORS, TEXTS))
