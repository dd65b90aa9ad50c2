"""A script for people to read before they hear it, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from publisher.model.narration import Line, Script


def script_lines(script: Script) -> Iterator[str]:
    """The script as text: a heading for each chapter, a line for each line, with its role, its id and the silence
    after it in seconds; below it what is shown, where other words are said."""
    roles = max((len(line.role.value) for chapter in script.chapters for line in chapter.lines), default=0)
    for chapter in script.chapters:
        yield from ("", f"# {chapter.title}", "")
        for line in chapter.lines:
            yield f"{line.role.value:{roles}}  {line.pause:4.1f} s  {line.id}: {_said(line)}"
            if _letters(line.shown) != _letters(line.said):
                yield f"{'':{roles}}          shown: {' '.join(line.shown.split())}"


def script_data(script: Script) -> dict[str, Any]:
    """The script as JSON has it; `shown_range` counts characters of the line's `shown`, `pause` is in seconds."""
    return {
        "mix": script.mix,
        "lang": script.lang,
        "chapters": [
            {"id": chapter.id, "title": chapter.title, "lines": [_line(line) for line in chapter.lines]}
            for chapter in script.chapters
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "unit": line.unit,
        "role": line.role.value,
        "lang": line.lang,
        "shown": line.shown,
        "said": line.said,
        "pause": line.pause,
        "runs": [
            {
                "text": run.text,
                "lang": run.lang,
                "shown_range": [run.shown_start, run.shown_end],
                **({"ipa": True} if run.ipa else {}),
            }
            for run in line.runs
        ],
    }


def _said(line: Line) -> str:
    """What is said: phonemes between slashes, words in another language than the line's with it in brackets."""
    parts = []
    for run in line.runs:
        words = f"/{run.text}/" if run.ipa else run.text
        parts.append(words if run.lang == line.lang else f"[{run.lang}: {words}]")
    return " ".join(" ".join(parts).split())


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
