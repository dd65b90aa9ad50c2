"""What tests share: one browser for all tests of a process, since Playwright's synchronous interface can be opened only
once in each; the editions' PDFs, which take long to lay out; a program that forks builds.
"""

from __future__ import annotations

import faulthandler
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsers import Browsers
from builder import Builder, write_states
from playwright.sync_api import Browser, sync_playwright
from shared_by_workers import made_once, shared_folder

from publisher.build import Order, build_edition
from publisher.holding.here import IN_PROCESS
from publisher.store import Store

_LONGEST = 900
"""Seconds. A test that hangs is to end its own process, with what it was doing, and not the whole run."""


def pytest_configure() -> None:
    # Where a shell starts the tests in the background, they inherit that Ctrl-C is ignored, and would wait in vain.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # A worker loads everything anew, and knows nothing of what a test has put in the place of something: those that ask
    # about workers take this away, or ask for several jobs.
    os.environ.setdefault(IN_PROCESS, "1")


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    faulthandler.dump_traceback_later(_LONGEST, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.fail("chromium is missing; run `tools/setup.sh dev`, which installs it", pytrace=False)
    with sync_playwright() as playwright:
        opened = Browsers(playwright, program)
        yield opened
        opened.close()


@pytest.fixture
def chromium(browsers: Browsers) -> Browser:
    return browsers.one()


@pytest.fixture(scope="session")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    folder = tmp_path_factory.mktemp("builder")
    (edition,) = write_states(folder, ["To load everything."])
    one = Builder(folder, edition)
    yield one
    one.close()


@pytest.fixture(scope="session")
def pdfs_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """An edition's folder in, the folder of its two PDFs out, which are to be read and not to be changed."""
    shared = shared_folder(tmp_path_factory)

    def build(edition: Path) -> Path:
        def make(out: Path) -> None:
            build_edition(Order(edition, out, Store(shared / "pdf-store"), ("pdf",)), lambda *_: None)

        return made_once(shared / f"pdfs-{edition.name}", make) / edition.name

    return build
