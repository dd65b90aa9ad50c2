"""The script: what is said, in which order, announced how."""

from __future__ import annotations

from pathlib import Path

import pytest
from narration_sample import FRONT, publication, told

from publisher.manuscript.reading import read_edition
from publisher.model.narration import LONGEST_PAUSE, Role, Voice
from publisher.model.publication import Imprint
from publisher.narration.script import write_script

NOTE = (
    '::: {#n-sea .note on="the sea" kind="fact-check" by="desk" date="2026-11-20" sources="tidal"}\nIt is salt.\n:::\n'
)
SOURCES = (
    "---\ntitle: Notes\neditors:\n  desk: The data desk\nreferences:\n- {id: tidal, type: book, title: Tidal}\n---\n"
)


def test_the_opening_names_the_edition_its_makers_and_the_voice(tmp_path: Path) -> None:
    script = write_script(publication(tmp_path, "Words.\n"), voice=Voice("piper", "x.onnx"))
    opening = script.chapters[0]
    assert (opening.id, opening.title) == ("title", "Tides")
    assert [(line.id, line.said) for line in opening.lines] == [
        ("title", "Tides"),
        ("title-by-aut", "By Ada North and Ben South."),
        ("title-publisher", "Published by Quay Press on the twentieth of November twenty twenty-six."),
        ("title-voice", "This recording is read by a synthetic voice, Piper."),
    ]


def test_the_end_is_announced(tmp_path: Path) -> None:
    assert told(publication(tmp_path, "Words.\n"))[-1] == "End of the edition."


def test_sections_are_chapters_and_inner_headings_are_not(tmp_path: Path) -> None:
    script = write_script(
        publication(tmp_path, "Start.\n\n# One {#one}\n\nSea.\n\n## In {#in}\n\nSky.\n\n# Two\n\nLand.\n")
    )
    assert [(chapter.id, chapter.title) for chapter in script.chapters] == [
        ("title", "Tides"),
        ("opening", "The article"),
        ("one", "One"),
        ("two", "Two"),
    ]
    assert [line.said for line in script.chapters[2].lines] == ["One", "Sea.", "In", "Sky."]
    assert script.chapters[2].lines[0].role is Role.HEADING


def test_a_sentence_is_a_line_with_the_sentences_id_and_its_words_as_shown(tmp_path: Path) -> None:
    script = write_script(publication(tmp_path, "It cost **£3**.5m. So *be* it.\n"))
    lines = script.chapters[1].lines
    assert [(line.id, line.unit, line.shown, line.said) for line in lines[:2]] == [
        ("opening-1-s1", "opening-1", "It cost £3.5m.", "It cost three point five million pounds."),
        ("opening-1-s2", "opening-1", "So be it.", "So be it."),
    ]


def test_pauses_grow_from_sentence_to_paragraph_to_heading_to_chapter(tmp_path: Path) -> None:
    lines = [
        line
        for chapter in write_script(
            publication(tmp_path, "# One\n\nSea. Sky.\n\nLand.\n\n## In\n\nRain.\n\n# Two\n\nSnow.\n")
        ).chapters
        for line in chapter.lines
    ]
    pause = {line.said: line.pause for line in lines}
    assert pause["Sea."] < pause["Sky."] < pause["One"] < pause["Land."] < pause["Rain."]
    assert all(line.pause <= LONGEST_PAUSE for line in lines)


def test_a_note_comes_after_the_paragraph_that_it_hangs_on_announced_and_signed(tmp_path: Path) -> None:
    found = publication(tmp_path, "We saw the sea. It was wide.\n\nNext.\n", NOTE.replace(' sources="tidal"', ""))
    assert told(found)[4:10] == [
        "We saw the sea.",
        "It was wide.",
        "Note one, fact check, by the data desk, the twentieth of November twenty twenty-six, on the words “the sea”.",
        "It is salt.",
        "End of note.",
        "Next.",
    ]


def test_a_notes_sources_are_named_before_it_ends(tmp_path: Path) -> None:
    edition = tmp_path / "tides"
    found = publication(tmp_path, "We saw the sea.\n", "")
    (edition / "commentary.md").write_text(SOURCES + NOTE, encoding="utf-8")
    found = read_edition(edition, Imprint()).publication
    lines = {line.id: line for chapter in write_script(found).chapters for line in chapter.lines}
    assert lines["n-sea-sources"].said == "Source: Tidal."
    assert lines["n-sea-1-s1"].role is Role.NOTE
    assert lines["n-sea-begin"].unit == "n-sea"


