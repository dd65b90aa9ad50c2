"""Worker processes that begin with what they need imported: forked from one that imports and does nothing else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import current_process, forkserver, get_context, resource_tracker
from pathlib import Path
from typing import Any

from publisher.processes import deaf

FORKS = sys.platform == "linux" and not (sys.flags.ignore_environment and not sys.flags.safe_path)
"""Whether workers can be forked from a process that is made for it: elsewhere libraries of the system do not bear it,
and an interpreter that heeds no environment cannot be told where its modules are."""


def load_ahead(modules: Sequence[str]) -> bool:
    """Have a process begin to import modules that have no threads, from which workers are then forked:
    what they all need is imported once, while this process does something else. A module that is not there is passed
    over, and imported, or missed, by the worker that needs it.

    There is one for this process, with the modules that were named first; it ends when this process has. False where
    there can be none, and workers are to be spawned.
    """
    if not FORKS:
        return False
    resource_tracker.ensure_running()  # here, since it would have Ctrl-C heard again
    forkserver.set_forkserver_preload([*modules, "publisher.nursery"])
    before = {name: os.environ.get(name) for name in ("PYTHONPATH", "PYTHONSAFEPATH")}
    # It looks for modules where this process does, and not where the user happens to be.
    os.environ.update(PYTHONPATH=os.pathsep.join(path or str(Path.cwd()) for path in sys.path), PYTHONSAFEPATH="1")
    try:
        with deaf():
            forkserver.ensure_running()
    except OSError:  # its socket stands in the folder for temporary files, whose name may be too long for one: unix(7)
        return False
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return True


def context(ahead: Sequence[str]) -> Any:
    """The context of multiprocessing for workers that need these modules; of none, for what may have nothing to do,
    they are spawned, which costs nothing before."""
    return get_context("forkserver" if ahead and load_ahead(ahead) else "spawn")


_starting = threading.Lock()


@contextmanager
def with_children() -> Iterator[None]:
    """Processes can be started in this block, even by one that is a daemon to multiprocessing, as Dask's workers are.

    To such it refuses children, since those would be left behind where it is killed. Ours end with it: they see the end
    of their pipe, and the warden kills what does not.
    """
    with _starting:
        this = current_process()
        refused, this.daemon = this.daemon, False
        try:
            yield
        finally:
            this.daemon = refused


def take_environment(environment: Mapping[str, str]) -> None:
    """Runs in a worker: one that was forked has the environment of a process that is older than its pool."""
    if dict(os.environ) != environment:
        os.environ.clear()
        os.environ.update(environment)
