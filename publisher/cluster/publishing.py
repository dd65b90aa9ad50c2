"""An edition put at an address, where no folder can be swapped in whole.

Object stores replace one object at a time. So that readers see as little as possible of that:

1. The record beside the edition is removed: from now on nobody takes what stands there for whole.
2. Files under new names are put; nothing leads to them yet. Files that replace others are put where nobody looks.
3. The latter are given their names, pages last: the store copies by itself, which takes no time to speak of.
4. The manifest, `edition.json`, is put.
5. What stood there and belongs to the old edition alone is removed, then what was put aside.
6. The record is put: what the edition was made from, and the digest of its manifest.

Stopped anywhere, all of it is done again, to the same bytes. Where a record vouches for the old edition, files that
have the same bytes in both are not put.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from publisher.cluster.remote import Entry, Tree, inside, side_by_side
from publisher.manifest import MANIFEST, lines_left
from publisher.model.findings import InputError
from publisher.store import digest

UNSETTLED = "sources that changed meanwhile"
"""In the place of a digest in a record: it vouches for the files, and not for what they were made from."""
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Published:
    """What stands at an address of an edition: its manifest, and what it was made from as the record has it.

    `made_from` is empty where no record vouches for the files: somebody puts them there at this moment, or was stopped.
    It is UNSETTLED where the sources changed while the files were made.
    """

    manifest: dict[str, Any]
    made_from: str

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """The manifest's entries by the names of the files."""
        return {file["name"]: file for file in self.manifest.get("files", ())}


def published(out: Tree, name: str) -> Published:
    """What is published of an edition; empty where nothing is, or nothing that can be read. Raises StorageError."""
    record, data = out.read(_record(name)), out.read(f"{name}/{MANIFEST}")
    if data is None:
        return Published({}, "")
    try:
        manifest: dict[str, Any] = json.loads(data)
        told = json.loads(record) if record is not None else {}
        vouched = told.get("manifest") == digest(data)
        there = Published(manifest, str(told["made_from"]) if vouched else "")
        # Every file has to have what is asked of it below.
        _sizes(there)
        return there
    except (ValueError, KeyError, TypeError, AttributeError):
        # Of another version, or no manifest at all: made anew.
        return Published({}, "")


def stands(out: Tree, name: str, made_from: str) -> Published | None:
    """What is published of an edition, if it was made from just that and is all there; else None.

    Files are held against the manifest by name and size, which one listing tells. Lines that a voice's fallback said
    are asked for again, so an edition with such lines never stands. Raises StorageError.
    """
    there = published(out, name)
    if there.made_from != made_from or lines_left(there.manifest):
        return None
    listed = {path: entry.size for path, entry in _listing(out, name).items()}
    return there if _sizes(there).items() <= listed.items() else None


def _sizes(there: Published) -> dict[str, int]:
    return {name: int(file["bytes"]) for name, file in there.files.items() if file["sha256"]}


def fetch_published(out: Tree, name: str, folder: Path) -> None:
    """Bring what is published of an edition into its folder on this machine, so that a build can take it up.

    A file that is missing or damaged is left out; the build sees to it. Raises StorageError, OSError.
    """
    there = published(out, name)
    if not there.made_from:
        return
    wanted = {f"{name}/{file}": inside(folder, file) for file in (*there.files, MANIFEST)}
    out.fetch_all(wanted)


def publish(out: Tree, name: str, folder: Path, made_from: str) -> None:
    """Put what was built in `folder` at the address, in the order above. Raises StorageError, InputError."""
    manifest = _own(folder, MANIFEST).read_bytes()
    files: dict[str, dict[str, Any]] = {file["name"]: file for file in json.loads(manifest)["files"]}
    for one in files:
        _own(folder, one)
    before, listed = published(out, name), _listing(out, name)
    out.remove(_record(name))

    same = {one for one in files if before.made_from and _unchanged(files[one], before.files.get(one), listed.get(one))}
    new = [one for one in files if one not in listed]
    changed = sorted((one for one in files if one in listed and one not in same), key=lambda one: _last(files[one]))
    aside = _aside(name)

    def put(prefix: str, one: str) -> None:
        out.put(inside(folder, one), f"{prefix}/{one}", files[one]["media_type"])

    side_by_side(partial(put, name), new)
    side_by_side(partial(put, aside), changed)
    for one in changed:
        out.copy(f"{aside}/{one}", f"{name}/{one}")
    out.put(folder / MANIFEST, f"{name}/{MANIFEST}", "application/json")
    side_by_side(out.remove, [f"{name}/{one}" for one in listed if one not in files and one != MANIFEST])
    side_by_side(out.remove, list(out.entries(aside)))
    out.write(_record(name), json.dumps({"made_from": made_from, "manifest": digest(manifest)}).encode())


def _own(folder: Path, name: str) -> Path:
    """A file of the edition's. Who built it was held, and this process is not: a link could lead it to what it may read
    and readers may not. Raises InputError."""
    path = inside(folder, name)
    if path.resolve() != folder.resolve() / path.relative_to(folder):
        raise InputError(f"{name} of the new edition is a link, which no build makes; look for who changed it")
    return path


def manifests(out: Tree) -> dict[str, bytes]:
    """The manifest of every edition at the address, by the edition's name. Raises StorageError."""
    names = [name for name in out.folders() if not name.startswith(".")]
    read = side_by_side(lambda name: out.read(f"{name}/{MANIFEST}"), names)
    return {name: data for name, data in zip(names, read, strict=True) if data is not None}


def _record(name: str) -> str:
    return f".{name}.published.json"


def _aside(name: str) -> str:
    return f".{name}.partial"


def _listing(out: Tree, name: str) -> dict[str, Entry]:
    """What stands below an edition's name, by names from there."""
    return {path.removeprefix(f"{name}/"): entry for path, entry in out.entries(name).items()}


def _unchanged(file: dict[str, Any], before: dict[str, Any] | None, listed: Entry | None) -> bool:
    """Whether a file stands there already as it was built now."""
    return (
        before is not None
        and listed is not None
        and (before["sha256"], before["media_type"]) == (file["sha256"], file["media_type"])
        and listed.size == file["bytes"]
    )


def _last(file: dict[str, Any]) -> tuple[bool, str]:
    """Sorts pages to the end: they lead to the other files."""
    return file["media_type"] in _PAGES, file["name"]
