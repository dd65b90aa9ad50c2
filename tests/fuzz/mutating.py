"""Our own mutations of bytes, for where atheris is not: the same seed gives the same inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

_ODD = (0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x20, 0x22, 0x26, 0x27, 0x3C, 0x3E)


def mutations(seeds: Sequence[bytes], words: Sequence[bytes], seed: int, most: int) -> Iterator[bytes]:
    """Without end: a seed, or one that came before, with one to eight changes. The seeds themselves come first."""
    random = Random(seed)
    pool = list(seeds)
    yield from (*pool, b"", *(seed[:length] for seed in pool for length in (1, len(seed) // 2, len(seed) - 1)))
    while True:
        data = bytearray(random.choice(pool))
        for _ in range(random.choice((1, 1, 2, 3, 8))):
            _change(data, pool, words, random)
        made = bytes(data[:most])
        # Some are built upon: what is odd in two ways at once is found by that.
        if random.random() < 0.05:
            pool = [*seeds, *pool[len(seeds) :][-200:], made]
        yield made


def _change(data: bytearray, pool: Sequence[bytes], words: Sequence[bytes], random: Random) -> None:
    at = random.randrange(len(data) + 1)
    upto = min(len(data), at + random.choice((1, 1, 4, 16, 64)))
    match random.randrange(8):
        case 0:
            del data[at:upto]
        case 1:
            data[at:at] = bytes([random.choice(_ODD)])
        case 2:
            data[at:upto] = bytes(random.randrange(256) for _ in range(upto - at))
        case 3:
            data[at:at] = data[at:upto] * random.choice((1, 2, 50))
        case 4 | 5 if words:
            data[at:at] = random.choice(words)
        case 6:
            other = random.choice(pool)
            begin = random.randrange(len(other) + 1)
            data[at:upto] = other[begin : begin + 64]
        case _:
            data[at:at] = random.choice((b"99999999999999999999", b"-1", b"0", "\u0301".encode(), b"\xf0\x9f\x92\xa9"))
