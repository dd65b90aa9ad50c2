"""Drawings that draw themselves, or far too much, are refused before anything draws them."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from publisher.manuscript import drawings
from publisher.manuscript.drawings import too_much
from publisher.manuscript.resources import Resources

EDITIONS = Path(__file__).parents[1] / "editions"
XLINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"


def svg(inside: str) -> str:
    return f"<svg xmlns='http://www.w3.org/2000/svg' {XLINK} viewBox='0 0 30 20'>{inside}</svg>"


@pytest.mark.parametrize(
    "inside",
    [
        "<g id='a'><use href='#a'/></g>",
        "<g id='a'><use xlink:href='#b'/></g><g id='b'><use href='#a'/></g>",
        "<pattern id='p'><rect fill='url(#p)'/></pattern>",
        "<mask id='m'><g id='n'><rect style='mask: url( \"#m\" )'/></g></mask>",
    ],
)
def test_what_refers_to_itself(inside: str) -> None:
    assert too_much(fromstring(svg(inside))) == "has a part that refers to itself"


def test_ten_times_ten_times() -> None:
    layers = "".join(f"<g id='l{n}'>" + f"<use href='#l{n - 1}'/>" * 10 + "</g>" for n in range(1, 9))
    assert too_much(fromstring(svg(f"<g id='l0'><rect/></g>{layers}"))) == "comes to over 200,000 elements"


def test_what_is_nested_without_measure() -> None:
    assert too_much(fromstring(svg("<g>" * 5000 + "</g>" * 5000))) == "has elements nested over 100 deep"


@pytest.mark.parametrize(
    "inside",
    [
        "<g id='a'><rect/></g><use href='#a'/><use href='#a'/>",
        "<a href='#here'><g id='here'><a href='#here'><text>x</text></a></g></a>",
        "<use href='#nowhere'/><rect fill='url(#nowhere)'/>",
        "<g id='a'><rect/></g><g id='b'><use href='#a'/></g><use href='#b'/><use href='#a'/>",
    ],
)
def test_what_drawings_have(inside: str) -> None:
    assert too_much(fromstring(svg(inside))) is None


def test_what_is_drawn_is_counted_with_its_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = fromstring(svg("<g id='a'><rect/><rect/></g>" + "<use href='#a'/>" * 3))
    # The root, the group with its two, and three times a reference with a copy of the group.
    monkeypatch.setattr(drawings, "MOST_DRAWN", 16)
    assert too_much(drawing) is None
    monkeypatch.setattr(drawings, "MOST_DRAWN", 15)
    assert too_much(drawing) == "comes to over 15 elements"


def test_the_drawings_of_the_test_editions_are_fine() -> None:
    for path in EDITIONS.rglob("*.svg"):
        assert too_much(fromstring(path.read_bytes())) is None


def test_an_edition_is_told_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(svg("<g id='a'><use href='#a'/></g>"), "utf-8")
    resources = Resources(tmp_path)
    assert resources.find("a.svg", None) is None
    (told,) = resources.findings
    assert told.message == (
        "too complex: picture a.svg has a part that refers to itself; simplify it, or save it as PNG"
    )
