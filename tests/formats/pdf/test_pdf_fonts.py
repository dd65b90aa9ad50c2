from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from publisher.formats.pdf.fonts import choose_fonts, read_faces
from publisher.model.findings import InputError
from publisher.rendering.templates import builtin_templates

CSS = """
@font-face { font-family: "Fine"; font-weight: 400; src: url("a.woff2") format("woff2"); unicode-range: U+0000-00FF; }
@font-face { font-family: "Fine"; font-weight: 600; src: url("b.woff2"); unicode-range: U+0000-00FF; }
@font-face { font-family: "Fine"; src: url("c.woff2"); unicode-range: U+0370-03FF, U+1F??; }
@font-face { font-family: "Other"; src: url("d.woff2"); unicode-range: U+0600-06FF; }
/* @font-face { font-family: "Never"; } */
:root { --serif: "Fine", "Other", serif; --mono: "Other", monospace; }
"""


def test_a_face_is_read_with_its_ranges() -> None:
    fine = read_faces(CSS)[2]
    assert (fine.family, fine.weight, fine.url) == ("Fine", "400", "c.woff2")
    assert fine.ranges == ((0x370, 0x3FF), (0x1F00, 0x1FFF))


def test_a_face_without_a_file_is_refused() -> None:
    with pytest.raises(InputError, match="url"):
        read_faces('@font-face { font-family: "X"; }')


def test_only_the_faces_that_the_text_needs_are_kept() -> None:
    fonts = choose_fonts(CSS, text="plain", users="p { font-family: var(--serif) }")
    assert fonts.css.count("@font-face") == 2
    assert fonts.stacks == {"--serif": "Fine-1, serif"}


def test_each_subset_has_a_family_of_its_own() -> None:
    fonts = choose_fonts(CSS, text="φως نور", users="var(--serif)")
    assert fonts.stacks["--serif"] == "Fine-1, Fine-2, Other-1, serif"


def test_a_stack_that_no_style_sheet_names_is_left_out() -> None:
    assert "--mono" not in choose_fonts(CSS, text="نور", users="var(--serif)").stacks


def test_drawings_get_our_fonts_for_generic_families() -> None:
    generics = choose_fonts(CSS.replace("--serif", "--sans"), text="", users="var(--sans)").generics
    assert generics["sans-serif"] == "Fine-1, serif"
    assert generics["monospace"] == "Fine-1, serif"


def test_every_shipped_font_stands_beside_its_licence_and_covers_what_its_range_promises() -> None:
    shared = builtin_templates() / "shared"
    faces = read_faces((shared / "fonts.css").read_text(encoding="utf-8"))
    files = {shared / face.url for face in faces}
    assert set((shared / "fonts").glob("*.woff2")) == files
    licences = [path.name.removesuffix("-LICENSE.txt") for path in (shared / "fonts").glob("*-LICENSE.txt")]
    for face in faces:
        assert any(face.url.removeprefix("fonts/").startswith(name) for name in licences), face.url
        covered = set(TTFont(shared / face.url).getBestCmap())
        assert face.serves(covered), face.url
