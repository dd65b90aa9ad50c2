"""What tools/bundled.toml says of licences, held against what the wheels say themselves: the texts that they carry,
their metadata, their lists of what is inside them. What no wheel tells of is named here."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from test_supply_chain import sbom

_TEXT = re.compile(r"licen[cs]e|copying|notice|third-party", re.IGNORECASE)
WORDS = {
    "0BSD": "0BSD|public domain|BSD Zero Clause",
    "AGPL-3.0-or-later": "GNU AFFERO GENERAL PUBLIC LICENSE Version 3",
    "Apache-2.0": "Apache License,? Version 2.0",
    "BSD-2-Clause": "Redistributions in binary form must reproduce",
    "BSD-3-Clause": "Neither the name|names? of (?:its|the) .{0,40}contributors may|may not be used to endorse",
    "FTL": "The FreeType Project LICENSE",
    "GPL-2.0-or-later": "GNU GENERAL PUBLIC LICENSE Version [23]",
    "IJG": "Independent JPEG Group",
    "LGPL-2.1-or-later": "GNU LESSER GENERAL PUBLIC LICENSE Version 2.1",
    "MIT": "Permission is hereby granted, free of charge|Permission to use, copy, modify|hereby granted, without",
    "MPL-1.1": "MOZILLA PUBLIC LICENSE Version 1.1",
    "MPL-2.0": "Mozilla Public License,? Version 2.0",
    "PSF-2.0": "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
    "Zlib": "zlib",
    "libpng-2.0": "PNG Reference Library License version 2",
    "libtiff": "Silicon Graphics",
}
"""Words of each licence's text that the others' have not, or of the file that it is known by."""

TELLS_NOTHING = {"espeakng-loader"}
"""Wheels without a licence's text and without metadata of one: of espeak-ng, https://github.com/espeak-ng/espeak-ng has
the COPYING."""

IN_PILLOW = {
    "BROTLI": "Brotli",
    "FREETYPE2": "FreeType",
    "HARFBUZZ": "HarfBuzz",
    "LCMS2": "Little CMS",
    "LIBAVIF": "libavif",
    "LIBLZMA": "XZ Utils liblzma",
    "LIBPNG": "libpng",
    "LIBTIFF": "LibTIFF",
    "LIBWEBP": "libwebp",
    "OPENJPEG": "OpenJPEG",
    "XAU": "libXau",
    "XCB": "libxcb",
}
"""The chapters of its LICENSE, and what we call the libraries that they are about."""


def found(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed on this system")


def texts(one: Distribution) -> str:
    """All that a wheel carries of licences, on one line."""
    files = [Path(str(one.locate_file(file))) for file in one.files or () if _TEXT.search(str(file))]
    held = [path.read_text("utf-8", "replace") for path in files if path.suffix not in (".py", ".pyc", ".so")]
    return re.sub(r"\s+", " ", " ".join(held))


def atoms(expression: str) -> list[str]:
    return [one.strip(" ()") for one in re.split(r" AND | OR ", expression)]


def untold(expression: str, told: str) -> list[str]:
    """The licences of an expression whose words do not stand in a text."""
    return [one for one in atoms(expression) if not re.search(WORDS[one], told, re.IGNORECASE)]


def of_part(name: str) -> str:
    """What tools/bundled.toml says of a part."""
    (licence,) = {one["licence"] for one in sbom.KNOWN["part"] if one["name"] == name}
    return str(licence)


@pytest.mark.parametrize("name", sorted(sbom.KNOWN["licences"]))
def test_a_package_s_licence_is_that_of_the_text_in_its_wheel(name: str) -> None:
    one = found(name)
    if name in TELLS_NOTHING:
        assert texts(one) == ""
        assert not [line for line in one.metadata.get_all("Classifier", []) if "License" in line]
        return
    assert untold(sbom.KNOWN["licences"][name], texts(one)) == []


def test_a_wrong_licence_would_be_seen() -> None:
    assert untold("AGPL-3.0-or-later AND MPL-2.0", texts(found("click"))) == ["AGPL-3.0-or-later", "MPL-2.0"]


linux = pytest.mark.skipif(sys.platform != "linux", reason="wheels carry other libraries on other systems")


@linux
def test_what_is_in_numpy_has_the_licences_that_numpy_tells() -> None:
    one = found("numpy")
    path = next(str(file) for file in one.files or () if str(file).endswith(".dist-info/licenses/LICENSE.txt"))
    told = dict(re.findall(r"^Name: (.+)\n(?:.+\n)*?License: (.+)$", one.read_text(path.partition("/")[2]) or "", re.M))
    assert atoms(of_part("OpenBLAS")) == [told["OpenBLAS"], told["LAPACK"]]
    assert of_part("libgfortran") == told["GCC runtime library"]
    assert of_part("libquadmath") == told["libquadmath"]


@linux
def test_what_is_in_pikepdf_has_the_licences_that_pikepdf_tells() -> None:
    rows = re.findall(r"\| \[(\w[\w-]*)\]\([^)]*\) \|[^|]*\|[^|]*\| ([^|]+) \|", texts(found("pikepdf")))
    told = {name.lower(): licence.replace(" + ", " AND ") for name, licence in rows}
    for name in ("QPDF", "libjpeg-turbo"):
        assert of_part(name) == told[name.lower()]


@linux
def test_what_is_in_pillow_has_the_licences_whose_texts_pillow_carries() -> None:
    one = found("pillow")
    path = next(str(file) for file in one.files or () if str(file).endswith("licenses/LICENSE"))
    chapters = re.split(r"^----\n\n", Path(str(one.locate_file(path))).read_text("utf-8"), flags=re.M)
    told = {chapter.partition("\n")[0].strip(): re.sub(r"\s+", " ", chapter) for chapter in chapters}
    wrong = {title: untold(of_part(name).partition(" OR ")[0], told[title]) for title, name in IN_PILLOW.items()}
    assert {title: licences for title, licences in wrong.items() if licences} == {}


@linux
def test_every_library_is_known_by_its_own_name() -> None:
    """A pattern that is too wide would give a library the licence of another."""
    inside = {Path(part.path).name: part.entry or {} for part in sbom.bundled(found("pillow"))}
    named = {file.partition("-")[0].partition(".")[0]: entry.get("name") for file, entry in inside.items()}
    assert named["libavif"] == "libavif"
    assert named["libsharpyuv"] == "libwebp"


def test_libsndfile_s_licence_lies_beside_it() -> None:
    assert untold(of_part("libsndfile"), texts(found("soundfile"))) == []


def test_pdfium_s_licences_lie_beside_it() -> None:
    assert untold(of_part("PDFium"), texts(found("pypdfium2"))) == []
