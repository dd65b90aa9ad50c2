"""The catalogue follows what stands in the output folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from publisher.cli import main
from publisher.shelving import update_catalogue

EDITIONS = Path(__file__).parent / "editions"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("shelving")
    for name in ("minimal", "french"):
        assert main(["build", str(EDITIONS / name), "--format", "web", "--out", str(out), "--jobs", "1"]) == 0
    return out


@pytest.fixture
def out(once: Path, tmp_path: Path) -> Path:
    shutil.copytree(once, tmp_path / "build")
    return tmp_path / "build"


def titles(out: Path) -> list[str]:
    return [one["metadata"]["title"] for one in json.loads((out / "opds.json").read_text("utf-8"))["publications"]]


def test_every_build_brings_the_catalogue_up_to_date(out: Path) -> None:
    assert sorted(titles(out)) == ["A title and a paragraph", "Le phare de la pointe"]
    assert 'href="french/index.html"' in (out / "index.html").read_text("utf-8")
    assert 'src="french/cover.png"' in (out / "index.html").read_text("utf-8")


def test_an_edition_taken_away_leaves_the_catalogue(out: Path) -> None:
    shutil.rmtree(out / "french")
    update_catalogue(out)
    assert titles(out) == ["A title and a paragraph"]


def test_nothing_is_made_again_while_nothing_changed(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = update_catalogue(out)
    monkeypatch.setattr("publisher.shelving._make", lambda *_: pytest.fail("made again"))
    assert update_catalogue(out) == names


@pytest.mark.parametrize("name", ["index.html", "catalogue.files/catalogue.css", "catalogue.files/made-from.json"])
def test_what_was_lost_or_changed_by_others_is_mended(out: Path, name: str) -> None:
    whole = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (out / name).write_text("x")
    update_catalogue(out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == whole


def test_a_build_that_is_under_way_or_of_an_older_version_is_passed_over(out: Path) -> None:
    (out / ".french.partial-x").mkdir()
    shutil.copyfile(out / "french" / "edition.json", out / ".french.partial-x" / "edition.json")
    data = json.loads((out / "french" / "edition.json").read_text("utf-8"))
    del data["about"]
    (out / "french" / "edition.json").write_text(json.dumps(data))
    update_catalogue(out)
    assert titles(out) == ["A title and a paragraph"]
