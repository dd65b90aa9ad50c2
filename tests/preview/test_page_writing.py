"""The pages of drafts are written by a worker that is held, kept for the next draft, and gone with the preview."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from preview_sample import edit, write_edition
from process_states import is_gone

from publisher.build import Order
from publisher.formats.contract import Job
from publisher.holding.confining import version
from publisher.holding.here import IN_PROCESS, inside
from publisher.holding.sockets import can_filter
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.findings import EngineError
from publisher.model.publication import Imprint
from publisher.preview import writing
from publisher.preview.drafting import Desk
from publisher.preview.writing import PageWriter
from publisher.rendering.templates import Templates
from publisher.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other limits, and /proc")
landlock = pytest.mark.skipif(version() == 0, reason="this system has no Landlock")

PICTURE = Path(__file__).parents[1] / "editions" / "constructs" / "pictures" / "flag.png"


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageWriter]:
    monkeypatch.delenv(IN_PROCESS, raising=False)
    # A worker sees the temporary folder, in which tests have theirs.
    monkeypatch.setattr(writing, "gettempdir", lambda: str(tmp_path / "temporary"))
    one = PageWriter()
    yield one
    one.end()


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(write_edition(tmp_path / "source"), tmp_path / "build", Store(tmp_path / "store"), formats=("web",))


def who(_job: Job) -> tuple[Artefact, ...]:
    """Stands for what writes pages, and says which process it is."""
    return (Artefact(str(os.getpid()), "a/b", "web", str(inside())),)


def abort(_job: Job) -> tuple[Artefact, ...]:
    os.abort()


def tries(job: Job) -> tuple[Artefact, ...]:
    """Says which of the things were refused that nobody who writes pages has to do."""
    outside = job.folder.parents[1]
    acts: dict[str, Callable[[], object]] = {
        "read": (outside / "secret").read_bytes,
        "write": lambda: (outside / "new").write_bytes(b""),
        "connect": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "own": (outside / "source" / "bridge" / "article.md").read_bytes,
    }
    refused = []
    for name, act in acts.items():
        try:
            act()
        except PermissionError:
            refused.append(name)
    return tuple(Artefact(name, "a/b", "web", "") for name in refused)


def job_in(order: Order, folder: Path) -> Job:
    """A job of which nothing but its folder matters."""
    folder.mkdir(parents=True, exist_ok=True)
    return Job(read_edition(order.folder, Imprint()).publication, Templates(), folder, order.store)


def test_a_draft_is_the_same_to_the_byte_as_one_of_this_process(
    order: Order, tmp_path: Path, pages: PageWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Desk(order, tmp_path / "scratch", pages).draft()
    monkeypatch.setattr("publisher.preview.writing.Workers", None)  # else nothing would be compared
    monkeypatch.setenv(IN_PROCESS, "1")
    here = Desk(order, tmp_path / "other").draft()
    assert held.version == here.version
    names = sorted(path.relative_to(here.layers[0]) for path in here.layers[0].rglob("*") if path.is_file())
    assert names
    for name in names:
        assert (held.layers[0] / name).read_bytes() == (here.layers[0] / name).read_bytes(), name


def test_the_worker_is_kept_for_the_edition_and_gone_in_the_end(
    order: Order, tmp_path: Path, pages: PageWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_in(order, tmp_path / "scratch" / "a")
    other = Order(write_edition(tmp_path / "elsewhere"), order.out, order.store, formats=("web",))
    monkeypatch.setattr(writing, "_write", who)
    ((one,), (again,), (another,)) = (pages.write(each, job) for each in (order, order, other))
    assert one == again
    assert (one.purpose, one.name == str(os.getpid())) == ("True", False)
    assert another.name != one.name
    assert is_gone(int(one.name))
    pages.end()
    assert is_gone(int(another.name))


def test_a_draft_after_the_folder_was_made_anew(order: Order, tmp_path: Path, pages: PageWriter) -> None:
    with_cover(order.folder)
    desk = Desk(order, tmp_path / "scratch", pages)
    first = desk.draft()
    order.folder.rename(tmp_path / "before")
    with_cover(write_edition(tmp_path / "source"))
    edit(order.folder / "article.md", "again on Monday", "again on Tuesday")
    assert desk.draft().version != first.version


def with_cover(folder: Path) -> None:
    """Give an edition a picture, which whoever writes its pages has to open."""
    shutil.copy(PICTURE, folder)
    edit(folder / "article.md", "creators:", f"cover: {PICTURE.name}\ncover-alternative: A flag\ncreators:")


def test_one_that_breaks_down_costs_its_draft(
    order: Order, tmp_path: Path, pages: PageWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_in(order, tmp_path / "scratch" / "a")
    monkeypatch.setattr(writing, "_write", abort)
    with pytest.raises(EngineError, match="its process was ended"):
        pages.write(order, job)
    monkeypatch.setattr(writing, "_write", who)
    assert pages.write(order, job)[0].purpose == "True"


@landlock
@pytest.mark.skipif(not can_filter(), reason="this system has no seccomp for sockets")
def test_it_sees_no_other_file_and_has_no_network(
    order: Order, tmp_path: Path, pages: PageWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    job = job_in(order, tmp_path / "scratch" / "a")
    monkeypatch.setattr(writing, "_write", tries)
    assert [one.name for one in pages.write(order, job)] == ["read", "write", "connect"]
    assert not (tmp_path / "new").exists()
