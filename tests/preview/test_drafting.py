"""Drafts: the same pages as a build makes, quickly, beside what is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from preview_sample import edit, write_edition

from publisher.build import Order, build_edition, is_current
from publisher.model.findings import FindingsError
from publisher.preview.drafting import Desk, base_in, draft_catalogue
from publisher.shelving import update_catalogue
from publisher.store import Store


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture
def order(tmp_path: Path, store: Store) -> Order:
    return Order(write_edition(tmp_path / "source"), tmp_path / "build", store, formats=("web",))


def built(order: Order, *formats: str) -> None:
    build_edition(
        Order(order.folder, order.out, order.store, formats=("web", *formats), jobs=1), lambda _doing, _at, _of: None
    )


def desk_for(order: Order, tmp_path: Path) -> Desk:
    return Desk(order, tmp_path / "scratch")


def text(layers: tuple[Path, ...], name: str) -> str:
    paths = (layer / name for layer in layers)
    return next(path for path in paths if path.is_file() and not path.is_symlink()).read_text("utf-8")


def test_a_draft_of_what_is_published_is_the_same_to_the_byte(order: Order, tmp_path: Path) -> None:
    built(order, "audio")
    desk = desk_for(order, tmp_path)
    published, draft = desk.published(), desk.draft()
    assert published is not None
    assert draft.version == published.version
    assert draft.stale == ()
    folder, below = draft.layers
    assert below == order.out / "bridge"
    own = {path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()}
    assert {path.name for path in own} >= {"index.html", "plain.html", "publisher.css", "publisher.js"}
    for path in own:
        assert path.read_bytes() == (below / path.relative_to(folder)).read_bytes(), path.name
    assert 'data-cues="cues.js"' in (folder / "index.html").read_text("utf-8")


def test_a_draft_of_a_changed_text_leaves_what_is_published(order: Order, tmp_path: Path) -> None:
    built(order, "audio")
    before = content(order.out)
    desk = desk_for(order, tmp_path)
    first = desk.draft()
    edit(order.folder / "article.md", "Monday", "Tuesday")
    second = desk.draft()
    assert "Tuesday" in text(second.layers, "index.html")
    assert second.version != first.version
    assert second.stale == ("audio",)
    assert 'src="bridge.mp3"' in text(second.layers, "index.html")
    assert content(order.out) == before


def test_a_draft_that_cannot_be_made_leaves_the_last(order: Order, tmp_path: Path) -> None:
    desk = desk_for(order, tmp_path)
    first = desk.draft()
    edit(order.folder / "commentary.md", "paid half", "paid the lot")
    with pytest.raises(FindingsError):
        desk.draft()
    assert "Monday" in text(first.layers, "index.html")
    edit(order.folder / "commentary.md", "paid the lot", "paid half")
    assert desk.draft().version == first.version


def test_findings_are_those_of_check_too(order: Order, tmp_path: Path) -> None:
    edit(order.folder / "article.md", "The council", "[Click here](https://example.org/) for more. The council")
    assert "link-vague" in {finding.check for finding in desk_for(order, tmp_path).draft().findings()}


def test_old_drafts_go(order: Order, tmp_path: Path) -> None:
    desk = desk_for(order, tmp_path)
    drafts = [desk.draft().layers[0] for _ in range(4)]
    assert [folder.exists() for folder in drafts] == [False, False, True, True]


def test_an_edition_s_own_templates_count_when_they_come_and_go(order: Order, tmp_path: Path) -> None:
    desk = desk_for(order, tmp_path)
    first = desk.draft()
    own = order.folder / "templates"
    own.mkdir()
    (own / "publisher.css").write_text("body { color: #7a0026 }", encoding="utf-8")
    assert "7a0026" in text(desk.draft().layers, "publisher.css")
    (own / "publisher.css").write_text("body { color: #00267a }", encoding="utf-8")
    assert "00267a" in text(desk.draft().layers, "publisher.css")
    (own / "publisher.css").unlink()
    own.rmdir()
    assert desk.draft().version == first.version


def test_pages_alone_want_no_whole_build_once_something_is_published(order: Order, tmp_path: Path) -> None:
    desk = desk_for(order, tmp_path)
    assert desk.wants_whole()
    assert desk.whole_order().out == order.out
    built(order)
    assert not desk.wants_whole()
    edit(order.folder / "article.md", "Monday", "Tuesday")
    assert not desk.wants_whole()


def test_other_formats_are_made_beside_and_shown(order: Order, tmp_path: Path) -> None:
    built(order, "audio")
    before = content(order.out)
    wanted = Order(order.folder, order.out, order.store, formats=("audio",))
    desk = desk_for(wanted, tmp_path)
    assert not desk.wants_whole()
    edit(order.folder / "article.md", "Monday", "Tuesday")
    assert desk.wants_whole()
    assert desk.draft().stale == ("audio",)
    whole = desk.whole_order()
    assert whole.formats == ("audio", "web")
    assert (whole.out, whole.jobs) == (desk.whole, 1)
    build_edition(whole, lambda _doing, _at, _of: None)
    assert desk.moved()
    draft = desk.draft()
    assert not desk.moved()
    assert draft.layers[1:] == (desk.whole / "bridge", order.out / "bridge")
    assert draft.stale == ()
    assert not desk.wants_whole()
    assert content(order.out) == before
    built(order, "audio")
    assert is_current(wanted)
    assert desk.draft().layers[1:] == (order.out / "bridge",)


def test_a_folder_that_no_build_left_is_no_base(tmp_path: Path) -> None:
    assert base_in(tmp_path) is None
    for text in ("", "[]", "{}", '{"files": [{}], "units": []}', '{"files": 3}'):
        (tmp_path / "edition.json").write_text(text, encoding="utf-8")
        assert base_in(tmp_path) is None


def test_the_catalogue_is_drafted_beside_what_is_published(order: Order, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    assert draft_catalogue(order.out, folder) == ""
    built(order)
    update_catalogue(order.out)
    version = draft_catalogue(order.out, folder)
    assert version == draft_catalogue(order.out, folder) != ""
    assert (folder / "index.html").read_bytes() == (order.out / "index.html").read_bytes()
