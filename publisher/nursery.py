"""For the process that workers are forked from, which imports this last, and for no other.

It looks for garbage among what it has imported no more, so that workers share that memory as it is; and at its end it
is gone at once: taking a hundred modules apart would take a quarter of a second that nobody waits for.
"""

from __future__ import annotations

import atexit
import gc
import os
from multiprocessing import spawn
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_prepare = spawn.prepare


def _without_program(data: Mapping[str, Any]) -> None:
    """Tasks are functions of modules: a worker has no use for the program that this was begun by, and would run it to
    its first lines, which in a worker of Dask's import all of Dask."""
    _prepare({name: value for name, value in data.items() if not name.startswith("init_main")})


spawn.prepare = _without_program
gc.collect()
gc.freeze()
atexit.register(os._exit, 0)
