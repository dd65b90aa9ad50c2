"""One block's words: sentences, targets, calls and markup that overlap, and come out nested."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.blocks import Paragraph, Sentence
from publisher.model.inlines import (
    OBJECT,
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
    walk_inlines,
)
from publisher.model.publication import (
    Anchoring,
    Commentary,
    Creator,
    Footnote,
    Imprint,
    Metadata,
    Note,
    Publication,
    Range,
    Reference,
    Resource,
    Section,
    Target,
)
from publisher.model.source import Position
from publisher.rendering.body import Body, Options
from publisher.rendering.places import call_offset

HERE = Position("article.md", 1)
DESK = Creator("The desk", "edt", "desk")
PICTURE = Resource("dot.svg", Path("dot.svg"), "image/svg+xml", "0" * 64)


def paragraph(*inlines: Inline, sentences: tuple[Sentence, ...] = (), lang: str = "en", id: str = "p-1") -> Paragraph:
    return Paragraph(id=id, lang=lang, position=HERE, inlines=inlines, sentences=sentences)


def note(number: int, *ranges: Range, element: str | None = None, quote: str = "") -> Note:
    return Note(
        id=f"n-{number}",
        lang="en",
        position=HERE,
        number=number,
        call=f"n-{number}-call",
        kind="context",
        by=DESK,
        date=None,
        target=Target(Anchoring.EXACT, quote, ranges, element),
        blocks=(),
    )


def publication(*blocks: Paragraph, notes: tuple[Note, ...] = (), lang: str = "en") -> Publication:
    layer = Commentary("commentary", "Commentary", lang, (DESK,), None, None, notes)
    calls = [inline for block in blocks for inline in walk_inlines(block.inlines) if isinstance(inline, FootnoteCall)]
    return Publication(
        name="sample",
        metadata=Metadata(title="Sample", lang=lang, identifier="urn:sample"),
        imprint=Imprint(),
        sections=(Section(None, blocks),),
        layers=(layer,),
        footnotes=tuple(
            Footnote(id=call.footnote, lang=lang, position=HERE, number=index, blocks=(), calls=(call.id,))
            for index, call in enumerate(calls, 1)
        ),
        references=(Reference(id="ref-a", lang=lang, position=HERE, key="a", csl={}, entry=(), short="A"),),
        resources={"dot.svg": PICTURE},
    )


def prose(*inlines: Inline, cut: tuple[tuple[int, int], ...] = (), on: tuple[tuple[int, int], ...] = ()) -> str:
    sentences = tuple(Sentence(f"p-1-s{index}", *bounds) for index, bounds in enumerate(cut, 1))
    notes = tuple(note(index, Range("p-1", *bounds)) for index, bounds in enumerate(on, 1))
    block = paragraph(*inlines, sentences=sentences)
    return short(Body(publication(block, notes=notes)).prose(block))


def short(markup: str) -> str:
    """Calls, sentences and targets in few characters: easier to read in a test."""
    markup = re.sub(r'<sup class="call"><a class="note-call"[^>]*>\[(\d+)\]</a></sup>', r"{\1}", markup)
    markup = re.sub(r'<sup class="call"><a class="footnote-call"[^>]*>(\d+)</a></sup>', r"{fn\1}", markup)
    markup = re.sub(r'<span class="s" id="p-1-(s\d+)">', r"<\1>", markup)
    return re.sub(r'<span class="target" data-notes="([^"]*)">', r"<on \1>", markup)


def test_sentences_are_spans_with_the_white_space_between_them_bare() -> None:
    assert prose(Text("One two. Three."), cut=((0, 8), (9, 15))) == "<s1>One two.</span> <s2>Three.</span>"


def test_a_target_is_marked_inside_its_sentence_and_called_after_the_full_stop() -> None:
    found = prose(Text("One two. Three."), cut=((0, 8), (9, 15)), on=((4, 7),))
    assert found == "<s1>One <on n-1>two</span>.{1}</span> <s2>Three.</span>"


def test_a_target_across_sentences_is_marked_in_each() -> None:
    found = prose(Text("One two. Three four."), cut=((0, 8), (9, 20)), on=((4, 14),))
    assert found == "<s1>One <on n-1>two.</span></span> <s2><on n-1>Three</span>{1} four.</span>"


def test_emphasis_across_a_sentence_boundary_is_opened_again() -> None:
    found = prose(Text("One "), Styled(Style.EMPHASIS, (Text("two. Three"),)), Text(" four."), cut=((0, 8), (9, 20)))
    assert found == "<s1>One <em>two.</em></span><em> </em><s2><em>Three</em> four.</span>"


def test_overlapping_targets_are_stretches_that_name_all_their_notes() -> None:
    found = prose(Text("a b c d"), cut=((0, 7),), on=((0, 5), (2, 7)))
    assert found == "<s1><on n-1>a </span><on n-1 n-2>b c</span><on n-2>{1} d</span>{2}</span>"


def test_a_target_that_ends_inside_a_link_is_marked_inside_it_and_called_after_it() -> None:
    link = Link((Text("two three"),), "https://example.org/")
    found = prose(Text("One "), link, Text("."), cut=((0, 14),), on=((0, 7),))
    assert found == ('<s1><on n-1>One </span><a href="https://example.org/"><on n-1>two</span> three</a>.{1}</span>')


def test_a_target_that_holds_a_whole_link_goes_around_it() -> None:
    link = Link((Text("two"),), "#p-1")
    assert prose(link, Text(" three"), on=((0, 3),)) == '<on n-1><a href="#p-1">two</a></span>{1} three'


def test_a_link_over_a_sentence_boundary_stays_whole_and_holds_a_piece_of_each() -> None:
    link = Link((Text("two. Three"),), "#p-1")
    found = prose(Text("One "), link, Text(" four."), cut=((0, 8), (9, 20)))
    assert found == (
        '<s1>One </span><a href="#p-1"><span class="s" data-sentence="p-1-s1">two.</span> <s2>Three</span></a>'
        '<span class="s" data-sentence="p-1-s2"> four.</span>'
    )


def test_a_footnote_call_inside_a_link_comes_after_it() -> None:
    link = Link((Text("two"), FootnoteCall("fnref-1", "fn-1")), "#p-1")
    assert prose(link, Text(" three.")) == '<a href="#p-1">two</a>{fn1} three.'


def test_a_call_inside_a_span_in_another_language_says_its_own_language() -> None:
    block = paragraph(Span((Text("un deux trois"),), lang="fr"))
    made = Body(publication(block, notes=(note(1, Range("p-1", 3, 7)),))).prose(block)
    assert re.search(r'<span lang="fr">un .*<a class="note-call"[^>]* lang="en">\[1\]</a></sup> trois</span>', made)


def test_arabic_words_say_their_direction() -> None:
    assert prose(Span((Text("الجزائر"),), lang="ar")) == '<span lang="ar" dir="rtl">الجزائر</span>'


def test_an_abbreviation_is_expanded_and_what_is_only_said_leaves_no_trace() -> None:
    found = prose(Span((Text("NCA"),), expansion="National Crime Agency", say="N C A"), Span((Text("x"),), say="ex"))
    assert found == '<abbr title="National Crime Agency">NCA</abbr>x'


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd", "data:,x"])
def test_a_link_that_runs_code_or_opens_files_is_only_words(target: str) -> None:
    assert prose(Link((Text("x"),), target)) == "x"


def test_a_citation_leads_to_its_reference() -> None:
    assert 'href="#ref-a" role="doc-biblioref"' in prose(Citation((Text("(A 2023)"),), ("a",)))


def test_a_formula_says_its_words() -> None:
    math = Math("m-1", "x", '<math display="inline"><mi>x</mi></math>', "x")
    assert prose(math) == '<math xmlns="http://www.w3.org/1998/Math/MathML" id="m-1" alttext="x"><mi>x</mi></math>'


def test_a_formula_as_a_picture_hangs_on_the_baseline_and_is_the_same_every_time() -> None:
    math = Math("m-1", "x_2", "<math><msub><mi>x</mi><mn>2</mn></msub></math>", "x sub 2")
    block = paragraph(math)
    first, second = (str(Body(publication(block), Options(math="image")).prose(block)) for _ in range(2))
    assert first == second
    assert 'alt="x sub 2"' in first
    assert re.search(r"width:\d\.\d+em;height:\d\.\d+em;vertical-align:-0\.[1-9]\d*em", first)


@pytest.mark.parametrize(
    ("words", "end", "called"),
    [
        ("more than 1,000.", 15, 16),
        ("the minister’s case", 12, 14),
        ("(the NCA) said", 8, 9),
        ("he said “stop.” Then", 13, 15),
        ("ten – or more", 3, 3),
        ("ten—or more", 3, 3),
        ("ten, or more", 3, 4),
        ("un mot\u202f; deux", 6, 8),
        ("triste : « Je suis seul. » Puis", 24, 26),
        ("sagte »Wort« leise", 5, 5),
        ("mid-word", 3, 3),
        ("midword", 3, 3),
    ],
)
def test_a_call_comes_after_closing_punctuation_and_never_inside_a_word(words: str, end: int, called: int) -> None:
    assert call_offset(paragraph(Text(words)), end) == called


def test_chinese_closing_punctuation_needs_no_space_after_it() -> None:
    assert call_offset(paragraph(Text("他说，好。"), lang="zh"), 2) == 3


# ------------------------------------------------------------------ any inline tree, any sentences, any targets

letters = st.text(alphabet='ab .,’)é\u00a0&<"', min_size=1, max_size=8)
leaves: st.SearchStrategy[Inline] = st.one_of(
    letters.map(Text),
    letters.map(Code),
    st.just(LineBreak()),
    st.just(Image("IMAGE", "dot.svg", "a dot")),
    st.just(Math("MATH", "x", "<math><mi>x</mi></math>", "ex")),
    st.just(FootnoteCall("CALL", "FOOTNOTE")),
)


def containers(inner: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    several = st.lists(inner, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Styled, st.sampled_from(Style), several),
        st.builds(
            Span,
            several,
            id=st.sampled_from([None, "SPAN"]),
            lang=st.sampled_from([None, "fr", "ar"]),
            expansion=st.sampled_from([None, "long"]),
        ),
        st.builds(Link, several, st.sampled_from(["https://example.org/", "#p-1"])),
        st.builds(Citation, several, st.just(("a",))),
    )


trees = st.lists(st.recursive(leaves, containers, max_leaves=12), max_size=6).map(tuple)


def numbered(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The same tree with an id of its own for everything that has one."""
    counted = Counter[str]()

    def fresh(kind: str) -> str:
        counted[kind] += 1
        return f"{kind.lower()}-{counted[kind]}"

    def again(inline: Inline) -> Inline:
        match inline:
            case Styled(style=style):
                return Styled(style, tuple(map(again, inline.children)))
            case Span():
                id = fresh("SPAN") if inline.id else None
                return Span(tuple(map(again, inline.children)), id, inline.lang, inline.expansion)
            case Link():
                return Link(tuple(map(again, inline.children)), inline.target)
            case Citation():
                return Citation(tuple(map(again, inline.children)), inline.keys)
            case Image():
                return Image(fresh("IMAGE"), inline.resource, inline.alternative)
            case Math():
                return Math(fresh("MATH"), inline.tex, inline.mathml, inline.spoken)
            case FootnoteCall():
                return FootnoteCall(fresh("fnref"), fresh("fn"))
            case _:
                return inline

    return tuple(map(again, inlines))


