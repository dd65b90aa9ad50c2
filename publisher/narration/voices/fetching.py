"""Fetching Piper's voices, where the user asks for one by name: the only thing here that goes to the network.

The index, `voices.json`, and the files stand in the repository that Piper's own downloader uses
(https://github.com/OHF-Voice/piper1-gpl); `$PUBLISHER_PIPER_VOICES` names a mirror of it. Of each file the index gives
size and MD5: a file that is not as told is not kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from publisher import __version__
from publisher.model.findings import EngineError, InputError

ADDRESS = "https://huggingface.co/rhasspy/piper-voices/resolve/main/"
TIMEOUT = 30.0
"""Seconds without an answer or a byte."""

LARGEST_INDEX, LARGEST_FILE = 16_000_000, 1_000_000_000
"""Bytes."""

_PIECE = 1 << 18
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*")

Tell = Callable[[int, int], None]
"""Hears how many bytes of how many are here."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a voice: its path in the repository, its bytes and their MD5 in hexadecimal."""

    path: str
    size: int
    md5: str


@dataclass(frozen=True, slots=True)
class RemoteVoice:
    """A voice that can be fetched. `lang` is its language tag; `files` are its model and the model's settings."""

    name: str
    lang: str
    quality: str
    speakers: int
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(file.size for file in self.files)


def voices_folder() -> Path:
    """Where fetched voices are kept: `$PUBLISHER_VOICES`, else the user's data folder."""
    named = os.environ.get("PUBLISHER_VOICES")
    if named:
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "publisher" / "voices"


def remote_voices(address: str | None = None) -> Mapping[str, RemoteVoice]:
    """The voices that can be fetched, by name. Asks the network; raises EngineError where it does not answer so."""
    base = _base(address)
    data = _answer(f"{base}voices.json", LARGEST_INDEX)
    try:
        return {name: _voice(name, entry) for name, entry in json.loads(data).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise EngineError("fetching voices", f"{base}voices.json is no list of voices; check the address") from problem


def fetch_voice(name: str, folder: Path, tell: Tell | None = None, address: str | None = None) -> Path:
    """Fetch a voice into a folder and return its model's path. What is there and right already is not fetched again.

    Raises InputError for a voice that the index does not have or a folder that cannot be written, EngineError where
    the network fails or a file is not what the index says.
    """
    base = _base(address)
    known = remote_voices(address)
    if name not in known:
        near = [other for other in sorted(known) if other[:2].lower() == name[:2].lower()]
        listed = ", ".join(near[:8]) or ", ".join(sorted(known)[:8])
        raise InputError(f"no voice {name} to fetch; there are, among {len(known)}: {listed}")
    voice, done = known[name], 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in voice.files:
            target = folder / PurePosixPath(file.path).name
            if not (target.is_file() and _md5(target) == file.md5):
                for at in _download(f"{base}{quote(file.path)}", file, target):
                    _told(tell, done + at, voice)
            done += file.size
            _told(tell, done, voice)
    except OSError as problem:
        raise InputError(
            f"cannot write into {folder}: {problem.strerror}; set $PUBLISHER_VOICES to another"
        ) from problem
    return folder / f"{name}.onnx"


def _told(tell: Tell | None, at: int, voice: RemoteVoice) -> None:
    if tell is not None:
        tell(at, voice.size)


def _base(address: str | None) -> str:
    base = address or os.environ.get("PUBLISHER_PIPER_VOICES") or ADDRESS
    if urlsplit(base).scheme not in ("http", "https"):
        raise InputError(f"{base} is no address of voices; it must begin with https://")
    return base.rstrip("/") + "/"


def _voice(name: str, entry: Mapping[str, Any]) -> RemoteVoice:
    """Raises KeyError, TypeError or ValueError where the entry is not as Piper's index has them."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    files = {PurePosixPath(path).name: (path, facts) for path, facts in entry["files"].items()}
    wanted = []
    for own in (f"{name}.onnx.json", f"{name}.onnx"):
        path, facts = files[own]
        size = int(facts["size_bytes"])
        if not 0 < size <= LARGEST_FILE:
            raise ValueError(own)
        wanted.append(RemoteFile(path, size, str(facts["md5_digest"]).lower()))
    lang = str(entry["language"]["code"]).replace("_", "-")
    return RemoteVoice(name, lang, str(entry["quality"]), int(entry["num_speakers"]), tuple(wanted))


def _answer(address: str, largest: int) -> bytes:
    """The whole of what stands at an address."""
    try:
        with urlopen(_request(address), timeout=TIMEOUT) as answer:  # noqa: S310 - the scheme is checked in _base
            data: bytes = answer.read(largest + 1)
    except (OSError, HTTPException, ValueError) as problem:
        raise EngineError("fetching voices", f"{address}: {_why(problem)}; try again later") from problem
    if len(data) > largest:
        raise EngineError("fetching voices", f"{address} is larger than {largest:,} bytes; check the address")
    return data


def _download(address: str, file: RemoteFile, target: Path) -> Iterator[int]:
    """Write beside, check, rename: a file under its own name is whole. Yields how many bytes are here."""
    partial = target.with_name(f"{target.name}.part{os.getpid()}")
    found = hashlib.md5(usedforsecurity=False)
    size = 0
    try:
        with partial.open("wb") as out:
            for piece in _pieces(address):
                size += len(piece)
                if size > file.size:
                    break
                found.update(piece)
                out.write(piece)
                yield size
        if size != file.size or found.hexdigest() != file.md5:
            message = f"{address} is not what the index says ({size:,} bytes of {file.size:,}); fetch it again"
            raise EngineError("fetching voices", message)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _pieces(address: str) -> Iterator[bytes]:
    try:
        with urlopen(_request(address), timeout=TIMEOUT) as answer:  # noqa: S310 - the scheme is checked in _base
            while piece := answer.read(_PIECE):
                yield piece
    except (OSError, HTTPException, ValueError) as problem:
        raise EngineError("fetching voices", f"{address}: {_why(problem)}; try again later") from problem


def _request(address: str) -> Request:
    return Request(address, headers={"User-Agent": f"concordant-publisher/{__version__}"})  # noqa: S310 - as above


def _why(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return f"no answer within {TIMEOUT:g} s"
    return " ".join(str(getattr(problem, "reason", problem)).split()) or type(problem).__name__


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
