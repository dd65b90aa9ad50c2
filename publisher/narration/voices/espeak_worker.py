"""The process that speaks with espeak-ng. Run by path, as a program of its own: standard library only.

espeak-ng is not deterministic within one process (state leaks from sentence to sentence), aborts on some texts and may
loop on others. So this process loads the library, never speaks itself, and forks for every request: the child speaks
in a copy of the pristine state and ends; its crash or hang is told as such and harms nothing else. Where whoever asks
has gone, both end at once, whatever the child is doing.

A request is a line of JSON on standard input:
`{"calls": [{"voice": "en", "text": "…", "phonemes": false}, …], "parameters": {"1": 175, …}, "limit": 20.0}`;
`parameters` are espeak_PARAMETER numbers. The answer is a line of JSON on standard output, then `bytes` bytes of
16-bit samples in the machine's order: `{"status": "ok", "bytes": n, "calls": [{"samples": n, "words": [[position,
sample], …], "end": [position, sample]}, …]}`, or `{"status": "crashed" | "hung" | "refused", "detail": "…", "bytes":
0}`. Before any request it says `{"version": …, "rate": …, "voices": {language: name}}`. Positions count characters of
the text from 0; `end` is how far the library says that it came, in the text and in samples.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from typing import Any, BinaryIO

# speak_lib.h, https://github.com/espeak-ng/espeak-ng/blob/1.52.0/src/include/espeak-ng/speak_lib.h
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_PHONEMES = 0x100
_END_OF_EVENTS = 0
_WORD_EVENT = 1
_CLAUSE_END_EVENT = 5
_MEMORY = 1 << 30
_PR_SET_PDEATHSIG = 1
"""prctl(2): https://man7.org/linux/man-pages/man2/pr_set_pdeathsig.2const.html"""

