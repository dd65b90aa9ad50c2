from __future__ import annotations

import base64
import hashlib
import json
import os
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from shelf_sample import bare, tides

from publisher.catalogue.page import folded
from publisher.catalogue.shelf import Shelf, shelf
from publisher.catalogue.write import write_catalogue
from publisher.model.findings import InputError
from publisher.rendering.templates import Templates

NAMED = {"type": "array", "items": {"required": ["@type", "name"], "properties": {"name": {"minLength": 1}}}}
LINKED_DATA = {
    "required": ["@context", "@type", "name", "hasPart"],
    "additionalProperties": False,
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "Collection"},
        "name": {"type": "string", "minLength": 1},
        "hasPart": {
            "items": {
                "required": ["@type", "identifier", "headline", "inLanguage", "url"],
                "additionalProperties": False,
                "properties": {
                    "@type": {"const": "Article"},
                    "identifier": {"type": "string"},
                    "headline": {"type": "string"},
                    "inLanguage": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
                    "url": {"type": "string", "pattern": "^https://skerry.example/"},
                    "image": {"type": "string", "pattern": "^https://skerry.example/.*(png|jpg)$"},
                    "datePublished": {"type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\d$"},
                    "description": {"type": "string"},
                    "author": NAMED,
                },
            }
        },
    },
}
"""The properties of https://schema.org/Collection and https://schema.org/Article that a catalogue uses."""


class Links(HTMLParser):
    """Every address of a page, its policy, and its scripts that run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.policy = ""
        self.scripts: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.addresses += [value for name in ("href", "src") if (value := told.get(name))]
        self.policy = told.get("content") or "" if "http-equiv" in told else self.policy
        self._inside = tag == "script" and "type" not in told

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts.append(data)


def written(out: Path, made: Shelf) -> set[str]:
    names = set(write_catalogue(out, made, Templates()))
    assert names == {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    return names


@pytest.fixture
def both() -> Shelf:
    return shelf([bare(), tides()], "en-GB", "Editions")


def test_the_page_leads_only_to_files_that_stand_there_or_in_the_editions(tmp_path: Path, both: Shelf) -> None:
    names = written(tmp_path, both)
    links = Links((tmp_path / "index.html").read_text("utf-8"))
    offered = {edition.path(one.artefact.name) for edition in both.editions for one in edition.files}
    assert {one for one in links.addresses if not one.startswith(("#", "https://skerry.example/"))} <= names | offered
    assert "tides/tides.epub" in links.addresses


def test_the_policy_lets_the_pages_own_script_run_and_nothing_else(tmp_path: Path, both: Shelf) -> None:
    written(tmp_path, both)
    links = Links((tmp_path / "index.html").read_text("utf-8"))
    (script,) = links.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in links.policy
    assert f"script-src 'sha256-{digest}'" in links.policy
    assert "unsafe" not in links.policy


def test_search_engines_are_told_of_the_editions_in_the_words_of_schema_org(tmp_path: Path, both: Shelf) -> None:
    written(tmp_path, both)
    text = (tmp_path / "index.html").read_text("utf-8")
    data = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    jsonschema.validate(data, LINKED_DATA)
    (part,) = data["hasPart"]
    assert (part["headline"], part["url"]) == ("Tides & Time", "https://skerry.example/tides/index.html")
    assert (part["image"], part["description"]) == ("https://skerry.example/tides/cover.png", "About <tides>.")


def test_words_of_editions_are_never_markup(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>"
    written(tmp_path, shelf([tides(title=evil, description=evil, name="a")], "en", "Editions"))
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "alert(1)</script>" not in text.replace("\\u003c", "<").split('type="application/ld+json"')[0]
    assert len(Links(text).scripts) == 1


def test_without_a_base_url_there_are_no_feeds_that_need_whole_addresses(tmp_path: Path, both: Shelf) -> None:
    assert {"atom.xml", "podcast.xml", "sitemap.xml"} <= written(tmp_path, both)
    homeless = shelf([tides(base_url="")], "en", "Editions")
    assert {name for name in written(tmp_path, homeless) if "/" not in name} == {"index.html", "opds.json"}


def test_an_edition_that_is_gone_leaves_nothing_behind(tmp_path: Path, both: Shelf) -> None:
    assert "catalogue.files/opds/منارة.json" in written(tmp_path, both)
    assert "catalogue.files/opds/منارة.json" not in written(tmp_path, shelf([tides()], "en", "Editions"))


def test_an_empty_shelf_makes_a_page(tmp_path: Path) -> None:
    written(tmp_path, shelf([], "fr", "Éditions"))
    text = (tmp_path / "index.html").read_text("utf-8")
    assert '<html lang="fr" dir="ltr">' in text
    assert "Éditions" in text


def test_what_stays_the_same_is_not_written_again(tmp_path: Path, both: Shelf) -> None:
    written(tmp_path, both)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*") if path.is_file()}
    written(tmp_path, both)
    assert {path: path.stat().st_ino for path in before} == before


def test_a_failure_leaves_the_old_page_whole_and_nothing_beside_it(
    tmp_path: Path, both: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = written(tmp_path, shelf([tides()], "en", "Editions"))
    old = (tmp_path / "index.html").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_catalogue(tmp_path, both, Templates())
    assert (tmp_path / "index.html").read_bytes() == old
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == names


def test_a_wrong_template_is_told(tmp_path: Path, both: Shelf) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "index.html").write_text("{{ nothing }}")
    with pytest.raises(InputError, match="mend the template"):
        write_catalogue(tmp_path / "out", both, Templates(tmp_path / "own"))


def test_words_are_folded_for_the_search() -> None:
    assert folded("Élan, élan!", "VIEUX-Port 2026") == "elan vieux port 2026"
