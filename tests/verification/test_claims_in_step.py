"""The package, the record for the book trade and the manifest say the same of accessibility, or it is told."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from verified_edition import build

from publisher.formats.epub.accessibility_read import read_accessibility
from publisher.formats.epub.onix import FEATURE_CODES, HAZARD_CODES, accessibility_codes
from publisher.formats.epub.onix_read import read_onix
from publisher.manifest import artefact_of, claims_entry, claims_of_entry
from publisher.model.accessibility import CONFORMS_TO, Claims, Record
from publisher.model.artefacts import Artefact
from publisher.model.findings import InputError, Severity
from publisher.verification.accessibility import claims_of
from publisher.verification.accessibility_records import claims_disagree, record_disagrees
from publisher.verification.checks import Source
from publisher.verification.verdicts import Verified
from publisher.verifying.claiming import ELSEWHERE, with_claims

CLAIMS = Claims(
    ("textual", "auditory"),
    ("textual", "auditory"),
    ("alternativeText", "readingOrder", "synchronizedAudioText", "unlocked", "annotations"),
    ("none",),
    "All is well.",
    CONFORMS_TO,
    "The desk",
)


def record(claims: Claims) -> Record:
    lists = {"09": "196", "12": "143"}
    return Record({(lists[kind], code): words for kind, code, words in accessibility_codes(claims)}, ("00",))


@pytest.mark.parametrize("claims", [CLAIMS, Claims(), replace(CLAIMS, conforms_to=None, certified_by=None)])
def test_a_record_of_the_same_claims_agrees(claims: Claims) -> None:
    assert list(record_disagrees(claims, record(claims))) == []


@pytest.mark.parametrize("feature", FEATURE_CODES)
def test_each_feature_and_its_code_stand_for_each_other(feature: str) -> None:
    claims, nothing = Claims(features=(feature,)), Claims()
    [missing] = record_disagrees(claims, replace(record(nothing), protection=("00",)))
    [added] = record_disagrees(nothing, record(claims))
    assert feature in missing
    assert FEATURE_CODES[feature] in added


@pytest.mark.parametrize("hazard", HAZARD_CODES)
def test_each_hazard_and_its_code_stand_for_each_other(hazard: str) -> None:
    [told] = record_disagrees(Claims(hazards=(hazard,)), record(Claims()))
    assert hazard in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"conforms_to": "EPUB Accessibility 1.1 - WCAG 2.1 Level A"}, "it says of conformance 04, 82, 85"),
        ({"conforms_to": None}, "the EPUB nothing"),
        ({"summary": "Nothing is well."}, "code 00 of list 196 says “All is well.”"),
        ({"certified_by": "Nobody"}, "code 90 of list 196 says “The desk”"),
        ({"sufficient": ("textual",)}, "code 51 of list 196 says auditory"),
    ],
)
def test_what_a_record_says_otherwise_is_told(changes: dict[str, object], told: str) -> None:
    [found] = record_disagrees(replace(CLAIMS, **changes), record(CLAIMS))
    assert told in found


def test_a_lock_that_the_package_does_not_tell_of_is_told() -> None:
    [found] = record_disagrees(CLAIMS, replace(record(CLAIMS), protection=("01",)))
    assert "technical protection 01" in found


def test_claims_come_back_from_the_manifest_as_they_were() -> None:
    assert claims_of_entry(json.loads(json.dumps(claims_entry(CLAIMS)))) == CLAIMS
    assert claims_of_entry(claims_entry(Claims())) == Claims()
    assert list(claims_disagree(CLAIMS, CLAIMS)) == []
    [told] = claims_disagree(CLAIMS, replace(CLAIMS, hazards=("flashing",)))
    assert told == "it says of hazards “flashing”, the EPUB “none”"


@pytest.fixture(scope="module")
def books(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(edition, tmp_path_factory.mktemp("books") / "build", "epub", "web")


@pytest.fixture
def built(books: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(books, tmp_path / "lamp"))


def disagreements(built: Path, source: Source) -> list[str]:
    manifest = json.loads((built / "edition.json").read_bytes())
    files = [Verified(artefact_of(file), None) for file in manifest["files"]]
    found = [one.finding for file in with_claims(files, built, source) for one in file.discrepancies]
    return [f"{one.where}: {one.message}" for one in found if one.check in ("claim-disagrees", "artefact-unreadable")]


def test_the_files_of_a_build_agree(built: Path, source: Source) -> None:
    assert disagreements(built, source) == []
    records = read_onix(built / "lamp.onix.xml")
    for name in ("lamp.epub", "lamp-read-aloud.epub"):
        seen = read_accessibility(built / name)
        assert list(record_disagrees(claims_of(seen), records[seen.identifier])) == []


def test_a_code_that_is_changed_is_told(built: Path, source: Source) -> None:
    path = built / "lamp.onix.xml"
    path.write_text(path.read_text("utf-8").replace(">14<", ">15<", 1), "utf-8")
    told = disagreements(built, source)
    assert len(told) == 2
    assert "the EPUB claims alternativeText, for which code 14 of list 196 is missing" in told[0]
    assert "code 15 of list 196 says longDescription, which the EPUB does not claim" in told[1]


def test_a_product_that_is_missing_is_told(built: Path, source: Source) -> None:
    path = built / "lamp.onix.xml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex("<Product>")] + "</ONIXMessage>", "utf-8")
    [told] = disagreements(built, source)
    assert "it has no record of lamp-read-aloud.epub" in told


PUBLISHED = (
    "<PublishingDetail><Publisher><PublishingRole>01</PublishingRole><PublisherName>Nobody</PublisherName></Publisher>"
    "<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>19990101</Date></PublishingDate></PublishingDetail>"
)


@pytest.mark.parametrize(
    ("pattern", "by", "check"),
    [
        ("<TitleText>", "<TitleText>Not ", "metadata-title"),
        ("<PersonName>", "<PersonName>Not ", "metadata-creator"),
        ("<ContributorRole>A01<", "<ContributorRole>A12<", "metadata-creator"),
        ("<LanguageCode>eng<", "<LanguageCode>fre<", "metadata-language"),
        ("</DescriptiveDetail>", f"</DescriptiveDetail>{PUBLISHED}", "metadata-publisher metadata-date"),
    ],
)
def test_a_record_that_tells_otherwise_of_the_edition_is_told(
    built: Path, source: Source, pattern: str, by: str, check: str
) -> None:
    path = built / "lamp.onix.xml"
    text, times = re.subn(pattern, by, path.read_text("utf-8"))
    assert times
    path.write_text(text, "utf-8")
    files = [Verified(artefact_of(file), None) for file in json.loads((built / "edition.json").read_bytes())["files"]]
    found = [one.finding for file in with_claims(files, built, source) for one in file.discrepancies]
    assert {one.check for one in found if one.where == "lamp.onix.xml"} == set(check.split())


@pytest.mark.parametrize("broken", ["<ONIXMessage>", "<html/>", ""])
def test_a_record_that_cannot_be_read_is_told(built: Path, source: Source, broken: str) -> None:
    (built / "lamp.onix.xml").write_text(broken, "utf-8")
    [told] = disagreements(built, source)
    assert "is no ONIX" in told
    with pytest.raises(InputError):
        read_onix(built / "lamp.onix.xml")


def test_a_manifest_that_says_otherwise_is_told(built: Path, source: Source) -> None:
    path = built / "edition.json"
    manifest = json.loads(path.read_bytes())
    for file in manifest["files"]:
        if file["name"] == "lamp.epub":
            file["accessibility"]["accessibilityHazard"] = ["flashing"]
    path.write_text(json.dumps(manifest), "utf-8")
    [told] = disagreements(built, source)
    assert told.startswith("lamp.epub: lamp.epub tells otherwise of accessibility: in edition.json it says of hazards")


def test_a_statement_of_the_page_that_the_epub_does_not_claim_is_told(built: Path, source: Source) -> None:
    page = built / "index.html"
    text = page.read_text("utf-8")
    assert text.count("No hazards") == 2
    page.write_text(text.replace("No hazards", "No sound hazards", 1), "utf-8")
    [told] = disagreements(built, source)
    assert "of lamp.epub it says “No sound hazards” and does not say “No hazards”" in told


def test_statements_that_are_missing_are_told(built: Path, source: Source) -> None:
    page = built / "index.html"
    page.write_text(page.read_text("utf-8").replace('data-accessibility-of="lamp.epub"', ""), "utf-8")
    [told] = disagreements(built, source)
    assert "of lamp.epub it does not say “Ways of reading”" in told


def test_statements_in_another_order_are_told(built: Path, source: Source) -> None:
    page = built / "index.html"
    old, new = "<dd>Headings</dd><dd>Table of contents</dd>", "<dd>Table of contents</dd><dd>Headings</dd>"
    assert old in page.read_text("utf-8")
    page.write_text(page.read_text("utf-8").replace(old, new, 1), "utf-8")
    [told] = disagreements(built, source)
    assert "of lamp.epub it says things in another order" in told


def test_the_page_offers_no_record_of_the_trade(built: Path) -> None:
    assert "onix" not in (built / "index.html").read_text("utf-8")
    assert '"accessibilityHazard":[' in (built / "index.html").read_text("utf-8")


def test_a_file_from_elsewhere_is_only_warned_of(built: Path, source: Source) -> None:
    spoilt = built / "spoilt.epub"
    with ZipFile(built / "lamp.epub") as whole, ZipFile(spoilt, "w") as container:
        for entry in whole.infolist():
            data = whole.read(entry)
            container.writestr(entry, data.replace(b' alt="A beam over the sea."', b""))
    artefact = Artefact("spoilt.epub", "application/epub+zip", "epub", ELSEWHERE)
    [elsewhere] = with_claims([Verified(artefact, None)], built, source)
    [ours] = with_claims([Verified(replace(artefact, purpose="the text"), None)], built, source)
    assert [one.finding.check for one in elsewhere.discrepancies] == [one.finding.check for one in ours.discrepancies]
    assert {one.finding.severity for one in elsewhere.discrepancies} == {Severity.WARNING}
    assert Severity.ERROR in {one.finding.severity for one in ours.discrepancies}
