"""A reading application on loopback: foliate-js, from node_modules, in a small page of ours, opening built EPUBs.

foliate-js (MIT) is the engine of the Foliate reader: it reads the package, the navigation document, page lists and
media overlays itself, and lays the documents out in pages. https://github.com/johnfactotum/foliate-js
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Frame, Locator, Page, Request, Response

HERE = Path(__file__).parent
FONTS = HERE.parents[1] / "templates" / "shared" / "fonts"
ENGINE = HERE.parents[1] / "node_modules" / "foliate-js"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".epub": "application/epub+zip",
    ".woff2": "font/woff2",
}
SANDBOX = "allow-scripts and allow-same-origin"
"""The browser warns of this way to hold a book's documents, which is the engine's; no other warning is let pass."""


def engine_files() -> dict[str, Path]:
    """The page's and the engine's files by their path on the server."""
    if not (ENGINE / "view.js").is_file():
        pytest.fail("node_modules/foliate-js is missing; run `tools/setup.sh dev`, which installs it", pytrace=False)
    files = {f"/engine/{path.relative_to(ENGINE).as_posix()}": path for path in ENGINE.rglob("*.js")}
    files |= {f"/fonts/{path.name}": path for path in FONTS.glob("source-serif-4-latin-*.woff2")}
    return files | {f"/{name}": HERE / name for name in ("reader.html", "reader.css", "reader.js")}


@contextmanager
def serving(files: Callable[[str], Path | None]) -> Iterator[str]:
    """A server for these files on a free port of 127.0.0.1; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = files(urlsplit(self.path).path)
            if path is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            data = path.read_bytes()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", TYPES[path.suffix])
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what fails is told by the page."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser that closes while it is answered is no fault."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Reader:
    """A book that is open in the engine, and everything that went wrong with it so far."""

    page: Page
    address: str
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.told.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def open(self, book: str, **choices: object) -> Reader:
        """Opens a built EPUB by its file name; `choices` are the page's: size=200, narrow=1, scrolled=1, follow=1."""
        named = {name.replace("_", "-"): str(value) for name, value in choices.items()}
        self.page.goto(f"{self.address}/reader.html?{urlencode({'book': book, **named})}")
        self.until("reader.open || reader.problems.length")
        assert self.problems() == []
        return self

    def until(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(f"(argument) => {condition}", arg=argument, timeout=30_000)

    def ask(self, expression: str, argument: object = None) -> Any:
        return self.page.evaluate(f"(argument) => {expression}", argument)

    def frame(self) -> Frame:
        """The frame of the document that is shown."""
        return self._frame("reader.shown().defaultView.frameElement")

    def note_frame(self) -> Frame:
        """The frame of the note that has popped up."""
        return self._frame("reader.note.doc.defaultView.frameElement")

    def press(self, link: Locator) -> None:
        """Turns to the page of a link, presses it and lets go.

        As with a hand there is time between: the engine turns to what has the focus before the link is followed.
        """
        link.evaluate("link => parent.reader.turnTo(link)")
        link.hover()
        self.page.mouse.down()
        self.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.page.mouse.up()

    def go_to(self, href: str) -> None:
        """Goes to an address inside the book, such as `article.xhtml#fn-1`."""
        self.ask("reader.view.goTo(argument)", self.within(href))
        self.until("reader.target(argument) && reader.seen(reader.target(argument))", self.within(href))

    def within(self, href: str) -> str:
        """The address from the container's root, as the engine tells addresses."""
        return f"{self.ask('reader.view.book.sections[0].id').rpartition('/')[0]}/{href}"

    def problems(self) -> list[str]:
        return [*self.told, *self.ask("reader.problems")]

    def _frame(self, expression: str) -> Frame:
        element = self.page.evaluate_handle(expression).as_element()
        assert element is not None
        found = element.content_frame()
        assert found is not None
        return found

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and SANDBOX not in message.text:
            self.told.append(f"{message.type}: {message.text}")

    def _failed(self, request: Request) -> None:
        # A blob's address is given back once the sound of a document has been played: then its request is cut short.
        # And where the next document is shown, the browser asks no more for what the last one still waited for.
        if not request.url.startswith("blob:") and request.failure != "net::ERR_ABORTED":
            self.told.append(f"failed: {request.url} {request.failure}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "blob:", "data:", "about:")):
            self.told.append(f"elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            self.told.append(f"{response.status}: {response.url}")


def files_of(books: Callable[[str], Path]) -> Callable[[str], Path | None]:
    """What the server gives for a path: the engine's files, and EPUBs by their name, looked up when asked for."""
    fixed: Mapping[str, Path] = engine_files()

    def look(path: str) -> Path | None:
        if path.startswith("/books/"):
            return books(path.removeprefix("/books/"))
        return fixed.get(path)

    return look


Epub = Callable[[str], Path]
"""A fixture: a book's file by its name."""
OpenBook = Callable[..., Reader]
"""A fixture: opens a book, with the choices of `Reader.open`."""
