"""Reads WebVTT by the parser rules of its specification, which never fail: what cannot be read is left out.

https://www.w3.org/TR/webvtt1/#file-parsing
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from publisher.model.extract import FoundCue

_TIME = r"(?:([0-9]{2,9}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_TIMINGS = re.compile(rf"[ \t\f]*{_TIME}[ \t\f]*-->[ \t\f]*{_TIME}(?:[ \t\f]+.*)?")
_TOKEN = re.compile(r"<([^>]*)>?|[^<]+")
_SPACES = " \t\f\n"


@dataclass(frozen=True, slots=True)
class Subtitles:
    """What a WebVTT file holds; `headers` are the lines after its signature that read `Name: value`."""

    cues: tuple[FoundCue, ...]
    headers: dict[str, str]


def parse(text: str) -> Subtitles | None:
    """The cues of a WebVTT file, in its order; None where it is none."""
    lines = text.removeprefix("\ufeff").replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if re.match(r"WEBVTT(?![^ \t])", lines[0]) is None:
        return None
    body = 1
    headers: dict[str, str] = {}
    while body < len(lines) and lines[body] and "-->" not in lines[body]:
        name, colon, value = lines[body].partition(":")
        if colon:
            headers[name.strip()] = value.strip()
        body += 1
    return Subtitles(tuple(_cues(lines[body:])), headers)


def _cues(lines: list[str]) -> Iterator[FoundCue]:
    """Blocks as the specification collects them: a line with an arrow begins a cue wherever it stands."""
    at = 0
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        block_id = ""
        timings = None
        if "-->" in lines[at]:
            timings = _TIMINGS.fullmatch(lines[at])
            at += 1
        elif at + 1 < len(lines) and "-->" in lines[at + 1]:
            block_id = lines[at]
            timings = _TIMINGS.fullmatch(lines[at + 1])
            at += 2
        else:  # a NOTE, a STYLE, a REGION, or nothing that is known
            at += 1
        payload = []
        while at < len(lines) and lines[at] and "-->" not in lines[at]:
            if at + 1 < len(lines) and "-->" in lines[at + 1] and timings is None:
                break
            payload.append(lines[at])
            at += 1
        if timings is not None:
            begin, end = _seconds(timings.groups()[:4]), _seconds(timings.groups()[4:])
            payload_text = "\n".join(payload)
            text, lang = cue_words(payload_text)
            yield FoundCue(block_id, begin, end, text, lang, speaker_of(payload_text))


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def cue_words(payload: str) -> tuple[str, str]:
    """What is shown of a cue's text, and the language of a `lang` tag around all of it: tags are not words, nor is
    what annotates them; character references are what they stand for."""
    words: list[str] = []
    open_langs: list[str] = []
    langs: set[str] = set()
    skipping = 0
    for token in _TOKEN.finditer(payload):
        tag = token[1]
        if tag is None:
            if not skipping:
                words.append(html.unescape(token[0]))
                if token[0].strip(_SPACES):
                    langs.add(open_langs[-1] if open_langs else "")
            continue
        name = re.split(r"[ \t\f\n.]", tag, maxsplit=1)[0]
        if name == "lang":
            open_langs.append(tag.partition(" ")[2].strip())
        elif name == "/lang" and open_langs:
            open_langs.pop()
        elif name == "rt":
            skipping += 1
        elif name == "/rt" or (name == "/ruby" and skipping):
            skipping = max(0, skipping - 1)
    return "".join(words), langs.pop() if len(langs) == 1 else ""


def speaker_of(payload: str) -> str:
    """Who says a cue's words, as its `v` tags annotate them; several, and words that are nobody's, one after the other.

    A `v` tag that is not closed reaches to the cue's end.
    """
    open_voices: list[str] = []
    speakers: dict[str, None] = {}
    for token in _TOKEN.finditer(payload):
        tag = token[1]
        if tag is None:
            if token[0].strip(_SPACES):
                speakers[open_voices[-1] if open_voices else ""] = None
            continue
        name, *annotation = re.split(r"[ \t\f\n]+", tag.strip(_SPACES), maxsplit=1)
        if name.partition(".")[0] == "v":
            open_voices.append(" ".join(html.unescape("".join(annotation)).split()))
        elif name == "/v" and open_voices:
            open_voices.pop()
    return "; ".join(speaker or "nobody" for speaker in speakers) if any(speakers) else ""
