from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from built_editions import EDITIONS, FORMATS, Built
from playwright.sync_api import Browser, Page

from publisher.build import Order, build_edition
from publisher.store import Store


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Editions in their formats for screens, each built once, whichever of pytest-xdist's workers asks first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    store = Store(shared / "conformance-store")
    done: dict[str, Path] = {}

    def build(name: str) -> Path:
        if name not in done:
            with (shared / f"conformance-{name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # What another worker has built is up to date, and so is not built again.
                order = Order(EDITIONS[name], shared / "conformance", store, formats=FORMATS)
                done[name] = build_edition(order, lambda *_: None).folder
        return done[name]

    return build


@pytest.fixture
def page(chromium: Browser, scheme: Literal["light", "dark"], width: int) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield context.new_page()
    context.close()
