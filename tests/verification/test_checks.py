"""What is wrong with an artefact is told by the right check: extracts changed by hand, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from publisher.model.artefacts import UnitRole
from publisher.model.extract import Extract, Fact, Found
from publisher.verification.checks import Source, hold_against
from publisher.verification.coverage import FULL_PAGE


def checks(extract: Extract, source: Source) -> list[str]:
    return [finding.check for finding in hold_against(extract, source, FULL_PAGE).findings]


def changed(page: Extract, id: str, change: Callable[[Found], Found | None]) -> Extract:
    units = []
    for unit in page.units:
        made = change(unit) if unit.id == id else unit
        units += [made] if made else []
    assert len(units) < len(page.units) or tuple(units) != page.units
    return replace(page, units=tuple(units))


def test_the_page_as_built_has_no_finding(page: Extract, source: Source) -> None:
    assert hold_against(page, source, FULL_PAGE).findings == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda unit: None, ["unit-missing"]),
        (lambda unit: replace(unit, text=unit.text.replace("not ", "")), ["unit-altered"]),
        (lambda unit: replace(unit, text=unit.text.replace("1912", "1913")), ["unit-altered"]),
        (lambda unit: replace(unit, lang="fr"), ["unit-language"]),
        (lambda unit: replace(unit, hidden=True), ["unit-hidden"]),
        (lambda unit: replace(unit, furniture=True), ["unit-role"]),
        (lambda unit: replace(unit, role=UnitRole.CODE), ["unit-role"]),
        (lambda unit: replace(unit, note="n-lit"), ["unit-order"]),
    ],
)
def test_a_changed_unit_is_told(
    change: Callable[[Found], Found | None], expected: list[str], page: Extract, source: Source
) -> None:
    assert sorted(set(checks(changed(page, "opening-1", change), source))) == expected


def test_a_finding_names_source_line_artefact_unit_and_place_and_shows_both_texts(
    page: Extract, source: Source
) -> None:
    altered = changed(page, "opening-1", lambda unit: replace(unit, text=unit.text.replace("not ", "")))
    (one,) = hold_against(altered, source, FULL_PAGE).discrepancies
    assert one.finding.position is not None
    assert one.finding.position.line == 14
    assert (one.artefact, one.unit, one.place) == ("index.html", "opening-1", "index.html#opening-1")
    assert "[not → nothing]" in one.finding.message
    assert one.expected is not None
    assert "not" in one.expected.split()
    assert one.found is not None
    assert "not" not in one.found.split()


def test_a_unit_that_nobody_wrote_is_told(page: Extract, source: Source) -> None:
    extra = Found(UnitRole.PARAGRAPH, "Nobody wrote this.", "en-GB", "index.html")
    assert checks(replace(page, units=(*page.units, extra)), source) == ["unit-added"]


def test_a_doubled_unit_is_told(page: Extract, source: Source) -> None:
    one = next(unit for unit in page.units if unit.id == "n-lit-1")
    assert checks(replace(page, units=(*page.units, one)), source) == ["unit-doubled"]


def test_a_lost_alternative_is_told(page: Extract, source: Source) -> None:
    units = tuple(unit for unit in page.units if unit.text != "A beam over the sea.")
    assert checks(replace(page, units=units), source) == ["alternative-missing"]


def test_a_word_that_lost_its_language_is_told(page: Extract, source: Source) -> None:
    assert checks(changed(page, "the-night-1", lambda unit: replace(unit, runs=())), source) == ["unit-language"]


def test_a_word_of_furniture_that_nobody_wrote_is_told(page: Extract, source: Source) -> None:
    extra = Found(UnitRole.PARAGRAPH, "By Somebody Else", "en-GB", "index.html", furniture=True)
    assert checks(replace(page, units=(*page.units, extra)), source) == ["unit-added"]


def test_links_are_told(page: Extract, source: Source) -> None:
    (outside,) = [link for link in page.links if link.target == "https://example.org/"]
    others = tuple(link for link in page.links if link is not outside)
    assert checks(replace(page, links=others), source) == ["link-missing"]
    elsewhere = replace(outside, target="https://example.com/")
    assert sorted(checks(replace(page, links=(*others, elsewhere)), source)) == ["link-added", "link-missing"]
    assert checks(replace(page, links=(*page.links, replace(outside, target="#x", resolves=False))), source) == [
        "link-target-missing"
    ]


def test_a_link_within_that_the_author_has_not_is_told(page: Extract, source: Source) -> None:
    (outside,) = [link for link in page.links if link.target == "https://example.org/"]
    within = replace(outside, target=f"#{outside.unit}", resolves=True)
    assert checks(replace(page, links=(*page.links, within)), source) == ["link-added"]
    assert checks(replace(page, links=(*page.links, replace(within, unit="elsewhere"))), source) == []
    assert checks(replace(page, links=(*page.links, replace(within, furniture=True))), source) == []


def test_notes_are_told(page: Extract, source: Source) -> None:
    def with_note(**facts: object) -> Extract:
        return replace(
            page,
            notes=tuple(replace(note, **facts) if note.id == "n-lit" else note for note in page.notes),  # type: ignore[arg-type]
        )

    assert checks(with_note(calls=()), source) == ["note-call-missing"]
    assert checks(with_note(backlinks=()), source) == ["note-backlink-missing"]
    assert checks(with_note(calls=("n-lit-call", "fnref-1")), source) == ["note-call-added"]
    assert "note-missing" in checks(replace(page, notes=page.notes[1:]), source)


def test_notes_none_of_which_is_marked_are_missed_where_they_must_be_marked(page: Extract, source: Source) -> None:
    units = tuple(replace(unit, note=None) for unit in page.units)
    bare = replace(page, units=units, notes=(), links=tuple(link for link in page.links if not link.calls))
    assert checks(bare, source).count("note-missing") == 2
    elsewhere = replace(FULL_PAGE, marks_notes=False)
    assert "note-missing" not in [finding.check for finding in hold_against(bare, source, elsewhere).findings]


def test_a_note_signed_by_another_hand_is_told(page: Extract, source: Source) -> None:
    units = tuple(replace(unit, text=unit.text.replace("The desk, ", "")) for unit in page.units)
    assert checks(replace(page, units=units), source) == ["note-label"]


def test_a_footnote_with_another_number_or_name_is_told(page: Extract, source: Source) -> None:
    def numbered(unit: Found) -> Found:
        return replace(unit, text="2") if (unit.note, unit.text) == ("fn-1", "1") else unit

    units = tuple(map(numbered, page.units))
    assert units != page.units
    assert "note-label" in checks(replace(page, units=units), source)
    notes = tuple(replace(note, name=note.name.replace("1", "2")) for note in page.notes)
    assert checks(replace(page, notes=notes), source) == ["note-label"] * len(page.notes)
    assert checks(replace(page, notes=tuple(replace(note, name="") for note in page.notes)), source) == []


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("artifact", ["The lamp"], []),
        ("artifact", ["The la-", "mp"], []),
        ("artifact", ["It was not 1912 yet"], ["unit-added"]),
        ("artifact", ["Nobody ev-", "er"], ["unit-added"]),
        ("artifact", ["Nobody ev-"], ["unit-added"]),
        ("otherwise", ["“lit” in place of “unlit”"], ["unit-added"]),
    ],
)
def test_what_pages_show_to_eyes_alone_is_told(
    kind: str, words: list[str], found: list[str], page: Extract, source: Source
) -> None:
    facts = (*page.facts, *(Fact(kind, "", text, "page 1") for text in words))
    assert checks(replace(page, facts=facts), source) == found


@pytest.mark.parametrize("name", ["title", "creator", "language", "date", "identifier"])
def test_metadata_are_told(name: str, page: Extract, source: Source) -> None:
    other = {**page.metadata, name: ("something else",)}
    assert checks(replace(page, metadata=other), source) == [f"metadata-{name}"]
    assert checks(replace(page, metadata={**page.metadata, name: ()}), source) == [f"metadata-{name}"]


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        ("expansion", "abbreviation-altered"),
        ("header", "cell-header"),
        ("number", "item-number"),
        ("picture", "picture-altered"),
    ],
)
def test_facts_are_told(kind: str, check: str, page: Extract, source: Source) -> None:
    first = next(fact for fact in page.facts if fact.kind == kind)
    others = tuple(fact for fact in page.facts if fact is not first)
    assert checks(replace(page, facts=(*others, replace(first, value="x"))), source) == [check]
    assert checks(replace(page, facts=others), source) == [check]
    assert checks(replace(page, facts=others, tells=page.tells - {kind}), source) == []
