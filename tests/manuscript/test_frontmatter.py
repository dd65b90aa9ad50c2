"""Front matter: what may be written, and how faults are told."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.manuscript.csl import csl_sources
from publisher.manuscript.frontmatter import (
    ArticleFront,
    CommentaryFront,
    CreatorEntry,
    EditorEntry,
    cut,
    read_front_matter,
)
from publisher.manuscript.vocabularies import nearest
from publisher.model.findings import Finding, FindingsError, Severity


def article(*lines: str) -> ArticleFront:
    text = "\n".join(["---", "title: A title", *lines, "---", "Text."])
    read = read_front_matter(text, "a.md", ArticleFront)
    assert read.findings == ()
    return read.front


def faults(*lines: str, model: type[ArticleFront] | type[CommentaryFront] = ArticleFront) -> list[str]:
    title = ["title: A title"] if model is ArticleFront else ["title: Notes"]
    with pytest.raises(FindingsError) as caught:
        read_front_matter("\n".join(["---", *title, *lines, "---", "Text."]), "a.md", model)
    return [str(finding) for finding in caught.value.findings]


# Cutting


def test_front_matter_is_cut_off_and_the_body_knows_its_line() -> None:
    parts = cut("---\ntitle: x\n---\n\nText.\n", "a.md")
    assert (parts.yaml, parts.body, parts.body_line) == ("title: x", "\nText.\n", 4)


def test_front_matter_may_end_in_dots() -> None:
    assert cut("---\ntitle: x\n...\nText.", "a.md").body == "Text."


def test_a_rule_inside_the_text_is_no_front_matter() -> None:
    assert cut("Text.\n\n---\n\nMore.", "a.md").body_line == 1


def test_empty_front_matter_is_front_matter() -> None:
    parts = cut("---\n---\nText.", "a.md")
    assert (parts.yaml, parts.body, parts.body_line) == ("", "Text.", 3)


def test_a_line_separator_is_no_line_of_the_file() -> None:
    assert cut("---\ntitle: a\u2028b\n---\nText.", "a.md").body_line == 4


def test_front_matter_without_an_end_is_refused() -> None:
    with pytest.raises(FindingsError, match=r"a\.md:1: error: the front matter has no end; close it with a line ---"):
        cut("---\ntitle: x\n\nText.", "a.md")


# Values


def test_creators_may_be_written_in_every_form() -> None:
    assert article("creators: Ada").creators == [CreatorEntry(name="Ada", role="aut")]
    assert article("creators: {name: Ada, role: editor}").creators == [CreatorEntry(name="Ada", role="edt")]
    mixed = article("creators:", "  - Ada", "  - name: Bram", "    role: ill", "  - name: Cy", "    role: Translator")
    assert [(entry.name, entry.role) for entry in mixed.creators] == [("Ada", "aut"), ("Bram", "ill"), ("Cy", "trl")]


def test_numbers_and_truth_values_may_be_words() -> None:
    front = article("subtitle: 1984", "description: yes", "rights: true")
    assert (front.subtitle, front.description, front.rights) == ("1984", "yes", "true")


def test_dates_languages_and_subjects_are_read() -> None:
    front = article("date: 2026-11-20", "lang: en-gb", "subjects: [tides, lamps]", "from: commonmark_x")
    assert (front.date, front.lang, front.subjects) == (date(2026, 11, 20), "en-GB", ["tides", "lamps"])
    assert front.reader == "commonmark_x"
    assert article("subjects: tides").subjects == ["tides"]


def test_norwegian_is_a_language_and_no_truth_value() -> None:
    assert article("lang: no").lang == "no"


def test_a_key_without_a_value_counts_as_left_out() -> None:
    assert article("subtitle:", "date:").subtitle is None


def test_words_of_several_lines_become_one() -> None:
    assert article("description: >", "  one", "  two").description == "one two"


def test_editors_may_be_a_mapping_or_a_list() -> None:
    expected = {"desk": EditorEntry(name="The desk"), "bram": EditorEntry(name="Bram", role="trl")}
    for lines in (
        ["editors:", "  desk: The desk", "  bram: {name: Bram, role: translator}"],
        ["editors:", "  - {key: desk, name: The desk}", "  - {key: bram, name: Bram, role: trl}"],
    ):
        text = "\n".join(["---", *lines, "---"])
        read = read_front_matter(text, "c.md", CommentaryFront)
        assert read.front.editors == expected
        assert read.findings == ()


# Faults


def test_an_unknown_key_is_a_warning_with_the_nearest_known_one() -> None:
    text = "---\ntitle: x\nsubtitel: y\ncreators:\n  - name: z\n    rolle: aut\n---\n"
    read = read_front_matter(text, "a.md", ArticleFront)
    assert [(finding.severity, str(finding)) for finding in read.findings] == [
        (Severity.WARNING, "a.md:3:1: warning: unknown key subtitel; did you mean subtitle?"),
        (Severity.WARNING, "a.md:6:5: warning: unknown key creators[1].rolle; did you mean role?"),
    ]
    assert {finding.check for finding in read.findings} == {"front-matter-unknown-key"}


def test_a_key_like_no_other_is_to_be_taken_out() -> None:
    read = read_front_matter("---\ntitle: x\nqqqqq: y\n---\n", "a.md", ArticleFront)
    assert str(read.findings[0]).endswith("unknown key qqqqq; take it out")


def test_all_faults_are_told_at_once_in_order_of_lines() -> None:
    told = faults(
        "lang: english", "date: 2026-02-30", "creators:", "  - name: Ada", "    role: autor", "cover: [a]", "colour: x"
    )
    assert told == [
        'a.md:3:1: error: lang: "english" is no known language; write a tag such as en, en-GB or fr',
        'a.md:4:1: error: date: "2026-02-30" is a day that no calendar has; write year, month, day',
        'a.md:7:5: error: creators[1].role: "autor" is no known role; write author',
        "a.md:8:1: error: cover: a list where words should be; write a line of text",
        "a.md:9:1: warning: unknown key colour; take it out",
    ]


def test_a_title_is_needed() -> None:
    with pytest.raises(FindingsError) as caught:
        read_front_matter("Just text.", "a.md", ArticleFront)
    (finding,) = caught.value.findings
    assert finding.check == "front-matter-missing"
    assert str(finding) == "a.md:1: error: there is no front matter; begin the file with the lines ---, title: …, ---"


def test_a_misspelt_title_is_told_once_and_where_it_stands() -> None:
    with pytest.raises(FindingsError) as problem:
        read_front_matter("---\nlang: en\ntitel: A title\n---\nText.", "a.md", ArticleFront)
    assert [str(one) for one in problem.value.findings] == [
        "a.md:3:1: error: title is missing; did you mean it by titel?"
    ]


def test_a_title_that_nothing_stands_for_is_missing() -> None:
    with pytest.raises(FindingsError) as problem:
        read_front_matter("---\nlang: en\ncolour: red\n---\nText.", "a.md", ArticleFront)
    assert [one.check for one in problem.value.findings] == ["front-matter-missing", "front-matter-unknown-key"]
    assert "add a line `title: …`" in problem.value.findings[0].message


@pytest.mark.parametrize("tag", ["english", "xx-yy", "en-", "''", "[en]", "zz"])
def test_an_unknown_language_is_an_error_at_its_line(tag: str) -> None:
    (fault,) = faults(f"lang: {tag}")
    assert fault.startswith("a.md:3:1: error: lang: ")


@pytest.mark.parametrize("day", ["2026-13-01", "20.11.2026", "2026", "November", "1700000000", "[2026-11-20]"])
def test_a_date_must_be_iso(day: str) -> None:
    (fault,) = faults(f"date: {day}")
    assert "is no date" in fault or "no calendar" in fault or "where" in fault


@pytest.mark.parametrize(
    "lines",
    [
        ["editors: [Ada]"],
        ["editors: [{key: a, name: A}, {key: a, name: B}]"],
        ["editors: {a b: A}"],
        ["editors: {a: [A]}"],
        ["editors: {a: {}}"],
        ["editors: Ada"],
    ],
)
def test_editors_need_a_key_and_a_name_each(lines: list[str]) -> None:
    (fault,) = faults(*lines, model=CommentaryFront)
    assert fault.startswith("a.md:3:")


# References


def test_references_need_an_id_a_type_and_to_be_told_apart() -> None:
    told = faults(
        "references:",
        "  - id: a",
        "    type: bok",
        "  - id: a",
        "    URL: javascript:alert(1)",
        "  - type: book",
        "  - words",
    )
    assert told == [
        "a.md:5:5: error: a: bok is no CSL type; write book",
        "a.md:6:5: error: two references have the id a, the other at line 4; give each one of its own",
        "a.md:6:5: error: references[2].type is missing; add a line `type: …`",
        'a.md:7:5: error: references[2].URL: "javascript:alert(1)" is no address; '
        "write it whole, as https://example.org/page",
        "a.md:8:5: error: references[3].id is missing; add a line `id: …`",
        'a.md:9:5: error: references[4]: "words" where a mapping should be; write `key: value` below it',
    ]


@pytest.mark.parametrize(
    "line",
    ["author: 5", "author: [{}]", "issued: [2024]", "issued: {date-parts: [[x]]}", "title: [x]", "issued: {a: b}"],
)
def test_values_that_csl_has_no_use_for_are_errors(line: str) -> None:
    (fault,) = faults("references:", "  - id: a", "    type: book", f"    {line}")
    assert fault.startswith("a.md:6:5: error: references[1].")


def test_references_become_csl_json() -> None:
    text = """---
