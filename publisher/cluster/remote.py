"""Addresses as `s3://bucket/folder`, through fsspec: what is there, fetched to this machine and put from it.

Only object stores are taken: there a PUT is atomic, so that whoever reads gets an object whole, the old or the new. A
file server belongs mounted as a folder, where renaming does the same.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import unquote

from publisher.cluster.extra import needed
from publisher.model.findings import EngineError, InputError, PublisherError
from publisher.store import digest

_TYPED = {"s3": "ContentType", "s3a": "ContentType", "gs": "content_type", "gcs": "content_type"}
"""How each kind of object store is told an object's media type."""
_SAME = {"s3": ("s3", "s3a"), "gs": ("gs", "gcs"), "az": ("az", "abfs", "abfss")}
_KINDS = tuple(name for names in _SAME.values() for name in names)
_MARKS = ("ETag", "md5Hash", "etag", "content_md5")
"""What a listing tells of an object's content, by the names that the kinds of object store have for it."""
_AT_ONCE = 8
"""Objects fetched or put at the same time: a request waits for the network, not for this machine."""

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says where there is no room."""
_KEYS = {
    "s3": (
        (".aws", ".boto"),
        "AWS_SHARED_CREDENTIALS_FILE,AWS_CONFIG_FILE,AWS_WEB_IDENTITY_TOKEN_FILE,AWS_CA_BUNDLE,AWS_DATA_PATH,"
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,BOTO_CONFIG",
    ),
    "gs": ((".config/gcloud",), "GOOGLE_APPLICATION_CREDENTIALS,CLOUDSDK_CONFIG"),
    "az": ((".azure",), "AZURE_CONFIG_DIR,AZURE_FEDERATED_TOKEN_FILE"),
    "": ((".config/fsspec",), "FSSPEC_CONFIG_DIR"),
}
"""Where the libraries of a kind of object store look for keys and settings: in the user's folder, and where these
variables say; the last is that of all kinds.
https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html"""

_T = TypeVar("_T")


class StorageError(EngineError):
    """What stands at an address could not be reached, read or written. `engine` is the address."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in a listing: its bytes, and a mark that changes when its content does."""

    size: int
    mark: str


@dataclass(frozen=True, slots=True)
class Tree:
    """All that stands below an address. Names are paths from there; nothing is kept in hand between two calls."""

    address: str

    def __str__(self) -> str:
        return self.address

    def __truediv__(self, name: str) -> Tree:
        return Tree(f"{self.address}/{name}")

    @property
    def kind(self) -> str:
        return self.address.partition("://")[0]

    def entries(self, below: str = "") -> dict[str, Entry]:
        """What stands below a name (below the address itself without one), by name. Raises StorageError."""
        with _reaching(self.address) as (system, root):
            start = f"{root}/{below}" if below else root
            found = system.find(start, detail=True)
            return {
                name: Entry(int(told["size"]), _mark(system, path, told))
                for path, told in sorted(found.items())
                # Some programs make an empty object of a folder's name.
                if (name := path.removeprefix(root).lstrip("/")) and not path.endswith("/")
            }

    def folders(self) -> tuple[str, ...]:
        """The names that stand directly below the address and have something below them. Raises StorageError."""
        with _reaching(self.address) as (system, root):
            try:
                found = system.ls(root, detail=True)
            except FileNotFoundError:
                return ()
        return tuple(
            sorted(str(one["name"]).rstrip("/").rpartition("/")[2] for one in found if one["type"] == "directory")
        )

    def read(self, name: str) -> bytes | None:
        """An object's bytes; None where there is none. Raises StorageError."""
        with _reaching(self.address) as (system, root):
            try:
                return bytes(system.cat_file(f"{root}/{name}"))
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Put an object, whole. Raises StorageError."""
        with _reaching(self.address) as (system, root):
            system.pipe_file(f"{root}/{name}", data)

    def fetch(self, name: str, path: Path) -> bool:
        """Fetch an object to a path, whole or not at all; False where there is none. Raises StorageError, OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".partial-", dir=path.parent)
        os.close(handle)
        try:
            with _reaching(self.address) as (system, root):
                try:
                    system.get_file(f"{root}/{name}", beside)
                except FileNotFoundError:
                    return False
            Path(beside).replace(path)
        finally:
            Path(beside).unlink(missing_ok=True)
        return True

    def put(self, path: Path, name: str, media_type: str = "") -> None:
        """Put a file's bytes, whole. Raises StorageError."""
        typed = {_TYPED[self.kind]: media_type} if media_type and self.kind in _TYPED else {}
        with _reaching(self.address) as (system, root):
            system.put_file(str(path), f"{root}/{name}", **typed)

    def copy(self, name: str, to: str) -> None:
        """Give an object's content another name, too; the store does it by itself. Raises StorageError."""
        with _reaching(self.address) as (system, root):
            system.cp_file(f"{root}/{name}", f"{root}/{to}")

    def remove(self, name: str) -> None:
        """Remove an object, if it is there. Raises StorageError."""
        with _reaching(self.address) as (system, root):
            try:
                system.rm_file(f"{root}/{name}")
            except FileNotFoundError:
                return

    def fetch_all(self, wanted: Mapping[str, Path]) -> tuple[str, ...]:
        """Fetch many objects, several at once; the names of those that were not there. Raises StorageError, OSError."""
        there = side_by_side(partial(_apply, self.fetch), list(wanted.items()))
        return tuple(name for name, had in zip(wanted, there, strict=True) if not had)


