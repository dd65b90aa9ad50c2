"""Addresses, the two tiers of a store, and the order in which an edition is published, at a store held in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from publisher.cluster import extra, remote, scheduler, sources, tasks
from publisher.cluster.makeup import differences, makeup
from publisher.cluster.publishing import fetch_published, manifests, publish, published, stands
from publisher.cluster.remote import StorageError, Tree, inside, place
from publisher.cluster.tiers import tiered
from publisher.model.findings import Finding, InputError, Severity
from publisher.model.source import Position
from publisher.store import default_store, file_digest


@pytest.fixture
def there() -> Iterator[Tree]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield Tree("memory://bucket/out")
    system.store.clear()


def edition(folder: Path, **files: str) -> Path:
    """A build's output with these files; `_` in their names stands for a dot."""
    folder.mkdir(parents=True)
    entries = []
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text)
        media_type = "text/html" if path.suffix == ".html" else "audio/mpeg"
        sha256, size = file_digest(path), path.stat().st_size
        entries.append({"name": path.name, "media_type": media_type, "bytes": size, "sha256": sha256})
    (folder / "edition.json").write_text(json.dumps({"files": entries}))
    return folder


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("build", Path("build")),
        ("/mnt/build", Path("/mnt/build")),
        ("file:///mnt/a%20b", Path("/mnt/a b")),
        ("s3://bucket/out/", Tree("s3://bucket/out")),
        ("gs://bucket", Tree("gs://bucket")),
    ],
)
def test_a_place(text: str, meant: object) -> None:
    assert place(text) == meant


@pytest.mark.parametrize("text", ["sftp://host/out", "https://host/out", "s3://", "nonsense://x"])
def test_a_place_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="give an object store"):
        place(text)


@pytest.mark.parametrize("name", ["../out", "a/../../b", "/etc/x", "a//b", "a\\b", "", "a/./b", "a\0b"])
def test_an_object_whose_name_would_lead_out_of_a_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can be no file's path"):
        inside(tmp_path, name)


def test_an_edition_with_such_an_object_is_not_fetched(there: Tree, tmp_path: Path) -> None:
    there.write("bay/article.md", b"x")
    there.write("bay/../../escaped", b"x")
    with pytest.raises(InputError, match="can be no file's path"):
        sources.fetch(there, "bay", tmp_path / "deep" / "source")
    assert not [*tmp_path.rglob("escaped")]


def test_an_address_that_cannot_be_reached_is_told_with_its_name(
    there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, _root = remote._system(there.address)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError("Access Denied")

    monkeypatch.setattr(system, "cat_file", refuse)
    with pytest.raises(StorageError, match=r"^error: memory://bucket/out: Access Denied; check the address"):
        there.read("x")


def test_the_editions_at_an_address(there: Tree) -> None:
    for name in ("bay/article.md", "bay/pictures/map.png", "strait/article.md", "notes/readme.txt", "imprint.yaml"):
        there.write(name, name.encode())
    bay, strait = sources.editions(there, ())
    assert (bay.name, strait.name) == ("bay", "strait")
    (named,) = sources.editions(there, ("bay",))
    (whole,) = sources.editions(Tree("memory://elsewhere"), (f"{there}/bay",))
    assert named == whole == bay
    # Whatever changes, the state does: a file of its own, one that it shares, one more.
    seen = {bay.state, strait.state}
    for name in ("bay/pictures/map.png", "imprint.yaml", "bay/cover.png"):
        there.write(name, b"other")
        seen.add(sources.editions(there, ("bay",))[0].state)
    assert len(seen) == 5
    with pytest.raises(InputError, match="no edition notes in memory://bucket/out"):
        sources.editions(there, ("notes",))


def test_publishing_for_the_first_time_and_again(there: Tree, tmp_path: Path) -> None:
    first = edition(tmp_path / "1", index_html="one", bay_mp3="sound", bay_epub="gone soon")
    publish(there, "bay", first, "state 1")
    assert stands(there, "bay", "state 1")
    assert not stands(there, "bay", "state 2")
    second = edition(tmp_path / "2", index_html="two", bay_mp3="sound", more_html="new")
    publish(there, "bay", second, "state 2")
    assert stands(there, "bay", "state 2")
    names = {name.removeprefix("bay/") for name in there.entries("bay")}
    assert names == {"index.html", "bay.mp3", "more.html", "edition.json"}
    assert {name: there.read(f"bay/{name}") for name in names} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }
    assert manifests(there) == {"bay": (second / "edition.json").read_bytes()}
    fetch_published(there, "bay", tmp_path / "3")
    assert {path.name for path in (tmp_path / "3").iterdir()} == names


