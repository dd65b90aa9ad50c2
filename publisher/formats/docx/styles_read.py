"""Styles and numbering of a Word document, as they apply (ISO/IEC 29500-1, 17.7 and 17.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from publisher.strangers.numbers import whole

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = frozenset(("0", "false", "off", "none"))
_NUMERALS = {"decimal": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
"""The kinds of numerals by Word's names for them, as HTML has them."""
_DEEPEST = 64
"""Styles that may stand on each other; more are a circle."""


def val(element: etree._Element | None, name: str = "val") -> str:
    """An attribute of Word's own; empty where it or its element is not there."""
    return element.get(f"{W}{name}", "") if element is not None else ""


def is_on(properties: etree._Element | None, name: str) -> bool | None:
    """Whether a property is switched on; None where nothing is said of it."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return None if found is None else val(found) not in _OFF


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root.iter(f"{W}style") if root is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in found}
        self._defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        # Very many words ask for the same few things.
        self._found: dict[tuple[str, str], etree._Element | None] = {}
        self._langs: dict[tuple[tuple[str, ...], str], str] = {}
        self._switched: dict[tuple[tuple[str, ...], str], bool] = {}
        usual = (id for id, style in self._styles.items() if self._is_usual(style))
        self.usual = next(usual, "")

    @staticmethod
    def _is_usual(style: etree._Element) -> bool:
        return val(style, "type") == "paragraph" and val(style, "default") in ("1", "true", "on")

    def chain(self, id: str) -> Iterator[etree._Element]:
        """A style and those that it stands on."""
        for _ in range(_DEEPEST):
            style = self._styles.get(id)
            if style is None:
                return
            yield style
            id = val(style.find(f"{W}basedOn"))

    def name(self, id: str) -> str:
        """A style's name in small letters; its id where it has none."""
        style = self._styles.get(id)
        return (val(style.find(f"{W}name")) if style is not None else "").lower() or id.lower()

    def found(self, id: str, path: str) -> etree._Element | None:
        """The first property at a path (`pPr/outlineLvl`) of a style or of those that it stands on."""
        if (id, path) not in self._found:
            inner = "/".join(f"{W}{part}" for part in path.split("/"))
            properties = (style.find(inner) for style in self.chain(id))
            self._found[id, path] = next((one for one in properties if one is not None), None)
        return self._found[id, path]

    def lang(self, own: etree._Element | None, ids: tuple[str, ...], script: str) -> str:
        """The language of words with some properties of their own; `script` names which of Word's three counts."""
        if own is not None and (told := val(own.find(f"{W}lang"), script)):
            return told
        if (ids, script) not in self._langs:
            found = (val(properties.find(f"{W}lang"), script) for properties in self._said(ids))
            self._langs[ids, script] = next((lang for lang in found if lang), "")
        return self._langs[ids, script]

    def switched(self, own: etree._Element | None, ids: tuple[str, ...], name: str) -> bool:
        """Whether a property of words is on."""
        if (told := is_on(own, name)) is not None:
            return told
        if (ids, name) not in self._switched:
            found = (is_on(properties, name) for properties in self._said(ids))
            self._switched[ids, name] = next((on for on in found if on is not None), False)
        return self._switched[ids, name]

    def _said(self, ids: tuple[str, ...]) -> Iterator[etree._Element]:
        """What some styles say of words, and at last the document."""
        for id in ids:
            for style in self.chain(id):
                if (properties := style.find(f"{W}rPr")) is not None:
                    yield properties
        if self._defaults is not None:
            yield self._defaults


@dataclass
class Numbering:
    """The lists of a document, counted as they are read."""

    root: etree._Element | None
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = self.root if self.root is not None else ()
        self._abstract = {val(one, "abstractNumId"): one for one in found if one.tag == f"{W}abstractNum"}
        self._nums = {val(one, "numId"): one for one in found if one.tag == f"{W}num"}

    def next(self, num: str, level: int) -> str | None:
        """The number of the next item of a list, with the kind of its numerals; None where it has only a bullet."""
        shape = self._level(num, level)
        kind = _NUMERALS.get(val(shape.find(f"{W}numFmt")) if shape is not None else "")
        if kind is None or shape is None:
            return None
        start = self._start(num, level, shape)
        number = self._counts.get((num, level), start - 1) + 1
        self._counts[num, level] = number
        for deeper in range(level + 1, 9):
            self._counts.pop((num, deeper), None)
        return f"{kind} {number}"

    def _level(self, num: str, level: int) -> etree._Element | None:
        own = self._nums.get(num)
        if own is None:
            return None
        for override in own.iterfind(f"{W}lvlOverride"):
            if val(override, "ilvl") == str(level) and (inner := override.find(f"{W}lvl")) is not None:
                return inner
        abstract = self._abstract.get(val(own.find(f"{W}abstractNumId")))
        levels = abstract.iterfind(f"{W}lvl") if abstract is not None else iter(())
        return next((one for one in levels if val(one, "ilvl") == str(level)), None)

    def _start(self, num: str, level: int, shape: etree._Element) -> int:
        for override in self._nums[num].iterfind(f"{W}lvlOverride"):
            told = whole(val(override.find(f"{W}startOverride")))
            if val(override, "ilvl") == str(level) and told is not None:
                return told
        told = whole(val(shape.find(f"{W}start")))
        return 1 if told is None else told
