from __future__ import annotations

from pathlib import Path

from verified_edition import build, read_source

from publisher.formats.epub.read import read as read_epub
from publisher.formats.web.read import read as read_web
from publisher.model.artefacts import UnitRole
from publisher.model.publication import Publication
from publisher.narration.script import write_script
from publisher.verification.checks import hold_against, source_of
from publisher.verification.coverage import EPUB, PLAIN_AUDIO, PLAIN_PAGE, expected_units
from publisher.verification.expected import PARTS, units
from publisher.verification.facts import ExpectedFact
from publisher.verification.scripted import untold
from publisher.verification.ties import ties


def test_every_part_has_its_units_in_reading_order(publication: Publication) -> None:
    parts = [unit.part for unit in units(publication)]
    assert parts == sorted(parts, key=PARTS.index)
    assert set(parts) == set(PARTS) - {"method"}


def test_ids_are_unique(publication: Publication) -> None:
    ids = [unit.id for unit in units(publication)]
    assert len(ids) == len(set(ids))


def test_pictures_tasks_and_passages_are_units(publication: Publication) -> None:
    by_text = {unit.text: unit for unit in units(publication)}
    assert by_text["A beam over the sea."].role is UnitRole.ALTERNATIVE
    assert by_text["Done"].role is by_text["Not done"].role is UnitRole.ALTERNATIVE
    assert by_text["Introduction"].role is UnitRole.HEADING


def test_a_heading_over_no_counterpart_has_no_plain_unit(publication: Publication) -> None:
    plain = [unit.text for unit in units(publication) if unit.part == "plain"]
    assert plain == ["Nobody lit the lamp before 1912."]


def test_every_unit_but_the_front_has_a_position(publication: Publication) -> None:
    positions = ties(publication).positions
    assert [unit.id for unit in units(publication) if unit.part != "front" and unit.id not in positions] == []
    assert positions["opening-1"].line == 14


def test_units_of_notes_and_footnotes_have_holders(publication: Publication) -> None:
    assert ties(publication).holders == {"fn-1-1": "fn-1", "n-lit-1": "n-lit"}


def test_stretches_in_another_language_are_told(publication: Publication) -> None:
    (stretches,) = ties(publication).languages.values()
    assert stretches == (
        ("He said ", "en-GB"),
        ("bonsoir", "fr"),
        (" and ", "en-GB"),
        ("left", "en-GB"),
        (".", "en-GB"),
    )


def test_links_citations_and_sources_are_told(publication: Publication) -> None:
    links = {(link.unit, link.text, link.target) for link in ties(publication).links}
    assert ("the-night-1", "left", "https://example.org/") in links
    assert any(unit == "n-lit" and target == "#ref-log" for unit, _, target in links)
    assert any(unit == "fn-1-1" and target == "#ref-log" for unit, _, target in links)


def test_facts_are_told(publication: Publication) -> None:
    facts = ties(publication).facts
    kinds = {
        kind: [fact for fact in facts if fact.kind == kind] for kind in ("expansion", "header", "number", "picture")
    }
    assert kinds["expansion"] == [ExpectedFact("expansion", "opening-1", "NCL: Northern Lights", "opening-1")]
    assert [fact.value for fact in kinds["header"]] == ["col", "col"]
    assert [fact.value for fact in kinds["number"]] == ["1 4", "1 5"]
    assert len(kinds["picture"]) == 1


REPEATED = """---
title: Headings
lang: en-GB
---

# The [WHO]{.abbr title="World Health Organization"} [en bref]{lang=fr} and $x^2$ {#h}

One.[^1]

[^1]: Two.

::: plain
First.
:::

| Side |
|------|
| 2    |

: Squares, $x^2$.
"""


def test_a_heading_that_the_plain_part_repeats_is_marked_as_in_the_text(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "headings"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(REPEATED, encoding="utf-8")
    publication = read_source(folder)
    held = ties(publication)
    assert held.languages["h-plain"] == held.languages["h"]
    assert ExpectedFact("expansion", "h-plain", "WHO: World Health Organization", "h-plain") in held.facts
    assert held.positions["h-math1-plain"] == held.positions["h"]
    source = source_of(publication)
    built = build(folder, tmp_path / "build", "web", "epub")
    assert hold_against(read_web(built / "plain.html"), source, PLAIN_PAGE).findings == ()
    assert hold_against(read_epub(built / "headings.epub"), source, EPUB).findings == ()
    plain = expected_units(publication, PLAIN_AUDIO)
    assert "h-math1-plain" in {unit.id for unit in plain}
    assert list(untold(plain, write_script(publication, "plain"))) == []
