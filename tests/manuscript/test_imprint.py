"""imprint.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.manuscript.imprint import read_imprint
from publisher.model.findings import FindingsError, InputError
from publisher.model.publication import Imprint

EDITIONS = Path(__file__).parents[1] / "editions"


def write(folder: Path, text: str) -> Path:
    path = folder / "imprint.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_imprint(tmp_path / "imprint.yaml") == (Imprint(), ())


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_imprint(write(tmp_path, "# nothing yet\n")) == (Imprint(), ())


def test_all_keys_are_read() -> None:
    imprint, findings = read_imprint(EDITIONS / "imprint.yaml")
    assert findings == ()
    assert imprint == Imprint(
        publisher="The Skerry Press",
        base_url="https://skerry.example/",
        lang="en-GB",
        contact="mailto:desk@skerry.example",
        rights="Text free to copy for testing; AGPL-3.0-or-later.",
        voice="espeak",
        page_size="A4",
    )


def test_page_sizes_may_be_written_in_any_case(tmp_path: Path) -> None:
    assert read_imprint(write(tmp_path, "page_size: letter"))[0].page_size == "Letter"


def test_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path, "page-size: A4\npage_size: A5\nbase_url: skerry\nlang: xx\n")
    with pytest.raises(FindingsError) as caught:
        read_imprint(path)
    assert [str(finding) for finding in caught.value.findings] == [
        f"{path}:1:1: warning: unknown key page-size; did you mean page_size?",
        f'{path}:2:1: error: page_size: "A5"; write A4 or Letter',
        f'{path}:3:1: error: base_url: "skerry" is no address; write it whole, as https://example.org/page',
        f'{path}:4:1: error: lang: "xx" is no known language; write a tag such as en, en-GB or fr',
    ]


def test_a_file_that_is_not_utf8_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "imprint.yaml"
    path.write_bytes(b"publisher: caf\xe9\n")
    with pytest.raises(InputError, match="offset 14"):
        read_imprint(path)