def trimmed(words: str, start: int, end: int) -> tuple[int, int]:
    """A piece of words without the white space at its ends."""
    piece = words[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


@st.composite
def marked_blocks(draw: st.DrawFn) -> tuple[Paragraph, tuple[Note, ...]]:
    inlines = numbered(draw(trees))
    length = len(plain_text(inlines))
    points = sorted({0, length, *draw(st.sets(st.integers(0, length), max_size=4))})
    pieces = [trimmed(plain_text(inlines), start, end) for start, end in pairwise(points)]
    cut = draw(st.booleans())
    sentences = tuple(
        Sentence(f"p-1-s{index}", start, end) for index, (start, end) in enumerate(pieces, 1) if cut and start < end
    )
    bounds = draw(st.lists(st.tuples(st.integers(0, length), st.integers(0, length)), max_size=4))
    ranges = [Range("p-1", *sorted(pair)) for pair in bounds if pair[0] != pair[1]]
    return paragraph(*inlines, sentences=sentences), tuple(note(index, r) for index, r in enumerate(ranges, 1))


def words_of(tree: ET.Element) -> str:
    """The text content, calls left out, formulas and pictures as in `plain_text`."""
    name = tree.tag.rpartition("}")[2]
    if name in ("img", "math"):
        return OBJECT
    if name == "br":
        return "\n"
    if tree.get("class") == "call":
        return ""
    return (tree.text or "") + "".join(words_of(child) + (child.tail or "") for child in tree)


def rendered(block: Paragraph, notes: tuple[Note, ...]) -> ET.Element:
    return ET.fromstring(f"<p>{Body(publication(block, notes=notes)).prose(block)}</p>")


@given(marked_blocks())
def test_without_its_calls_the_markup_says_exactly_the_words(marked: tuple[Paragraph, tuple[Note, ...]]) -> None:
    block, notes = marked
    assert words_of(rendered(block, notes)) == block.text


@given(marked_blocks())
def test_every_id_is_there_once_and_every_note_is_called_once(marked: tuple[Paragraph, tuple[Note, ...]]) -> None:
    block, notes = marked
    tree = rendered(block, notes)
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert all(count == 1 for count in ids.values()), ids
    owed = {inline.id for inline in walk_inlines(block.inlines) if getattr(inline, "id", None)}
    owed |= {sentence.id for sentence in block.sentences if block.text[sentence.start : sentence.end]}
    assert owed | {note.call for note in notes} == set(ids)


@given(marked_blocks())
def test_what_has_facts_is_never_cut_and_links_are_never_inside_links(
    marked: tuple[Paragraph, tuple[Note, ...]],
) -> None:
    block, notes = marked
    tree = rendered(block, notes)
    spans = [s for s in walk_inlines(block.inlines) if isinstance(s, Span) and s.expansion is not None]
    assert len(tree.findall(".//abbr")) == len(spans)
    assert len(tree.findall(".//img")) == sum(isinstance(i, Image) for i in walk_inlines(block.inlines))
    assert not tree.findall(".//a//a")


@given(marked_blocks())
def test_sentences_hold_targets_and_never_sentences(marked: tuple[Paragraph, tuple[Note, ...]]) -> None:
    tree = rendered(*marked)
    assert not tree.findall(".//span[@class='s']//span[@class='s']")
    assert not tree.findall(".//span[@class='target']//span[@class='s']")
    assert not tree.findall(".//span[@class='target']/span[@class='target']")


@given(marked_blocks())
def test_the_target_spans_say_the_words_commented_on(marked: tuple[Paragraph, tuple[Note, ...]]) -> None:
    block, notes = marked
    tree = rendered(block, notes)
    for noted in notes:
        said = "".join(words_of(e) for e in tree.iter() if noted.id in (e.get("data-notes") or "").split())
        (range,) = noted.target.ranges
        owed = block.text[range.start : range.end]
        assert "".join(said.split()) == "".join(owed.split())


@given(marked_blocks())
def test_each_sentence_says_its_words(marked: tuple[Paragraph, tuple[Note, ...]]) -> None:
    block, notes = marked
    tree = rendered(block, notes)
    for sentence in block.sentences:
        said = "".join(words_of(e) for e in tree.iter() if sentence.id in (e.get("id"), e.get("data-sentence")))
        assert "".join(said.split()).startswith("".join(block.text[sentence.start : sentence.end].split()))
