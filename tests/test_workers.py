"""Worker processes of a build: what they keep of their rights, that each is ended whole when its time is over, and that
one that ends, however it does, costs its task alone."""

from __future__ import annotations

import errno
import itertools
import os
import pickle
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from process_states import is_gone

from publisher import build
from publisher.build import Order, build_edition
from publisher.holding import allowance as allowances
from publisher.holding import children
from publisher.holding.allowance import Within, allowance
from publisher.holding.children import MEGABYTE, TooLongError
from publisher.holding.confining import version
from publisher.holding.here import IN_PROCESS, inside
from publisher.holding.sockets import can_filter
from publisher.manuscript.resources import Resources
from publisher.model.findings import EngineError, Finding, FindingsError, InputError, Severity
from publisher.progress import Tell
from publisher.store import Store
from publisher.strangers.believing import believed
from publisher.worker_view import FILES, LARGEST, Keeps, hold, may_ask_network, memory, models_of, read_by
from publisher.workers import InProcess, Workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have other limits, and /proc")
landlock = pytest.mark.skipif(version() == 0, reason="this system has no Landlock")

MINIMAL = Path(__file__).parent / "editions" / "minimal"


def nothing() -> None:
    """A beginning of a worker that keeps all its rights."""


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2, nothing, grace=0.1) as pool:
        yield pool


# What comes of tasks


def test_a_task_answers_from_a_process_of_its_own_session(workers: Workers) -> None:
    process, session, within = workers.submit(_who).result()
    assert process == session != os.getpid()
    assert within
    assert not inside()


def test_reading_in_a_worker_begins_no_child_for_pictures(workers: Workers) -> None:
    pictures = MINIMAL.parent / "constructs"
    assert workers.submit(_kinds_looked_at, pictures).result() == (["image/png", "image/svg+xml"], 0)


def _kinds_looked_at(folder: Path) -> tuple[list[str], int]:
    """The kinds of picture that were taken, and how many children that took."""
    begun = itertools.count()
    children.start = lambda *_, **__: next(begun)  # type: ignore[assignment]
    with Resources(folder) as resources:
        found = [resources.find(f"pictures/{name}", None) for name in ("flag.png", "route.svg")]
    return [resource.media_type for resource in found if resource], next(begun)


def test_a_worker_gives_way_to_a_new_one_after_its_tasks() -> None:
    with Workers(1, nothing, tasks=2) as pool:
        seen = [pool.submit(os.getpid).result() for _ in range(5)]
        assert [seen.count(one) for one in dict.fromkeys(seen)] == [2, 2, 1]
        assert [is_gone(one) for one in dict.fromkeys(seen)] == [True, True, False]


def test_a_worker_gives_way_to_a_new_one_when_what_it_sees_is_another(tmp_path: Path) -> None:
    """A file that was saved anew is another file to one that may read some files only."""
    imprint = tmp_path / "imprint.yaml"
    seen = []
    with Workers(1, nothing, sees=partial(build._which, (imprint,))) as pool:
        for text in ("", "", "one", "one", "two"):
            if text:
                imprint.with_suffix(".new").write_text(text, "utf-8")
                if not imprint.is_file() or imprint.read_text("utf-8") != text:
                    imprint.with_suffix(".new").replace(imprint)
            seen.append(pool.submit(os.getpid).result())
    assert [seen.count(one) for one in dict.fromkeys(seen)] == [2, 2, 1]


@landlock
def test_an_imprint_that_is_saved_anew_while_others_are_built_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))  # else all of it may be read
    orders = []
    for name in ("ash", "birch", "cedar"):
        folder = tmp_path / "source" / name
        folder.mkdir(parents=True)
        (folder / "article.md").write_text(f"---\ntitle: {name}\nlang: en\n---\n\nIt is here.\n", "utf-8")
        orders.append(Order(folder, tmp_path / "build", Store(tmp_path / "store"), ("docx",)))
    imprint = tmp_path / "source" / "imprint.yaml"
    imprint.write_text("publisher: One\n", "utf-8")

    def tell(doing: str, at: int, _of: int) -> None:
        imprint.with_suffix(".new").write_text(f"publisher: After {at}\n", "utf-8")
        imprint.with_suffix(".new").replace(imprint)

    with build._executor(1, orders, network=False, ahead=("publisher.manuscript.reading",)) as pool:
        for number, order in enumerate(orders):
            assert pool.submit(build._build_quietly, order).result().fresh
            tell("", number, 0)


