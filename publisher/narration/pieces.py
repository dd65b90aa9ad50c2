"""Pieces: what is encoded in one go. A line with the silence behind it, wherever that is long enough for a join.

Pieces begin on the grid of MP3's frames, counted from their chapter, and end in silence: so the sound of every format
is a row of the same pieces, in whichever order it has them, and an edited sentence costs one (see `mp3`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from publisher.model.narration import LONGEST_PAUSE, Cue, Narration
from publisher.narration.mixing import by_chapter, identity_of

GRID = 9216
"""Samples. Chapters are as long as a multiple of it: whole frames of MP3 (576 or 1152 samples) and of AAC (1024)."""
SETTLED = 3456
"""Samples of silence at least at a chapter's end: by then decoders have given out the last of the sound, with what the
encoder put in front of it, and are as good as new."""
STILL = 1728
"""Samples of silence at least at a piece's end, where MP3 alone is joined. What encoder and decoder put in front is
1,105, and the transform of 576 samples before a join must know of silence only."""


def frame_of(rate: int) -> int:
    """The samples of a frame of MP3 at a rate."""
    return 576 if rate <= 24_000 else 1152


@dataclass(frozen=True, slots=True)
class Piece:
    """Cues that follow each other in a narration, and the silence behind each: samples `first` up to `last` of it. A
    piece that ends where none does in the narration has silence of its own there."""

    narration: Narration
    cues: tuple[Cue, ...]
    first: int
    last: int

    @property
    def frames(self) -> int:
        """How many samples there are."""
        return self.last - self.first

    @property
    def identity(self) -> str:
        """The digest of all that decides its sound but the level."""
        return identity_of(self.narration, self.cues, self.first, self.last)

    def spans(self) -> tuple[int, ...]:
        """How many samples each cue takes with the silence behind it."""
        ends = [*(cue.first for cue in self.cues[1:]), self.last]
        return tuple(end - cue.first for cue, end in zip(self.cues, ends, strict=True))


# Where lines stand ---------------------------------------------------------------------------------------------------


def silences(sounds: Sequence[int], pauses: Sequence[int], rate: int) -> list[int]:
    """The silence behind each sound of a chapter, near to the pauses that there should be. All count samples.

    A pause differs by half a frame of MP3 at most, 13 ms for the voices that there are, so that the next line begins on
    the grid; it is exact where it is too short for a join. A chapter's last pause takes it to the chapters' grid.
    """
    found = []
    at = 0
    for number, (sound, pause) in enumerate(zip(sounds, pauses, strict=True), start=1):
        at += sound
        found.append(_on_frame(at, pause, rate) if number < len(sounds) else on_grid(at, pause, rate) - at)
        at += found[-1]
    return found


def _on_frame(sound: int, pause: int, rate: int) -> int:
    frame = frame_of(rate)
    silence = round((sound + pause) / frame) * frame - sound
    if silence > LONGEST_PAUSE * rate:
        silence -= frame
    return silence if silence >= STILL else pause


def on_grid(sound: int, pause: int, rate: int) -> int:
    """How long a chapter is whose last sound ends after `sound` samples, with a pause of about `pause` samples behind.

    The pause is as near to what it should be as the grid allows: within a fifth of a second for the voices that there
    are. It is never longer than the longest, unless the chapter would else end before its sound has died away.
    """
    end = round((sound + pause) / GRID) * GRID
    while end - sound > LONGEST_PAUSE * rate:
        end -= GRID
    while end - sound < SETTLED:
        end += GRID
    return end


# Which pieces there are ----------------------------------------------------------------------------------------------


def pieces_of(narration: Narration) -> tuple[tuple[Piece, ...], ...]:
    """The pieces of a narration, chapter by chapter: together all of its samples."""
    return tuple(
        tuple(_pieces(narration, cues, chapter.first, chapter.last)) for chapter, cues in by_chapter(narration)
    )


def _pieces(narration: Narration, cues: Sequence[Cue], first: int, last: int) -> Iterator[Piece]:
    frame = frame_of(narration.rate)
    run: list[Cue] = []
    begin = first
    for cue in cues:
        if run and not (cue.first - first) % frame and cue.first - run[-1].last >= STILL:
            yield Piece(narration, tuple(run), begin, cue.first)
            run, begin = [], cue.first
        run.append(cue)
    if run:
        yield Piece(narration, tuple(run), begin, last)


class Rearranged:
    """Cues of narrations in another order than theirs, as pieces: whole ones as far as may be."""

    def __init__(self) -> None:
        self._begins: dict[int, dict[int, Piece]] = {}

    def pieces(self, cues: Sequence[tuple[Narration, Cue]]) -> tuple[Piece, ...]:
        """The pieces of cues that sound in this order. A run of cues that is no whole piece is one of its own, as long
        as whole frames, and ends in silence like all others."""
        found: list[Piece] = []
        at = 0
        while at < len(cues):
            narration, cue = cues[at]
            whole = self._whole(narration, cue)
            count = 1
            while (
                count < len(whole.cues)
                and at + count < len(cues)
                and cues[at + count][0] is narration
                and cues[at + count][1] is whole.cues[count]
            ):
                count += 1
            found.append(whole if count == len(whole.cues) else _part(whole, count))
            at += count
        return tuple(found)

    def _whole(self, narration: Narration, cue: Cue) -> Piece:
        """The piece from a cue on: the narration's, or what is left of it."""
        if id(narration) not in self._begins:
            pieces = [piece for chapter in pieces_of(narration) for piece in chapter]
            self._begins[id(narration)] = {cue.first: piece for piece in pieces for cue in piece.cues}
        piece = self._begins[id(narration)][cue.first]
        if cue.first == piece.cues[0].first:
            return piece
        rest = tuple(one for one in piece.cues if one.first >= cue.first)
        return _part(Piece(narration, rest, cue.first, piece.last), len(rest))


def _part(piece: Piece, count: int) -> Piece:
    """The first cues of a piece as one of its own."""
    cues = piece.cues[:count]
    end = piece.cues[count].first if count < len(piece.cues) else piece.last
    frame = frame_of(piece.narration.rate)
    least = max(end, cues[-1].last + STILL) - piece.first
    return Piece(piece.narration, cues, piece.first, piece.first + -(-least // frame) * frame)
