from __future__ import annotations

from pathlib import Path

import pytest

from publisher import cli
from publisher.standing import remember, stands
from publisher.verify import Request, Result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An edition's folder; its output is beside it."""
    edition = tmp_path / "source" / "bridge"
    edition.mkdir(parents=True)
    (edition / "article.md").write_text("The bridge is open.", encoding="utf-8")
    built = tmp_path / "build" / "bridge"
    built.mkdir(parents=True)
    (built / "index.html").write_text("<p>The bridge is open.</p>", encoding="utf-8")
    return edition


@pytest.fixture
def out(folder: Path) -> Path:
    return folder.parents[1] / "build"


def test_a_consistent_edition_stands_until_something_changes(folder: Path, out: Path) -> None:
    assert not stands(folder, out, [None])
    remember(folder, out, [None], "consistent")
    assert stands(folder, out, [None])


@pytest.mark.parametrize(
    "changed",
    ["source/bridge/article.md", "source/bridge/new.png", "source/imprint.yaml", "build/bridge/index.html"],
)
def test_a_changed_file_ends_it(folder: Path, out: Path, changed: str) -> None:
    remember(folder, out, [None], "consistent")
    (folder.parents[1] / changed).write_text("other", encoding="utf-8")
    assert not stands(folder, out, [None])


def test_a_file_that_went_ends_it(folder: Path, out: Path) -> None:
    remember(folder, out, [None], "consistent")
    (out / "bridge" / "index.html").unlink()
    assert not stands(folder, out, [None])


def test_other_settings_are_another_question(folder: Path, out: Path) -> None:
    remember(folder, out, [None], "consistent")
    assert not stands(folder, out, [["teachers"]])


def test_a_verdict_that_was_not_consistent_is_looked_at_again(folder: Path, out: Path) -> None:
    remember(folder, out, [None], "inconsistent")
    assert not stands(folder, out, [None])


def test_a_damaged_record_is_no_verdict(folder: Path, out: Path) -> None:
    remember(folder, out, [None], "consistent")
    (out / ".bridge.verified").write_text("{", encoding="utf-8")
    assert not stands(folder, out, [None])


def test_what_changes_while_it_is_verified_is_looked_at_again(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at is perhaps not what stands there at the end."""
    rewritten = ["report.json"]

    def verify_all(requests: list[Request], **_: object) -> Result:
        for name in rewritten:
            (out / "bridge" / name).write_text("new", encoding="utf-8")
        return Result((), (), tuple({"verdict": "consistent"} for _ in requests))

    monkeypatch.setattr("publisher.verify.verify_all", verify_all)
    verify = ["verify", "--source", str(folder.parent), "--out", str(out)]
    settings = [None, None, False, False]
    rewritten.append("index.html")
    assert cli.main(verify) == 0
    assert not stands(folder, out, settings)
    assert cli.main(verify) == 0
    assert stands(folder, out, settings)
