"""The machine that something was measured on, and the versions of all that took part."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import publisher
from publisher.fingerprint import package_files
from publisher.store import digest, file_digest

_PACKAGES = ("weasyprint", "pypandoc-binary", "espeakng-loader", "lameenc", "av", "pikepdf", "numpy")
_TOOLS = {"espeak-ng": "--version", "lame": "--version", "ffmpeg": "-version"}


_ROWS = ("edits", "measuring", "pdf_pages", "plain", "rows", "sides", "sound", "sound_ours", "texts")
"""The modules of the bench that say what is run in a row, on which text, and how it is measured."""


def machine() -> dict[str, Any]:
    """What stays the same from row to row."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "publisher": publisher.__version__,
        "packages": {name: found for name in _PACKAGES if (found := _package(name))},
        "tools": {name: found for name, ask in _TOOLS.items() if (found := _tool([name, ask]))},
    }


def processor_name(about: Mapping[str, Any]) -> str:
    """The processor without marks of trade and speeds, as `Intel Xeon`."""
    plain = re.sub(r"\(\w+\)|\bProcessor\b|\bCPU\b.*|@.*", " ", about["processor"])
    return " ".join(plain.split())


def slug(about: Mapping[str, Any]) -> str:
    """A machine's name for its results, as `2-cores-intel-xeon`: two machines' figures are never mixed."""
    return "-".join([str(about["cores"]), "cores", *re.findall(r"[a-z0-9]+", processor_name(about).lower())])


def now() -> dict[str, Any]:
    """The day and the time (UTC), how busy the machine was in the last minute (processes that ran or waited, on
    average), and which program it is that is measured now: a digest of its files and of what decides the rows."""
    bench = {name: file_digest(Path(__file__).with_name(f"{name}.py")) for name in _ROWS}
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "time": time.strftime("%H:%M", time.gmtime()),
        "load": round(os.getloadavg()[0], 2),
        "program": digest(package_files(), bench)[:8],
    }


def in_words(about: Mapping[str, Any]) -> str:
    """The machine in a sentence's part, for tables and pictures."""
    return f"{about['cores']} cores of {processor_name(about)}, {about['memory']:.0f} GiB, Python {about['python']}"


def versions(about: Mapping[str, Any]) -> str:
    """All versions, one after another."""
    named = {"publisher": about["publisher"], **about["packages"], **about["tools"]}
    return ", ".join(f"{name} {number}" for name, number in named.items())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _package(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _tool(command: Sequence[str]) -> str | None:
    """The first number with a point that a program says of itself; None where it is not here."""
    if not shutil.which(command[0]):
        return None
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return found[0] if found else "of unknown version"
