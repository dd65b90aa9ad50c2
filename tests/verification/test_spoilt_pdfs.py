"""PDFs spoilt by hand in their tags, their links and their destinations: the right check tells each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from spoilt_edition import write_edition
from verified_edition import build, read_source

from publisher.formats.pdf.read import read
from publisher.manifest import artefact_of
from publisher.verification.checks import Source, hold_against, source_of
from publisher.verification.coverage import PDF
from publisher.verifying.claiming import offered_words

Change = Callable[[pikepdf.Pdf], None]


class Prints:
    """The edition's PDFs, and what verification says of spoilt copies."""

    def __init__(self, root: Path) -> None:
        folder = write_edition(root)
        self.built = build(folder, root / "build", "pdf")
        files = json.loads((self.built / "edition.json").read_bytes())["files"]
        self.source: Source = source_of(read_source(folder), list(offered_words(map(artefact_of, files), "en-GB")))
        self.copy = root / "lamp.pdf"

    def told(self, change: Change = lambda _: None, name: str = "lamp.pdf") -> set[str]:
        """The checks that a print fails after a change."""
        with pikepdf.open(self.built / name) as pdf:
            change(pdf)
            pdf.save(self.copy)
        return {finding.check for finding in hold_against(read(self.copy), self.source, PDF).findings}


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> Prints:
    return Prints(tmp_path_factory.mktemp("prints"))


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """The structure elements, parents first."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop(0)
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting[:0] = [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/Obj" not in kid]


def known(pdf: pikepdf.Pdf, id: str) -> Any:
    return next(element for element in elements(pdf) if str(element.get("/ID", "")) == id)


def call(pdf: pikepdf.Pdf, id: str) -> tuple[Any, int]:
    """The element that holds a call, and the call's place in it."""
    link = known(pdf, id)
    block = link.P.P if pikepdf.Name.Reference == link.P.S else link.P
    whole = link.P if pikepdf.Name.Reference == link.P.S else link
    return block, next(at for at, kid in enumerate(block.K) if not isinstance(kid, int) and kid.objgen == whole.objgen)


@pytest.mark.parametrize("name", ["lamp.pdf", "lamp-large-print.pdf"])
def test_what_is_not_spoilt_has_no_finding(name: str, prints: Prints) -> None:
    assert prints.told(name=name) == set()


def test_a_call_after_other_words_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        block, at = call(pdf, "n-lit-call")
        kids = list(block.K)
        block.K = pikepdf.Array([*kids[:at], *kids[at + 1 :], kids[at]])

    assert prints.told(change) == {"note-order"}


def test_a_call_in_another_block_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        block, at = call(pdf, "n-table-call")
        moved = block.K[at]
        del block.K[at]
        other = known(pdf, "measures-1")
        moved.P = other
        other.K = pikepdf.Array([*(other.K if isinstance(other.K, pikepdf.Array) else [other.K]), moved])

    assert "note-order" in prints.told(change)


def cells(pdf: pikepdf.Pdf) -> list[Any]:
    return [element for element in elements(pdf) if element.S in (pikepdf.Name.TD, pikepdf.Name.TH)]


def test_a_cell_over_two_columns_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        (cell,) = [cell for cell in cells(pdf) if cell.S == pikepdf.Name.TD][:1]
        cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, ColSpan=2)

    assert prints.told(change) == {"cell-order"}


def test_a_cell_over_two_rows_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        (cell,) = [cell for cell in cells(pdf) if cell.S == pikepdf.Name.TD][:1]
        cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, RowSpan=2)

    assert prints.told(change) == {"cell-order"}


def test_two_rows_made_one_are_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        body = next(element for element in elements(pdf) if pikepdf.Name.TBody == element.S)
        first, second = body.K
        for cell in second.K:
            cell.P = first
        first.K = pikepdf.Array([*first.K, *second.K])
        del body.K[1]

    assert prints.told(change) == {"cell-order"}


