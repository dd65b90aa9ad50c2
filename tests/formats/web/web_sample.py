"""A small publication, made by hand: every kind of block, notes on several kinds of target, gaps in plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from publisher.formats.contract import Job
from publisher.formats.web.write import write
from publisher.model.artefacts import Artefact
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
    Worded,
)
from publisher.model.inlines import (
    Citation,
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

LANG = "en-GB"
NODE: dict[str, Any] = {"lang": LANG, "position": Position("article.md", 1)}
DESK = Creator("The desk", "edt", "desk")
MATHML = "<math><mi>x</mi></math>"

W = TypeVar("W", bound=Worded)


def worded(kind: type[W], id: str, *inlines: Inline | str, **more: Any) -> W:
    """A block of words, one sentence long."""
    made = tuple(Text(inline) if isinstance(inline, str) else inline for inline in inlines)
    length = len(plain_text(made))
    sentences = (Sentence(f"{id}-s1", 0, length),) if length else ()
    return kind(id=id, inlines=made, sentences=sentences, **{**NODE, **more})


def paragraph(id: str, *inlines: Inline | str, **more: Any) -> Paragraph:
    return worded(Paragraph, id, *inlines, **more)


def heading(id: str, words: str, level: int = 2, plain: str | None = None) -> Heading:
    return worded(Heading, id, words, level=level, plain=plain)


def item(id: str, *blocks: Block, checked: bool | None = None) -> ListItem:
    return ListItem(id=id, blocks=blocks, checked=checked, **NODE)


def cell(id: str, words: str, scope: str | None = None, align: Align = Align.DEFAULT) -> Cell:
    return Cell(id=id, blocks=(paragraph(f"{id}-p", words, tight=True),), scope=scope, align=align, **NODE)


def plain(id: str, words: str, *restates: str) -> Counterpart:
    return Counterpart(id=id, restates=restates, blocks=(paragraph(f"{id}-1", words),), **NODE)


def note(number: int, target: Target, words: str, kind: str = "context", plain: Counterpart | None = None) -> Note:
    id = f"n-{number}"
    return Note(
        id=id,
        number=number,
        call=f"{id}-call",
        kind=kind,
        by=DESK,
        date=date(2026, 11, 20),
        target=target,
        blocks=(paragraph(f"{id}-1", words),),
        plain=plain,
        sources=("gale",),
        **NODE,
    )


def on(block: str, start: int, end: int, quote: str) -> Target:
    return Target(Anchoring.EXACT, quote, (Range(block, start, end),))


def pictures(folder: Path) -> dict[str, Resource]:
    """The picture that the sample shows, written into a folder."""
    path = folder / "route one.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>', "utf-8")
    name = "pictures/route one.svg"
    return {name: Resource(name, path, "image/svg+xml", "0" * 64, 40, 20)}


def _wide_table() -> Table:
    columns = ("year", "ship", "lost", "saved")
    return Table(
        id="t-1",
        caption=(paragraph("t-1-caption", "Wrecks by year", tight=True),),
        columns=(Align.RIGHT, Align.LEFT, Align.DEFAULT, Align.DEFAULT),
        widths=(0.25, 0.5, 0.125, 0.125),
        head=(tuple(cell(f"t-1-{name}", name, "col") for name in columns),),
        bodies=(
            (
                (
                    cell("t-1-a", "1812", "row", Align.RIGHT),
                    cell("t-1-b", "Marjory"),
                    cell("t-1-c", "3"),
                    cell("t-1-d", "11"),
                ),
            ),
        ),
        foot=(),
        **NODE,
    )


def _sections() -> tuple[Section, ...]:
    opening = Section(
        None,
        (
            paragraph(
                "opening-1",
                "The ",
                Span((Text("NLB"),), expansion="Northern Lights Board"),
                " lit the lamp & kept it <lit> on ",
                Span((Text("la côte"),), lang="fr"),
                ".",
                FootnoteCall("fnref-1", "fn-1"),
            ),
            paragraph(
                "opening-2",
                "It burned ",
                Styled(Style.STRONG, (Text("long"),)),
                ", says ",
                Citation((Text("Gale 1838"),), ("gale",)),
                "; see ",
                Link((Text("the table"),), "#t-1"),
                " or ",
                Link((Text("the register"),), "https://records.example/"),
                ".",
            ),
        ),
    )
    numbers = Section(
        heading("numbers", "Numbers", plain="The numbers"),
        (
            paragraph("numbers-1", "Let ", Math("numbers-1-math1", "x", MATHML, "x"), " be it."),
            _wide_table(),
            CodeBlock(id="code-1", code="if a < b:\n    print('&')\n" + "x" * 60, language="python", **NODE),
        ),
        (
            Section(
                heading("lists", "Lists", 3),
                (
                    List(
                        id="list-1",
                        items=(item("list-1-a", paragraph("list-1-a-p", "trim", tight=True), checked=True),),
                        **NODE,
                    ),
                    List(
                        id="list-2",
                        items=(item("list-2-a", paragraph("list-2-a-p", "third", tight=True)),),
                        numbering=Numbering.LOWER_ROMAN,
                        start=3,
                        **NODE,
                    ),
                    DefinitionList(
                        id="dl-1",
                        entries=(
                            (
                                worded(Term, "dt-1", "Lens"),
                                (Definition(id="dd-1", blocks=(paragraph("dd-1-p", "Glass."),), **NODE),),
                            ),
                        ),
                        **NODE,
                    ),
                ),
            ),
        ),
    )
    pictured = Section(
        heading("pictures", "Pictures"),
        (
            Figure(
                id="fig-1",
                blocks=(
                    Paragraph(
                        id="fig-1-p",
                        inlines=(Image("fig-1-img1", "pictures/route one.svg", "A route."),),
                        sentences=(),
                        **NODE,
                    ),
                ),
                caption=(paragraph("fig-1-caption", "The route", tight=True),),
                long_description=(paragraph("fig-1-long", "It goes from left to right."),),
                **NODE,
            ),
            Quotation(id="pull-1", blocks=(paragraph("pull-1-p", "It burned long."),), pull=True, **NODE),
            Quotation(id="quote-1", blocks=(paragraph("quote-1-p", "The sea."),), **NODE),
            ThematicBreak(id="hr-1", **NODE),
            Group(id="aside-1", blocks=(paragraph("aside-1-p", "Beside."),), classes=("aside",), **NODE),
            worded(LineBlock, "verse-1", "The lamp", LineBreak(), "goes round"),
            paragraph("arabic-1", "كان الحارس.", lang="ar"),
        ),
    )
    return opening, numbers, pictured


def sample(folder: Path, name: str = "sample") -> Publication:
    """The publication; its picture is written into `folder`."""
    layer = Commentary(
        layer="commentary",
        title="Notes",
        lang=LANG,
        editors=(DESK,),
        introduction=Passage(
            id="introduction",
            title="Before you read",
            blocks=(paragraph("introduction-1", "A test."),),
            plain=plain("introduction-plain", "This is a test."),
            **NODE,
        ),
        method=Passage(id="method", title="Method", blocks=(paragraph("method-1", "We looked twice."),), **NODE),
        notes=(
            note(1, on("opening-1", 4, 7, "NLB"), "The board.", "definition", plain("n-1-plain", "A board.")),
            note(2, on("opening-2", 10, 14, "long"), "Ninety years."),
            note(3, Target(Anchoring.EXACT, "", element="numbers"), "A whole section.", "fact-check"),
            note(4, Target(Anchoring.EXACT, "", element="fig-1"), "A figure.", "aftermath"),
            note(5, Target(Anchoring.EXACT, "", element="code-1"), "Code has no words.", "perspective"),
        ),
    )
    footnote = Footnote(
        id="fn-1", number=1, blocks=(paragraph("fn-1-1", "On the north coast."),), calls=("fnref-1",), **NODE
    )
    reference = Reference(
        id="ref-gale",
        key="gale",
        csl={},
        entry=(Text("Gale. 1838. Return of wrecks."),),
        short="Return of wrecks, 1838",
        url="https://records.example/1838",
        **NODE,
    )
    return Publication(
        name=name,
        metadata=Metadata(
            title="The lamp & <the> sea",
            subtitle="An account",
            lang=LANG,
            identifier="urn:sample",
            creators=(Creator("Ada Fenwick"), Creator("Bram Okafor", "ill")),
            date=date(2026, 11, 20),
            publisher="The Skerry Press",
            rights="Free to copy",
            description='A "test".',
        ),
        imprint=Imprint(base_url="https://skerry.example/"),
        sections=_sections(),
        counterparts=(
            plain("opening-1-plain", "The board lit the lamp.", "opening-1", "opening-2"),
            plain("t-1-plain", "In 1812 the Marjory sank.", "t-1"),
        ),
        footnotes=(footnote,),
        layers=(layer,),
        references=(reference,),
        resources=pictures(folder),
    )


SIBLINGS = (
    Artefact("sample.mp3", "audio/mpeg", "audio", "to hear", duration=754.0),
    Artefact("sample.vtt", "text/vtt", "audio", "captions"),
    Artefact("sample-plain.mp3", "audio/mpeg", "audio", "to hear, plain", duration=61.0, variant="plain"),
    Artefact("sample.pdf", "application/pdf", "pdf", "to print", pages=14),
)


def build(
    publication: Publication,
    folder: Path,
    siblings: tuple[Artefact, ...] = SIBLINGS,
    templates: Templates | None = None,
) -> tuple[Artefact, ...]:
    """The web pages of a publication in `folder`, which is made and holds the siblings."""
    folder.mkdir(parents=True, exist_ok=True)
    for artefact in siblings:
        (folder / artefact.name).write_bytes(b"x" * 2_345_678)
    return write(Job(publication, templates or Templates(), folder, Store(folder / "store"), siblings=siblings))


def without_commentary(publication: Publication) -> Publication:
    return replace(publication, layers=())
