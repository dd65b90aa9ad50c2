"""Whole builds in a process of their own: they take long, and end at once when the text has changed again."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from publisher.build import Built, Order, build_edition
from publisher.model.findings import EngineError, PublisherError
from publisher.processes import deaf, end_with_parent

Outcome = Built | PublisherError
_GRACE = 5.0
"""Seconds that a build gets to clear away what it has begun."""


@dataclass
class Whole:
    """A build that runs. `tell` hears what it does, `done` how it ended, both on a thread of this one's own; `done` is
    not called for one that was ended by `end`."""

    order: Order
    tell: Callable[[str], None]
    done: Callable[[Outcome], None]

    def __post_init__(self) -> None:
        # Spawned, since a forked process would inherit the locks of the server's threads.
        context = get_context("spawn")
        self._receiver, sender = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(target=_run, args=(self.order, sender))
        self._ended = False
        with deaf():  # Ctrl-C is for the preview, which then ends it
            self._process.start()
        sender.close()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def end(self) -> None:
        """End it, whatever it is doing; what it has begun is cleared away."""
        self._ended = True
        self._process.terminate()
        self._process.join(_GRACE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _listen(self) -> None:
        outcome: Outcome = EngineError("build", "its process was ended from outside, perhaps for want of memory")
        try:
            while isinstance(message := self._receiver.recv(), str):
                if not self._ended:
                    self.tell(message)
            outcome = message
        except (EOFError, OSError):
            # It was ended, by us or from outside.
            pass
        self._receiver.close()
        self._process.join()
        if not self._ended:
            self.done(outcome)


def _run(order: Order, sender: Connection) -> None:
    """Runs in the process."""
    end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    said = ""

    def tell(doing: str, _at: int, _of: int) -> None:
        nonlocal said
        if doing != said:
            said = doing
            sender.send(doing)

    try:
        sender.send(build_edition(order, tell))
    except PublisherError as problem:
        sender.send(problem)
    except OSError as problem:
        place = f"{problem.filename}: " if problem.filename else ""
        sender.send(EngineError("build", f"{place}{problem.strerror or problem}"))
