"""WebVTT: what is shown while it sounds (https://www.w3.org/TR/webvtt1/).

A line that a screen has no room for is shown in several cues, whose ids tell which they are: `albania-1-s1-2of3`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from publisher.formats.audio.cueing import Part, parts_of
from publisher.model.narration import Line, Narration, Role


def webvtt(narration: Narration, signed: Mapping[str, str] | None = None) -> str:
    """The cues of a narration; times to the millisecond.

    `signed` are who signs notes, by the notes' ids: what is said inside a note is given to them and has the class
    `note`. A footnote's words have the class `footnote`, those that are the recording's own `announcement`.
    """
    blocks = ["WEBVTT\n"]
    by = ""
    for cue in narration.cues:
        by = (signed or {}).get(cue.line.unit, by) if cue.line.aside else ""
        parts = parts_of(cue)
        begin = narration.seconds(cue.first)
        for number, part in enumerate(parts, start=1):
            id = cue.line.id if len(parts) == 1 else f"{cue.line.id}-{number}of{len(parts)}"
            end = narration.seconds(cue.last) if number == len(parts) else narration.seconds(cue.first) + part.end
            text = cue_text(part, cue.line, narration.lang, by)
            blocks.append(f"{id}\n{timestamp(begin)} --> {timestamp(end)}\n{text}\n")
            begin = end
    return "\n".join(blocks)


def timestamp(seconds: float) -> str:
    """`3723.5` → `01:02:03.500`."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{milliseconds:03}"


def cue_text(part: Part, line: Line, around: str, by: str = "") -> str:
    """A cue's words, escaped, its lines kept; words in another language than `around` marked with it, and whose words
    they are. A cue ends at an empty line, so there is none inside it."""
    text = ""
    for lang, letters in groupby(_letters(part), key=lambda letter: letter[1]):
        words = escaped("".join(character for character, _ in letters))
        text += words if not words.strip() or _primary(lang) == _primary(around) else f"<lang {lang}>{words}</lang>"
    if line.role is Role.ANNOUNCEMENT:
        text = f"<c.announcement>{text}</c>"
    elif line.role is Role.FOOTNOTE:
        text = f"<c.footnote>{text}</c>"
    if not line.aside:
        return text
    return f"<v.note {escaped(' '.join(by.split()))}>{text}</v>" if by else f"<c.note>{text}</c>"


def escaped(words: str) -> str:
    """Words with what would be markup, or the arrow of a cue's times, as character references."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _letters(part: Part) -> Iterator[tuple[str, str]]:
    """Every character of a cue with its language; what parts words is of both languages, or of none."""
    last = ""
    for number, line in enumerate(part.lines):
        for place, token in enumerate(line):
            lang = token.letters[0].lang
            between = "" if place or not number else "\n"
            if place and token.spaced:
                between = " "
            if between:
                yield between, lang if lang == last else ""
            for letter in token.letters:
                yield letter.text, letter.lang
            last = token.letters[-1].lang


def _primary(lang: str) -> str:
    return lang.partition("-")[0].lower()
