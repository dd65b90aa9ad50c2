"""Reading small Markdown texts in tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from publisher.manuscript.article import Draft, MarkdownText, Naming, Resources, Source, read_texts
from publisher.model.blocks import Block, Node, Worded, walk
from publisher.model.source import Position

PICTURES = Path(__file__).parents[1] / "editions" / "constructs"


class Markdown:
    """Texts as `article.md`; their pictures are those of the edition `constructs`."""

    def read(
        self,
        text: str,
        *,
        lang: str = "en-GB",
        reader: str = "markdown",
        first_line: int = 1,
        references: list[Mapping[str, Any]] | None = None,
        naming: Naming | None = None,
        folder: Path = PICTURES,
    ) -> Draft:
        """One text, read, whatever its faults."""
        markdown = MarkdownText(
            path="article.md", text=text, first_line=first_line, lang=lang, reader=reader, naming=naming
        )
        sources = [Source(reference, Position("article.md", 1)) for reference in references or []]
        return read_texts([markdown], resources=Resources(folder), sources=sources)

    def blocks(self, text: str, **options: Any) -> list[Block]:
        """The top-level blocks of a text that has no faults, headings among them."""
        draft = self.read(text, **options)
        assert [str(finding) for finding in draft.findings] == []
        return [node for section in draft.bodies[0].sections for node in section.nodes()]

    def block(self, text: str, **options: Any) -> Any:
        """The only top-level block of a text that has no faults."""
        (only,) = self.blocks(text, **options)
        return only

    def checks(self, text: str, **options: Any) -> list[tuple[str, str, str]]:
        """Every finding of a text as check, severity and place."""
        return [
            (
                finding.check,
                finding.severity.value,
                str(finding.position).removeprefix("article.md:") if finding.position else "",
            )
            for finding in self.read(text, **options).findings
        ]

    @staticmethod
    def nodes(draft: Draft) -> Iterator[Node]:
        """Every node of a draft: articles and divisions, then counterparts, then footnotes."""
        for body in draft.bodies:
            for section in body.sections:
                yield from walk(section.nodes())
            for division in body.divisions:
                yield from walk(division.blocks)
                for counterpart in division.counterparts:
                    yield from walk(counterpart.blocks)
            for counterpart in body.counterparts:
                yield from walk(counterpart.blocks)
        for footnote in draft.footnotes:
            yield from walk(footnote.blocks)

    def lines(self, text: str, **options: Any) -> dict[str, int]:
        """The line of each worded block of a text, by its words."""
        draft = self.read(text, **options)
        return {node.text: node.position.line for node in self.nodes(draft) if isinstance(node, Worded)}


@pytest.fixture(scope="session")
def markdown() -> Markdown:
    """What reads Markdown texts for a test."""
    return Markdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of an edition with a picture of each kind."""
    edition = tmp_path / "edition"
    edition.mkdir()
    for name in ("flag.png", "lens.jpg", "dot.gif", "flag.webp", "route.svg"):
        (edition / name).write_bytes((PICTURES / "pictures" / name).read_bytes())
    return edition
