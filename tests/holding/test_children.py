"""Engines in children: what they may take, what they may see, and that nothing of them stays."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from process_states import is_gone

from publisher.holding import children
from publisher.holding.allowance import Within, allowance
from publisher.holding.children import MEGABYTE, Bounds, Done, TooLongError, TooMuchError
from publisher.holding.confining import SYSTEM, View, confined, held_by, version
from publisher.holding.sockets import can_filter

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of other systems are others")
landlock = pytest.mark.skipif(version() == 0, reason="this system has no Landlock")
landlock_of_networks = pytest.mark.skipif(version() < 4, reason="this system's Landlock has no rules for networks")


def python(program: str, data: bytes = b"", bounds: Bounds | None = None, view: View | None = None) -> Done:
    command = [sys.executable, "-I", "-S", "-c", program]
    return children.run(command, data, bounds or Bounds(60), view or View())


def test_a_child_is_given_its_data_and_says_what_it_says() -> None:
    data = bytes(range(256)) * 4096  # more than a pipe holds, both ways
    program = "import sys; d = sys.stdin.buffer.read(); sys.stderr.write('warned'); sys.stdout.buffer.write(d[::-1])"
    assert python(program, data) == Done(0, data[::-1], b"warned")


def test_a_child_that_reads_nothing_and_one_that_fails() -> None:
    assert python("raise SystemExit(3)", b"a" * 1_000_000).status == 3
    assert python("import os; os.abort()").status == -signal.SIGABRT


def test_a_child_that_takes_too_long_is_ended_with_all_that_it_has_started(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"""
import os, time
child = os.fork()
if child:
    open({str(told)!r}, "w").write(str(child))
time.sleep(600)
"""
    with pytest.raises(TooLongError):
        python(program, bounds=Bounds(2, written=None), view=View(writable=(tmp_path,)))
    assert is_gone(int(told.read_text("utf-8")))


def test_what_a_child_leaves_behind_is_ended(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"""
import os, time
child = os.fork()
if child:
    open({str(told)!r}, "w").write(str(child))
    os._exit(0)
for stream in range(3):
    os.close(stream)
time.sleep(600)
"""
    assert python(program, bounds=Bounds(60, written=None), view=View(writable=(tmp_path,))).status == 0
    assert is_gone(int(told.read_text("utf-8")))


def test_a_child_that_talks_without_end_is_ended() -> None:
    with pytest.raises(TooMuchError):
        python("while True: print('a' * 1000)", bounds=Bounds(60, output=MEGABYTE))


@linux
@pytest.mark.parametrize(
    ("program", "bounds"),
    [
        ("d = bytearray(300 << 20)", Bounds(60, memory=100 * MEGABYTE)),
        ("import os; f = [os.open('/dev/null', 0) for _ in range(99)]", Bounds(60, files=50)),
        (
            "open('/dev/null').close(); open(__import__('sys').argv[0] or '/dev/shm/x-publisher', 'wb').write(b'a')",
            Bounds(60),
        ),
    ],
    ids=["memory", "files", "written"],
)
def test_the_system_holds_a_child_to_its_bounds(program: str, bounds: Bounds) -> None:
    assert python("pass", bounds=bounds).status == 0
    assert python(program, bounds=bounds).status != 0


@landlock
def test_a_child_sees_what_it_may_and_writes_nowhere_else(tmp_path: Path) -> None:
    secret, allowed = tmp_path / "secret", tmp_path / "allowed"
    secret.write_text("nobody's business", "utf-8")
    allowed.mkdir()
    (allowed / "file").write_text("ours", "utf-8")
    python_s = (Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent)
    view = View((*SYSTEM, *python_s, allowed), (allowed / "there",))
    (allowed / "there").mkdir()
    bounds = Bounds(60, written=None)
    assert python(f"print(open({str(allowed / 'file')!r}).read())", view=view).output == b"ours\n"
    assert python(f"open({str(allowed / 'there' / 'a')!r}, 'w').write('a')", b"", bounds, view).status == 0
    assert b"PermissionError" in python(f"open({str(secret)!r})", view=view).errors
    assert b"PermissionError" in python(f"open({str(allowed / 'a')!r}, 'w')", b"", bounds, view).errors
    assert b"PermissionError" in python(f"import os; os.remove({str(secret)!r})", b"", bounds, View()).errors
    assert python(f"print(open({str(secret)!r}).read())").output == b"nobody's business\n"
    # This very process has lost nothing.
    secret.write_text("read and written", "utf-8")


@landlock_of_networks
def test_a_child_calls_nobody() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        call = f"import socket; socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}))"
        assert b"PermissionError" in python(call).errors


_SOCKETS = """
import ctypes, errno, socket
def tried(what):
    try:
        what()
        return "done"
    except OSError as problem:
        return errno.errorcode[problem.errno]