def test_a_note_inside_a_table_waits_for_its_end(tmp_path: Path) -> None:
    lines = told(
        publication(
            tmp_path, "| A | B |\n|---|---|\n| the sea | y |\n| z | w |\n", NOTE.replace(' sources="tidal"', "")
        )
    )
    assert lines.index("End of table.") < lines.index("It is salt.")


def test_a_note_on_a_figure_comes_after_it(tmp_path: Path) -> None:
    article = '![A map.](map.svg){#map alt="Land and sea"}\n\nAfter.\n'
    lines = told(publication(tmp_path, article, '::: {.note on="#map" kind="context" by="desk"}\nDrawn here.\n:::\n'))
    assert lines[4:] == [
        "Figure.",
        "Land and sea",
        "A map.",
        "End of figure.",
        "Note one, context, by the data desk.",
        "Drawn here.",
        "End of note.",
        "After.",
        "End of the edition.",
    ]


def test_a_long_description_is_announced(tmp_path: Path) -> None:
    article = '![A map.](map.svg){alt="Land"}\n\n::: {.long-description}\nMore land.\n:::\n'
    lines = told(publication(tmp_path, article))
    assert lines[lines.index("A map.") + 1 :][:3] == ["Description of the figure.", "More land.", "End of figure."]


def test_a_decorative_picture_is_not_mentioned(tmp_path: Path) -> None:
    lines = told(publication(tmp_path, "Word ![](map.svg){.decorative} after.\n"))
    assert "Word after." in lines


def test_a_picture_among_words_is_said_by_its_alternative(tmp_path: Path) -> None:
    lines = told(publication(tmp_path, "Press ![the red key](map.svg) twice.\n"))
    assert "Press image: the red key, twice." in lines


def test_lists_are_announced_with_their_length_and_numbers_are_said(tmp_path: Path) -> None:
    article = "- one\n- two\n    1. in\n\n\nThen:\n\n3. three\n4. four\n\n- [x] done\n- [ ] open\n"
    assert told(publication(tmp_path, article))[4:-1] == [
        *("List of two items.", "one", "two", "List inside, of one item.", "one.", "in", "End of list."),
        *("End of list.", "Then:", "Numbered list of two items.", "three.", "three", "four.", "four"),
        *("End of list.", "List of two items.", "Done:", "done", "Not done:", "open", "End of list."),
    ]


def test_a_table_is_read_cell_by_cell_with_its_headings(tmp_path: Path) -> None:
    article = ": What it cost\n\n| Year | Sum |\n|------|-----|\n| 2022 | £5m |\n| 2023 |     |\n"
    assert told(publication(tmp_path, article))[4:-1] == [
        *("Table with two columns and two rows.", "What it cost", "Column headings.", "Year", "Sum"),
        *("Row one.", "Year:", "twenty twenty-two", "Sum:", "five million pounds"),
        *("Row two.", "Year:", "twenty twenty-three", "Sum:", "empty."),
        "End of table.",
    ]


def test_quotations_code_and_lines(tmp_path: Path) -> None:
    article = "> Said he.\n\n```python\nx = 1\n\ny = x\n```\n\n| First\n| Second\n\n::: pull-quote\nBig.\n:::\n"
    assert told(publication(tmp_path, article))[4:-1] == [
        *("Quotation.", "Said he.", "End of quotation."),
        *("Code, python.", "x equals 1", "y equals x", "End of code."),
        *("First", "Second"),
        *("Highlighted words.", "Big.", "End of quotation."),
    ]


def test_definitions(tmp_path: Path) -> None:
    lines = told(publication(tmp_path, "Tide\n:   The sea's rise and fall.\n"))
    assert lines[4:-1] == ["One term and its definition.", "Tide", "The sea’s rise and fall.", "End of list."]


def test_a_footnote_comes_after_its_paragraph(tmp_path: Path) -> None:
    lines = told(publication(tmp_path, "Here[^1] it is. More.\n\nNext.\n\n[^1]: The foot.\n"))
    assert lines[4:-1] == ["Here it is.", "More.", "Footnote one.", "The foot.", "End of footnote.", "Next."]


def test_formulas_are_said_in_words(tmp_path: Path) -> None:
    spoken = next(line for line in told(publication(tmp_path, "We know $a+b$ well.\n")) if line.startswith("We know"))
    assert spoken != "We know well."
    assert "$" not in spoken


