from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pictures
from PIL import ImageFont

from publisher.model.findings import InputError
from publisher.model.publication import Creator, Imprint, Metadata, Publication, Resource
from publisher.rendering.cover import PALETTES, Palette, cover_image
from publisher.rendering.lettering import Lettering, Typeface, _font, unpacked
from publisher.rendering.templates import Templates

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="red"/></svg>'


def publication(
    title: str = "The lamp at Skerry Point", lang: str = "en", cover: Resource | None = None
) -> Publication:
    metadata = Metadata(
        title=title,
        subtitle="What one light cost",
        lang=lang,
        identifier="urn:example:lamp",
        creators=(Creator("Ada Fenwick"),),
        date=date(2026, 11, 20),
        publisher="The Skerry Press",
        cover=cover,
    )
    return Publication(name="lamp", metadata=metadata, imprint=Imprint(), sections=())


def opened(data: bytes) -> Pictures.Image:
    return Pictures.open(BytesIO(data))


def inked(picture: Pictures.Image) -> int:
    """How many pixels are not the ground."""
    colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    return picture.width * picture.height - max(count for count, _ in colours)


@pytest.mark.parametrize("size", [(1600, 2560), (1400, 1400), (300, 300)])
def test_a_cover_has_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    picture = opened(cover_image(publication(), *size))
    assert (picture.format, picture.size) == ("PNG", size)
    assert inked(picture) > size[0] * size[1] / 100


def test_the_same_edition_has_the_same_cover() -> None:
    assert cover_image(publication(), 400, 640) == cover_image(publication(), 400, 640)
    assert cover_image(publication(), 400, 640) != cover_image(publication("Another"), 400, 640)


def test_all_colours_are_between_the_ground_and_one_of_its_inks() -> None:
    colours = opened(cover_image(publication(), 400, 640)).convert("RGB").getcolors()
    assert colours is not None
    (palette,) = (one for one in PALETTES if one.ground == max(colours)[1])
    assert {palette.ink, palette.accent} <= {colour for _, colour in colours}
    inks = np.array([palette.ink, palette.accent]) - np.array(palette.ground)
    for _, colour in colours:
        above = np.array(colour) - palette.ground
        shares = (inks @ above) / (inks * inks).sum(axis=1)
        assert np.abs(shares[:, None] * inks - above).max(axis=1).min() <= 1, colour


@pytest.mark.parametrize("title", ["Þórsnes, Őrség & Żółw", "Маяк", "Ο φάρος", "منارة", "מגדלור"])
def test_titles_of_many_scripts_are_set(title: str) -> None:
    with_title = opened(cover_image(publication(title, "ar" if title == "منارة" else "en"), 400, 640))
    assert Lettering(Templates(), Typeface.SERIF_BOLD, 40).covers(title)
    assert inked(with_title) > 400 * 640 / 100


def test_a_title_that_no_font_has_is_left_out_rather_than_set_in_boxes() -> None:
    assert Lettering(Templates(), Typeface.SERIF_BOLD, 40).wrap("灯塔", 400, 5) == []
    assert opened(cover_image(publication("灯塔", "zh"), 400, 640)).size == (400, 640)


def test_a_chinese_title_is_set_in_a_font_of_the_machine_and_breaks_between_characters() -> None:
    lettering = Lettering(Templates(), Typeface.SERIF_BOLD, 40, "zh-Hans")
    lines = lettering.wrap("渡口的灯，一条河与一盏灯的故事“没有人”", 400, 9)
    assert "".join(lines) == "渡口的灯，一条河与一盏灯的故事“没有人”"
    assert len(lines) > 1
    assert not any(line.startswith(("，", "”")) or line.endswith("“") for line in lines)
    assert all(lettering.width(line) <= 400 for line in lines)


def test_words_without_spaces_in_another_language_stay_whole() -> None:
    assert Lettering(Templates(), Typeface.SERIF_BOLD, 40).wrap("Ships go by", 150, 9) == ["Ships", "go by"]


@pytest.mark.parametrize("title", ["A " * 200, "Donaudampfschifffahrtsgesellschaftskapitän " * 4, "x"])
def test_long_and_short_titles_stay_inside_the_margins(title: str) -> None:
    picture = opened(cover_image(publication(title), 400, 640)).convert("RGB")
    ground = picture.getpixel((0, 0))
    edges = [picture.crop((0, 0, 20, 640)), picture.crop((380, 0, 400, 640)), picture.crop((0, 620, 400, 640))]
    assert all(edge.getcolors() == [(edge.width * edge.height, ground)] for edge in edges)


@pytest.mark.parametrize("palette", PALETTES)
def test_words_stand_out_from_the_ground(palette: Palette) -> None:
    def luminance(colour: tuple[int, int, int]) -> float:
        parts = [value / 255 for value in colour]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(first: tuple[int, int, int], second: tuple[int, int, int]) -> float:
        light, dark = sorted((luminance(first), luminance(second)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    assert contrast(palette.ground, palette.ink) >= 7
    assert contrast(palette.ground, palette.accent) >= 4.5


def resource(path: Path, media_type: str) -> Resource:
    return Resource(path.name, path, media_type, "0" * 64)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_authors_picture_is_shown_whole(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"cover.{kind}"
    if kind == "svg":
        path.write_text(SVG, encoding="utf-8")
    else:
        Pictures.new("RGB", (100, 100), (255, 0, 0)).save(path)
    given = resource(path, "image/svg+xml" if kind == "svg" else "image/png")
    picture = opened(cover_image(publication(cover=given), 200, 400))
    assert (picture.format, picture.size) == ("JPEG", (200, 400))
    red, green, blue = picture.getpixel((100, 200))
    assert (red > 240, green < 20, blue < 20) == (True, True, True)


def test_a_cover_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    path.write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"the cover cover\.png cannot be read: .+; use a JPEG or PNG picture"):
        cover_image(publication(cover=resource(path, "image/png")), 200, 400)


@pytest.mark.parametrize("text", ["Ships and bridges", "Οδυσσέας", "Мост через реку", "أبجد هوز", "ספר הגשרים"])
def test_a_font_is_drawn_the_same_packed_and_unpacked(text: str) -> None:
    lettering = Lettering(Templates(), Typeface.SERIF_BOLD, 60)
    for run, font in lettering._runs(text):
        assert str(font.path).endswith(".woff2")
        other = ImageFont.truetype(BytesIO(unpacked(Path(str(font.path)))), 60)
        assert bytes(font.getmask(run)) == bytes(other.getmask(run)) != b""
        assert font.getlength(run) == other.getlength(run)


def test_a_font_library_without_brotli_gets_fonts_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(font: object, *arguments: object, **named: object) -> object:
        if isinstance(font, Path):
            raise OSError("unknown file format")
        return truetype(font, *arguments, **named)  # type: ignore[arg-type]

    lettering = Lettering(Templates(), Typeface.SERIF_BOLD, 61)
    before = lettering.width("Ships go by")
    truetype = ImageFont.truetype
    _font.cache_clear()
    monkeypatch.setattr(ImageFont, "truetype", plain)
    assert lettering.width("Ships go by") == before
    _font.cache_clear()
