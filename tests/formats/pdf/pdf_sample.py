"""A publication made by hand, with every construct that a page has to set, so that these tests need no reader."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from publisher.formats.contract import Job
from publisher.model.blocks import (
    Align,
    Block,
    Cell,
    CodeBlock,
    Definition,
    DefinitionList,
    Figure,
    Group,
    Heading,
    LineBlock,
    List,
    ListItem,
    Numbering,
    Paragraph,
    Quotation,
    Sentence,
    Table,
    Term,
    ThematicBreak,
)
from publisher.model.inlines import (
    Citation,
    Code,
    FootnoteCall,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
    plain_text,
)
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
from publisher.rendering.templates import Templates
from publisher.store import Store

HERE = Position("article.md", 1)
DESK = Creator(name="The editorial desk", role="edt", key="desk")
LOREM = (
    "The keeper rowed out before dawn, since the tide would not wait for him, and found the mooring chain "
    "broken in two places. He wrote it down. Nobody on the mainland answered for eleven days, and the lamp burned low."
)


class Maker:
    """Makes nodes with ids that no other node of the publication has."""

    def __init__(self, lang: str = "en-GB", *, first: int = 1) -> None:
        self.lang = lang
        self._numbers: Iterator[int] = count(first)

    def id(self, stem: str = "n") -> str:
        return f"{stem}-{next(self._numbers)}"

    def words(self, *parts: Inline | str) -> tuple[tuple[Inline, ...], tuple[Sentence, ...], str]:
        inlines = tuple(Text(part) if isinstance(part, str) else part for part in parts)
        id = self.id("b")
        text = plain_text(inlines)
        return inlines, (Sentence(f"{id}-s1", 0, len(text)),) if text else (), id

    def p(self, *parts: Inline | str, tight: bool = False, lang: str | None = None, id: str | None = None) -> Paragraph:
        inlines, sentences, made = self.words(*parts)
        return Paragraph(
            id=id or made, lang=lang or self.lang, position=HERE, inlines=inlines, sentences=sentences, tight=tight
        )

    def h(self, level: int, words: str, id: str | None = None, plain: str | None = None) -> Heading:
        inlines, sentences, made = self.words(words)
        return Heading(
            id=id or made, lang=self.lang, position=HERE, inlines=inlines, sentences=sentences, level=level, plain=plain
        )

    def list(self, *items: tuple[Block, ...] | str, numbering: Numbering = Numbering.BULLET, start: int = 1) -> List:
        made = tuple(self.item(*(item if isinstance(item, tuple) else (self.p(item, tight=True),))) for item in items)
        return List(id=self.id("l"), lang=self.lang, position=HERE, items=made, numbering=numbering, start=start)

    def item(self, *blocks: Block, checked: bool | None = None) -> ListItem:
        return ListItem(id=self.id("li"), lang=self.lang, position=HERE, blocks=blocks, checked=checked)

    def cell(self, words: str, scope: str | None = None, align: Align = Align.DEFAULT, colspan: int = 1) -> Cell:
        return Cell(
            id=self.id("c"),
            lang=self.lang,
            position=HERE,
            blocks=(self.p(words, tight=True),),
            scope=scope,
            align=align,
            colspan=colspan,
        )

    def table(self, caption: str, head: list[str], rows: list[list[str]], *, stub: bool = False) -> Table:
        return Table(
            id=self.id("t"),
            lang=self.lang,
            position=HERE,
            caption=(self.p(caption, tight=True),) if caption else (),
            columns=(Align.DEFAULT,) * len(head),
            widths=(None,) * len(head),
            head=(tuple(self.cell(words, "col") for words in head),),
            bodies=(
                tuple(
                    tuple(self.cell(words, "row" if stub and not index else None) for index, words in enumerate(row))
                    for row in rows
                ),
            ),
            foot=(),
        )

    def figure(
        self, resource: str, alternative: str, caption: str, *, decorative: bool = False, long: tuple[Block, ...] = ()
    ) -> Figure:
        picture = Image(self.id("img"), resource, alternative, decorative)
        return Figure(
            id=self.id("f"),
            lang=self.lang,
            position=HERE,
            blocks=(self.p(picture),),
            caption=(self.p(caption, tight=True),) if caption else (),
            long_description=long,
        )


def png(path: Path, width: int = 64, height: int = 40) -> Path:
    """A picture of one grey tone."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\x60" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )
    return path


def resource(path: Path, media_type: str, name: str | None = None) -> Resource:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Resource(name or path.name, path, media_type, digest, 64, 40)


