"""W3C Audiobooks by the sections of their recommendations, as they are built.

https://www.w3.org/TR/audiobooks/, https://www.w3.org/TR/pub-manifest/, https://www.w3.org/TR/lpf/
"""

from __future__ import annotations

import json
import re
import zipfile
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from mutagen.mp3 import MP3

from publisher.build import Order, build_edition
from publisher.formats.audiobook.read import read, read_audiobook, seconds
from publisher.model.findings import InputError
from publisher.store import Store

EDITIONS = Path(__file__).parents[2] / "editions"
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def build(name: str, out: Path) -> Path:
    order = Order(EDITIONS / name, out, Store(out / "store"), ("audiobook",))
    return build_edition(order, lambda *_: None).folder / f"{name}.lpf"


@pytest.fixture(scope="module", params=["constructs", "minimal", "arabic"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(request.param, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("minimal", tmp_path_factory.mktemp("minimal"))


def manifest(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        data: dict[str, Any] = json.loads(archive.read("publication.json"))
        return data


def test_lpf_the_manifest_stands_at_the_root_and_only_text_is_packed_smaller(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        assert archive.namelist()[0] == "publication.json"
        for entry in archive.infolist():
            stored = entry.filename.endswith((".mp3", ".jpg", ".png"))
            assert entry.compress_type == (STORED if stored else DEFLATED)
            assert entry.flag_bits & 1 == 0
        assert archive.testzip() is None


def test_audiobooks_what_must_stand_stands(book: Path) -> None:
    data = manifest(book)
    first, second, *rest = data["@context"]
    assert (first, second) == ("https://schema.org", "https://www.w3.org/ns/pub-context")
    assert all(set(one) == {"language", "direction"} for one in rest)
    assert data["conformsTo"] == "https://www.w3.org/TR/audiobooks/"
    assert data["type"] == "Audiobook"
    for name in (
        "name",
        "id",
        "readBy",
        "inLanguage",
        "dateModified",
        "duration",
        "readingProgression",
        "readingOrder",
    ):
        assert data[name], name
    assert data["abridged"] is False
    for name in ("accessMode", "accessModeSufficient", "accessibilityFeature", "accessibilityHazard"):
        assert isinstance(data[name], list), name


def test_audiobooks_the_reading_order_is_sound_with_its_length(book: Path, tmp_path: Path) -> None:
    data = manifest(book)
    whole = 0.0
    with zipfile.ZipFile(book) as archive:
        for track in data["readingOrder"]:
            assert (track["type"], track["encodingFormat"]) == ("LinkedResource", "audio/mpeg")
            assert track["name"]
            assert re.fullmatch(r"PT\d+\.\d{3}S", track["duration"])
            length = seconds(track["duration"])
            assert length == pytest.approx(MP3(archive.extract(track["url"], tmp_path)).info.length, abs=0.1)
            whole += length or 0
    assert seconds(data["duration"]) == pytest.approx(whole, abs=0.002)


def test_pub_manifest_every_file_is_listed_once_with_its_digest(book: Path) -> None:
    data = manifest(book)
    links = [*data["readingOrder"], *data["resources"]]
    with zipfile.ZipFile(book) as archive:
        assert sorted(one["url"] for one in links) == sorted(set(archive.namelist()) - {"publication.json"})
        for one in links:
            digest = b64encode(sha256(archive.read(one["url"])).digest()).decode()
            assert one["integrity"] == f"sha256-{digest}"
    assert sorted(rel for one in data["resources"] for rel in one["rel"]) == ["contents", "cover"]


def test_pub_manifest_the_contents_are_nested_lists_of_links_into_the_tracks(book: Path) -> None:
    tracks = {one["url"] for one in manifest(book)["readingOrder"]}
    with zipfile.ZipFile(book) as archive:
        root = html.document_fromstring(archive.read("index.html"))
    (link,) = root.xpath("//link[@rel='publication']")
    assert link.get("href") == "publication.json"
    (nav,) = root.xpath("//nav[@role='doc-toc']")
    lists = nav.findall("ol")
    assert len(lists) == 1
    for item in nav.iter("li"):
        assert [one.tag for one in item] in (["a"], ["a", "ol"])
    targets = [one.get("href") for one in nav.iter("a")]
    assert all(re.fullmatch(r"audio/part\d{4}\.mp3(#t=\d+\.\d{3})?", one) for one in targets)
    assert {one.partition("#")[0] for one in targets} == tracks


def test_headings_inside_chapters_stand_under_them(tmp_path: Path) -> None:
    book = read_audiobook(build("constructs", tmp_path))
    assert book.contents is not None
    inner = [(one.text, one.level) for one in book.contents if one.level > 1]
    assert inner == [("Notes of the author’s own", 2), ("Citations", 2), ("Mathematics", 2), ("A skipped level", 2)]


def test_two_builds_give_the_same_bytes(minimal: Path, tmp_path: Path) -> None:
    assert build("minimal", tmp_path).read_bytes() == minimal.read_bytes()


def spoilt(path: Path, target: Path, name: str, data: bytes | None) -> Path:
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as copy:
        for entry in archive.namelist():
            if entry != name:
                copy.writestr(entry, archive.read(entry))
        if data is not None:
            copy.writestr(name, data)
    return target


@pytest.mark.parametrize("data", [None, b"", b"[]", b'"text"', b"\xff"])
def test_what_has_no_manifest_is_refused_with_what_is_wrong(minimal: Path, tmp_path: Path, data: bytes | None) -> None:
    path = spoilt(minimal, tmp_path / "book.lpf", "publication.json", data)
    with pytest.raises(InputError, match=r"book\.lpf"):
        read(path)


@pytest.mark.parametrize(
    "data", [b"{}", b'{"readingOrder": "a.mp3", "author": {"name": [{"value": "Ada"}]}, "name": 3}']
)
def test_manifests_of_other_makers_are_read_however_they_are_written(
    minimal: Path, tmp_path: Path, data: bytes
) -> None:
    found = read(spoilt(minimal, tmp_path / "book.lpf", "publication.json", data))
    assert found.metadata.get("creator", ("Ada",)) == ("Ada",)
    assert len(found.chapters) <= 1


@pytest.mark.parametrize(
    ("text", "value"),
    [("PT1H2M3.5S", 3723.5), ("PT90S", 90.0), ("PT2M", 120.0), ("P1D", None), ("PT", None), ("90", None)],
)
def test_durations_of_iso_8601_are_read(text: str, value: float | None) -> None:
    assert seconds(text) == value
