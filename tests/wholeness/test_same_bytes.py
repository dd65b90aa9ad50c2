"""The same edition gives the same bytes anywhere: another directory, user, time zone, locale, umask, hash seed, clock,
number of processes, order of completion. All of that is changed at once; where a file differs, each change is made
alone, so that the message names the one that did it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from builder import contents

from publisher import build
from publisher.build import Order, build_edition
from publisher.store import Store

EDITION = Path(__file__).parents[1] / "editions" / "french"
ROOT = Path(__file__).parents[2]
NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
READING_ALL = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
"""Another user may not get to where Python and this package are: this one may read everything, and write its own."""


@dataclass(frozen=True)
class Surroundings:
    """What a build finds: `environment` beside what is always there, the folder in which it runs, who runs it, its
    umask, the year that the clock shows, its processes."""

    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str = "here"
    other_user: bool = False
    umask: int = 0o022
    year: int | None = None
    jobs: int = 1


CHANGES: Mapping[str, Mapping[str, Any]] = {
    "directory": {"folder": "elsewhere and (ü) deeper/down"},
    "time zone and locale": {"environment": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "tr_TR.UTF-8"}},
    "hash seed": {"environment": {"PYTHONHASHSEED": "4711"}},
    "umask": {"umask": 0o077},
    "clock": {"year": 2031},
    "user": {"other_user": os.geteuid() == 0 and shutil.which("setpriv") is not None},
    "processes": {"jobs": 2},
}

_CLOCK = """
    import datetime, os, time
    ahead = float(os.environ["CLOCK_AHEAD"])
    now, now_ns, gmtime, localtime = time.time, time.time_ns, time.gmtime, time.localtime
    time.time = lambda: now() + ahead
    time.time_ns = lambda: now_ns() + int(ahead * 1e9)
    time.gmtime = lambda at=None: gmtime(time.time() if at is None else at)
    time.localtime = lambda at=None: localtime(time.time() if at is None else at)
    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(time.time(), tz)
        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)
        @classmethod
        def today(cls):
            return cls.now()
    class Day(datetime.date):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(time.time())
        def __repr__(self):
            return f"datetime.date({self.year}, {self.month}, {self.day})"
    for own, name in ((Later, "datetime"), (Day, "date")):
        own.__name__ = own.__qualname__ = name
        own.__module__ = "datetime"
        setattr(datetime, name, own)
"""
"""A `sitecustomize` that has Python's clocks run ahead, since nobody may set the machine's."""


def changed(names: Sequence[str]) -> Surroundings:
    chosen: dict[str, Any] = {"environment": {}}
    for name in names:
        for key, value in CHANGES[name].items():
            chosen[key] = {**chosen["environment"], **value} if key == "environment" else value
    return Surroundings(**chosen)


def built_in(surroundings: Surroundings, base: Path, edition: Path) -> tuple[Path, dict[str, str]]:
    """The output folder and what is in it, after a build in these surroundings."""
    folder = base / surroundings.folder
    folder.mkdir(parents=True)
    shutil.copytree(edition, folder / "source" / edition.name)
    patches = base / "patches"
    patches.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": f"{patches}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PUBLISHER_CACHE": str(folder / "store"),
        **surroundings.environment,
    }
    if surroundings.year is not None:
        (patches / "sitecustomize.py").write_text(textwrap.dedent(_CLOCK), encoding="utf-8")
        environment["CLOCK_AHEAD"] = str((surroundings.year - 2026) * 365.25 * 86400)
    if surroundings.other_user:
        for path in (base, *base.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    through = (*AS_NOBODY, *READING_ALL) if surroundings.other_user else ()
    done = subprocess.run(
        [*through, sys.executable, "-m", "publisher.cli", "build", edition.name, "--jobs", str(surroundings.jobs)],
        cwd=folder,
        env=environment,
        umask=surroundings.umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "build", contents(folder / "build")


def test_the_same_bytes_in_other_surroundings(tmp_path: Path) -> None:
    _, reference = built_in(Surroundings(), tmp_path / "reference", EDITION)
    assert len(reference) > 40
    _, other = built_in(changed(list(CHANGES)), tmp_path / "other", EDITION)
    differing = sorted(name for name in reference.keys() | other.keys() if reference.get(name) != other.get(name))
    if differing:
        to_blame = [
            name
            for number, name in enumerate(CHANGES)
            if built_in(changed([name]), tmp_path / f"alone{number}", EDITION)[1] != reference
        ]
        pytest.fail(f"{differing} differ; changed alone, these make a difference: {to_blame}")


class Backwards(Executor):
    """Does nothing until something is waited for, and then the last thing first."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Future[Any], Callable[[], Any]]] = []
        self.done: list[str] = []

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        executor = self

        class Awaited(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                executor.do_all()
                return super().result(timeout)

        future = Awaited()
        self._waiting.append((future, partial(function, *arguments, **named)))
        return future

    def do_all(self) -> None:
        while self._waiting:
            future, work = self._waiting.pop()
            self.done.append(str(getattr(work, "args", ("",))[0]))
            future.set_result(work())


def test_the_same_bytes_in_another_order_of_completion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = Path(__file__).parents[1] / "editions" / "minimal"
    formats = ("pdf", "docx", "epub", "audio", "audiobook", "daisy", "web")
    build_edition(Order(edition, tmp_path / "one", Store(tmp_path / "store"), formats), lambda *_: None)
    backwards = Backwards()
    monkeypatch.setattr(build, "_executor", lambda jobs, *_, **__: backwards)
    build_edition(Order(edition, tmp_path / "two", Store(tmp_path / "other"), formats, jobs=2), lambda *_: None)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    # It was another order indeed: the PDF for print begins first, and here is done after what began later.
    printed = max(number for number, name in enumerate(backwards.done) if name == "pdf")
    assert backwards.done.index("docx") < printed


def test_the_clock_of_the_test_is_another(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(_CLOCK), encoding="utf-8")
    program = "import datetime, json, time; print(json.dumps([time.gmtime().tm_year, datetime.date.today().year]))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "CLOCK_AHEAD": str(20 * 366 * 86400)}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert min(json.loads(told.stdout)) > 2040
