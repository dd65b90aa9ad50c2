"""Run in a worker before it takes work: replaces a function by one that goes wrong as `$SPOILING` says.

`$SPOILING` is JSON: `at` a point (below), `do` what happens there (below), `edition` the name that it happens to
(any without), `once` a file that is made when it happens: it happens once in all workers that share the file; `gate` a
named pipe that is waited at. No worker sleeps: it ends itself, or waits until the test opens the gate.

What happens within the build happens in the process that the worker holds, which knows nothing of what was replaced in
its parent. So there the build itself is replaced, and runs this script again.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing import current_process, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

import publisher
from publisher.holding import children
from publisher.holding.children import Bounds
from publisher.holding.confining import View
from publisher.holding.here import inside

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
    """End Dask's worker; the process that it holds may not, and asks it to."""
    if not inside():
        os.kill(os.getpid(), signal.SIGKILL)
    _ears(parent_process()).write_bytes(b"end")
    signal.pause()  # until it ends with its parent


def _ears(worker: Any) -> Path:
    """The pipe on which a worker hears that it is to end."""
    return Path(f"{WISH['gate']}-{worker.pid}")


def listen() -> None:
    ears = _ears(current_process())
    os.mkfifo(ears)

    def hear() -> None:
        if ears.read_bytes():
            end()

    Thread(target=hear, daemon=True).start()


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def start_and_wait() -> None:
    """Start a process, tell who is there, and wait."""
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    child = children.start(command, Bounds(None), View())
    Path(WISH["told"]).write_text(json.dumps([os.getpid(), os.getppid(), child.pid]), "utf-8")
    wait()


def leak() -> None:
    """Try what a taken-over library would, and tell how far it came."""
    tried: dict[str, Callable[[], object]] = {
        "read": lambda: Path(WISH["secret"]).read_text("utf-8"),
        "write": lambda: Path(WISH["secret"]).with_name("mine").write_text("mine", "utf-8"),
        "call": lambda: socket.create_connection(("127.0.0.1", int(WISH["port"]))).close(),
    }
    told: dict[str, Any] = {"process": [os.getpid(), os.getppid()], "epoch": os.environ.get("SOURCE_DATE_EPOCH", "")}
    for name, attempt in tried.items():
        try:
            attempt()
            told[name] = "done"
        except OSError as problem:
            told[name] = type(problem).__name__
    with Path(WISH["told"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


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


ACTS = {
    "end": end,
    "wait": wait,
    "eat": eat,
    "fill": fill,
    "crash": crash,
    "start and wait": start_and_wait,
    "leak": leak,
}


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
        case "swap" | "reading" if "BUILDING" not in globals():
            import spoilt_build

            listen()
            tasks._build_here = spoilt_build.build_here
        case "blind":  # as on a machine where nobody mounted the output
            own_hidden = tasks._hidden
            tasks._hidden = lambda task: own_hidden(tasks.replace(task, out=task.out / "unmounted")) and task.out
        case "begin":
            before(tasks, "apart", lambda order, *_, **__: order.name)
        case "reading":  # in the process that is held
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
