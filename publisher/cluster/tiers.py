"""A store in two tiers: this machine's own, and behind it one at an address that all machines share.

Keys are digests of what a file was made from, so it does not matter who puts a file first, nor that two do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from publisher.cluster.remote import Tree
from publisher.model.findings import InputError
from publisher.store import Store

_PUTTING = 8
"""Files on their way to the address at the same time."""


class TieredStore(Store):
    """Finds here, else fetches; keeps here, and puts in the background: `tiered` makes one and waits for the puts."""

    def __init__(self, root: Path, behind: Tree, threads: ThreadPoolExecutor) -> None:
        super().__init__(root)
        self._behind = behind
        self._threads = threads
        self._absent: set[str] = set()
        self.puts: list[Future[None]] = []

    def find(self, key: str, suffix: str = "") -> Path | None:
        """The file of a key, if either tier has it. Raises StorageError where the address cannot be reached."""
        found = super().find(key, suffix)
        if found is not None:
            return found
        name, path = _name(key, suffix), self.path(key, suffix)
        if name in self._absent:
            return None
        try:
            if self._behind.fetch(name, path):
                self.seal(path, path)
                return path
        except OSError as problem:
            raise InputError(f"cannot keep files in {self.root}: {problem.strerror}; free some room") from problem
        # Asked for once: what another machine puts there meanwhile is made here again, to the same bytes.
        self._absent.add(name)
        return None

    def keep(self, key: str, suffix: str, write: Callable[[Path], None]) -> Path:
        """As `Store.keep`; a file that is new goes to the address, too."""
        found = self.find(key, suffix)
        if found is not None:
            return found
        path = super().keep(key, suffix, write)
        self.puts.append(self._threads.submit(self._behind.put, path, _name(key, suffix)))
        return path

    def drop(self, key: str, suffix: str = "") -> None:
        """Forget the file of a key in both tiers."""
        super().drop(key, suffix)
        self._behind.remove(_name(key, suffix))
        self._absent.add(_name(key, suffix))


@contextmanager
def tiered(root: Path, behind: Tree) -> Iterator[Store]:
    """A store of two tiers. At the end of the block what was kept stands at the address. Raises StorageError."""
    with ThreadPoolExecutor(_PUTTING) as threads:
        store = TieredStore(root, behind, threads)
        yield store
        for put in store.puts:
            put.result()


def _name(key: str, suffix: str) -> str:
    return f"{key[:2]}/{key[2:]}{suffix}"
