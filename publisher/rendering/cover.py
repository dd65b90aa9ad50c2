"""The cover: the author's own picture, else one that is drawn from the edition.

What is drawn is the edition itself in small: a column of lines as long as the text's own sentences, and in the margin
beside them a mark for each note, level with the words that it is on. Above stand title and subtitle, below the names.
Everything follows from the publication, so the same edition has the same cover on every machine.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

from publisher.model.blocks import Worded, walk
from publisher.model.findings import InputError
from publisher.model.publication import Publication, Resource
from publisher.rendering.lettering import Lettering, Typeface
from publisher.rendering.markup import direction
from publisher.rendering.templates import Templates
from publisher.rendering.words import words_for

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """Ground, ink and the notes' colour; ink on ground has a contrast of 7 to 1 and more, the accent 4.5 and more."""

    ground: Colour
    ink: Colour
    accent: Colour


PALETTES = (
    Palette((20, 40, 60), (245, 241, 232), (232, 174, 96)),
    Palette((244, 239, 230), (29, 42, 53), (168, 50, 40)),
    Palette((31, 58, 52), (243, 239, 228), (226, 176, 84)),
    Palette((74, 28, 42), (247, 239, 232), (236, 184, 164)),
    Palette((239, 234, 224), (32, 48, 43), (38, 98, 86)),
    Palette((43, 47, 56), (242, 242, 236), (148, 202, 190)),
)


def cover_image(publication: Publication, width: int, height: int, templates: Templates | None = None) -> bytes:
    """A cover of that many pixels, as PNG (drawn) or JPEG (a picture of the author's, fitted in and never cropped).

    Raises InputError where the author's picture cannot be read.
    """
    given = publication.metadata.cover
    if given is not None:
        return _encoded(_fitted(given, width, height), "JPEG")
    return _encoded(_drawn(publication, width, height, templates or Templates()), "PNG")


def _encoded(picture: Image.Image, format: str) -> bytes:
    written = BytesIO()
    options = {"quality": 90, "subsampling": 0} if format == "JPEG" else {"compress_level": 6}
    picture.save(written, format, **options)
    return written.getvalue()


