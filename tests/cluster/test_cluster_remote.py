"""Addresses, the two tiers of a store, and the order in which an edition is published, at a store held in memory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from publisher.build import Built
from publisher.cluster import extra, remote, scheduler, sources, tasks, tiers
from publisher.cluster.makeup import differences, makeup
from publisher.cluster.publishing import UNSETTLED, fetch_published, manifests, publish, published, stands
from publisher.cluster.remote import StorageError, Tree, inside, keys_of, place
from publisher.cluster.tasks import Choices, Outcome, Task
from publisher.cluster.tiers import TieredStore, tiered
from publisher.cluster.turns import turn
from publisher.model.findings import Finding, InputError, Severity
from publisher.model.source import Position
from publisher.store import Store, default_store, file_digest


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
        told = {"name": path.name, "format": "web", "media_type": media_type, "bytes": size, "sha256": sha256}
        entries.append(told)
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


def test_a_fetched_file_has_its_seal_before_its_name(
    there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process would take it for damaged, and remove it from under the first."""
    there.write("ab/cdef.txt", b"clip")
    seal = TieredStore.seal

    def looked_at(store: TieredStore, path: Path, content: Path) -> None:
        assert Store(store.root).find("abcdef", ".txt") is None
        seal(store, path, content)
        assert Store(store.root).find("abcdef", ".txt") is None

    monkeypatch.setattr(TieredStore, "seal", looked_at)
    with tiered(tmp_path, there) as store:
        assert store.find("abcdef", ".txt") is not None
    found = Store(tmp_path).find("abcdef", ".txt")
    assert found is not None
    assert found.read_bytes() == b"clip"
    assert sorted(path.name for path in found.parent.iterdir()) == ["cdef.txt", "cdef.txt.seal"]


def _keep(store: TieredStore, key: str = "abcdef") -> Path:
    return store.keep(key, ".txt", lambda path: path.write_text("clip") and None)


