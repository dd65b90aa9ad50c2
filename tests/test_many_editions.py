"""Several editions at once: the same files in whatever order they are done, and one that fails harms no other."""

from __future__ import annotations

import itertools
import json
import tempfile
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import publisher.build
from publisher import cli, fingerprint
from publisher.holding.allowance import Within, allowance
from publisher.store import file_digest
from publisher.workers import InProcess, Workers

GOOD = "---\ntitle: The {name}\nlang: en\n---\n\nThe {name} is here.\n"


class Backwards(Executor):
    """Does nothing until the first result is asked for, and then the last task first."""

    def __init__(self) -> None:
        self.tasks: list[tuple[Future[Any], Any]] = []
        self.order: list[str] = []

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future = _Awaited(self)
        self.tasks.append((future, lambda: function(*arguments, **named)))
        self.order.append(arguments[0].name)
        return future

    def run(self) -> None:
        while self.tasks:
            future, work = self.tasks.pop()
            try:
                future.set_result(work())
            except Exception as problem:
                future.set_exception(problem)


class _Awaited(Future[Any]):
    def __init__(self, executor: Backwards) -> None:
        super().__init__()
        self.executor = executor

    def result(self, timeout: float | None = None) -> Any:
        self.executor.run()
        return super().result(timeout)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ash", "birch", "cedar"):
        folder = tmp_path / "source" / name
        folder.mkdir(parents=True)
        (folder / "article.md").write_text(GOOD.format(name=name), encoding="utf-8")
    (tmp_path / "source" / "birch" / "article.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")
    (tmp_path / "source" / "cedar" / "article.md").write_text(GOOD.format(name="cedar") * 3, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "cache"))
    return tmp_path


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in folder.rglob("*") if path.is_file()}


def test_one_that_fails_keeps_none_of_the_others_from_being_built(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (base / "source" / "cedar" / "article.md").write_text(GOOD.format(name="cedar"), encoding="utf-8")
    assert cli.main(["build", "--format", "web,docx", "--jobs", "2"]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == [
        f"ash: {_count(base / 'build' / 'ash')} files in build/ash",
        f"cedar: {_count(base / 'build' / 'cedar')} files in build/cedar",
        "3 editions: 2 built, 0 unchanged, 1 failed: birch",
    ]
    assert any(line.startswith("source/birch/article.md:") for line in told.err.splitlines())
    side_by_side = content(base / "build")
    assert cli.main(["build", "--format", "web,docx", "--jobs", "1", "--out", "one-by-one"]) == 1
    assert content(base / "one-by-one") == side_by_side
    assert cli.main(["build", "--jobs", "2", "--format", "web,docx"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "3 editions: 0 built, 2 unchanged, 1 failed: birch"


def test_the_program_is_looked_at_once_for_all_editions(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its digests take longer than all else where nothing changed."""
    cli.main(["build", "--format", "web"])
    looked: list[dict[str, str]] = []

    def look() -> dict[str, str]:
        looked.append(real())
        return looked[-1]

    real = fingerprint.package_files
    monkeypatch.setattr(fingerprint, "package_files", look)
    cli.main(["build", "--format", "web", "--jobs", "1"])
    assert len(looked) == 1


def _count(folder: Path) -> int:
    return len(json.loads((folder / "edition.json").read_bytes())["files"]) + 1


def test_the_order_of_completion_changes_nothing(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    backwards = Backwards()
    monkeypatch.setattr(publisher.build, "_executor", lambda jobs, *_, **__: backwards if jobs > 1 else InProcess())
    (base / "source" / "cedar" / "article.md").write_text(
        GOOD.format(name="cedar") + "It is tall.\n" * 9, encoding="utf-8"
    )
    assert cli.main(["build", "--format", "docx,web", "--jobs", "3"]) == 1
    assert backwards.order[0] == "cedar"  # the longest
    names = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert names == ["ash", "cedar", "3 editions"]
    there = content(base / "build")
    assert cli.main(["build", "--format", "docx,web", "--jobs", "1", "--out", "again"]) == 1
    assert content(base / "again") == there


def test_an_edition_that_never_ends_costs_the_others_nothing(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(publisher.build, "Workers", partial(Workers, grace=0.1))
    monkeypatch.setattr(publisher.build, "_build_quietly", _loops_or_builds)
    assert cli.main(["build", "--format", "web,docx", "--jobs", "2"]) == 2
    told = capsys.readouterr()
    assert "error: WeasyPrint: too complex: birch is not laid out; raise `limits: seconds` in imprint.yaml" in told.err
    assert told.out.splitlines()[-1] == "3 editions: 2 built, 0 unchanged, 1 failed: birch"


def _loops_or_builds(order: publisher.build.Order) -> publisher.build.Built:
    if order.name == "birch":
        late = "too complex: birch is not laid out; raise `limits: seconds` in imprint.yaml"
        with allowance(Within(0.1, "WeasyPrint", late), 1024):
            sum(itertools.repeat(0))  # in C, where nothing of Python's gets through
    return publisher.build.build_edition(order, lambda *_: None)


def test_workers_need_not_see_what_stands_beside_the_output(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))  # else all of it may be read
    (base / "source" / "cedar" / "article.md").write_text(GOOD.format(name="cedar"), encoding="utf-8")
    status = cli.main(["build", "--format", "web", "--jobs", "2", "ash", "cedar"])
    assert status == 0
    assert (tmp_path / "build" / "ash" / "index.html").is_file()
