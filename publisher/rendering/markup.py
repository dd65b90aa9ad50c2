"""Writing XML by hand: elements, attributes and the directions of languages.

The output is XHTML in the sense of HTML's "XML syntax" (https://html.spec.whatwg.org/multipage/xhtml.html) and is
parsed the same by an HTML parser, so the same text serves EPUB, WeasyPrint and browsers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup

VOID = frozenset({"br", "col", "hr", "img", "link", "meta", "track"})
"""Elements of ours that HTML gives no end tag."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets)."""

_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"))
_RIGHT_TO_LEFT_SCRIPTS = frozenset(("adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"))

Attributes = dict[str, str | None]
"""By name; None leaves an attribute out."""


def text(words: str) -> Markup:
    """Words as character data: escaped, and what XML cannot hold replaced by U+FFFD."""
    escaped = _NOT_XML.sub("\ufffd", words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(escaped.replace("\r", "&#13;"))  # noqa: S704 - escaped just above


def element(name: str, attributes: Attributes | None = None, *content: str) -> Markup:
    """An element of attributes and content; content that is not Markup is escaped."""
    tag = name + "".join(f' {key}="{_quoted(value)}"' for key, value in (attributes or {}).items() if value is not None)
    if name in VOID:
        return Markup(f"<{tag}/>")  # noqa: S704 - names are ours, values are escaped
    inside = "".join(part if isinstance(part, Markup) else text(part) for part in content)
    return Markup(f"<{tag}>{inside}</{name}>")  # noqa: S704


def join(parts: Iterable[str], separator: str = "") -> Markup:
    """Parts as one; those that are not Markup are escaped."""
    return Markup(separator).join(part if isinstance(part, Markup) else text(part) for part in parts)  # noqa: S704


def _quoted(value: str) -> str:
    return str(text(str(value))).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def direction(lang: str) -> str:
    """`rtl` or `ltr`: how a language, as a BCP 47 tag, is written."""
    subtags = lang.lower().split("-")
    scripts = [subtag for subtag in subtags[1:] if len(subtag) == 4 and subtag.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if subtags[0] in _RIGHT_TO_LEFT else "ltr"


def language(lang: str, around: str, *, xml: bool = False, foreign: bool = False) -> Attributes:
    """The attributes that say a language where it differs from the one `around`; `xml` adds `xml:lang` for EPUB.

    `foreign` says it always: on a document's root.
    """
    if lang == around and not foreign:
        return {}
    attributes: Attributes = {"lang": lang}
    if xml:
        attributes["xml:lang"] = lang
    if direction(lang) != direction(around) or (foreign and direction(lang) == "rtl"):
        attributes["dir"] = direction(lang)
    return attributes


def spoken_in(lang: str | None, around: str) -> Markup:
    """The attributes of an element whose words are in a language of their own, each with a space before it."""
    found = language(lang or around, around)
    return Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in found.items())


def root_attributes(lang: str) -> Markup:
    """The attributes of a page's root: its language and, always, its direction."""
    return Markup(' lang="{}" dir="{}"').format(lang, direction(lang))
