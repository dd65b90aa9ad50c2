"""Which editions a change touches, and who hears of changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import watch

from publisher.fingerprint import SHARED
from publisher.manifest import MANIFEST
from publisher.manuscript.reading import ARTICLE
from publisher.model.findings import InputError

_PAGES = frozenset({"web", "shared"})
_READY = 10.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What is previewed, all paths whole: the folders of the editions by name, the built-in templates, the output.

    `source` is the folder in which new editions count, None where editions were named; `formats` are those made beside
    the pages.
    """

    editions: Mapping[str, Path]
    templates: Path
    out: Path
    source: Path | None = None
    formats: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change bears on: editions by name, where their source has changed and where they were `rebuilt`; the
    catalogue; `listing`, which editions there are at all."""

    editions: frozenset[str] = frozenset()
    rebuilt: frozenset[str] = frozenset()
    catalogue: bool = False
    listing: bool = False

    def __or__(self, other: Touched) -> Touched:
        editions, rebuilt = self.editions | other.editions, self.rebuilt | other.rebuilt
        return Touched(editions, rebuilt, self.catalogue or other.catalogue, self.listing or other.listing)


def touched(paths: Iterable[Path], scope: Scope) -> Touched:
    """What changes of these paths bear on. Hidden files bear on nothing: editors keep their own there."""
    found = Touched()
    for path in paths:
        found |= _touched(path, scope)
    return found


def _touched(path: Path, scope: Scope) -> Touched:
    inside = _below(path, scope.out)
    if inside is not None:
        # Builds swap whole folders: the folder itself is what changes, or its manifest.
        if not inside or _hidden(inside) or inside[1:] not in ((), (MANIFEST,)):
            return Touched()
        return Touched(rebuilt=frozenset(inside[:1]) & scope.editions.keys(), catalogue=True)
    inside = _below(path, scope.templates)
    if inside is not None:
        format = inside[0] if inside else ""
        every = frozenset(scope.editions) if format in _PAGES | scope.formats else frozenset()
        return Touched(every, catalogue=format in ("catalogue", "shared"))
    for name, folder in scope.editions.items():
        inside = _below(path, folder)
        if inside is not None:
            whether = scope.source is not None and inside in ((), (ARTICLE,))
            return Touched() if _hidden(inside) else Touched(frozenset({name}), listing=whether)
    if path.name in SHARED:
        beside = frozenset(name for name, folder in scope.editions.items() if folder.parent == path.parent)
        return Touched(beside)
    inside = _below(path, scope.source) if scope.source is not None else None
    return Touched(listing=bool(inside and not _hidden(inside)))


def _hidden(names: Sequence[str]) -> bool:
    return any(name.startswith(".") for name in names)


def _below(path: Path, folder: Path) -> tuple[str, ...] | None:
    """The names that lead from a folder to a path in it; None where it is not in it."""
    return path.relative_to(folder).parts if path.is_relative_to(folder) else None


class _Stop(threading.Event):
    """Ends a watch. A watch asks it first when it has begun to watch: nothing that changes afterwards is missed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    def is_set(self) -> bool:
        self.asked.set()
        return super().is_set()


class Watch:
    """Hears of changes until it is stopped; `heard` is called with the paths, on a thread of its own.

    `deep` are folders that are watched with all that is in them, `flat` those of which only the files themselves are.
    Raises InputError where the system watches no more.
    """

    def __init__(self, deep: Sequence[Path], flat: Sequence[Path], heard: Callable[[frozenset[Path]], None]) -> None:
        self._stops: list[_Stop] = []
        self._threads: list[threading.Thread] = []
        self._heard = heard
        self._problems: list[Exception] = []
        for folders, recursive in ((deep, True), (flat, False)):
            if folders:
                self._start(sorted(set(folders)), recursive)

    def _start(self, folders: Sequence[Path], recursive: bool) -> None:
        stop = _Stop()
        thread = threading.Thread(target=self._watch, args=(folders, recursive, stop), daemon=True)
        self._stops.append(stop)
        self._threads.append(thread)
        thread.start()
        if not stop.asked.wait(_READY) or self._problems:
            self.stop()
            told = str(self._problems[0]) if self._problems else "it does not answer"
            raise InputError(
                f"cannot watch {', '.join(map(str, folders))}: {told}; where the system's limit is reached, raise"
                " fs.inotify.max_user_watches, or set WATCHFILES_FORCE_POLLING=1"
            )

    def _watch(self, folders: Sequence[Path], recursive: bool, stop: _Stop) -> None:
        try:
            changes = watch(*folders, recursive=recursive, stop_event=stop, raise_interrupt=False)
            for batch in changes:
                self._heard(frozenset(Path(path) for _, path in batch))
        except Exception as problem:
            self._problems.append(problem)
            stop.asked.set()

    def stop(self) -> None:
        """Hear no more."""
        for stop in self._stops:
            stop.set()
        for thread in self._threads:
            thread.join(_READY)
