"""Conditions of the Matterhorn Protocol that it leaves to people, and that we decide since we know the source: each has
a file of ours, spoilt to meet it, in which the check that the catalogue names for it finds the fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from publisher.build import read_imprint_of
from publisher.formats.pdf.read import read
from publisher.manuscript.reading import read_edition
from publisher.verification.checks import Source, hold_against, source_of
from publisher.verification.coverage import PDF
from publisher.verification.matterhorn import source_checks
from publisher.verification.matterhorn.catalogue import CONDITIONS, Decided
from publisher.verification.matterhorn.findings import conformity

ROOT = Path(__file__).resolve().parents[3]
EDITIONS = {"constructs": ROOT / "tests" / "editions" / "constructs", "upstream": ROOT / "source" / "upstream"}
HEADED = frozenset(("15-001",))
"""What is spoilt in `upstream`, whose table has heads of rows; all else in `constructs`."""


class Spoilt:
    """A PDF's structure tree, to be spoilt: elements with those around them, and their content."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.document = pdf.Root.StructTreeRoot.K[0]
        self.article = next(kid for kid in self.kids(self.document) if str(kid.S) == "/Art")

    def walk(self, element: Any = None) -> Iterator[Any]:
        for kid in self.kids(self.article if element is None else element):
            if isinstance(kid, Dictionary) and "/S" in kid:
                yield kid
                yield from self.walk(kid)

    @staticmethod
    def kids(element: Any) -> list[Any]:
        there = element.get("/K")
        return [] if there is None else list(there) if isinstance(there, Array) else [there]

    def find(self, *types: str, inside: Any = None) -> Any:
        """The first element of one of these types; it must be there."""
        return next(element for element in self.walk(inside) if str(element.S)[1:] in types)

    def put(self, element: Any, kids: list[Any]) -> None:
        element.K = Array(kids)
        for kid in kids:
            if isinstance(kid, Dictionary) and "/S" in kid:
                kid.P = element

    def replace(self, element: Any, by: list[Any]) -> None:
        """Other elements in an element's place."""
        parent = element.P
        kids = self.kids(parent)
        at = next(number for number, kid in enumerate(kids) if _same(kid, element))
        self.put(parent, [*kids[:at], *by, *kids[at + 1 :]])

    def add(self, type_: str, kids: list[Any], parent: Any, **more: Any) -> Any:
        made = self.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{type_}"), P=parent, **more))
        self.put(made, kids)
        return made

    def content(self, page: Any) -> list[Any]:
        return [[list(operands), operator] for operands, operator in pikepdf.parse_content_stream(page)]

    def paint(self, page: Any, content: list[Any]) -> None:
        page.Contents = self.pdf.make_stream(pikepdf.unparse_content_stream(content))


def _same(one: Any, other: Any) -> bool:
    return bool(isinstance(one, Dictionary) and one.objgen == other.objgen and one.objgen != (0, 0))


def _retyped(name: str, to: str, where: Callable[[Any], bool] = lambda _: True) -> Callable[[Spoilt], None]:
    def spoil(file: Spoilt) -> None:
        element = next(one for one in file.walk() if str(one.S) == f"/{name}" and where(one))
        element.S = Name(f"/{to}")

    return spoil


def _attribute(element: Any, owner: str) -> Any:
    return next((one for one in element.get("/A", []) if str(one.O) == f"/{owner}"), Dictionary())


def _furniture_as_content(file: Spoilt) -> None:  # the running head of the second page becomes a paragraph
    page = file.pdf.pages[1]
    content = file.content(page)
    begin = next(one for one in content if str(one[1]) == "BDC" and str(one[0][1].get("/Subtype")) == "/Header")
    number = 1 + max(int(one[0][1].MCID) for one in content if str(one[1]) == "BDC" and "/MCID" in one[0][1])
    begin[0][:] = [Name.Span, Dictionary(MCID=number)]
    file.paint(page, content)
    added = file.add("P", [number], file.document, Pg=page.obj)
    file.put(file.document, [*file.kids(file.document), added])
    owners = file.pdf.Root.StructTreeRoot.ParentTree.Nums[2 * int(page.StructParents) + 1]
    owners.append(added)


