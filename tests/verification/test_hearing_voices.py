"""What is heard where the voice is a service on the network, which cannot be asked again, or a file of Piper's."""

from __future__ import annotations

import base64
import io
import json
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import gtts.tts
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from publisher.build import Order, build_edition
from publisher.formats.audio.decoding import decode, sample_rate
from publisher.model.extract import Evidence
from publisher.model.narration import Line, Role, Spoken, Voice
from publisher.narration.encoding import encode_mp3
from publisher.narration.resampling import resampled
from publisher.narration.voices import open_voice, piper
from publisher.narration.voices.gtts import RATE
from publisher.store import Store, file_digest
from publisher.verification.verdicts import Verification, Verified
from publisher.verify import Request, verify_edition

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")

ARTICLE = """---
title: The tide at the harbour
creators: Ada Fenwick
lang: en-GB
date: 2026-11-20
voice: {voice}
---

The tide came in before anyone had noticed it. By noon the whole of the harbour was under water.

Nobody in the town could remember such a spring. The older men went home and waited for the morning.
"""


class Speaker:
    """Says words with the embedded voice, as a service or a model would with its own."""

    def __init__(self) -> None:
        self._engine = open_voice(Voice("espeak"))
        self._lock = threading.Lock()

    def say(self, words: str, rate: int) -> NDArray[np.float32]:
        line = Line("x", "x", Role.PARAGRAPH, "en", words, (Spoken(words, "en", 0, len(words)),), 0)
        with self._lock:
            sound = self._engine.speak(line)
        return resampled(sound.samples, round(len(sound.samples) * rate / sound.rate)) * np.float32(0.5)

    def close(self) -> None:
        self._engine.close()


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    made = Speaker()
    yield made
    made.close()


@pytest.fixture
def service(speaker: Speaker, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The network voice's service, on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            request = json.loads(urllib.parse.parse_qs(body)["f.req"][0])
            text, *_ = json.loads(request[0][0][1])
            written = io.BytesIO()
            soundfile.write(written, speaker.say(text, RATE), RATE, format="MP3")
            inner = json.dumps([base64.b64encode(written.getvalue()).decode()], separators=(",", ":"))
            rows = [["wrb.fr", "jQ1olc", inner, None, None, None, "generic"]]
            answer = (")]}'\n\n" + json.dumps(rows, separators=(",", ":")) + "\n").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda tld="com", path="": address + path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Built:
    """A built edition and the store that keeps its clips."""

    folder: Path
    out: Path
    store: Store

    def verify(self, store: Store | None = None, *, listen: bool = False) -> Verification:
        return verify_edition(Request(self.folder, self.out, store=store or self.store, listen=listen))

    def mp3(self) -> Path:
        return self.out / "tide" / "tide.mp3"

    def spoil(self, first: float, last: float, other: float | None = None) -> None:
        """Mute the recording from one second to another, or put there what sounds from a third on."""
        rate = sample_rate(self.mp3())
        wave = np.concatenate(list(decode(self.mp3())))
        begin, end = round(first * rate), round(last * rate)
        if other is None:
            wave[begin:end] = 0
        else:
            wave[begin:end] = wave[round(other * rate) : round(other * rate) + end - begin].copy()
        tags = self.mp3().read_bytes()
        encode_mp3(self.mp3(), [wave], rate)
        keep = _id3(tags)
        self.mp3().write_bytes(keep + self.mp3().read_bytes()[len(_id3(self.mp3().read_bytes())) :])
        manifest = self.out / "tide" / "edition.json"
        data = json.loads(manifest.read_text(encoding="utf-8"))
        for file in data["files"]:
            if file["name"] == self.mp3().name:
                file["sha256"] = file_digest(self.mp3())
        manifest.write_text(json.dumps(data), encoding="utf-8")


def _id3(data: bytes) -> bytes:
    """The tag that an MP3 begins with: ten bytes and as many as these tell, seven bits in each."""
    if data[:3] != b"ID3":
        return b""
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte
    return data[: 10 + size]


def built(tmp_path: Path, voice: str, *formats: str) -> Built:
    folder = tmp_path / "source" / "tide"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE.format(voice=voice), encoding="utf-8")
    store = Store(tmp_path / "store")
    build_edition(Order(folder, tmp_path / "build", store, formats or ("audio",)), lambda *_: None)
    return Built(folder, tmp_path / "build", store)


def files(verification: Verification) -> dict[str, Verified]:
    return {file.artefact.name: file for file in verification.texts}


def found(verification: Verification, name: str = "tide.mp3") -> list[tuple[str, str]]:
    """Whatever is wrong with a file, and what is to be known of its sound."""
    told = [one.finding for one in files(verification)[name].discrepancies]
    return [
        (one.check, one.severity.value) for one in told if one.severity.value != "info" or one.check.startswith("audio")
    ]


# A service on the network.


def test_a_service_is_held_against_the_builds_own_clips_which_proves_too_little(service: None, tmp_path: Path) -> None:
    edition = built(tmp_path, "gtts", "audio", "epub")
    verification = edition.verify()
    for name in ("tide.mp3", "tide.m4b", "tide-read-aloud.epub"):
        assert found(verification, name) == [("audio-unheard", "warning")]
    told = files(verification)
    assert {name: told[name].evidence for name in ("tide.mp3", "tide.m4b", "tide.vtt")} == dict.fromkeys(
        ("tide.mp3", "tide.m4b", "tide.vtt"), Evidence.DECLARED
    )
    assert (told["tide-read-aloud.epub"].evidence, told["tide-read-aloud.epub"].sound) == (
        Evidence.EXTRACTED,
        Evidence.DECLARED,
    )
    assert verification.verdict.value == "not verified"
    assert files(verification)["tide.mp3"].proven() == files(verification)["tide.mp3"].expected()


