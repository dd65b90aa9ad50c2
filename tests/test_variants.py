"""Which of several files of one kind a file is, is told by the build, not by what its name looks like."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publisher.build import Order, build_edition
from publisher.manifest import artefact_of
from publisher.model.artefacts import Artefact
from publisher.model.findings import Severity
from publisher.store import Store
from publisher.verification.verdicts import Verdict, Verification
from publisher.verify import Request, verify_against, verify_edition

ARTICLE = """---
title: The lamp
creators: Ada Fenwick
lang: en-GB
---

Nobody lit the lamp that night. The keeper had gone home.

::: plain
No one lit the lamp. The keeper was at home.
:::
"""


def made(root: Path, name: str, *formats: str) -> Request:
    folder = root / "source" / name
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    store = Store(root / "store")
    build_edition(Order(folder, root / "build", store, formats), lambda *_: None)
    return Request(folder, root / "build", store=store)


def listed(request: Request) -> dict[str, Artefact]:
    manifest = json.loads((request.out / request.name / "edition.json").read_bytes())
    return {file["name"]: artefact_of(file) for file in manifest["files"]}


def wrong(verification: Verification) -> list[str]:
    return [str(one) for one in verification.findings if one.severity is Severity.ERROR]


def test_the_manifest_says_which_of_its_kind_a_file_is(tmp_path: Path) -> None:
    request = made(tmp_path, "lamp", "audio", "epub", "pdf", "web")
    variants = {name: one.variant for name, one in listed(request).items() if one.variant}
    assert variants.items() >= {
        ("lamp-plain.mp3", "plain"),
        ("lamp-plain.vtt", "plain"),
        ("lamp-read-aloud.epub", "read-aloud"),
        ("lamp-large-print.pdf", "large-print"),
        ("plain.html", "plain"),
    }
    assert not {"lamp.mp3", "lamp.m4b", "lamp.vtt", "lamp.epub", "lamp.pdf", "index.html"} & variants.keys()


@pytest.mark.parametrize("name", ["x-plain", "x-read-aloud", "x-article"])
def test_an_edition_may_be_called_as_variants_are(name: str, tmp_path: Path) -> None:
    request = made(tmp_path, name, "audio", "epub", "web")
    verification = verify_edition(request)
    assert wrong(verification) == []
    assert verification.verdict is Verdict.CONSISTENT
    kinds = {one.artefact.name: one.comparison.coverage.kind for one in verification.texts if one.comparison}
    assert kinds[f"{name}.mp3"] == kinds[f"{name}.vtt"] == "audio"
    assert kinds[f"{name}-plain.mp3"] == "plain audio"
    assert kinds[f"{name}.epub"] == "epub"
    assert kinds[f"{name}-read-aloud.epub"] == "read-aloud epub"


@pytest.mark.parametrize("kind", ["mp3", "vtt"])
def test_a_recording_from_elsewhere_is_held_to_what_it_fits(kind: str, tmp_path: Path) -> None:
    request = made(tmp_path, "lamp", "audio")
    for name, coverage in (("lamp", "audio"), ("lamp-plain", "plain audio")):
        copy = tmp_path / f"a-voice.{kind}"
        copy.write_bytes((request.out / "lamp" / f"{name}.{kind}").read_bytes())
        verification = verify_against(request, copy)
        assert wrong(verification) == []
        comparison = verification.files[0].comparison
        assert comparison is not None
        assert comparison.coverage.kind == coverage
