"""Where in the files the words of a publication stand, which itself knows only where its blocks do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from publisher.model.blocks import Node, Worded, walk
from publisher.model.inlines import Image, Link, plain_text
from publisher.model.source import Position


@dataclass(frozen=True, slots=True)
class Places:
    """Looks into the files. Every search ends at a blank line: what is not found before it may be something else."""

    _files: dict[str, Sequence[str]] = field(default_factory=dict)

    def link(self, link: Link, after: Position) -> Position | None:
        """Where the words or the address of a link stand at or after a place."""
        needles = [f"]({link.target}", f"<{link.target}", f"[{' '.join(plain_text(link.children).split())}]"]
        for line, number, skipped in self._lines(after):
            for needle in needles:
                found = line.find(needle, skipped)
                if found >= 0:
                    opened = line.rfind("[", skipped, found) if needle.startswith("](") else found
                    return Position(after.path, number, (opened if opened >= 0 else found) + 1)
        return None

    def picture(self, image: Image, after: Position) -> Position | None:
        """Where the address of a picture stands at or after a place."""
        address = re.compile(rf"\]\(<?(?=[^)]*{re.escape(PurePosixPath(image.resource).name)})")
        for line, number, skipped in self._lines(after):
            if found := address.search(line, skipped):
                return Position(after.path, number, found.end() + 1)
        return None

    def words(self, words: str, nodes: Iterable[Node]) -> Position | None:
        """Where words begin that stand whole on one line of the first of some blocks that says them; in any case."""
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        for node in walk(nodes):
            if isinstance(node, Worded) and whole.search(node.text):
                for line, number, skipped in self._lines(node.position):
                    if found := whole.search(line, skipped):
                        return Position(node.position.path, number, found.start() + 1)
                return None
        return None

    def sentence(self, sentence: str, node: Node) -> Position | None:
        """Where a sentence of a block begins, by as many of its first words as stand on one line, no fewer than three.

        None where these words stand in the block more than once.
        """
        words = sentence.split()
        for count in range(min(len(words), 8), 2, -1):
            begin = re.compile(re.escape(" ".join(words[:count])))
            found = [
                Position(node.position.path, number, one.start() + 1)
                for line, number, skipped in self._lines(node.position)
                for one in begin.finditer(line, skipped)
            ]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _lines(self, after: Position) -> Iterable[tuple[str, int, int]]:
        """The lines from a place to the next blank one, their numbers, how much of each is before the place."""
        if after.path not in self._files:
            try:
                self._files[after.path] = Path(after.path).read_text("utf-8-sig").split("\n")
            except (OSError, UnicodeDecodeError):  # a publication that was made of no file
                self._files[after.path] = ()
        lines = self._files[after.path]
        for number in range(after.line, len(lines) + 1):
            if not lines[number - 1].strip():
                return
            yield lines[number - 1], number, (after.column or 1) - 1 if number == after.line else 0
