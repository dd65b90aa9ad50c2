"""Recordings beside the edition and its plain language: the article alone; the article, and after it the notes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from publisher import cli, commands
from publisher.build import Built, Order, build_edition
from publisher.formats.audio.decoding import decode, sample_rate
from publisher.formats.audio.read import read
from publisher.manifest import artefact_of
from publisher.model.artefacts import Artefact
from publisher.model.findings import FindingsError, Severity
from publisher.narration.encoding import encode_mp3
from publisher.store import Store
from publisher.verification.verdicts import Verdict, Verification
from publisher.verify import Request, verify_edition

ARTICLE = """---
title: The lamp
creators: Ada Fenwick
lang: en-GB
{more}references:
  - id: log
    type: book
    title: The log of the point
    issued: 1912
  - id: almanac
    type: book
    title: The almanac of tides
    issued: 1911
---

Nobody lit the lamp that night, as the keeper told [@log]. The keeper had gone home.[^one]

[^one]: He came back in the morning.

::: plain
No one lit the lamp.[^two]
:::

[^two]: Later it burned paraffin.

# The morning

The boats came in one by one, and every one of them was safe.
"""
COMMENTARY = """---
title: Commentary
lang: en-GB
editors:
  desk: The desk
---

::: introduction
Read slowly, and with a chart at hand.
:::

