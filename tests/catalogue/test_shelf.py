from __future__ import annotations

from datetime import UTC, datetime

from shelf_sample import bare, tides

from publisher.catalogue.shelf import shelf


def test_the_newest_edition_stands_first_and_those_without_a_date_last() -> None:
    made = shelf([bare(), tides()], "en", "Editions")
    assert [edition.name for edition in made.editions] == ["tides", "منارة"]
    assert made.modified == datetime(2026, 3, 2, tzinfo=UTC)


def test_editions_of_one_publisher_stand_under_its_name_and_address() -> None:
    made = shelf([bare(), tides()], "en", "Editions")
    assert (made.title, made.base_url) == ("The Skerry Press", "https://skerry.example")
    assert made.address("atom.xml") == "https://skerry.example/atom.xml"


def test_editions_of_several_publishers_have_no_common_name_or_address() -> None:
    made = shelf([bare(publisher="Other", base_url="https://other.example"), tides()], "en", "Editions")
    assert (made.title, made.base_url) == ("Editions", "")
    assert made.address("atom.xml") == "atom.xml"


def test_a_file_is_known_by_type_and_variant_and_its_address_is_escaped() -> None:
    edition = tides()
    assert edition.by_type("audio/mpeg", "plain") is edition.find("tides-plain.mp3")
    assert edition.by_type("audio/ogg") is None
    assert bare().path("a b.epub") == "%D9%85%D9%86%D8%A7%D8%B1%D8%A9/a%20b.epub"


def test_an_edition_without_authors_is_its_creators_and_else_its_publishers() -> None:
    assert tides().authors() == ("Ada Fenwick",)
    assert tides(creators=(tides().creators[1],)).authors() == ("Cara Lindqvist",)
    assert bare().authors() == ("The Skerry Press",)
