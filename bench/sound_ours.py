"""Our side of `sound.py`: a process that narrates a script, encodes it, and joins its chapters.

    python bench/sound_ours.py FOLDER mp3|both

FOLDER holds the pickled voice and script, and the store.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from publisher.narration.narrate import narrate
from publisher.narration.tracks import encode_ahead, write_m4b, write_mp3
from publisher.store import Store


def main(folder: Path, target: str) -> None:
    voice, script = pickle.loads((folder / "script").read_bytes())
    store = Store(folder / "store")
    narration = narrate(script, voice, store)
    both = target == "both"
    encode_ahead([narration], [narration] if both else [], store)
    write_mp3(folder / "ours.mp3", narration, store)
    if both:
        write_m4b(folder / "ours.m4b", narration, store, "eng")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
