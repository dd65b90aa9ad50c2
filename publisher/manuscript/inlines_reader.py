"""Inlines of pandoc's AST become those of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from publisher.manuscript import mathematics, raw_inlines
from publisher.manuscript.ast_text import attributes_of, plain_words
from publisher.manuscript.languages import language_finding, quotation_marks, standard_tag
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.shared import Shared, TextState
from publisher.manuscript.tidying import tidy
from publisher.manuscript.vocabularies import nearest
from publisher.model.findings import Severity
from publisher.model.inlines import (
    Citation,
    Code,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
)
from publisher.model.languages import direction
from publisher.model.source import Position

_STYLES = {
    "Emph": Style.EMPHASIS,
    "Strong": Style.STRONG,
    "Strikeout": Style.STRIKEOUT,
    "Superscript": Style.SUPERSCRIPT,
    "Subscript": Style.SUBSCRIPT,
    "Underline": Style.UNDERLINE,
    "SmallCaps": Style.SMALL_CAPS,
}
_LAYOUT = frozenset(
    "width height style align valign border cellpadding cellspacing bgcolor color face size role tabindex target rel "
    "loading decoding sizes srcset start-from startfrom custom-style wrapper label number datetime cite value".split()
)
"""Attributes that tell how something looks or works, which is for the templates to say."""

_SCHEMES = frozenset(
    "http https mailto tel sms geo ftp ftps sftp irc ircs xmpp magnet news nntp urn doi git ssh".split()
)
_USUAL_SCHEMES = ("http", "https", "mailto")
_HANDLER = re.compile(r"on[a-z]{3,}$")
"""Attributes that run their value. https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers"""
_DANGEROUS = frozenset({"javascript", "vbscript", "data", "file", "blob", "about"})
_WIDE = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_MISSING_NOTE = re.compile(r"\[\^[^\]\s]+\]")


def _meant_scheme(name: str) -> str:
    meant = nearest(name, _USUAL_SCHEMES)
    return f"did you mean {meant}:?" if meant else "readers may not be able to follow it"


@dataclass(slots=True)
class Place:
    """Where inlines stand: in which block (its id), in which language, at which node of the AST."""

    id: str
    lang: str
    node: Any
    images: int = 0
    formulas: int = 0


@dataclass(slots=True)
class InlinesReader:
    """Reads the inlines of one text. `footnote` makes a call for a footnote, given its blocks."""

    shared: Shared
    state: TextState
    footnote: Callable[[list[Ast], Place], Inline]
    pending: list[tuple[str, Position]] = field(default_factory=list)

    def read(self, inlines: Sequence[Ast], place: Place) -> tuple[Inline, ...]:
        """The inlines of a block, tidied."""
        return tidy(self.several(inlines, place))

    def several(self, inlines: Sequence[Ast], place: Place) -> list[Inline]:
        """Inlines one after the other, white space as it comes."""
        result: list[Inline] = []
        index = 0
        while index < len(inlines):
            inline = inlines[index]
            index += 1
            kind = inline["t"]
            if kind == "Str":
                if "[^" in inline["c"] and _MISSING_NOTE.search(inline["c"]):
                    self._missing_note(inline["c"], place)
                result.append(Text(inline["c"]))
            elif kind == "Space":
                result.append(Text(" "))
            elif kind == "SoftBreak":
                result += self._soft_break(inlines, index, place)
            elif kind == "RawInline":
                index = raw_inlines.read_raw(self, inlines, index, place, result)
            else:
                result += self._one(inline, place)
        return result

    def _one(self, inline: Ast, place: Place) -> list[Inline]:
        content: Any = inline.get("c")
        match inline["t"]:
            case "LineBreak":
                return [LineBreak()]
            case "Quoted":
                opening, closing = quotation_marks(place.lang, double=content[0]["t"] == "DoubleQuote")
                return [Text(opening), *self.several(content[1], place), Text(closing)]
            case "Cite":
                return self._citation(inline, place)
            case "Code":
                return [self._code(content, place)]
            case "Math":
                return self._math(content, place)
            case "Link":
                return self._link(content, place)
            case "Image":
                image = self.image(inline, place)
                return self.in_language(attributes_of(content[0]), [image], place) if image else []
            case "Note":
                return [self.footnote(content, place)]
            case "Span":
                return self._span(content, place)
            case kind if kind in _STYLES:
                return [Styled(_STYLES[kind], tuple(self.several(content, place)))]
            case kind:
                raise AssertionError(f"pandoc's {kind} is not known")

    def _soft_break(self, inlines: Sequence[Ast], index: int, place: Place) -> list[Inline]:
        """A space, but nothing between two characters of a script that is written without."""
        if place.lang.split("-")[0] in ("zh", "ja") and 1 < index < len(inlines):
            before, after = plain_words([inlines[index - 2]]), plain_words([inlines[index]])
            if before and after and _WIDE.match(before[-1]) and _WIDE.match(after[0]):
                return []
        return [Text(" ")]

    def _missing_note(self, text: str, place: Place) -> None:
        for label in _MISSING_NOTE.findall(text):
            self.state.report(
                "footnote-missing",
                Severity.WARNING,
                f"no footnote {label}; define it with {label}: …, or write \\[ for a bracket that is one",
                self.state.positions.find(place.node, label),
            )

    # Spans, links, code ----------------------------------------------------------------------------------------------

    def language(self, tag: str, place: Place, *needles: str) -> str:
        """The language that a tag names; the place's own, and a finding, where it names none."""
        known = standard_tag(tag)
        if known is None:
            position = self.state.positions.find(place.node, *needles, f"lang={tag}", f'lang="{tag}"', tag)
            self.state.add(language_finding(tag, position))
        return known or place.lang

    def in_language(self, attributes: Mapping[str, str], inlines: list[Inline], place: Place) -> list[Inline]:
        """Inlines in the language that attributes give, if they do."""
        if "lang" not in attributes:
            return inlines
        lang = self.language(attributes["lang"], place)
        return inlines if lang == place.lang else [Span(tuple(inlines), None, lang)]

    def check_attributes(self, attributes: Mapping[str, str], known: Sequence[str], place: Place, lang: str) -> None:
        """Tell of the attributes that are not used, so that none is dropped in silence."""
        for key, value in attributes.items():
            name = key.lower()
            if name in known or name == "lang":
                continue
            position = self.state.positions.find(place.node, f"{key}=")
            if name == "dir":
                if value != direction(lang):
                    self.state.report(
                        "direction-without-language",
                        Severity.WARNING,
                        f"dir={value} is not the direction of {lang}; give the language with lang=",
                        position,
                    )
            elif self.is_handler(key, place):
                continue
            elif name in _LAYOUT or name.startswith(("data-", "aria-")):
                self.state.report(
                    "attribute-unused",
                    Severity.INFO,
                    f"attribute {key} is not used; say in the style sheet how things look",
                    position,
                )
            else:
                self.state.report(
                    "attribute-unknown", Severity.WARNING, f"attribute {key} is not known; remove it", position
                )

    def is_handler(self, key: str, place: Place) -> bool:
        """Whether an attribute runs its value; told where it does."""
        if not _HANDLER.match(key.lower()):
            return False
        position = self.state.positions.find(place.node, f"{key}=")
        message = f"a script, in {key}, is refused; take the attribute out"
        self.state.report("raw-html", Severity.ERROR, message, position)
        return True

    def check_classes(self, classes: Sequence[str], known: Sequence[str], place: Place) -> None:
        """Tell of the classes of an element that has no use for them."""
        for name in classes:
            if name not in known:
                self.state.report(
                    "class-unused",
                    Severity.INFO,
                    f"class {name} is not used here; put the class on a division or span around it",
                    self.state.positions.find(place.node, f".{name}"),
                )

    def _span(self, content: Any, place: Place) -> list[Inline]:
        attr, inlines = content
        classes = list(attr[1])
        return self.span_of(self.state.final_id(attr), classes, attributes_of(attr), inlines, place)

    def span_of(
        self,
        identifier: str | None,
        classes: list[str],
        attributes: dict[str, str],
        inlines: Sequence[Ast],
        place: Place,
    ) -> list[Inline]:
        """A Span, or what its class means (`mark`, `underline`, `smallcaps`)."""
        lang = self.language(attributes["lang"], place) if "lang" in attributes else place.lang
        self.check_attributes(attributes, ("title", "say"), place, lang)
        inner = Place(place.id, lang, place.node, place.images, place.formulas)
        children: tuple[Inline, ...] = tuple(self.several(inlines, inner))
        place.images, place.formulas = inner.images, inner.formulas
        expansion = attributes.get("title", "").strip() or None
        if "abbr" in classes and expansion is None:
            self.state.report(
                "abbreviation-unexplained",
                Severity.WARNING,
                f'abbreviation {plain_words(inlines)} has no expansion; add title="…"',
                self.state.positions.find(place.node, ".abbr", "<abbr"),
            )
        for name, style in (
            ("mark", Style.MARK),
            ("underline", Style.UNDERLINE),
            ("ul", Style.UNDERLINE),
            ("smallcaps", Style.SMALL_CAPS),
        ):
            if name in classes:
                classes.remove(name)
                children = (Styled(style, children),)
        kept = tuple(name for name in classes if name != "abbr")
        own_lang = lang if lang != place.lang else None
        say = attributes.get("say", "").strip() or None
        facts = (identifier, own_lang, expansion, say, kept)
        if not any(facts):
            return list(children)
        return [Span(children, identifier, own_lang, expansion, say, kept)]

    def _code(self, content: Any, place: Place) -> Inline:
        attr, text = content
        attributes = attributes_of(attr)
        self.check_attributes(attributes, ("say",), place, place.lang)
        code = Code(text)
        identifier = self.state.final_id(attr)
        say = attributes.get("say", "").strip() or None
        lang = self.language(attributes["lang"], place) if "lang" in attributes else None
        if identifier or attr[1] or say or lang:
            return Span((code,), identifier, lang, None, say, tuple(attr[1]))
        return code

    def _link(self, content: Any, place: Place) -> list[Inline]:
        attr, inlines, (address, title) = content
        attributes = attributes_of(attr)
        lang = self.language(attributes["lang"], place) if "lang" in attributes else place.lang
        self.check_attributes(attributes, ("title",), place, lang)
        self.check_classes(attr[1], ("uri", "email"), place)
        inner = Place(place.id, lang, place.node, place.images, place.formulas)
        children = tuple(self.several(inlines, inner))
        place.images, place.formulas = inner.images, inner.formulas
        own_lang = lang if lang != place.lang else None
        return self.linked(children, address, title, place, identifier=self.state.final_id(attr), lang=own_lang)

    def linked(
        self,
        children: tuple[Inline, ...],
        address: str,
        title: str,
        place: Place,
        *,
        identifier: str | None,
        lang: str | None = None,
    ) -> list[Inline]:
        """A link, or its words alone where its address cannot be used."""
        target = self._target(address, place)
        if target is not None and not tidy(children):
            self.state.report(
                "link-empty",
                Severity.WARNING,
                f"link to {address} has no words; write what it leads to",
                self.state.positions.find(place.node, address),
            )
            children = (Text(address),)
        linked = (Link(children, target, title or None),) if target is not None else children
        if identifier or lang:
            return [Span(linked, identifier, lang)]
        return list(linked)

    def _target(self, address: str, place: Place) -> str | None:
        """Where a link leads; None, after a finding, where it leads nowhere that readers could follow."""
        position = self.state.positions.find(place.node, address, address.removeprefix("mailto:"))
        if address.startswith("#"):
            name = self.state.anchors.get(address[1:])
            if name is None:
                self.pending.append((address[1:], position))
                name = address[1:]
            return f"#{name}"
        scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", address)
        if scheme:
            name = scheme[1].lower()
            if name in _DANGEROUS:
                self.state.report(
                    "link-scheme", Severity.ERROR, f"links to {name}: are refused; link to an address", position
                )
                return None
            if name not in _SCHEMES:
                self.state.report(
                    "link-unknown-scheme",
                    Severity.WARNING,
                    f"link to {name}: is left out; {_meant_scheme(name)}",
                    position,
                )
                return None
            return address.strip()
        file, _, fragment = address.partition("#")
        if fragment and re.search(r"\.(?:md|markdown|html?|xhtml|txt)$", file) and fragment in self.state.anchors:
            return f"#{self.state.anchors[fragment]}"
        what = f"link to {address} leads to no address" if address else "link leads nowhere"
        self.state.report(
            "link-relative",
            Severity.WARNING,
            f"{what}, its words stay without it; give a whole address (https://…) or #id",
            position,
        )
        return None

    # Pictures, formulas, citations -----------------------------------------------------------------------------------

    def image(self, inline: Ast, place: Place, caption: str | None = None) -> Image | None:
        """A picture; `caption` where it stands in a figure. None, after a finding, where it cannot be used."""
        attr, inlines, (address, title) = inline["c"]
        attributes = attributes_of(attr)
        self.check_attributes(attributes, ("alt",), place, place.lang)
        self.check_classes(attr[1], ("decorative",), place)
        alternative = " ".join((attributes.get("alt") or plain_words(inlines)).split())
        return self.picture(
            address,
            alternative,
            title,
            place,
            decorative="decorative" in attr[1],
            identifier=self.state.final_id(attr),
            caption=caption,
        )

    def picture(
        self,
        address: str,
        alternative: str,
        title: str,
        place: Place,
        *,
        decorative: bool,
        identifier: str | None = None,
        caption: str | None = None,
    ) -> Image | None:
        """A picture by its address; None, after a finding, where it cannot be used."""
        position = self.state.positions.find(place.node, address)
        place.images += 1
        if decorative:
            alternative = ""
        elif not alternative:
            self.state.report(
                "image-alternative-missing",
                Severity.ERROR,
                f'picture {address} has no alternative text; add {{alt="what it shows"}} or {{.decorative}} after it',
                position,
            )
        elif alternative == caption:
            # Elsewhere in Markdown the words in brackets are the alternative, so they are a fair one; but heard twice.
            self.state.report(
                "image-alternative-caption",
                Severity.WARNING,
                f'picture {address} has its caption for alternative text; add {{alt="what it shows"}} after it',
                position,
            )
        resource = self.shared.resources.find(address, position)
        if resource is None:
            return None
        name = identifier or self.shared.ids.unique(f"{place.id}-img{place.images}")
        return Image(name, resource.name, alternative, decorative, title or None)

    def _math(self, content: Any, place: Place) -> list[Inline]:
        display = content[0]["t"] == "DisplayMath"
        tex = content[1].strip()
        mathml = self.shared.formulas.get((content[1], display))
        if mathml is None:
            self.state.report(
                "formula-unreadable",
                Severity.ERROR,
                f"formula {tex[:60]} cannot be read; write TeX mathematics without macros of your own",
                self.state.positions.find(place.node, content[1]),
            )
            return []
        place.formulas += 1
        name = self.shared.ids.unique(f"{place.id}-math{place.formulas}")
        return [Math(name, tex, mathml, mathematics.speak(mathml, place.lang), display)]

    def _citation(self, inline: Ast, place: Place) -> list[Inline]:
        cited, written = inline["c"]
        keys = [citation["citationId"] for citation in cited]
        unknown = [key for key in keys if key not in self.shared.reference_ids]
        if unknown:
            bare = cited[0]["citationMode"]["t"] == "AuthorInText"
            for key in unknown:
                self._unknown_citation(key, bare, place)
            return self.several(written, place)
        rendered = self.shared.citations[id(inline)]
        if len(set(keys)) == 1:
            return [Citation(tidy(self.several(_unlinked(rendered), place)), (keys[0],))]
        children: list[Inline] = []
        for part in rendered:
            key = part["c"][2][0].removeprefix("#ref-") if part["t"] == "Link" else ""
            if key in keys:
                children.append(Citation(tuple(self.several(part["c"][1], place)), (key,)))
            else:
                children += self.several([part], place)
        return [Span(tuple(children), classes=("citations",))]

    def _unknown_citation(self, key: str, bare: bool, place: Place) -> None:
        near = self.shared.nearest_reference(key)
        hint = f"did you mean @{near}?" if near else "add it to references in the front matter"
        self.state.report(
            "citation-unknown",
            Severity.WARNING if bare else Severity.ERROR,
            f"no reference {key!r}; {hint}" + (" or write \\@ for a sign that is one" if bare else ""),
            self.state.positions.find(place.node, f"@{key}", f"@{{{key}}}"),
        )


def _unlinked(inlines: Sequence[Ast]) -> list[Ast]:
    """Inlines with links to the bibliography replaced by their words."""
    result: list[Ast] = []
    for inline in inlines:
        if inline["t"] == "Link" and inline["c"][2][0].startswith("#ref-"):
            result += inline["c"][1]
        else:
            result.append(inline)
    return result
