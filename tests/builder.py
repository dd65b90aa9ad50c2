"""Builds in children of `warm_builder.py`, and what stands in folders afterwards."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LIGHT = ("--format", "epub,web,audio")
"""Text, sound and pages, without what takes long to lay out."""


@dataclass(frozen=True)
class Ended:
    """How a build ended: its exit status (negative: the signal), what it said, what was counted, how many processes it
    left behind that ended after it; the seconds of the processor that it used with all that it waited for, and the
    bytes of memory that the largest process of these had."""

    status: int
    stdout: str
    stderr: str
    counts: Mapping[str, int]
    orphans: int
    seconds: float
    memory: int


@dataclass(frozen=True)
class States:
    """Two states of an edition's source, and what stands in an output folder after each was built undisturbed (the
    second over the first), with what was counted meanwhile."""

    editions: tuple[Path, Path]
    built: tuple[dict[str, str], dict[str, str]]
    ended: tuple[Ended, Ended]


@dataclass
class Builder:
    """The program that forks, for builds and other commands. `scratch` is a folder for what builds say; `through`
    starts the program in a world of its own, such as a mount namespace."""

    scratch: Path
    edition: Path
    through: tuple[str, ...] = ()
    _process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        command = [*self.through, sys.executable, str(Path(__file__).with_name("warm_builder.py")), str(self.edition)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._hear()

    def build(self, edition: Path, out: Path, store: Path, *arguments: str, **how: Any) -> Ended:
        """One build; see `begin`."""
        self.begin(edition, out, store, *arguments, **how)
        return self.end()

    def begin(self, edition: Path, out: Path, store: Path, *arguments: str, jobs: int = 1, **how: Any) -> None:
        """Begin one build; `how` as for `begin_command`."""
        self.begin_command(store, "build", str(edition), "--out", str(out), "--jobs", str(jobs), *arguments, **how)

    def command(self, store: Path, *arguments: str, **how: Any) -> Ended:
        """One command of the program."""
        self.begin_command(store, *arguments, **how)
        return self.end()

    def begin_command(
        self,
        store: Path,
        *arguments: str,
        at: tuple[str, int] | None = None,
        signal: str = "KILL",
        group: bool = False,
        watched: bool = True,
        environment: Mapping[str, str] | None = None,
        vanishing: Path | None = None,
        seconds: int = 0,
    ) -> None:
        """Begin one command. `at` is the moment of the signal, or when a folder is removed that is `vanishing`;
        `watched` counts moments instead of telling the progress; `seconds` of the processor are what each process may
        take (0: as many as it likes)."""
        for path in self._told.values():
            path.unlink(missing_ok=True)
        self._ask(
            {name: str(path) for name, path in self._told.items()}
            | {
                "store": str(store),
                "arguments": arguments,
                "seconds": seconds,
                "at": at,
                "signal": signal,
                "group": group,
                "watched": watched,
                "environment": dict(environment or {}),
                "vanishing": str(vanishing) if vanishing else None,
            }
        )

    def end(self) -> Ended:
        """How the build ended that was begun."""
        answer = self._hear()
        counts = self._told["counts"]
        return Ended(
            answer["status"],
            self._told["stdout"].read_text("utf-8"),
            self._told["stderr"].read_text("utf-8"),
            json.loads(counts.read_text("utf-8")) if counts.exists() else {},
            answer["orphans"],
            answer["seconds"],
            answer["memory"],
        )

    @property
    def _told(self) -> dict[str, Path]:
        return {name: self.scratch / name for name in ("stdout", "stderr", "counts")}

    def run(self, *command: str) -> int:
        """The exit status of a command in the program's own world."""
        self._ask({"run": command})
        status: int = self._hear()["status"]
        return status

    def seen(self, path: Path) -> Path:
        """A path as the program sees it: what it has mounted is there."""
        return Path(f"/proc/{self._process.pid}/root") / path.relative_to("/")

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _ask(self, request: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the builder ended: a process outlived its build, or the builder failed"
        answer: dict[str, Any] = json.loads(line)
        return answer


SECONDS = 60
"""Of the processor, for a whole command: a stage of it takes less."""
MEMORY = 1 << 30
"""Bytes that the largest of a command's processes may have."""


def within_bounds(ended: Ended, seconds: int = SECONDS) -> None:
    """A command took no more than a minute, or those seconds, and a gibibyte, and told of no fault of the program's
    own."""
    assert ended.seconds <= seconds, f"{ended.seconds:.0f} s of the processor"
    assert ended.memory <= MEMORY, f"{ended.memory / (1 << 20):.0f} MiB"
    assert "Traceback" not in ended.stderr
    assert "fault of publisher's own" not in ended.stderr


def contents(folder: Path) -> dict[str, str]:
    """The digest of every file under a folder, hidden ones, too; a folder that is empty counts as one."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
        if path.is_file() or not any(path.iterdir())
    }


def held_against_manifest(edition: Path) -> None:
    """An edition is whole by its own word: every file is there as its manifest says."""
    manifest = json.loads((edition / "edition.json").read_bytes())
    for file in manifest["files"]:
        data = (edition / file["name"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"]), file["name"]


def within(whole: Mapping[str, str], name: str) -> dict[str, str]:
    """What is under a folder of `contents`."""
    return {path: made for path, made in whole.items() if path.startswith(f"{name}/")}


def beside(whole: Mapping[str, str], name: str) -> dict[str, str]:
    """What is not."""
    return {path: made for path, made in whole.items() if not path.startswith(f"{name}/")}


def write_states(folder: Path, texts: Sequence[str] = ("The first state.", "Another state.")) -> list[Path]:
    """Editions of one name and different texts, each in a folder of its own."""
    states = []
    for number, text in enumerate(texts):
        edition = folder / f"state{number}" / "essay"
        edition.mkdir(parents=True)
        (edition / "article.md").write_text(
            f"---\ntitle: A short essay\nlang: en\ndate: 2026-01-01\n---\n\n# Part\n\n{text} It has two sentences.\n",
            encoding="utf-8",
        )
        states.append(edition)
    return states
