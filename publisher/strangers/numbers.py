"""Numbers as strangers write them."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")


def whole(told: str) -> int | None:
    """A whole number of at most nine digits; None for what is none: `²`, which Python calls a digit, or ten thousand
    digits, which it refuses to read."""
    return int(told) if _WHOLE.fullmatch(told.strip()) else None
