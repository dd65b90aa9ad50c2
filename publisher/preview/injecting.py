"""Pages as the preview serves them: with its panel and script, and a policy that lets these run. The files stay as
they are.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from publisher.preview.addresses import EVENTS, SCRIPT, STYLES

_META = re.compile(r"""<meta\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_END = re.compile(r"</body\s*>", re.IGNORECASE)
_ALLOWED = {"script-src": SCRIPT, "style-src": STYLES, "connect-src": EVENTS}
"""Which of the preview's own addresses a page's policy has to allow, by the directive that governs it."""


def injected(page: str, origin: str, panel: str) -> str:
    """The page with `panel` at the end of its body, and its policies widened by the preview's own three addresses."""
    page = _META.sub(lambda match: _widened_meta(match[0], origin), page)
    ends = [match.start() for match in _END.finditer(page)]
    at = ends[-1] if ends else len(page)
    return f"{page[:at]}{panel}\n{page[at:]}"


def widened(policy: str, origin: str) -> str:
    """A Content-Security-Policy that allows the preview's own addresses, too, and nothing else that it did not allow.

    A directive that is missing falls back to `default-src`; where that is missing, too, all is allowed already.
    https://www.w3.org/TR/CSP3/#directive-fallback-list
    """
    directives: dict[str, list[str]] = {}
    for name, *values in filter(None, map(str.split, policy.split(";"))):
        directives.setdefault(name.lower(), values)  # of several of one name, browsers take the first
    fallback = directives.get("default-src")
    for name, address in _ALLOWED.items():
        for one, base in ((f"{name}-elem", directives.get(f"{name}-elem")), (name, directives.get(name, fallback))):
            if base is not None:
                kept = [value for value in base if value.lower() != "'none'"]
                directives[one] = [*kept, f"{origin}{address}"]
    return "; ".join(" ".join((name, *values)) for name, values in directives.items())


class _Tag(HTMLParser):
    """The attributes of one tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.attributes = {name: value or "" for name, value in attrs}


def _widened_meta(tag: str, origin: str) -> str:
    attributes = _Tag(tag).attributes
    if attributes.get("http-equiv", "").strip().lower() != "content-security-policy":
        return tag
    content = widened(attributes.get("content", ""), origin)
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(content)}"/>'
