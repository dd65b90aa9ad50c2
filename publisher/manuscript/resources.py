"""Pictures of an edition: found inside its folder only, and what their names say they are.

resources = Resources(folder)
cover = resources.find("cover.png", position)      # a Resource, or None after adding findings
resources.findings, resources.used                 # list of Finding; mapping of name to Resource
"""

from __future__ import annotations

from pathlib import Path

from publisher.model.findings import Finding
from publisher.model.publication import Resource
from publisher.model.source import Position


class Resources:
    """The pictures of the edition in `folder`: each is read and checked once, however often it is named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.used: dict[str, Resource] = {}
        self.findings: list[Finding] = []

    def find(self, address: str, position: Position) -> Resource | None:
        """The picture that an address in the source names, else None and a finding that says why.

        Findings: `image-remote`, `image-outside`, `image-missing`, `image-kind`, `image-unsafe`.
        """
        raise NotImplementedError