def _fitted(given: Resource, width: int, height: int) -> Image.Image:
    """The author's picture, whole, on the colour of its own corner."""
    try:
        if given.media_type == "image/svg+xml":
            return svg_fitted(given, width, height)
        with Image.open(given.path) as opened:
            picture = opened.convert("RGBA")
    except (OSError, ValueError, Image.DecompressionBombError) as problem:
        raise InputError(f"the cover {given.name} cannot be read: {problem}; use a JPEG or PNG picture") from problem
    share = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    picture = picture.resize(size, Image.Resampling.LANCZOS)
    corner = picture.getpixel((0, 0))
    ground = corner[:3] if isinstance(corner, tuple) and corner[3] == 255 else (255, 255, 255)
    whole = Image.new("RGB", (width, height), ground)
    whole.paste(picture, ((width - size[0]) // 2, (height - size[1]) // 2), picture)
    return whole


def svg_fitted(given: Resource, width: int, height: int) -> Image.Image:
    """A drawing, whole, on a ground of this size in CSS pixels, for what takes no SVG."""
    # Only this rare case needs the large libraries.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415
    from weasyprint import HTML  # type: ignore[import-untyped]  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]  # noqa: PLC0415

    style = (
        f"@page {{ size: {width}px {height}px; margin: 0 }} body {{ margin: 0 }} "
        f"img {{ display: block; width: {width}px; height: {height}px; object-fit: contain }}"
    )
    picture = base64.b64encode(given.path.read_bytes()).decode()
    page = f"<style>{style}</style><img src='data:image/svg+xml;base64,{picture}' alt=''>"
    # The picture may use nothing outside itself: it may come from a stranger.
    printed = HTML(string=page, url_fetcher=URLFetcher(allowed_protocols=["data"])).write_pdf()
    with pypdfium2.PdfDocument(printed) as document:
        drawn: Image.Image = document[0].render(scale=96 / 72).to_pil()
    return drawn.convert("RGB").resize((width, height))


def _drawn(publication: Publication, width: int, height: int, templates: Templates) -> Image.Image:
    """With a palette: a cover has two inks on one ground and what is between, and is written in a fifth of the time."""
    key = hashlib.sha256(f"{publication.name}\n{publication.metadata.title}".encode()).digest()
    palette = PALETTES[key[0] % len(PALETTES)]
    text, marks = (Image.new("L", (width, height), 0) for _ in range(2))
    _Sheet(publication, text, marks, templates).draw()
    # Nothing is drawn where something of the other ink is.
    picture = ImageChops.lighter(text.point(_TEXT), marks.point(_MARKS))
    picture.putpalette(_colours(palette))
    return picture


_MOST = 127
_TEXT = [round(level * _MOST / 255) for level in range(256)]
"""How much ink there is, 0 to 255, as a place in the palette: from the ground to the ink."""
_MARKS = [level and _MOST + max(1, round(level * (255 - _MOST) / 255)) for level in range(256)]
"""The same for the accent, whose places are behind those of the ink."""


def _colours(palette: Palette) -> bytes:
    inks = [_blend(palette.ground, palette.ink, step / _MOST) for step in range(_MOST + 1)]
    accents = [_blend(palette.ground, palette.accent, step / (255 - _MOST)) for step in range(1, 256 - _MOST)]
    return bytes(part for colour in (*inks, *accents) for part in colour)


@dataclass(frozen=True)
class _Paint:
    """Where something is drawn, in greys of one ink, and how strongly, up to 255."""

    on: ImageDraw.ImageDraw
    level: int


@dataclass
class _Sheet:
    """One cover in the making, a picture for each of its inks. Lengths are in parts of `unit`, the shorter of width and
    5/8 of the height."""

    publication: Publication
    text: Image.Image
    marks: Image.Image
    templates: Templates

    def __post_init__(self) -> None:
        width, self.height = self.text.size
        text = ImageDraw.Draw(self.text)
        self.ink, self.faint = _Paint(text, 255), _Paint(text, round(255 * 0.38))
        self.accent = _Paint(ImageDraw.Draw(self.marks), 255)
        self.unit = min(width, self.height * 5 / 8 if self.height > width else self.height)
        self.margin = round(self.unit * 0.09)
        self.left, self.right = self.margin, width - self.margin
        self.mirrored = direction(self.publication.metadata.lang) == "rtl"

    def draw(self) -> None:
        """Head and foot first: what is left between them is for the lines."""
        top = self._head()
        bottom = self._foot()
        gap = round(self.unit * 0.07)
        if bottom - top > 3 * gap:
            self._lines(top + gap, bottom - gap)

    def _head(self) -> int:
        metadata = self.publication.metadata
        publisher = metadata.publisher or self.publication.imprint.publisher
        top = self.margin
        top = self._set(publisher, Typeface.SANS_BOLD, 0.033, top, self.accent)
        top += round(self.unit * 0.015)
        self._rule(top)
        top += round(self.unit * 0.055)
        room = round(self.height * 0.34)
        title = self._largest(metadata.title, Typeface.SERIF_BOLD, 0.15, room)
        top = self._set(metadata.title, Typeface.SERIF_BOLD, title, top, self.ink, leading=1.08)
        if metadata.subtitle:
            top += round(self.unit * 0.025)
            size = min(0.052, title * 0.6)
            top = self._set(metadata.subtitle, Typeface.SERIF_ITALIC, size, top, self.ink, limit=5)
        return top

    def _foot(self) -> int:
        words = words_for(self.publication.metadata.lang)
        authors = [creator.name for creator in self.publication.metadata.creators if creator.role == "aut"]
        editors = dict.fromkeys(editor.name for layer in self.publication.layers for editor in layer.editors)
        told = words("commentary-by", names=words("separator").join(editors)) if editors else ""
        parts = (
            (words("separator").join(authors), Typeface.SANS_BOLD, 0.045, self.ink),
            (told, Typeface.SANS, 0.034, self.ink),
        )
        heights = [self._height(text, face, size, 3) for text, face, size, _ in parts]
        top = self.height - self.margin - sum(heights)
        begin = top
        for (text, face, size, paint), height in zip(parts, heights, strict=True):
            self._set(text, face, size, top, paint, limit=3)
            top += height
        return begin

    def _lettering(self, face: Typeface, size: float) -> Lettering:
        return Lettering(self.templates, face, max(8, round(size * self.unit)), self.publication.metadata.lang)

    def _wrapped(self, text: str, face: Typeface, size: float, limit: int = 99) -> list[str]:
        return self._lettering(face, size).wrap(text, self.right - self.left, limit) if text.strip() else []

    def _height(self, text: str, face: Typeface, size: float, limit: int = 99, leading: float = 1.3) -> int:
        return len(self._wrapped(text, face, size, limit)) * round(size * self.unit * leading)

    def _largest(self, text: str, face: Typeface, size: float, room: int) -> float:
        """The largest size at which the text fits the room and no word is broken."""
        while size > 0.04:
            lettering = self._lettering(face, size)
            fits = self._height(text, face, size, leading=1.08) <= room
            if fits and lettering.longest_word(text) <= self.right - self.left:
                break
            size *= 0.94
        return size

    def _set(
        self, text: str, face: Typeface, size: float, top: int, paint: _Paint, *, limit: int = 99, leading: float = 1.3
    ) -> int:
        """Set a text from `top` downwards; where it ends. Characters that no font of ours has leave it out whole."""
        lettering = self._lettering(face, size)
        step = round(size * self.unit * leading)
        for line in self._wrapped(text, face, size, limit):
            start = self.right - lettering.width(line) if self.mirrored else self.left
            lettering.draw(paint.on, (start, top), line, paint.level)
            top += step
        return top

    def _rule(self, top: int) -> None:
        thickness = max(1, round(self.unit * 0.0025))
        self._fill(self.left, top, self.right, thickness, self.accent)

    def _lines(self, top: int, bottom: int) -> None:
        """The text as lines, the notes as marks beside them."""
        runs = list(_runs(self.publication))
        total = sum(length for length, _ in runs)
        # A short text has fewer lines, larger ones: as many as fill the room, between two sizes that look right.
        wanted = max(1, -(-total // 60))
        step = max(4, round(min(max((bottom - top) / wanted, self.unit * 0.026), self.unit * 0.042)))
        rows = max(1, min((bottom - top) // step, wanted))
        width = self.right - self.left
        column = _Column(self, bottom - rows * step, step, rows, round(width * 0.68))
        scale = column.width * rows / max(total, 1) * 0.985
        at = 0.0
        for length, notes in runs:
            column.run(at, at + length * scale, self.accent if notes else self.faint)
            column.mark(int(at // column.width), notes)
            at += length * scale

    def bar(self, begin: float, end: float, top: int, thickness: int, paint: _Paint) -> None:
        """A bar from `begin` to `end`, counted from where lines begin."""
        left, right = self.left + round(begin), self.left + round(end)
        if self.mirrored:
            left, right = self.left + self.right - right, self.left + self.right - left
        self._fill(left, top, max(left, right - 1), thickness, paint)

    def _fill(self, left: int, top: int, right: int, thickness: int, paint: _Paint) -> None:
        paint.on.rectangle((left, top, right, top + thickness - 1), fill=paint.level)


@dataclass
class _Column:
    """The text in small: `rows` lines from `first` downwards, `step` apart, `width` wide; beside them the margin."""

    sheet: _Sheet
    first: int
    step: int
    rows: int
    width: int

    def __post_init__(self) -> None:
        self.thickness = max(2, round(self.step * 0.42))
        self.gap = max(2, round(self.sheet.unit * 0.005))
        self.marked: set[int] = set()

    def run(self, at: float, end: float, paint: _Paint) -> None:
        """A sentence: from `at` to `end` of all rows laid end to end."""
        while end - at > 0.5:
            row, begin = divmod(at, self.width)
            stop = min(self.width, begin + end - at)
            if stop - begin > self.gap:
                self.sheet.bar(begin, stop - self.gap, self._top(int(row)), self.thickness, paint)
            at += stop - begin

    def mark(self, row: int, notes: int) -> None:
        """A mark in the margin for each note, on the row of its words or the nearest that is free."""
        outer = self.sheet.right - self.sheet.left
        for _ in range(notes):
            free = next((r for r in (*range(row, self.rows), *range(row, -1, -1)) if r not in self.marked), None)
            if free is None:
                return
            self.marked.add(free)
            begin = self.width + outer * 0.06
            self.sheet.bar(begin, outer, self._top(free), self.thickness, self.sheet.accent)

    def _top(self, row: int) -> int:
        return self.first + row * self.step


def _runs(publication: Publication) -> Iterator[tuple[int, int]]:
    """The length of every sentence in characters, and how many notes end in it."""
    ends: dict[str, list[int]] = {}
    for note in publication.notes:
        if note.target.ranges:
            last = note.target.ranges[-1]
            ends.setdefault(last.block, []).append(last.end)
        elif note.target.element:
            ends.setdefault(note.target.element, []).append(1)
    for node in walk(publication.blocks()):
        if isinstance(node, Worded):
            for sentence in node.sentences:
                inside = sum(sentence.start < end <= sentence.end for end in ends.get(node.id, ()))
                yield sentence.end - sentence.start, inside


def _blend(ground: Colour, ink: Colour, share: float) -> Colour:
    red, green, blue = (round(g + (i - g) * share) for g, i in zip(ground, ink, strict=True))
    return red, green, blue
