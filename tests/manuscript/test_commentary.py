"""Layers of commentary on a small article made by hand: targets of every kind, numbers, faults."""

from __future__ import annotations

from datetime import date

import pytest

from publisher.manuscript.commentary import MAIN, LayerText, naming, read_layers
from publisher.manuscript.draft import Body, Division, Fence
from publisher.manuscript.frontmatter import CommentaryFront
from publisher.manuscript.targets import Targets
from publisher.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    Group,
    Heading,
    List,
    ListItem,
    Paragraph,
    Quotation,
    Worded,
)
from publisher.model.findings import Finding, Severity
from publisher.model.inlines import Image, Inline, Style, Styled, Text
from publisher.model.publication import Anchoring, Commentary, Counterpart, Creator, Footnote, Note, Range, Section
from publisher.model.source import Position

FRONT = CommentaryFront.model_validate(
    {"title": "Notes", "editors": {"desk": "The desk", "ada": {"name": "Ada Fenwick", "role": "author"}}}
)


def at(line: int, path: str = "article.md") -> Position:
    return Position(path, line)


def paragraph(id: str, *inlines: str | Inline, line: int = 1) -> Paragraph:
    words = tuple(Text(one) if isinstance(one, str) else one for one in inlines)
    return Paragraph(id=id, lang="en", position=at(line), inlines=words, sentences=())


def heading(id: str, text: str, line: int = 1) -> Heading:
    return Heading(id=id, lang="en", position=at(line), inlines=(Text(text),), sentences=(), level=2)


OPENING = Section(
    None,
    (
        paragraph(
            "opening-1",
            "It burned for ",
            Styled(Style.EMPHASIS, (Text("one hundred years"),)),
            ", through ",
            Styled(Style.STRONG, (Text("two wars"),)),
            " and a score of gales. Nobody thanked it.",
            line=10,
        ),
        Quotation(
            id="opening-2",
            lang="en",
            position=at(12),
            pull=True,
            blocks=(paragraph("opening-3", "Nobody thanked it."),),
        ),
        paragraph("opening-4", "Every ship was counted.", line=16),
    ),
)
LAMPS = Section(
    heading("lamps", "The lamps", line=20),
    (
        List(
            id="lamps-1",
            lang="en",
            position=at(22),
            items=(
                ListItem(
                    id="lamps-2", lang="en", position=at(22), blocks=(paragraph("lamps-3", "whale oil", line=22),)
                ),
            ),
        ),
        CodeBlock(id="lamps-4", lang="en", position=at(24), code="trim --wick"),
        paragraph("lamps-5", "Every ship was counted.", line=26),
        Figure(
            id="fig",
            lang="en",
            position=at(28),
            blocks=(paragraph("lamps-6", Image("lamps-6-img1", "a.svg", "A lamp"), line=28),),
            caption=(paragraph("lamps-7", "The lamp itself.", line=28),),
        ),
    ),
)
TARGETS = Targets(
    (OPENING, LAMPS),
    {"title": ("A lamp", "en", at(2))},
    (CodeBlock(id="x", lang="en", position=at(24), code="trim --wick"),),
)


def division(
    classes: str = "note",
    id: str | None = None,
    *,
    blocks: tuple[Block, ...] | None = None,
    line: int = 5,
    **attributes: str,
) -> Division:
    names = {"on_": "on", "in_": "in"}
    fence = Fence(
        position=at(line, "commentary.md"),
        id=id,
        classes=tuple(classes.split()),
        attributes={names.get(name, name): value for name, value in attributes.items()},
    )
    name = id or "note-1"
    made = blocks if blocks is not None else (paragraph(f"{name}-1", "Words."),)
    return Division(id=name, lang="en", fence=fence, blocks=made)


def note(on: str, id: str = "n", **attributes: str) -> Division:
    given = {"kind": "context", "by": "desk", **attributes}
    return division(id=id, on=on, **given)