def _content_as_artifact(file: Spoilt) -> None:
    paragraph = next(one for one in file.walk() if str(one.S) == "/P" and isinstance(file.kids(one)[0], int))
    page = pikepdf.Page(paragraph.Pg)
    content = file.content(page)
    for one in content:
        if str(one[1]) == "BDC" and one[0][1].get("/MCID") == file.kids(paragraph)[0]:
            one[0][:] = [Name.Artifact, Dictionary(Type=Name.Layout)]
    file.paint(page, content)


def _title_altered(file: Spoilt) -> None:
    xmp = file.pdf.Root.Metadata.read_bytes()
    file.pdf.Root.Metadata.write(re.sub(rb"(<dc:title>.*?<rdf:li[^>]*>)[^<]*", rb"\1Untitled", xmp, flags=re.DOTALL))
    file.pdf.docinfo.Title = String("Untitled")


def _paragraphs_swapped(file: Spoilt) -> None:
    for around in file.walk():
        kids = file.kids(around)
        for at in range(len(kids) - 1):
            if all(
                isinstance(kid, Dictionary) and kid.get("/S") == Name.P and "/ID" in kid for kid in kids[at : at + 2]
            ):
                file.put(around, [*kids[:at], kids[at + 1], kids[at], *kids[at + 2 :]])
                return
    raise AssertionError("no two paragraphs")


def _unwrapped(name: str) -> Callable[[Spoilt], None]:
    def spoil(file: Spoilt) -> None:
        element = file.find(name)
        file.replace(element, file.kids(element))

    return spoil


def _foreign(file: Spoilt) -> None:
    next(one for one in file.walk() if str(one.S) == "/P" and "/ID" in one).Lang = String("cy")


def _link_of_a_picture_unmade(file: Spoilt) -> None:
    link = next(
        one for one in file.walk() if str(one.S) == "/Link" and any(str(kid.S) == "/Figure" for kid in file.walk(one))
    )
    areas = [kid for kid in file.kids(link) if isinstance(kid, Dictionary) and str(kid.get("/Type")) == "/OBJR"]
    for area in areas:
        del area.Obj.A
    link.S = Name.Span


def _picture_in_parts(file: Spoilt) -> None:
    figure = file.find("Figure")
    part = file.add("Figure", [], figure.P, Alt=String("A part of it"), A=figure.A)
    file.replace(figure, [figure, part])


def _heads(scope: str) -> Callable[[Any], bool]:
    return lambda cell: str(_attribute(cell, "Table").get("/Scope")) == f"/{scope}"


def _paragraph_as_table(file: Spoilt) -> None:
    paragraph = next(one for one in file.walk() if str(one.S) == "/P" and "/ID" in one)
    parent = paragraph.P
    table = file.add("Table", [], parent)
    file.replace(paragraph, [table])
    row = file.add("TR", [], table)
    file.put(table, [row])
    file.put(row, [file.add("TD", [paragraph], row)])


def _numbered(file: Spoilt) -> Any:
    return next(
        _attribute(one, "List")
        for one in file.walk()
        if str(_attribute(one, "List").get("/ListNumbering")) == "/Decimal"
    )


def _numbering_dropped(file: Spoilt) -> None:
    del _numbered(file).ListNumbering


def _numbering_altered(file: Spoilt) -> None:
    _numbered(file).ListNumbering = Name.UpperRoman


def _list_as_divisions(file: Spoilt) -> None:
    list_ = next(one for one in file.walk() if str(one.S) == "/L" and "/ID" in one)
    for part in [list_, *file.walk(list_)]:
        if str(part.S) in ("/L", "/LI", "/LBody"):
            part.S = Name.Div


