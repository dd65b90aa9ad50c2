"""`make fuzz`: each target for a bounded time, with atheris where it is installed, else with our own mutations.

What fails is written to tests/fixtures/fuzz/TARGET/, where the tests take it from, and told with its traceback.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from mutating import mutations

FIXTURES = Path(__file__).parents[1] / "fixtures" / "fuzz"

SLOW = 10.0
"""Seconds after which one input counts as one that hangs."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="see tests/fuzz/targets.py; default: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument("--seed", type=int, default=None, help="of our own mutations (default: the day)")
    parser.add_argument("--engine", choices=("atheris", "own"), default="atheris" if find_spec("atheris") else "own")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child and options.engine == "atheris":
        (name,) = options.targets
        return _atheris(name, options.seconds)
    from targets import TARGETS  # noqa: PLC0415 - atheris must see it imported

    unknown = [name for name in options.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no target {unknown[0]!r}; use {', '.join(TARGETS)}")
    seed = int(time.time() // 86400) if options.seed is None else options.seed
    if options.child:
        (name,) = options.targets
        return _own(name, options.seconds, seed)
    print(f"fuzzing with {options.engine} (seed {seed})", flush=True)
    failed = [name for name in options.targets or TARGETS if not _child(name, options, seed)]
    print(f"failed: {', '.join(failed)}; see tests/fixtures/fuzz" if failed else "nothing found")
    return 1 if failed else 0


def _child(name: str, options: argparse.Namespace, seed: int) -> bool:
    """One target in a process of its own, since parsers in C can bring it down: then its last input is kept."""
    command = [sys.executable, str(Path(__file__).parent), name, "--seconds", str(options.seconds), "--seed", str(seed)]
    last = _last(os.getpid())
    try:
        status = subprocess.run(
            [*command, "--engine", options.engine, "--child"], check=False, timeout=options.seconds + 60
        ).returncode
    except subprocess.TimeoutExpired:
        status = -1
    if status and last.exists():
        _keep(name, last.read_bytes(), f"what ran it ended with status {status}")
    last.unlink(missing_ok=True)
    return status == 0


def _last(parent: int) -> Path:
    """Where the child of a run keeps the input that it tries: if that ends it, it is what is to be looked at."""
    return Path(tempfile.gettempdir()) / f"publisher-fuzz-{os.getuid()}-{parent}"


def _own(name: str, seconds: int, seed: int) -> int:
    from targets import TARGETS, kept  # noqa: PLC0415

    target = TARGETS[name]
    last = _last(os.getppid())
    end, tried, faults = time.monotonic() + seconds, 0, set[str]()
    seeds = [*target.seeds, *(path.read_bytes() for path in kept(name))]
    for data in mutations(seeds, target.words, seed, target.most):
        if time.monotonic() > end:
            break
        last.write_bytes(data)
        tried += 1
        fault = _fault(target, data)
        if fault is not None and fault not in faults:
            faults.add(fault)
            _keep(name, data, traceback.format_exc() if sys.exc_info()[0] else fault)
    last.unlink(missing_ok=True)
    print(f"{name}: {tried} inputs, {len(faults)} faults", flush=True)
    return 1 if faults else 0


def _fault(target: Callable[[bytes], None], data: bytes) -> str | None:
    """Where an input fails a target: the kind of the exception and the innermost line of ours; None where it passes."""
    begun = time.monotonic()
    faulthandler.dump_traceback_later(SLOW * 3, exit=True)
    try:
        target(data)
    except Exception as problem:  # whatever it is, it is what is looked for
        traceback.print_exc()
        own = [frame for frame in traceback.extract_tb(problem.__traceback__) if "publisher" in frame.filename]
        return f"{type(problem).__name__} {own[-1].filename}:{own[-1].lineno}" if own else repr(problem)
    finally:
        faulthandler.cancel_dump_traceback_later()
    took = time.monotonic() - begun
    return f"took {took:.0f} s" if took > SLOW else None


def _atheris(name: str, seconds: int) -> int:
    import atheris  # noqa: PLC0415 - not there everywhere

    with atheris.instrument_imports(include=["publisher"]):
        from targets import TARGETS, kept  # noqa: PLC0415

    target = TARGETS[name]
    folder = Path(__file__).parent / ".corpus" / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    for data in [*target.seeds, *(path.read_bytes() for path in kept(name))]:
        (folder / sha256(data).hexdigest()[:16]).write_bytes(data)
    words = folder.with_suffix(".dict")
    escaped = ["".join(f"\\x{one:02x}" for one in word) for word in target.words]
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    found = FIXTURES / name.replace(" ", "-")
    found.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-max_len={target.most}",
            f"-timeout={SLOW:.0f}",
            "-rss_limit_mb=1024",
            f"-dict={words}",
            f"-artifact_prefix={found}/",
            "-verbosity=0",
            "-print_final_stats=1",
            str(folder),
        ],
        lambda data: target(bytes(data)),
    )
    atheris.Fuzz()
    return 0


def _keep(name: str, data: bytes, told: str) -> None:
    folder = FIXTURES / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / sha256(data).hexdigest()[:12]
    path.write_bytes(data)
    print(f"{name}: {path}: {told}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
