"""The registry of formats. Adding one is a folder with `write.py` and `read.py`, and a line here."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

TYPE_CHECKING = False  # the same to type checkers, and no import of typing at every start
if TYPE_CHECKING:
    from collections.abc import Iterable

    from publisher.formats.contract import Reader, Writer

FORMATS = ("audio", "audiobook", "daisy", "docx", "epub", "pdf", "web")
"""In the order of making: web comes last, since its pages offer the other formats for download."""

PARTS = {"pdf": ("print", "large-print")}
"""The parts of a format that share nothing, in the order of their files: each can be written by another process."""


def writer(name: str) -> Writer:
    """The `write` of a format, imported only now: each drags a large library along."""
    found: Writer = import_module(f"publisher.formats.{name}.write").write
    return found


def loading(formats: Iterable[str]) -> list[str]:
    """The modules that write formats, with all that they drag along."""
    return [f"publisher.formats.{name}.{'ahead' if name == 'pdf' else 'write'}" for name in formats]


def readers(formats: Iterable[str]) -> list[str]:
    """The modules that read formats back."""
    return [f"publisher.formats.{name}.read" for name in formats]


def reader(name: str) -> Reader | None:
    """The `read` of a format, imported only now; None for a format that nobody can read back yet."""
    module = f"publisher.formats.{name}.read"
    if find_spec(module) is None:
        return None
    found: Reader = import_module(module).read
    return found