def _link_elsewhere_in_order(file: Spoilt) -> None:
    link = next(
        one
        for one in file.walk()
        if str(one.S) == "/Link"
        and str(one.P.S) == "/P"
        and any(
            "/URI" in kid.Obj.get("/A", {}) for kid in file.kids(one) if isinstance(kid, Dictionary) and "/Obj" in kid
        )
    )
    words = [kid for kid in file.kids(link) if not (isinstance(kid, Dictionary) and "/Obj" in kid)]
    areas = [kid for kid in file.kids(link) if kid not in words]
    file.replace(link, [file.add("Span", words, link.P, Pg=link.Pg)])
    moved = file.add("Link", areas, file.document)
    file.put(file.document, [*file.kids(file.document), file.add("P", [moved], file.document)])


SPOILS: dict[str, Callable[[Spoilt], None]] = {
    "01-001": _furniture_as_content,
    "01-002": _content_as_artifact,
    "01-006": _retyped("H2", "P"),
    "06-004": _title_altered,
    "09-001": _paragraphs_swapped,
    "09-002": _unwrapped("BlockQuote"),
    "09-003": _retyped("P", "H3", lambda one: "/ID" in one),
    "11-007": _foreign,
    "13-001": _retyped("Figure", "Span"),
    "13-002": _link_of_a_picture_unmade,
    "13-003": _retyped("Caption", "Div"),
    "13-006": _picture_in_parts,
    "14-001": _retyped("H3", "P"),
    "15-001": _retyped("TH", "TD", _heads("Row")),
    "15-002": _retyped("TH", "TD", _heads("Column")),
    "15-004": _paragraph_as_table,
    "16-001": _numbering_dropped,
    "16-002": _numbering_altered,
    "16-003": _list_as_divisions,
    "17-001": _retyped("Formula", "Span"),
    "19-001": _retyped("Note", "Div"),
    "19-002": _retyped("Reference", "Span"),
    "28-001": _link_elsewhere_in_order,
}


Built = dict[str, tuple[Path, Source]]


@pytest.fixture(scope="module")
def built(pdfs_of: Callable[[Path], Path]) -> Built:
    made: Built = {}
    for name, edition in EDITIONS.items():
        source = source_of(read_edition(edition, read_imprint_of(edition)[0]).publication)
        made[name] = (pdfs_of(edition) / f"{name}.pdf", source)
    return made


def _found(path: Path, source: Source) -> set[str]:
    compared = hold_against(read(path), source, PDF).findings
    return {finding.check for finding in compared} | {
        told.finding.check for told in conformity(path, publication=source.publication)
    }


def test_every_condition_that_the_source_decides_has_a_file_that_meets_it() -> None:
    assert set(SPOILS) == {one.number for one in CONDITIONS if one.decided is Decided.SOURCE}


def test_what_is_found_with_the_source_is_said_to_be() -> None:
    named = {one.number for one in CONDITIONS if f"`pdfua-{one.number}`" in one.by}
    assert named == set(source_checks.CHECKS) <= set(SPOILS)
    for number, check in source_checks.CHECKS.items():
        assert (check.__doc__ or "").startswith(number)


@pytest.mark.parametrize("number", sorted(SPOILS), ids=lambda one: f"{one}-error")
def test_each_condition_is_found_where_it_is_met(number: str, built: Built, tmp_path: Path) -> None:
    path, source = built["upstream" if number in HEADED else "constructs"]
    with pikepdf.open(path) as pdf:
        SPOILS[number](Spoilt(pdf))
        pdf.save(tmp_path / f"{number}-error.pdf")
    found = _found(tmp_path / f"{number}-error.pdf", source)
    (condition,) = [one for one in CONDITIONS if one.number == number]
    named = set(re.findall(r"`([a-z0-9-]+)`", condition.by))
    assert found & named, sorted(found)
    if number in source_checks.CHECKS:
        assert f"pdfua-{number}" in found, sorted(found)


@pytest.mark.parametrize("name", EDITIONS)
def test_the_file_as_it_was_made_meets_none(name: str, built: Built) -> None:
    assert _found(*built[name]) == set()
