"""The digest of everything that a build depends on, quick enough to be asked each time."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from publisher.store import digest, file_digest

ENGINES = (
    "av",
    "cssselect2",
    "ebooklib",
    "emoji",
    "espeakng-loader",
    "fonttools",
    "gtts",
    "jinja2",
    "lameenc",
    "langcodes",
    "lxml",
    "mutagen",
    "num2words",
    "numpy",
    "onnxruntime",
    "pikepdf",
    "pillow",
    "piper-tts",
    "pocketsphinx",
    "pydyf",
    "pypandoc-binary",
    "pypdfium2",
    "pyphen",
    "pyyaml",
    "rcssmin",
    "rjsmin",
    "sentencex",
    "soundfile",
    "tinycss2",
    "weasyprint",
    "ziamath",
)
"""The packages whose release may change an output's bytes."""

_LIBRARIES = {
    "Pango": ("pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")),
    "HarfBuzz": ("hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")),
}
"""Libraries of the system that lay out text: the function that tells a version, and what its file is called where."""


SHARED = ("imprint.yaml", "lexicon.yaml", "lexicon.pls")
"""The files beside an edition's folder that bear on it."""


def sources_of(folder: Path) -> dict[str, Path]:
    """Every file that an edition is made from, by its path from the edition's folder."""
    own = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return own | {f"../{name}": path for name in SHARED if (path := folder.parent / name).is_file()}


def digests_of(paths: Mapping[str, Path]) -> dict[str, str]:
    """The digest of each file, by name."""
    return {name: file_digest(path) for name, path in sorted(paths.items())}


@dataclass(frozen=True, slots=True)
class Program:
    """What makes the files: the digest of each file of the package and of its templates, the release of each engine."""

    files: Mapping[str, str]
    engines: Mapping[str, str | None]


def program() -> Program:
    """The program as it is now. Reading it takes some hundredths of a second: ask once for each piece of work."""
    return Program(package_files(), engine_versions())


def fingerprint(sources: Mapping[str, str], settings: list[Any], by: Program) -> str:
    """The SHA-256 over the sources (digests by name), the settings, this package's files and its engines."""
    return digest(dict(sources), settings, dict(by.files), dict(by.engines))


def package_files() -> dict[str, str]:
    """The digest of each file of this package and of its templates: an edited template must rebuild."""
    # The templates stand inside the package when installed, beside it in a checkout.
    package = Path(str(files("publisher")))
    inside, beside = package / "templates", package.parent / "templates"
    roots = {"publisher": package, "templates": inside if inside.is_dir() else beside}
    return {
        f"{label}/{path.relative_to(root).as_posix()}": file_digest(path)
        for label, root in roots.items()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def engine_versions() -> dict[str, str | None]:
    """The release of each engine, None where it is not here."""
    told = {name: _told(function, names) for name, (function, names) in _LIBRARIES.items()}
    return {**{name: _version(name) for name in ENGINES}, **told}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _told(function: str, names: Sequence[str]) -> str | None:
    """What the first of a library's files that is here says of itself."""
    for name in names:
        try:
            told = getattr(ctypes.CDLL(name), function)
        except (OSError, AttributeError):
            continue
        told.restype = ctypes.c_char_p
        return str(told().decode("ascii"))
    return None