def layer(*divisions: Division, name: str = MAIN, front: CommentaryFront = FRONT, **more: object) -> LayerText:
    body = Body(divisions=divisions, strays=more.pop("strays", ()))  # type: ignore[arg-type]
    return LayerText(name=name, path="commentary.md", lang="en", front=front, body=body, **more)  # type: ignore[arg-type]


def read(*divisions: Division, **more: object) -> tuple[Commentary, tuple[Finding, ...]]:
    (commentary,), findings = read_layers([layer(*divisions, **more)], TARGETS, {"doe-2000", "roe-2001"})
    return commentary, findings


def only(*divisions: Division, **more: object) -> Note:
    commentary, findings = read(*divisions, **more)
    assert findings == ()
    (one,) = commentary.notes
    return one


def fault(*divisions: Division, **more: object) -> tuple[str, Severity, str]:
    _, findings = read(*divisions, **more)
    (finding,) = findings
    return finding.check, finding.severity, str(finding)


# Targets


def test_a_note_has_all_that_its_fence_says() -> None:
    found = only(
        note(
            "two wars",
            kind="fact-check",
            by="ada",
            date="2026-11-20",
            sources="roe-2001 doe-2000 roe-2001",
            id="n-wars",
        )
    )
    assert (found.id, found.call, found.number, found.kind, found.layer) == (
        "n-wars",
        "n-wars-call",
        1,
        "fact-check",
        MAIN,
    )
    assert found.by == Creator("Ada Fenwick", "aut", "ada")
    assert found.date == date(2026, 11, 20)
    assert found.sources == ("roe-2001", "doe-2000")
    assert found.position == Position("commentary.md", 5)


def test_a_target_may_cross_inline_markup() -> None:
    found = only(note("one hundred years, through two wars"))
    assert found.target.anchoring is Anchoring.EXACT
    assert found.target.ranges == (Range("opening-1", 14, 49),)


def test_a_target_may_cross_sentences_and_paragraphs_over_a_pull_quote() -> None:
    found = only(note("Nobody thanked it. Every ship", prefix="gales."))
    assert [one.block for one in found.target.ranges] == ["opening-1", "opening-4"]


def test_words_of_a_pull_quote_do_not_count_as_a_second_place() -> None:
    assert only(note("Nobody thanked it")).target.ranges[0].block == "opening-1"


@pytest.mark.parametrize(
    ("on", "block"), [("whale oil", "lamps-3"), ("lamp itself", "lamps-7"), ("The lamps", "lamps"), ("A lamp", "title")]
)
def test_words_may_stand_in_lists_captions_headings_and_the_title(on: str, block: str) -> None:
    assert [one.block for one in only(note(on)).target.ranges] == [block]


@pytest.mark.parametrize(
    ("where", "block"), [("lamps", "lamps-5"), ("#lamps", "lamps-5"), ("lamps-5", "lamps-5"), ("opening", "opening-4")]
)
def test_a_section_or_block_narrows(where: str, block: str) -> None:
    found = only(note("Every ship was counted.", **{"in": where}))
    assert [one.block for one in found.target.ranges] == [block]


@pytest.mark.parametrize(
    ("on", "quote"),
    [("#lamps", "The lamps"), ("#fig", "The lamp itself."), ("#lamps-4", ""), ("#title", "A lamp"), ("#opening-2", "")],
)
def test_a_whole_element_may_be_the_target(on: str, quote: str) -> None:
    found = only(note(on))
    assert found.target.element == on[1:]
    assert found.target.ranges == ()
    assert (found.target.quote, found.target.anchoring) == (quote, Anchoring.EXACT)


def test_several_notes_may_be_on_one_target_and_overlap_others() -> None:
    commentary, findings = read(
        note("two wars", id="a"),
        note("two wars", id="b"),
        note("one hundred years, through two wars", id="c"),
        note("years, through", id="d"),
    )
    assert findings == ()
    assert [(one.id, one.number) for one in commentary.notes] == [("d", 1), ("c", 2), ("a", 3), ("b", 4)]


# Numbers


