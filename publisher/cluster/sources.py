"""The editions in a shared folder or at an address: which there are, what each is made from, how a worker gets one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.build import all_editions, find_edition
from publisher.cluster.remote import Entry, Place, Tree, inside
from publisher.fingerprint import SHARED, sources_of
from publisher.model.findings import InputError
from publisher.store import digest, file_digest

_ARTICLE = "article.md"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition that a worker is to build.

    `beside` is where its folder stands, with what its siblings share; `shown` is that place as findings name it.
    `state` is a digest that changes with any of its sources; `weight` is their bytes.
    """

    name: str
    beside: Place
    shown: str
    state: str
    weight: int


def editions(source: Place, named: Sequence[str]) -> list[Edition]:
    """The editions at a place: those named (as there, or by folder or address), or all.

    Raises InputError where there is none, StorageError where the address cannot be read.
    """
    if isinstance(source, Path):
        folders = [find_edition(name, source) for name in named] if named else all_editions(source)
        found = [_in_folder(folder, source.absolute()) for folder in folders]
    else:
        found = _at_address(source, named)
    if not found:
        raise InputError(f"no edition in {source}; an edition is a folder with an article.md in it")
    return found


def _in_folder(folder: Path, source: Path) -> Edition:
    # By the path that the user knows, if it can be: where a link of this machine leads, another has nothing perhaps.
    whole = folder.resolve()
    beside = source if (source / folder.name).resolve() == whole else whole.parent
    # As a worker will see it: beside a link stands something else than beside what it leads to.
    weight = sum(path.stat().st_size for path in sources_of(beside / folder.name).values())
    return Edition(folder.name, beside, str(folder.parent), state_of(beside, folder.name), weight)


def state_of(beside: Place, name: str) -> str:
    """What an edition is made from at this moment, as `Edition.state`. Raises StorageError, OSError."""
    if isinstance(beside, Path):
        return _state({path: file_digest(file) for path, file in sources_of(beside / name).items()})
    return _of_entries(name, beside, _sources(beside, name)).state


def _at_address(source: Tree, named: Sequence[str]) -> list[Edition]:
    if not named:
        return [_of_entries(name, source, own) for name, own in sorted(_by_edition(source.entries()).items())]
    found = []
    for one in named:
        whole = one.rstrip("/") if "://" in one else f"{source}/{one.strip('/')}"
        beside, _, name = whole.rpartition("/")
        tree = Tree(beside)
        own = _sources(tree, name)
        if _ARTICLE not in own:
            raise InputError(f"no edition {one} in {source}; an edition is a folder with an article.md in it")
        found.append(_of_entries(name, tree, own))
    return found


def _by_edition(entries: Mapping[str, Entry]) -> dict[str, dict[str, Entry]]:
    """The sources of each edition in a listing, by their names from the edition's folder."""
    shared = _shared(entries)
    found: dict[str, dict[str, Entry]] = {}
    for path, entry in entries.items():
        name, _, rest = path.partition("/")
        if rest:
            found.setdefault(name, {})[rest] = entry
    return {name: own | shared for name, own in found.items() if _ARTICLE in own}


def _shared(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    return {f"../{name}": entries[name] for name in SHARED if name in entries}


def _sources(beside: Tree, name: str) -> dict[str, Entry]:
    """As `fingerprint.sources_of`, of an edition at an address."""
    own = {path.removeprefix(f"{name}/"): entry for path, entry in beside.entries(name).items()}
    return own | _shared({one: entry for one in SHARED for entry in beside.entries(one).values()})


def _of_entries(name: str, beside: Tree, entries: Mapping[str, Entry]) -> Edition:
    state = _state({path: entry.mark for path, entry in entries.items()})
    return Edition(name, beside, str(beside), state, sum(entry.size for entry in entries.values()))


def _state(marks: Mapping[str, str]) -> str:
    return digest(dict(marks))


def fetch(tree: Tree, name: str, beside: Path) -> tuple[Path, str]:
    """Bring an edition below an address, and what its siblings share, to a folder of this machine.

    Gives its own folder there and its state as it was when that began: it may have been edited since it was listed.
    Raises StorageError, OSError, InputError where an object's name can be no file's or the edition is gone.
    """
    entries = _sources(tree, name)
    wanted = {(whole := _whole(name, path)): inside(beside, whole) for path in entries}
    gone = tree.fetch_all(wanted)
    if gone or _ARTICLE not in entries:
        raise InputError(f"{tree}/{_first(gone, f'{name}/{_ARTICLE}')} went away while it was read; run again")
    return beside / name, _of_entries(name, tree, entries).state


def _whole(edition: str, name: str) -> str:
    """A source's name from the place where the edition's folder stands."""
    return name.removeprefix("../") if name.startswith("../") else f"{edition}/{name}"


def _first(names: Iterable[str], otherwise: str) -> str:
    return next(iter(names), otherwise)
