"""What players show: titles, names, cover and chapters, as ID3 in MP3 and as atoms in M4B.

ID3v2.3 (https://id3.org/id3v2.3.0), which every hardware player reads, with the chapter frames of
https://id3.org/id3v2-chapters-1.0.
"""

# mypy: disallow-untyped-calls=False
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import langcodes
from mutagen.id3 import (
    APIC,
    CHAP,
    COMM,
    CTOC,
    ID3,
    TALB,
    TCON,
    TCOP,
    TDRC,
    TIT2,
    TIT3,
    TLAN,
    TLEN,
    TPE1,
    TPUB,
    TXXX,
    CTOCFlags,
)
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm

from publisher.model.narration import Narration
from publisher.model.publication import Metadata

_UTF8 = 3
_FRONT_COVER = 3
_NO_OFFSET = 0xFFFFFFFF
_AUDIOBOOK = 2
"""iTunes' media kind."""
_TEXT = 1
"""A free-form atom's data type: UTF-8."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a recording: the edition's facts, how the recording is called, who reads it."""

    metadata: Metadata
    title: str
    narrator: str
    cover: bytes

    @property
    def artist(self) -> str:
        """The authors, else the publisher."""
        authors = [creator.name for creator in self.metadata.creators if creator.role == "aut"]
        return ", ".join(authors or [creator.name for creator in self.metadata.creators]) or self.metadata.publisher

    @property
    def cover_type(self) -> str:
        """The cover's media type, told from its first bytes."""
        return "image/png" if self.cover.startswith(b"\x89PNG") else "image/jpeg"


def alpha3(lang: str) -> str:
    """A BCP 47 tag as ISO 639-2, which both containers ask for; `und` where it has none."""
    try:
        return langcodes.get(lang).to_alpha3()
    except LookupError:
        return "und"


def tag_mp3(path: Path, facts: Facts, narration: Narration) -> None:
    """Puts the tags in front of an MP3 that has none."""
    metadata = facts.metadata
    language = alpha3(metadata.lang)
    tags = ID3()
    tags.add(TIT2(encoding=_UTF8, text=facts.title))
    if metadata.subtitle:
        tags.add(TIT3(encoding=_UTF8, text=metadata.subtitle))
    tags.add(TPE1(encoding=_UTF8, text=facts.artist))
    tags.add(TALB(encoding=_UTF8, text=metadata.title))
    tags.add(TCON(encoding=_UTF8, text="Audiobook"))
    tags.add(TLAN(encoding=_UTF8, text=language))
    tags.add(TLEN(encoding=_UTF8, text=str(_milliseconds(narration, narration.frames))))
    tags.add(TXXX(encoding=_UTF8, desc="NARRATOR", text=facts.narrator))
    tags.add(TXXX(encoding=_UTF8, desc="IDENTIFIER", text=metadata.identifier))
    if metadata.publisher:
        tags.add(TPUB(encoding=_UTF8, text=metadata.publisher))
    if metadata.rights:
        tags.add(TCOP(encoding=_UTF8, text=metadata.rights))
    if metadata.date is not None:
        tags.add(TDRC(encoding=_UTF8, text=metadata.date.isoformat()))
    if metadata.description:
        tags.add(COMM(encoding=_UTF8, lang=language, desc="", text=metadata.description))
    tags.add(
        APIC(encoding=_UTF8, mime=facts.cover_type, type=_FRONT_COVER, desc="Cover", data=facts.cover),
    )
    _add_chapters(tags, facts.title, narration)
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3, padding=lambda _: 0)


def _add_chapters(tags: ID3, title: str, narration: Narration) -> None:
    ids = [f"chp{number}" for number in range(1, len(narration.chapters) + 1)]
    tags.add(
        CTOC(
            element_id="toc",
            flags=CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED,
            child_element_ids=ids,
            sub_frames=[TIT2(encoding=_UTF8, text=title)],
        )
    )
    for id, chapter in zip(ids, narration.chapters, strict=True):
        tags.add(
            CHAP(
                element_id=id,
                start_time=_milliseconds(narration, chapter.first),
                end_time=_milliseconds(narration, chapter.last),
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=[TIT2(encoding=_UTF8, text=chapter.title)],
            )
        )


def _milliseconds(narration: Narration, sample: int) -> int:
    return round(narration.seconds(sample) * 1000)


def tag_m4b(path: Path, facts: Facts) -> None:
    """Puts the tags into an M4B, which has its chapters already."""
    metadata = facts.metadata
    file = MP4(path)
    texts = {
        "\xa9nam": facts.title,
        "\xa9ART": facts.artist,
        "aART": facts.artist,
        "\xa9alb": metadata.title,
        "\xa9gen": "Audiobook",
        "\xa9nrt": facts.narrator,
        "\xa9wrt": facts.narrator,  # players that know no narrator show the composer in his place
        "\xa9pub": metadata.publisher,
        "\xa9day": metadata.date.isoformat() if metadata.date else "",
        "cprt": metadata.rights,
        "desc": metadata.description,
    }
    for atom, text in texts.items():
        if text:
            file[atom] = [text]
    file["stik"] = [_AUDIOBOOK]
    language = MP4FreeForm(alpha3(metadata.lang).encode(), dataformat=_TEXT)
    file["----:com.apple.iTunes:LANGUAGE"] = [language]
    kind = MP4Cover.FORMAT_PNG if facts.cover_type == "image/png" else MP4Cover.FORMAT_JPEG
    file["covr"] = [MP4Cover(facts.cover, kind)]
    file.save(padding=lambda _: 0)