def test_notes_are_numbered_by_where_they_are_called_through_all_layers() -> None:
    first = layer(note("#fig", id="figure"), note("whale oil", id="oil"), note("#lamps", id="section"))
    second = layer(note("The lamps", id="words"), note("It burned", id="start"), name="teachers")
    (main, teachers), findings = read_layers([first, second], TARGETS, set())
    assert findings == ()
    assert [(one.id, one.number) for one in main.notes] == [("section", 3), ("oil", 4), ("figure", 5)]
    assert [(one.id, one.number) for one in teachers.notes] == [("start", 1), ("words", 2)]
    assert {one.layer for one in teachers.notes} == {"teachers"}


def test_divisions_are_named_after_what_they_are() -> None:
    def fence(classes: str, id: str | None = None) -> Fence:
        return Fence(position=at(1), id=id, classes=tuple(classes.split()), attributes={})

    name = naming(MAIN)
    fences = [fence("introduction"), fence("note"), fence("note", "own"), fence("note"), fence("method")]
    assert [name(one) for one in fences] == ["introduction", "note-1", "own", "note-3", "method"]
    name = naming("teachers")
    assert [name(one) for one in fences] == [
        "teachers-introduction",
        "teachers-note-1",
        "own",
        "teachers-note-3",
        "teachers-method",
    ]


# Passages


def test_introduction_and_method_are_passages_with_titles() -> None:
    commentary, findings = read(division("introduction", title=" Before  you read"), division("method"))
    assert findings == ()
    assert commentary.introduction is not None
    assert commentary.introduction.title == "Before you read"
    assert commentary.method is not None
    assert commentary.method.title == "Method"
    assert [editor.key for editor in commentary.editors] == ["desk", "ada"]


def test_a_plain_counterpart_comes_with_its_division() -> None:
    plain = Counterpart(
        id="n-plain", lang="en", position=at(7), restates=("n-1",), blocks=(paragraph("p", "Plainly."),)
    )
    one = note("two wars")
    found = only(Division(id=one.id, lang="en", fence=one.fence, blocks=one.blocks, counterparts=(plain,)))
    assert found.plain == plain
    _, findings = read(Division(id=one.id, lang="en", fence=one.fence, blocks=one.blocks, counterparts=(plain, plain)))
    assert [finding.check for finding in findings] == ["plain-twice"]


def test_the_only_editor_need_not_sign() -> None:
    front = CommentaryFront.model_validate({"editors": {"desk": "The desk"}})
    assert only(division(on="two wars", kind="context"), front=front).by.name == "The desk"


# Faults


@pytest.mark.parametrize(
    ("one", "check", "said"),
    [
        (note("three wars"), "anchor-orphaned", 'the nearest is at line 10 of the article: write on="two wars"'),
        (note("through three wars and a score"), "anchor-orphaned", 'write on="through two wars and a score"'),
        (note("xyzzy"), "anchor-orphaned", "the article does not say “xyzzy”; quote its words as they stand there"),
        (note("trim --wick"), "anchor-orphaned", "they stand at line 24, where notes cannot be"),
        (note("Every ship was counted."), "anchor-ambiguous", "stands 2 times (line 16: … "),
        (note("Every ship", prefix="at noon"), "anchor-orphaned", "but not where prefix would have it; mend that"),
        (note("two wars", **{"in": "lamps"}), "anchor-orphaned", "line 10: … years, through two wars and a score"),
        (note("two wars", **{"in": "lmaps"}), "note-in-unknown", "did you mean lamps?"),
        (note("#figg"), "note-element-unknown", "nothing in the article has the id figg; did you mean #fig?"),
        (note("#fig", prefix="x"), "note-target", "which prefix, suffix and in cannot narrow"),
        (note(" "), "note-target", "note n has no target"),
        (division(kind="context", by="desk"), "note-target", "has no target; write on="),
        (note("two wars", by="dsk"), "note-by", "by=dsk is no editor; did you mean desk?"),
        (note("two wars", by="x"), "note-by", "by=x is no editor; known are desk, ada"),
        (note("two wars", by=""), "note-by", "is not signed; write by=, known are desk, ada"),
        (
            note("two wars", sources="doe-200"),
            "note-source",
            "no reference has the id doe-200; did you mean doe-2000?",
        ),
        (note("two wars", date="2026-02-30"), "note-date", "date=2026-02-30 is no date; write it as 2026-11-20"),
        (division("note", on="two wars", kind="context", by="desk", blocks=()), "commentary-empty", "says nothing"),
        (division("notes"), "commentary-division", "a division notes; did you mean note?"),
        (division(""), "commentary-division", "a division without a class; write note, introduction or method"),
        (division("note method", on="x"), "commentary-division", "a division note and method"),
    ],
)
def test_faults_are_errors_with_the_fence_as_their_place(one: Division, check: str, said: str) -> None:
    found, severity, message = fault(one)
    assert (found, severity) == (check, Severity.ERROR)
    assert message.startswith("commentary.md:5: error: ")
    assert said in message


