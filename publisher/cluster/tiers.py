"""A store in two tiers: this machine's own, and behind it one at an address that all machines share.

Keys are digests of what a file was made from, so it does not matter who puts a file first, nor that two do. A file that
is kept is noted as owed to the address until it stands there, so that whatever stops or refuses it, the next build on
this machine puts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from publisher.cluster.remote import StorageError, Tree
from publisher.model.findings import InputError
from publisher.store import PARTIAL, Store, digest

_PUTTING = 8
"""Files on their way to the address at the same time."""


class TieredStore(Store):
    """Finds here, else fetches; keeps here, and puts in the background: `tiered` makes one and waits for the puts."""

    def __init__(self, root: Path, behind: Tree, threads: ThreadPoolExecutor) -> None:
        super().__init__(root)
        self._behind = behind
        self._threads = threads
        self._absent: set[str] = set()
        self._owed = root / f"owed-{digest(str(behind))[:16]}"
        self._puts: list[Future[bool]] = []
        self.lacking = 0
        """How many of the files that were kept now could not be put."""
        self.refused: StorageError | None = None
        """Why: nothing more is put after the first that is refused."""

    def find(self, key: str, suffix: str = "") -> Path | None:
        """The file of a key, if either tier has it. Raises StorageError where the address cannot be reached."""
        found = super().find(key, suffix)
        if found is not None:
            return found
        name, path = _name(key, suffix), self.path(key, suffix)
        if name in self._absent:
            return None
        # Sealed before it has its name: another process would take it for damaged.
        fetched = path.with_name(f"{PARTIAL}{token_hex(8)}{suffix}")
        try:
            if self._behind.fetch(name, fetched):
                self.seal(path, fetched)
                fetched.replace(path)
                return path
        except OSError as problem:
            raise InputError(f"cannot keep files in {self.root}: {problem.strerror}; free some room") from problem
        finally:
            fetched.unlink(missing_ok=True)
        # Asked for once: what another machine puts there meanwhile is made here again, to the same bytes.
        self._absent.add(name)
        return None

    def keep(self, key: str, suffix: str, write: Callable[[Path], None]) -> Path:
        """As `Store.keep`; a file that is new goes to the address, too."""
        found = self.find(key, suffix)
        if found is not None:
            return found
        self._note(_name(key, suffix))
        path = super().keep(key, suffix, write)
        # Once more: another build here may have found the first note without its file.
        self._puts.append(self._put(path, _name(key, suffix), self._note(_name(key, suffix))))
        return path

    def drop(self, key: str, suffix: str = "") -> None:
        """Forget the file of a key in both tiers."""
        super().drop(key, suffix)
        self._behind.remove(_name(key, suffix))
        self._absent.add(_name(key, suffix))

    def put_owed(self) -> None:
        """Begin to put what an earlier build on this machine kept and could not put."""
        for note in sorted(self._owed.glob("*")):
            name = note.name.replace("-", "/", 1)
            if (self.root / name).is_file():
                self._put(self.root / name, name, note)
            else:
                note.unlink(missing_ok=True)

    def wait(self) -> None:
        """Until all puts have ended, well or not."""
        self.lacking = sum(not put.result() for put in self._puts)

    def _note(self, name: str) -> Path:
        """Note that a file is owed to the address. Raises InputError where nothing can be kept."""
        note = self._owed / name.replace("/", "-", 1)
        try:
            self._owed.mkdir(parents=True, exist_ok=True)
            note.touch()
        except OSError as problem:
            message = f"cannot keep files in {self.root}: {problem.strerror}; set PUBLISHER_CACHE to another folder"
            raise InputError(message) from problem
        return note

    def _put(self, path: Path, name: str, note: Path) -> Future[bool]:
        def put() -> bool:
            if self.refused is not None:
                return False
            try:
                self._behind.put(path, name)
            except StorageError as problem:
                self.refused = problem
                return False
            note.unlink(missing_ok=True)
            return True

        return self._threads.submit(put)


@contextmanager
def tiered(root: Path, behind: Tree) -> Iterator[TieredStore]:
    """A store of two tiers. After the block what was kept stands at the address, or the store says how much is
    `lacking` there; what was owed from before is put as far as there was time."""
    threads = ThreadPoolExecutor(_PUTTING)
    try:
        store = TieredStore(root, behind, threads)
        store.put_owed()
        yield store
        store.wait()
    finally:
        threads.shutdown(cancel_futures=True)  # what has not begun is owed


def _name(key: str, suffix: str) -> str:
    return f"{key[:2]}/{key[2:]}{suffix}"
