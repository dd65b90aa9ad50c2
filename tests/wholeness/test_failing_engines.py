"""Engines whose success is none: they end with status 0, and say nothing, or half of it. (Crashes, hangs and silence of
each stand with the engine's own tests; see `tests/narration` and `tests/manuscript/test_pandoc.py`.)"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builder import contents

from publisher import making
from publisher.build import Order, build_edition
from publisher.formats.audio import opus
from publisher.manuscript import pandoc
from publisher.model.findings import EngineError
from publisher.narration import encoding, mp3
from publisher.processes import WorkerPool
from publisher.store import Store

MINIMAL = Path(__file__).parents[1] / "editions" / "minimal"

FORMULA = [("x", False)]
CALLS: dict[str, Callable[[], object]] = {
    "text": lambda: pandoc.read_ast("words"),
    "formulas": lambda: pandoc.formulas_to_mathml(FORMULA),
    "citations": lambda: pandoc.render_citations([], [{"id": "a", "type": "book", "title": "A"}], "en"),
    "word": lambda: pandoc.docx_of([{"t": "Para", "c": [{"t": "Str", "c": "words"}]}]),
}


@pytest.mark.parametrize("share", [0.0, 0.5], ids=["nothing", "half"])
@pytest.mark.parametrize("call", CALLS)
def test_pandoc_says_nothing_or_half(monkeypatch: pytest.MonkeyPatch, call: str, share: float) -> None:
    CALLS[call]()  # what is asked only once is known from here on
    real = pandoc.run_pandoc

    def half(*arguments: Any, **named: Any) -> tuple[bytes, str]:
        output, warnings = real(*arguments, **named)
        return output[: int(share * len(output))], warnings

    monkeypatch.setattr(pandoc, "run_pandoc", half)
    with pytest.raises(EngineError, match="pandoc: answered in part, as if all were well; build again"):
        CALLS[call]()


class Lazy:
    """An encoder that gives out half of what it should."""

    def __init__(self, real: Any, none: Any) -> None:
        self._real, self._none, self._turn = real, none, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
        else:
            setattr(self._real, name, value)

    def encode(self, *arguments: Any) -> Any:
        out = self._real.encode(*arguments)
        self._turn = not self._turn
        return out if self._turn else self._none


def blocks() -> list[Any]:
    tone = np.sin(np.arange(9216) / 20).astype(np.float32) / 3
    return [tone] * 8


def test_the_mp3_encoder_gives_out_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = mp3.lameenc.Encoder
    monkeypatch.setattr(mp3.lameenc, "Encoder", lambda: Lazy(real(), b""))
    store = Store(tmp_path)
    with pytest.raises(EngineError, match="mp3: "):
        store.keep("abcd", ".mp3", lambda path: mp3.encode_mp3(path, blocks(), 22050) and None)
    assert store.find("abcd", ".mp3") is None


def test_the_aac_encoder_gives_out_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_set_up", lambda encoder, rate: None)
    codec = encoding.av.CodecContext.create("aac", "w")
    codec.sample_rate, codec.format, codec.layout, codec.bit_rate = 22050, "fltp", "mono", 64000
    monkeypatch.setattr(encoding.av, "CodecContext", type("Context", (), {"create": lambda *_: Lazy(codec, [])}))
    store = Store(tmp_path)
    with pytest.raises(EngineError, match=r"aac: the encoder gave out .* packets for 73728 samples"):
        store.keep("abcd", ".aac", lambda path: encoding.encode_aac(path, blocks(), 22050) and None)
    assert store.find("abcd", ".aac") is None


class Container:
    """A container whose encoder gives out half of what it should."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __enter__(self) -> Container:
        self._real.__enter__()
        return self

    def __exit__(self, *how: Any) -> Any:
        return self._real.__exit__(*how)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    @property
    def streams(self) -> list[Any]:
        return [Lazy(stream, []) for stream in self._real.streams]

    def add_stream(self, *arguments: Any, **named: Any) -> Any:
        return Lazy(self._real.add_stream(*arguments, **named), [])


@pytest.mark.parametrize(
    ("encode", "module", "name"),
    [(encoding.encode_m4b, encoding, "_container"), (opus.encode_opus, opus.av, "open")],
    ids=["aac", "opus"],
)
def test_an_encoder_in_a_container_gives_out_half(
    encode: Any, module: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode(tmp_path / "whole", blocks(), 24000)
    real = getattr(module, name)
    monkeypatch.setattr(module, name, lambda *arguments, **named: Container(real(*arguments, **named)))
    store = Store(tmp_path / "store")
    with pytest.raises(EngineError, match=r"the encoder gave out \d+ packets for 73728 samples; build again"):
        store.keep("abcd", ".sound", lambda path: encode(path, blocks(), 24000) and None)
    assert store.find("abcd", ".sound") is None


def dies(*_: object) -> None:
    os._exit(9)


def test_a_process_that_writes_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = Order(MINIMAL, tmp_path / "out", Store(tmp_path / "store"), ("docx", "web"), jobs=2)
    build_edition(order, lambda *_: None)
    before = contents(order.out)
    monkeypatch.setattr(making, "_write", dies)
    other = Order(MINIMAL, tmp_path / "out", Store(tmp_path / "store"), ("pdf", "web"), jobs=2)
    with pytest.raises(EngineError, match="writing pdf: its process was ended from outside"):
        build_edition(other, lambda *_: None)
    assert contents(order.out) == before


def test_a_pool_whose_worker_dies_says_so() -> None:
    with WorkerPool(1) as pool, pytest.raises(BrokenExecutor):
        pool.submit(dies).result()
