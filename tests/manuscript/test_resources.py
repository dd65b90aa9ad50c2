"""Pictures are found inside the edition's folder only, and are what their names say."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from publisher.manuscript.resources import Resources
from publisher.model.source import Position

PLACE = Position("article.md", 3)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20">{}</svg>'


def refusal(folder: Path, address: str) -> tuple[str, str]:
    resources = Resources(folder)
    assert resources.find(address, PLACE) is None
    (finding,) = resources.findings
    assert (finding.severity.value, finding.position) == ("error", PLACE)
    return finding.check, finding.message


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("flag.png", "image/png"),
        ("lens.jpg", "image/jpeg"),
        ("dot.gif", "image/gif"),
        ("flag.webp", "image/webp"),
        ("route.svg", "image/svg+xml"),
    ],
)
def test_pictures_of_every_kind_are_taken(folder: Path, name: str, media_type: str) -> None:
    resources = Resources(folder)
    resource = resources.find(name, PLACE)
    assert resource is not None
    assert resource.sha256 == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert (resource.name, resource.media_type, resource.path) == (name, media_type, folder / name)
    assert (resource.width or 0) > 0
    assert (resource.height or 0) > 0
    assert resources.find(f"./{name}", PLACE) is resource
    assert resources.findings == []


def test_names_may_be_percent_encoded_and_stand_in_folders(folder: Path) -> None:
    (folder / "maps of it").mkdir()
    (folder / "maps of it" / "é.png").write_bytes((folder / "flag.png").read_bytes())
    resource = Resources(folder).find("maps%20of%20it/%C3%A9.png", PLACE)
    assert resource is not None
    assert resource.name == "maps of it/é.png"


@pytest.mark.parametrize(
    "address",
    [
        "../secret.png",
        "a/../../secret.png",
        "%2e%2e/secret.png",
        "..%2fsecret.png",
        "/etc/passwd",
        "%2fetc/passwd",
        "~/x.png",
        "..\\secret.png",
        "C:/x.png",
        "x%00.png",
        "",
    ],
)
def test_addresses_that_lead_outside_are_refused(folder: Path, address: str) -> None:
    (folder.parent / "secret.png").write_bytes((folder / "flag.png").read_bytes())
    assert refusal(folder, address)[0] == "image-outside"


def test_a_symbolic_link_that_leads_outside_is_refused_and_one_inside_is_not(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes((folder / "flag.png").read_bytes())
    (folder / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "in.png").symlink_to(folder / "flag.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert refusal(folder, "out.png")[0] == "image-outside"
    assert refusal(folder, "loop.png")[0] == "image-missing"
    assert Resources(folder).find("in.png", PLACE) is not None


@pytest.mark.parametrize(
    "address",
    ["https://a.example/x.png", "//a.example/x.png", "data:image/png;base64,AA==", "file:///x.png"],
)
def test_remote_pictures_are_refused(folder: Path, address: str) -> None:
    assert refusal(folder, address)[0] == "image-remote"


def test_a_missing_picture_is_told_with_one_that_may_be_meant(folder: Path) -> None:
    assert refusal(folder, "none.png") == (
        "image-missing",
        "no picture none.png in the edition's folder; add it or correct the path",
    )
    assert refusal(folder, "Lens.png")[1].endswith("did you mean lens.jpg?")


def test_what_is_no_file_is_refused(folder: Path) -> None:
    (folder / "dir.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    assert refusal(folder, "dir.png")[0] == "image-kind"
    assert refusal(folder, "pipe.png")[0] == "image-kind"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.png", b"\xff\xd8\xff\xe0 jpeg"),
        ("x.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("x.svg", b"<html/>"),
        ("x.svg", b"<!-- an svg --><html><svg/></html>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("x.png", b""),
        ("x.png", b"\x89PNG\r\n\x1a\n and no more"),
        ("x.bmp", b"BM"),
        ("x", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_pictures_that_are_not_what_their_names_say_are_refused(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    assert refusal(folder, name)[0] == "image-kind"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<g onclick='x()'/>",
        "<image href='https://a.example/x.png'/>",
        "<image xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='other.png'/>",
        "<use href='other.svg#a'/>",
        "<style>@import 'x.css';</style>",
        "<style>g { fill: url(https://a.example/x) }</style>",
        "<rect fill='url(other.svg#a)'/>",
        "<rect style='fill: url( \"x.png\" )'/>",
        "<a href='javascript:x()'/>",
        "<foreignObject/>",
        "<image href='data:image/svg+xml,x'/>",
    ],
)
def test_svgs_that_run_or_ask_for_other_files_are_refused(folder: Path, inside: str) -> None:
    (folder / "x.svg").write_text(SVG.format(inside))
    assert refusal(folder, "x.svg")[0] == "image-unsafe"


@pytest.mark.parametrize(
    "start", ['<!DOCTYPE svg [<!ENTITY a "b">]>', '<!DOCTYPE svg SYSTEM "http://a.example/x.dtd">']
)
def test_svgs_with_a_document_type_are_refused(folder: Path, start: str) -> None:
    (folder / "x.svg").write_text(start + SVG.format(""))
    assert refusal(folder, "x.svg")[0] == "image-unsafe"


def test_the_document_type_that_drawing_programs_write_is_fine(folder: Path) -> None:
    start = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    (folder / "x.svg").write_text(start + SVG.format(""))
    assert Resources(folder).find("x.svg", PLACE) is not None


def test_plain_svgs_refer_to_their_own_parts_and_links_may_lead_out(folder: Path) -> None:
    (folder / "x.svg").write_text(
        '<?xml version="1.0"?><!-- drawn by hand -->'
        + SVG.format(
            "<defs><linearGradient id='a'/></defs><rect fill='url(#a)'/><use href='#a'/>"
            "<a href='https://a.example'><text>x</text></a><image href='data:image/png;base64,AA=='/>"
        )
    )
    resource = Resources(folder).find("x.svg", PLACE)
    assert resource is not None
    assert (resource.width, resource.height) == (30, 20)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ("width='60' viewBox='0 0 30 20'", (60, 40)),
        ("width='1in' height='25.4mm'", (96, 96)),
        ("width='100%' viewBox='0 0 30 20'", (30, 20)),
        ("", (None, None)),
        ("width='1..2' height='3' viewBox='0 0 .. 4'", (None, 3)),
        ("width='1e999' height='3'", (None, 3)),
    ],
)
def test_the_size_of_an_svg_is_in_css_pixels(folder: Path, attributes: str, size: tuple[int, int]) -> None:
    (folder / "x.svg").write_text(f"<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>")
    resource = Resources(folder).find("x.svg", PLACE)
    assert resource is not None
    assert (resource.width, resource.height) == size
