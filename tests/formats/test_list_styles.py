"""What style sheets put before the items of lists: words are words, and numerals are those that are shown."""

from __future__ import annotations

import pytest
from lxml import html

from publisher.formats.document import Document, read_document

LIST = "<ol id=l type=a start=2><li id=x>One<li id=y>Two</ol><ul id=u><li id=z>Three</ul>"


def read(rules: str, body: str = LIST) -> Document:
    page = f"<html lang=en><head><style>{rules}</style></head><body>{body}</body></html>"
    return read_document(html.document_fromstring(page), "a.html")


def numbers(rules: str, body: str = LIST) -> list[tuple[str, str]]:
    return [(fact.id, fact.value) for fact in read(rules, body).facts if fact.kind == "number"]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("p { color: red }", [("x", "a 2"), ("y", "a 3")]),
        ("ol { list-style-type: upper-roman }", [("x", "I 2"), ("y", "I 3")]),
        ("ol { list-style: inside upper-alpha } li#y { list-style: decimal }", [("x", "A 2"), ("y", "1 3")]),
        ("ol, ul { list-style: none }", []),
        ("body { list-style: none }", []),
        ("#y { list-style: none }", [("x", "a 2")]),
        ("ul { list-style-type: decimal }", [("x", "a 2"), ("y", "a 3"), ("z", "1 1")]),
        ("ol { list-style: lower-greek }", [("x", "lower-greek 2"), ("y", "lower-greek 3")]),
        ("ol, ul { list-style: of-our-own }", [("x", "a 2"), ("y", "a 3")]),
        ("ol { list-style: decimal } li { list-style: inherit }", [("x", "1 2"), ("y", "1 3")]),
        ("ol { list-style: var(--lists) }", [("x", "a 2"), ("y", "a 3")]),
        ("ol { list-style: url(dot.png) none }", []),
        ("@media print { ol { list-style: none } }", [("x", "a 2"), ("y", "a 3")]),
        ("@media (max-width: 40em) { #x { list-style: decimal } } #x { list-style: lower-roman !important }",
         [("x", "i 2"), ("y", "a 3")]),
        ("@media (max-width: 40em) { ol { list-style: decimal } } @media (min-width: 60em) { ol { list-style: none } }",
         [("x", "1 2"), ("y", "1 3")]),
    ],
)  # fmt: skip
def test_numerals_are_those_that_are_shown(rules: str, found: list[tuple[str, str]]) -> None:
    assert numbers(rules) == found


def test_an_attribute_says_it_too() -> None:
    assert numbers("", LIST.replace("id=l", "id=l style='list-style: none'")) == []


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("li::marker { content: 'Not: ' }", ["Not: One", "Not: Two", "Not: Three"]),
        ("ol { list-style-type: 'Not ' }", ["Not One", "Not Two", "Three"]),
        ("#y { list-style: 'Not ' inside }", ["One", "Not Two", "Three"]),
        ("#y { list-style: 'Not ' } #y::before { content: 'quite ' }", ["One", "Not quite Two", "Three"]),
        ("ul { list-style-type: '– ' } p::marker { content: 'Not ' }", ["One", "Two", "Three"]),
        ("@media (max-width: 40em) { #z { list-style: 'Not ' } }", ["One", "Two", "Not Three"]),
    ],
)
def test_words_before_items_are_words(rules: str, told: list[str]) -> None:
    assert [unit.text for unit in read(rules).units] == told


def test_deep_lists_are_read() -> None:
    body = "<ol><li id=x>" * 120 + "One"
    assert [value for _, value in numbers("ol { list-style: upper-alpha }", body)] == ["A 1"] * 120
