from __future__ import annotations

import pytest
from epub_books import Book, written
from epub_sample import small_publication

from publisher.model.publication import Publication
from publisher.store import Store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="session")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return small_publication(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session")
def editions(publication: Publication, store: Store, tmp_path_factory: pytest.TempPathFactory) -> list[Book]:
    return written(publication, tmp_path_factory.mktemp("editions"), store, aloud=True)


@pytest.fixture(scope="session")
def text_edition(editions: list[Book]) -> Book:
    return editions[0]


@pytest.fixture(scope="session")
def read_aloud(editions: list[Book]) -> Book:
    return editions[1]
