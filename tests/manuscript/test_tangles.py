"""Marks that are opened and never closed are refused at the first; as many as honest texts have are let through."""

from __future__ import annotations

import pytest

from publisher.manuscript import tangles
from publisher.manuscript.pandoc import read_ast
from publisher.manuscript.tangles import check_tangles, densest
from publisher.model.findings import InputError
from publisher.model.limits import Limits


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("One.\n\nTwo [a](b " + "[a](b " * 50, "a.md:7:7", "links that are never closed"),
        ("A " + "[*a] " * 13, "a.md:5:3", r"over 12 brackets in which emphasis begins and does not end"),
        ("A " + "[_b](c) " * 13, "a.md:5:3", "over 12 brackets"),
        ("**x [b**c](d)" * 13, "a.md:5:5", "over 12 brackets"),
        ("A " + "\"'a " * 11, "a.md:5:3", "quotation marks inside each other"),
        ("A\n" + "'a " * 501, "a.md:6:1", "over 500 quotation marks"),
        ("A " + "".join(f"e{'`' * n}" for n in range(1, 60)), "a.md:5:4", "runs of backticks"),
        ("A &" + "&" * 1_000, "a.md:5:3", "over 1,000 signs & in one word"),
        ("A [@a " + "[@b " * 6, "a.md:5:3", "citations that are never closed"),
        ("A " + "<span>" * 201, "a.md:5:3", "over 200 elements <span>"),
        ("One.\n\n" + "a\n=\n" * 2_501, "a.md:7:1", "over 2,500 lines that underline"),
        ("# A\n\n" * 2_501, "a.md:5005:1", "over 2,500 headings of the same words"),
        ("A\t" + "\t" * 50_000, "a.md:5:2", "over 50,000 tabs"),
        ("One.\n\n" + "> " * 101 + "a", "a.md:7:1", r"nested over 50 deep; .* `limits: nesting`"),
        ("- " * 51 + "a", "a.md:5:1", "nested over 50 deep"),
        ("".join(f"{'    ' * n}- a\n" for n in range(60)), "a.md:56:1", "nested over 50 deep"),
        ("::: a\n\n" * 51, "a.md:105:1", "nested over 50 deep"),
        ("<div>\n\n" * 51, "a.md:105:1", "nested over 50 deep"),
    ],
)
def test_what_pandoc_would_not_get_to_the_end_of_is_refused_at_its_place(text: str, place: str, words: str) -> None:
    with pytest.raises(InputError, match=f"too complex: .*{words}|too complex: {words}") as caught:
        check_tangles(text, "a.md", 5)
    assert str(caught.value.position) == place


def test_signs_that_are_far_from_their_end_are_counted_in_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tangles, "FARTHEST", 10_000)
    far = "a<b\n\n" * 4 + "words " * 1_000
    with pytest.raises(InputError, match=r"a\.md:\d+:2: error: too complex: signs < that are never followed by >"):
        check_tangles(far, "a.md")
    check_tangles(far.replace("<", "\\<"), "a.md")
    check_tangles(far.replace("a<b", "`a<b`"), "a.md")
    check_tangles(far.replace("a<b", "a<b>"), "a.md")


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("A " * 501, "paragraph"),
        ("- one\n- " + "A " * 501, "paragraph"),
        ("a" * 201, "word"),
        ("`" + "a" * 201 + "`", "word"),
    ],
)
def test_what_is_too_long_names_its_setting(text: str, setting: str) -> None:
    with pytest.raises(InputError, match=f"or raise `limits: {setting}` in imprint.yaml"):
        check_tangles(text, "a.md", limits=Limits(paragraph=1, word=200))


@pytest.mark.parametrize(
    "text",
    [
        "[a](b) " * 500 + "[a](b",
        "[a *b* c](d) " * 60 + "[a * b] [a_b] [2*3*4] " * 30,
        "She said “'a' and 'b'” and \"'c' and 'd'\" " * 200,
        "'tis and 'twas, " * 200,
        "It's James' and the dogs' " * 900,
        "a `b` ``c`` ```d``` " * 300,
        "https://a.example/?a=1&b=2&c=3 and &amp; and R&D " * 300,
        "See [@a2020] and [-@b2021, p. 3] " * 3 + "and @c.",
        "<span>a</span> " * 300,
        "<http://a.example/> " * 900,
        "# Notes\n\nText.\n\n" * 400,
        "- a\n- b\n" * 1_500,
        "| a | b |\n|---|---|\n" + "| c | d |\n" * 1_500,
        "  a    b\n---  ---\n" + "  c    d\n" * 1_500,
        "".join(f"[{n}]: https://a.example/{n}\n" for n in range(2_000)) + "\na",
        "- " * 55 + "\n\na",
        "```\n" + "::: a\n" * 90 + "```\n\n" + "".join(f"A `<div>` {n}.\n\n" for n in range(90)),
        "::: a\nx\n:::\n\n" * 300,
    ],
)
def test_what_honest_texts_have_is_let_through_and_read(text: str) -> None:
    limits = Limits(paragraph=40)
    check_tangles(text, "a.md", limits=limits)
    assert read_ast(text, limits=Limits(seconds=60))[0]


def test_the_paragraph_with_the_most_markup_is_where_to_look_first() -> None:
    assert densest("One.\n\nTwo *a* [b](c).\n\nThree <a>.\n\n```\n[[[[[[[[[[[[[\n```\n") == 2
    assert densest("") == 0
