"""The verified edition, read and built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from verified_edition import build, read_source, write_source

from publisher.formats.web.read import read
from publisher.model.extract import Extract
from publisher.model.publication import Publication
from publisher.verification.checks import Source, source_of


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_source(tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="session")
def publication(edition: Path) -> Publication:
    return read_source(edition)


@pytest.fixture(scope="session")
def source(publication: Publication) -> Source:
    return source_of(publication)


@pytest.fixture(scope="session")
def built(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(edition, tmp_path_factory.mktemp("built") / "build", "web")


@pytest.fixture(scope="session")
def page(built: Path) -> Extract:
    return read(built / "index.html")
