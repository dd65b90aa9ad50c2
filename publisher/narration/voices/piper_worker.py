"""The process that speaks with a Piper model: what the model does to it, it does to nobody else. Run by path.

It loads one model, says as its first line `{"rate": samples a second, "voice": espeak's name of its language, "signs":
[what its phonemes may be]}` or `{"error": "…"}`, and then answers each line `{"text": "…", "speaker": 0 | null,
"rate": 1.0}` on standard input with `{"status": "ok", "bytes": n, "words": [[begin, end], …], "least": n}` and n bytes
of samples (32-bit floats in the machine's order), or `{"status": "failed", "detail": "…", "bytes": 0}`. `words` are
samples, by the model's alignments where it has them; else there are none. `least` is how many samples there have to be:
as many as the alignments come to, or as the phonemes take at the very least.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""Samples a second that sound files know."""


LEAST_PER_PHONEME = 0.03
"""Seconds at the rate that a voice is made for: hurried speech has 16 phonemes a second, and no one says twice as
many. Whoever leaves out two thirds of the words is below."""
_SHORTEST = 12
"""Phonemes from which that is asked: of one or two syllables, it says nothing."""
_NEARLY = 0.9
"""Of what the alignments come to: a model may round its last sound off."""
_NO_SOUND = frozenset("ˈˌːˑ^$_ .,;:!?…—–-()[]\"'“”‘’«»")


def load(path: str) -> Any:
    """The model. Raises ValueError in words for the user, or whatever Piper and its libraries raise."""
    from piper import PiperVoice  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    voice = PiperVoice.load(path)
    if voice.config.sample_rate not in RATES:
        raise ValueError(f"its settings name a rate of {voice.config.sample_rate} samples a second")
    inputs = {one.name for one in voice.session.get_inputs()}
    if not {"input", "input_lengths", "scales"} <= inputs:
        raise ValueError(f"it is no model of Piper's: it takes {', '.join(sorted(inputs)) or 'nothing'}")
    return voice


def say(voice: Any, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """A text's samples and the times of its words."""
    import numpy as np  # noqa: PLC0415
    from piper import SynthesisConfig  # noqa: PLC0415

    # Neural voices draw random numbers; the draw is turned off, so that the same words always sound the same.
    settings = SynthesisConfig(
        speaker_id=request["speaker"],
        length_scale=voice.config.length_scale / request["rate"],
        noise_scale=0.0,
        noise_w_scale=0.0,
        normalize_audio=False,
    )
    pieces: list[Any] = []
    words: list[list[int]] | None = []
    at = least = 0
    for chunk in voice.synthesize(request["text"], settings, include_alignments=True):
        samples = np.asarray(chunk.audio_float_array, dtype=np.float32).reshape(-1)
        if not np.isfinite(samples).all():
            return {"status": "failed", "detail": "the model returned what is no sound (not a number)"}, b""
        if chunk.phoneme_alignments:
            least += int(_NEARLY * sum(int(one.num_samples) for one in chunk.phoneme_alignments))
        else:
            known = [one for one in chunk.phonemes if one in voice.config.phoneme_id_map]
            least += shortest(known, voice.config.sample_rate * settings.length_scale)
        if words is not None and chunk.phoneme_alignments:
            words += word_times(((one.phoneme, int(one.num_samples)) for one in chunk.phoneme_alignments), at)
        else:
            words = None
        pieces.append(samples)
        at += len(samples)
    sound = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)
    return {"status": "ok", "words": words or [], "least": least}, sound.tobytes()


def shortest(phonemes: Sequence[str], rate: float) -> int:
    """How many samples phonemes take at the least, `rate` of them a second."""
    count = sum(phoneme not in _NO_SOUND for phoneme in phonemes)
    return int(count * LEAST_PER_PHONEME * rate) if count >= _SHORTEST else 0


def word_times(phonemes: Iterable[tuple[str, int]], at: int) -> list[list[int]]:
    """From which sample to which each word sounds: what stands between spaces and holds more than punctuation."""
    words: list[list[int]] = []
    begin, sounds = at, False
    for phoneme, samples in phonemes:
        if phoneme.isspace():
            if sounds:
                words.append([begin, at])
            begin, sounds = at + samples, False
        elif phoneme in ("^", "$", "_") or not phoneme.strip(".,;:!?…—–-()[]\"'“”‘’«»"):
            # Beginnings, ends and punctuation sound like nothing.
            begin = begin if sounds else at + samples
        else:
            sounds = True
        at += samples
    return [*words, [begin, at]] if sounds else words


def serve(voice: Any, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until there are no more."""
    signs = sorted(voice.config.phoneme_id_map) if voice.config.phoneme_type == "espeak" else []
    hello = {"rate": voice.config.sample_rate, "voice": voice.config.espeak_voice, "signs": signs}
    answers.write(json.dumps(hello).encode() + b"\n")
    answers.flush()
    for line in requests:
        try:
            head, sound = say(voice, json.loads(line))
        except Exception as problem:
            # onnxruntime and the phonemiser raise what they like; whatever it is, this text failed.
            detail = " ".join(str(problem).split()) or type(problem).__name__
            head, sound = {"status": "failed", "detail": detail}, b""
        answers.write(json.dumps({**head, "bytes": len(sound)}).encode() + b"\n" + sound)
        answers.flush()


def _end_with_asker(requests: int) -> None:
    """End when nobody holds the other end of the requests' pipe any more: whoever asked was killed."""
    hung_up = select.poll()
    hung_up.register(requests, 0)
    hung_up.poll()
    os._exit(1)


def main() -> None:
    """`piper_worker.py MODEL`: serves on standard input and output."""
    threading.Thread(target=_end_with_asker, args=(0,), daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    try:
        voice = load(sys.argv[1])
    except Exception as problem:
        detail = " ".join(str(problem).split()) or type(problem).__name__
        named = detail if isinstance(problem, ValueError | OSError) else f"{type(problem).__name__}: {detail}"
        answers.write(json.dumps({"error": named}).encode() + b"\n")
        answers.flush()
        return
    serve(voice, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
