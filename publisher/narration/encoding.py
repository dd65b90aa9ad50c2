"""From samples to MP3 (by LAME) and MPEG-4 audio (by PyAV): no system program, no clock in the files.

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

from publisher.model.narration import Narration
from publisher.narration.mp3 import bit_rate, encode_mp3

__all__ = ["Mark", "encode_m4b", "encode_mp3", "marks"]

Block = NDArray[np.float32]

_BIT_EXACT = 0x400
"""AVFMT_FLAG_BITEXACT: no encoder's version, no time, no random number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter for a container: samples `first` up to `last`."""

    title: str
    first: int
    last: int


def marks(narration: Narration) -> tuple[Mark, ...]:
    """A narration's chapters."""
    return tuple(Mark(chapter.title, chapter.first, chapter.last) for chapter in narration.chapters)


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


def _encode(container: Any, stream: Any, blocks: Iterable[Block], rate: int) -> int:
    container.flags |= _BIT_EXACT
    stream.layout = "mono"
    stream.bit_rate = bit_rate(rate)
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
