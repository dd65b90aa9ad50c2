"""A whole build after one edit: what is new in the store is what the edit cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.build import Order, build_edition
from publisher.store import SEAL, Store

SECTIONS = ("The spring", "The summer", "The autumn", "The winter")
SENTENCES = (
    "The tide came in before anyone in the harbour had noticed it.",
    "By noon, the whole of the lower town was under water.",
    "Nobody could remember such a season, not even the oldest of them.",
    "They counted forty boats, and then they stopped counting.",
    "The older men went home and waited for the wind to turn.",
)


def article(edit: Callable[[str], str] = str, front: str = "") -> str:
    parts = [f"---\ntitle: The flood\nlang: en\ncreators: [Ada North]\ndate: 2026-11-20\n{front}---\n"]
    for season in SECTIONS:
        words = " ".join(f"{sentence[:-1]}, in {season.lower()}." for sentence in SENTENCES)
        parts.append(f"## {season}\n\n{words}\n")
    return edit("\n".join(parts))


@pytest.fixture
def build(tmp_path: Path) -> Callable[[str], Counter[str]]:
    """Builds an article's recordings; what files of each kind are new in the store."""
    store = Store(tmp_path / "store")
    edition = tmp_path / "source" / "flood"
    edition.mkdir(parents=True)

    def built(text: str) -> Counter[str]:
        before = set(store.root.rglob("*.*"))
        (edition / "article.md").write_text(text, encoding="utf-8")
        build_edition(
            Order(edition, tmp_path / "out", store, formats=("audio", "daisy")), lambda _doing, _at, _of: None
        )
        return Counter(path.suffix for path in set(store.root.rglob("*.*")) - before if path.suffix != SEAL)

    return built


def test_one_edited_sentence_costs_one_clip_and_what_holds_it(
    build: Callable[[str], Counter[str]],
) -> None:
    first = build(article())
    assert first[".aac"] == len(SECTIONS) + 1, "the title is a chapter, too"
    assert first[".mp3"] > len(SECTIONS) * (len(SENTENCES) + 2), "a sentence is a piece, and a chapter is their join"
    again = build(
        article(lambda text: text.replace("forty boats, and then they stopped counting, in the summer", "sixty boats"))
    )
    assert (again[".flac"], again[".aac"]) == (1, 1)
    assert again[".mp3"] in (2, 3), "the sentence, the chapter, and the chapter's last sentence if its silence changed"


def test_another_pause_costs_no_clip(build: Callable[[str], Counter[str]]) -> None:
    build(article())
    assert build(article(front="pauses: {sentence: 0.4}\n"))[".flac"] == 0


def test_a_section_moved_costs_nothing_but_the_joining(build: Callable[[str], Counter[str]]) -> None:
    build(article())

    def moved(text: str) -> str:
        head, *sections = text.split("\n## ")
        return "\n## ".join([head, sections[1], sections[0], *sections[2:]])

    again = build(article(moved))
    assert (again[".flac"], again[".mp3"], again[".aac"]) == (0, 0, 0)
