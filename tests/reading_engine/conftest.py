from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_page import Epub, OpenBook, Reader, files_of, serving
from playwright.sync_api import Browser, Page

from publisher.build import Order, build_edition
from publisher.store import Store

EDITIONS = Path(__file__).parents[1] / "editions"


@pytest.fixture(scope="session")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Epub:
    """EPUBs of the test editions by file name, each edition built once, whichever of pytest-xdist's workers asks first.

    The PDF is built too: the EPUB's page list comes from it.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    store = Store(shared / "conformance-store")  # the validators' tests build the same editions: one narration for both
    done: dict[str, Path] = {}

    def build(file: str) -> Path:
        name = file.removesuffix(".epub").removesuffix("-read-aloud")
        if name not in done:
            with (shared / f"reading-engine-{name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                order = Order(EDITIONS / name, shared / "reading-engine", store, formats=("epub", "pdf"))
                done[name] = build_edition(order, lambda *_: None).folder
        return done[name] / file

    return build


@pytest.fixture(scope="session")
def address(epub: Epub) -> Iterator[str]:
    """Where the reading application is served."""
    with serving(files_of(epub)) as found:
        yield found


@pytest.fixture
def settings() -> dict[str, Any]:
    """The browser's settings; tests override them by parametrizing."""
    return {}


@pytest.fixture
def page(chromium: Browser, settings: dict[str, Any]) -> Iterator[Page]:
    context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
    yield context.new_page()
    context.close()


@pytest.fixture
def open_book(epub: Epub, address: str, page: Page) -> Iterator[OpenBook]:
    """Opens an EPUB in the engine; whatever goes wrong in it until the end fails the test."""
    reader = Reader(page, address)

    def opened(book: str, **choices: object) -> Reader:
        epub(book)  # built before the browser waits for it
        return reader.open(book, **choices)

    yield opened
    assert reader.problems() == []
