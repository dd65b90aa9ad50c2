"""Whatever a stranger sends, one line says what is wrong with it, and what was published before stays as it was."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hostile_manuscripts import ACTIVE, DOORS, HOSTILE, KILLERS, TEXTS, Hostile

from publisher.cli import main

_IMPRINT = "limits: {seconds: 30}\n"
_PLACE = r"(?:error: )?\S*hostile\S*(?::\d+(?::\d+)?: error: (?:pandoc: )?| )"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which an edition was built before it became hostile."""
    root = tmp_path_factory.mktemp("before")
    folder = root / "source" / "hostile"
    folder.mkdir(parents=True)
    (root / "source" / "imprint.yaml").write_text(_IMPRINT, "utf-8")
    (folder / "article.md").write_text("---\ntitle: Before\nlang: en\n---\n\nHarmless words.\n", "utf-8")
    assert _build(folder, root / "build") == 0
    return root


def _build(folder: Path, out: Path) -> int:
    return main(["build", str(folder), "--out", str(out), "--format", "web", "--jobs", "1"])


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path_factory.getbasetemp() / "hostile-store"))


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.name)
def test_it_is_refused_in_one_line_or_built_as_it_should_be(
    hostile: Hostile, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "site"
    shutil.copytree(good, root)
    folder, built = root / "source" / "hostile", root / "build" / "hostile"
    before = _bytes(built)
    (folder / "article.md").unlink()
    hostile.write(folder)
    status = _build(folder, root / "build")
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "fault of publisher's own" not in told
    errors = [line for line in told.splitlines() if "error:" in line]
    if hostile.told is None:
        assert (status, errors) == (0, [])
        assert hostile.said in (built / "index.html").read_text("utf-8")
    else:
        assert status in (1, 2)
        assert re.match(rf"{_PLACE}.*(?:{hostile.told})", errors[0]), told
        assert all(re.match(_PLACE, line) for line in errors), told
        assert len(errors) == 1 or "raw HTML" in told
        assert _bytes(built) == before
    assert [path.name for path in (root / "build").iterdir() if path.is_dir() and "hostile" in path.name] == ["hostile"]


def test_there_are_more_than_forty_of_every_kind() -> None:
    assert len({one.name for one in HOSTILE}) == len(HOSTILE) > 40
    assert all((KILLERS, ACTIVE, DOORS, TEXTS))
