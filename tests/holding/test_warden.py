"""One warden for a process and its workers: it minds what each has started, and ends that with whoever started it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from publisher.holding import children, warden
from publisher.holding.children import Bounds
from publisher.holding.confining import View
from publisher.workers import Workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process has a warden of its own")

_ENGINE = [sys.executable, "-c", "import signal; signal.alarm(120)\nwhile True: signal.pause()"]
_LONG = 60.0
"""Seconds within which what is to end has ended, however busy the machine."""


def begun() -> int:
    """Starts an engine that ends by itself never, in whichever process; its number."""
    return children.start(_ENGINE, Bounds(None), View()).pid


def begun_and_killed(numbers: str) -> None:
    """Starts an engine, says its number, and is killed."""
    Path(numbers).write_text(str(begun()), "ascii")
    os.kill(os.getpid(), signal.SIGKILL)


def begun_by() -> tuple[int, int]:
    """As `begun`; and the process that did."""
    return begun(), os.getpid()


def wardens(parents: list[int]) -> list[int]:
    """The wardens that these processes have started."""
    return [number for parent in parents for number in _children(parent) if warden.__file__ in _command(number)]


def _children(parent: int) -> list[int]:
    threads = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(number) for thread in threads for number in thread.read_text("ascii").split()]


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text("utf-8")


def ends(handle: int) -> bool:
    return bool(select.select([handle], [], [], _LONG)[0])


def goes_on(handle: int) -> bool:
    return not select.select([handle], [], [], 0)[0]


def test_what_a_worker_has_started_ends_with_it_and_what_others_have_goes_on(tmp_path: Path) -> None:
    numbers = tmp_path / "number"
    ours = children.start(_ENGINE, Bounds(None), View())
    try:
        with Workers(1, int, ahead=["publisher.holding.children"]) as pool:
            sister = os.pidfd_open(pool.submit(begun).result())
            killed = Workers(1, int, ahead=["publisher.holding.children"])
            with killed, pytest.raises(BrokenExecutor):
                killed.submit(begun_and_killed, str(numbers)).result()
            try:
                of_killed = os.pidfd_open(int(numbers.read_text("ascii")))
            except ProcessLookupError:  # the warden was quick
                pass
            else:
                assert ends(of_killed)
                os.close(of_killed)
            assert goes_on(sister)
        assert ends(sister)
        os.close(sister)
        assert ours.poll() is None
    finally:
        children.end(ours)


_PARENT = """
    import os, signal, sys
    sys.path.insert(0, {here!r})
    from test_warden import begun_by, wardens
    from publisher.workers import Workers

    if __name__ == "__main__":
        with Workers(2, int, ahead=["publisher.holding.children"]) as pool:
            engines, workers = zip(*[one.result() for one in [pool.submit(begun_by) for _ in range(2)]])
            print(*engines, *wardens([os.getpid(), *workers]), flush=True)
            sys.stdin.read()
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_workers_have_started_ends_with_their_parent_and_so_does_the_one_warden() -> None:
    program = textwrap.dedent(_PARENT).format(here=str(Path(__file__).parent))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdout is not None
        numbers = [int(number) for number in parent.stdout.readline().split()]
        handles = [os.pidfd_open(number) for number in numbers]
        assert all(map(goes_on, handles))
        parent.communicate("")
    assert parent.returncode == -signal.SIGKILL
    assert len(numbers) == 3, "two engines and one warden"
    for handle in handles:
        assert ends(handle)
        os.close(handle)


def test_a_process_without_handles_has_workers_with_wardens_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    assert warden.shared() is None
