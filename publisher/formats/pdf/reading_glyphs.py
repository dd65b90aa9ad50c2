"""What a PDF's pages show where their `ActualText` tells something else: eyes read the one, everybody else the other.

Only words in Latin letters are held against each other: what the glyphs of other scripts stand for is seldom told one
by one. ISO 32000-1, 14.9.4.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence

import pikepdf
import pypdfium2  # type: ignore[import-untyped]

from publisher.formats.pdf.reading_text import PageText, texts_painted

_LATIN_ALONE = re.compile(r"[\x00-\u024f\u1e00-\u1eff\u2000-\u206f\ufb00-\ufb06]*")
_TOLD, _UNTOLD = b"/ActualText", b"/ActualTold"


def shown_otherwise(pdf: pikepdf.Pdf, pages: Sequence[PageText]) -> Iterator[tuple[int, str, str]]:
    """The number of a page, what it shows there, and what is told instead."""
    numbers = [number for number, page in enumerate(pages) if any(map(_is_looked_at, page.told))]
    if not numbers:
        return
    document = pypdfium2.PdfDocument(_untold(pdf, numbers))
    try:
        for number, page in zip(numbers, document, strict=True):
            texts = texts_painted(page)
            for told, which in filter(_is_looked_at, pages[number].told):
                shown = "".join(texts[one] for one in which if one < len(texts))
                if not shows(shown, told):
                    yield number, shown, told
    finally:
        document.close()


def _is_looked_at(told: tuple[str, tuple[int, ...]]) -> bool:
    return _LATIN_ALONE.fullmatch(told[0]) is not None and any(letter.isalnum() for letter in told[0])


def _untold(pdf: pikepdf.Pdf, numbers: Sequence[int]) -> bytes:
    """Some pages as a document of their own, in which nothing is told in place of what is painted."""
    made = pikepdf.Pdf.new()
    for number in numbers:
        made.pages.append(pdf.pages[number])
        page = made.pages[-1]
        page.contents_coalesce()
        page.Contents.write(page.Contents.read_bytes().replace(_TOLD, _UNTOLD))
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def shows(shown: str, told: str) -> bool:
    """Whether what is painted may be what is told of it: the same letters and digits, as far as its glyphs tell."""
    if not (_LATIN_ALONE.fullmatch(shown) and _LATIN_ALONE.fullmatch(told)):
        return True
    if _signs(shown) == _signs(told):
        return True
    # Among words that run from the right, each line's words are given the other way round, numbers sign by sign.
    words = [[_signs(word) for word in text.split()] for text in (shown, told)]
    numbers = not any(letter.isalpha() for letter in told)
    return sorted(words[0]) == sorted(words[1]) or (numbers and sorted(_signs(shown)) == sorted(_signs(told)))


def _signs(text: str) -> str:
    """The letters and digits of a text, without what a typesetter does to them."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())
