"""What a build depends on is known by name: no library makes bytes without its release being part of every key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from publisher import fingerprint
from publisher.fingerprint import ENGINES, engine_versions

_MAKE_NO_BYTES = {"defusedxml", "pydantic", "rich", "selectolax", "shtab", "watchfiles"}
"""They refuse what is wrong or hostile, talk to the terminal, complete commands, watch files, and read back."""


def test_every_dependency_that_makes_bytes_is_an_engine() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]
    named = {
        re.split(r"[<>=\[ ]", one)[0] for one in (*project["dependencies"], *project["optional-dependencies"]["piper"])
    }
    assert named - _MAKE_NO_BYTES <= set(ENGINES)
    assert not _MAKE_NO_BYTES & set(ENGINES)


def test_engines_have_a_release_and_one_that_is_not_here_has_none() -> None:
    told = engine_versions()
    assert told.keys() == {*ENGINES, "Pango", "HarfBuzz"}
    assert all(release is None or re.match(r"\d+(\.\d+)+", release) for release in told.values())
    assert all(told[name] for name in ("weasyprint", "lameenc", "Pango", "HarfBuzz"))


def test_a_library_of_the_system_that_is_not_here_has_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "_LIBRARIES", {"Pango": ("pango_version_string", ("libnothing.so.0",))})
    assert engine_versions()["Pango"] is None
