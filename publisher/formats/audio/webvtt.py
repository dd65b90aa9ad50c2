"""WebVTT: what is shown while it sounds (https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

from publisher.model.inlines import OBJECT
from publisher.model.narration import Line, Narration


def webvtt(narration: Narration) -> str:
    """One cue a line, its id the line's, its text what the line shows; times to the millisecond."""
    parts = ["WEBVTT\n"]
    for cue in narration.cues:
        begin, end = narration.seconds(cue.first), narration.seconds(cue.last)
        parts.append(f"{cue.line.id}\n{timestamp(begin)} --> {timestamp(end)}\n{cue_text(cue.line)}\n")
    return "\n".join(parts)


def timestamp(seconds: float) -> str:
    """`3723.5` → `01:02:03.500`."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}.{milliseconds:03}"


def cue_text(line: Line) -> str:
    """The shown words, escaped, the author's line breaks kept; for a formula or a picture what is said for it.

    A cue ends at an empty line, so there is none inside it.
    """
    shown = line.shown
    for run in reversed(line.runs):
        if shown[run.shown_start : run.shown_end].startswith(OBJECT):
            shown = f"{shown[: run.shown_start]}{run.text.rstrip(',')}{shown[run.shown_end :]}"
    lines = (" ".join(part.split()) for part in shown.replace(OBJECT, "").splitlines())
    text = "\n".join(part for part in lines if part)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
