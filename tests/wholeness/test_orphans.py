"""A voice's worker ends when whoever asked it was killed, in the midst of a line that it would never finish."""

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
    from publisher.narration.voices.worker_process import WorkerProcess

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
