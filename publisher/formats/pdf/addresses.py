"""The addresses of what a document may show."""

from __future__ import annotations

from urllib.parse import quote

from publisher.model.publication import Resource

BASE = "https://book.invalid/"
RESOURCES = "resources/"
FORMULAS = "formulas/"
STYLES = "styles/"
SVG = "image/svg+xml"


def resource_address(resource: Resource) -> str:
    """Where a resource stands, relative to `BASE`."""
    return RESOURCES + quote(resource.name)