title: x
references:
  - id: 2019
    type: book
    title: 1984
    author: Iris Fenwick
    editor: [{family: Ruiz, given: Pilar}, The Board]
    issued: 2024-02-29
    accessed: 2026
    event-date: 2024-01/2024-03
    original-date: about 1900
    page: 201-219
    note:
---
"""
    (source,) = csl_sources(read_front_matter(text, "a.md", ArticleFront).data)
    assert source.csl == {
        "id": "2019",
        "type": "book",
        "title": "1984",
        "author": [{"literal": "Iris Fenwick"}],
        "editor": [{"family": "Ruiz", "given": "Pilar"}, {"literal": "The Board"}],
        "issued": {"date-parts": [[2024, 2, 29]]},
        "accessed": {"date-parts": [[2026]]},
        "event-date": {"date-parts": [[2024, 1], [2024, 3]]},
        "original-date": {"literal": "about 1900"},
        "page": "201-219",
    }
    assert (source.position.line, source.position.column) == (4, 5)


def test_an_alias_bomb_in_the_front_matter_is_refused_at_its_line() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    (fault,) = faults(*rows)
    assert fault.startswith("a.md:8:")
    assert "shorten it" in fault


def test_the_models_describe_themselves_as_json_schema() -> None:
    schema = json.dumps([ArticleFront.model_json_schema(), CommentaryFront.model_json_schema()])
    assert '"cover-alternative"' in schema
    assert '"from"' in schema


def test_the_nearest_word_is_found_whatever_its_case() -> None:
    assert nearest("doi", {"DOI", "page"}) == "DOI"
    assert nearest("zzz", {"DOI", "page"}) is None


# Whatever is written, it is read or refused, never a traceback

KEYS = st.sampled_from(
    "title creators name role lang date references id type author issued editors cover subjects from x".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def findings_of(text: str, model: type[ArticleFront] | type[CommentaryFront]) -> tuple[Finding, ...]:
    try:
        read = read_front_matter(text, "a.md", model)
    except FindingsError as refused:
        return refused.findings
    csl_sources(read.data)
    return read.findings


@settings(deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=6), st.sampled_from([ArticleFront, CommentaryFront]))
def test_any_mapping_is_read_or_refused_with_places(
    values: dict[str, object], model: type[ArticleFront] | type[CommentaryFront]
) -> None:
    text = f"---\n{yaml.safe_dump(values, allow_unicode=True)}---\n"
    assert all(finding.position is not None for finding in findings_of(text, model))


@settings(deadline=None)
@given(st.text(alphabet="abc:-[]{}*&!|>'\"#%@` \n\t0\\", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert all(finding.position is not None for finding in findings_of(f"---\n{text}\n---\n", ArticleFront))


def test_voices_and_pauses_are_tables() -> None:
    front = article("voices: {note: espeak:en-us, heading: rate=140}", "pauses: {paragraph: 0.9, end: 2}")
    assert front.voices == {"note": "espeak:en-us", "heading": "rate=140"}
    assert front.pauses == {"paragraph": 0.9, "end": 2.0}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("voices: espeak", "a.md:3:1: error: voices: .* where a table should be; write lines such as"),
        ("voices: {notes: espeak}", "a.md:3:1: error: voices: no role notes; write one of .*note"),
        ("voices: {note: [a]}", "a.md:3:1: error: voices: a list where words should be"),
        ("pauses: {pause: 1}", "a.md:3:1: error: pauses: no pause pause; write one of .*paragraph"),
        ("pauses: {paragraph: 3}", "a.md:3:1: error: pauses: .3. is no silence; write seconds from 0 to 2.4"),
        ("pauses: {paragraph: nan}", "a.md:3:1: error: pauses: .nan. is no silence"),
        ("pauses: {paragraph: long}", "a.md:3:1: error: pauses: .long. is no silence"),
    ],
)
def test_faults_in_voices_and_pauses_are_told(line: str, told: str) -> None:
    (fault,) = faults(line)
    assert re.match(told, fault), fault
