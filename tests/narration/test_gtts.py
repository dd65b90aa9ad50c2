"""The network voice, against a server on loopback that speaks the service's protocol and misbehaves."""

from __future__ import annotations

import base64
import io
import json
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import gtts.tts
import numpy as np
import pytest
import soundfile
from narration_sample import line

from publisher.model.findings import EngineError, InputError
from publisher.model.narration import Spoken, Voice
from publisher.narration.voices.gtts import RATE, GttsEngine, offers

pytestmark = pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")


def mp3(seconds: float, level: float = 0.2, rate: int = RATE) -> bytes:
    written = io.BytesIO()
    tone = level * np.sin(np.arange(round(rate * seconds)) * 0.05)
    soundfile.write(written, tone.astype("f4"), rate, format="MP3")
    return written.getvalue()


@dataclass
class Service:
    """What the server has been asked, and how it is to behave, request by request; at the end, well."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    misbehaviour: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    state = Service()
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            request = json.loads(urllib.parse.parse_qs(body)["f.req"][0])
            text, lang, *_ = json.loads(request[0][0][1])
            state.asked.append((text, lang))
            how = state.misbehaviour.pop(0) if state.misbehaviour else "well"
            if how == "hang":
                release.wait(30)
                return
            self.send_response(int(how) if how.isdecimal() else 200)
            answer = self.answer(how, text)
            self.send_header("Content-Length", str(len(answer) + (99 if how == "cut off" else 0)))
            self.end_headers()
            self.wfile.write(answer)

        def answer(self, how: str, text: str) -> bytes:
            if how.isdecimal() or how == "nothing":
                return b""
            sounds = {"silence": mp3(3, 0), "half": mp3(0.1), "garbage": b"no mp3"}
            sound = sounds.get(how) or mp3(max(1.0, 0.07 * len(text)), rate=16000 if how == "16 kHz" else RATE)
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


def engine(service: Service, **settings: str) -> GttsEngine:
    return GttsEngine(Voice("gtts", "", settings), sleep=service.waits.append)


def test_a_sentence_is_fetched_and_decoded(service: Service) -> None:
    sound = engine(service).speak(line("a", "The tide came in before anyone had noticed."))
    assert (sound.rate, sound.words) == (RATE, ())
    assert len(sound.samples) > RATE
    assert [lang for _, lang in service.asked] == ["en"]
    assert service.waits == []


def test_a_long_sentence_goes_in_pieces(service: Service) -> None:
    engine(service).speak(line("a", "The tide came in before anyone had noticed it, " * 5))
    assert len(service.asked) > 1
    assert all(len(text) <= 100 for text, _ in service.asked)


def test_a_piece_that_comes_back_empty_is_missed(service: Service) -> None:
    service.misbehaviour = ["well", "nothing"]
    engine(service).speak(line("a", "The tide came in before anyone had noticed it, " * 5))
    assert service.waits == [1.0]


def test_words_of_another_language_are_asked_for_in_it(service: Service) -> None:
    engine(service).speak(line("a", "in Alger", Spoken("in", "en-GB", 0, 2), Spoken("Alger", "fr", 3, 8)))
    assert service.asked == [("in", "en"), ("Alger", "fr")]


def test_shown_words_stand_for_ipa(service: Service) -> None:
    engine(service).speak(line("a", "Siobhan", Spoken("ʃɪˈvɔːn", "en", 0, 7, ipa=True)))
    assert service.asked == [("Siobhan", "en")]


@pytest.mark.parametrize("how", ["429", "500", "nothing", "silence", "half", "garbage", "cut off", "16 kHz"])
def test_a_bad_answer_is_asked_for_again(service: Service, how: str) -> None:
    service.misbehaviour = [how]
    sound = engine(service).speak(line("a", "The tide came in before anyone had noticed."))
    assert float(np.abs(sound.samples).max()) > 0.1
    assert len(service.asked) == 2
    assert service.waits == [1.0]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("429", "429"),
        ("nothing", "empty"),
        ("silence", "silence"),
        ("half", "cut short"),
        ("garbage", "no MP3"),
        ("16 kHz", "16000 samples"),
    ],
)
def test_after_growing_waits_the_sentence_is_named(service: Service, how: str, why: str) -> None:
    service.misbehaviour = [how] * 5
    with pytest.raises(EngineError, match=rf"did not say l1 \(“The tide came in\.”\) in 5 tries: .*({why})"):
        engine(service).speak(line("l1", "The tide came in."))
    assert service.waits == [1.0, 4.0, 15.0, 60.0]


def test_a_service_that_hangs_is_given_up(service: Service) -> None:
    service.misbehaviour = ["hang"]
    quick = engine(service)
    quick._timeout = 0.2  # less than a user may ask for
    assert len(quick.speak(line("a", "The tide.")).samples)
    assert len(service.asked) == 2


def test_no_service_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda tld="com", path="": "http://127.0.0.1:9/" + path)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(EngineError, match="--voice espeak, which needs no network"):
        engine(Service()).speak(line("a", "The tide."))


def test_an_unknown_language_is_named_before_anything_is_sent(service: Service) -> None:
    with pytest.raises(EngineError, match="no voice for the language tlh"):
        engine(service).speak(line("a", "nuqneH", lang="tlh"))
    assert service.asked == []


def test_a_voice_that_cannot_be_is_refused() -> None:
    with pytest.raises(InputError, match="top-level domain"):
        GttsEngine(Voice("gtts", "../x"))


def test_the_offer_says_that_the_text_leaves_the_machine() -> None:
    assert all(offer.network and "sends" in offer.description for offer in offers())
