"""The style sheet of the pages: contrast, widths, fonts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from rcssmin import cssmin  # type: ignore[import-untyped]

from publisher.rendering.faces import choose_fonts
from publisher.rendering.templates import Templates

CSS = Templates().find("web", "publisher.css").read_text("utf-8")
TEXTS = "ink soft link visited accent context fact-check definition aftermath perspective".split()


def palettes(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """The colours in light and dark, as `light-dark()` gives both: https://www.w3.org/TR/css-color-5/#light-dark"""
    told = dict(re.findall(r"--([a-z-]+): ([^;]+);", css[: css.index("}")]))
    light, dark = {}, {}
    for name, value in told.items():
        both = re.fullmatch(r"light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)", value)
        if both:
            light[name], dark[name] = both.groups()
    return light, dark


LIGHT, DARK = palettes(CSS)
CONTRAST = DARK | dict(
    re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", CSS.partition('[data-colours="contrast"] {')[2].partition("}")[0])
)


def luminance(colour: str) -> float:
    """Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
@pytest.mark.parametrize("ground", ["paper", "card"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_has_a_contrast_of_seven_to_one(colours: dict[str, str], ground: str, text: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
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


def test_a_family_in_one_part_needs_no_ranges() -> None:
    assert "unicode-range" not in choose_fonts(FACES, "p { font: 1em var(--serif) }", "abc").css
    assert choose_fonts(FACES, "p { font: 1em var(--serif) }", "aλ").css.count("unicode-range") == 2


def alike(rule: str) -> str:
    """A rule with its custom properties, which browsers keep as they were written, told in one way."""
    return re.sub(r"(?<![\d.])0\.", ".", re.sub(r"\s*([,{};:/])\s*", r"\1", rule))


RULES = """(css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return [...sheet.cssRules].map((rule) => rule.cssText);
}"""


@pytest.mark.parametrize("name", ["publisher.css", "plain.css", "columns.css", "math.css", "cjk.css", "fonts.css"])
def test_a_lean_style_sheet_is_the_same_to_a_browser(chromium: Browser, name: str) -> None:
    css = Templates().find("web", name).read_text("utf-8")
    with chromium.new_context() as context:
        page = context.new_page()
        whole, lean = ([alike(rule) for rule in page.evaluate(RULES, text)] for text in (css, cssmin(css)))
    assert whole
    assert lean == whole
