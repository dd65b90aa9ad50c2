"""Workers that are forked from a process which has imported ahead: it is theirs alone, and ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from concurrent.futures import BrokenExecutor
from multiprocessing import forkserver
from pathlib import Path

import pytest

import publisher
from publisher.workers import Workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are spawned on other systems")

_ADOPTING = """
    import contextlib, ctypes, os, signal, sys
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become ours
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        from publisher.forking import load_ahead
        from publisher.workers import Workers
        {begin}
    signal.alarm(60)  # ends this program, with another status, where a process goes on
    os.waitpid(child, 0)
    ended = 0
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
            ended += 1
    print(ended)
"""


def told(program: str, **named: str) -> str:
    """What a program prints; it must say nothing else."""
    whole = textwrap.dedent(program).format(**named)
    # A pool whose process is killed leaves semaphores, which a process of Python's clears away, and says so.
    command = [sys.executable, "-W", "ignore:resource_tracker", "-c", whole]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.parametrize(
    "begin",
    [
        'load_ahead(["publisher.formats.pdf.ahead"]); os.kill(os.getpid(), signal.SIGKILL)',
        'load_ahead(["publisher.build"]); os.kill(0, signal.SIGINT)',
        'pool = Workers(1, int, ahead=["publisher.build"]); pool.submit(print).result(); os.kill(os.getpid(), 9)',
        'pool = Workers(1, int, ahead=["publisher.build"]); pool.submit(os.kill, os.getpid(), 9).result()',
        'load_ahead(["publisher.build"]); os._exit(0)',
    ],
    ids=["killed while importing", "interrupted while importing", "killed", "killed by a worker", "ended"],
)
def test_nothing_outlives_the_parent_or_says_a_word(begin: str) -> None:
    if "SIGINT" in begin:  # this process shall say nothing of its own
        begin = f"signal.signal(signal.SIGINT, lambda *_: os._exit(0)); {begin}; signal.pause()"
    # The process that imports and the one that counts semaphores; where there are workers, the warden, and perhaps one
    # of them, unless that was waited for.
    assert int(told(_ADOPTING, begin=begin).splitlines()[-1]) in ((3, 4) if "Workers" in begin else (2,))


_SPEAKING_TO_NOBODY = """
    import functools, os, pickle
    from multiprocessing import get_context
    from publisher.workers import _serve

    if __name__ == "__main__":
        spawned = get_context("spawn")
        (ours, theirs), (lifeline, end) = spawned.Pipe(), spawned.Pipe(duplex=False)
        worker = spawned.Process(target=_serve, args=((theirs, lifeline, None), dict(os.environ), int, ()))
        worker.start()
        theirs.close()
        ours.send_bytes(pickle.dumps(functools.partial(len, "")))
        ours.close()
        worker.join()
        print(worker.exitcode)
"""


def test_a_worker_whose_parent_ends_before_it_has_answered_says_nothing() -> None:
    assert told(_SPEAKING_TO_NOBODY) == "0"


_ASKING = """
    import os, sys
    from publisher.forking import load_ahead
    from publisher.workers import Workers
    {before}
    if __name__ == "__main__":
        load_ahead({ahead})
        {between}
        with Workers(1, int, ahead=["publisher.build"]) as pool:
            print(pool.submit(eval, {asked!r}).result())
"""


def test_a_worker_finds_imported_what_was_named_and_has_one_thread(tmp_path: Path) -> None:
    code = "[name in __import__('sys').modules for name in ('numpy', 'weasyprint', 'publisher.formats.daisy.write')]"
    ahead = str(["publisher.formats.daisy.write", "publisher.formats.pdf.ahead", "no.such.module"])
    assert told(_ASKING, before="", ahead=ahead, between="", asked=code) == "[True, True, True]"
    # The one that works, and the one that watches the parent; none of what was imported.
    threads = "len(__import__('os').listdir('/proc/self/task'))"
    assert told(_ASKING, before="", ahead=ahead, between="", asked=threads) == "2"


def test_a_worker_has_the_environment_of_its_pool() -> None:
    asked = "[__import__('os').environ.get(name) for name in ('ONE', 'TWO', 'PYTHONSAFEPATH')]"
    between = "os.environ.pop('ONE'); os.environ['TWO'] = 'new'"
    answer = told(
        _ASKING, before="os.environ['ONE'] = 'old'", ahead="['publisher.store']", between=between, asked=asked
    )
    assert answer == "[None, 'new', None]"
    assert "ONE" not in os.environ


_BY_A_DAEMON = """
    import multiprocessing, os, runpy
    from multiprocessing import get_context
    from publisher.workers import Workers

    def work(ahead):
        for _ in range(2):
            with Workers(1, int, ahead=ahead) as pool:
                print(pool.submit(eval, "hasattr(__import__('__main__'), 'work')").result(), flush=True)
        print(multiprocessing.current_process().daemon, flush=True)

    if __name__ == "__main__":
        for ahead in (["publisher.store"], []):
            daemon = get_context("spawn").Process(target=work, args=(ahead,), daemon=True)
            daemon.start()
            daemon.join()
"""


def test_a_daemon_has_workers_too_and_those_that_are_forked_do_not_run_its_program(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(_BY_A_DAEMON), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(publisher.__file__).parents[1])}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    forked, spawned = done.stdout.splitlines()[:3], done.stdout.splitlines()[3:]
    assert forked == ["False", "False", "True"]
    assert spawned == ["True", "True", "True"]


def test_modules_are_not_looked_for_where_the_user_happens_to_be(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("print('mine')", "utf-8")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    program = _ASKING.format(before="", ahead="['numpy']", between="", asked="__import__('numpy').__version__ != ''")
    script.write_text(textwrap.dedent(program), "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(publisher.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_workers_go_on_where_the_process_that_they_are_forked_from_was_killed() -> None:
    # Dead, and not waited for: so `ensure_running` finds it.
    kill = "p = forkserver._forkserver._forkserver_pid; os.kill(p, 9); os.waitid(os.P_PID, p, os.WEXITED | os.WNOWAIT)"
    before = "from multiprocessing import forkserver"
    assert told(_ASKING, before=before, ahead="['publisher.store']", between=kill, asked="6 * 7") == "42"


def test_workers_are_spawned_where_the_name_of_a_socket_would_be_too_long(tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 30)
    folder.mkdir()
    before = f"os.environ['TMPDIR'] = {str(folder)!r}"
    assert told(_ASKING, before=before, ahead="['publisher.store']", between="", asked="6 * 7") == "42"


@pytest.mark.parametrize("problem", [EOFError("unexpected EOF"), ConnectionRefusedError(111, "refused")])
def test_a_pool_without_workers_is_told_as_broken(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    def refuses(_: object) -> None:
        raise problem

    monkeypatch.setattr(forkserver, "connect_to_new_process", refuses)
    with Workers(1, int, ahead=["publisher.store"]) as pool, pytest.raises(BrokenExecutor):
        pool.submit(len, "").result()
