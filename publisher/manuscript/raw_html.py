"""Raw HTML among words: the few elements that mean what Markdown has no mark for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from publisher.model.inlines import Style

STYLES = {
    "b": Style.STRONG,
    "strong": Style.STRONG,
    "i": Style.EMPHASIS,
    "em": Style.EMPHASIS,
    "cite": Style.EMPHASIS,
    "dfn": Style.EMPHASIS,
    "var": Style.EMPHASIS,
    "u": Style.UNDERLINE,
    "ins": Style.UNDERLINE,
    "s": Style.STRIKEOUT,
    "del": Style.STRIKEOUT,
    "strike": Style.STRIKEOUT,
    "mark": Style.MARK,
    "sub": Style.SUBSCRIPT,
    "sup": Style.SUPERSCRIPT,
}
"""Elements that are a style."""

SPANS = ("abbr", "kbd", "small", "samp", "time", "span", "bdi", "bdo", "big", "font", "nobr", "data")
"""Elements that are a Span; all but `abbr` and `span` give it their name as a class."""

PAIRED = frozenset({*STYLES, *SPANS, "a", "q", "code", "tt"})
"""Elements that have an end."""

VOID = frozenset({"br", "wbr", "img"})
"""Elements that have none."""

UNWRAPPED = frozenset("p center details summary main article header footer figure figcaption hgroup font big".split())
"""Elements around blocks that may go, since what is in them stays: how it looks is for the style sheet to say."""

ALLOWED = "a, abbr, b, br, code, del, em, i, img, kbd, mark, q, s, small, span, strong, sub, sup, u, wbr"
"""What the message of a refusal offers."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: `kind` is start, end, comment or other."""

    kind: str
    name: str
    attributes: dict[str, str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tag: Tag | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = Tag("start", tag, {key: value or "" for key, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.tag = Tag("end", tag, {})


def read_tag(text: str) -> Tag:
    """What one piece of raw HTML is."""
    if is_comment(text):
        return Tag("comment", "", {})
    reader = _Reader()
    reader.feed(text)
    return reader.tag or Tag("other", text.strip("<>! ").split(" ")[0][:20], {})


def holds_words(text: str) -> bool:
    """Whether anything is left of raw HTML without its tags and comments."""
    return bool(re.sub(r"<!--.*?-->|<[^<>]*>", "", text, flags=re.DOTALL).strip())


def is_comment(text: str) -> bool:
    """Whether raw HTML is comments and nothing else."""
    return not re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip()
