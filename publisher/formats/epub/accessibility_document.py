"""What one content document of an EPUB has for readers who cannot see, hear or point: read from its elements alone."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from lxml import etree

from publisher.formats.document import name_of, semantics
from publisher.formats.epub.accessibility_styles import animated_rules, declarations, fixed_rules
from publisher.model.accessibility import Formula, Grid, Headline, Mark, Picture, Tie
from publisher.strangers.numbers import whole

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTES = frozenset(["doc-footnote", "doc-endnote", "footnote", "endnote", "rearnote"])
_CALLS = frozenset(["doc-noteref", "noteref"])
_BACK = frozenset(["doc-backlink", "backlink"])
_BREAKS = frozenset(["doc-pagebreak", "pagebreak"])
_COVER = frozenset(["doc-cover", "cover"])
_INLINE = frozenset("a abbr b bdi bdo cite code em i img math q s small span strong sub sup svg time u var".split())
_UNSEEN = frozenset("script style template head noscript rp".split())
_ROLES: Mapping[str, str] = {
    **{name: f"doc-{name}" for name in ("noteref", "footnote", "backlink", "biblioref", "glossref", "pagebreak")},
    **{name: f"doc-{name}" for name in ("chapter", "introduction", "part", "appendix", "bibliography", "glossary")},
}
"""The role that says to assistive technology what an `epub:type` says to reading systems
(https://www.w3.org/TR/epub-33/#sec-structural-semantics, https://idpf.github.io/epub-guides/epub-aria-authoring/)."""
_STRUCTURES = {"table": "table", "ul": "list", "ol": "list", "figure": "figure"}
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


@dataclass(frozen=True)
class Page:
    """A content document. `name` is its path in the container, `heard` the ids that overlays read in it."""

    name: str
    root: etree._Element
    heard: frozenset[str] = frozenset()
    cover: bool = False
    ids_elsewhere: Callable[[str], frozenset[str] | None] = field(default=lambda _: None)
    """The ids of another document of the container, None where there is no such document."""
    notes_elsewhere: Callable[[str], frozenset[str]] = field(default=lambda _: frozenset())

    @cached_property
    def elements(self) -> Mapping[str, etree._Element]:
        """The elements by id; the first one where an id is there twice."""
        found: dict[str, etree._Element] = {}
        for element in self.root.iter(etree.Element):
            if id := element.get("id"):
                found.setdefault(id, element)
        return found

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.elements)

    @cached_property
    def notes(self) -> frozenset[str]:
        """The ids of what is marked as a note."""
        return frozenset(id for id, element in self.elements.items() if semantics(element) & _NOTES)

    @property
    def lang(self) -> str:
        return self.root.get("lang") or self.root.get(_XML_LANG) or ""

    @property
    def title(self) -> str:
        return " ".join((self.root.findtext(".//{*}head/{*}title") or "").split())

    def place(self, element: etree._Element) -> str:
        """Where an element stands: the id of the nearest one that has any."""
        for around in (element, *element.iterancestors()):
            if id := around.get("id"):
                return f"{self.name}#{id}"
        return self.name

    def goal(self, href: str) -> tuple[str, bool | None]:
        """Where a link leads as `document#id`, and whether that is there; None for what is outside."""
        target, _, fragment = href.partition("#")
        if ":" in target or target.startswith("//"):
            return href, None
        name = (
            posixpath.normpath(posixpath.join(posixpath.dirname(self.name), unquote(target))) if target else self.name
        )
        ids = self.ids if name == self.name else self.ids_elsewhere(name)
        goal = f"{name}#{fragment}" if fragment else name
        return goal, ids is not None and (not fragment or unquote(fragment) in ids)

    def pictures(self) -> Iterator[Picture]:
        """Pictures as `img`, drawings as `svg`, and whatever says that it is one."""
        for element in self._visible:
            name, known = name_of(element), semantics(element)
            if name not in ("img", "svg") and "img" not in known:
                continue
            if "img" in known and any(
                name_of(inner) == "img" for inner in element.iter(etree.Element) if inner is not element
            ):
                continue
            formula = "math" in f"{element.get('role', '')} {element.get('class', '')}".split()
            yield Picture(
                self.place(element),
                _alternative(element, self.elements),
                self._has_long(element),
                self.cover or bool(self._semantics_around(element) & _COVER),
                self.is_heard(element),
                formula,
            )

    def _has_long(self, element: etree._Element) -> bool:
        ties = f"{element.get('aria-describedby', '')} {element.get('aria-details', '')}".split()
        if any(id in self.elements and words_of(self.elements[id]).strip() for id in ties):
            return True
        return bool(element.get("longdesc")) and self.goal(element.get("longdesc", ""))[1] is not False

    def formulas(self) -> Iterator[Formula]:
        for element in self._visible:
            if name_of(element) == "math":
                words = element.get("alttext") or element.get("aria-label") or ""
                drawn = any(
                    name_of(inner) not in ("math", "semantics", "annotation") for inner in element.iter(etree.Element)
                )
                yield Formula(self.place(element), words.strip(), drawn)

    def headlines(self) -> Iterator[Headline]:
        """The headings of the text; those of the navigation are its own."""
        for element in self._visible:
            name, level = name_of(element), ""
            if len(name) == 2 and name[0] == "h" and name[1] in "123456":
                level = name[1]
            elif element.get("role") == "heading" and whole(element.get("aria-level", "")) is not None:
                level = element.get("aria-level", "")
            if level and not _in_navigation(element):
                yield Headline(self.place(element), int(level), _short(words_of(element)))

    def grids(self) -> Iterator[Grid]:
        for element in self._visible:
            if name_of(element) == "table" and element.get("role") not in ("presentation", "none"):
                cells = (inner for inner in element.iter(etree.Element))
                headed = any(
                    name_of(cell) == "th" or cell.get("role") in ("columnheader", "rowheader") for cell in cells
                )
                yield Grid(self.place(element), headed)

    def ties(self) -> Iterator[Tie]:
        """The links of the text; those of the navigation are its entries."""
        for element in self._visible:
            if name_of(element) != "a" or element.get("href") is None or _in_navigation(element):
                continue
            known = semantics(element)
            kind = "call" if known & _CALLS else "back" if known & _BACK else "link"
            goal, resolves = self.goal(element.get("href", ""))
            name, _, fragment = goal.partition("#")
            notes = self.notes if name == self.name else self.notes_elsewhere(name)
            source = f"{self.name}#{element.get('id', '')}"
            yield Tie(
                self.place(element),
                self.label(element),
                kind,
                resolves,
                source,
                goal,
                fragment in notes,
                self._note_around(element),
            )

    def _note_around(self, element: etree._Element) -> str | None:
        for around in element.iterancestors():
            if around.get("id") and semantics(around) & _NOTES:
                return f"{self.name}#{around.get('id')}"
        return None

    def label(self, element: etree._Element) -> str:
        """What a link is called (https://www.w3.org/TR/accname-1.2/), shortened: its label, words, alternatives."""
        named = " ".join(
            words_of(self.elements[id]) for id in element.get("aria-labelledby", "").split() if id in self.elements
        )
        words = named.strip() or element.get("aria-label", "").strip() or words_of(element).strip()
        alternatives = (
            _alternative(inner, self.elements) or ""
            for inner in element.iter(etree.Element)
            if name_of(inner) in ("img", "svg", "math")
        )
        return _short(words or " ".join(alternatives).strip() or element.get("title", ""))

    def breaks(self) -> Iterator[Mark]:
        """The marks of printed pages: `what` is the page's label."""
        for element in self.root.iter(etree.Element):
            if semantics(element) & _BREAKS:
                words = element.get("aria-label") or element.get("title") or words_of(element)
                yield Mark(self.place(element), " ".join(words.split()).strip(" ."))

    def silent(self) -> Iterator[Mark]:
        """Words that are shown and that no overlay reads, each place once."""
        told: set[str] = set()
        for element, words in self.runs():
            if any(character.isalnum() for character in words) and not self._is_told(element):
                place = self.place(element)
                if place not in told:
                    told.add(place)
                    yield Mark(place, _short(words))

    def runs(self) -> Iterator[tuple[etree._Element, str]]:
        """Every run of words that is shown, with the element that holds it; of a formula its words."""
        body = self.root.find(".//{*}body")
        if body is not None:
            yield from _runs(body)

    def is_heard(self, element: etree._Element) -> bool:
        """Whether an overlay reads an element, or one around it with all that is in it.

        Where overlays are nested, reading a list or a table is only announcing it: what has an id of its own in it is
        read by itself.
        """
        block = named = False
        for around in (element, *element.iterancestors()):
            inline = name_of(around) in _INLINE
            if around.get("id") in self.heard:
                announced = around in self._announced and not inline
                if not self.nested or not (block or (named and announced)):
                    return True
            if around.get("id"):
                named, block = True, block or not inline
        return False

    @cached_property
    def nested(self) -> bool:
        """Whether overlays read elements that stand in others which they read, too."""
        return bool(self._announced)

    @cached_property
    def _announced(self) -> frozenset[etree._Element]:
        """The elements that overlays read and that hold others which they read."""
        found: set[etree._Element] = set()
        for id in self.heard & self.ids:
            found.update(around for around in self.elements[id].iterancestors() if around.get("id") in self.heard)
        return frozenset(found)

    def _is_told(self, element: etree._Element) -> bool:
        """Whether words are heard: read themselves, or a label (in a `header` or `footer`) beside what is read. A
        voice announces what a label tells, with the first words of what it labels."""
        if self.is_heard(element):
            return True
        for around in (element, *element.iterancestors()):
            labelled = around.getparent()
            if name_of(around) in ("header", "footer") and labelled is not None and name_of(labelled) != "body":
                return any(inner.get("id") in self.heard for inner in labelled.iter(etree.Element))
        return False

    def structures(self, id: str) -> frozenset[str]:
        """What a listener may skip or escape from that an element stands in."""
        element = self.elements.get(id)
        found = set()
        while element is not None:
            known = semantics(element)
            if known & _NOTES:
                found.add("footnote")
            if known & _BREAKS:
                found.add("pagebreak")
            if name_of(element) in _STRUCTURES:
                found.add(_STRUCTURES[name_of(element)])
            element = element.getparent()
        return frozenset(found)

    def order(self) -> Mapping[str, int]:
        """The place of each id in the document's order."""
        return {id: at for at, id in enumerate(self.elements)}

    def fixed(self) -> Iterator[Mark]:
        """Styles in the document that take a setting from the reader."""
        for element in self.root.iter(etree.Element):
            if name_of(element) == "style":
                for selector, declaration in fixed_rules(words_of(element)):
                    yield Mark(self.place(element), f"`{selector} {{ {declaration} }}`")
            elif element.get("style"):
                for _, declaration in fixed_rules(f"style {{ {element.get('style')} }}"):
                    yield Mark(self.place(element), f"`{declaration}`")

    def moving(self) -> Iterator[Mark]:
        """What moves, blinks or sounds by itself."""
        for element in self.root.iter(etree.Element):
            name = name_of(element)
            if name in ("marquee", "blink"):
                yield Mark(self.place(element), f"a {name} element")
            elif name in ("audio", "video") and element.get("autoplay") is not None:
                yield Mark(self.place(element), f"a {name} element that plays by itself")
            elif name in ("animate", "set", "animatemotion", "animatetransform"):
                yield Mark(self.place(element), "a drawing that animates")
            elif name == "meta" and element.get("http-equiv", "").lower() == "refresh":
                yield Mark(self.place(element), "a page that reloads itself")
            elif name == "style":
                yield from (
                    Mark(self.place(element), f"{rule} {{ {what} }}")
                    for rule, what in animated_rules(words_of(element))
                )
            elif any(given.endswith("animation") for given, _ in declarations(element.get("style", ""))):
                yield Mark(self.place(element), "an animation")

    def media(self) -> Iterator[Mark]:
        """Sound and film in the text."""
        for element in self.root.iter(etree.Element):
            if name_of(element) in ("audio", "video"):
                yield Mark(self.place(element), name_of(element))

    def scripts(self) -> Iterator[Mark]:
        for element in self.root.iter(etree.Element):
            kind = element.get("type", "").lower()
            if name_of(element) == "script" and (not kind or "javascript" in kind or kind == "module"):
                yield Mark(self.place(element), "a script")
            elif any(str(name).lower().startswith("on") for name in element.attrib):
                yield Mark(self.place(element), "an event handler")
            elif element.get("href", "").strip().lower().startswith("javascript:"):
                yield Mark(self.place(element), "a link that is a script")

    def jumps(self) -> Iterator[Mark]:
        """What takes the keyboard out of the order of reading (WCAG 2.4.3)."""
        for element in self.root.iter(etree.Element):
            order = element.get("tabindex", "").strip()
            if (whole(order) or 0) > 0:
                yield Mark(self.place(element), f"tabindex {order}")

    def roles(self) -> Iterator[str]:
        for element in self.root.iter(etree.Element):
            yield from element.get("role", "").split()

    def roleless(self) -> Iterator[Mark]:
        """Where `epub:type` tells what no role tells."""
        for element in self.root.iter(etree.Element):
            types = element.get(_EPUB_TYPE)
            if types is None or name_of(element) == "body" or _in_navigation(element):
                continue
            for type in types.split():
                if type in _ROLES and _ROLES[type] not in element.get("role", "").split():
                    yield Mark(self.place(element), _ROLES[type])

    @cached_property
    def _visible(self) -> tuple[etree._Element, ...]:
        """The elements that are shown, and shown to assistive technology."""
        body = self.root.find(".//{*}body")
        return tuple(_shown(body if body is not None else self.root))

    def _semantics_around(self, element: etree._Element) -> frozenset[str]:
        found = semantics(element)
        for around in element.iterancestors():
            if name_of(around) != "body":
                found |= semantics(around)
        return found


