"""What Readium's reader makes of books of sound. https://github.com/readium/r2-shared-js"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from validators import MODULES, module, program


def readium(*books: Path) -> dict[str, Any]:
    """Each book by its file's name, as the Readium Web Publication Manifest has it, with its narration."""
    module("r2-shared-js", "package.json")
    script = Path(__file__).with_name("readium.js")
    environment = {**os.environ, "NODE_MODULES": str(MODULES)}
    done = subprocess.run(
        [program("node"), str(script), *map(str, books)], capture_output=True, check=False, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def moments(nodes: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What sounds with what, from without to within."""
    for node in nodes:
        if "audio" in node:
            yield node
        yield from moments(node.get("narration", ()))


def lines(toc: Sequence[dict[str, Any]], level: int = 1) -> Iterator[tuple[int, str, str]]:
    """The lines of contents: how deep, their words, where they lead."""
    for one in toc:
        yield level, one["title"], one["href"]
        yield from lines(one.get("children", ()), level + 1)
