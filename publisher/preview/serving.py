"""The server: drafts and what is published below them, on 127.0.0.1, to be read and nothing else."""

from __future__ import annotations

import errno
import json
import os
import socketserver
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs

from publisher.model.findings import InputError
from publisher.preview.addresses import (
    ADDRESS,
    EVENTS,
    SCRIPT,
    STYLES,
    RefusedError,
    address_of,
    check_asker,
    names_of,
    our_host,
)
from publisher.preview.board import CATALOGUE, Board
from publisher.preview.files import Folder, Span, UnsatisfiableError, media_type, open_below, span_of
from publisher.preview.injecting import injected
from publisher.preview.panel import panel_markup, view_of, waiting_page
from publisher.rendering.templates import Templates

_INDEX = "index.html"
_PIECE = 1 << 16
_STILL_HERE = 15.0
"""Seconds after which a silent stream says that it is still there, and so finds out whether its reader is."""
_OWN = {SCRIPT: "preview.js", STYLES: "panel.css"}
_POLICIES = {
    "text/html; charset=utf-8": "default-src 'self' data: 'unsafe-inline'; object-src 'none'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "image/svg+xml": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "application/xml": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "application/xhtml+xml": "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; sandbox",
}
"""Content-Security-Policies by media type. Pages bring stricter ones of their own; this holds where an edition's own
template forgot to, and keeps a picture that is opened by itself from running anything."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is served: the editions on the board from their layers; anything else from `roots`, the first first."""

    board: Board
    roots: tuple[Path, ...]
    templates: Templates

    def owner(self, names: tuple[str, ...]) -> str | None:
        """The edition that names lead into, the catalogue's name for what stands beside them all, None for editions
        that this preview does not watch."""
        if len(names) > 1 and self.board.status(names[0]) is None:
            return None if any((root / names[0] / "edition.json").is_file() for root in self.roots) else CATALOGUE
        return names[0] if len(names) > 1 else CATALOGUE

    def open(self, names: tuple[str, ...]) -> BinaryIO | Folder | None:
        """The file or folder of these names; None where no layer has it."""
        status = self.board.status(names[0])
        layers, inside = (self.roots, names) if status is None else (status.layers, names[1:])
        if status is not None and not inside:
            return Folder()
        folder = None
        for layer in layers:
            found = open_below(layer, inside)
            if isinstance(found, Folder):
                folder = found
            elif found is not None:
                return found
        return folder


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Answers on 127.0.0.1. `port` 0 is any that is free.

    Raises InputError where the port cannot be had. (http.server's own class asks the network for this machine's name.)
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        if not 0 <= port <= 65535:
            raise InputError(f"no port {port}; choose one from 1024 to 65535, or 0 for any that is free")
        try:
            super().__init__((ADDRESS, port), Handler)
        except OSError as problem:
            told = {
                errno.EADDRINUSE: f"port {port} is taken, perhaps by another preview; end that one, or choose another"
                " with --port (0 for any that is free)",
                errno.EACCES: f"port {port} is for administrators; choose one from 1024 with --port",
            }
            message = told.get(problem.errno or 0, f"cannot serve on port {port}: {problem.strerror}; choose --port 0")
            raise InputError(message) from problem

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """A reader who went away is none; a fault of ours is told in one line, and the preview goes on."""
        problem = sys.exc_info()[1]
        if not isinstance(problem, ConnectionError | TimeoutError):
            print(f"error: the preview could not answer: {type(problem).__name__}: {problem}", file=sys.stderr)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "publisher", ""
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        try:
            self._answer()
        except RefusedError as problem:
            self._refuse(problem)

    do_HEAD = do_GET  # noqa: N815

    def _not_allowed(self) -> None:
        self._refuse(RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "a preview is read: GET and HEAD are answered"))

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_TRACE = do_CONNECT = _not_allowed  # noqa: N815

    def version_string(self) -> str:
        return "publisher"

    def log_message(self, format: str, *args: Any) -> None:
        """The terminal is for findings."""

    # The answers

    def _answer(self) -> None:
        if self.headers.get("Content-Length") or self.headers.get("Transfer-Encoding"):
            self.close_connection = True  # what is sent along is not read
        host = our_host(self.headers.get_all("Host", []), self.server.port)
        site, mode = self.headers.get("Sec-Fetch-Site"), self.headers.get("Sec-Fetch-Mode")
        check_asker(self.headers.get_all("Origin", []), site, mode, host)
        path, _, query = self.path.partition("?")
        if path == EVENTS:
            self._events(query)
        elif path == "/favicon.ico":
            # Browsers ask for it whether a page has one or not.
            self._send(HTTPStatus.NO_CONTENT, "image/x-icon", b"")
        elif path in _OWN:
            data = self.server.site.templates.find("preview", _OWN[path]).read_bytes()
            self._send(HTTPStatus.OK, media_type(path), data)
        else:
            self._page(names_of(self.path), host)

    def _page(self, names: tuple[str, ...], host: str) -> None:
        site = self.server.site
        owner = site.owner(names)
        # Before the file is opened: a version too old has the page load again, one too new would have it stay old.
        view = view_of(site.board, owner if owner is not None else names[0], site.templates)
        found = site.open((*names[:-1], names[-1] or _INDEX))
        if isinstance(found, Folder):
            self._send(
                HTTPStatus.TEMPORARY_REDIRECT, "text/plain; charset=utf-8", b"", {"Location": address_of((*names, ""))}
            )
        elif found is not None:
            with found:
                kind = media_type(names[-1] or _INDEX)
                if kind.startswith("text/html"):
                    panel = panel_markup(view, owner if owner is not None else names[0], site.templates)
                    page = injected(found.read().decode("utf-8", "replace"), f"http://{host}", panel)
                    self._send(HTTPStatus.OK, kind, page.encode())
                else:
                    self._file(found, kind)
        elif names[-1] in ("", _INDEX) and owner is not None and names[:-1] == ((owner,) if owner else ()):
            panel = panel_markup(view, owner, site.templates)
            page = injected(waiting_page(owner, site.templates), f"http://{host}", panel)
            self._send(HTTPStatus.SERVICE_UNAVAILABLE, media_type(_INDEX), page.encode())
        else:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such file")

    def _file(self, stream: BinaryIO, kind: str) -> None:
        size = os.fstat(stream.fileno()).st_size
        # There is nothing in these answers that If-Range could be held against, so that it never matches.
        asked = None if "If-Range" in self.headers else self.headers.get("Range")
        try:
            span = span_of(asked, size)
        except UnsatisfiableError:
            headers = {"Content-Range": f"bytes */{size}"}
            self._send(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, kind, b"", headers)
            return
        part = span or Span(0, size)
        headers = {"Accept-Ranges": "bytes"}
        if span:
            headers["Content-Range"] = f"bytes {span.first}-{span.end - 1}/{size}"
        self._head(HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK, kind, part.length, headers)
        if self.command == "HEAD":
            return
        for piece in _pieces(stream, part):
            self.wfile.write(piece)

    def _events(self, query: str) -> None:
        """What is new of an edition, for as long as somebody listens. https://html.spec.whatwg.org/#server-sent-events"""
        site = self.server.site
        name = parse_qs(query).get("edition", [CATALOGUE])[0]
        self.close_connection = True
        self._head(HTTPStatus.OK, "text/event-stream; charset=utf-8", None, {"X-Accel-Buffering": "no"})
        if self.command == "HEAD":
            return
        self.wfile.write(b"retry: 500\n\n")
        serial, said = -2, ""
        while (serial := site.board.wait(serial, _STILL_HERE)) != -1:
            data = json.dumps(view_of(site.board, name, site.templates).data())
            self.wfile.write(f"data: {data}\n\n".encode() if data != said else b": still here\n\n")
            said = data

    def _refuse(self, problem: RefusedError) -> None:
        self.close_connection = True
        headers = {"Allow": "GET, HEAD"} if problem.status is HTTPStatus.METHOD_NOT_ALLOWED else {}
        self._send(problem.status, "text/plain; charset=utf-8", f"{problem.words}\n".encode(), headers)

    def _send(self, status: HTTPStatus, kind: str, data: bytes, headers: Mapping[str, str] | None = None) -> None:
        self._head(status, kind, len(data), headers or {})
        if self.command != "HEAD":
            self.wfile.write(data)

    def _head(self, status: HTTPStatus, kind: str, length: int | None, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        told = {"Content-Type": kind, **headers}
        if length is not None:
            told["Content-Length"] = str(length)
        if kind in _POLICIES:
            told["Content-Security-Policy"] = _POLICIES[kind]
        told |= {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if self.close_connection:
            told["Connection"] = "close"
        for name, value in told.items():
            self.send_header(name, value)
        self.end_headers()


def _pieces(stream: BinaryIO, part: Span) -> Iterator[bytes]:
    stream.seek(part.first)
    left = part.length
    while left and (piece := stream.read(min(left, _PIECE))):
        left -= len(piece)
        yield piece