def keys_of(tree: Tree) -> Iterator[Path]:
    """The files and folders that keys and settings for an address may stand in, so that a process which is held can
    reach it, too."""
    kind = next(name for name in ("s3", "gs", "az") if tree.kind in _SAME[name])
    for folders, variables in (_KEYS[kind], _KEYS[""]):
        for folder in folders:
            with suppress(RuntimeError):  # a user whom the system does not know, as in containers, has none
                yield Path.home() / folder
        for variable in variables.split(","):
            yield from (Path(one).expanduser() for one in os.environ.get(variable, "").split(os.pathsep) if one)


Place = Path | Tree
"""A folder that every machine sees under the same path, or an address."""


def place(text: str) -> Place:
    """The place that a user named: a folder, or an address if it has a `://`. Raises InputError for one that is no
    object store's."""
    if "://" not in text:
        return Path(text)
    kind, _, rest = text.partition("://")
    if kind == "file":
        return Path(unquote(rest))
    if kind not in _KINDS or not rest.strip("/"):
        kinds = ", ".join(f"{one}://" for one in ("s3", "gs", "az"))
        raise InputError(f"cannot use {text}; give an object store ({kinds}…) or a folder that all machines share")
    return Tree(text.rstrip("/"))


def inside(folder: Path, name: str) -> Path:
    """Where an object of that name belongs below a folder. Raises InputError for a name that would lead out of it."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts):
        raise InputError(f"an object is called {name!r}, which can be no file's path; give it another name")
    return folder / PurePosixPath(*parts)


def side_by_side(work: Callable[[_T], Any], items: list[_T]) -> list[Any]:
    """What `work` gives for each item, in their order; several at once. Raises what the first that failed raised."""
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        futures = [threads.submit(work, item) for item in items]
        try:
            return [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise


def _apply(work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return work(*arguments)


def _mark(system: Any, path: str, told: Mapping[str, Any]) -> str:
    for name in _MARKS:
        if told.get(name):
            return str(told[name])
    return digest(bytes(system.cat_file(path)))


@contextmanager
def _reaching(address: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address and the path there; whatever goes wrong in the block is told with the address."""
    try:
        yield _system(address)
    except PublisherError:
        raise
    except Exception as problem:
        # Every kind of object store has exceptions of its own, and nothing but its calls stands in these blocks.
        if isinstance(problem, OSError) and problem.errno in FULL:
            raise  # it is this machine that is full
        raise StorageError(address, _words(problem)) from problem


@cache
def _system(address: str) -> tuple[Any, str]:
    """One for all threads: making one takes longer than most of what it is asked for."""
    core = needed("fsspec.core")
    try:
        # A listing kept in hand would not see what other machines put.
        system, root = core.url_to_fs(address, use_listings_cache=False)
    except ImportError as problem:
        raise InputError(f"cannot use {address}: {' '.join(str(problem).split())}; install what it names") from problem
    return system, root.rstrip("/")


def _words(problem: BaseException) -> str:
    """What a library said, in one line, and what to do about it."""
    told = " ".join(str(problem).split()) or type(problem).__name__
    return f"{told}; check the address, the rights to it and the network"
