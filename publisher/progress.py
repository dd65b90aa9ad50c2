"""How far the work has come: a bar on a terminal, plain lines elsewhere, nothing where only JSON is wanted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from publisher.interrupting import check_interrupted

Tell = Callable[[str, int, int], None]


@contextmanager
def progress(name: str, quiet: bool) -> Iterator[Tell]:
    """A function that shows progress on standard error while the block runs.

    It takes what is being done, how much of it is done and out of how much (0 where that is not known). Each call
    ends the block where Ctrl-C has come and was lost.
    """
    if quiet:
        yield _hearing(_silence)
    elif sys.stderr.isatty():
        with _bar(name) as tell:
            yield _hearing(tell)
    else:
        yield _hearing(_lines(name))


def _hearing(tell: Tell) -> Tell:
    def told(doing: str, at: int, of: int) -> None:
        check_interrupted()
        tell(doing, at, of)

    return told


@contextmanager
def _bar(name: str) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda doing, at, of: bar.update(task, description=f"{name}: {doing}", completed=at, total=of or None)


def _silence(_doing: str, _at: int, _of: int) -> None:
    """For a caller that wants nothing but JSON."""


def _lines(name: str) -> Tell:
    """One line for each new thing that is being done; counts would only be noise in a log."""
    said: list[str] = []

    def tell(doing: str, _at: int, _of: int) -> None:
        if doing not in said:
            said.append(doing)
            print(f"{name}: {doing}", file=sys.stderr)

    return tell