def test_with_a_second_opinion_it_is_measured(service: None, tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    edition = built(tmp_path, "gtts", "audio", "epub")
    verification = edition.verify(listen=True)
    for name in ("tide.mp3", "tide.m4b", "tide-read-aloud.epub"):
        assert found(verification, name) == [("audio-unheard", "info"), ("audio-second-opinion", "info")]
        assert "recognised" in files(verification)[name].opinion
    assert {name: file.grade for name, file in files(verification).items()} == {
        "tide.mp3": "measured",
        "tide.m4b": "measured",
        "tide.vtt": "measured",
        "tide-transcript.html": "measured",
        "tide-transcript.txt": "measured",
        "tide-chapters.json": "measured",
        "tide.epub": "extracted",
        "tide-read-aloud.epub": "extracted, sound measured",
    }
    assert verification.verdict.value == "consistent"


def cue(edition: Built, number: int) -> tuple[float, float]:
    """When the sentence of that number in the text sounds."""
    blocks = (edition.out / "tide" / "tide.vtt").read_text(encoding="utf-8").split("\n\n")
    times = next(block for block in blocks if block.startswith(f"opening-{number}")).split("\n")[1].split(" --> ")
    begin, end = (sum(float(part) * 60**place for place, part in enumerate(reversed(t.split(":")))) for t in times)
    return begin, end


@pytest.mark.parametrize("listen", [False, True])
def test_a_muted_sentence_of_a_service_is_found(service: None, tmp_path: Path, listen: bool) -> None:
    if listen:
        pytest.importorskip("pocketsphinx")
    edition = built(tmp_path, "gtts")
    edition.spoil(*cue(edition, 1))
    told = found(edition.verify(listen=listen))
    assert ("audio-muted", "error") in told
    assert (("audio-unrecognised", "warning") in told) == listen


def test_another_sentence_of_a_service_is_found(service: None, tmp_path: Path) -> None:
    edition = built(tmp_path, "gtts")
    edition.spoil(*cue(edition, 1), cue(edition, 2)[0])
    assert [check for check, severity in found(edition.verify()) if severity == "error"] == ["audio-wrong"]


def test_on_another_machine_a_service_can_be_held_against_nothing(service: None, tmp_path: Path) -> None:
    edition = built(tmp_path, "gtts", "audio", "epub")
    verification = edition.verify(Store(tmp_path / "empty"))
    for name in ("tide.mp3", "tide.m4b", "tide-read-aloud.epub"):
        assert found(verification, name) == [("audio-unheard", "warning")]
    assert verification.verdict.value == "not verified"


def test_with_some_of_its_clips_the_others_are_still_heard(service: None, tmp_path: Path) -> None:
    edition = built(tmp_path, "gtts")
    clips = sorted((tmp_path / "store").rglob("*.flac"), key=lambda path: path.stat().st_size)
    clips[0].unlink()  # a title, or “The article.”
    assert found(edition.verify()) == [("audio-unheard", "warning")]
    edition.spoil(*cue(edition, 1))
    told = found(edition.verify())
    assert ("audio-unheard", "warning") in told
    assert {check for check, severity in told if severity == "error"} & {"audio-muted", "audio-wrong", "audio-missing"}


def test_a_second_opinion_alone_on_another_machine_still_finds_what_is_muted(service: None, tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    edition = built(tmp_path, "gtts")
    elsewhere = Store(tmp_path / "empty")
    assert found(edition.verify(elsewhere, listen=True)) == [
        ("audio-unheard", "warning"),
        ("audio-second-opinion", "info"),
    ]
    edition.spoil(*cue(edition, 2))
    assert ("audio-unrecognised", "warning") in found(edition.verify(elsewhere, listen=True))


# Piper, with a voice made here.


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("piper")
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "narration"))
    from tiny_voice import write_voice  # noqa: PLC0415

    return write_voice(tmp_path / "voice.onnx")


def test_a_piper_voice_is_asked_again_on_any_machine(model: Path, tmp_path: Path) -> None:
    edition = built(tmp_path, f"piper:{model}", "audio", "epub")
    verification = edition.verify(Store(tmp_path / "empty"))
    assert found(verification) == []
    assert files(verification)["tide.mp3"].evidence is Evidence.MEASURED
    assert files(verification)["tide-read-aloud.epub"].sound is Evidence.MEASURED
    assert verification.verdict.value == "consistent"
    edition.spoil(*cue(edition, 2))
    assert ("audio-muted", "error") in found(edition.verify(Store(tmp_path / "empty")))


def test_without_piper_nothing_is_heard_and_that_is_told(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = built(tmp_path, f"piper:{model}", "audio", "epub")
    monkeypatch.setattr(piper, "find_spec", lambda name: None)
    verification = edition.verify()
    for name in ("tide.mp3", "tide.m4b", "tide.vtt", "tide-read-aloud.epub"):
        assert found(verification, name) == [("audio-unheard", "warning")]
    assert "install it with" in files(verification)["tide.mp3"].discrepancies[0].finding.message
    assert verification.verdict.value == "not verified"
