"""From WeasyPrint's boxes to nodes: what was painted on which page, gathered under the HTML element that it is of.

WeasyPrint has one box for each piece of an element: a paragraph that runs over a page's end has two, a table's head
one on every page. Boxes of its own making (lines, anonymous blocks) bear the element around them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weasyprint.formatting_structure import boxes  # type: ignore[import-untyped]
from weasyprint.layout.absolute import AbsolutePlaceholder  # type: ignore[import-untyped]

from publisher.formats.pdf.structure import Annotation, BBox, Content, Node

POINTS = 0.75
"""Points in a CSS pixel, WeasyPrint's unit."""

REPEATED = frozenset(("main::before", "td::before", "th::after", "tr::before"))
"""What the style sheets show a second time (the title over the article, heads before the cells of a stacked table):
furniture, not content."""

UNSEEN = "\u200b\u2060"
"""Marks of where a line may end and where not, which leave nothing on the page."""


@dataclass
class Gathered:
    """`root` holds all content; `furniture` says for each page of marked content outside it, by mark, what it is.

    `redundant` are annotations, by page, of boxes inside a link that has one: WeasyPrint gives each box one.
    """

    root: Node = field(default_factory=lambda: Node("html", {}))
    furniture: list[dict[int, str]] = field(default_factory=list)
    redundant: list[Annotation] = field(default_factory=list)


def gather(pages: Iterable[Any], marks: Iterable[Mapping[Any, int]]) -> Gathered:
    """The nodes of a document's page boxes. `marks` are each page's marked contents: numbers by box."""
    walker = _Walker()
    for number, (page, painted) in enumerate(zip(pages, marks, strict=True)):
        walker.begin(number, page, painted)
        walker.walk(page, walker.gathered.root)
    return walker.gathered


@dataclass
class _Walker:
    gathered: Gathered = field(default_factory=Gathered)
    nodes: dict[tuple[int, str], Node] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)
    page: int = 0
    height: float = 0
    painted: Mapping[Any, int] = field(default_factory=dict)

    def begin(self, number: int, page: Any, painted: Mapping[Any, int]) -> None:
        self.page, self.height, self.painted = number, page.margin_height(), painted
        self.gathered.furniture.append({})

    def walk(self, box: Any, parent: Node, furniture: str | None = None, *, linked: bool = False) -> None:
        """Put what a box and those inside it paint under its element's node, or among the furniture."""
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.MarginBox):
            furniture = "Header" if box.at_keyword.startswith("@top") else "Footer"
        furniture = furniture or self._repeated(box)
        node = self._node(box, parent)
        if box.link_annotation:
            annotation = Annotation(self.page, box.link_annotation)
            (self.gathered.redundant if linked or furniture else node.kids).append(annotation)
            linked = True
        if box in self.painted:
            self._content(box, node, furniture)
        for child in box.children:
            self.walk(child, node, furniture, linked=linked)

    def _content(self, box: Any, node: Node, furniture: str | None) -> None:
        mark = self.painted[box]
        if furniture is not None:
            self.gathered.furniture[self.page][mark] = furniture
        elif isinstance(box, boxes.TextBox) and not box.text.strip().strip(UNSEEN):
            self.gathered.furniture[self.page][mark] = "Layout"  # WeasyPrint paints nothing for spaces alone
        elif isinstance(box, boxes.TextBox):
            node.kids.append(Content(self.page, mark, box.text))
        else:
            node.kids.append(Content(self.page, mark, bbox=self._bbox(box)))

    def _bbox(self, box: Any) -> BBox:
        """Where a box's content stands, in points from the page's lower left corner."""
        left, top = box.content_box_x(), box.content_box_y()
        edges = (left, self.height - top - box.height, left + box.width, self.height - top)
        return tuple(round(edge * POINTS, 2) for edge in edges)

    def _repeated(self, box: Any) -> str | None:
        """Why a box is furniture, if it is: a table's head on the pages after its first, leaders, repeated titles."""
        if box.is_leader or box.element_tag in REPEATED:
            return "Layout"
        if isinstance(box, boxes.TableRowGroupBox) and (box.is_header or box.is_footer) and box.element is not None:
            first = self.heads.setdefault(id(box.element), self.page)
            if first != self.page:
                return "Repeated"
        return None

    def _node(self, box: Any, parent: Node) -> Node:
        """The node of a box: the one that its element has already, else a new one under `parent`."""
        if box.element is None or box.element_tag in (None, "html", "body"):
            return parent
        key = (id(box.element), box.element_tag)
        node = self.nodes.get(key)
        if node is None:
            pseudo = "::" in box.element_tag
            node = Node(
                box.element_tag, {} if pseudo else dict(box.element.attrib), source=None if pseudo else box.element
            )
            self.nodes[key] = node
            parent.kids.append(node)
        return node