def test_a_head_of_rows_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        (cell,) = [cell for cell in cells(pdf) if cell.S == pikepdf.Name.TH][:1]
        cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)

    assert prints.told(change) == {"cell-header"}


def test_a_head_that_is_none_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        (cell,) = [cell for cell in cells(pdf) if cell.S == pikepdf.Name.TH][:1]
        cell.S = pikepdf.Name.TD

    assert prints.told(change) == {"cell-header"}


def test_a_formula_told_otherwise_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        formula = next(element for element in elements(pdf) if pikepdf.Name.Formula == element.S)
        formula.Alt = pikepdf.String("x cubed")

    assert prints.told(change) == {"unit-altered"}


def link_to(pdf: pikepdf.Pdf, target: str) -> Any:
    """The annotation of a link to an address or a named place."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            action = annotation.get("/A", {})
            if target in (str(annotation.get("/Dest", "")), str(action.get("/URI", "")), str(action.get("/D", ""))):
                return annotation
    raise AssertionError(f"nothing leads to {target}")


def test_another_address_of_a_link_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        link_to(pdf, "https://example.org/").A.URI = pikepdf.String("https://example.net/")

    assert {"link-missing", "link-added"} == prints.told(change)


def destinations(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """The named places, which may be changed."""
    found: dict[str, Any] = {}
    waiting = [pdf.Root.Names.Dests]
    while waiting:
        node = waiting.pop()
        pairs = list(node.get("/Names", []))
        found.update((str(name), value) for name, value in zip(pairs[::2], pairs[1::2], strict=True))
        waiting += node.get("/Kids", [])
    return found


def test_a_place_on_another_page_is_told(prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        place = destinations(pdf)["t"]
        place = place.D if isinstance(place, pikepdf.Dictionary) else place
        other = next(page.obj for page in pdf.pages if page.obj.objgen != place[0].objgen)
        place[0] = other

    assert prints.told(change) == {"link-target-missing"}


@pytest.mark.parametrize("by", [-200, 200])
def test_a_place_elsewhere_on_its_page_is_told(by: int, prints: Prints) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        place = destinations(pdf)["t"]
        place = place.D if isinstance(place, pikepdf.Dictionary) else place
        place[3] = float(place[3]) + by

    assert prints.told(change) == {"link-target-missing"}


def lowered(pdf: pikepdf.Pdf, by: float) -> None:
    """Move the 6 of 10⁶, which is a mark of its own, down: by once as much as it is raised it stands on its line."""
    block = known(pdf, "opening-1")
    page = next(page for page in pdf.pages if page.obj.objgen == block.Pg.objgen)
    content = [(list(one.operands), str(one.operator)) for one in pikepdf.parse_content_stream(page)]
    matrices: dict[int, Any] = {}
    mark = None
    for operands, operator in content:
        if operator == "BDC":
            mark = operands[1].get("/MCID") if isinstance(operands[1], pikepdf.Dictionary) else None
        elif operator == "Tm" and mark is not None:
            matrices[int(mark)] = operands
    own = [kid for kid in block.K if isinstance(kid, int)]
    heights = [float(matrices[kid][5]) for kid in own]
    (six,) = [n for n in range(1, len(own)) if 0 < heights[n - 1] - heights[n] < 10]
    matrices[own[six]][5] = heights[six] + by * (heights[six - 1] - heights[six])
    changed = [pikepdf.ContentStreamInstruction(operands, pikepdf.Operator(operator)) for operands, operator in content]
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(changed))


@pytest.mark.parametrize("name", ["lamp.pdf", "lamp-large-print.pdf"])
@pytest.mark.parametrize("by", [1, 2])
def test_a_raised_digit_that_is_not_is_told(by: int, name: str, prints: Prints) -> None:
    assert prints.told(lambda pdf: lowered(pdf, by), name) == {"script-altered"}
