"""The style sheet of the pages: contrast, widths, fonts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher.rendering.faces import choose_fonts
from publisher.rendering.templates import Templates

CSS = Templates().find("web", "publisher.css").read_text("utf-8")
TEXTS = "ink soft link visited accent context fact-check definition aftermath perspective".split()


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})\b", block))


LIGHT = palette(CSS[: CSS.index("@media (prefers-color-scheme: dark)")])
DARK = LIGHT | palette(CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("*,\n*::before")])


def luminance(colour: str) -> float:
    """Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_has_a_contrast_of_seven_to_one(colours: dict[str, str], ground: str, text: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_marked_words_keep_that_contrast(colours: dict[str, str]) -> None:
    assert contrast(colours["ink"], colours["mark"]) >= 7


def test_every_width_that_the_body_can_write_has_its_class() -> None:
    columns = Templates().find("web", "columns.css").read_text("utf-8")
    assert [int(width) for width in re.findall(r"\.w-(\d+) \{ width: \1%; \}", columns)] == list(range(1, 101))


FACES = """
@font-face { font-family: "A"; src: url("fonts/a-latin.woff2") format("woff2"); unicode-range: U+0000-00FF; }
@font-face { font-family: "A"; src: url("fonts/a-greek.woff2") format("woff2"); unicode-range: U+0370-03FF; }
@font-face { font-family: "B"; src: url("fonts/b.woff2") format("woff2"); }
:root { --serif: "A", serif; --mono: "B", monospace; }
"""


def test_only_the_faces_that_the_styles_name_and_the_words_need_are_taken() -> None:
    assert choose_fonts(FACES, "p { font: 1em var(--serif) }", "abc").files == ("fonts/a-latin.woff2",)
    assert choose_fonts(FACES, "p { font: 1em var(--serif) }", "λ").files == ("fonts/a-greek.woff2",)
    both = choose_fonts(FACES, "p { font: 1em var(--serif) } code { font: 1em var(--mono) }", "λ")
    assert both.files == ("fonts/a-greek.woff2", "fonts/b.woff2")
    assert "--mono" in both.css


def test_the_shared_fonts_serve_the_pages(tmp_path: Path) -> None:
    faces = Templates().find("web", "fonts.css").read_text("utf-8")
    files = choose_fonts(faces, CSS, "Aé").files
    assert any("source-serif-4-latin-400-normal" in file for file in files)
    assert all(Templates().find("web", file).is_file() for file in files)
    assert not any("cyrillic" in file or "hebrew" in file for file in files)
