"""Pictures of an edition: found inside its folder only, and of the kind that their names say.

with Resources(folder) as resources:
    cover = resources.find("cover.png", position)  # a Resource, or None after adding a finding
resources.findings, resources.used                 # list of Finding; mapping of name to Resource
"""

from __future__ import annotations

import hashlib
import re
import stat
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

from publisher.manuscript.looking import Looker
from publisher.manuscript.unusable import UnusableError
from publisher.manuscript.vocabularies import nearest
from publisher.model.findings import Finding, Severity
from publisher.model.limits import DEFAULT, Limits
from publisher.model.publication import Resource
from publisher.model.source import Position

MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""The kinds of picture, by the ending of their names: the core media types of EPUB 3.3.
https://www.w3.org/TR/epub-33/#sec-core-media-types"""

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest picture that is taken."""

_SCHEME = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]+:|//)")


class Resources:
    """The pictures of the edition in `folder`: each is read and checked once, however often it is named.

    A child process looks at them, which is there from the first one until the end of the `with` block.
    """

    def __init__(self, folder: Path, limits: Limits = DEFAULT) -> None:
        self.folder = folder
        self.used: dict[str, Resource] = {}
        self.findings: list[Finding] = []
        self._refused: dict[str, UnusableError] = {}
        self._looker = Looker(limits)

    def __enter__(self) -> Resources:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._looker.end()

    def find(self, address: str, position: Position | None) -> Resource | None:
        """The picture that an address in the source names, else None and a finding that says why.

        The address is a relative path with `/`, percent-encoded where need be. Findings, all errors: `image-remote`,
        `image-outside`, `image-missing`, `image-kind`, `image-unsafe` (an SVG with scripts or outside references),
        `image-large`. Raises EngineError where nothing can be started that looks at pictures.
        """
        try:
            name, path = self._locate(address)
            if name in self._refused:
                raise self._refused[name]
            if name not in self.used:
                self.used[name] = self._looked_at(name, path)
            return self.used[name]
        except UnusableError as problem:
            self.findings.append(Finding(problem.check, Severity.ERROR, problem.message, position))
            return None

    def _looked_at(self, name: str, path: Path) -> Resource:
        try:
            media_type, data = _read(name, path)
            width, height = self._looker.size_of(name, media_type, data)
        except UnusableError as problem:
            self._refused[name] = problem
            raise
        return Resource(name, path, media_type, hashlib.sha256(data).hexdigest(), width, height)

    def _locate(self, address: str) -> tuple[str, Path]:
        """The picture's name in the edition and its file."""
        name = unquote(address)
        if _SCHEME.match(name):
            kind = "written into its own address" if name.lower().startswith("data:") else "remote"
            raise UnusableError("image-remote", f"picture is {kind}: {address[:80]}; save it in the edition's folder")
        outside = UnusableError(
            "image-outside", f"picture {address} is outside the edition's folder; put it inside, give a relative path"
        )
        if not name or "\0" in name or "\\" in name or name.startswith(("/", "~")) or name[1:2] == ":":
            raise outside
        parts = [part for part in name.split("/") if part not in ("", ".")]
        root = self.folder.resolve()
        path = root.joinpath(*parts)
        if ".." in parts:
            raise outside
        try:
            resolved = path.resolve()
            mode = resolved.stat().st_mode if resolved.is_relative_to(root) else None
        except (OSError, RuntimeError) as problem:
            raise UnusableError("image-missing", f"no picture {name}{self._nearest(path)}") from problem
        if mode is None:
            raise outside
        if not stat.S_ISREG(mode):
            raise UnusableError("image-kind", f"picture {name} is no ordinary file; give a picture")
        return "/".join(parts), resolved

    def _nearest(self, path: Path) -> str:
        """A hint at a file of the same name in other case or with another ending, or of nearly that name; else what to
        do."""
        try:
            siblings = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
        except OSError:
            siblings = []
        for sibling in siblings:
            if sibling.stem.lower() == path.stem.lower() and sibling.suffix.lower() in MEDIA_TYPES:
                return f"; did you mean {sibling.name}?"
        pictures = [sibling.name for sibling in siblings if sibling.suffix.lower() in MEDIA_TYPES]
        if meant := nearest(path.name, pictures):
            return f"; did you mean {meant}?"
        return " in the edition's folder; add it or correct the path"


def _read(name: str, path: Path) -> tuple[str, bytes]:
    """The media type of a picture, which its name and its first bytes agree on, and all of its bytes."""
    ending = Path(name).suffix.lower()
    expected = MEDIA_TYPES.get(ending)
    if expected is None:
        kinds = ", ".join(sorted(ending[1:] for ending in MEDIA_TYPES))
        raise UnusableError("image-kind", f"picture {name} is of no known kind; use one of {kinds}")
    try:
        if path.stat().st_size > LARGEST:
            raise UnusableError("image-large", f"picture {name} has over {LARGEST >> 20} MB; make it smaller")
        data = path.read_bytes()
    except OSError as problem:
        raise UnusableError("image-missing", f"picture {name} cannot be read: {problem.strerror}") from problem
    found = _kind(data)
    if found != expected:
        told = found.removeprefix("image/").removesuffix("+xml") if found else "no picture"
        raise UnusableError("image-kind", f"picture {name} is {told}, not what its name says; rename or convert it")
    return expected, data


def _kind(data: bytes) -> str | None:
    """The media type that the bytes show."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "image/svg+xml" if start.startswith(b"<") and re.search(rb"<(?:\w+:)?svg[\s>]", data[:65536]) else None
