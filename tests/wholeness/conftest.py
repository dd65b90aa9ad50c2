"""What the tests of wholeness share: a program that forks builds, two states of an edition, each built undisturbed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from builder import LIGHT, Builder, States, contents, write_states


@pytest.fixture(scope="session")
def mounting_builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """One that can mount file systems which nobody else sees, and which end with it."""
    ways = (("unshare", "--mount"), ("unshare", "--user", "--map-root-user", "--mount"))
    for way in ways:
        try:
            works = subprocess.call([*way, "mount", "-t", "tmpfs", "none", "/mnt"], stderr=subprocess.DEVNULL) == 0
        except FileNotFoundError:
            break
        if works:
            folder = tmp_path_factory.mktemp("mounting-builder")
            (edition,) = write_states(folder, ["To load everything."])
            one = Builder(folder, edition, way)
            yield one
            one.close()
            return
    pytest.skip("no file system can be mounted here: it takes Linux, and root or user namespaces")


def states_of(builder: Builder, folder: Path, *arguments: str) -> States:
    first, second = write_states(folder)
    out, ended, built = folder / "undisturbed", [], []
    for number, edition in enumerate((first, second)):
        ended.append(builder.build(edition, out, folder / f"store{number}", *arguments))
        assert ended[-1].status == 0, ended[-1].stderr
        built.append(contents(out))
    return States((first, second), (built[0], built[1]), (ended[0], ended[1]))


@pytest.fixture(scope="session")
def light(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> States:
    """EPUB, pages and sound."""
    return states_of(builder, tmp_path_factory.mktemp("light"), *LIGHT)


@pytest.fixture(scope="session")
def full(builder: Builder, tmp_path_factory: pytest.TempPathFactory) -> States:
    """Every format."""
    return states_of(builder, tmp_path_factory.mktemp("full"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`part` is one of several parts of a long test, so that workers can share them: `make endure` runs all."""
    if "part" in metafunc.fixturenames:
        metafunc.parametrize("part", range(20 if os.environ.get("PUBLISHER_ENDURE") else 4))
