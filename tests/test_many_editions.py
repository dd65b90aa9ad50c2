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


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("spoilt", ["template", "dangling"])
def test_whatever_is_wrong_with_one_edition_is_told_of_that_one(
    base: Path, capsys: pytest.CaptureFixture[str], jobs: str, spoilt: str
) -> None:
    folder = base / "source" / "birch"
    (folder / "article.md").write_text(GOOD.format(name="birch"), encoding="utf-8")
    (base / "source" / "cedar" / "article.md").write_text(GOOD.format(name="cedar"), encoding="utf-8")
    if spoilt == "template":
        (folder / "templates").mkdir()
        (folder / "templates" / "plain.html").write_text("{{ title + 1 }}", encoding="utf-8")
        (folder / "templates" / "index.html").write_text("{{ 1 / 0 }}", encoding="utf-8")
    else:
        (folder / ".#article.md").symlink_to("ann@machine.1234")  # as Emacs has it while a buffer is not saved
    cli.main(["build", "--format", "web", "--jobs", jobs])
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "3 editions: 2 built, 0 unchanged, 1 failed: birch"
    assert "fault of publisher" not in told.err
    if spoilt == "template":
        assert "template index.html for web: ZeroDivisionError: division by zero; mend the template" in told.err


def test_a_fault_of_ours_in_one_edition_keeps_no_other_from_being_built(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build = publisher.build.build_edition

    def faulty(order: publisher.build.Order, tell: Any) -> publisher.build.Built:
        if order.name == "birch":
            raise KeyError("nobody's")
        return build(order, tell)

    monkeypatch.setattr(publisher.build, "build_edition", faulty)
    monkeypatch.setattr(publisher.build, "_executor", lambda *_, **__: InProcess())
    (base / "source" / "cedar" / "article.md").write_text(GOOD.format(name="cedar"), encoding="utf-8")
    for jobs in ("1", "2"):
        assert cli.main(["build", "--format", "web", "--jobs", jobs, "--out", jobs]) == 2
        told = capsys.readouterr()
        assert "error: building birch: a fault of publisher's own, KeyError: \"nobody's\"; please report it" in told.err
        assert told.out.splitlines()[-1] == "3 editions: 2 built, 0 unchanged, 1 failed: birch"
    monkeypatch.setenv("PUBLISHER_TRACEBACK", "1")
    with pytest.raises(KeyError):
        cli.main(["build", "--format", "web", "--jobs", "1"])


def test_what_was_built_is_told_before_a_catalogue_that_fails(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(out: Path) -> None:
        raise PermissionError(13, "Permission denied", str(out / "index.html"))

    monkeypatch.setattr("publisher.shelving.update_catalogue", refuse)
    assert cli.main(["build", "--format", "web", "--jobs", "1", "--json", "ash"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["editions"][0]["changed"]
    assert told.err.startswith("error: build/index.html: Permission denied; ")


def test_a_manifest_of_somebody_elses_keeps_nothing_out_of_the_catalogue(base: Path) -> None:
    for name, data in (("odd", b"{"), ("list", b"[]")):
        (base / "build" / name).mkdir(parents=True)
        (base / "build" / name / "edition.json").write_bytes(data)
    assert cli.main(["build", "--format", "web", "--jobs", "1", "ash"]) == 0
    assert "ash/" in (base / "build" / "index.html").read_text("utf-8")


def test_two_editions_of_one_name_are_refused_and_one_that_is_named_twice_is_built_once(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = base / "other" / "ash"
    other.mkdir(parents=True)
    (other / "article.md").write_text(GOOD.format(name="other ash"), encoding="utf-8")
    assert cli.main(["build", "--format", "web", "ash", "other/ash"]) == 2
    assert "source/ash and other/ash would both be made in ash; rename one" in capsys.readouterr().err
    assert not (base / "build").exists()
    assert cli.main(["check", "ash", "other/ash"]) == 0
    assert cli.main(["build", "--format", "web", "ash", "source/ash"]) == 0
    assert capsys.readouterr().out.count("files in build/ash") == 1


def test_an_interrupt_is_heard_by_those_who_wait_and_not_by_what_has_ended(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A done-callback that raises would be told of by Python with a traceback, in the thread of a worker."""
    backwards = Backwards()
    monkeypatch.setattr(publisher.build, "_executor", lambda jobs, *_, **__: backwards if jobs > 1 else InProcess())
    told: list[str] = []

    def tell(doing: str, _at: int, _of: int) -> None:
        told.append(doing)
        raise KeyboardInterrupt

    store = publisher.build.Store(base / "cache")
    orders = [
        publisher.build.Order(base / "source" / name, base / "build", store, ("web",)) for name in ("ash", "birch")
    ]
    outcomes = list(publisher.build.build_all(orders, tell, 2))
    assert [getattr(one, "name", "failed") for one in outcomes] == ["ash", "failed"]
    assert sorted(told) == ["built ash", "failed birch"]


def test_workers_need_not_see_what_stands_beside_the_output(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))  # else all of it may be read
    (base / "source" / "cedar" / "article.md").write_text(GOOD.format(name="cedar"), encoding="utf-8")
    status = cli.main(["build", "--format", "web", "--jobs", "2", "ash", "cedar"])
    assert status == 0
    assert (tmp_path / "build" / "ash" / "index.html").is_file()