def rings():
    ctypes.set_errno(0)
    ctypes.CDLL(None, use_errno=True).syscall(425, 1, None)
    return errno.errorcode[ctypes.get_errno()]
families = (socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET)
print(*(tried(lambda: socket.socket(family, kind).close()) for family in families for kind in (1, 2)))
print(tried(lambda: socket.socket(socket.AF_UNIX).close()), tried(lambda: [one.close() for one in socket.socketpair()]))
print(rings())
"""


@pytest.mark.skipif(not can_filter(), reason="this system has no filters of system calls, or another processor")
def test_a_child_has_no_sockets() -> None:
    *_, rings = python(_SOCKETS, view=View(network=True)).output.split()
    assert rings != b"ENOSYS"  # this system has them, so that a filter must take them
    assert python(_SOCKETS).output.split() == [*[b"EACCES"] * 8, b"EACCES", b"done", b"ENOSYS"]
    assert python(_SOCKETS, view=View(local=True)).output.split() == [*[b"EACCES"] * 8, b"done", b"done", b"ENOSYS"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM):  # this very process has lost nothing
        pass


@pytest.mark.skipif(not can_filter(), reason="this system has no filters of system calls, or another processor")
def test_sockets_are_taken_without_landlock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.holding.confining.version", lambda: 0)
    assert b"PermissionError" in python("import socket; socket.socket(type=socket.SOCK_DGRAM)").errors


@pytest.mark.skipif(version() < 6, reason="this system's Landlock has no rules for signals")
def test_a_child_signals_nobody_else() -> None:
    assert b"PermissionError" in python(f"import os; os.kill({os.getpid()}, 0)").errors


def test_what_holds_engines_here_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.holding.confining.can_filter", lambda: True)
    monkeypatch.setattr("publisher.holding.confining.version", lambda: 3)
    assert held_by() == ("Landlock (files)", "seccomp (sockets)")
    monkeypatch.setattr("publisher.holding.confining.can_filter", lambda: False)
    monkeypatch.setattr("publisher.holding.confining.version", lambda: 0)
    assert held_by() == ()


def test_without_landlock_children_run_as_they_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.holding.confining.version", lambda: 0)
    assert python("print(1)").output == b"1\n"


def test_what_cannot_be_started_is_told_where_it_was_wanted() -> None:
    with pytest.raises(FileNotFoundError):
        children.run(["/nowhere/engine"], b"", Bounds(60), View())
    with pytest.raises(ZeroDivisionError):
        confined(View(), lambda: 1 // 0)


# In this very process


def _within(seconds: float) -> Within:
    return Within(seconds, "an engine", "too long")


def test_what_runs_longer_than_it_may_is_ended_and_nothing_of_it_stays() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TooLongError), allowance(_within(0.2), 1024):
        while True:
            pass
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    with allowance(_within(600), 1024):
        pass


def test_an_exception_that_is_swallowed_comes_again() -> None:
    swallowed = 0
    with pytest.raises(TooLongError), allowance(_within(0.1), 1024):
        while True:
            try:
                while not swallowed:
                    pass
                signal.pause()
            except TooLongError:
                if swallowed:
                    raise
                swallowed = 1


@linux
def test_what_needs_more_memory_than_it_may_is_ended() -> None:
    with pytest.raises(TooMuchError), allowance(_within(60), 64):
        bytearray(256 * MEGABYTE)
    assert len(bytearray(256 * MEGABYTE)) == 256 * MEGABYTE
