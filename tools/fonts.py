"""Packs fonts of WOFF2 so that they are unpacked quickly, with no other bytes than before once they are.

    python tools/fonts.py FONT.woff2…

WOFF2 may rearrange outlines before it compresses them (https://www.w3.org/TR/WOFF2/#glyf_table_format): a tenth of the
size, but a large font takes most of a second to put together again, of which a PDF needs an arrow or two.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import woff2  # type: ignore[import-untyped]


def unpacked(packed: bytes) -> bytes:
    """A font as TrueType."""
    out = BytesIO()
    woff2.decompress(BytesIO(packed), out)
    return out.getvalue()


def as_it_stands(packed: bytes) -> bytes:
    """A font packed again, its tables as they are. Raises ValueError if it does not come out the same."""
    font, out = unpacked(packed), BytesIO()
    woff2.compress(BytesIO(font), out, transform_tables=set())
    if unpacked(out.getvalue()) != font:
        raise ValueError("the font is another one when it is unpacked again")
    return out.getvalue()


def main() -> int:
    for path in map(Path, sys.argv[1:]):
        before = path.read_bytes()
        after = as_it_stands(before)
        path.write_bytes(after)
        print(f"{path.name}: {len(before):,} to {len(after):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
