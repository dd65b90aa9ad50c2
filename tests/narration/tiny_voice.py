"""A Piper voice of a few hundred bytes: a graph that sings a tone for every phoneme, and the settings beside it.

The graph is ONNX (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), written as protocol buffers by hand: it is
loaded and run by the real Piper and onnxruntime.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

RATE = 16000
HOP = 256
SPAN = 1024
"""Samples that a phoneme takes at the rate that the voice is made for: four hops."""

_INT64, _FLOAT = 7, 1
PHONEMES = "_^$ abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔəɚɛɜɡɪɫɬɹɾʃʊʌʍʒʔθᵻˈˌːˑ,.;:!?'\"()-"


def _varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def _field(number: int, value: int | bytes | str | float) -> bytes:
    match value:
        case float():
            return _varint(number << 3 | 5) + struct.pack("<f", value)
        case int():
            return _varint(number << 3) + _varint(value)
        case str():
            value = value.encode()
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _tensor(name: str, kind: int, dims: Sequence[int], values: Iterable[float]) -> bytes:
    code = "q" if kind == _INT64 else "f"
    raw = b"".join(struct.pack(f"<{code}", value) for value in values)
    return b"".join(_field(1, dim) for dim in dims) + _field(2, kind) + _field(8, name) + _field(9, raw)


def _node(op: str, inputs: Sequence[str], output: str, **attributes: int | list[int]) -> bytes:
    found = b"".join(_field(1, name) for name in inputs) + _field(2, output) + _field(3, f"{op}-{output}")
    found += _field(4, op)
    for name, value in attributes.items():
        own = _field(1, name)
        if isinstance(value, list):
            own += b"".join(_field(8, one) for one in value) + _field(20, 7)
        else:
            own += _field(3, value) + _field(20, 2)
        found += _field(5, own)
    return found


def _value(name: str, kind: int, dims: Sequence[int | str]) -> bytes:
    shape = b"".join(_field(1, _field(1 if isinstance(dim, int) else 2, dim)) for dim in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def graph(
    loudness: float = 0.3, *, aligned: bool = True, inputs: str = "input", share: float = 1.0, span: int = SPAN
) -> bytes:
    """A model: each phoneme a tone of its own, with as much noise as it is asked for, slower or faster likewise. The
    sound is a `share` of what it says that its phonemes take."""
    nodes = [
        _node("Cast", ["input"], "ids", to=_FLOAT),
        _node("Transpose", ["ids"], "column", perm=[1, 0]),
        _node("Gather", ["scales", "one"], "slow", axis=0),
        _node("Gather", ["scales", "zero"], "noisy", axis=0),
        _node("Mul", ["slow", "span"], "samples"),
        _node("Range", ["start", "samples", "step"], "time"),
        _node("Unsqueeze", ["time", "first"], "row"),
        _node("Mul", ["column", "pitch"], "pitches"),
        _node("Mul", ["pitches", "row"], "phases"),
        _node("Sin", ["phases"], "tones"),
        _node("RandomNormalLike", ["tones"], "random"),
        _node("Mul", ["random", "noisy"], "noise"),
        _node("Add", ["tones", "noise"], "sum"),
        _node("Mul", ["sum", "loudness"], "sound"),
        _node("Reshape", ["sound", "flat"], "output"),
        _node("Mul", ["ids", "nought"], "zeros"),
        _node("Div", ["samples", "hop"], "hops"),
        _node("Add", ["zeros", "hops"], "durations"),
    ]
    constants = [
        _tensor("one", _INT64, [], [1]),
        _tensor("zero", _INT64, [], [0]),
        _tensor("first", _INT64, [1], [0]),
        _tensor("flat", _INT64, [4], [1, 1, 1, -1]),
        *(
            _tensor(name, _FLOAT, [], [value])
            for name, value in {
                "start": 0.0,
                "step": 1.0,
                "span": float(span),
                "pitch": 0.01,
                "loudness": loudness,
                "nought": 0.0,
                "hop": HOP * share,
            }.items()
        ),
    ]
    outputs = [_value("output", _FLOAT, [1, 1, 1, "time"])]
    if aligned:
        outputs.append(_value("durations", _FLOAT, [1, "phonemes"]))
    taken = [
        _value(inputs, _INT64, [1, "phonemes"]),
        _value("input_lengths", _INT64, [1]),
        _value("scales", _FLOAT, [3]),
    ]
    if inputs != "input":
        nodes.insert(0, _node("Identity", [inputs], "input"))
    body = b"".join(_field(1, node) for node in nodes) + _field(2, "tiny")
    body += b"".join(_field(5, constant) for constant in constants)
    body += b"".join(_field(11, one) for one in taken) + b"".join(_field(12, one) for one in outputs)
    return _field(1, 8) + _field(8, _field(1, "") + _field(2, 13)) + _field(7, body)


def settings(**changes: object) -> dict[str, object]:
    """What stands in the file beside a model."""
    ids = {sign: [number] for number, sign in enumerate(PHONEMES)}
    return {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "en-gb-x-rp"},
        "phoneme_type": "espeak",
        "num_symbols": len(ids),
        "num_speakers": 1,
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": ids,
        "hop_length": HOP,
        **changes,
    }


def write_voice(path: Path, model: bytes | None = None, **changes: object) -> Path:
    """A voice's two files; the path of the model."""
    path.write_bytes(graph() if model is None else model)
    Path(f"{path}.json").write_text(json.dumps(settings(**changes)), encoding="utf-8")
    return path
