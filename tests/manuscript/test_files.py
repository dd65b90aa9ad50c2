"""Text files are UTF-8, and the place where they are not is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.manuscript.files import decode_text, read_text
from publisher.model.findings import InputError


def fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_text(path, shown="article.md")
    return str(caught.value)


def test_a_text_is_read_without_mark_and_with_plain_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthr\xc3\xa9e\n\tfour")
    assert read_text(path) == "one\ntwo\nthrée\n\tfour"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_not_utf8_are_told_by_offset_and_line(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(mark + b"one\ncaf\xe9\n")
    assert fault(path) == (
        f"article.md:2: error: not UTF-8: byte 0xe9 at offset {7 + len(mark)}; save the file as UTF-8"
    )


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x08", "\x85", "\ufffe"])
def test_control_characters_are_told_by_line_and_column(tmp_path: Path, character: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"one\ntwo{character}\n", encoding="utf-8")
    assert fault(path).startswith("article.md:2:4: error: control character U+")


def test_a_file_that_is_missing_or_a_folder_is_told(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.md") == "error: article.md does not exist; give the path of a text file"
    assert fault(tmp_path) == "error: article.md is a folder; give the path of a text file"
    assert fault(Path("/dev/null")) == "error: article.md is no ordinary file; give the path of a text file"


def test_bytes_at_hand_are_read_by_the_same_rules() -> None:
    assert decode_text(b"a\r\nb", "x") == "a\nb"
