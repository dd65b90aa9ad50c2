"""What a killed process has started ends with it: voices' workers by themselves, in the midst of a line that they would
never finish; engines that hear nothing by the warden, which outlives us all."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import publisher.narration.voices.espeak as espeak

_VOICES = Path(espeak.__file__).parent

_ASKER = """
    import contextlib, ctypes, os, signal, sys
    from publisher.holding import confining, warden
    from publisher.holding.confining import version
    from publisher.narration.voices.worker_process import WorkerProcess

    # What ends here ends by itself, and may signal who asks it, which newer systems keep it from.
    warden.mind = lambda *_, **__: None
    confining.version = lambda: min(5, confined) if (confined := version()) else 0

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become ours
    child = os.fork()
    if child == 0:
        os.environ["ASKER"] = str(os.getpid())
        worker = WorkerProcess([sys.executable, "-c", sys.argv[1]])
        worker.start(60)
        worker.ask({"limit": 3600, "text": ""}, 3600)
    signal.alarm(60)  # ends this program, with another status, where a worker goes on
    os.waitpid(child, 0)
    ended = 0
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
            ended += 1
    print(ended)
"""

_LOADED = """
    import importlib.util, os, signal, sys
    spec = importlib.util.spec_from_file_location("worker", {path!r})
    worker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worker)

    def for_ever(*_):
        os.kill(int(os.environ["ASKER"]), signal.SIGKILL)
        while True:
            pass
"""

_ESPEAK = """
    worker.serve(for_ever, {"version": "0", "rate": 22050, "voices": {}}, sys.stdin.buffer, sys.stdout.buffer)
"""

_PIPER = """
    class Model:
        class config:
            sample_rate, phoneme_type, espeak_voice = 16000, "text", "en"
    worker.load, worker.say = lambda path: Model, for_ever
    sys.argv = ["", "model"]
    worker.main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the test adopts orphans, and espeak's child is told by Linux")
@pytest.mark.parametrize(("name", "rest", "processes"), [("espeak", _ESPEAK, 2), ("piper", _PIPER, 1)])
def test_workers_end_with_whoever_asks(name: str, rest: str, processes: int) -> None:
    loaded = _LOADED.format(path=str(_VOICES / f"{name}_worker.py"))
    program = textwrap.dedent(loaded) + textwrap.dedent(rest)
    command = [sys.executable, "-c", textwrap.dedent(_ASKER), program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    # espeak's child may be waited for by its worker, which then is the only one left.
    assert 1 <= int(done.stdout) <= processes


_STARTER = """
    import contextlib, ctypes, os, signal, subprocess, sys

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    starter = os.fork()
    if starter == 0:
        from publisher.holding.children import Bounds, start
        from publisher.holding.confining import View

        engine = "import os, signal; os.fork(); signal.alarm(30); print(flush=True)\\nwhile True: os.sched_yield()"
        child = start([sys.executable, "-c", engine], Bounds(None), View(), stdout=subprocess.PIPE)
        for _ in range(2):  # it and its own child have begun
            child.stdout.readline()
        {besides}
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(starter, 0)
    ended = []
    with contextlib.suppress(ChildProcessError):
        while True:
            ended.append(os.waitstatus_to_exitcode(os.wait()[1]))
    print(sorted(ended))
"""


def _ended(besides: str = "") -> tuple[int, str]:
    """How a program ended that has adopted what a killed process had started, and how that ended."""
    command = [sys.executable, "-c", textwrap.dedent(_STARTER).format(besides=besides)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="the test adopts orphans")
def test_engines_end_with_whoever_started_them() -> None:
    # The engine and its child, killed; the warden, which has done its work.
    assert _ended() == (0, "[-9, -9, 83]")


@pytest.mark.skipif(sys.platform != "linux", reason="the test adopts orphans")
def test_a_fork_does_not_keep_the_warden_waiting() -> None:
    # A sister of the engine that holds all that its parent had, until the engine has ended.
    sister = "if os.fork() == 0: child.stdout.read(); os._exit(7)"
    assert _ended(sister) == (0, "[-9, -9, 7, 83]")
