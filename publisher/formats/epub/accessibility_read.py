"""Reads from an EPUB what bears on its accessibility: what it claims, and what there is to prove it.

Opens the container as a reading system would and knows nothing of who wrote it.
EPUB Accessibility 1.1, https://www.w3.org/TR/epub-a11y-11/
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from lxml import etree, html

from publisher.formats.document import name_of
from publisher.formats.epub.accessibility_document import Page
from publisher.formats.epub.accessibility_styles import animated_rules, fixed_rules, moves
from publisher.model.accessibility import Claim, Entry, Mark, Seen, Sheet, Sound
from publisher.model.findings import InputError
from publisher.strangers.containers import Container

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_LICENCES = ("META-INF/license.lcpl", "META-INF/rights.xml", "META-INF/sinf.xml")
_OBFUSCATED_FONTS = frozenset(["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"])
"""Fonts that are mangled, not locked: reading systems open them (https://www.w3.org/TR/epub-33/#sec-font-obfuscation)."""
_CLAIMS = ("schema:access", "dcterms:conformsTo", "a11y:")
_NOTES = {"endnote": "footnote", "rearnote": "footnote", "note": "footnote"}
_PARTS = {"table-row": "table", "table-cell": "table", "list-item": "list"}


def read_accessibility(path: Path) -> Seen:
    """What an EPUB claims and what it holds. Raises InputError where it is no EPUB."""
    with Container(path, path.name, "EPUB container") as archive:
        return _Book(archive, path.name).seen()


class _Book:
    """An open container. Its documents are parsed once; what is encrypted or broken is left out and told."""

    def __init__(self, archive: Container, name: str) -> None:
        self.archive = archive
        self.name = name
        self.names = frozenset(archive.namelist())
        self.missing: list[Mark] = []
        self.roots: dict[str, etree._Element | None] = {}
        rootfile = self._required(_CONTAINER).find(".//{*}rootfile")
        self.package_name = unquote(rootfile.get("full-path", "")) if rootfile is not None else ""
        self.package = self._required(self.package_name)

    def seen(self) -> Seen:
        pages = list(self.pages.values())
        read = [page for page in pages if page.name in self.in_spine or page.name == self.navigation]
        text = [page for page in read if page.name in self.in_spine]
        sounds = tuple(self._sounds())
        return Seen(
            self.name,
            self._identifier(),
            claims=tuple(self._claims()),
            sheets=tuple(self._sheets(read)),
            pictures=tuple(picture for page in text for picture in page.pictures()),
            formulas=tuple(formula for page in text for formula in page.formulas()),
            headlines=tuple(headline for page in text for headline in page.headlines()),
            grids=tuple(grid for page in text for grid in page.grids()),
            ties=tuple(tie for page in text for tie in page.ties()),
            notes=tuple(f"{page.name}#{id}" for page in text for id in page.elements if id in page.notes),
            contents=tuple(self._entries("toc")),
            landmarks=tuple(self._entries("landmarks")),
            pages=tuple(self._entries("page-list")),
            has_pages=self._nav("page-list") is not None,
            breaks=tuple(mark for page in text for mark in page.breaks()),
            sources=tuple(self._sources()),
            sounds=sounds,
            silent=tuple(mark for page in text for mark in page.silent()) if self.overlays else (),
            languages=tuple(" ".join((e.text or "").split()) for e in self.package.iter(f"{_DC}language")),
            fixed=(*self._fixed(), *(mark for page in read for mark in page.fixed())),
            moving=(*self._moving(), *(mark for page in read for mark in page.moving())),
            scripts=tuple(mark for page in read for mark in page.scripts()),
            media=tuple(mark for page in read for mark in page.media()),
            locked=tuple(self._locked()),
            jumps=(*self._out_of_order(sounds), *(mark for page in read for mark in page.jumps())),
            missing=(*self._unreadable(), *self.missing),
            roles=Counter(role for page in read for role in page.roles()),
            roleless=tuple(mark for page in read for mark in page.roleless()),
            words=sum(1 for page in text for _, words in page.runs() if words.strip()),
        )

    # The package (https://www.w3.org/TR/epub-33/#sec-package-doc).

    @cached_property
    def items(self) -> Mapping[str, etree._Element]:
        """The manifest's items by id."""
        return {item.get("id", ""): item for item in self.package.iter(f"{_OPF}item")}

    @cached_property
    def in_spine(self) -> Mapping[str, int]:
        """The documents of the spine, by name, with their number."""
        names = (
            self._path(self.items[reference.get("idref", "")])
            for reference in self.package.iter(f"{_OPF}itemref")
            if reference.get("idref") in self.items
        )
        return {name: number for number, name in enumerate(dict.fromkeys(names))}

    @cached_property
    def navigation(self) -> str | None:
        items = (item for item in self.items.values() if "nav" in item.get("properties", "").split())
        return next(map(self._path, items), None)

    @cached_property
    def overlays(self) -> Mapping[str, str]:
        """The name of the overlay of each document that has one."""
        found = {}
        for item in self.items.values():
            overlay = self.items.get(item.get("media-overlay", ""))
            if overlay is not None:
                found[self._path(item)] = self._path(overlay)
        return found

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """The content documents that can be read, those of the spine first and in its order."""
        documents = [*self.in_spine, *([self.navigation] if self.navigation else [])]
        heard: dict[str, set[str]] = {}
        for name, _, (document, id), _ in self._steps():
            del name
            heard.setdefault(document, set()).add(id)
        covers = {
            self._path(item) for item in self.items.values() if "cover-image" in item.get("properties", "").split()
        }
        found: dict[str, Page] = {}
        for name in dict.fromkeys(documents):
            root = self._root(name)
            if root is not None and name_of(root) in ("html", "svg"):
                found[name] = Page(
                    name,
                    root,
                    frozenset(heard.get(name, ())),
                    name in covers,
                    lambda other: found[other].ids if other in found else self._ids_of(other),
                    lambda other: found[other].notes if other in found else frozenset(),
                )
        return found

    def _identifier(self) -> str:
        """The publication's own identifier: the one that the package names as unique."""
        unique = self.package.get("unique-identifier")
        found = {element.get("id"): (element.text or "").strip() for element in self.package.iter(f"{_DC}identifier")}
        return found.get(unique, "")

    def _ids_of(self, name: str) -> frozenset[str] | None:
        return frozenset() if name in self.names and name not in self.in_spine else None

    def _sheets(self, pages: list[Page]) -> Iterator[Sheet]:
        for page in pages:
            yield Sheet(page.name, page.lang, page.title, self.in_spine.get(page.name), page.name in self.overlays)

    def _claims(self) -> Iterator[Claim]:
        """The statements on accessibility, as EPUB 3 or EPUB 2 writes them."""
        for meta in self.package.iter(f"{_OPF}meta", f"{_OPF}link"):
            property = meta.get("property") or meta.get("rel") or meta.get("name") or ""
            if property.startswith(_CLAIMS):
                value = meta.get("content") or meta.get("href") or " ".join((meta.text or "").split())
                refines = meta.get("refines", "").removeprefix("#") or None
                yield Claim(property, value, meta.get("id"), refines)

    def _sources(self) -> Iterator[str]:
        """What the page breaks are those of (https://www.w3.org/TR/epub-a11y-11/#sec-page-src)."""
        for meta in self.package.iter(f"{_OPF}meta"):
            if (meta.get("property") or meta.get("name") or "").rpartition(":")[2] == "pageBreakSource":
                yield " ".join((meta.text or meta.get("content") or "").split())
            elif meta.get("property") == "source-of" and (meta.text or "").strip() == "pagination":
                refined = meta.get("refines", "").removeprefix("#")
                for source in self.package.iter(f"{_DC}source"):
                    if source.get("id") == refined:
                        yield " ".join((source.text or "").split())

    def _unreadable(self) -> Iterator[Mark]:
        for reference in self.package.iter(f"{_OPF}itemref"):
            item = self.items.get(reference.get("idref", ""))
            if item is None:
                yield Mark(self.package_name, f"the spine names {reference.get('idref')}, which the manifest lacks")
            elif self._path(item) not in self.pages:
                yield Mark(self._path(item), "is in the spine and cannot be read")

    # Navigation (https://www.w3.org/TR/epub-33/#sec-nav).

    def _nav(self, type: str) -> etree._Element | None:
        root = self._root(self.navigation) if self.navigation else None
        navs = root.iter("{*}nav") if root is not None else ()
        return next((nav for nav in navs if type in nav.get(_EPUB_TYPE, "").split()), None)

    def _entries(self, type: str) -> Iterator[Entry]:
        nav = self._nav(type)
        if nav is None or self.navigation is None:
            return
        page = self.pages.get(self.navigation) or Page(self.navigation, nav)
        for link in nav.iter("{*}a"):
            goal, resolves = page.goal(link.get("href", ""))
            yield Entry(page.label(link), goal, resolves is not False)

    # Overlays (https://www.w3.org/TR/epub-33/#sec-media-overlays).

    def _steps(self) -> Iterator[tuple[str, str, tuple[str, str], frozenset[str]]]:
        """For each text of each overlay: the overlay's name, its id, the document and element, the structures told."""
        for overlay in dict.fromkeys(self.overlays.values()):
            root = self._root(overlay)
            for text in root.iter("{*}text") if root is not None else ():
                target, _, fragment = text.get("src", "").partition("#")
                name = posixpath.normpath(posixpath.join(posixpath.dirname(overlay), unquote(target)))
                told: set[str] = set()
                for around in (text, *text.iterancestors()):
                    told.update(around.get(_EPUB_TYPE, "").split())
                known = {_NOTES.get(type, type) for type in told} | {_PARTS[type] for type in told if type in _PARTS}
                parent = text.getparent()
                id = text.get("id") or (parent.get("id") if parent is not None else None) or ""
                yield overlay, id, (name, unquote(fragment)), frozenset(known)

    def _sounds(self) -> Iterator[Sound]:
        for overlay, id, (name, fragment), told in self._steps():
            page = self.pages.get(name)
            there = page is not None and (fragment in page.ids if fragment else True)
            structures = page.structures(fragment) if page is not None else frozenset()
            place = f"{overlay}#{id}" if id else overlay
            yield Sound(place, f"{name}#{fragment}", told, structures, there)

    def _out_of_order(self, sounds: tuple[Sound, ...]) -> Iterator[Mark]:
        """Where an overlay leaves the order of its document, or goes to another document."""
        last: dict[str, int] = {}
        orders = {name: page.order() for name, page in self.pages.items()}
        for sound in sounds:
            name, _, fragment = sound.goal.partition("#")
            overlay = sound.place.partition("#")[0]
            if self.overlays.get(name) != overlay:
                yield Mark(sound.goal, f"is read by {overlay}, the overlay of another document")
            at = orders.get(name, {}).get(fragment)
            if at is None:
                continue
            if at < last.get(name, -1):
                yield Mark(sound.goal, f"is read by {overlay} after what follows it in the text")
            last[name] = max(at, last.get(name, -1))

    # Resources.

    def _fixed(self) -> Iterator[Mark]:
        for name, style in self._styles():
            yield from (Mark(name, f"`{rule} {{ {declaration} }}`") for rule, declaration in fixed_rules(style))
        for meta in self.package.iter(f"{_OPF}meta"):
            if meta.get("property") == "rendition:layout" and (meta.text or "").strip() == "pre-paginated":
                yield Mark(self.package_name, "its layout")
        for reference in self.package.iter(f"{_OPF}itemref"):
            if "rendition:layout-pre-paginated" in reference.get("properties", "").split():
                yield Mark(f"{self.package_name}#{reference.get('idref')}", "its layout")

    def _moving(self) -> Iterator[Mark]:
        for name, style in self._styles():
            yield from (Mark(name, f"{rule} {{ {declaration} }}") for rule, declaration in animated_rules(style))
        for item in self.items.values():
            name, kind = self._path(item), item.get("media-type", "")
            if kind.startswith("image/"):
                data = self._data(name)
                if data is not None and moves(data, kind):
                    yield Mark(name, "a picture that moves")

    def _styles(self) -> Iterator[tuple[str, str]]:
        for item in self.items.values():
            if item.get("media-type") == "text/css":
                data = self._data(self._path(item))
                if data is not None:
                    yield self._path(item), data.decode("utf-8", "replace")

    def _locked(self) -> Iterator[Mark]:
        """What is encrypted (https://www.w3.org/TR/epub-33/#sec-container-metainf-encryption.xml)."""
        root = self._root(_ENCRYPTION) if _ENCRYPTION in self.names else None
        for data in root.iter("{*}EncryptedData") if root is not None else ():
            method = data.find("{*}EncryptionMethod")
            algorithm = method.get("Algorithm", "") if method is not None else ""
            reference = data.find(".//{*}CipherReference")
            if algorithm not in _OBFUSCATED_FONTS:
                named = unquote(reference.get("URI", "")) if reference is not None else _ENCRYPTION
                yield Mark(named, f"is encrypted ({algorithm or 'by a method that is not named'})")
        for name in _LICENCES:
            if name in self.names:
                yield Mark(name, "is a licence that locks the book")

    # The container.

    def _path(self, item: etree._Element) -> str:
        folder = posixpath.dirname(self.package_name)
        return posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))

    def _data(self, name: str) -> bytes | None:
        try:
            return self.archive.read(name)
        except (KeyError, InputError):
            return None

    def _root(self, name: str) -> etree._Element | None:
        if name not in self.roots:
            data = self._data(name)
            self.roots[name] = _parsed(data) if data is not None else None
            if data is None:
                self.missing.append(Mark(name, "is not there"))
            elif self.roots[name] is None:
                self.missing.append(Mark(name, "is neither XML nor HTML"))
        return self.roots[name]

    def _required(self, name: str) -> etree._Element:
        root = self._root(name)
        if root is None:
            raise InputError(f"{self.name}: {name or 'the package document'} cannot be read; build it again")
        return root


def _parsed(data: bytes) -> etree._Element | None:
    """As XML; as HTML where it is badly written. No entity or address is ever followed."""
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError:
        try:
            return html.document_fromstring(data)
        except (etree.ParserError, ValueError):
            return None
