"""Fetching Piper's voices, from a server on loopback that keeps and breaks its word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from publisher import cli
from publisher.model.findings import EngineError, InputError
from publisher.narration.voices import available_voices, fetching, open_voice, voice_from_name
from publisher.narration.voices.fetching import fetch_voice, remote_voices

NAME = "en_GB-quay-low"
MODEL, SETTINGS = b"model" * 100_000, b'{"audio": {}}'


def entry(name: str, code: str, **changed: Any) -> dict[str, Any]:
    def facts(data: bytes) -> dict[str, Any]:
        return {"size_bytes": len(data), "md5_digest": hashlib.md5(data, usedforsecurity=False).hexdigest()}

    files = {f"v/{name}.onnx": facts(MODEL), f"v/{name}.onnx.json": facts(SETTINGS), "v/CARD": facts(b"card")}
    return {"key": name, "language": {"code": code}, "quality": "low", "num_speakers": 1, "files": files} | changed


class Handler(BaseHTTPRequestHandler):
    answers: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        data = self.answers.get(self.path)
        self.send_response(404 if data is None else 200)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        # A body shorter than its head says ends the connection early.
        self.wfile.write((data or b"").removesuffix(b"CUT"))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, bytes]]:
    index = {NAME: entry(NAME, "en_GB"), "fr_FR-quai-low": entry("fr_FR-quai-low", "fr_FR")}
    Handler.answers = {
        "/r/voices.json": json.dumps(index).encode(),
        f"/r/v/{NAME}.onnx": MODEL,
        f"/r/v/{NAME}.onnx.json": SETTINGS,
    }
    Handler.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = Thread(target=served.serve_forever, daemon=True)
        thread.start()
        monkeypatch.setenv("PUBLISHER_PIPER_VOICES", f"http://127.0.0.1:{served.server_address[1]}/r")
        monkeypatch.setenv("PUBLISHER_VOICES", str(tmp_path / "voices"))
        yield Handler.answers
        served.shutdown()
        thread.join()


def test_a_voice_is_fetched_whole_and_told_as_it_comes(server: dict[str, bytes], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    path = fetch_voice(NAME, tmp_path / "voices", lambda at, of: told.append((at, of)))
    assert path.read_bytes() == MODEL
    assert Path(f"{path}.json").read_bytes() == SETTINGS
    assert sorted(file.name for file in path.parent.iterdir()) == [f"{NAME}.onnx", f"{NAME}.onnx.json"]
    assert told == sorted(told)
    assert told[-1] == (len(MODEL) + len(SETTINGS),) * 2


def test_what_is_here_is_not_fetched_again(server: dict[str, bytes], tmp_path: Path) -> None:
    fetch_voice(NAME, tmp_path)
    Handler.asked.clear()
    fetch_voice(NAME, tmp_path)
    assert Handler.asked == ["/r/voices.json"]


def test_a_damaged_copy_is_fetched_again(server: dict[str, bytes], tmp_path: Path) -> None:
    path = fetch_voice(NAME, tmp_path)
    path.write_bytes(MODEL[:-1] + b"?")
    assert fetch_voice(NAME, tmp_path).read_bytes() == MODEL


@pytest.mark.parametrize("data", [MODEL[:-1], MODEL[:-1] + b"?", MODEL + b"more", MODEL[:1000] + b"CUT", b"", None])
def test_a_file_that_is_not_as_told_is_not_kept(server: dict[str, bytes], tmp_path: Path, data: bytes | None) -> None:
    if data is None:
        del server[f"/r/v/{NAME}.onnx"]
    else:
        server[f"/r/v/{NAME}.onnx"] = data
    with pytest.raises(EngineError, match="again"):
        fetch_voice(NAME, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [f"{NAME}.onnx.json"]


@pytest.mark.parametrize(
    "index",
    [
        b"<html>",
        b"[]",
        b'{"a": 1}',
        json.dumps({"../up": entry("../up", "en")}).encode(),
        json.dumps({NAME: entry(NAME, "en_GB", files={})}).encode(),
    ],
)
def test_an_index_that_is_none_is_refused(server: dict[str, bytes], tmp_path: Path, index: bytes) -> None:
    server["/r/voices.json"] = index
    with pytest.raises(EngineError, match="no list of voices"):
        fetch_voice(NAME, tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_index_without_end_is_cut_off(
    server: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST_INDEX", 100)
    with pytest.raises(EngineError, match="larger than"):
        remote_voices()


def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="try again later"):
        fetch_voice(NAME, tmp_path, address="http://127.0.0.1:9/")


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="https"):
        fetch_voice(NAME, tmp_path, address="file:///etc/passwd")


def test_an_unknown_voice_is_named_with_those_of_its_language(server: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=NAME):
        fetch_voice("en_US-none-low", tmp_path)


def test_the_command_lists_fetches_and_offers(
    server: dict[str, bytes], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["voices", "--remote", "en"]) == 0
    assert capsys.readouterr().out.startswith(f"piper:{NAME}: en-GB, quality low, 1 MB")
    assert cli.main(["voices", "--remote", "cy"]) == 2
    assert "en-GB, fr-FR" in capsys.readouterr().err
    assert cli.main(["voices", "--fetch", NAME]) == 0
    assert f"--voice piper:{NAME}" in capsys.readouterr().out
    assert f"piper:{NAME}" in [offer.name for offer in available_voices()]


def test_a_voice_that_was_not_fetched_says_how(server: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.narration.voices.piper.find_spec", lambda name: object())
    with pytest.raises(InputError, match=f"publisher voices --fetch {NAME}"):
        open_voice(voice_from_name(f"piper:{NAME}"))


def test_listing_what_is_here_asks_nobody(server: dict[str, bytes], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["voices"]) == 0
    assert Handler.asked == []
