"""The page of an audiobook, which holds its contents, is HTML without fault to the Nu checker.

No package registry that we know has a reader of W3C Audiobooks; that their manifests keep the rules is tested in
tests/formats/audiobook.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from built_editions import EDITIONS, Built
from test_nu import remarks


def test_the_nu_checker_has_no_error_and_no_warning_for_any_page(built: Built, tmp_path: Path) -> None:
    for name in EDITIONS:
        with zipfile.ZipFile(built(name) / f"{name}.lpf") as archive:
            archive.extract("index.html", tmp_path / name)
    names = [f"{name}/index.html" for name in EDITIONS]
    assert remarks(tmp_path, names) == {name: [] for name in names}
