"""What a process that builds is made of. Two that differ could make different bytes of one edition."""

from __future__ import annotations

import platform
import zlib
from functools import cache
from importlib.metadata import version

from publisher import __version__
from publisher.fingerprint import engine_versions, package_files
from publisher.store import digest

_PACKAGE = "concordant-publisher"
_ABSENT = "absent"
_FILES = "the files of concordant-publisher"

Makeup = dict[str, str]
"""Versions by name: of the package, its files, Python, the kind of processor, the engines, Dask."""


@cache
def makeup() -> Makeup:
    """What this process is made of, as it was when this was first asked."""
    return {
        _PACKAGE: __version__,
        _FILES: digest(package_files()),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "the processor": platform.machine(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: release or _ABSENT for name, release in engine_versions().items()},
        "distributed": version("distributed"),
    }


def differences(there: Makeup, here: Makeup) -> str:
    """What is another thing there than here, in words; empty where all is the same."""
    if there.get(_PACKAGE) != here[_PACKAGE]:
        # Of another release everything may differ: its name says all.
        return f"{_PACKAGE} {there.get(_PACKAGE)} there, {here[_PACKAGE]} here"
    found = [
        f"{name} {there.get(name)} there, {value} here"
        for name, value in here.items()
        if name != _FILES and there.get(name) != value
    ]
    if there.get(_FILES) != here[_FILES]:
        found.insert(0, f"{_FILES} differ, though both are called {__version__}")
    return ", ".join(found)
