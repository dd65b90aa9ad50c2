"""The registry of formats. Adding one is a folder with `write.py`, and a line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from publisher.formats.contract import Writer

FORMATS = ("audio", "epub", "pdf", "web")
"""In the order of making: web comes last, since its pages offer the other formats for download."""


def writer(name: str) -> Writer:
    """The `write` of a format, imported only now: each drags a large library along."""
    return cast("Writer", import_module(f"publisher.formats.{name}.write").write)
