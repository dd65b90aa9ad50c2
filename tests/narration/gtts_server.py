"""A server on loopback that speaks the protocol of Google Text-to-Speech, and misbehaves as it is told."""

from __future__ import annotations

import base64
import io
import json
import shutil
import ssl
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zlib import crc32

import gtts.tts
import numpy as np
import pytest
import soundfile

from publisher.narration.voices.gtts import RATE


def mp3(seconds: float, level: float = 0.2, rate: int = RATE, words: str = "") -> bytes:
    """A melody that every text has of its own."""
    written = io.BytesIO()
    pitches = np.random.default_rng(crc32(words.encode())).uniform(0.02, 0.3, round(seconds * 20) + 1)
    steps = np.repeat(pitches, rate // 20)[: round(rate * seconds)]
    soundfile.write(written, (level * np.sin(np.cumsum(steps))).astype("f4"), rate, format="MP3")
    return written.getvalue()


@dataclass
class Service:
    """What the server has been asked, and how it is to behave, request by request; then as `always` says."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    misbehaviour: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    always: str = "well"
    elsewhere: int = 0


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The server, and gTTS turned to it."""
    state = Service()
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            request = json.loads(urllib.parse.parse_qs(body)["f.req"][0])
            text, lang, *_ = json.loads(request[0][0][1])
            state.asked.append((text, lang))
            how = state.misbehaviour.pop(0) if state.misbehaviour else state.always
            if how == "hang":
                release.wait(30)
                return
            if how == "cut off at once":
                return
            self.send_response(302 if how == "redirect" else int(how) if how.isdecimal() else 200)
            if how == "redirect":
                self.send_header("Location", "/elsewhere")
            answer = self.answer(how, text)
            self.send_header("Content-Length", str(len(answer) + (99 if how in ("cut off", "drip") else 0)))
            self.end_headers()
            if how == "cut in the middle":
                answer = answer[: len(answer) // 2]
            self.wfile.write(answer)
            if how == "drip":
                with suppress(OSError):
                    while not release.wait(0.02):
                        self.wfile.write(b" ")

        def do_GET(self) -> None:
            state.elsewhere += 1
            self.send_response(200)
            self.end_headers()

        def answer(self, how: str, text: str) -> bytes:
            if how.isdecimal() or how == "nothing":
                return b""
            sounds = {"silence": mp3(3, 0), "half": mp3(0.1), "garbage": b"no mp3"}
            sound = sounds.get(how) or mp3(
                max(1.0, 0.07 * len(text)), rate=16000 if how == "16 kHz" else RATE, words=text
            )
            inner = json.dumps([base64.b64encode(sound).decode()], separators=(",", ":"))
            rows = [["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]]
            return (")]}'\n\n" + json.dumps(rows, separators=(",", ":")) + "\n").encode()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda tld="com", path="": address + path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield state
    release.set()
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def serving_tls(folder: Path) -> Iterator[str]:
    """The address of a server whose certificate nobody vouches for."""
    program = shutil.which("openssl") or pytest.skip("no openssl to make a certificate with")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *(program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raise AssertionError("the text was sent to a stranger")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda request, address: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
