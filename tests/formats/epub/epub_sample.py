"""A small publication made by hand: what the EPUB's tests need of everything, without a reader of manuscripts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image as Pictures

from publisher.model.blocks import (
    Block,
    Cell,
    CodeBlock,
    Figure,
    Heading,
    List,
    ListItem,
    Numbering,
    Paragraph,
    Sentence,
    Table,
)
from publisher.model.inlines import FootnoteCall, Image, Inline, Link, Math, Span, Text, plain_text
from publisher.model.publication import (
    Anchoring,
    Commentary,
    Counterpart,
    Creator,
    Footnote,
    Imprint,
    Metadata,
    Note,
    Passage,
    Publication,
    Range,
    Reference,
    Resource,
    Section,
    Target,
)
from publisher.model.source import Position

HERE = Position("article.md", 1)
MATHML = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
DESK = Creator("The desk", "edt", "desk")


def paragraph(id: str, *inlines: Inline | str, lang: str = "en", tight: bool = False) -> Paragraph:
    """A paragraph of one sentence."""
    words = tuple(Text(inline) if isinstance(inline, str) else inline for inline in inlines)
    sentences = (Sentence(f"{id}-s1", 0, len(plain_text(words))),)
    return Paragraph(id=id, lang=lang, position=HERE, inlines=words, sentences=sentences, tight=tight)


def heading(id: str, text: str, level: int = 2, plain: str | None = None) -> Heading:
    """A heading of one sentence."""
    sentences = (Sentence(f"{id}-s1", 0, len(text)),)
    return Heading(
        id=id, lang="en", position=HERE, inlines=(Text(text),), sentences=sentences, level=level, plain=plain
    )


def picture(folder: Path, name: str, frames: int = 1) -> Resource:
    """A picture file; with more frames than one it moves."""
    path = folder / name
    shots = [Pictures.new("RGB", (16, 8), (20 * number, 90, 90)) for number in range(frames)]
    shots[0].save(path, save_all=frames > 1, append_images=shots[1:])
    kinds = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Resource(name, path, kinds[path.suffix], digest, 16, 8)


def note(
    number: int, block: str, end: int, *blocks: Block, plain: Counterpart | None = None, quote: str = "The lamp"
) -> Note:
    """A note on the first words of a block."""
    return Note(
        id=f"n-{number}",
        lang="en",
        position=HERE,
        number=number,
        call=f"n-{number}-call",
        kind="fact-check",
        by=DESK,
        date=date(2026, 11, 20),
        target=Target(Anchoring.EXACT, quote, (Range(block, 0, end),)),
        blocks=blocks,
        plain=plain,
        sources=("log-1811",),
    )


def counterpart(id: str, restates: str, text: str) -> Counterpart:
    """A counterpart of one sentence."""
    return Counterpart(
        id=f"{id}-plain", lang="en", position=HERE, restates=(restates,), blocks=(paragraph(f"{id}-plain-1", text),)
    )


def cell(id: str, text: str, scope: str | None = None) -> Cell:
    """A cell of one paragraph."""
    return Cell(id=id, lang="en", position=HERE, blocks=(paragraph(f"{id}-1", text, tight=True),), scope=scope)


def small_publication(folder: Path, *, lang: str = "en", identifier: str = "urn:example:skerry") -> Publication:
    """Two sections, a figure, a table, a formula, a footnote, two notes, counterparts, all passages, a reference."""
    rings = picture(folder, "rings.png")
    opening = Section(
        None,
        (
            paragraph("opening-1", "The lamp was lit in 1811", FootnoteCall("fnref-1", "fn-1"), "."),
            paragraph("opening-2", "It was seen from ", Span((Text("le continent"),), lang="fr"), "."),
        ),
    )
    stores = Section(
        heading("stores", "Stores & oil", plain="What they kept"),
        (
            List(
                id="stores-1",
                lang="en",
                position=HERE,
                numbering=Numbering.DECIMAL,
                items=(
                    ListItem(
                        id="stores-2",
                        lang="en",
                        position=HERE,
                        blocks=(paragraph("stores-3", "Casks, as ", Link((Text("shown"),), "#fig-rings"), "."),),
                    ),
                ),
            ),
            Table(
                id="tbl-wrecks",
                lang="en",
                position=HERE,
                caption=(paragraph("stores-4", "Wrecks by year", tight=True),),
                columns=(),
                widths=(),
                head=((cell("c1", "Year", "col"), cell("c2", "Ship", "col")),),
                bodies=(((cell("c3", "1838"), cell("c4", "Forfar")),),),
                foot=(),
            ),
        ),
        (
            Section(
                heading("lens", "The lens", 3),
                (
                    Figure(
                        id="fig-rings",
                        lang="en",
                        position=HERE,
                        blocks=(paragraph("lens-1", Image("lens-1-img1", "rings.png", "Rings of glass.")),),
                        caption=(paragraph("lens-2", "The lens, drawn.", tight=True),),
                        long_description=(paragraph("lens-3", "Nine rings stand one in the other."),),
                    ),
                    paragraph("lens-4", "Its width is ", Math("lens-4-math1", "x", MATHML, "x"), "."),
                    CodeBlock(id="lens-5", lang="en", position=HERE, code='trim <wick id="x"> & wait\n'),
                ),
            ),
        ),
    )
    introduction = Passage(
        id="introduction",
        lang="en",
        position=HERE,
        title="Before you read",
        blocks=(paragraph("introduction-1", "This is a test."),),
        plain=counterpart("introduction", "introduction-1", "A test."),
    )
    method = Passage(
        id="method",
        lang="en",
        position=HERE,
        title="How we worked",
        blocks=(paragraph("method-1", "We looked twice."),),
    )
    notes = (
        note(1, "opening-1", 8, paragraph("n-1-1", "The log agrees."), plain=counterpart("n-1", "n-1-1", "It is so.")),
        note(2, "stores-3", 5, paragraph("n-2-1", "Nine casks a year."), quote="Casks"),
    )
    reference = Reference(
        id="ref-log-1811",
        lang="en",
        position=HERE,
        key="log-1811",
        csl={"id": "log-1811", "type": "book"},
        entry=(Text("Keeper’s log. 1811."),),
        short="Keeper’s log, 1811",
        url="https://lights.example/log",
    )
    return Publication(
        name="skerry",
        metadata=Metadata(
            title="The lamp at Skerry Point",
            subtitle="What one light cost",
            lang=lang,
            identifier=identifier,
            creators=(Creator("Ada Fenwick"), Creator("Bram Okafor", "ill")),
            date=date(2026, 11, 19),
            publisher="The Skerry Press",
            rights="Free to copy",
            description="A lighthouse & its keeper.",
            subjects=("lighthouses", "tides"),
        ),
        imprint=Imprint(),
        sections=(opening, stores),
        counterparts=(
            counterpart("opening-1", "opening-1", "People lit the lamp in 1811."),
            counterpart("stores-1", "stores-1", "Boats brought casks."),
        ),
        footnotes=(
            Footnote(
                id="fn-1",
                lang="en",
                position=HERE,
                number=1,
                blocks=(paragraph("fn-1-1", "On the first of February."),),
                calls=("fnref-1",),
            ),
        ),
        layers=(Commentary("commentary", "Notes", "en", (DESK,), introduction, method, notes),),
        references=(reference,),
        resources={"rings.png": rings},
    )


def without_alternative(publication: Publication) -> Publication:
    """The same with its picture's alternative taken away."""
    lens = publication.sections[1].sections[0]
    figure = lens.blocks[0]
    assert isinstance(figure, Figure)
    bare = replace(figure, blocks=(paragraph("lens-1", Image("lens-1-img1", "rings.png", "")),))
    changed = replace(publication.sections[1], sections=(replace(lens, blocks=(bare, *lens.blocks[1:])),))
    return replace(publication, sections=(publication.sections[0], changed))
