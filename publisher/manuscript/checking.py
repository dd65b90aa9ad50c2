"""`publisher check`: everything that can be said of an edition's source before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from publisher.manuscript.places import Places
from publisher.manuscript.plain_language import plain_findings
from publisher.manuscript.severities import finding
from publisher.model.blocks import Block, Heading, Node, ThematicBreak, Worded, images, walk
from publisher.model.findings import Finding
from publisher.model.inlines import OBJECT, Image, Link, plain_text, walk_inlines
from publisher.model.publication import Publication, Section
from publisher.model.source import Position

LONGEST_ALTERNATIVE = 250
"""Characters of an alternative that a listener can still hold: more belongs in a long description."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.-]+\.(?:com|org|net|gov|edu|co\.uk|gov\.uk)(?:/\S*)?", re.IGNORECASE)
_VAGUE = frozenset(
    phrase.strip()
    for phrase in """
    here | click here | click | this | this link | this page | this article | link | more | read more | learn more |
    more here | see here | see more | find out more | details | page | website | source |
    ici | cliquez ici | lien | ce lien | en savoir plus | plus | lire la suite |
    hier | hier klicken | klicken sie hier | dieser link | mehr | mehr erfahren | weiterlesen
    """.split("|")
)
"""Words of links that tell nothing to someone who hears the links alone, one after another."""

_FILE_NAME = re.compile(
    r"[\w-]+\.(?:png|jpe?g|gif|svg|webp|tiff?|bmp|heic)|(?:img|dsc|image|picture|photo|screenshot)[ _-]?\d+", re.I
)
_REDUNDANT = re.compile(
    r"(?:an? )?(?:image|picture|photo|photograph|graphic|icon) (?:of|showing)\b|(?:ein )?bild (?:von|eine[rs])\b", re.I
)
_GENERATED = re.compile(r"automatically generated|may contain:|image may contain|automatisch generiert", re.I)


def check(publication: Publication, findings: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """The findings of the reading, and with them what else is wrong with the text, each once, in the files' order.

    Anchors, missing files and front matter come with the reading's `findings`; here come pictures' alternatives,
    headings, links and plain language. Nothing is raised: the caller decides by severity.
    """
    given = tuple(findings)
    told = {(one.check, one.position) for one in given}
    nodes = [*walk(publication.all_blocks())]
    found = [
        *_alternatives(nodes),
        *_links(nodes),
        *_headings(publication.sections),
        *_empty_sections(publication.sections),
        *plain_findings(publication),
    ]
    fresh = [one for one in dict.fromkeys(found) if (one.check, one.position) not in told]
    return _sorted(publication, [*given, *fresh])


def _sorted(publication: Publication, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """By file, the article's first, then by line and column; those without a place first of all."""
    first = next((block.position.path for block in publication.blocks()), "")

    def place(one: Finding) -> tuple[bool, bool, str, int, int]:
        position = one.position
        if position is None:
            return (False, False, "", 0, 0)
        return (True, position.path != first, position.path, position.line, position.column or 0)

    return tuple(sorted(findings, key=place))


# Pictures


def _alternatives(nodes: Iterable[Node]) -> Iterator[Finding]:
    places = Places()
    for node in nodes:
        at = node.position
        for image in images(node):
            found = places.picture(image, at)
            yield from _alternative(image, found or node.position)
            at = found or at


def _alternative(image: Image, position: Position) -> Iterator[Finding]:
    alternative = image.alternative.strip()
    if image.decorative:
        return
    if not alternative:
        message = f'{image.resource} has no alternative; write {{alt="what it shows"}} after it, or {{.decorative}}'
        yield finding("image-alternative-missing", message, position)
    elif _FILE_NAME.fullmatch(alternative) or alternative.lower() == PurePosixPath(image.resource).name.lower():
        message = f"the alternative of {image.resource} is a file's name; say what it shows"
        yield finding("image-alternative-file-name", message, position)
    elif _GENERATED.search(alternative):
        message = f"the alternative of {image.resource} was made by a program; say what the picture shows here"
        yield finding("image-alternative-generated", message, position)
    elif len(alternative) > LONGEST_ALTERNATIVE:
        message = (
            f"the alternative of {image.resource} has {len(alternative)} characters; shorten it to"
            f" {LONGEST_ALTERNATIVE} and put the rest in ::: long-description after the figure"
        )
        yield finding("image-alternative-long", message, position)
    elif _REDUNDANT.match(alternative):
        message = f"the alternative of {image.resource} says that it is a picture; say only what it shows"
        yield finding("image-alternative-redundant", message, position)


# Links


def _links(nodes: Iterable[Node]) -> Iterator[Finding]:
    places = Places()
    for node in nodes:
        if not isinstance(node, Worded):
            continue
        at = node.position
        for inline in walk_inlines(node.inlines):
            if isinstance(inline, Link):
                found = places.link(inline, at)
                yield from _link(inline, found or node.position)
                at = replace(found, column=(found.column or 0) + 1) if found else at


def _link(link: Link, position: Position) -> Iterator[Finding]:
    text = " ".join(plain_text(link.children).split())
    shown = link.target if len(link.target) <= 60 else f"{link.target[:59]}…"
    pictures = [inline for inline in walk_inlines(link.children) if isinstance(inline, Image)]
    if not text.replace(OBJECT, "").strip():
        if not any(picture.alternative for picture in pictures):
            yield finding("link-empty", f"the link to {shown} has no words; write some", position)
    elif _ADDRESS.fullmatch(text) or text.removeprefix("mailto:") == link.target:
        message = f"the link {shown} shows its bare address; write words that say where it leads: [words]({shown})"
        yield finding("link-bare", message, position)
    elif text.casefold().strip(" .…:→»>[]()") in _VAGUE:
        message = f"the link “{text}” does not say where it leads; use words that make sense alone"
        yield finding("link-vague", message, position)


# Headings and sections


def _headings(sections: Sequence[Section], above: int = 1) -> Iterator[Finding]:
    """Headings of a rank below the next one: a reader that jumps from heading to heading believes one was missed."""
    for section in sections:
        level = above
        if isinstance(section.heading, Heading):
            level = section.heading.level
            if level > above + 1:
                message = f"a heading of level {level} under one of level {above}; make it level {above + 1}"
                yield finding("heading-order", message, section.heading.position)
        yield from _headings(section.sections, level)


def _empty_sections(sections: Sequence[Section]) -> Iterator[Finding]:
    for section in sections:
        said = any(_says_something(block) for block in section.blocks)
        if section.heading is not None and not said and not section.sections:
            message = f"nothing stands under “{section.heading.text}”; write something, or take the heading out"
            yield finding("section-empty", message, section.heading.position)
        yield from _empty_sections(section.sections)


def _says_something(block: Block) -> bool:
    return not isinstance(block, ThematicBreak)