::: {#n-lit .note on="lit the lamp" kind="context" by="desk" date="2026-11-20" sources="almanac"}
It burned whale oil until the war.
:::

::: method
We read the log twice.
:::
"""
Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Edition:
    folder: Path
    out: Path
    store: Store

    def build(self, *formats: str, mixes: tuple[str, ...] | None = None) -> Built:
        order = Order(self.folder, self.out, self.store, formats or ("audio",), mixes=mixes)
        return build_edition(order, lambda *_: None)

    def verify(self) -> Verification:
        return verify_edition(Request(self.folder, self.out, store=self.store))

    @property
    def built(self) -> Path:
        return self.out / self.folder.name

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.built.iterdir()) if path.is_file()}

    def listed(self) -> dict[str, Artefact]:
        files = json.loads((self.built / "edition.json").read_bytes())["files"]
        return {file["name"]: artefact_of(file) for file in files}

    def cues(self, mix: str) -> list[str]:
        return [cue.id for cue in read(self.built / f"lamp-{mix}.vtt").cues]


def edition(root: Path, *, more: str = "", commentary: str = COMMENTARY, imprint: str = "") -> Edition:
    folder = root / "source" / "lamp"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE.format(more=more), encoding="utf-8")
    if commentary:
        (folder / "commentary.md").write_text(commentary, encoding="utf-8")
    if imprint:
        (folder.parent / "imprint.yaml").write_text(imprint, encoding="utf-8")
    return Edition(folder, root / "build", Store(root / "store"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    lamp = edition(tmp_path_factory.mktemp("mixes"))
    lamp.build("audio", "web", mixes=("article", "notes-after"))
    return lamp


def wrong(verification: Verification) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in verification.discrepancies:
        if one.finding.severity is Severity.ERROR:
            found.setdefault(one.artefact, set()).add(one.finding.check)
    return found


def test_every_mix_is_heard_and_holds_what_it_must(made: Edition) -> None:
    verification = made.verify()
    assert wrong(verification) == {}
    assert verification.verdict is Verdict.CONSISTENT
    found = {one.artefact.name: one.comparison for one in verification.texts if one.comparison}
    assert found["lamp-article.mp3"].coverage.kind == "article audio"
    assert found["lamp-notes-after.mp3"].coverage.kind == "notes-after audio"
    assert set(found["lamp-article.mp3"].coverage.omitted) == {"introduction", "note", "method", "plain"}
    texts = {unit.text for unit in found["lamp-article.mp3"].expected}
    assert "He came back in the morning." in texts
    assert "Later it burned paraffin." not in texts
    assert any("log of the point" in text.casefold() for text in texts)
    assert not any("almanac" in text.casefold() for text in texts)
    assert found["lamp-notes-after.mp3"].expected != found["lamp.mp3"].expected  # the notes have their place
    assert set(found["lamp-notes-after.mp3"].expected) == set(found["lamp.mp3"].expected)


def test_the_article_alone_has_nothing_of_the_commentary(made: Edition) -> None:
    cues = made.cues("article")
    assert "opening-1-s1" in cues
    assert not [id for id in cues if id.startswith(("n-lit", "introduction", "method"))]
    assert [chapter.title for chapter in read(made.built / "lamp-article.mp3").chapters] == [
        "The lamp",
        "The article",
        "The morning",
        "References",
    ]


def test_the_notes_come_after_the_article(made: Edition) -> None:
    cues = made.cues("notes-after")
    assert cues.index("the-morning-1-s1") < cues.index("n-lit-begin") < cues.index("method-title")
    assert "Notes" in [chapter.title for chapter in read(made.built / "lamp-notes-after.mp3").chapters]


def test_a_mix_says_which_it_is_in_its_opening_and_its_title(made: Edition) -> None:
    said = {cue.id: cue.text for cue in read(made.built / "lamp-article.vtt").cues}
    assert said["title-article"] == "The article without its commentary."
    assert read(made.built / "lamp-article.mp3").metadata["title"] == ("The lamp (without commentary)",)
    assert read(made.built / "lamp-notes-after.mp3").metadata["title"] == ("The lamp (notes after the article)",)


def test_the_page_offers_every_mix_with_its_length_and_what_it_is(made: Edition) -> None:
    page = (made.built / "index.html").read_text("utf-8")
    for mix, about in (
        ("article", "the article without its commentary"),
        ("notes-after", "the article, then the notes"),
    ):
        at = page.index(f'href="lamp-{mix}.mp3"')
        offer = page[at : page.index("</li>", at)]
        assert about in offer
        assert "minute" in offer or "second" in offer


def test_mixes_are_made_of_the_same_clips(tmp_path: Path) -> None:
    lamp = edition(tmp_path)
    lamp.build("audio")
    before = {path.name for path in lamp.store.root.rglob("*.flac")}
    lamp.build("audio", mixes=("article", "notes-after"))
    fresh = {path.name for path in lamp.store.root.rglob("*.flac")} - before
    assert len(fresh) == 3  # how each announces itself, and the heading of the notes


@pytest.mark.parametrize(
    ("more", "imprint", "mixes"),
    [
        ("mixes: [article]\n", "", {"article"}),
        ("", "mixes: article, notes-after\n", {"article", "notes-after"}),
        ("mixes: notes-after\n", "mixes: [article]\n", {"notes-after"}),
        ("mixes: []\n", "mixes: [article]\n", set()),
    ],
)
def test_the_source_may_ask_for_mixes(more: str, imprint: str, mixes: set[str], tmp_path: Path) -> None:
    lamp = edition(tmp_path, more=more, imprint=imprint)
    lamp.build("audio")
    made = {one.variant for one in lamp.listed().values() if one.media_type == "audio/mpeg"}
    assert made == {"", "plain", *mixes}
    lamp.build("audio", mixes=())
    assert {one.variant for one in lamp.listed().values()} == {"", "plain"}


def test_an_unknown_mix_is_refused_where_it_stands(tmp_path: Path) -> None:
    lamp = edition(tmp_path, more="mixes: [articel]\n")
    with pytest.raises(FindingsError) as problem:
        lamp.build("audio")
    assert "no mix articel; write one or both of article, notes-after" in str(problem.value.findings[0])
    assert "article.md:5:" in str(problem.value.findings[0])


def test_a_mix_that_would_be_the_full_recording_is_not_made_and_said_so(tmp_path: Path) -> None:
    lamp = edition(tmp_path, commentary="")
    built = lamp.build("audio", mixes=("article", "notes-after"))
    told = [str(one) for one in built.findings if one.check == "mix-same"]
    assert told == [
        "lamp: info: lamp: no recording article is made, since the edition has no commentary: it would be the same as"
        " lamp.mp3",
        "lamp: info: lamp: no recording notes-after is made, since the edition has no notes: it would be the same as"
        " lamp.mp3",
    ]
    assert {one.variant for one in lamp.listed().values()} == {"", "plain"}


def test_formats_one_by_one_are_the_same_as_all_at_once(tmp_path: Path, made: Edition) -> None:
    lamp = edition(tmp_path)
    for format in ("web", "audio"):
        lamp.build(format, mixes=("article", "notes-after"))
    assert {name: data for name, data in lamp.files().items() if not name.startswith("report.")} == {
        name: data for name, data in made.files().items() if not name.startswith("report.")
    }


def test_asking_for_another_mix_builds_again_and_asking_for_the_same_does_not(tmp_path: Path) -> None:
    lamp = edition(tmp_path)
    assert lamp.build("audio", mixes=("article",)).fresh
    assert not lamp.build("audio", mixes=("article",)).fresh
    assert lamp.build("audio", mixes=("notes-after",)).fresh
    assert "lamp-article.mp3" not in lamp.listed()


def muted(wave: Wave, first: int, last: int) -> Wave:
    wave[first:last] = 0
    return wave


def dropped(wave: Wave, first: int, last: int) -> Wave:
    return np.concatenate([wave[:first], wave[last:]])


@pytest.mark.parametrize(
    ("spoil", "check", "told"),
    [(muted, "audio-muted", "<em>silence</em>"), (dropped, "audio-missing", ">nothing</em>")],
    ids=["muted", "dropped"],
)
@pytest.mark.parametrize("mix", ["article", "notes-after"])
def test_what_is_spoilt_in_a_mix_is_heard(
    mix: str, spoil: Callable[[Wave, int, int], Wave], check: str, told: str, made: Edition, tmp_path: Path
) -> None:
    copy = tmp_path / "build" / "lamp"
    copy.mkdir(parents=True)
    for name, data in made.files().items():
        if name == "edition.json" or (name.startswith(f"lamp-{mix}.") and name.endswith((".mp3", ".vtt"))):
            (copy / name).write_bytes(data)
    manifest = json.loads((copy / "edition.json").read_bytes())
    manifest["files"] = [file for file in manifest["files"] if (copy / file["name"]).is_file()]
    (copy / "edition.json").write_text(json.dumps(manifest), "utf-8")
    path = copy / f"lamp-{mix}.mp3"
    rate, wave = sample_rate(path), np.concatenate(list(decode(path)))
    cue = next(cue for cue in read(path.with_suffix(".vtt")).cues if cue.id == "the-morning-1-s1")
    encode_mp3(path, [spoil(wave, round(cue.begin * rate), round(cue.end * rate))], rate)
    found = wrong(replace(made, out=copy.parent).verify())
    assert check in found[path.name]
    assert told in (copy / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("listed", "mixes"), [(["article"], ("article",)), (["notes-after,article", "plain"], ("article", "notes-after"))]
)
def test_the_command_takes_mixes_with_commas_or_one_by_one(listed: list[str], mixes: tuple[str, ...]) -> None:
    assert commands._mixes(listed) == mixes


def test_the_command_refuses_a_mix_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "lamp", "--mix", "articel"]) == cli.UNUSABLE
    assert "no mix articel; choose from article, notes-after, or none" in capsys.readouterr().err