def test_a_put_that_fails_is_told_and_made_up_for(there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("memory://", "no rights")

    with monkeypatch.context() as refusing:
        refusing.setattr(Tree, "put", refuse)
        with tiered(tmp_path, there) as store:
            _keep(store)
            _keep(store, "abmore")
        (finding,) = tasks._lacking("bay", store.lacking, store.refused)
    assert "2 files could not be put into the store at memory://: no rights; " in str(finding)
    assert finding.severity is Severity.WARNING
    assert there.read("ab/cdef.txt") is None

    # It is here, and so is never made again: the next build puts it all the same, once.
    with tiered(tmp_path, there) as store:
        assert store.find("abcdef", ".txt")
    assert there.read("ab/cdef.txt") == b"clip"
    assert not [*tasks._lacking("bay", store.lacking, store.refused)]
    there.remove("ab/cdef.txt")
    with tiered(tmp_path, there):
        pass
    assert there.read("ab/cdef.txt") is None


def test_nothing_more_is_put_where_the_first_was_refused(
    there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that may only read is refused once for each build, not once for each file that was ever kept."""
    asked: list[str] = []

    def refuse(_tree: Tree, _path: Path, name: str) -> None:
        asked.append(name)
        raise StorageError("memory://", "no rights")

    monkeypatch.setattr(Tree, "put", refuse)
    for build in range(3):
        with tiered(tmp_path, there) as store:
            for number in range(40):
                _keep(store, f"ab{build}{number}")
        assert store.lacking == 40
    assert len(asked) <= 3 * tiers._PUTTING
    assert len([*tmp_path.glob("owed-*/*")]) == 120


def test_what_a_killed_build_owed_is_put_by_the_next_to_that_address_alone(there: Tree, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        killed = TieredStore(tmp_path, there, threads)
        killed._put = lambda *_: Future()  # type: ignore[method-assign]
        _keep(killed)
        _keep(killed, "abgone").unlink()
    with tiered(tmp_path, Tree("memory://bucket/other")):
        pass
    assert there.read("ab/cdef.txt") is None
    with tiered(tmp_path, there) as store:
        pass
    assert there.read("ab/cdef.txt") == b"clip"
    assert store.lacking == 0
    assert not [*tmp_path.glob("owed-*/*")]


@pytest.mark.parametrize(
    ("address", "variable", "folder", "others"),
    [
        ("s3://bucket/x", "AWS_SHARED_CREDENTIALS_FILE", ".aws", ".azure"),
        ("gs://bucket/x", "GOOGLE_APPLICATION_CREDENTIALS", ".config/gcloud", ".aws"),
        ("abfs://bucket/x", "AZURE_FEDERATED_TOKEN_FILE", ".azure", ".aws"),
    ],
)
def test_keys_are_where_the_libraries_of_that_kind_look(
    address: str, variable: str, folder: str, others: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, "/run/keys")
    found = set(keys_of(Tree(address)))
    assert {tmp_path / folder, Path("/run/keys"), tmp_path / ".config/fsspec"} <= found
    assert tmp_path / others not in found


@pytest.fixture
def task(there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    """An edition in a folder that goes to an address, and a build that makes a page of its article."""
    source = tmp_path / "source"
    (source / "bay").mkdir(parents=True)
    (source / "bay" / "article.md").write_text("A", "utf-8")
    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "cache"))

    def build(_task: Task, folder: Path, out: Path) -> Built:
        shutil.rmtree(out / "bay", ignore_errors=True)
        edition(out / "bay", page_html=(folder / "article.md").read_text("utf-8"))
        # What a process answers that is held is not where the other publishes from.
        return Built("bay", tmp_path / "elsewhere", ("page.html",), (), True)

    monkeypatch.setattr(tasks, "_build", build)
    (found,) = sources.editions(source, ())
    return Task(found, there, Choices(("web",)), makeup())


def _article(task: Task) -> Path:
    assert isinstance(task.edition.beside, Path)
    return task.edition.beside / "bay" / "article.md"


def test_one_at_a_time_from_what_is_taken_up_to_what_is_published(
    task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    @contextmanager
    def alone(name: str) -> Iterator[None]:
        happened.append(f"begin {name}")
        yield
        happened.append("end")

    monkeypatch.setattr(tasks, "_alone", alone)
    for name in ("fetch_published", "_build", "publish"):
        own = getattr(tasks, name)
        monkeypatch.setattr(tasks, name, lambda *parts, name=name, own=own: happened.append(name) or own(*parts))
    tasks._run(task, tmp_path / "scratch", Outcome("bay"))
    assert happened == ["begin memory://bucket/out/bay", "fetch_published", "_build", "publish", "end"]


def test_an_edition_is_known_by_what_it_was_made_from_and_not_by_what_was_listed(
    task: Task, there: Tree, tmp_path: Path
) -> None:
    _article(task).write_text("B", "utf-8")
    tasks._run(task, tmp_path / "one", Outcome("bay"))
    assert there.read("bay/page.html") == b"B"
    # The edit is taken back: what was listed first is not what stands there.
    _article(task).write_text("A", "utf-8")
    assert tasks._run(task, tmp_path / "two", Outcome("bay")).fresh
    assert there.read("bay/page.html") == b"A"
    assert not tasks._run(task, tmp_path / "three", Outcome("bay")).fresh


def test_a_linked_edition_is_known_by_what_stands_beside_the_link(task: Task, tmp_path: Path) -> None:
    _article(task).parent.rename(tmp_path / "bay")
    (tmp_path / "source" / "bay").symlink_to(tmp_path / "bay")
    (tmp_path / "source" / "imprint.yaml").write_text("publisher: A", "utf-8")
    (found,) = sources.editions(tmp_path / "source", ())
    linked = replace(task, edition=found)
    assert tasks._run(linked, tmp_path / "one", Outcome("bay")).fresh
    assert not tasks._run(linked, tmp_path / "two", Outcome("bay")).fresh


def test_what_was_made_while_the_sources_changed_is_made_again_and_taken_up(
    task: Task, there: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = tasks._build

    def edited(task: Task, folder: Path, out: Path) -> Built:
        built = build(task, folder, out)
        _article(task).write_text("C", "utf-8")
        return built

    with monkeypatch.context() as editing:
        editing.setattr(tasks, "_build", edited)
        tasks._run(task, tmp_path / "one", Outcome("bay"))
    assert published(there, "bay").made_from == UNSETTLED
    fetch_published(there, "bay", tmp_path / "taken")
    assert (tmp_path / "taken" / "page.html").read_text("utf-8") == "A"
    _article(task).write_text("A", "utf-8")
    assert tasks._run(task, tmp_path / "two", Outcome("bay")).fresh
    assert not tasks._run(task, tmp_path / "three", Outcome("bay")).fresh


def test_a_limit_that_is_none_leaves_the_worker_out_before_it_builds(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE_LIMIT", "plenty")
    assert "PUBLISHER_CACHE_LIMIT" in tasks.run(task).unfit


def test_locks_have_few_names_since_a_scheduler_forgets_none() -> None:
    names = {turn(f"s3://press/2026-11-30/{number}") for number in range(100_000)}
    assert 10_000 < len(names) <= 16_384


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
