"""Language tags as authors write them, and the quotation marks of languages."""

from __future__ import annotations

from functools import cache

import langcodes

from publisher.model.findings import Finding, Severity
from publisher.model.source import Position


@cache
def standard_tag(tag: str) -> str | None:
    """A BCP 47 tag in its standard spelling (`en-gb` is `en-GB`), None where it is no valid tag.

    https://www.rfc-editor.org/rfc/rfc5646
    """
    tag = tag.strip().replace("_", "-")
    if not tag or not langcodes.tag_is_valid(tag):
        return None
    return str(langcodes.standardize_tag(tag))


def language_finding(tag: str, position: Position | None) -> Finding:
    """What to tell the author of a tag that is none."""
    hint = "write a BCP 47 tag such as en, en-GB, fr or zh-Hant"
    return Finding("language-unknown", Severity.ERROR, f"unknown language tag {tag!r}; {hint}", position)


_NARROW = "\u202f"

# Double then single quotation marks, after CLDR's delimiters. https://cldr.unicode.org
_QUOTES = {
    "en": ("“", "”", "‘", "’"),
    "bg": ("„", "“", "‚", "‘"),
    "cs": ("„", "“", "‚", "‘"),
    "da": ("“", "”", "‘", "’"),
    "de": ("„", "“", "‚", "‘"),
    "de-CH": ("«", "»", "‹", "›"),
    "el": ("«", "»", "“", "”"),
    "es": ("«", "»", "“", "”"),
    "es-MX": ("“", "”", "‘", "’"),
    "et": ("„", "“", "‚", "‘"),
    "fi": ("”", "”", "’", "’"),
    "fr": (f"«{_NARROW}", f"{_NARROW}»", "“", "”"),
    "fr-CH": (f"«{_NARROW}", f"{_NARROW}»", "‹", "›"),
    "hr": ("„", "“", "‚", "‘"),
    "hu": ("„", "”", "»", "«"),
    "it": ("«", "»", "“", "”"),
    "ja": ("「", "」", "『", "』"),
    "lt": ("„", "“", "‚", "‘"),
    "nb": ("«", "»", "‘", "’"),
    "nn": ("«", "»", "‘", "’"),
    "no": ("«", "»", "‘", "’"),
    "pl": ("„", "”", "«", "»"),
    "pt": ("“", "”", "‘", "’"),
    "pt-PT": ("«", "»", "“", "”"),
    "ro": ("„", "”", "«", "»"),
    "ru": ("«", "»", "„", "“"),
    "sk": ("„", "“", "‚", "‘"),
    "sl": ("„", "“", "‚", "‘"),
    "sq": ("«", "»", "“", "”"),
    "sr": ("„", "“", "‘", "‘"),
    "sv": ("”", "”", "’", "’"),
    "uk": ("«", "»", "„", "“"),
    "zh-Hant": ("「", "」", "『", "』"),
}


@cache
def quotation_marks(lang: str, *, double: bool = True) -> tuple[str, str]:
    """The opening and closing quotation mark of a language; English ones where it is not in our table."""
    parts = lang.split("-")
    for length in range(len(parts), 0, -1):
        marks = _QUOTES.get("-".join(parts[:length]))
        if marks:
            break
    else:
        marks = _QUOTES["en"]
    return marks[:2] if double else marks[2:]
