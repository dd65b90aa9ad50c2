"""The glossary: what it may hold, where its words are found, and that formats hold it with the plain language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.manuscript.checking import check
from publisher.manuscript.reading import Reading, read_edition
from publisher.model.blocks import DefinitionList, Worded, walk
from publisher.model.findings import FindingsError
from publisher.model.inlines import Link, plain_text, walk_inlines
from publisher.model.publication import Counterpart, Imprint
from publisher.narration.script import write_script
from publisher.verification.coverage import PLAIN_AUDIO, PLAIN_PAGE
from publisher.verification.expected import plain_units

FRONT = "---\ntitle: A title\nlang: LANG\n---\n\n"
"""Five lines: the body begins on line 6."""

BORDER = "::: glossary\n[border]{also=BORDERS}\n:   The line between two countries.\n:::\n".replace(
    "BORDERS", '"borders; frontier"'
)


def read(tmp_path: Path, body: str, commentary: str = "", lang: str = "en") -> Reading:
    folder = tmp_path / "edition"
    folder.mkdir()
    (folder / "article.md").write_text(FRONT.replace("LANG", lang) + body, encoding="utf-8")
    if commentary:
        text = f"---\neditors:\n  desk: The desk\n---\n\n{commentary}"
        (folder / "commentary.md").write_text(text, encoding="utf-8")
    return read_edition(folder, Imprint())


def found(reading: Reading) -> list[tuple[str, int]]:
    return [(one.check, one.position.line if one.position else 0) for one in reading.findings]


def counterparts(reading: Reading) -> Iterator[Counterpart]:
    publication = reading.publication
    yield from publication.counterparts
    for layer in publication.layers:
        for part in (layer.introduction, *layer.notes, layer.method):
            if part is not None and part.plain is not None:
                yield part.plain


def linked(reading: Reading) -> list[tuple[str, str]]:
    """Every link of the plain language: the block that it stands in, and its words."""
    return [
        (node.id, plain_text(inline.children))
        for counterpart in counterparts(reading)
        for node in walk(counterpart.blocks)
        if isinstance(node, Worded)
        for inline in walk_inlines(node.inlines)
        if isinstance(inline, Link)
    ]


def plain(words: str) -> str:
    return f"Some words.\n\n::: plain\n{words}\n:::\n\n"


def refused(tmp_path: Path, body: str) -> list[tuple[str, int]]:
    with pytest.raises(FindingsError) as problem:
        read(tmp_path, body)
    return [(one.check, one.position.line if one.position else 0) for one in problem.value.findings]


def test_the_first_standing_in_each_section_leads_to_the_explanation(tmp_path: Path) -> None:
    two = plain("A border. Two *borders*.\n\nA border.") + plain("Borders.") + "## Next\n\n" + plain("The FRONTIER.")
    reading = read(tmp_path, two + BORDER)
    assert reading.findings == ()
    assert linked(reading) == [("opening-1-plain-1", "border"), ("next-1-plain-1", "FRONTIER")]
    glossary = reading.publication.glossary
    assert glossary is not None
    assert glossary.plain is not None
    assert (glossary.id, glossary.title, glossary.blocks) == ("glossary", "Hard words", ())
    (words,) = glossary.plain.blocks
    assert isinstance(words, DefinitionList)
    ((term, _),) = words.entries
    targets = {
        inline.target
        for one in reading.publication.counterparts
        for node in walk(one.blocks)
        if isinstance(node, Worded)
        for inline in walk_inlines(node.inlines)
        if isinstance(inline, Link)
    }
    assert targets == {f"#{term.id}"}


def test_links_change_no_words_and_no_sentences(tmp_path: Path) -> None:
    body = plain("At the border. Over *the border*, [border](https://a.example).")
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    with_glossary, without = read(tmp_path / "with", body + BORDER), read(tmp_path / "without", body)
    for one, other in zip(counterparts(with_glossary), counterparts(without), strict=True):
        for node, bare in zip(walk(one.blocks), walk(other.blocks), strict=True):
            assert isinstance(node, Worded)
            assert isinstance(bare, Worded)
            assert (node.text, node.sentences) == (bare.text, bare.sentences)


def test_words_inside_words_links_and_other_languages_are_left_alone(tmp_path: Path) -> None:
    words = "Bordering, the border-post, [border](https://a.example) and [border]{lang=fr}."
    reading = read(tmp_path, plain(words) + BORDER)
    assert linked(reading) == [("opening-1-plain-1", "border")]
    assert found(reading) == [("glossary-unused", 13)]


def test_the_longest_form_is_taken(tmp_path: Path) -> None:
    words = "::: glossary\nminister\n:   A leader.\n\nPrime Minister\n:   The first of them.\n:::\n"
    reading = read(tmp_path, plain("The Prime Minister met a minister.") + words)
    assert [told for _, told in linked(reading)] == ["Prime Minister", "minister"]


def test_notes_and_passages_lead_to_it_too(tmp_path: Path) -> None:
    note = '::: {.note #n on="Some words" kind=context}\nX.\n\n::: plain\nThe border.\n:::\n:::\n'
    introduction = "::: introduction\nX.\n\n::: plain\nThe border.\n:::\n:::\n\n"
    reading = read(tmp_path, plain("Easy.") + BORDER, introduction + note)
    assert linked(reading) == [("introduction-plain-1", "border"), ("n-plain-1", "border")]
    assert reading.findings == ()


def test_languages_without_spaces_have_their_words_found(tmp_path: Path) -> None:
    words = "::: glossary\n灯塔\n:   海边的高楼，上面有灯。\n:::\n"
    body = f"有一座灯塔。\n\n::: plain\n这里有一座灯塔在海边。\n:::\n\n{words}"
    reading = read(tmp_path, body, lang="zh")
    assert [told for _, told in linked(reading)] == ["灯塔"]
    assert reading.publication.glossary is not None
    assert reading.publication.glossary.title == "难词解释"


def test_a_word_that_stands_nowhere_is_told_with_its_line(tmp_path: Path) -> None:
    reading = read(tmp_path, plain("Easy words.") + BORDER)
    assert found(reading) == [("glossary-unused", 13)]
    assert "also=" in reading.findings[0].message


def test_a_hard_word_that_the_glossary_explains_needs_no_other_explanation(tmp_path: Path) -> None:
    hard = plain("It was incompatibility.")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    bare = read(tmp_path / "a", hard)
    told = read(tmp_path / "b", hard + "::: glossary\nincompatibility\n:   Two things that do not fit.\n:::\n")
    assert "plain-hard-word" in [one.check for one in check(bare.publication, bare.findings)]
    assert "plain-hard-word" not in [one.check for one in check(told.publication, told.findings)]


@pytest.mark.parametrize(
    ("division", "expected"),
    [
        ("::: glossary\n:::\n", [("glossary-form", 12)]),
        ("::: glossary\nJust words.\n:::\n", [("glossary-form", 13)]),
        ("::: glossary\nborder\n:   \n:::\n", [("glossary-form", 13)]),
        (BORDER + "\n" + BORDER, [("glossary-twice", 17)]),
        ("::: glossary\nborder\n:   A line.\n\nBorder\n:   An edge.\n:::\n", [("glossary-twice", 16)]),
        ("> ::: glossary\n> border\n> :   A line.\n> :::\n", [("glossary-misplaced", 12)]),
    ],
)
def test_what_is_no_glossary_is_refused(tmp_path: Path, division: str, expected: list[tuple[str, int]]) -> None:
    assert refused(tmp_path, plain("A border.") + division) == expected


def test_its_title_and_id_are_the_authors(tmp_path: Path) -> None:
    body = plain("A border.") + '::: {.glossary #words title="What words mean"}\nborder\n:   A line.\n:::\n'
    glossary = read(tmp_path, body).publication.glossary
    assert glossary is not None
    assert (glossary.id, glossary.title) == ("words", "What words mean")


def test_it_is_expected_of_the_plain_language_and_said_at_its_end(tmp_path: Path) -> None:
    publication = read(tmp_path, plain("A border.") + BORDER).publication
    texts = [unit.text for unit in plain_units(publication)]
    assert texts[-3:] == ["Hard words", "border", "The line between two countries."]
    script = write_script(publication, "plain")
    assert script.chapters[-1].id == "glossary-plain"
    said = [line.shown for line in script.chapters[-1].lines]
    assert said[0] == "Hard words"
    assert {"border", "The line between two countries."} <= set(said)
    default = [line.shown for chapter in write_script(publication).chapters for line in chapter.lines]
    assert "Hard words" not in default
    assert all("plain" in coverage.parts for coverage in (PLAIN_PAGE, PLAIN_AUDIO))