def small(**changes: object) -> Publication:
    """A title and two paragraphs."""
    make = Maker()
    made = Publication(
        name="small",
        metadata=Metadata(title="A small thing", lang="en-GB", identifier="urn:small", date=date(2026, 11, 20)),
        imprint=Imprint(),
        sections=(
            Section(None, (make.p("It is ", Styled(Style.EMPHASIS, (Text("very"),)), " small."), make.p(LOREM))),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def full(folder: Path, *, rows: int = 60, notes: int = 6) -> Publication:
    """Every construct at least once, over several pages. Pictures are written into `folder`."""
    make = Maker()
    picture = resource(png(folder / "lamp.png"), "image/png")
    opening = make.p(
        "The lamp at Skerry Point was lit on 1 February 1811. It burned for ",
        Styled(Style.EMPHASIS, (Text("one hundred and forty years"),)),
        ", through ",
        Styled(Style.STRONG, (Text("two wars"),)),
        " and many gales, and the ",
        Span((Text("NLB"),), expansion="Northern Lights Board", say="N L B"),
        " paid for it.",
        FootnoteCall("fnref-1", "fn-1"),
        id="opening-1",
    )
    foreign = make.p(
        "Sailors said ",
        Span((Text("le phare"),), lang="fr"),
        " in French, ",
        Span((Text("المنارة"),), lang="ar"),
        " in Arabic, φάρος in Greek and маяк in Russian; water is H",
        Styled(Style.SUBSCRIPT, (Text("2"),)),
        "O, and ",
        Code("trim --wick"),
        " is a command. See ",
        Link((Text("the register of lights"),), "https://lights.example/register"),
        " or ",
        Link((Text("the table"),), "#wrecks"),
        ". Fenwick ",
        Citation((Text("(1911)"),), ("fenwick",)),
        " was a sceptic.",
        FootnoteCall("fnref-2", "fn-2"),
    )
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>d</mi><mo>=</mo><msqrt><mrow><mn>2</mn><mi>R</mi>'
        "<mi>h</mi></mrow></msqrt></math>"
    )
    nested = make.list(
        (make.p("oil, in casks:", tight=True), make.list("whale oil, until 1846;", "colza oil, after that;")),
        (make.p("wicks, of which"), make.p("there were never enough;")),
        "a spare glass.",
    )
    tasks = List(
        id=make.id("l"),
        lang="en-GB",
        position=HERE,
        items=(
            make.item(make.p("trim the wick", tight=True), checked=True),
            make.item(make.p("polish the lens", tight=True), checked=False),
        ),
    )
    definitions = DefinitionList(
        id=make.id("dl"),
        lang="en-GB",
        position=HERE,
        entries=(
            (
                Term(id="term-1", lang="en-GB", position=HERE, inlines=(Text("Fresnel lens"),), sentences=()),
                (Definition(id="def-1", lang="en-GB", position=HERE, blocks=(make.p("A lens cut into rings."),)),),
            ),
        ),
    )
    wrecks = make.table(
        "Wrecks by year",
        ["Year", "Ship", "Lost"],
        [[str(1811 + n), f"Ship {n}", str(n % 7)] for n in range(rows)],
        stub=True,
    )
    wrecks = replace(wrecks, id="wrecks")
    wide = make.table("Eight columns", [f"Head {n}" for n in range(9)], [["some words"] * 9 for _ in range(3)])
    history = Section(
        make.h(2, "A history", id="history", plain="What happened"),
        (opening, foreign, *(make.p(LOREM) for _ in range(6)), wrecks),
        (
            Section(make.h(3, "Stores", id="stores"), (make.p(LOREM), nested, tasks, definitions)),
            Section(
                make.h(3, "Sums and code", id="sums"),
                (
                    make.p(
                        "The horizon is ",
                        Math("math-1", "d=\\sqrt{2Rh}", formula, "d is the square root of 2 R h"),
                        " away.",
                    ),
                    CodeBlock(
                        id="code-1",
                        lang="en-GB",
                        position=HERE,
                        code="def trim():\n    return 1 < 2\n",
                        language="python",
                    ),
                    ThematicBreak(id="rule-1", lang="en-GB", position=HERE),
                ),
            ),
        ),
    )
    pictures = Section(
        make.h(2, "Pictures and voices", id="pictures"),
        (
            make.figure("lamp.png", "A grey lamp.", "The lamp in fog.", long=(make.p("All of it is grey."),)),
            make.figure("lamp.png", "", "", decorative=True),
            Quotation(
                id="pull", lang="en-GB", position=HERE, blocks=(make.p("Nobody ever thanked a lamp."),), pull=True
            ),
            Quotation(id="quote", lang="en-GB", position=HERE, blocks=(make.p("The sea is the same."),)),
            LineBlock(
                id="lines",
                lang="en-GB",
                position=HERE,
                inlines=(Text("The lamp goes round,"), LineBreak(), Text("the sea takes what it will")),
                sentences=(Sentence("lines-s1", 0, 46),),
            ),
            Group(
                id="aside", lang="en-GB", position=HERE, classes=("aside",), blocks=(make.p("An aside stands beside."),)
            ),
            make.p("كان الحارس يكتب بالعربية أحيانًا.", lang="ar"),
            wide,
        ),
    )
    targets = ("lit on 1 February 1811", "two wars", "many gales")
    text = opening.text
    made_notes = tuple(
        Note(
            id=f"note-{n}",
            lang="en-GB",
            position=HERE,
            number=n,
            call=f"note-{n}-call",
            kind=("context", "fact-check", "definition")[n % 3],
            by=DESK,
            date=date(2026, 11, 20),
            target=_target(text, targets[n % 3]),
            blocks=(make.p(f"Note {n}. {LOREM}"), make.p("Its second paragraph.")),
            plain=Counterpart(
                id=f"note-{n}-plain",
                lang="en-GB",
                position=HERE,
                restates=(f"note-{n}",),
                blocks=(make.p(f"Plain note {n}."),),
            ),
            sources=("fenwick",),
        )
        for n in range(1, notes + 1)
    )
    return Publication(
        name="full",
        metadata=Metadata(
            title="The lamp at Skerry Point",
            subtitle="What one light cost",
            lang="en-GB",
            identifier="urn:full",
            creators=(Creator("Ada Fenwick"), Creator("Bram Okafor", "ill")),
            date=date(2026, 11, 20),
            publisher="The Skerry Press",
            rights="© 2026 The Skerry Press",
            description="A short history of a lighthouse that never stood.",
            cover=picture,
            cover_alternative="A lamp on a rock.",
            subjects=("lighthouses", "tides"),
        ),
        imprint=Imprint(
            publisher="The Skerry Press", base_url="https://skerry.example/", contact="desk@skerry.example"
        ),
        sections=(Section(None, (make.p("It begins without a heading.", id="first"),)), history, pictures),
        counterparts=(
            Counterpart(id="plain-1", lang="en-GB", position=HERE, restates=("first",), blocks=(make.p("It begins."),)),
            Counterpart(
                id="plain-2",
                lang="en-GB",
                position=HERE,
                restates=("opening-1",),
                blocks=(make.p("The lamp burned for 140 years."),),
            ),
        ),
        footnotes=(
            Footnote(
                id="fn-1",
                lang="en-GB",
                position=HERE,
                number=1,
                blocks=(make.p("And for the keeper."),),
                calls=("fnref-1",),
            ),
            Footnote(
                id="fn-2", lang="en-GB", position=HERE, number=2, blocks=(make.p("Not of lamps."),), calls=("fnref-2",)
            ),
        ),
        layers=(
            Commentary(
                layer="commentary",
                title="Commentary",
                lang="en-GB",
                editors=(DESK,),
                introduction=Passage(
                    id="introduction",
                    lang="en-GB",
                    position=HERE,
                    title="Introduction",
                    blocks=(make.p(LOREM), make.p("The editors begin.")),
                ),
                method=Passage(
                    id="method", lang="en-GB", position=HERE, title="Method", blocks=(make.p("Every note is signed."),)
                ),
                notes=made_notes,
            ),
        ),
        references=(
            Reference(
                id="ref-fenwick",
                lang="en-GB",
                position=HERE,
                key="fenwick",
                csl={"id": "fenwick", "type": "book"},
                entry=(
                    Text("Fenwick, Iris. "),
                    Styled(Style.EMPHASIS, (Text("Lamps of the northern coast"),)),
                    Text(". 1911."),
                ),
                short="Lamps of the northern coast, Harbour & Sons, 1911",
                url="https://lamps.example/",
            ),
        ),
        resources={picture.name: picture},
    )


def _target(text: str, quote: str) -> Target:
    start = text.index(quote)
    return Target(Anchoring.EXACT, quote, ranges=(Range("opening-1", start, start + len(quote)),))


def job(publication: Publication, folder: Path, templates: Templates | None = None, *, part: str | None = None) -> Job:
    """A job that writes into `folder`, with its own store beside it: both PDFs, or one part alone."""
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return Job(publication, templates or Templates(), out, Store(folder / "store"), part=part)
