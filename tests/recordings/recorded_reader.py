"""A person's reading, made for tests: another voice reads, with pauses and a room's noise, and it is known when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import lameenc  # type: ignore[import-untyped]
import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from publisher.build import read_imprint_of
from publisher.manuscript.reading import read_edition
from publisher.model.narration import Line, Role, Spoken
from publisher.model.publication import Publication
from publisher.narration.narrate import trimmed
from publisher.narration.resampling import resampled
from publisher.narration.script import write_script
from publisher.narration.voices import open_voice, voice_from_name

RATE = 44100
NOISE = -62.0

Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Reading:
    """What a person read: the sound, and when each piece sounds, in seconds."""

    samples: Wave
    times: tuple[tuple[float, float], ...]

    def write(self, path: Path, *, channels: int = 1, rate: int = RATE) -> Path:
        """Keep it as the kind of file that the name says."""
        path.parent.mkdir(exist_ok=True)
        samples = resampled(self.samples, round(len(self.samples) * rate / RATE))
        if path.suffix == ".mp3":
            path.write_bytes(mp3(samples, rate))
        else:
            soundfile.write(path, np.stack([samples] * channels, 1), rate, subtype="PCM_16")
        return path

    def vtt(self, path: Path, names: Sequence[str]) -> None:
        """A cue file that names each piece."""
        cues = [
            f"{_clock(begin)} --> {_clock(end)}\n{name}\n" for (begin, end), name in zip(self.times, names, strict=True)
        ]
        path.write_text("\n".join(["WEBVTT\n", *cues]), encoding="utf-8")


def read_by_person(
    texts: Sequence[str], *, voice: str = "espeak:en-us,rate=150", lang: str = "en", loud: float = 0.3
) -> Reading:
    """The texts one after the other, as a person might read them into a microphone."""
    chance = np.random.default_rng(len(texts))
    engine = open_voice(voice_from_name(voice))
    try:
        spoken = [trimmed(engine.speak(_line(text, lang))).samples for text in texts]
        pieces = [resampled(one, round(len(one) * RATE / engine.rate)) for one in spoken]
    finally:
        engine.close()
    parts: list[Wave] = [np.zeros(round(0.7 * RATE), dtype=np.float32)]
    times = []
    at = len(parts[0])
    for piece in pieces:
        times.append((at / RATE, (at + len(piece)) / RATE))
        pause = np.zeros(round(chance.uniform(0.4, 0.7) * RATE), dtype=np.float32)
        parts += [piece * np.float32(loud), pause]
        at += len(piece) + len(pause)
    samples = np.concatenate(parts)
    room = chance.normal(0, 10 ** (NOISE / 20), len(samples))
    return Reading((samples + room).astype(np.float32), tuple(times))


def mp3(samples: Wave, rate: int) -> bytes:
    """An MP3 as a recorder makes it."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(96)
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_quality(7)
    encoder.silence()
    packed = np.clip(np.rint(samples * 32767), -32768, 32767).astype("<i2")
    return bytes(encoder.encode(packed.tobytes())) + bytes(encoder.flush())


def write_edition(root: Path, article: str) -> Path:
    """The folder of an edition."""
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(article, encoding="utf-8")
    return folder


def publication_of(folder: Path) -> Publication:
    """An edition, read."""
    return read_edition(folder, read_imprint_of(folder)[0]).publication


def text_lines(publication: Publication, mix: str = "default") -> list[Line]:
    """What a person reads: all but the announcements."""
    script = write_script(publication, mix)
    return [line for chapter in script.chapters for line in chapter.lines if line.role is not Role.ANNOUNCEMENT]


def _line(text: str, lang: str) -> Line:
    return Line("read", "read", Role.PARAGRAPH, lang, text, (Spoken(text, lang, 0, len(text)),), 0.4)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
