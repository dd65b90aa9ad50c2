from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pdf_sample
import pytest
from pdf_sample import HERE

from publisher.formats.pdf.document import make_document
from publisher.model.inlines import FootnoteCall
from publisher.model.publication import Footnote, Publication, Section
from publisher.rendering.templates import Templates, builtin_templates

STYLES = ("article.css", "article-rtl.css", "large-print.css", "large-print-rtl.css")


def html(publication: Publication) -> str:
    return make_document(publication, Templates(), style="article.css").html


def footnote(number: int, *blocks: pdf_sample.Block) -> Footnote:
    return Footnote(
        id=f"fn-{number}", lang="en-GB", position=HERE, number=number, blocks=blocks, calls=(f"fnref-{number}",)
    )


def call(number: int) -> FootnoteCall:
    return FootnoteCall(f"fnref-{number}", f"fn-{number}")


def test_footnotes_follow_what_calls_them_each_once(tmp_path: Path) -> None:
    make = pdf_sample.Maker(first=10_000)
    publication = pdf_sample.full(tmp_path, rows=1)
    layer = publication.layers[0]
    assert layer.introduction is not None
    assert layer.method is not None
    note = replace(layer.notes[0], blocks=(make.p("A note", call(3)),))
    introduction = replace(layer.introduction, blocks=(make.p("We begin", call(4)),))
    method = replace(layer.method, blocks=(make.p("We end", call(5)),))
    publication = replace(
        publication,
        layers=(replace(layer, notes=(note, *layer.notes[1:]), introduction=introduction, method=method),),
        footnotes=(
            *publication.footnotes,
            footnote(3, make.p("Third", call(6))),
            footnote(4, make.p("Fourth")),
            footnote(5, make.p("Fifth")),
            footnote(6, make.p("Called in a footnote")),
            replace(footnote(7, make.p("Called by nothing")), calls=()),
        ),
    )
    made = html(publication)
    assert re.findall(r'<aside class="footnote" id="(fn-\d)"', made) == [
        "fn-4",
        "fn-1",
        "fn-2",
        "fn-3",
        "fn-6",
        "fn-5",
        "fn-7",
    ]
    assert made.index('id="introduction"') < made.index('id="fn-4"') < made.index('id="opening-1"')


def test_short_texts_have_no_contents_and_no_plain_part_of_nothing() -> None:
    made = html(pdf_sample.small())
    assert 'class="contents"' not in made
    assert 'id="plain"' not in made
    assert 'id="references"' not in made


def test_contents_lead_to_every_part(tmp_path: Path) -> None:
    made = html(pdf_sample.full(tmp_path, rows=1))
    contents = made[made.index("<nav") : made.index("</nav>")]
    targets = re.findall(r'href="#([^"]+)"', contents)
    assert targets == ["introduction", "history", "stores", "sums", "pictures", "plain", "method", "references"]
    assert all(f'id="{target}"' in made for target in targets)


def test_contents_say_a_formula_in_words() -> None:
    make = pdf_sample.Maker()
    formula = pdf_sample.Math("m1", "x^2", "<math><msup><mi>x</mi><mn>2</mn></msup></math>", "x squared")
    words = make.words("On ", formula)[0]
    headed = [replace(make.h(2, "", id=f"h{number}"), inlines=words) for number in range(4)]
    made = html(pdf_sample.small(sections=tuple(pdf_sample.Section(one, ()) for one in headed)))
    contents = made[made.index("<nav") : made.index("</nav>")]
    assert contents.count(">On x squared</a>") == 4
    assert "<img" not in contents


def test_a_book_is_told_from_an_article() -> None:
    make = pdf_sample.Maker()
    book = pdf_sample.small(sections=(Section(make.h(2, "One"), (make.p("word " * 12_000),)),))
    assert '<body class="book">' in html(book)
    assert '<body class="">' in html(pdf_sample.small())


def test_what_an_edition_says_is_escaped() -> None:
    publication = pdf_sample.small()
    metadata = replace(publication.metadata, title='<b>"T" & co', publisher="<i>", description="<u>", rights="<s>")
    made = html(replace(publication, metadata=metadata))
    assert not [tag for tag in ("<b>", "<i>", "<u>", "<s>") if tag in made]


@pytest.mark.parametrize("name", STYLES)
def test_every_colour_of_text_has_a_contrast_of_seven_on_paper(name: str) -> None:
    css = (builtin_templates() / "pdf" / name).read_text(encoding="utf-8")
    colours = set(re.findall(r"(?<![\w-])color: (#[0-9a-f]+)", css))
    if not name.endswith("-rtl.css"):
        assert colours
    for colour in colours:
        assert 1.05 / (luminance(colour) + 0.05) >= 7, colour


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
