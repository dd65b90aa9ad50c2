"""Run in a worker before it takes work: replaces a function by one that goes wrong as `$SPOILING` says.

`$SPOILING` is JSON: `at` a point (below), `do` what happens there (below), `edition` the name that it happens to
(any without), `once` a file that is made when it happens: it happens once in all workers that share the file; `gate` a
named pipe that is waited at. No worker sleeps: it ends itself, or waits until the test opens the gate.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import publisher

WISH: dict[str, str] = json.loads(os.environ["SPOILING"])


def happen(name: str) -> None:
    if WISH.get("edition", "") not in name:
        return
    if "once" in WISH:
        try:
            Path(WISH["once"]).touch(exist_ok=False)
        except FileExistsError:
            return
    ACTS[WISH["do"]]()


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait() -> None:
    Path(WISH["gate"]).read_bytes()


def eat() -> None:
    """Take more memory than the nanny allows, and keep it."""
    taken = bytearray(1 << 30)
    taken[:: os.sysconf("SC_PAGE_SIZE")] = b"x" * len(range(0, len(taken), os.sysconf("SC_PAGE_SIZE")))
    wait()


def fill() -> None:
    """Take all room on the disk that the worker has."""
    with Path(WISH["folder"], "filler").open("wb", buffering=0) as filler:
        while True:
            try:
                filler.write(bytes(1 << 16))
            except OSError:
                return


ACTS = {"end": end, "wait": wait, "eat": eat, "fill": fill}


def before(module: Any, name: str, told: Callable[..., str]) -> None:
    """Have it happen before a function is called; `told` gives the edition's name of the function's arguments."""
    own = getattr(module, name)

    def spoilt(*arguments: Any, **named: Any) -> Any:
        happen(told(*arguments, **named))
        return own(*arguments, **named)

    setattr(module, name, spoilt)


def after(module: Any, name: str, told: Callable[..., str]) -> None:
    """The same, after it was called and before it returns."""
    own = getattr(module, name)

    def spoilt(*arguments: Any, **named: Any) -> Any:
        result = own(*arguments, **named)
        happen(told(*arguments, **named))
        return result

    setattr(module, name, spoilt)


if WISH["at"] == "version":
    publisher.__version__ = "0.0.1"
else:
    from publisher import output
    from publisher.cluster import remote, tasks

    match WISH["at"]:
        case "blind":  # as on a machine where nobody mounted the output
            own_hidden = tasks._hidden
            tasks._hidden = lambda task: own_hidden(tasks.replace(task, out=task.out / "unmounted")) and task.out
        case "begin":
            before(tasks, "build_edition", lambda order, _tell: order.name)
        case "swap":  # all files are made, none is where readers look
            before(output, "_swap", lambda _new, final: final.name)
        case "copy":  # a new object is put aside, an old one is still read
            before(remote.Tree, "copy", lambda _tree, name, _to: name)
        case "manifest":  # the files are new, the manifest is old
            before(
                remote.Tree, "put", lambda _tree, _path, name, *_more: name if name.endswith("/edition.json") else "-"
            )
        case "told":  # published, and nobody knows
            after(tasks, "_run", lambda task, *_: task.edition.name)
