"""Where pages begin, against the words that an independent reader finds on them."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]
import pytest
from weasyprint import HTML  # type: ignore[import-untyped]

from publisher.formats.pdf.breaks import page_breaks
from publisher.model.artefacts import PageBreak

PAGE = "@page { size: 60mm 40mm; margin: 5mm; @top-left { content: 'head' } } body, p, h2, ul { margin: 0 }"
WORDS = [f"word{number}" for number in range(120)]


def laid_out(body: str, css: str = "") -> tuple[tuple[PageBreak, ...], list[str]]:
    """The breaks of a small document, and the text of each page without its head."""
    html = f"<html lang='en'><head><style>{PAGE}{css}</style></head><body>{body}</body></html>"
    document = HTML(string=html).render()
    pdf = pypdfium2.PdfDocument(document.write_pdf())
    pages = [page.get_textpage().get_text_range().replace("head", "", 1) for page in pdf]
    pdf.close()
    return page_breaks(page._page_box for page in document.pages), pages


def test_a_page_that_begins_inside_a_sentence_says_after_how_many_of_its_words() -> None:
    breaks, pages = laid_out(f"<p id='p'><span class='s' id='p-s1'>{' '.join(WORDS)}</span></p>")
    assert len(breaks) == len(pages) > 2
    before = 0
    for found, page in zip(breaks, pages, strict=True):
        assert (found.id, found.words) == ("p-s1", before)
        assert page.split()[0] == WORDS[before]
        before += len(page.split())


def test_pages_are_labelled_as_they_are_numbered() -> None:
    breaks, pages = laid_out(f"<p><span class='s' id='s'>{' '.join(WORDS)}</span></p>")
    assert [found.label for found in breaks] == [str(number) for number in range(1, len(pages) + 1)]


def test_a_word_cut_by_the_page_counts_as_before() -> None:
    long = " ".join(["incomprehensibility"] * 60)
    breaks, pages = laid_out(
        f"<p><span class='s' id='s'>{long}</span></p>",
        "p { hyphens: auto; widows: 1; orphans: 1; width: 33mm; font: 10pt/1 serif }",
    )
    cut = [number for number, page in enumerate(pages[1:], 1) if not page.split()[0].startswith("incompre")]
    assert cut, "no page begins inside a word: the test shows nothing"
    letters = 0
    for number, page in enumerate(pages):
        assert breaks[number].words == -(-letters // len("incomprehensibility"))
        letters += sum(character.isalpha() for character in page)


@pytest.mark.parametrize(
    "call", ["<a class='note-call' id='n-call' href='#n'>7</a>", "<a class='footnote-call' href='#f'>note 7</a>"]
)
def test_the_labels_of_calls_are_no_words(call: str) -> None:
    text = " ".join(f"{word}{call}" for word in WORDS[:80])
    breaks, pages = laid_out(f"<p><span class='s' id='s'>{text}</span></p>", "a { font-size: 6pt }")
    for found, page in zip(breaks[1:], pages[1:], strict=True):
        assert page.split()[0].startswith(WORDS[found.words])


def test_a_picture_begins_a_page_by_its_own_id_or_its_sentences() -> None:
    svg = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'/>"
    alone = f"<p>one</p><p style='break-before: page'><img id='p-img1' src=\"{svg}\" alt=''/></p>"
    inside = (
        f"<p style='break-before: page'><span class='s' id='q-s1'><img id='q-img1' src=\"{svg}\" alt=''/> x</span></p>"
    )
    breaks, _ = laid_out(alone + inside)
    assert breaks == (PageBreak("2", "p-img1"), PageBreak("3", "q-s1"))


def test_what_pages_add_is_no_place_to_begin_at() -> None:
    contents = "<nav><h2 id='contents'>Contents</h2><ol><li><a href='#a'>A</a></li></ol></nav>"
    prose = "<p><span class='s' id='a-s1'>A.</span></p>"
    added = f"<section style='break-before: page'><h2 id='plain'>Plain</h2>{prose}</section>"
    breaks, pages = laid_out(contents + added)
    assert len(pages) == 2
    assert breaks == (PageBreak("2", "a-s1"),)


def test_the_repeated_head_of_a_table_does_not_begin_a_page() -> None:
    rows = "".join(f"<tr><td><span class='s' id='c{number}-s1'>cell {number}</span></td></tr>" for number in range(30))
    head = "<thead><tr><th><span class='s' id='h-s1'>Head</span></th></tr></thead>"
    breaks, pages = laid_out(f"<table>{head}<tbody>{rows}</tbody></table>")
    assert len(pages) > 2
    assert all("Head" in page for page in pages)
    assert breaks[0].id == "h-s1"
    for found, page in zip(breaks[1:], pages[1:], strict=True):
        assert f"cell {found.id[1:-3]}" == page.split("Head")[1].strip().splitlines()[0]
