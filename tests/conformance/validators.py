"""Where the outside validators are. What is missing fails a test, with what to run: a check left out is no check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "node_modules"
SET_UP = "run `tools/setup.sh dev`, which installs it"


def program(*names: str) -> str:
    """The first of these programs that is on PATH."""
    for name in names:
        if found := shutil.which(name):
            return found
    pytest.fail(f"{names[0]} is missing; {SET_UP}", pytrace=False)


def browser() -> str:
    return program("chromium", "chromium-browser", "google-chrome")


def module(*parts: str) -> Path:
    """A file of the Node packages that package-lock.json names."""
    path = MODULES.joinpath(*parts)
    if not path.is_file():
        pytest.fail(f"{'/'.join(('node_modules', *parts))} is missing; {SET_UP}", pytrace=False)
    return path
