"""The editions that the validators are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
EDITIONS = {
    "upstream": ROOT / "source" / "upstream",
    **{name: ROOT / "tests" / "editions" / name for name in ("constructs", "french", "arabic", "chinese", "minimal")},
}
FORMATS = ("audio", "audiobook", "daisy", "docx", "epub", "web")
"""PDF has validators of its own."""

Built = Callable[[str], Path]
"""An edition's name in, the folder of its files out."""
