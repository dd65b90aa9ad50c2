"""Reads what a page says of the accessibility of the files that it offers, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lxml import etree, html

from publisher.model.findings import InputError

_MARK = "data-accessibility-of"


def read_statements(path: Path) -> Mapping[str, tuple[str, ...]]:
    """For each file that a page makes statements on, all that it says under each title, in order.

    Raises InputError where the page cannot be read.
    """
    try:
        root = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    except (OSError, etree.ParserError, ValueError) as problem:
        raise InputError(f"{path.name} is no HTML: {problem}; build it again") from problem
    return {
        element.get(_MARK, ""): tuple(_words(line) for line in element.iter("dt", "dd"))
        for element in root.iter(etree.Element)
        if element.get(_MARK)
    }


def _words(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())
