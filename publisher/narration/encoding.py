"""From samples to MP3 and MPEG-4 audio with the libraries inside PyAV: no system program, no clock in the files.

Constant bit rate, so that players seek to the right place; both containers tell how many samples the encoder put in
front (LAME's header; an edit list), so that a cue's time is the time in the decoded file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from publisher.model.findings import EngineError
from publisher.model.narration import Narration

Block = NDArray[np.float32]

_BIT_EXACT = 0x400
"""AVFMT_FLAG_BITEXACT: no encoder's version, no time, no random number."""

_LAME_SCALE = np.float32(0.95)
"""LAME turns every sample down by this much at constant bit rates, to keep its decoders from clipping."""

MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter for a container: samples `first` up to `last`."""

    title: str
    first: int
    last: int


def marks(narration: Narration) -> tuple[Mark, ...]:
    """A narration's chapters."""
    return tuple(Mark(chapter.title, chapter.first, chapter.last) for chapter in narration.chapters)


def encode_mp3(path: Path, blocks: Iterable[Block], rate: int) -> int:
    """Mono samples as an MP3 without tags. Returns how many samples there were. Raises EngineError."""
    if rate not in MP3_RATES:
        raise EngineError("mp3", f"a voice of {rate} samples a second does not fit MP3; choose another voice")
    options = {"compression_level": "7"}  # LAME's quality 7: twice as fast as its default, alike for speech
    louder = (block / _LAME_SCALE for block in blocks)
    with av.open(str(path), "w", format="mp3", options={"id3v2_version": "0", "write_id3v1": "0"}) as container:
        stream: Any = container.add_stream("libmp3lame", rate=rate, options=options)
        return _encode(container, stream, louder, rate)


def encode_m4b(
    path: Path,
    blocks: Iterable[Block],
    rate: int,
    chapters: Sequence[Mark] = (),
    language: str = "und",
) -> int:
    """Mono samples as AAC in MPEG-4 with chapters, `language` as ISO 639-2. Returns how many samples there were."""
    with av.open(str(path), "w", format="ipod", options={"movflags": "+faststart"}) as container:
        stream: Any = container.add_stream("aac", rate=rate, options={"aac_coder": "fast"})
        stream.metadata["language"] = language
        if chapters:
            container.set_chapters(
                [
                    {
                        "id": number,
                        "start": mark.first,
                        "end": mark.last,
                        "time_base": Fraction(1, rate),
                        "metadata": {"title": mark.title},
                    }
                    for number, mark in enumerate(chapters, start=1)
                ]
            )
        return _encode(container, stream, blocks, rate)


def _bit_rate(rate: int) -> int:
    """Bits a second at which speech of this bandwidth sounds as it did."""
    return 64_000 if rate <= 24000 else 96_000


def _encode(container: Any, stream: Any, blocks: Iterable[Block], rate: int) -> int:
    container.flags |= _BIT_EXACT
    stream.layout = "mono"
    stream.bit_rate = _bit_rate(rate)
    stream.time_base = Fraction(1, rate)
    count = 0
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        frame.pts = count
        count += len(block)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
    return count