def test_languages_pronunciations_and_abbreviations_become_runs(tmp_path: Path) -> None:
    article = (
        'From [Alger]{lang=fr}, the [NCA]{.abbr title="National Crime Agency" say="N C A"}\'s men '
        'met [Siobhan]{say="/ʃɪˈvɔːn/"} ([UK]{.abbr title="United Kingdom"}).\n'
    )
    line = write_script(publication(tmp_path, article)).chapters[1].lines[0]
    assert [(run.text, run.lang, run.ipa) for run in line.runs] == [
        ("From", "en", False),
        ("Alger,", "fr", False),
        ("the", "en", False),
        ("N.C.A’s", "en", False),
        ("men met", "en", False),
        ("ʃɪˈvɔːn", "en", True),
        ("(U K).", "en", False),
    ]
    assert [line.shown[run.shown_start : run.shown_end] for run in line.runs] == [
        *("From", "Alger,", "the", "NCA’s", "men met", "Siobhan", "(UK)."),
    ]


def test_struck_out_words_are_said_to_be(tmp_path: Path) -> None:
    assert "It is struck out: cold end of struck out, warm." in told(publication(tmp_path, "It is ~~cold~~ warm.\n"))


def test_links_are_said_by_their_text(tmp_path: Path) -> None:
    lines = told(publication(tmp_path, "See [the act](https://www.gov.uk/x) and <https://www.gov.uk/y>.\n"))
    assert "See the act and gov dot U K." in lines


def test_introduction_method_and_references_frame_the_article(tmp_path: Path) -> None:
    commentary = "::: introduction\nWhy.\n:::\n\n::: method\nHow.\n:::\n"
    script = write_script(publication(tmp_path, "Words.\n", commentary))
    assert [chapter.id for chapter in script.chapters] == ["title", "introduction", "opening", "method"]
    assert [line.said for line in script.chapters[2].lines] == ["The article.", "Words."]


def test_no_line_is_said_twice_and_ids_are_unique(tmp_path: Path) -> None:
    article = "The sea[^a] and the land.\n\n[^a]: Foot.\n\n## Twice\n\nThe sea again.\n\n- the sea\n"
    commentary = '::: {.note on="the land" kind="context" by="desk"}\nDry.\n:::\n'
    ids = [line.id for c in write_script(publication(tmp_path, article, commentary)).chapters for line in c.lines]
    assert len(ids) == len(set(ids))


PLAIN = (
    'Words of [length]{#w}.\n\n::: plain\nShort words.\n:::\n\n# Long title {#long plain="Short title"}\n\nMore.\n\n'
    "::: plain\nLess.\n:::\n\n# Bare\n\nNothing plain.\n"
)


def test_the_plain_mix_has_the_counterparts_under_their_headings(tmp_path: Path) -> None:
    commentary = (
        '::: {#n1 .note on="length" kind="definition" by="desk"}\nHard.\n\n::: plain\nEasy.\n:::\n:::\n\n'
        "::: method\nHow.\n\n::: plain\nHow, plainly.\n:::\n:::\n"
    )
    script = write_script(publication(tmp_path, PLAIN, commentary), "plain")
    assert script.mix == "plain"
    assert [(chapter.id, [line.said for line in chapter.lines]) for chapter in script.chapters[1:]] == [
        ("opening-plain", ["Short words."]),
        ("long-plain", ["Short title", "Less."]),
        (
            "notes-plain",
            [
                "Why this matters",
                "Note one, definition, by the data desk, on the words “length”.",
                "Easy.",
                "End of note.",
            ],
        ),
        ("method-plain", ["Method", "How, plainly.", "End of the edition."]),
    ]
    assert script.chapters[0].lines[1].said == "The edition in plain language."


def test_where_an_introduction_ends_and_no_heading_follows_the_article_is_announced(tmp_path: Path) -> None:
    introduction = "::: introduction\nWhy.\n\n::: plain\nWhy, plainly.\n:::\n:::\n"
    script = write_script(publication(tmp_path, PLAIN, introduction), "plain")
    assert [[line.said for line in chapter.lines] for chapter in script.chapters[1:3]] == [
        ["Introduction", "Why, plainly."],
        ["The article.", "Short words."],
    ]


