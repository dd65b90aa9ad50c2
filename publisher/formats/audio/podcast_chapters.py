"""Chapters for podcast players: a JSON file beside the recording.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
"""

from __future__ import annotations

import json
from typing import Any

from publisher.formats.audio.tags import Facts
from publisher.model.narration import Narration

CHAPTERS = "application/json+chapters"
"""Their media type."""
_VERSION = "1.2.0"


def podcast_chapters(narration: Narration, facts: Facts, recording: str) -> str:
    """A narration's chapters, times in seconds to the millisecond."""
    metadata = facts.metadata
    told: dict[str, Any] = {
        "version": _VERSION,
        "title": facts.title,
        "author": facts.artist,
        "podcastName": metadata.publisher,
        "description": metadata.description,
        "fileName": recording,
    }
    chapters = [
        {
            "startTime": round(narration.seconds(chapter.first), 3),
            "endTime": round(narration.seconds(chapter.last), 3),
            "title": chapter.title,
            "toc": True,
        }
        for chapter in narration.chapters
    ]
    named = {name: value for name, value in told.items() if value}
    return json.dumps({**named, "chapters": chapters}, ensure_ascii=False, indent=1) + "\n"
