"""What fails in one edition is that edition's failure, whatever it was: no other is kept from being built."""

from __future__ import annotations

import errno
import os
from concurrent.futures import BrokenExecutor

from publisher.model.findings import EngineError, InputError, PublisherError

ENDED = "its process was ended from outside, perhaps for want of memory"


def as_failure(problem: Exception, name: str) -> PublisherError:
    """What went wrong with an edition, in words for the person at the keyboard. What nobody foresaw is raised again
    where PUBLISHER_TRACEBACK is set."""
    match problem:
        case PublisherError():
            return problem
        case BrokenExecutor():
            return EngineError(f"building {name}", f"{ENDED}; try again with --jobs 1")
        case OSError():
            return InputError(in_words(problem) if problem.filename else f"{name}: {in_words(problem)}")
    if os.environ.get("PUBLISHER_TRACEBACK"):
        raise problem
    return EngineError(f"building {name}", fault(problem))


def in_words(problem: OSError) -> str:
    """What the system refused, and what to do."""
    place = f"{problem.filename}: " if problem.filename else ""
    if problem.errno == errno.ENOSPC:
        return f"{place}no room on the disk; free some and run again, what was published before is untouched"
    return f"{place}{problem.strerror or problem}; what was published before is untouched"


def fault(problem: Exception) -> str:
    """That it is nobody's but ours."""
    told = " ".join(f"{type(problem).__name__}: {problem}".split())
    return (
        f"a fault of publisher's own, {told}; please report it with what PUBLISHER_TRACEBACK=1 makes the same command"
        " print, what was published before is untouched"
    )