def test_the_order_of_publishing(there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(there, "bay", edition(tmp_path / "1", index_html="one", bay_mp3="old", bay_epub="gone", same_html="="), "1")
    calls: list[str] = []
    for name in ("put", "copy", "remove", "write"):
        own = getattr(Tree, name)

        def told(self: Tree, *arguments: object, own: object = own, name: str = name) -> object:
            calls.append(f"{name} {arguments[0] if name != 'put' else arguments[1]}")
            return own(self, *arguments)  # type: ignore[operator]

        monkeypatch.setattr(Tree, name, told)
    publish(there, "bay", edition(tmp_path / "2", index_html="2", bay_mp3="new", more_css="m", same_html="="), "2")
    assert calls == [
        "remove .bay.published.json",
        "put bay/more.css",
        "put .bay.partial/bay.mp3",
        "put .bay.partial/index.html",
        "copy .bay.partial/bay.mp3",
        "copy .bay.partial/index.html",
        "put bay/edition.json",
        "remove bay/bay.epub",
        "remove .bay.partial/bay.mp3",
        "remove .bay.partial/index.html",
        "write .bay.published.json",
    ]


@pytest.mark.parametrize("stopped_at", range(9))
def test_stopped_anywhere_it_is_not_taken_for_whole_and_is_done_again(
    there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_at: int
) -> None:
    one = edition(tmp_path / "1", index_html="one", bay_mp3="old")
    two = edition(tmp_path / "2", index_html="two", bay_mp3="new")
    publish(there, "bay", one, "1")
    left = [stopped_at]
    with monkeypatch.context() as patch:
        for name in ("put", "copy", "remove", "write"):
            own = getattr(Tree, name)

            def counted(self: Tree, *arguments: object, own: object = own) -> object:
                if not left[0]:
                    raise StorageError("memory://", "stopped")
                left[0] -= 1
                return own(self, *arguments)  # type: ignore[operator]

            patch.setattr(Tree, name, counted)
        with pytest.raises(StorageError):
            publish(there, "bay", two, "2")
    # Sizes tell nothing here, all files have three letters: back to the first, nobody may think that it stands.
    assert bool(stands(there, "bay", "1")) == (stopped_at == 0)
    assert not stands(there, "bay", "2")
    publish(there, "bay", one, "1")
    assert {name: there.read(f"bay/{name}") for name in ("index.html", "bay.mp3")} == {
        "index.html": b"one",
        "bay.mp3": b"old",
    }
    assert stands(there, "bay", "1")


@pytest.mark.parametrize("name", ["index.html", "edition.json"])
def test_a_link_in_what_was_built_is_not_published(there: Tree, tmp_path: Path, name: str) -> None:
    folder = edition(tmp_path / "1", index_html="one")
    (folder / name).rename(tmp_path / "secret")
    (folder / name).symlink_to(tmp_path / "secret")
    with pytest.raises(InputError, match=f"{name} of the new edition is a link"):
        publish(there, "bay", folder, "1")
    assert there.entries() == {}


def test_a_file_lost_or_cut_short_is_noticed(there: Tree, tmp_path: Path) -> None:
    publish(there, "bay", edition(tmp_path / "1", index_html="one"), "1")
    there.write("bay/index.html", b"on")
    assert not stands(there, "bay", "1")
    there.remove("bay/index.html")
    assert not stands(there, "bay", "1")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"files": 3}', b'{"files": [{"name": "x"}]}', b"\xff"])
def test_a_manifest_of_something_else_is_no_manifest(there: Tree, data: bytes) -> None:
    there.write("bay/edition.json", data)
    there.write(".bay.published.json", b'{"made_from": "1", "manifest": ""}')
    assert published(there, "bay").made_from == ""
    assert not stands(there, "bay", "1")


def test_a_line_that_a_fallback_said_is_asked_for_again(there: Tree, tmp_path: Path) -> None:
    folder = edition(tmp_path / "1", bay_mp3="sound")
    told = json.loads((folder / "edition.json").read_bytes())
    (folder / "edition.json").write_text(json.dumps(told | {"fallback": ["bay-1"]}))
    publish(there, "bay", folder, "1")
    assert not stands(there, "bay", "1")


def test_two_tiers(there: Tree, tmp_path: Path) -> None:
    with tiered(tmp_path / "one", there) as store:
        kept = store.keep("abcdef", ".txt", lambda path: path.write_text("clip") and None)
    assert there.read("ab/cdef.txt") == b"clip"
    with tiered(tmp_path / "two", there) as store:
        found = store.find("abcdef", ".txt")
        assert found is not None
        assert found != kept
        assert found.read_text() == "clip"
        assert store.find("abcdef", ".json") is None
        store.drop("abcdef", ".txt")
        assert store.find("abcdef", ".txt") is None
    assert there.read("ab/cdef.txt") is None


def test_a_put_that_fails_is_told(there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("memory://", "no rights")

    monkeypatch.setattr(Tree, "put", refuse)
    with pytest.raises(StorageError), tiered(tmp_path, there) as store:
        store.keep("abcdef", ".txt", lambda path: path.write_text("clip") and None)


def test_a_store_at_an_address_is_for_clusters_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", "s3://bucket/cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(InputError, match="set it to a folder, or build with --executor dask"):
        default_store()
    assert tasks._own_store().root == tmp_path / "publisher"


def test_differences_have_names() -> None:
    own = makeup()
    assert differences(own, own) == ""
    assert differences({**own, "numpy": "1.0", "Python": "3"}, own).startswith("Python 3 there, ")
    assert "numpy 1.0 there, " in differences({**own, "numpy": "1.0"}, own)
    assert "differ, though both are called" in differences({**own, "the files of concordant-publisher": "x"}, own)
    assert differences({}, own).startswith("concordant-publisher None there, ")


def test_a_worker_without_the_package_is_told() -> None:
    assert "has no publisher: it lacks" in scheduler._unlike(ModuleNotFoundError("", name="publisher"), makeup())
    assert "cannot be asked: OSError: x" in scheduler._unlike(OSError("x"), makeup())


def test_the_extra_is_named_where_it_is_missing() -> None:
    with pytest.raises(InputError, match=r"pip install 'concordant-publisher\[cluster\]'"):
        extra.needed("a_module_that_nobody_has")


def test_findings_name_the_places_that_the_user_knows(tmp_path: Path) -> None:
    here = f"{tmp_path}/bay/article.md"
    finding = Finding("x", Severity.ERROR, f"{here} is wrong", Position(here, 3), here)
    (shown,) = tasks._as_shown((finding,), tmp_path, "s3://bucket/source")
    assert str(shown) == "s3://bucket/source/bay/article.md:3: error: s3://bucket/source/bay/article.md is wrong"
    assert shown.where == "s3://bucket/source/bay/article.md"
