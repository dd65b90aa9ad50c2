"""Has pictures looked at by a child process, so that one that crashes, loops or takes over what looks at it does so
there: the child sees no file, writes none and has no network.

looker = Looker(limits)
width, height = looker.size_of("cover.png", "image/png", data)  # the first one begins the child
looker.end()
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.holding import children
from publisher.holding.allowance import Within, allowance
from publisher.holding.children import MEGABYTE, Bounds, TooLongError, TooMuchError
from publisher.holding.confining import View
from publisher.holding.here import stays_here
from publisher.manuscript.unusable import UnusableError
from publisher.model.findings import EngineError
from publisher.model.limits import Limits, beyond

if TYPE_CHECKING:
    from publisher.manuscript.pictures import Size

# -P: the folder that the user stands in may be a stranger's, too, and is no place to import from.
COMMAND = (sys.executable, "-P", "-B", "-m", "publisher.manuscript.looking_child")

BYTES_A_SECOND = 500_000
"""The slowest that a picture may be looked at, beside the time for all of them: drawings are parsed at two to
five times that, others read a hundred times as fast."""

_STARTING = 60.0
"""Seconds until the child says that it is there; it takes a tenth of one."""
_LEAST = 1.0
"""Seconds that every picture has, whatever others have taken."""
_LONGEST = MEGABYTE
"""Bytes of an answer."""
_CHECKS = ("image-kind", "image-unsafe", "image-large")


class Looker:
    """What looks at the pictures of one edition: a child process, begun for the first one, and again only where a
    picture has made it end. In a worker, which is held itself, there is none.

    Together the pictures have as many seconds as an engine has for a text, beside those that their bytes allow them.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = float(limits.seconds)
        self._child: subprocess.Popen[bytes] | None = None

    def size_of(self, name: str, media_type: str, data: bytes) -> Size:
        """The size of a picture, as `pictures.size_of` gives it. Raises UnusableError as that does, and where looking
        at it takes too long or too much, or ends the child; EngineError where none can be started."""
        if stays_here():
            return self._size_here(name, media_type, data)
        about = {"name": name, "media_type": media_type, "pixels": self._limits.pixels, "bytes": len(data)}
        broken = UnusableError(
            "image-kind", f"picture {name} cannot be read: what looked at it broke down; save it again"
        )
        try:
            answer = self._answer(json.dumps(about).encode() + b"\n", data)
        except TooLongError as problem:
            raise self._late(name) from problem
        except (EOFError, TooMuchError) as problem:
            raise broken from problem
        try:
            return self._believed(name, answer)
        except (ValueError, RecursionError) as problem:
            self.end()
            raise broken from problem

    def end(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            children.end(child)

    def _answer(self, about: bytes, data: bytes) -> bytes:
        """What the child says to a request. Raises as `children.ask`, with the child ended."""
        if self._child is None:
            self._child = self._begin()
        by_size = len(data) / BYTES_A_SECOND
        began = time.monotonic()
        try:
            return children.ask(self._child, (about, data), began + max(self._left, _LEAST) + by_size, _LONGEST)
        except BaseException:  # interrupted half way, what it says next would be taken for another's answer
            self.end()
            raise
        finally:
            self._left -= max(0.0, time.monotonic() - began - by_size)

    def _begin(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        # Each picture has its own time.
        bounds = Bounds(None, memory=self._limits.memory * MEGABYTE, files=64)
        # It looks for modules where this process does.
        path = os.pathsep.join(one or str(Path.cwd()) for one in sys.path)
        errors = None if os.environ.get("PUBLISHER_TRACEBACK") else subprocess.DEVNULL
        try:
            child = children.start(
                COMMAND, bounds, View(), stdin=pipe, stdout=pipe, stderr=errors, env={**os.environ, "PYTHONPATH": path}
            )
        except OSError as problem:
            raise EngineError("Pillow", f"cannot be started: {problem.strerror}; try again") from problem
        try:
            children.ask(child, (), time.monotonic() + _STARTING, _LONGEST)
        except (TooLongError, TooMuchError, EOFError) as problem:
            children.end(child)
            raise EngineError("Pillow", "cannot be started to look at pictures; install publisher anew") from problem
        except BaseException:
            children.end(child)
            raise
        return child

    def _believed(self, name: str, answer: bytes) -> Size:
        """What the child answered. Raises ValueError for what is no answer."""
        match json.loads(answer):
            case {"size": [width, height]} if all(
                one is None or (type(one) is int and one >= 0) for one in (width, height)
            ):
                return width, height
            case {"check": str(check), "message": str(message)} if check in _CHECKS:
                raise UnusableError(check, message)
            case {"memory": True}:
                raise self._large(name)
        raise ValueError(answer)

    def _size_here(self, name: str, media_type: str, data: bytes) -> Size:
        from publisher.manuscript.pictures import size_of  # noqa: PLC0415 - not where a child looks at pictures

        late = self._late(name)
        seconds = self._limits.seconds + len(data) / BYTES_A_SECOND
        try:
            with allowance(Within(seconds, "Pillow", late.message), self._limits.memory):
                return size_of(name, media_type, data, self._limits.pixels)
        except TooLongError as problem:
            raise late from problem
        except TooMuchError as problem:
            raise self._large(name) from problem

    @staticmethod
    def _late(name: str) -> UnusableError:
        what = f"looking at picture {name} takes too long"
        return UnusableError("image-large", beyond(what, "save it again, as a simpler one", "seconds"))

    def _large(self, name: str) -> UnusableError:
        what = f"looking at picture {name} takes more than {self._limits.memory} MB of memory"
        return UnusableError("image-large", beyond(what, "save it again, as a simpler one", "memory"))
