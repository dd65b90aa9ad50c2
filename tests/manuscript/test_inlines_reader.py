"""Each kind of inline, from Markdown to the model."""

from __future__ import annotations

from typing import Any

import pytest

from publisher.model.inlines import (
    OBJECT,
    Code,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
)


def inlines(markdown: Any, text: str, **options: Any) -> tuple[Inline, ...]:
    found: tuple[Inline, ...] = markdown.block(text + "\n", **options).inlines
    return found


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("*x*", Style.EMPHASIS),
        ("**x**", Style.STRONG),
        ("~~x~~", Style.STRIKEOUT),
        ("^x^", Style.SUPERSCRIPT),
        ("~x~", Style.SUBSCRIPT),
        ("[x]{.underline}", Style.UNDERLINE),
        ("[x]{.mark}", Style.MARK),
        ("[x]{.smallcaps}", Style.SMALL_CAPS),
        ("<b>x</b>", Style.STRONG),
        ("<i>x</i>", Style.EMPHASIS),
        ("<em>x</em>", Style.EMPHASIS),
        ("<strong>x</strong>", Style.STRONG),
        ("<u>x</u>", Style.UNDERLINE),
        ("<s>x</s>", Style.STRIKEOUT),
        ("<del>x</del>", Style.STRIKEOUT),
        ("<mark>x</mark>", Style.MARK),
        ("<sub>x</sub>", Style.SUBSCRIPT),
        ("<sup>x</sup>", Style.SUPERSCRIPT),
    ],
)
def test_styles(markdown: Any, text: str, style: Style) -> None:
    assert inlines(markdown, f"a {text} b") == (Text("a "), Styled(style, (Text("x"),)), Text(" b"))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ('[NCA]{.abbr title="Agency" say="N C A"}', Span((Text("NCA"),), expansion="Agency", say="N C A")),
        ('<abbr title="Agency">NCA</abbr>', Span((Text("NCA"),), expansion="Agency", classes=("abbr",))),
        ("[Alger]{lang=fr}", Span((Text("Alger"),), lang="fr")),
        ('<span lang="fr">Alger</span>', Span((Text("Alger"),), lang="fr")),
        ("[here]{#spot}", Span((Text("here"),), id="spot")),
        ('<a id="spot"></a>', Span((), id="spot")),
        ('<a name="spot">here</a>', Span((Text("here"),), id="spot")),
        ("[x]{.term .new}", Span((Text("x"),), classes=("term", "new"))),
        ("<kbd>Esc</kbd>", Span((Text("Esc"),), classes=("kbd",))),
        ("<small>x</small>", Span((Text("x"),), classes=("small",))),
        ("`x`{.python}", Span((Code("x"),), classes=("python",))),
        ("`oui`{lang=fr}", Span((Code("oui"),), lang="fr")),
        ('<code lang="fr">oui</code>', Span((Code("oui"),), lang="fr")),
        ('<q lang="fr">oui</q>', Span((Text("«\u202foui\u202f»"),), lang="fr")),
    ],
)
def test_spans_keep_their_facts(markdown: Any, text: str, span: Span) -> None:
    if text.startswith("<abbr"):
        span = Span(span.children, expansion=span.expansion)
    assert inlines(markdown, f"a {text} b") == (Text("a "), span, Text(" b" if span.children else "b"))


def test_a_picture_among_words_and_a_link_in_html_keep_their_language(markdown: Any) -> None:
    draft = markdown.read(
        'a ![x](pictures/flag.png){lang=fr alt="Un phare"} b <a href="https://a.example" lang="fr">c</a>\n'
    )
    (paragraph,) = draft.bodies[0].sections[0].blocks
    assert [inline.lang for inline in paragraph.inlines if isinstance(inline, Span)] == ["fr", "fr"]


def test_a_span_of_the_blocks_own_language_says_nothing(markdown: Any) -> None:
    assert inlines(markdown, "[x]{lang=en-gb}") == (Text("x"),)


def test_an_abbreviation_without_expansion_is_a_warning(markdown: Any) -> None:
    assert markdown.checks("The [NCA]{.abbr}.\n") == [("abbreviation-unexplained", "warning", "1:11")]


@pytest.mark.parametrize("text", ["A [x]{lang=xyzzy1} b.", "::: {lang=xyzzy1}\nOne.\n:::", "# H {lang=xyzzy1}"])
def test_an_unknown_language_is_an_error_where_it_stands(markdown: Any, text: str) -> None:
    ((check, severity, place),) = markdown.checks(text + "\n")
    assert (check, severity) == ("language-unknown", "error")
    assert place == f"1:{text.index('lang') + 1}"


def test_a_direction_against_its_language_is_a_warning(markdown: Any) -> None:
    assert markdown.checks("[x]{dir=rtl}\n") == [("direction-without-language", "warning", "1:5")]
    assert markdown.checks("[x]{lang=ar dir=rtl}\n") == []


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("en", "“a ‘b’ c” d’e"),
        ("fr", "«\u202fa “b” c\u202f» d’e"),
        ("de", "„a ‚b‘ c“ d’e"),
        ("de-CH", "«a ‹b› c» d’e"),
        ("sv", "”a ’b’ c” d’e"),
        ("ja", "「a 『b』 c」 d’e"),
        ("cy", "“a ‘b’ c” d’e"),
    ],
)
def test_quotation_marks_are_those_of_the_language(markdown: Any, lang: str, shown: str) -> None:
    assert markdown.block("\"a 'b' c\" d'e\n", lang=lang).text == shown


