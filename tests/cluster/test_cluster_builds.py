"""Editions built on two workers have the bytes of a local build, through a shared folder and through S3."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cluster_running import S3, Cluster, objects, tree, upload, write_edition

from publisher.cli import main

TEXT = ("--format", "web,docx")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("bay", "strait"):
        write_edition(tmp_path / "source", name)
    return tmp_path / "source"


@pytest.fixture
def built_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, bytes]]:
    """The files of a local build of `source`."""

    def build(*arguments: str) -> dict[str, bytes]:
        monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "own-cache"))
        shutil.rmtree(tmp_path / "own", ignore_errors=True)
        main(["build", "--out", "own", "--jobs", "1", *arguments])
        return without_record(tree(tmp_path / "own"))

    return build


def without_record(files: dict[str, bytes]) -> dict[str, bytes]:
    """What a folder keeps for the next catalogue is not for readers, and stands at no address."""
    return {name: data for name, data in files.items() if not name.endswith("/made-from.json")}


def test_through_a_shared_folder(
    lone: Cluster, source: Path, tmp_path: Path, built_here: Callable[..., dict[str, bytes]]
) -> None:
    lone.add()
    lone.add()
    (source / "broken").mkdir()
    (source / "broken" / "article.md").write_text("---\ntitle: Broken\nlang: en\n---\n\n![](gone.png)\n", "utf-8")

    done = lone.publish(*TEXT, "--out", "shared", "--json")
    assert done.returncode == 1
    # One edition's failure is told where it is, and keeps no other from being built.
    assert "source/broken/article.md:6:" in done.stderr
    told = {one["name"]: one for one in json.loads(done.stdout)["editions"]}
    assert [*told] == ["bay", "broken", "strait"]
    assert "error" in told["broken"]
    assert len({told[name]["worker"] for name in ("bay", "strait")}) == 2
    assert without_record(tree(tmp_path / "shared")) == built_here(*TEXT)

    again = lone.publish(*TEXT, "--out", "shared", "bay", "strait", "bay")
    assert again.returncode == 0, again.stderr
    *lines, last = again.stdout.splitlines()
    assert sorted(line.partition(" (")[0] for line in lines) == ["bay: nothing changed", "strait: nothing changed"]
    assert last == "2 editions: 0 built, 2 unchanged"

    # What one edit touches is told format by format, as on one machine.
    write_edition(source, "strait", "A pilot comes aboard.")
    edited = lone.publish(*TEXT, "--out", "shared", "--explain", "bay", "strait")
    assert "bay: docx (bay.docx): kept, since nothing of it changed" in edited.stdout
    assert re.search(r"^strait: docx \(strait.docx\): made, since .*article\.md", edited.stdout, re.MULTILINE)
    assert edited.stdout.splitlines()[-1] == "2 editions: 1 built, 1 unchanged"


def test_through_s3(on_s3: Cluster, s3: S3, source: Path, built_here: Callable[..., dict[str, bytes]]) -> None:
    on_s3.add()
    on_s3.add()
    (source / "imprint.yaml").write_text("publisher: Harbour Press\n", "utf-8")
    upload(s3.client, source, s3.bucket, "source/")
    there = ("--source", f"{s3.address}/source", "--out", f"{s3.address}/out")
    cache = {"PUBLISHER_CACHE": f"{s3.address}/cache"}

    def built() -> dict[str, bytes]:
        return objects(s3.client, s3.bucket, "out/")

    def dates() -> dict[str, object]:
        listed = s3.client.list_objects_v2(Bucket=s3.bucket, Prefix="out/")["Contents"]
        return {one["Key"].removeprefix("out/"): (one["LastModified"], one["ETag"]) for one in listed}

    done = on_s3.publish(*TEXT, *there, **cache)
    assert done.returncode == 0, done.stderr
    assert built() == built_here(*TEXT)
    page = s3.client.head_object(Bucket=s3.bucket, Key="out/bay/index.html")
    assert page["ContentType"] == "text/html"

    # Nothing changed: nothing is fetched, built or put.
    before = dates()
    again = on_s3.publish(*TEXT, *there, **cache)
    assert again.stdout.count("nothing changed") == 2
    assert dates() == before
    told = json.loads(on_s3.publish(*TEXT, *there, "--explain", "--json", **cache).stdout)["editions"]
    reasons = [(one["name"], reason["format"], reason["made"]) for one in told for reason in one["reasons"]]
    assert reasons == [(name, format, False) for name in ("bay", "strait") for format in ("docx", "web")]

    # One edition edited, in one format less: what it does not have any more is gone, the other is as it was.
    write_edition(source, "strait", "A pilot comes aboard.")
    upload(s3.client, source, s3.bucket, "source/")
    on_s3.publish("--format", "web", *there, "strait", **cache)
    assert "strait/strait.docx" not in built()
    after = dates()
    assert {name: after[name] for name in after if name.startswith("bay/")} == {
        name: before[name] for name in before if name.startswith("bay/")
    }
    # A file that is gone is noticed and put again; a format that was left out joins those that are there.
    s3.client.delete_object(Bucket=s3.bucket, Key="out/bay/bay.docx")
    on_s3.publish(*TEXT, *there, **cache)
    assert built() == built_here(*TEXT)
    after = dates()
    assert not [name for name in after if name.startswith(".") and not name.endswith(".published.json")]


def test_sound_through_s3_with_a_store_that_all_share(
    on_s3: Cluster, s3: S3, source: Path, built_here: Callable[..., dict[str, bytes]], tmp_path: Path
) -> None:
    sound = ("--format", "audio", "bay")
    there = ("--out", f"{s3.address}/out", *sound)
    cache = {"PUBLISHER_CACHE": f"{s3.address}/cache"}
    first = on_s3.add(PUBLISHER_CACHE=str(tmp_path / "first"))
    done = on_s3.publish(*there, **cache)
    assert done.returncode == 0, done.stderr
    here = {name: data for name, data in built_here(*sound).items() if name.startswith("bay/")}
    assert any(name.endswith(".mp3") for name in here)
    assert objects(s3.client, s3.bucket, "out/bay/") == {name.removeprefix("bay/"): data for name, data in here.items()}
    kept = objects(s3.client, s3.bucket, "cache/")
    assert any(name.endswith(".flac") for name in kept)

    # Another machine, with nothing of its own, finds every clip at the address and makes none.
    first.kill()
    on_s3.add(PUBLISHER_CACHE=str(tmp_path / "second"))
    for name in objects(s3.client, s3.bucket, "out/bay/"):
        s3.client.delete_object(Bucket=s3.bucket, Key=f"out/bay/{name}")
    done = on_s3.publish(*there, **cache)
    assert done.returncode == 0, done.stderr
    assert objects(s3.client, s3.bucket, "cache/") == kept
    clips = {path.name for path in (tmp_path / "second").rglob("*.flac")}
    assert clips == {name.rpartition("/")[2] for name in kept if name.endswith(".flac")}