@pytest.mark.parametrize(
    ("one", "check", "said"),
    [
        (note("two wars", kind="contxt"), "note-kind", "unknown kind contxt; did you mean context?"),
        (note("two wars", kind="gossip"), "note-kind", "known are context, fact-check"),
        (note("two wars", kind=""), "note-kind", "has no kind, taken as context"),
        (
            note("two wars", source="doe-2000"),
            "note-attribute-unknown",
            "unknown attribute source; did you mean sources?",
        ),
        (note("hundred year"), "anchor-inside-word", "begins or ends inside a word"),
        (
            note("through the two wars and score of gales"),
            "anchor-edited",
            'write on="through two wars and a score of gales"',
        ),
    ],
)
def test_what_can_be_understood_is_a_warning(one: Division, check: str, said: str) -> None:
    found, severity, message = fault(one)
    assert found == check
    assert said in message
    assert severity is Severity.WARNING


def test_a_heading_in_a_note_is_refused_at_its_own_place() -> None:
    one = division(on="two wars", kind="context", by="desk", id="h", blocks=(heading("x", "A heading", line=6),))
    assert fault(one)[2] == "article.md:6: error: a heading in note h; write a paragraph in bold"


def test_a_note_inside_a_note_is_refused_at_its_own_place() -> None:
    inner = Group(id="x", lang="en", position=at(7), blocks=(paragraph("y", "z"),), classes=("note",))
    found, _, message = fault(division(on="two wars", kind="context", by="desk", id="h", blocks=(inner,)))
    assert (found, message) == (
        "commentary-division",
        "article.md:7: error: a division note inside note h; close note h before it with :::",
    )


def test_words_that_begin_with_a_number_sign_are_words_where_no_element_has_that_id() -> None:
    targets = Targets((Section(None, (paragraph("a", "They wrote #lamps and #fig."),)), LAMPS), {})
    found = [read_layers([layer(note(on))], targets, set())[0][0].notes[0].target for on in ("#lamps and", "#fig")]
    assert [one.ranges for one in found] == [(Range("a", 11, 21),), ()]
    assert found[1].element == "fig"


def test_a_second_introduction_is_refused() -> None:
    found, _, message = fault(division("introduction", "a"), division("introduction", "b", line=9))
    assert (found, message) == (
        "commentary-twice",
        "commentary.md:9: error: a second introduction, the other at line 5; keep one",
    )


def test_text_outside_divisions_and_footnotes_are_refused() -> None:
    footnote = Footnote(id="fn-1", lang="en", position=at(8, "commentary.md"), number=1, blocks=(), calls=())
    _, findings = read(strays=(at(3, "commentary.md"),), footnotes=(footnote,))
    assert [(finding.check, finding.position) for finding in findings] == [
        ("commentary-stray", at(3, "commentary.md")),
        ("commentary-footnote", at(8, "commentary.md")),
    ]


def test_every_word_that_a_note_can_be_on_is_found_where_it_stands() -> None:
    for candidate in TARGETS.candidates():
        assert isinstance(candidate.text, str)
    worded = {
        id for section in (OPENING, LAMPS) for one in section.nodes() if isinstance(one, Worded) for id in [one.id]
    }
    assert worded <= {candidate.id for candidate in TARGETS.candidates()}
