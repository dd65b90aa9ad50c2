"""Opus in Ogg, for whoever asks for it: a fifth smaller than the MP3, with tags, cover and chapters.

https://www.rfc-editor.org/rfc/rfc7845, https://wiki.xiph.org/VorbisComment, https://wiki.xiph.org/Chapter_Extension
"""

# mypy: disallow-untyped-calls=False
from __future__ import annotations

import base64
from collections.abc import Iterable
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
from mutagen.flac import Picture
from mutagen.oggopus import OggOpus
from numpy.typing import NDArray
from PIL import Image

from publisher.formats.audio.tags import Facts
from publisher.model.findings import EngineError
from publisher.model.narration import Narration

OPUS = "audio/ogg"
"""Its media type (https://www.rfc-editor.org/rfc/rfc7845#section-9)."""
_RATES = (8000, 12000, 16000, 24000, 48000)
"""Samples a second that the encoder knows."""
_BITS = {8000: 32_000, 12000: 40_000, 16000: 48_000, 24000: 56_000, 48000: 80_000}
"""Bits a second that the encoder aims at. With fewer, a decoder makes up hissing sounds anew: people hardly hear it,
but what is no longer the same cannot be proven."""
_BIT_EXACT = 0x400
"""AVFMT_FLAG_BITEXACT: no encoder's version and no random serial number."""
_FRONT_COVER = 3
_PACKETS = 50
"""A second."""


def encode_opus(path: Path, blocks: Iterable[NDArray[np.float32]], rate: int) -> None:
    """Mono samples as Opus in Ogg, at the nearest rate that is not below theirs.

    Raises EngineError where the encoder gives out less than it was given.
    """
    wanted = next((one for one in _RATES if one >= rate), _RATES[-1])
    with av.open(str(path), "w", format="ogg", options={"serial_offset": "1"}) as container:
        container.flags |= _BIT_EXACT
        stream: Any = container.add_stream(
            "libopus", rate=wanted, options={"application": "audio", "vbr": "constrained"}
        )
        stream.layout = "mono"
        stream.bit_rate = _BITS[wanted]
        resampler = av.AudioResampler(format="flt", layout="mono", rate=wanted, frame_size=wanted // _PACKETS)
        count = packets = 0
        for block in blocks:
            samples = np.ascontiguousarray(block, dtype=np.float32).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            frame.sample_rate = rate
            frame.time_base = Fraction(1, rate)
            frame.pts = count
            count += samples.shape[1]
            for piece in resampler.resample(frame):
                packets += _muxed(container, stream.encode(piece))
        for piece in resampler.resample(None):
            packets += _muxed(container, stream.encode(piece))
        if count:
            packets += _muxed(container, stream.encode(None))
    if packets * rate < count * _PACKETS:
        raise EngineError("opus", f"the encoder gave out {packets} packets for {count} samples; build again")


def _muxed(container: Any, packets: Iterable[Any]) -> int:
    """How many packets were written."""
    found = [packet for packet in packets if packet.size]
    container.mux(found)
    return len(found)


def tag_opus(path: Path, facts: Facts, narration: Narration) -> None:
    """Puts the tags, the cover and the chapters into a file of `encode_opus`."""
    metadata = facts.metadata
    told = {
        "TITLE": facts.title,
        "SUBTITLE": metadata.subtitle or "",
        "ARTIST": facts.artist,
        "ALBUM": metadata.title,
        "GENRE": "Audiobook",
        "PERFORMER": facts.narrator,
        "LANGUAGE": metadata.lang,
        "ORGANIZATION": metadata.publisher,
        "COPYRIGHT": metadata.rights,
        "DATE": metadata.date.isoformat() if metadata.date else "",
        "DESCRIPTION": metadata.description,
        "IDENTIFIER": metadata.identifier,
    }
    file = OggOpus(path)
    tags: Any = file.tags
    tags.clear()
    for name, text in told.items():
        if text:
            file[name] = [text]
    for number, chapter in enumerate(narration.chapters, start=1):
        file[f"CHAPTER{number:03}"] = [_stamp(narration.seconds(chapter.first))]
        file[f"CHAPTER{number:03}NAME"] = [chapter.title]
    file["METADATA_BLOCK_PICTURE"] = [base64.b64encode(_picture(facts).write()).decode("ascii")]
    file.save(padding=lambda _: 0)


def _picture(facts: Facts) -> Picture:
    picture = Picture()
    picture.type, picture.mime, picture.desc, picture.data = _FRONT_COVER, facts.cover_type, "Cover", facts.cover
    with Image.open(BytesIO(facts.cover)) as image:
        picture.width, picture.height = image.size
        picture.depth = 8 * len(image.getbands())
    return picture


def _stamp(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}.{milliseconds:03}"
