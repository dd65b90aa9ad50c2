"""Running a program that judges a file: a process with limits of time, memory and output, in a scratch folder.

What is left of it when it is done or its time is up is ended with all its children.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publisher.holding import warden
from publisher.model.findings import EngineError, Severity

REMEDY = "run `make conformance`, which installs it"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that a validator says. `member` is the document inside a container; lines and columns count from 1;
    `id` is that of the element, where the validator or the place tells it."""

    rule: str
    severity: Severity
    message: str
    member: str = ""
    line: int | None = None
    column: int | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a validator says of one file."""

    version: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A validator that is not here: why it cannot be run, and what to do."""

    why: str
    remedy: str = REMEDY


Command = Sequence[str]
"""A program and its first arguments."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A validator. `check` is the id of its findings; `limit` the seconds that it may take for one file."""

    name: str
    check: str
    standard: str
    media_types: frozenset[str]
    limit: float
    find: Callable[[], Command | Missing]
    run: Callable[[Command, Path, Path, float], Report]


def call(tool: str, command: Command, scratch: Path, limit: float, more: Mapping[str, str] | None = None) -> str:
    """Run a validator and return what it printed. Raises EngineError where it cannot start or takes too long.

    Its exit status is not asked: validators say in their reports what they found.
    """
    environment = {**os.environ, "TMPDIR": str(scratch), **(more or {})}
    printed, told = scratch / "printed", scratch / "told"
    with printed.open("wb") as output, told.open("wb") as errors:
        try:
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                cwd=scratch,
                env=environment,
                start_new_session=True,
            )
            _hold(process.pid)
        except OSError as problem:
            raise EngineError(tool, f"{command[0]} cannot be started: {problem.strerror or problem}") from problem
        warden.mind(process.pid)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired as problem:
            raise EngineError(tool, f"it was not done within {limit:g} seconds") from problem
        finally:
            # A browser or a Java process may outlive its parent.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            warden.forget(process.pid)
    return printed.read_text("utf-8", "replace")


_MEMORY, _WRITTEN = 6 << 30, 1 << 30
"""Bytes: of data that each process of a validator may have, of each file that it may write. Java and a browser take a
gigabyte for a book."""


def _hold(process: int) -> None:
    """Keep a validator, and all that it starts, within its memory and the size of what it writes, where that can be."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not there on other systems

    for limit, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_FSIZE, _WRITTEN), (resource.RLIMIT_CORE, 0)):
        with suppress(ProcessLookupError, PermissionError, ValueError):  # it has ended, or has less already
            resource.prlimit(process, limit, (most, most))


def patience(limit: float, size: int) -> float:
    """Seconds that a validator may take for a file of so many bytes: its limit for what is usual, more for what is
    large."""
    return limit + _PER_MEGABYTE * (size // 1_000_000)


_PER_MEGABYTE = 5.0


def loaded(tool: str, text: str, scratch: Path) -> Any:
    try:
        return json.loads(text)
    except ValueError as problem:
        told = (scratch / "told").read_text("utf-8", "replace").strip().splitlines()
        last = f" Its last words: {told[-1][:200]}" if told else ""
        raise EngineError(tool, f"it ended without a report that can be read.{last}") from problem


def report_in(tool: str, path: Path, scratch: Path) -> Any:
    return loaded(tool, path.read_text("utf-8", "replace") if path.is_file() else "", scratch)


@contextmanager
def understood(tool: str) -> Iterator[None]:
    """A report of another shape than the one that is known is no report."""
    try:
        yield
    except (KeyError, StopIteration, TypeError, AttributeError, IndexError, ValueError) as problem:
        raise EngineError(
            tool, f"its report is not of the kind that is known ({type(problem).__name__}: {problem})"
        ) from problem


def java(jar: Path, what: str) -> Command | Missing:
    program = shutil.which("java")
    return (program, "-jar", str(jar)) if program else Missing(f"{what} needs Java, which is not installed")


def given(variable: str) -> Command | Missing | None:
    """What an environment variable names: a program, or a JAR."""
    named = os.environ.get(variable)
    if not named:
        return None
    if not Path(named).is_file() and not shutil.which(named):
        return Missing(f"${variable} names {named}, which is not there", f"correct or unset ${variable}")
    return java(Path(named).resolve(), variable) if named.endswith(".jar") else (shutil.which(named) or named,)
