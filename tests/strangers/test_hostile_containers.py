"""Files made to harm: one clear line and a status, or a right result; nothing is read, written or asked outside. None
takes longer than a minute, nor more than a gibibyte.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builder import SECONDS, Builder, within_bounds
from hostile_books import CANARY, DAISYS, DOCXS, EPUBS
from hostile_files import CUES, PAGES, PDFS, SOUNDS

from publisher.formats.daisy.read import read as read_daisy
from publisher.model.findings import InputError
from publisher.strangers.guarding import guarded

EDITION = Path(__file__).parents[1] / "editions" / "minimal"

TABLES = {".epub": EPUBS, ".docx": DOCXS, ".pdf": PDFS, ".html": PAGES, ".vtt": CUES}
CASES = [
    *((suffix, name, make) for suffix, table in TABLES.items() for name, make in table.items()),
    *((f".{name[:3].lower()}", name, make) for name, make in SOUNDS.items()),
]
IMPORTED = [case for case in CASES if case[0] in (".epub", ".docx", ".html")]

SAID = {
    "zip slip": "outside its folder",
    "absolute name": "outside its folder",
    "a drive's name": "outside its folder",
    "symbolic link": "a link or a device",
    "one bomb": "PUBLISHER_READ_UNPACKED",
    "overlapping entries": "PUBLISHER_READ_UNPACKED",
    "a name twice": "two files named",
    "encrypted": "is encrypted",
    "too many files": "PUBLISHER_READ_MEMBERS",
    "a stored size that lies": "two sizes",
    "cut short": "cannot be read|no EPUB",
    "pages in a circle": "Loop detected",
    "a structure in a circle": "nested without end",
    "a structure that doubles": "nested without end",
    "a structure ten thousand deep": "nested without end",
    "a flate bomb": "896 MB",
    "a password": "password",
    "M4B: boxes in boxes": "nested too deeply",
}
"""What is said of those that can be told from others."""


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine that must not be asked: its port, and who asked it."""
    who: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                who.append(str(address))
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], who


@pytest.fixture
def place(tmp_path: Path, asked: tuple[int, list[str]]) -> Iterator[Callable[[str, Callable[[], bytes]], Path]]:
    """Puts a hostile file in a folder, beside which lies one that it must not get at; afterwards nothing is new."""
    (tmp_path / "canary.txt").write_text(CANARY, encoding="utf-8")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "canary.txt")

    def put(suffix: str, make: Callable[[], bytes]) -> Path:
        data = make().replace(b"{folder}", str(tmp_path).encode()).replace(b"{port}", b"%d" % asked[0])
        path = tmp_path / "here" / f"hostile{suffix}"
        path.write_bytes(data)
        return path

    yield put
    assert asked[1] == []
    assert {path.name for path in tmp_path.iterdir()} <= {"canary.txt", "here", "source"}
    assert {path.name for path in (tmp_path / "here").iterdir()} <= {"link", *(f"hostile{case[0]}" for case in CASES)}
    assert not Path("/tmp/evil.xhtml").exists()


def _named(cases: list[tuple[str, str, Callable[[], bytes]]]) -> list[str]:
    return [f"{suffix[1:]}: {name}" for suffix, name, _ in cases]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("strangers-store")


@pytest.mark.parametrize(("suffix", "name", "make"), CASES, ids=_named(CASES))
def test_verifying_a_hostile_file_ends_with_findings(
    suffix: str,
    name: str,
    make: Callable[[], bytes],
    place: Callable[[str, Callable[[], bytes]], Path],
    builder: Builder,
    store: Path,
) -> None:
    path = place(suffix, make)
    ended = builder.command(store, "verify", str(EDITION), "--against", str(path), seconds=SECONDS)
    within_bounds(ended)
    assert ended.status == 1
    assert ended.orphans == 0
    assert CANARY not in ended.stdout + ended.stderr
    assert all(": error: " in line or ": warning: " in line for line in ended.stderr.splitlines())
    assert re.search(SAID.get(name, ""), ended.stderr)
    assert re.search(r"^minimal: (inconsistent|not verified)$", ended.stdout, re.MULTILINE)


@pytest.mark.parametrize(("suffix", "name", "make"), IMPORTED, ids=_named(IMPORTED))
def test_importing_a_hostile_file_ends_in_a_line_or_an_edition(
    suffix: str,
    name: str,
    make: Callable[[], bytes],
    place: Callable[[str, Callable[[], bytes]], Path],
    tmp_path: Path,
    builder: Builder,
    store: Path,
) -> None:
    path = place(suffix, make)
    source = tmp_path / "source"
    ended = builder.command(store, "import", str(path), "new", "--source", str(source), seconds=SECONDS)
    within_bounds(ended)
    assert ended.orphans == 0
    assert CANARY not in ended.stdout + ended.stderr
    if ended.status == 0:
        files = [file for file in (source / "new").rglob("*") if file.is_file()]
        assert {file.suffix for file in files} <= {".md", ".png"}
        assert not any(CANARY.encode() in file.read_bytes() for file in files)
    else:
        assert ended.status == 2
        assert len(ended.stderr.splitlines()) == 1
        assert re.match(r"(\S+: )?error: .+; .+", ended.stderr)
        assert not (source / "new").exists()


@pytest.mark.parametrize("name", DAISYS)
def test_a_hostile_talking_book_is_refused(name: str, place: Callable[[str, Callable[[], bytes]], Path]) -> None:
    path = place(".epub", DAISYS[name])
    if name == "parts in a circle":
        assert [unit.text for unit in guarded(read_daisy, path, shown=path.name).units if not unit.furniture] == TITLE
        return
    with pytest.raises(InputError, match=r"hostile\.epub.+; "):
        guarded(read_daisy, path, shown=path.name)


TITLE = ["A title and a paragraph"]
