"""The registry of formats. Adding one is a folder with `write.py` and `read.py`, and a line here."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

TYPE_CHECKING = False  # the same to type checkers, and no import of typing at every start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from publisher.formats.contract import Job, Reader, Writer

FORMATS = ("audio", "audiobook", "daisy", "docx", "epub", "pdf", "web")
"""In the order of making: web comes last, since its pages offer the other formats for download."""

PARTS = {"pdf": ("print", "large-print")}
"""The parts of a format that share nothing, in the order of their files: each can be written by another process."""


AHEAD = ("epub",)
"""The formats of which something can be made before what they wait for is there: the `ahead` beside their `write`."""


def ahead(name: str) -> Callable[[Job], None]:
    """The `ahead` of a format of AHEAD, imported only now."""
    found: Callable[[Job], None] = import_module(f"publisher.formats.{name}.write").ahead
    return found


def writer(name: str) -> Writer:
    """The `write` of a format, imported only now: each drags a large library along."""
    found: Writer = import_module(f"publisher.formats.{name}.write").write
    return found


def loading(formats: Iterable[str]) -> list[str]:
    """The modules that write formats, all that they drag along with them; not of the web pages, which a build writes
    itself."""
    return [f"publisher.formats.{name}.{'ahead' if name == 'pdf' else 'write'}" for name in formats if name != "web"]


def reader(name: str) -> Reader | None:
    """The `read` of a format, imported only now; None for a format that nobody can read back yet."""
    module = f"publisher.formats.{name}.read"
    if find_spec(module) is None:
        return None
    found: Reader = import_module(module).read
    return found
