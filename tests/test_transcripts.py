"""Transcripts and chapters beside recordings: what they hold, and that what is spoilt in them is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from publisher.build import Order, build_edition, read_imprint_of
from publisher.formats.audio.read import read
from publisher.formats.audio.transcript_read import read_transcript
from publisher.manifest import artefact_of
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.findings import Severity
from publisher.narration.casting import voice_for
from publisher.store import Store
from publisher.verification.checks import source_of
from publisher.verification.hearing import Heard
from publisher.verification.verdicts import Verdict
from publisher.verify import Request, verify_edition
from publisher.verifying.ear import Ear
from publisher.verifying.transcribing import hold_beside

ARTICLE = """---
title: The lamp
creators: Ada Fenwick
lang: en-GB
date: 2026-11-20
---

Nobody lit the lamp that night. He said [bonne nuit]{lang=fr} & went \\<away>.[^one]

[^one]: He came back in the morning.

::: plain
No one lit the lamp.
:::

# The morning

## At sea

The boats came in one by one, and every one of them was safe.

| Year | Boats |
|------|-------|
| 1911 | 12    |

1. first
2. second
"""
COMMENTARY = """---
title: Commentary
lang: en-GB
editors:
  desk: The desk
---

::: {#n-lit .note on="lit the lamp" kind="context" by="desk" date="2026-11-20"}
It burned whale oil until the war.
:::
"""
PAGE, TEXT, CHAPTERS = "lamp-transcript.html", "lamp-transcript.txt", "lamp-chapters.json"


@dataclass(frozen=True)
class Built:
    request: Request
    ear: Ear
    heard: Heard

    @property
    def folder(self) -> Path:
        return self.request.out / "lamp"

    def listed(self) -> dict[str, Artefact]:
        files = json.loads((self.folder / "edition.json").read_bytes())["files"]
        return {file["name"]: artefact_of(file) for file in files}

    def checks(self, name: str, text: str, folder: Path) -> set[str]:
        """What is found in a file of the build where it reads otherwise."""
        (folder / name).write_text(text, encoding="utf-8")
        self.ear.built = folder
        found = hold_beside(self.ear, self.listed()[name], "lamp.mp3", self.heard)
        return {one.finding.check for one in found.discrepancies if one.finding.severity is Severity.ERROR}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    root = tmp_path_factory.mktemp("transcripts")
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "commentary.md").write_text(COMMENTARY, encoding="utf-8")
    store = Store(root / "store")
    build_edition(Order(folder, root / "build", store, ("audio", "web")), lambda *_: None)
    publication = read_edition(folder, read_imprint_of(folder)[0]).publication
    ear = Ear(root / "build" / "lamp", source_of(publication), voice_for(publication.metadata), store)
    ear.prepare({})
    _, heard = ear.recording(Artefact("lamp.mp3", "audio/mpeg", "audio", ""))
    assert heard is not None
    yield Built(Request(folder, root / "build", store=store), ear, heard)
    ear.close()


def text_of(built: Built, name: str) -> str:
    return (built.folder / name).read_text("utf-8")


def test_all_of_them_agree_with_the_source_and_the_sound(built: Built) -> None:
    verification = verify_edition(built.request)
    assert [str(one) for one in verification.findings if one.severity is Severity.ERROR] == []
    verdicts = {one.artefact.name: one for one in verification.texts}
    for stem in ("lamp", "lamp-plain"):
        for name in (f"{stem}-transcript.html", f"{stem}-transcript.txt", f"{stem}-chapters.json"):
            assert verdicts[name].verdict is Verdict.CONSISTENT
            assert verdicts[name].grade == "measured"
            assert verdicts[name].proven() == verdicts[name].expected()


@pytest.mark.parametrize("name", [PAGE, TEXT])
def test_a_paragraph_is_told_at_the_time_at_which_its_first_cue_is_shown(built: Built, name: str) -> None:
    cues = read(built.folder / "lamp.vtt").cues
    paragraphs = read_transcript(built.folder / name).paragraphs
    assert len(paragraphs) > 10
    for one in paragraphs:
        nearest = min(cues, key=lambda cue: abs(cue.begin - one.begin))
        assert nearest.begin == pytest.approx(one.begin, abs=0.006)
        assert one.text.startswith(" ".join(nearest.text.split()))


def test_headings_are_headings_notes_are_asides_and_languages_are_marked(built: Built) -> None:
    page = text_of(built, PAGE)
    assert re.findall(r"<(h\d)[^>]*>(.*?)</h\d>", page) == [
        ("h1", "The lamp"),
        ("h2", "The morning"),
        ("h3", "At sea"),
    ]
    note = page[page.index('<aside class="note"') : page.index("</aside>")]
    assert "Note 1, context, by the desk, 20 November 2026" in note
    assert "It burned whale oil until the war." in note
    assert '<span lang="fr">bonne nuit</span>' in page
    assert "&amp; went &lt;away&gt;" in page
    assert "<script" not in page


def test_the_text_marks_headings_and_notes(built: Built) -> None:
    lines = text_of(built, TEXT).splitlines()
    assert lines[0] == "Transcript: lamp.mp3"
    assert any(re.fullmatch(r"\[0:00:00\.00\] # The lamp", line) for line in lines)
    assert any(re.fullmatch(r"\[\d:\d\d:\d\d\.\d\d\] > It burned whale oil until the war\.", line) for line in lines)


def test_the_page_is_shown_without_a_fault_and_without_a_line_to_scroll_sideways(
    built: Built, chromium: Browser
) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 800})
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto((built.folder / PAGE).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('aside')).borderInlineStartWidth") == "4px"
    assert told == []
    page.close()


def test_the_chapters_are_as_podcast_players_take_them(built: Built) -> None:
    # https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md
    data = json.loads(text_of(built, CHAPTERS))
    assert data["version"] == "1.2.0"
    assert data["title"] == "The lamp"
    assert data["author"] == "Ada Fenwick"
    assert data["fileName"] == "lamp.mp3"
    own = read(built.folder / "lamp.mp3").chapters
    assert [(one["title"], one["startTime"], one["endTime"]) for one in data["chapters"]] == [
        (one.title, pytest.approx(one.begin, abs=0.001), pytest.approx(one.end, abs=0.001)) for one in own
    ]
    assert all(isinstance(one["startTime"], float) for one in data["chapters"])


def swapped(text: str) -> str:
    first, second = "The boats came in one by one", "every one of them was safe"
    return text.replace(first, "\0").replace(second, first).replace("\0", second)


def later(text: str) -> str:
    """The time of one paragraph of the text, a fifth of a second late."""
    found = re.search(r"\[0:(\d\d):(\d\d\.\d\d)\] {3}The boats", text)
    assert found is not None
    late = float(found[2]) + 0.2
    return text.replace(found[0], f"[0:{found[1]}:{late:05.2f}]   The boats")


def later_on_the_page(text: str) -> str:
    found = re.search(r'#t=([\d.]+)"><time datetime="PT[\d.]+S">([\d:]+)</time></a> <p>The boats', text)
    assert found is not None
    late = float(found[1]) + 0.2
    told = f'#t={late:.2f}"><time datetime="PT{late:.2f}S">{found[2]}</time></a> <p>The boats'
    return text.replace(found[0], told)


def ruled(rule: str) -> Callable[[str], str]:
    return lambda text: text.replace("</style>", f"{rule}</style>")


def exchanged(text: str) -> str:
    """Two lines of the contents lead to each other's place."""
    first, second = re.findall(r'href="(#[^"]+)"', text)[1:3]
    return text.replace(f'"{first}"', '"#?"').replace(f'"{second}"', f'"{first}"').replace('"#?"', f'"{second}"')


SPOILT: list[tuple[str, str, Callable[[str], str], str]] = [
    ("a sentence dropped", PAGE, lambda text: text.replace("Nobody lit the lamp that night. ", ""), "unit-missing"),
    ("a word changed", PAGE, lambda text: text.replace("was safe", "was lost"), "unit-altered"),
    ("words added", PAGE, lambda text: text.replace("</main>", "<p>Buy it now.</p></main>"), "unit-added"),
    ("words swapped", PAGE, swapped, "unit-altered"),
    ("a heading that is none", PAGE, lambda text: re.sub(r"<(/?)h2", r"<\1p", text), "unit-role"),
    ("a note that is none", PAGE, lambda text: re.sub(r"</?aside[^>]*>", "", text), "unit-role"),
    ("a time told later", PAGE, later_on_the_page, "transcript-time"),
    ("a link to another time", PAGE, lambda text: text.replace("#t=0.00", "#t=0.90"), "transcript-time"),
    ("another time to read", PAGE, lambda text: text.replace(">0:00</time>", ">0:01</time>"), "transcript-time"),
    ("no link", PAGE, lambda text: text.replace("lamp.mp3#t=0.00", "#top"), "transcript-link"),
    ("a link elsewhere", PAGE, lambda text: text.replace("lamp.mp3#t=0", "other.mp3#t=0"), "transcript-link"),
    ("another title", PAGE, lambda text: text.replace('content="The lamp"', 'content="A lamp"'), "metadata-title"),
    ("another language", PAGE, lambda text: text.replace('lang="en-GB"', 'lang="de"', 1), "metadata-language"),
    ("another language of a word", PAGE, lambda text: text.replace('lang="fr"', 'lang="es"'), "unit-language"),
    ("a word in no other language", PAGE, lambda text: text.replace(' lang="fr"', ""), "unit-language"),
    ("words hidden", PAGE, lambda text: text.replace("<p>The boats", "<p hidden>The boats"), "unit-missing"),
    (
        "words not told",
        PAGE,
        lambda text: text.replace("<p>The boats", '<p aria-hidden="true">The boats'),
        "unit-missing",
    ),
    ("words hidden by a rule", PAGE, ruled("h2 { display: none }"), "unit-missing"),
    ("all hidden by a rule", PAGE, ruled("main { visibility: hidden }"), "unit-missing"),
    ("words added by a rule", PAGE, ruled(".said > p::before { content: 'Not: ' }"), "unit-added"),
    ("words added behind by a rule", PAGE, ruled(".said > p::after { content: ' (not)' }"), "unit-added"),
    ("words around the text", PAGE, lambda text: text.replace("<main>", "<p>Buy it now.</p><main>"), "unit-added"),
    (
        "contents reworded",
        PAGE,
        lambda text: re.sub(r"(<nav.*?>)The morning<", r"\1The evening<", text, flags=re.S),
        "unit-added",
    ),
    ("contents exchanged", PAGE, exchanged, "contents-altered"),
    (
        "contents to nowhere",
        PAGE,
        lambda text: re.sub(r'(<nav.*?href=")#', r"\1#no", text, flags=re.S),
        "link-target-missing",
    ),
    ("a line dropped", TEXT, lambda text: re.sub(r".*It burned.*\n", "", text), "unit-missing"),
    ("a word changed", TEXT, lambda text: text.replace("was safe", "was lost"), "unit-altered"),
    ("a line added", TEXT, lambda text: text + "Buy it now.\n", "unit-added"),
    ("a line doubled", TEXT, lambda text: re.sub(r"(.*It burned.*\n)", r"\1\1", text), "unit-added"),
    ("a time told later", TEXT, later, "transcript-time"),
    ("no heading", TEXT, lambda text: text.replace("] # The morning", "]   The morning"), "unit-role"),
    ("no note", TEXT, lambda text: text.replace("] > It burned", "]   It burned"), "unit-role"),
    ("a note", TEXT, lambda text: text.replace("]   Nobody", "] > Nobody"), "unit-role"),
    ("a chapter dropped", CHAPTERS, lambda text: changed(text, lambda listed: listed.pop(1)), "chapter-missing"),
    ("a chapter added", CHAPTERS, lambda text: changed(text, lambda listed: listed.append(listed[0])), "chapter-added"),
    ("a chapter hidden", CHAPTERS, lambda text: text.replace('"toc": true', '"toc": false', 1), "chapter-missing"),
    ("a chapter renamed", CHAPTERS, lambda text: text.replace("The morning", "The evening"), "chapter-title"),
    (
        "a chapter moved",
        CHAPTERS,
        lambda text: changed(text, lambda listed: listed[1].update(startTime=listed[1]["startTime"] + 0.3)),
        "chapter-shifted",
    ),
    ("another version", CHAPTERS, lambda text: text.replace('"1.2.0"', '"9.0.0"'), "artefact-unreadable"),
    ("no list", CHAPTERS, lambda text: "[]", "artefact-unreadable"),
    ("another author", CHAPTERS, lambda text: text.replace("Ada Fenwick", "Bob"), "metadata-creator"),
]


def changed(text: str, change: Callable[[list[dict[str, float]]], object]) -> str:
    data = json.loads(text)
    change(data["chapters"])
    return json.dumps(data)


@pytest.mark.parametrize(
    ("name", "spoil", "check"), [one[1:] for one in SPOILT], ids=[f"{one[1]}: {one[0]}" for one in SPOILT]
)
def test_what_is_spoilt_is_found(
    name: str, spoil: Callable[[str], str], check: str, built: Built, tmp_path: Path
) -> None:
    whole = text_of(built, name)
    assert built.checks(name, whole, tmp_path) == set()
    spoilt = spoil(whole)
    assert spoilt != whole
    assert check in built.checks(name, spoilt, tmp_path)


def test_the_web_page_offers_the_transcripts(built: Built) -> None:
    page = text_of(built, "index.html")
    assert f'href="{PAGE}"' in page
    assert f'href="{TEXT}"' in page
    assert "the transcript, with times that lead into the recording" in page
