"""Whether this very process is to do what engines do: it is held already, or wanted so."""

from __future__ import annotations

import os

IN_PROCESS = "PUBLISHER_IN_PROCESS"
"""The environment variable by which one job is done in the command's own process, for a debugger: nothing holds its
engines then."""

_inside = False


def enter() -> None:
    """This process is a worker from now on, for ever."""
    global _inside  # noqa: PLW0603 - one for the process
    _inside = True


def inside() -> bool:
    """Whether this very process is a worker."""
    return _inside


def stays_here() -> bool:
    """Whether what one process is to do is done in this very one: it is a worker already, or wanted so."""
    return inside() or bool(os.environ.get(IN_PROCESS))
