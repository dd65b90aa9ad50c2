"""The commentary as data: the Web Annotation Data Model (https://www.w3.org/TR/annotation-model/) in the profile of
EPUB Annotations (https://www.w3.org/TR/epub-anno-10/)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from epub_books import Book, written
from epub_checker import all_messages
from epub_sample import DESK, HERE, note, paragraph

from publisher.build import read_imprint_of
from publisher.formats.epub.annotations import plain_words
from publisher.formats.epub.annotations_read import read_annotations
from publisher.formats.epub.container import write_container
from publisher.manuscript.reading import read_edition
from publisher.model.blocks import List, ListItem, Numbering
from publisher.model.findings import InputError
from publisher.model.inlines import Math
from publisher.model.publication import Anchoring, Creator, Publication, Range, Target
from publisher.store import Store
from publisher.verification.annotations import annotation_faults

NAME = "META-INF/annotations.json"
EDITIONS = Path(__file__).resolve().parents[2] / "editions"
SOURCE = Path(__file__).resolve().parents[3] / "source"
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")


def annotations(book: Book) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(book.entries[NAME])
    return told


def check_set(told: dict[str, Any], documents: set[str]) -> None:
    """What both documents require of a set: properties, their number, their types and values."""
    assert told["@context"] == ["http://www.w3.org/ns/anno.jsonld", "https://www.w3.org/ns/epub-anno.jsonld"]
    assert told["type"] == "AnnotationSet"
    assert URI.fullmatch(told["id"])
    assert set(told["about"]) <= {"dc:identifier", "dc:title", "dc:creator", "dc:publisher", "dc:date"}
    assert isinstance(told["about"]["dc:identifier"], list)
    assert re.fullmatch(r"\d{4}", told["about"].get("dc:date", "2026"))
    assert told["generator"]["type"] == "Software"
    assert URI.fullmatch(told["generator"]["id"])
    assert told["generator"]["name"]
    assert is_instant(told["generated"])
    ids = [item["id"] for item in told["items"]]
    assert len(ids) == len(set(ids))
    for item in told["items"]:
        check_annotation(item, documents)


def check_annotation(item: dict[str, Any], documents: set[str]) -> None:
    assert item["type"] == "Annotation"
    assert URI.fullmatch(item["id"])
    assert item["motivation"] == "commenting"
    assert is_instant(item["created"])
    assert item["creator"]["type"] in ("Person", "Organization", "Software")
    assert URI.fullmatch(item["creator"]["id"])
    assert item["creator"]["name"]
    body = item["body"]
    assert body["type"] == "TextualBody"
    assert body["format"] == "text/plain"
    assert body["value"].strip()
    assert re.fullmatch(r"[a-z]{2,3}(-\w+)*", body["language"])
    assert body.get("textDirection", "rtl") == "rtl"
    assert all(isinstance(tag, str) for tag in body["tags"])
    target = item["target"]
    assert target["source"] in documents  # one of the manifest's addresses
    fragments = [one for one in target["selector"] if one["type"] == "FragmentSelector"]
    assert len(fragments) == 1
    assert fragments[0]["conformsTo"] == "http://tools.ietf.org/rfc/rfc3236"
    for selector in target["selector"]:
        assert selector["type"] in ("FragmentSelector", "TextQuoteSelector")
        if selector["type"] == "TextQuoteSelector":
            assert selector["exact"]
            assert isinstance(selector["prefix"], str)
            assert isinstance(selector["suffix"], str)
        if "refinedBy" in selector:
            assert selector["refinedBy"]["type"] == "TextPositionSelector"
            assert 0 <= selector["refinedBy"]["start"] < selector["refinedBy"]["end"]


def is_instant(text: str) -> bool:
    return text.endswith("Z") and datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None


def manifest(book: Book) -> set[str]:
    return {str(href) for href in book.find("content.opf", "//opf:item/@href")}


def read(folder: Path) -> Publication:
    return read_edition(folder, read_imprint_of(folder)[0]).publication


@pytest.mark.parametrize(
    "folder", [*(EDITIONS / name for name in ("constructs", "arabic", "french")), SOURCE / "upstream"]
)
def test_the_annotations_of_an_edition_keep_the_standards_and_agree_with_it(
    folder: Path, store: Store, tmp_path: Path
) -> None:
    publication = read(folder)
    (book,) = written(publication, tmp_path, store)
    check_set(annotations(book), manifest(book))
    found = read_annotations(book.path)
    assert found is not None
    assert len(found.items) == len(publication.notes)
    assert list(annotation_faults(found, publication)) == []


def test_both_editions_hold_the_same_annotations(editions: list[Book]) -> None:
    text, aloud = (annotations(book) for book in editions)
    assert text["items"] == aloud["items"]


def test_an_annotation_says_what_its_footnote_says(text_edition: Book) -> None:
    first, second = annotations(text_edition)["items"]
    assert first["body"]["value"] == "The log agrees."
    assert first["body"]["id"] == "article.xhtml#n-1"
    assert first["body"]["tags"] == ["fact-check"]
    assert first["creator"]["name"] == "The desk"
    assert first["created"] == "2026-11-20T00:00:00Z"
    assert first["dcterms:references"] == ["https://lights.example/log"]
    assert second["body"]["id"] == "article.xhtml#n-2"


def test_selectors_lead_to_the_words_whatever_calls_stand_among_them(text_edition: Book) -> None:
    first = annotations(text_edition)["items"][0]["target"]
    fragment, quote = first["selector"]
    (block,) = text_edition.find(first["source"], f"//*[@id='{fragment['value']}']")
    text = "".join(block.itertext())
    position = fragment["refinedBy"]
    assert text[position["start"] : position["end"]] == quote["exact"] == "The lamp"
    (body,) = text_edition.find(first["source"], "//h:body")
    whole = "".join(body.itertext())
    assert whole.count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1


def test_words_over_several_blocks_are_selected_in_what_is_around_them(
    publication: Publication, store: Store, tmp_path: Path
) -> None:
    target = Target(Anchoring.EXACT, "lit in 1811.\nIt was", (Range("opening-1", 13, 25), Range("opening-2", 0, 6)))
    over = replace(note(1, "opening-1", 8, paragraph("n-1-1", "Over two.")), target=target)
    changed = replace(publication, layers=(replace(publication.layers[0], notes=(over,)),))
    (book,) = written(changed, tmp_path, store)
    (item,) = annotations(book)["items"]
    fragment = item["target"]["selector"][0]
    (around,) = book.find("article.xhtml", f"//*[@id='{fragment['value']}']")
    position = fragment["refinedBy"]
    selected = "".join(around.itertext())[position["start"] : position["end"]]
    assert selected.startswith("lit in 1811")
    assert selected.endswith("\nIt was")
    assert list(annotation_faults(read_annotations(book.path), changed)) == []


def test_a_note_on_a_title_or_on_a_whole_element_selects_it(
    publication: Publication, store: Store, tmp_path: Path
) -> None:
    on = [
        Target(Anchoring.EXACT, "lamp", (Range("title", 4, 8),)),
        Target(Anchoring.EXACT, "", element="fig-rings"),
        Target(Anchoring.EXACT, "", element="stores"),
        Target(Anchoring.EXACT, "", element="tbl-wrecks"),
    ]
    notes = tuple(
        replace(note(n, "x", 1, paragraph(f"n-{n}-1", "So.")), target=target) for n, target in enumerate(on, 1)
    )
    changed = replace(publication, layers=(replace(publication.layers[0], notes=notes),), counterparts=())
    (book,) = written(changed, tmp_path, store)
    told = {item["body"]["id"].partition("#")[2]: item["target"] for item in annotations(book)["items"]}
    assert {id: target["selector"][0]["value"] for id, target in told.items()} == {
        "n-1": "title",
        "n-2": "fig-rings",
        "n-3": "stores",
        "n-4": "tbl-wrecks",
    }
    assert [target["selector"][1]["exact"] for _, target in sorted(told.items())] == [
        "lamp",
        "The lens, drawn.",
        "Stores & oil",
        "Wrecks by year",
    ]
    assert list(annotation_faults(read_annotations(book.path), changed)) == []


def test_plain_words_keep_the_marks_of_lists_and_formulas_in_words() -> None:
    items = tuple(
        ListItem(id=f"i{n}", lang="en", position=HERE, blocks=(paragraph(f"i{n}-1", text),))
        for n, text in enumerate(("One.", "Two."))
    )
    numbered = List(id="l", lang="en", position=HERE, items=items, numbering=Numbering.DECIMAL, start=3)
    said = plain_words((paragraph("p", "Say ", Math("m", "x", "<math/>", "x squared"), "."), numbered))
    assert said == "Say x squared.\n\n3. One.\n4. Two."


def test_who_bears_the_publishers_name_is_an_organization(
    publication: Publication, store: Store, tmp_path: Path
) -> None:
    house = Creator("The Skerry Press", "edt", "house")
    layer = publication.layers[0]
    notes = (replace(layer.notes[0], by=house), *layer.notes[1:])
    changed = replace(publication, layers=(replace(layer, editors=(DESK, house), notes=notes),))
    (book,) = written(changed, tmp_path, store)
    kinds = {item["creator"]["name"]: item["creator"]["type"] for item in annotations(book)["items"]}
    assert kinds == {"The Skerry Press": "Organization", "The desk": "Person"}


def test_without_notes_there_are_no_annotations(publication: Publication, store: Store, tmp_path: Path) -> None:
    bare = replace(publication, layers=())
    (book,) = written(bare, tmp_path, store)
    assert NAME not in book.entries
    assert read_annotations(book.path) is None
    assert list(annotation_faults(None, bare)) == []


def test_epubcheck_has_nothing_to_say_of_them(editions: list[Book]) -> None:
    assert all(NAME in book.entries for book in editions)
    assert all_messages([book.path for book in editions]) == {book.path.name: [] for book in editions}


def _swap(told: dict[str, Any]) -> None:
    told["items"].reverse()


def _set(*path: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    def with_value(value: Any) -> Callable[[dict[str, Any]], None]:
        def change(told: dict[str, Any]) -> None:
            holder: Any = told["items"][0]
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = value

        return change

    return with_value


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (lambda told: told["items"].pop(), ["annotation-missing"]),
        (lambda told: told["items"].append(told["items"][0]), ["annotation-added"]),
        (_swap, ["annotation-order"]),
        (_set("id")("urn:uuid:other"), ["annotation-altered"]),
        (_set("created")("2026-11-21T00:00:00Z"), ["annotation-altered"]),
        (_set("created")("soon"), ["annotation-altered"]),
        (_set("motivation")("highlighting"), ["annotation-altered"]),
        (_set("creator", "name")("Somebody"), ["annotation-altered"]),
        (_set("body", "value")("The log disagrees."), ["annotation-altered"]),
        (_set("body", "language")("fr"), ["annotation-altered"]),
        (_set("body", "tags")([]), ["annotation-altered"]),
        (_set("body", "id")("article.xhtml#n-9"), ["annotation-added", "annotation-missing"]),
        (_set("target", "source")("references.xhtml"), ["annotation-altered"]),
        (_set("target", "source")("gone.xhtml"), ["annotation-altered"]),
        (_set("target", "selector", 0, "value")("opening-2"), ["annotation-altered"]),
        (_set("target", "selector", 0, "refinedBy", "start")(1), ["annotation-altered"]),
        (_set("target", "selector", 1, "exact")("The lump"), ["annotation-altered"]),
        (_set("target", "selector", 1, "prefix")("nothing like it"), ["annotation-altered"]),
        (_set("target", "selector")([]), ["annotation-altered"]),
        (lambda told: told["about"].update({"dc:identifier": ["urn:other"]}), ["annotation-altered"]),
    ],
)
def test_an_annotation_that_differs_from_its_note_is_told(
    text_edition: Book,
    publication: Publication,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], None],
    checks: list[str],
) -> None:
    told = annotations(text_edition)
    change(told)
    path = tmp_path / "changed.epub"
    write_container(path, {**text_edition.entries, NAME: json.dumps(told).encode()})
    assert [check for check, *_ in annotation_faults(read_annotations(path), publication)] == checks


def test_annotations_that_are_not_there_are_missed(publication: Publication, text_edition: Book) -> None:
    assert [check for check, *_ in annotation_faults(None, publication)] == ["annotation-missing"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"items": 1}', b'{"items": [1]}', b"\xff"])
def test_a_file_that_holds_no_annotations_is_refused_in_a_line(text_edition: Book, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.epub"
    write_container(path, {**text_edition.entries, NAME: data})
    with pytest.raises(InputError, match=r"holds no annotations"):
        read_annotations(path)
