"""When two texts say the same: differences of writing are set aside, differences of content never are.

Set aside: how characters are composed (Unicode NFC), white space of every kind, ligatures of typesetters, soft hyphens
and joiners without meaning, hyphens at which no line may end, straight against typographic quotation marks, and spaces
beside Chinese and Japanese characters, which are written without any. Kept: every letter, digit, sign, dash and accent,
so that no changed number, name or "not" can hide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_QUOTES = {"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"}
_MEANINGLESS = {
    "\u00ad": "",  # soft hyphen
    "\u200b": "",  # zero width space: a place to break, no space
    "\u2060": "",  # word joiner
    "\ufeff": "",  # byte order mark, zero width no-break space
}
_UNBREAKING = {"\u2011": "-"}
SPACELESS = "\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Characters of scripts that set no spaces between words or sentences, as the inside of a regular expression's set."""
_SPACED = re.compile(rf"""(?<=[{SPACELESS}])["'()\[\] ]+|["'()\[\] ]+(?=[{SPACELESS}])""")
_TABLE = str.maketrans({**_LIGATURES, **_QUOTES, **_MEANINGLESS, **_UNBREAKING})


@lru_cache(maxsize=2**14)
def normalise(text: str) -> str:
    """The text in the form in which texts are compared. Idempotent."""
    spaced = " ".join(_characters(text).split())
    if spaced.isascii():
        return spaced
    # A mark that stood behind such a space joins the letter before it.
    return unicodedata.normalize("NFC", _SPACED.sub(lambda match: match[0].replace(" ", ""), spaced))


def normalise_lines(text: str) -> tuple[str, ...]:
    """The lines of code in the form in which they are compared: white space counts but at their ends."""
    return tuple(line.rstrip() for line in _characters(text).strip("\r\n").splitlines())


def _characters(text: str) -> str:
    # In this order: what is taken out or apart may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", text.translate(_TABLE))
