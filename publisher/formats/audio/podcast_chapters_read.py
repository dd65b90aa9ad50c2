"""Reads chapters for podcast players, a JSON file.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from publisher.model.extract import Evidence, Extract, FoundChapter
from publisher.model.findings import InputError

_VERSIONS = ("1.2.0", "1.1.0", "1.0.0")


def read_podcast_chapters(path: Path) -> Extract:
    """The chapters that a table of contents shows. One without an end lasts until the next begins.

    Raises InputError where the file is no such list.
    """
    try:
        data = json.loads(path.read_bytes())
        if data["version"] not in _VERSIONS:
            raise ValueError(f"version {data['version']}")
        listed = [one for one in data["chapters"] if one.get("toc", True)]
        begins = [float(one["startTime"]) for one in listed]
        ends = [*begins[1:], begins[-1] if begins else 0.0]
        chapters = tuple(
            FoundChapter(str(one.get("title", "")), begin, float(one.get("endTime", end)))
            for one, begin, end in zip(listed, begins, ends, strict=True)
        )
    except OSError as problem:
        raise InputError(f"{path.name} cannot be read: {problem.strerror}; build it again") from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise InputError(f"{path.name} is no list of chapters: {problem}; build it again") from problem
    metadata = {name: told for name, key in (("title", "title"), ("creator", "author")) if (told := _text(data, key))}
    return Extract("audio", path.name, Evidence.DECLARED, metadata, chapters=chapters)


def _text(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return (str(data[key]),) if data.get(key) else ()