def _in_navigation(element: etree._Element) -> bool:
    return any(name_of(around) == "nav" for around in element.iterancestors())


def _shown(element: etree._Element) -> Iterator[etree._Element]:
    if not name_of(element) or _is_unseen(element):
        return
    yield element
    for child in element:
        yield from _shown(child)


def _is_unseen(element: etree._Element) -> bool:
    if name_of(element) in _UNSEEN or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    if style is None:
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _runs(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    if not name_of(element) or _is_unseen(element):
        return
    if name_of(element) == "math":
        yield element, element.get("alttext") or words_of(element)
        return
    if name_of(element) != "svg":
        if element.text:
            yield element, element.text
        for child in element:
            yield from _runs(child)
            if child.tail:
                yield element, child.tail


def _alternative(element: etree._Element, elements: Mapping[str, etree._Element]) -> str | None:
    """What stands for a picture: None where nothing does, empty where it is decoration."""
    if element.get("role") in ("presentation", "none"):
        return ""
    named = " ".join(words_of(elements[id]) for id in element.get("aria-labelledby", "").split() if id in elements)
    title = next((words_of(child) for child in element if name_of(child) == "title"), None)
    given = [named or None, element.get("aria-label"), element.get("alt"), element.get("alttext"), title]
    there = [text.strip() for text in given if text is not None]
    return next((text for text in there if text), there[0] if there else None)


def words_of(element: etree._Element) -> str:
    """All words inside an element."""
    return "".join(str(text) for text in element.itertext(etree.Element))


def _short(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= 60 else f"{text[:58].rstrip()} …"