def test_a_path_is_believed_as_every_python_writes_it() -> None:
    for module in ("pathlib", "pathlib._local"):
        assert believed(f"c{module}\nPosixPath\n(Vbuild\nVash\ntR.".encode()) == Path("build/ash")
    built = build.Built("ash", Path("build/ash"), ("ash.docx",), (), True)
    assert believed(pickle.dumps(built)) == built


def _who() -> tuple[int, int, bool]:
    return os.getpid(), os.getsid(0), inside()


@pytest.mark.parametrize(
    "problem",
    [
        InputError("no such thing; do another"),
        EngineError("an engine", "it failed"),
        FindingsError([Finding("mix-same", Severity.ERROR, "wrong; do right")]),
        OSError(errno.ENOSPC, "No space left on device", "file"),
        ValueError("a value"),
        MemoryError("no more"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_a_task_raises_is_raised_where_it_was_wanted(workers: Workers, problem: Exception) -> None:
    with pytest.raises(type(problem)) as raised:
        workers.submit(_raises, problem).result()
    assert str(raised.value) == str(problem)
    assert workers.submit(os.getpid).result() != os.getpid()


def _raises(problem: Exception) -> None:
    raise problem


def test_an_error_of_ours_has_what_the_system_said_as_its_cause(workers: Workers) -> None:
    problem = workers.submit(_cannot_keep).exception()
    assert str(problem) == "error: cannot keep files; free some room"
    assert isinstance(problem, InputError)
    assert isinstance(problem.__cause__, OSError)
    assert (problem.__cause__.errno, problem.__cause__.filename) == (errno.ENOSPC, "file")


def _cannot_keep() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device", "file")
        except OSError as problem:
            raise ValueError("half written") from problem
    except ValueError as problem:
        raise InputError("cannot keep files; free some room") from problem


def test_an_exception_of_others_is_told_by_its_name(workers: Workers) -> None:
    with pytest.raises(RuntimeError, match=r"Foreign.*odd") as raised:
        workers.submit(_raises_foreign).result()
    assert "_raises_foreign" in "".join(raised.value.__notes__)


def _raises_foreign() -> None:
    raise type("Foreign", (Exception,), {})("odd")


class _Runs:
    """What would run something where it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
        return os.putenv, ("TAKEN", "over")


def test_an_answer_that_would_run_something_is_not_believed(workers: Workers) -> None:
    with pytest.raises(BrokenExecutor, match="no answer that can be used"):
        workers.submit(_Runs).result()
    assert pickle.loads(pickle.dumps(_Runs())) is None  # it would have
    assert workers.submit(os.getpid).result() != os.getpid()


def test_a_worker_that_dies_costs_its_task_alone() -> None:
    with Workers(1, nothing) as pool:
        before = pool.submit(os.getpid)
        dying = pool.submit(os._exit, 9)
        after = pool.submit(os.getpid)
        with pytest.raises(BrokenExecutor):
            dying.result()
        assert before.result() != after.result()


def test_one_job_is_done_in_turn() -> None:
    with Workers(1, nothing, in_turn=True) as pool:
        assert all(pool.submit(abs, -number).done() for number in range(3))


@pytest.mark.parametrize("in_turn", [False, True])
def test_what_is_done_aside_tells_how_far_it_is(in_turn: bool) -> None:
    told: list[tuple[str, int, int]] = []
    with Workers(1, nothing, in_turn=in_turn) as pool:
        first = pool.submit(os.getpid).result()
        process = pool.aside(_tells, lambda *what: told.append(what))
        assert (process == first) == in_turn
    assert told == [("counting", 1, 2), ("counting", 2, 2)]


def _tells(tell: Tell) -> int:
    for number in (1, 2):
        tell("counting", number, 2)
    return os.getpid()


def test_one_who_will_hear_no_more_ends_what_tells() -> None:
    def hear(*_: object) -> None:
        raise KeyboardInterrupt

    with Workers(1, nothing, in_turn=True) as pool:
        first = pool.submit(os.getpid).result()
        with pytest.raises(KeyboardInterrupt):
            pool.aside(_tells, hear)
        assert pool.submit(os.getpid).result() != first


# What takes too long


def _loops_in_c() -> None:
    sum(itertools.repeat(0))  # holds the interpreter: neither signals nor other threads of Python get through


def _limited(task: Callable[[], None]) -> None:
    within = Within(0.1, "WeasyPrint", "too complex: for ever; shorten it")
    try:
        with allowance(within, 1024):
            task()
    except TooLongError as problem:
        raise EngineError(within.engine, f"{within.message}, says the worker") from problem


def test_what_goes_beyond_its_allowance_is_ended_and_told_as_ever() -> None:
    with Workers(1, nothing, grace=0.1) as pool:
        first = pool.submit(os.getpid).result()
        problem = pool.submit(_limited, _loops_in_c).exception()
        assert str(problem) == "error: WeasyPrint: too complex: for ever; shorten it"
        assert is_gone(first)
        assert pool.submit(abs, -1).result() == 1


def test_a_worker_that_can_tells_itself_that_it_takes_too_long() -> None:
    with Workers(1, nothing, grace=600) as pool:
        first = pool.submit(os.getpid).result()
        problem = pool.submit(_limited, signal.pause).exception()
        assert str(problem) == "error: WeasyPrint: too complex: for ever; shorten it, says the worker"
        assert pool.submit(os.getpid).result() == first


def test_what_the_parent_allows_holds_whatever_the_worker_tells(workers: Workers) -> None:
    problem = workers.submit_within(Within(0.1, "writing pdf", "not done"), signal.pause).exception()
    assert str(problem) == "error: writing pdf: not done"
    problem = workers.submit_within(Within(0.1, "writing pdf", "not done"), _allows_itself_more).exception()
    assert str(problem) == "error: writing pdf: not done"


def _allows_itself_more() -> None:
    with allowance(Within(600, "an engine", "late"), 1024):
        signal.pause()


def test_an_allowance_ends_with_what_it_was_for(workers: Workers) -> None:
    for _ in range(2):
        assert workers.submit(_limited, nothing).exception() is None
    assert workers.submit(_looked_around).result() == 3


def _looked_around() -> int:
    told: list[Within | None] = []
    before, allowances._oversee = allowances._oversee, told.append
    try:
        _limited(nothing)
    finally:
        allowances._oversee = before
    return len(told) + (told[-1] is None)


def test_what_it_has_started_is_ended_with_it(tmp_path: Path, workers: Workers) -> None:
    told = tmp_path / "told"
    task = partial(_starts_and_loops, told)
    assert isinstance(workers.submit(_limited, task).exception(), EngineError)
    assert is_gone(int(told.read_text("utf-8")))


def _starts_and_loops(told: Path) -> None:
    child = os.fork()
    if child == 0:
        while True:
            os.sched_yield()
    told.write_text(str(child), "utf-8")
    _loops_in_c()


def test_ending_the_pool_ends_what_loops(tmp_path: Path) -> None:
    pool, told = Workers(1, nothing), tmp_path / "told"
    os.mkfifo(told)
    future = pool.submit(_starts_and_loops, told)
    child = int(told.read_text("utf-8"))
    pool.end()
    assert isinstance(future.exception(), BrokenExecutor)
    assert is_gone(child)


def test_a_worker_that_nobody_wants_says_nothing_of_an_interrupt_that_it_loses(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    with Workers(1, nothing, grace=0.1) as pool:
        pool.submit(partial(_loops_at_its_end, told))
        assert told.read_text() == "begins"
        pool.end()
    assert capfd.readouterr().err == ""


class _Loops:
    """Something whose clearing away comes to no end, until an interrupt ends that and is dropped by Python."""

    def __init__(self, told: Path) -> None:
        self.told = told

    def __del__(self) -> None:
        self.told.write_text("begins")
        while True:
            pass


def _loops_at_its_end(told: Path) -> None:
    _Loops(told)


def test_what_it_leaves_behind_is_ended(tmp_path: Path, workers: Workers) -> None:
    told = tmp_path / "told"
    assert isinstance(workers.submit(_starts_and_ends, told).exception(), BrokenExecutor)
    assert is_gone(int(told.read_text("utf-8")))


def _starts_and_ends(told: Path) -> None:
    child = os.fork()
    if child == 0:
        os.closerange(3, 100)  # else the end of its parent would not be heard
        while True:
            os.sched_yield()
    told.write_text(str(child), "utf-8")
    os._exit(1)


# What they keep


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Workers, Path]]:
    """Workers that read one folder and write another, in a place that has a third."""
    for name in ("edition", "out", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name, "utf-8")
    keeps = Keeps((tmp_path / "edition",), (tmp_path / "out",))
    with Workers(1, hold, (keeps,)) as pool:
        yield pool, tmp_path


@landlock
def test_a_worker_reads_the_edition_and_the_program(held: tuple[Workers, Path]) -> None:
    pool, place = held
    assert pool.submit(_read, place / "edition" / "file").result() == "edition"
    assert pool.submit(_read, place / "out" / "file").result() == "out"
    assert pool.submit(_read, place / "other" / "file").result() == "PermissionError"
    assert pool.submit(_read, Path.home() / ".profile").result() in ("PermissionError", "FileNotFoundError")
    (place / "edition" / "out").symlink_to(place / "other" / "file")
    assert pool.submit(_read, place / "edition" / "out").result() == "PermissionError"
    assert pool.submit(_imports, "weasyprint", "publisher.verify", "av", "numpy").result() == 4
    assert (place / "other" / "file").read_text("utf-8") == "other"  # this very process has lost nothing


@landlock
def test_of_a_folder_on_the_path_of_imports_it_reads_what_can_be_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    for name in ("package/__init__.py", "package/part.py", "alone.py", "source/essay/article.md", "private.txt"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("", "utf-8")
    monkeypatch.syspath_prepend(checkout)
    with Workers(1, hold, (Keeps((), ()),)) as pool:
        assert pool.submit(_imports, "alone", "package.part").result() == 2
        assert pool.submit(_read, checkout / "private.txt").result() == "PermissionError"
        assert pool.submit(_read, checkout / "source" / "essay" / "article.md").result() == "PermissionError"


@landlock
def test_a_worker_writes_what_it_makes_and_nothing_else(held: tuple[Workers, Path]) -> None:
    pool, place = held
    assert pool.submit(_write, place / "out" / "new").result() == "done"
    assert pool.submit(_write, place / "edition" / "new").result() == "PermissionError"
    assert pool.submit(_write, place / "new").result() == "PermissionError"
    assert pool.submit(_write, Path("/dev/shm/publisher-test")).result() == "PermissionError"


@pytest.mark.skipif(not can_filter(), reason="this system has no filters of system calls, or another processor")
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM], ids=["TCP", "UDP"])
def test_a_worker_calls_nobody(held: tuple[Workers, Path], kind: int) -> None:
    with socket.socket(type=kind) as listener:
        listener.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.setblocking(False)
        assert _call(kind, listener.getsockname()) == "done"
        (listener.accept()[0].close if kind == socket.SOCK_STREAM else partial(listener.recv, 9))()
        assert held[0].submit(_call, kind, listener.getsockname()).result() == "PermissionError"
        with pytest.raises(BlockingIOError):
            listener.accept() if kind == socket.SOCK_STREAM else listener.recv(9)


def test_a_worker_is_bounded(held: tuple[Workers, Path]) -> None:
    limits = held[0].submit(_limits).result()
    assert limits["core"] == (0, 0)
    for name, most in (("nofile", FILES), ("fsize", LARGEST), ("data", memory())):
        soft, hard = limits[name]
        assert 0 < soft <= hard <= most


def test_a_worker_that_takes_all_memory_is_told_no(held: tuple[Workers, Path]) -> None:
    assert isinstance(held[0].submit(bytearray, memory() + 64 * MEGABYTE).exception(), MemoryError)


def _limits() -> dict[str, tuple[int, int]]:
    names = ("core", "nofile", "fsize", "data")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name.upper()}")) for name in names}


def _read(path: Path) -> str:
    return _told(lambda: path.read_text("utf-8"))


def _write(path: Path) -> str:
    return _told(lambda: path.write_text("a", "utf-8") and "done")


def _call(kind: int, address: tuple[str, int]) -> str:
    def call() -> str:
        with socket.socket(type=kind) as caller:
            caller.connect(address)
            caller.send(b"a")
        return "done"

    return _told(call)


def _told(what: Callable[[], object]) -> str:
    try:
        return str(what())
    except OSError as problem:
        return type(problem).__name__


def _imports(*names: str) -> int:
    return len([__import__(name) for name in names])


# What a build gives them


def test_a_voice_is_found_where_it_lies_and_nothing_else_is_opened(tmp_path: Path) -> None:
    (tmp_path / "essay").mkdir()
    article = tmp_path / "essay" / "article.md"
    article.write_text('---\nvoice: "piper:/somewhere/deep.onnx,rate=150"\n---\npiper:/etc/shadow\n', "utf-8")
    reads = list(read_by(article.parent, "piper:~/mine.onnx"))
    assert article.parent in reads
    assert tmp_path / "imprint.yaml" in reads
    assert {Path("/somewhere/deep.onnx"), Path("/somewhere/deep.onnx.json")} <= set(reads)
    assert Path("~/mine.onnx").expanduser() in reads
    assert Path("/etc/shadow") not in reads
    assert tmp_path not in reads


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("voice: {engine: piper, name: /home/ann/x.onnx}", "/home/ann/x.onnx"),
        ("voice:\n  engine: piper\n  name: '/home/ann/my voices/x.onnx'\n", "/home/ann/my voices/x.onnx"),
        ('voice: "piper:/home/ann/my voices/x.onnx,rate=1.2"', "/home/ann/my voices/x.onnx"),
        ("voices: {note: piper:/home/ann/y.onnx, heading: piper:/home/ann/z.onnx}", "/home/ann/z.onnx"),
    ],
)
def test_a_voice_is_found_however_it_is_written(tmp_path: Path, text: str, file: str) -> None:
    (tmp_path / "essay").mkdir()
    (tmp_path / "essay" / "article.md").write_text(f"---\n{text}\n---\n", "utf-8")
    assert {Path(file), Path(f"{file}.json")} <= set(read_by(tmp_path / "essay", None))


def test_what_is_made_depends_on_the_models_of_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, voices = tmp_path / "essay", tmp_path / "voices"
    for one in (folder, voices):
        one.mkdir()
    monkeypatch.setenv("PUBLISHER_VOICES", str(voices))
    for name in ("own.onnx", "own.onnx.json", "voices/en_GB-alba.onnx", "voices/fr_FR-tom.onnx"):
        (tmp_path / name).write_text("a model", "utf-8")
    (folder / "article.md").write_text(f"---\nvoice: piper:{tmp_path}/own.onnx\n---\n", "utf-8")
    assert [path.name for path in models_of(folder, None)] == ["own.onnx", "own.onnx.json"]
    assert [path.name for path in models_of(folder, "piper:en_GB-alba")] == [
        "en_GB-alba.onnx",
        "own.onnx",
        "own.onnx.json",
    ]
    order = Order(folder, tmp_path / "build", Store(tmp_path / "store"))
    before = build._digests(order)
    (tmp_path / "own.onnx").write_text("another", "utf-8")
    assert {name for name, made in build._digests(order).items() if made != before[name]} == {"voice 1/own.onnx"}
    (folder / "article.md").write_text("---\nvoice: espeak\n---\n", "utf-8")
    assert not [*models_of(folder, None)]
    assert not [*models_of(folder, f"piper:{'x' * 300}.onnx")]  # a name that no file can have


def test_the_network_is_kept_only_where_a_voice_may_need_it(tmp_path: Path) -> None:
    (tmp_path / "essay").mkdir()
    (tmp_path / "essay" / "article.md").write_text("---\ntitle: A\n---\n", "utf-8")
    assert not may_ask_network(tmp_path / "essay", None)
    assert not may_ask_network(tmp_path / "essay", "espeak")
    assert may_ask_network(tmp_path / "essay", "espeak,fallback=gtts")
    (tmp_path / "imprint.yaml").write_text("voice: gtts:co.uk\n", "utf-8")
    assert may_ask_network(tmp_path / "essay", None)


def test_one_job_is_a_worker_unless_a_debugger_wants_it_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = Order(MINIMAL, tmp_path / "out", Store(tmp_path / "store"))
    monkeypatch.setenv(IN_PROCESS, "1")
    assert isinstance(build._executor(1, [order], network=False), InProcess)
    monkeypatch.delenv(IN_PROCESS)
    assert isinstance(build._executor(1, [replace(order, held=False)], network=False), InProcess)
    with build._executor(1, [order], network=False) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()


def test_a_build_of_one_job_lays_nothing_out_and_encodes_nothing_in_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(IN_PROCESS)
    for name in (
        "making.writer",
        "recorded.read_aloud",
        "narration.mixes.narrate_mixes",
        "narration.tracks.encode_ahead",
    ):
        monkeypatch.setattr(f"publisher.{name}", _never)
    order = Order(MINIMAL, tmp_path / "out", Store(tmp_path / "store"), ("audio", "pdf", "web"))
    told: list[str] = []
    built = build_edition(order, lambda doing, *_: told.append(doing))
    assert {"minimal.pdf", "minimal.mp3", "index.html"} <= set(built.files)
    assert {"narrating", "encoding"} <= set(told)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("the command's own process did it")
