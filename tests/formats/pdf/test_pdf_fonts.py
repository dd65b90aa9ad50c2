from __future__ import annotations

import hashlib
import runpy
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont, woff2  # type: ignore[import-untyped]

from publisher.formats.pdf.fonts import choose_fonts, read_faces
from publisher.formats.pdf.machine_fonts import packages_for, region
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
        covered = sorted(TTFont(shared / face.url).getBestCmap())
        assert face.serves(covered), face.url


def test_chinese_is_set_in_fonts_drawn_for_its_region_before_ours() -> None:
    stack = choose_fonts(CSS, text="河", users="var(--serif)", langs=("zh-Hans",)).stacks["--serif"]
    assert stack.startswith("Noto Serif CJK SC, Source Han Serif SC, Fine-1, Songti SC")
    assert stack.endswith("Droid Sans Fallback, serif")


def test_chinese_words_in_another_language_are_set_in_fonts_after_ours() -> None:
    stack = choose_fonts(CSS, text="河", users="var(--serif)", langs=("en", "fr", "zh-TW")).stacks["--serif"]
    assert stack.startswith("Fine-1, Noto Serif CJK TC")


def test_other_languages_leave_the_stack_alone() -> None:
    assert choose_fonts(CSS, text="x", users="var(--serif)", langs=("en", "ar")).stacks["--serif"] == "Fine-1, serif"


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh", "zh-hans"),
        ("zh-Hans-HK", "zh-hans"),
        ("zh-HK", "zh-hk"),
        ("zh-Hant", "zh-hant"),
        ("zh-TW", "zh-hant"),
        ("yue", "zh-hk"),
        ("ja-JP", "ja"),
        ("ko", "ko"),
        ("fr", None),
    ],
)
def test_a_language_tells_how_its_characters_are_drawn(lang: str, expected: str | None) -> None:
    assert region(lang) == expected


def test_the_package_for_missing_characters_is_named_with_the_scripts() -> None:
    assert packages_for("河かกa🎉川") == (
        ("fonts-noto-cjk", ("Chinese", "Japanese")),
        ("fonts-noto-core", ("Thai",)),
        ("fonts-noto-color-emoji", ("emoji",)),
    )


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("noto-sans-math-latin-400-normal", "36bf5d39965a90767f976b1061076c584c01cfd9833a434a9bd53e6bf6712372"),
        ("noto-sans-symbols-2-symbols-400-normal", "bd886c9c7f42adef6af670e1b2dcce5bc6d4c228f265bdb374986ce7976228ab"),
    ],
)
def test_large_fonts_are_packed_as_they_stand(name: str, digest: str) -> None:
    """Unpacked, they are what Noto's own files are, which take most of a second: see tools/fonts.py."""
    path = next(builtin_templates().glob(f"*/fonts/{name}.woff2"))
    with path.open("rb") as packed:
        tables = woff2.WOFF2Reader(packed).tables
        assert [tag for tag, entry in tables.items() if entry.transformed] == []
        packed.seek(0)
        font = BytesIO()
        woff2.decompress(packed, font)
    assert hashlib.sha256(font.getvalue()).hexdigest() == digest


def test_what_is_packed_again_is_the_same_font() -> None:
    tool = runpy.run_path(str(Path(__file__).parents[3] / "tools" / "fonts.py"))
    packed = next(builtin_templates().glob("*/fonts/source-code-pro-greek-400-normal.woff2")).read_bytes()
    again = tool["as_it_stands"](packed)
    assert again != packed
    assert tool["unpacked"](again) == tool["unpacked"](packed)
