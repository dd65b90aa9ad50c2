"""What runs in the child of `looking`: looks at one picture after the other, until there are no more.

Run as `python -m publisher.manuscript.looking_child`. It says a line when it can be asked. A request is a line of JSON
on standard input, `{"name": …, "media_type": …, "pixels": …, "bytes": n}`, and n bytes; the answer a line of JSON to
where standard output led: `{"size": [width, height]}`, `{"check": …, "message": …}` or `{"memory": true}`. Anything
else that goes wrong ends it, and is told by whoever asked.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import PIL.Image
import PIL.WebPImagePlugin

from publisher.holding.confining import View, confine
from publisher.manuscript import pictures
from publisher.manuscript.unusable import UnusableError


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # the libraries' own words are no part of an answer
    PIL.Image.preinit()
    # Whatever is imported from here on: encodings, what Pillow looks for in a picture's own notes.
    confine(View(readable=(Path(os.__file__).parent, Path(PIL.Image.__file__).parent)))
    serve(sys.stdin.buffer, answers)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    _say(answers, "ready")
    for line in requests:
        about = json.loads(line)
        data = requests.read(about["bytes"])
        _say(answers, _answer(about["name"], about["media_type"], data, about["pixels"]))


def _answer(name: str, media_type: str, data: bytes, pixels: int) -> dict[str, Any]:
    try:
        return {"size": pictures.size_of(name, media_type, data, pixels)}
    except UnusableError as problem:
        return {"check": problem.check, "message": problem.message}
    except MemoryError:
        return {"memory": True}


def _say(answers: BinaryIO, told: Any) -> None:
    answers.write(json.dumps(told).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