Speak = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Library:
    """espeak-ng, loaded and not yet used."""

    def __init__(self, library: str, data: str) -> None:
        self._lib = ctypes.CDLL(library)
        self._lib.espeak_Info.restype = ctypes.c_char_p
        self._lib.espeak_Info.argtypes = [ctypes.POINTER(ctypes.c_char_p)]
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self._lib.espeak_Synth.argtypes = [
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.POINTER(ctypes.c_uint),
            ctypes.c_void_p,
        ]
        self.rate = int(self._lib.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _DONT_EXIT))
        if self.rate <= 0:
            raise OSError(f"espeak-ng did not start with the data in {data}")
        self.version = self._lib.espeak_Info(ctypes.byref(ctypes.c_char_p())).decode().split()[0]
        self._chunks: list[bytes] = []
        self._words: list[tuple[int, int]] = []
        self._end = (0, 0)
        self._callback = _Callback(self._take)  # kept: the library holds no reference of its own
        self._lib.espeak_SetSynthCallback(self._callback)

    def voices(self) -> dict[str, str]:
        """Language tag, in lower case → the name by which espeak takes the voice (its file's; `en-gb` is refused)."""
        listed, found = self._lib.espeak_ListVoices(None), dict[str, str]()
        index = 0
        while listed[index]:
            voice = listed[index].contents
            name = voice.identifier.decode().rpartition("/")[2]
            for tag in (name.lower(), voice.languages[1:].decode().lower()):
                found.setdefault(tag, name)
            index += 1
        return found

    def speak(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """All calls of a request, one after another. Only ever to be run in a child that ends afterwards."""
        pieces, calls = [], []
        for call in request["calls"]:
            if self._lib.espeak_SetVoiceByName(call["voice"].encode()) != 0:
                return {"status": "refused", "detail": f"no voice {call['voice']}"}, b""
            for number, value in request["parameters"].items():
                self._lib.espeak_SetParameter(int(number), value, 0)
            self._chunks, self._words, self._end = [], [], (0, 0)
            text = call["text"].encode() + b"\0"
            flags = _UTF8 | (_PHONEMES if call["phonemes"] else 0)
            if self._lib.espeak_Synth(text, len(text), 0, 1, 0, flags, None, None) != 0:
                return {"status": "refused", "detail": "the text was refused"}, b""
            sound = b"".join(self._chunks)
            calls.append({"samples": len(sound) // 2, "words": self._words, "end": self._end})
            pieces.append(sound)
        return {"status": "ok", "calls": calls}, b"".join(pieces)

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if count > 0 and samples:
            self._chunks.append(ctypes.string_at(samples, count * 2))
        index = 0
        while events[index].type != _END_OF_EVENTS:
            if events[index].type == _WORD_EVENT:
                self._words.append((events[index].text_position - 1, events[index].sample))
            elif events[index].type == _CLAUSE_END_EVENT:
                self._end = (events[index].text_position - 1, events[index].sample)
            index += 1
        return 0


def answer(request: dict[str, Any], speak: Speak, asker: int) -> tuple[dict[str, Any], bytes]:
    """What a forked child says to a request, or how it failed. `asker` is the pipe by which requests come."""
    reading, writing = os.pipe()
    worker = os.getpid()
    child = os.fork()
    if child == 0:
        _child(request, speak, worker, reading, writing)
    os.close(writing)
    said, in_time = _read_all(reading, asker, time.monotonic() + float(request["limit"]))
    os.close(reading)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not in_time:
        return {"status": "hung", "detail": f"no answer in {request['limit']:g} seconds"}, b""
    if status != 0 or len(said) < 4:
        return {"status": "crashed", "detail": _name_of(status)}, b""
    (length,) = struct.unpack("<I", said[:4])
    return json.loads(said[4 : 4 + length]), said[4 + length :]


def _child(request: dict[str, Any], speak: Speak, worker: int, reading: int, writing: int) -> None:
    """Speaks, writes head and samples into the pipe, and ends without any of Python's farewells."""
    try:
        os.close(reading)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):  # the library's own words (and glibc's last ones) are not part of the answer
            os.dup2(nowhere, stream)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_AS, _MEMORY)
        _end_with(worker, math.ceil(request["limit"]) + 1)
        head, sound = speak(request)
        packed = json.dumps(head).encode()
        with os.fdopen(writing, "wb") as answers:
            answers.write(struct.pack("<I", len(packed)) + packed + sound)
    except BaseException:
        os._exit(70)
    os._exit(0)


def _end_with(worker: int, seconds: int) -> None:
    """Have this process end with the one that it was forked from; elsewhere than on Linux, after so many seconds."""
    _limit(resource.RLIMIT_CPU, seconds)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != worker:
            os._exit(70)


def _limit(kind: int, most: int) -> None:
    """Hold this process to a limit, or to that which it was started with, where that is less."""
    _, hard = resource.getrlimit(kind)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (least, least))


def _read_all(source: int, asker: int, deadline: float) -> tuple[bytes, bool]:
    """All that a child writes, and whether it did so in time. Ends this process where `asker` hangs up: then whoever
    asked was killed."""
    waiting = select.poll()
    waiting.register(source, select.POLLIN)
    waiting.register(asker, 0)
    chunks: list[bytes] = []
    while True:
        ready = dict(waiting.poll(max(0.0, deadline - time.monotonic()) * 1000))
        if asker in ready:
            os._exit(1)
        if not ready:
            return b"", False
        chunk = os.read(source, 1 << 20)
        if not chunk:
            return b"".join(chunks), True
        chunks.append(chunk)


def _name_of(status: int) -> str:
    return f"it ended by {signal.Signals(-status).name}" if status < 0 else f"it ended with status {status}"


def serve(speak: Speak, hello: dict[str, Any], requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until there are no more."""
    answers.write(json.dumps(hello).encode() + b"\n")
    answers.flush()
    for line in requests:
        head, sound = answer(json.loads(line), speak, requests.fileno())
        answers.write(json.dumps({**head, "bytes": len(sound)}).encode() + b"\n" + sound)
        answers.flush()


def main() -> None:
    """`espeak_worker.py LIBRARY DATA`: serves on standard input and output."""
    library = Library(sys.argv[1], sys.argv[2])
    hello = {"version": library.version, "rate": library.rate, "voices": library.voices()}
    serve(library.speak, hello, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
