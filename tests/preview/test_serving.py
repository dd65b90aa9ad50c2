"""The server, over real connections: who is answered, with what, and what cannot be reached."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.model.findings import InputError, Severity
from publisher.preview.board import CATALOGUE, Board, Excerpt, Status, Told
from publisher.preview.serving import Server, Site
from publisher.rendering.templates import Templates

PAGE = (
    '<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"/>'
    "</head><body><p>Bonjour é</p></body></html>"
)
SOUND = bytes(range(256)) * 40


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def server(tmp_path: Path, board: Board) -> Iterator[Server]:
    out, draft = tmp_path / "build", tmp_path / "draft"
    (out / "bridge").mkdir(parents=True)
    (out / "other").mkdir()
    draft.mkdir()
    (out / "index.html").write_text("<body>the catalogue</body>", encoding="utf-8")
    (out / "bridge" / "index.html").write_text("<body>published</body>", encoding="utf-8")
    (out / "bridge" / "bridge.mp3").write_bytes(SOUND)
    (out / "other" / "index.html").write_text("<body>another</body>", encoding="utf-8")
    (out / "other" / "edition.json").write_text("{}", encoding="utf-8")
    (out / ".bridge.lock").touch()
    (draft / "index.html").write_text(PAGE, encoding="utf-8")
    (draft / "bridge.mp3").symlink_to(out / "bridge" / "bridge.mp3")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (out / "secret.txt").symlink_to(tmp_path / "secret.txt")
    (out / "up").symlink_to(tmp_path)
    os.mkfifo(out / "pipe")
    board.put(Status("bridge", (draft, out / "bridge"), "v1"))
    server = Server(Site(board, (tmp_path / "catalogue", out), Templates()), 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    board.close()
    server.shutdown()
    server.server_close()
    thread.join()


def ask(
    server: Server, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(server: Server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_page_is_the_draft_with_the_panel(server: Server) -> None:
    response, body = ask(server, "/bridge/")
    page = body.decode()
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "<p>Bonjour é</p>" in page
    assert 'data-version="v1"' in page
    assert f"connect-src http://127.0.0.1:{server.port}/.preview/events" in page.replace("&#x27;", "'")
    assert '<script src="/.preview/preview.js"' in page


def test_the_files_on_the_disk_are_not_touched(server: Server, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.html")}
    ask(server, "/bridge/")
    ask(server, "/")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.html")} == before


def test_what_a_draft_lacks_comes_from_what_is_published(server: Server) -> None:
    response, body = ask(server, "/bridge/bridge.mp3")
    assert (response.status, body) == (200, SOUND)
    assert response.headers["Content-Type"] == "audio/mpeg"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert "Content-Security-Policy" not in response.headers


def test_a_part_of_a_file(server: Server) -> None:
    response, body = ask(server, "/bridge/bridge.mp3", headers={"Range": "bytes=100-299"})
    assert (response.status, body) == (206, SOUND[100:300])
    assert response.headers["Content-Range"] == f"bytes 100-299/{len(SOUND)}"
    response, body = ask(server, "/bridge/bridge.mp3", headers={"Range": f"bytes={len(SOUND)}-"})
    assert (response.status, body) == (416, b"")
    assert response.headers["Content-Range"] == f"bytes */{len(SOUND)}"
    response, body = ask(server, "/bridge/bridge.mp3", headers={"Range": "bytes=0-9", "If-Range": '"x"'})
    assert (response.status, body) == (200, SOUND)


def test_head_tells_what_get_would_send(server: Server) -> None:
    for path in ("/bridge/", "/bridge/bridge.mp3", "/none", "/.preview/preview.js"):
        got, body = ask(server, path)
        head, nothing = ask(server, path, "HEAD")
        assert head.status == got.status
        assert head.headers["Content-Length"] == str(len(body))
        assert nothing == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(server: Server, method: str, tmp_path: Path) -> None:
    response, _ = ask(server, "/bridge/index.html", method, body=b"x" if method != "TRACE" else None)
    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert (tmp_path / "draft" / "index.html").read_text("utf-8") == PAGE


def test_a_method_that_nobody_knows(server: Server) -> None:
    assert b" 501 " in raw(server, b"SHOUT / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").splitlines()[0]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "evil.example:{port}", ""])
def test_other_hosts_are_refused(server: Server, host: str) -> None:
    told = host.format(port=server.port)
    response, body = ask(server, "/bridge/", headers={"Host": told})
    assert response.status == 403
    assert b"Bonjour" not in body


@pytest.mark.parametrize(
    "request_",
    [b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"GET /\r\n", b"GET http://evil.example/ HTTP/1.1\r\n"],
)
def test_no_host_no_answer(server: Server, request_: bytes) -> None:
    answer = raw(server, request_)
    assert b"catalogue" not in answer
    assert b" 200 " not in answer


def test_two_hosts_are_one_too_many(server: Server) -> None:
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    assert b" 200 " in raw(server, b"GET / HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n").splitlines()[0]
    assert b" 400 " in raw(server, b"GET / HTTP/1.1\r\n" + host + host + b"\r\n").splitlines()[0]


def test_other_origins_are_refused(server: Server) -> None:
    assert ask(server, "/bridge/", headers={"Origin": "http://evil.example"})[0].status == 403
    assert ask(server, "/bridge/", headers={"Origin": "null"})[0].status == 403
    assert ask(server, "/bridge/bridge.mp3", headers={"Sec-Fetch-Site": "cross-site"})[0].status == 403
    assert ask(server, "/.preview/events", headers={"Origin": "http://evil.example"})[0].status == 403
    assert ask(server, "/bridge/", headers={"Origin": f"http://127.0.0.1:{server.port}"})[0].status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/bridge/../../secret.txt",
        "/bridge/%2e%2e/%2e%2e/secret.txt",
        "/bridge/..%2f..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/bridge/%252e%252e/secret.txt",
        "/secret.txt",
        "/up/secret.txt",
        "/bridge/up/secret.txt",
        "/.bridge.lock",
        "/bridge/index.html%00.txt",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/pipe",
        "/bridge/none.html",
        "/.preview/none",
        "/other/edition.json/",
    ],
)
def test_nothing_else_can_be_reached(server: Server, path: str) -> None:
    response, body = ask(server, path)
    assert response.status == 404
    assert body == b"there is no such file\n"


def test_a_folder_is_no_list_and_leads_to_its_page(server: Server, tmp_path: Path) -> None:
    response, _ = ask(server, "/bridge")
    assert (response.status, response.headers["Location"]) == (307, "/bridge/")
    (tmp_path / "build" / "bridge" / "media").mkdir()
    (tmp_path / "build" / "bridge" / "media" / "a.txt").touch()
    response, body = ask(server, "/bridge/media/")
    assert response.status == 404
    assert b"a.txt" not in body


def test_what_is_sent_along_with_a_request_is_no_request(server: Server) -> None:
    host = f"Host: 127.0.0.1:{server.port}\r\n".encode()
    smuggled = b"GET /other/ HTTP/1.1\r\n" + host + b"\r\n"
    answer = raw(server, b"GET /bridge/ HTTP/1.1\r\n" + host + b"Content-Length: %d\r\n\r\n" % len(smuggled) + smuggled)
    assert answer.count(b"HTTP/1.1 200") == 1


def test_an_edition_that_is_not_watched_says_so(server: Server) -> None:
    response, body = ask(server, "/other/")
    assert response.status == 200
    assert b"another" in body
    assert b"not watched" in body


def test_an_edition_without_a_page_waits_for_it(server: Server, board: Board) -> None:
    finding = Told(Severity.ERROR, "<script>alert(1)</script> & “quotes”", "a&b.md:3:4", Excerpt(3, "<b>", "<i>"))
    board.put(Status("new", failed=True, findings=(finding,)))
    response, body = ask(server, "/new/")
    page = body.decode()
    assert response.status == 503
    assert "no draft can be made; 1 error" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “quotes”" in page
    assert "a&amp;b.md:3:4" in page
    assert "3 | &lt;b&gt;<mark>&lt;i&gt;</mark>" in page
    assert "<script>alert" not in page
    assert ask(server, "/new/other.html")[0].status == 404


def test_the_catalogue_is_told_of_all_editions(server: Server, board: Board) -> None:
    board.put(Status("harbour", (), "x", findings=(Told(Severity.WARNING, "a dead link", "a.md:3"),)))
    page = ask(server, "/")[1].decode()
    assert "the catalogue" in page
    assert "<h3>harbour</h3>" in page
    assert "harbour: 1 warning" in page
    assert "<strong>Warning</strong>" in page


def events(server: Server, edition: str) -> Iterator[dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", f"/.preview/events?edition={edition}")
    response = connection.getresponse()
    assert response.headers["Content-Type"].startswith("text/event-stream")
    try:
        for line in response:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])
    finally:
        response.close()
        connection.close()


def test_pages_hear_of_what_is_new(server: Server, board: Board) -> None:
    stream = events(server, "bridge")
    assert next(stream)["version"] == "v1"
    board.doing("bridge", "making a draft")
    assert next(stream)["said"] == "making a draft"
    board.change("bridge", lambda status: replace(status, version="v2", doing=""))
    told = next(stream)
    assert (told["version"], told["said"]) == ("v2", "up to date")
    board.put(Status(CATALOGUE, version="of another page"))
    board.change("bridge", lambda status: replace(status, stale=("pdf", "audio")))
    assert next(stream)["said"] == "up to date; older than the text: PDF, audio"
    board.close()
    assert list(stream) == []


def test_a_port_that_is_taken_is_told(server: Server) -> None:
    with pytest.raises(InputError, match=rf"port {server.port} is taken, .*--port"):
        Server(server.site, server.port)
    with pytest.raises(InputError, match="no port 70000"):
        Server(server.site, 70000)


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'), ("a.xhtml", "<html/>"), ("a.xml", "<a/>")],
)
def test_what_could_run_by_itself_is_opened_in_a_sandbox(server: Server, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "draft" / name).write_text(text, encoding="utf-8")
    response, _ = ask(server, f"/bridge/{name}")
    policy = response.headers["Content-Security-Policy"]
    assert response.status == 200
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; sandbox")
    assert "script-src" not in policy


def test_whatever_is_asked_for_nothing_is_written(server: Server, tmp_path: Path) -> None:
    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in tmp_path.rglob("*")}

    before = state()
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"):
        for path in ("/", "/bridge/", "/bridge/index.html", "/bridge/new.html", "/bridge/bridge.mp3", "/new/"):
            ask(server, path, method, body=b"new" if method in ("POST", "PUT", "PATCH") else None)
    assert state() == before
    (tmp_path / "draft" / "new.html").touch()
    assert state() != before
