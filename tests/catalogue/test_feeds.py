"""The feeds as strangers read them. The specifications' addresses stand in the modules."""

from __future__ import annotations

import json
from calendar import timegm
from datetime import UTC, datetime
from uuid import UUID, uuid5

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree
from shelf_sample import bare, offered, tides

from publisher.catalogue.atom import atom
from publisher.catalogue.opds import ACQUISITION, opds, opds_publication
from publisher.catalogue.podcast import podcast
from publisher.catalogue.shelf import Shelf, shelf
from publisher.catalogue.sitemap import sitemap

SITE = "https://skerry.example"


@pytest.fixture
def both() -> Shelf:
    return shelf([bare(), tides()], "en-GB", "Editions")


def test_atom_tells_of_each_edition_with_its_files(both: Shelf) -> None:
    read = feedparser.parse(atom(both))
    assert not read.bozo
    assert read.version == "atom10"
    assert (read.feed.title, read.feed.updated, read.feed.author) == (
        "The Skerry Press",
        "2026-03-02T00:00:00Z",
        "The Skerry Press",
    )
    first, second = read.entries
    assert (first.title, first.author, first.summary) == ("Tides & Time", "Ada Fenwick", "About <tides>.")
    assert [tag.term for tag in first.tags] == ["Sea"]
    assert first.link == f"{SITE}/tides/index.html"
    assert datetime.fromtimestamp(timegm(first.published_parsed), UTC) == datetime(2026, 3, 1, tzinfo=UTC)
    assert [link.href for link in first.enclosures] == [
        f"{SITE}/tides/{name}" for name in ("tides.mp3", "tides-plain.mp3", "tides.epub", "tides.pdf")
    ]
    assert second.author == "The Skerry Press"


def test_every_id_of_the_atom_feed_is_an_address_or_a_urn(both: Shelf) -> None:
    tree = etree.fromstring(atom(both).encode())
    ids = [element.text for element in tree.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(set(ids)) == 3
    assert all(id and id.startswith("urn:uuid:") and UUID(id.removeprefix("urn:uuid:")) for id in ids)


def test_the_podcast_has_an_episode_for_each_recording(both: Shelf) -> None:
    text = podcast(both)
    assert text is not None
    read = feedparser.parse(text)
    assert not read.bozo
    assert [entry.title for entry in read.entries] == ["Tides & Time"]
    episode = read.entries[0]
    assert [(one.href, one.length, one.type) for one in episode.enclosures] == [
        (f"{SITE}/tides/tides.mp3", "5000", "audio/mpeg")
    ]
    assert episode.itunes_duration == "1510"
    assert episode.published == "Sun, 01 Mar 2026 00:00:00 +0000"


def test_the_podcast_names_chapters_and_the_transcripts_of_its_own_recording_alone(both: Shelf) -> None:
    tree = etree.fromstring((podcast(both) or "").encode())
    space = "{https://podcastindex.org/namespace/1.0}"
    assert [one.get("url") for one in tree.iter(f"{space}chapters")] == [f"{SITE}/tides/tides-chapters.json"]
    assert [one.get("url") for one in tree.iter(f"{space}transcript")] == [f"{SITE}/tides/tides.vtt"]
    guid = tree.findtext(f"channel/{space}guid")
    assert guid == str(uuid5(UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), "skerry.example/podcast.xml"))


def test_editions_without_sound_make_no_podcast() -> None:
    assert podcast(shelf([bare()], "en", "Editions")) is None


def test_the_sitemap_lists_every_page_once(both: Shelf) -> None:
    tree = etree.fromstring(sitemap(both).encode())
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert tree.tag == f"{space}urlset"
    assert [element.text for element in tree.iter(f"{space}loc")] == [
        f"{SITE}/index.html",
        f"{SITE}/tides/index.html",
        f"{SITE}/tides/plain.html",
    ]
    assert [element.text for element in tree.iter(f"{space}lastmod")] == ["2026-03-02"] * 3


SITEMAP = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"
           targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9">
 <xs:element name="urlset"><xs:complexType><xs:sequence>
  <xs:element name="url" maxOccurs="50000"><xs:complexType><xs:sequence>
   <xs:element name="loc"><xs:simpleType><xs:restriction base="xs:anyURI">
    <xs:pattern value="https?://[!-~]+"/><xs:maxLength value="2048"/></xs:restriction></xs:simpleType></xs:element>
   <xs:element name="lastmod" type="xs:date" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
 </xs:sequence></xs:complexType></xs:element>
</xs:schema>
"""
"""As https://www.sitemaps.org/protocol.html tells it, and no more of it than is used."""


def test_the_sitemap_keeps_to_the_protocol(both: Shelf) -> None:
    etree.XMLSchema(etree.fromstring(SITEMAP)).assertValid(etree.fromstring(sitemap(both).encode()))


def test_opds_publications_have_an_acquisition_a_self_link_and_an_image(both: Shelf) -> None:
    feed = json.loads(opds(both))
    tides_there, bare_there = feed["publications"]
    rels = [link["rel"] for link in tides_there["links"]]
    assert rels.count("self") == 1
    assert rels.count(ACQUISITION) == 4
    assert tides_there["images"] == [
        {"href": f"{SITE}/tides/cover.png", "type": "image/png", "width": 800, "height": 1200}
    ]
    assert tides_there["metadata"]["author"] == ["Ada Fenwick"]
    assert tides_there["metadata"]["editor"] == ["Cara Lindqvist"]
    assert "images" not in bare_there
    assert "published" not in bare_there["metadata"]


def test_opds_addresses_lead_from_the_document_that_holds_them_where_there_is_no_base_url() -> None:
    homeless = shelf([tides(base_url="")], "en", "Editions")
    edition = homeless.editions[0]
    (whole,) = json.loads(opds(homeless))["publications"]
    alone = json.loads(opds_publication(edition, homeless))
    assert whole["links"][0]["href"] == "catalogue.files/opds/tides.json"
    assert whole["links"][1]["href"] == "tides/tides.mp3"
    assert alone["links"][0]["href"] == "../../catalogue.files/opds/tides.json"
    assert alone["links"][1]["href"] == "../../tides/tides.mp3"


def test_a_daisy_book_and_an_audiobook_are_offered_as_such() -> None:
    files = (offered("t.lpf", "application/lpf+zip"), offered("t-daisy.zip", "application/zip"))
    feed = json.loads(opds(shelf([tides(files=files)], "en", "Editions")))
    kinds = [link["type"] for link in feed["publications"][0]["links"] if link["rel"] == ACQUISITION]
    assert kinds == ["application/lpf+zip", "application/zip"]