def test_quotation_marks_inside_a_foreign_span_are_its_own(markdown: Any) -> None:
    assert markdown.block('"a" ["b"]{lang=fr}\n').text == "“a” «\u202fb\u202f»"
    assert markdown.block("<q>a</q>\n").text == "“a”"


def test_smart_punctuation_entities_and_escapes_are_done(markdown: Any) -> None:
    assert markdown.block("a -- b --- c... caf&eacute; &amp; \\*d\\* it's\n").text == "a – b — c… café & *d* it’s"


def test_white_space_is_single_and_stays_hard_where_it_is_hard(markdown: Any) -> None:
    assert markdown.block("a   b\nc\\ d&nbsp;e <!-- --> f\n").text == "a b c\u00a0d\u00a0e f"
    assert inlines(markdown, "*a *b") != ()
    assert inlines(markdown, "a <b> b </b> c") == (Text("a "), Styled(Style.STRONG, (Text("b "),)), Text("c"))


def test_no_space_stands_around_a_line_break(markdown: Any) -> None:
    assert inlines(markdown, "a <br> b") == (Text("a"), LineBreak(), Text("b"))
    assert markdown.block("a<wbr>b\n").text == "ab"


def test_a_soft_break_between_chinese_characters_is_nothing(markdown: Any) -> None:
    assert markdown.block("你好\n世界 and\nmore\n", lang="zh-Hans").text == "你好世界 and more"


@pytest.mark.parametrize(
    ("text", "target", "title"),
    [
        ('[x](https://a.example "T")', "https://a.example", "T"),
        ("<https://a.example>", "https://a.example", None),
        ("<a@b.example>", "mailto:a@b.example", None),
        ('<a href="https://a.example" title="T">x</a>', "https://a.example", "T"),
        ("[x](tel:+441234)", "tel:+441234", None),
    ],
)
def test_links(markdown: Any, text: str, target: str, title: str | None) -> None:
    (link,) = [i for i in inlines(markdown, f"a {text} b") if isinstance(i, Link)]
    assert (link.target, link.title) == (target, title)


def test_a_link_by_reference_holds_what_is_marked_in_it(markdown: Any) -> None:
    (link,) = inlines(markdown, "[a *b* `c`][r]\n\n[r]: https://a.example/(x) 'T'")
    assert link == Link(
        (Text("a "), Styled(Style.EMPHASIS, (Text("b"),)), Text(" "), Code("c")), "https://a.example/(x)", "T"
    )


def test_a_link_with_an_id_or_language_is_a_span_around_it(markdown: Any) -> None:
    (span,) = inlines(markdown, "[x](https://a.example){#here lang=fr}")
    assert (span.id, span.lang, span.children[0].target) == ("here", "fr", "https://a.example")


def test_a_link_without_words_shows_its_address_and_warns(markdown: Any) -> None:
    draft = markdown.read("a [](https://a.example)\n")
    assert draft.bodies[0].sections[0].blocks[0].text == "a https://a.example"
    assert [f.check for f in draft.findings] == ["link-empty"]


# Pictures and formulas -----------------------------------------------------------------------------------------------


def test_the_words_in_brackets_are_a_picture_among_words_alternative(markdown: Any) -> None:
    paragraph = markdown.block("A ![red *flag*](pictures/flag.png) here.\n")
    assert paragraph.text == f"A {OBJECT} here."
    assert paragraph.inlines[1] == Image("opening-1-img1", "pictures/flag.png", "red flag")


def test_an_alternative_given_as_attribute_goes_before_the_words_in_brackets(markdown: Any) -> None:
    assert inlines(markdown, 'A ![x](pictures/flag.png){alt="y"}')[1].alternative == "y"
    assert inlines(markdown, 'A <img src="pictures/flag.png" alt="y">')[1].alternative == "y"
    assert inlines(markdown, 'A <img src="pictures/flag.png" alt="">')[1].decorative


def test_a_picture_among_words_without_alternative_is_an_error(markdown: Any) -> None:
    assert markdown.checks("A ![](pictures/flag.png)\n") == [("image-alternative-missing", "error", "1:7")]
    assert markdown.checks("A ![](pictures/flag.png){.decorative}\n") == []


@pytest.mark.parametrize(
    ("address", "check"),
    [
        ("none.png", "image-missing"),
        ("../constructs/pictures/flag.png", "image-outside"),
        ("%2e%2e/flag.png", "image-outside"),
        ("https://a.example/x.png", "image-remote"),
        ("article.md", "image-kind"),
    ],
)
def test_a_picture_that_cannot_be_used_is_an_error_where_it_stands(markdown: Any, address: str, check: str) -> None:
    assert markdown.checks(f"A word.\n\nA ![x]({address}).\n") == [(check, "error", "3:8")]


def test_formulas_have_mathml_and_words_in_the_language_of_the_text(markdown: Any) -> None:
    (first, _, second) = inlines(markdown, "$x^2$ and $$\\frac{a}{b}$$", lang="fr")
    assert isinstance(first, Math)
    assert isinstance(second, Math)
    assert (first.id, first.tex, first.display, first.spoken) == ("opening-1-math1", "x^2", False, "x au carré")
    assert (second.id, second.display, second.spoken) == ("opening-1-math2", True, "a sur b")
    assert first.mathml.startswith("<math ")
    assert "annotation" not in first.mathml


def test_a_formula_that_cannot_be_read_is_an_error_where_it_stands(markdown: Any) -> None:
    assert markdown.checks("One.\n\nSo $\\frac{a$ is.\n") == [("formula-unreadable", "error", "3:5")]