def test_an_article_that_has_nothing_plain_before_its_first_heading_is_not_announced(tmp_path: Path) -> None:
    introduction = "::: introduction\nWhy.\n\n::: plain\nWhy, plainly.\n:::\n:::\n"
    article = "Words.\n\n# Two\n\nMore.\n\n::: plain\nLess.\n:::\n"
    script = write_script(publication(tmp_path, article, introduction), "plain")
    assert [chapter.id for chapter in script.chapters] == ["title", "introduction-plain", "two-plain"]


def test_without_counterparts_there_is_no_plain_mix(tmp_path: Path) -> None:
    assert write_script(publication(tmp_path, "Words.\n"), "plain").chapters == ()


MIXED = "The sea[^a] and the land [@one].\n\n[^a]: Foot.\n\n# Shore\n\nMore.\n"
NOTED = (
    '::: introduction\nWhy.\n:::\n\n::: {#n1 .note on="the land" kind="context" by="desk" sources="two"}\nDry.\n:::\n\n'
    '::: {#n2 .note on="More" kind="context" by="desk"}\nStill more.\n:::\n'
)
CITING = FRONT.replace(
    "lang: en\n", "lang: en\nreferences:\n- {id: one, type: book, title: One}\n- {id: two, type: book, title: Two}\n"
)


def test_the_article_alone_has_its_footnotes_and_works_but_no_commentary(tmp_path: Path) -> None:
    script = write_script(publication(tmp_path, MIXED, NOTED, CITING), "article")
    ids = [line.id for chapter in script.chapters for line in chapter.lines]
    assert [chapter.id for chapter in script.chapters] == ["title", "opening", "shore", "references"]
    assert "fn-1-1-s1" in ids
    assert "ref-one" in ids
    assert not [id for id in ids if id.startswith(("n1", "n2", "introduction", "ref-two"))]


def test_notes_can_come_after_the_article_in_their_order(tmp_path: Path) -> None:
    edition = publication(tmp_path, MIXED, NOTED, CITING)
    script, default = write_script(edition, "notes-after"), write_script(edition)
    assert [chapter.id for chapter in script.chapters] == [
        "title", "introduction", "opening", "shore", "notes", "references",
    ]  # fmt: skip
    notes = [line.id for line in script.chapters[4].lines]
    assert notes[0] == "notes-title"
    assert notes.index("n1-1-s1") < notes.index("n2-1-s1")
    clips = [{(line.id, line.runs) for chapter in mix.chapters for line in chapter.lines} for mix in (script, default)]
    assert {id for id, _ in clips[0] ^ clips[1]} == {"notes-title", "title-notes-after"}


@pytest.mark.parametrize("mix", ["article", "notes-after"])
def test_a_mix_that_would_be_the_default_again_is_empty(tmp_path: Path, mix: str) -> None:
    assert write_script(publication(tmp_path, "Words.\n"), mix).chapters == ()


def test_an_unknown_mix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no mix"):
        write_script(publication(tmp_path, "Words.\n"), "loud")


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr", ["Liste de deux éléments.", "Fin de la liste.", "Fin de l’édition."]),
        ("de", ["Liste mit zwei Punkten.", "Ende der Liste.", "Ende der Ausgabe."]),
        ("sq", ["List of two items.", "End of list.", "End of the edition."]),
    ],
)
def test_announcements_are_in_the_editions_language_or_in_english(
    tmp_path: Path, lang: str, expected: list[str]
) -> None:
    front = f"---\ntitle: Tides\nlang: {lang}\n---\n\n"
    script = write_script(publication(tmp_path, "- a\n- b\n", front=front))
    announced = [line for chapter in script.chapters[1:] for line in chapter.lines if line.role is Role.ANNOUNCEMENT]
    assert [line.said for line in announced] == expected
    assert {run.lang for line in announced for run in line.runs} == {"en" if lang == "sq" else lang}


def test_a_name_in_another_script_is_said_in_the_articles_language(tmp_path: Path) -> None:
    front = "---\ntitle: Мол\nlang: ru\ncreators: [Анна Север]\n---\n\n"
    opening = write_script(publication(tmp_path, "Слова.\n", front=front)).chapters[0]
    line = next(line for line in opening.lines if line.id == "title-by-aut")
    assert [(run.text, run.lang) for run in line.runs] == [("By", "en"), ("Анна Север.", "ru")]
    assert [line.shown[run.shown_start : run.shown_end] for run in line.runs] == ["By", "Анна Север."]
