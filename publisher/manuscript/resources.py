"""Pictures of an edition: found inside its folder only, and of the kind that their names say.

resources = Resources(folder)
cover = resources.find("cover.png", position)      # a Resource, or None after adding a finding
resources.findings, resources.used                 # list of Finding; mapping of name to Resource
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, UnidentifiedImageError

from publisher.manuscript.drawings import too_much
from publisher.manuscript.vocabularies import nearest
from publisher.model.findings import Finding, Severity
from publisher.model.limits import DEFAULT, MEGAPIXEL, beyond
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


class _UnusableError(Exception):
    """Why a picture is not taken: the finding's check id and message."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(message)
        self.check = check
        self.message = message


class Resources:
    """The pictures of the edition in `folder`: each is read and checked once, however often it is named."""

    def __init__(self, folder: Path, pixels: int = DEFAULT.pixels) -> None:
        self.folder = folder
        self.pixels = pixels
        """Millions of pixels of the largest picture that is taken: more fill the memory of those who render it."""
        self.used: dict[str, Resource] = {}
        self.findings: list[Finding] = []

    def find(self, address: str, position: Position | None) -> Resource | None:
        """The picture that an address in the source names, else None and a finding that says why.

        The address is a relative path with `/`, percent-encoded where need be. Findings, all errors: `image-remote`,
        `image-outside`, `image-missing`, `image-kind`, `image-unsafe` (an SVG with scripts or outside references),
        `image-large`.
        """
        try:
            name, path = self._locate(address)
            if name not in self.used:
                self.used[name] = _read(name, path, self.pixels)
            return self.used[name]
        except _UnusableError as problem:
            self.findings.append(Finding(problem.check, Severity.ERROR, problem.message, position))
            return None

    def _locate(self, address: str) -> tuple[str, Path]:
        """The picture's name in the edition and its file."""
        name = unquote(address)
        if _SCHEME.match(name):
            kind = "written into its own address" if name.lower().startswith("data:") else "remote"
            raise _UnusableError("image-remote", f"picture is {kind}: {address[:80]}; save it in the edition's folder")
        outside = _UnusableError(
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
            raise _UnusableError("image-missing", f"no picture {name}{self._nearest(path)}") from problem
        if mode is None:
            raise outside
        if not stat.S_ISREG(mode):
            raise _UnusableError("image-kind", f"picture {name} is no ordinary file; give a picture")
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


def _read(name: str, path: Path, pixels: int) -> Resource:
    """Read and check one picture."""
    ending = Path(name).suffix.lower()
    expected = MEDIA_TYPES.get(ending)
    if expected is None:
        kinds = ", ".join(sorted(ending[1:] for ending in MEDIA_TYPES))
        raise _UnusableError("image-kind", f"picture {name} is of no known kind; use one of {kinds}")
    try:
        if path.stat().st_size > LARGEST:
            raise _UnusableError("image-large", f"picture {name} has over {LARGEST >> 20} MB; make it smaller")
        data = path.read_bytes()
    except OSError as problem:
        raise _UnusableError("image-missing", f"picture {name} cannot be read: {problem.strerror}") from problem
    found = _kind(data)
    if found != expected:
        told = found.removeprefix("image/").removesuffix("+xml") if found else "no picture"
        raise _UnusableError("image-kind", f"picture {name} is {told}, not what its name says; rename or convert it")
    width, height = _svg_size(name, data) if found == "image/svg+xml" else _pixels(name, data, pixels)
    return Resource(name, path, found, hashlib.sha256(data).hexdigest(), width, height)


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


def _pixels(name: str, data: bytes, most: int) -> tuple[int, int]:
    """Width and height of a raster picture, which must decode."""
    try:
        with Image.open(BytesIO(data)) as picture:
            width, height = picture.size
            if width * height > most * MEGAPIXEL:
                what = f"picture {name} has {width} by {height} pixels, over {most} million"
                raise _UnusableError("image-large", beyond(what, "make it smaller", "pixels"))
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise _UnusableError("image-kind", f"picture {name} is damaged; save it again") from problem
    return width, height


# SVG -----------------------------------------------------------------------------------------------------------------

_SVG = "{http://www.w3.org/2000/svg}"
_SCRIPTED = frozenset({"script", "foreignObject", "handler", "listener", "iframe", "audio", "video"})
_DOCTYPE = re.compile(rb'<!DOCTYPE\s+svg\s+PUBLIC\s+"-//W3C//DTD SVG 1\.[01]( (Basic|Tiny))?//EN"\s+"[^"\[<>]*"\s*>')
"""SVG's own document type, which drawing programs write; it declares nothing, and nobody has to fetch it."""
_REFERENCE = re.compile(r"url\(\s*['\"]?\s*(?P<url>[^'\")]+)", re.IGNORECASE)
_LENGTH = re.compile(r"^\s*([0-9.]+(?:[eE][-+]?\d+)?)\s*(px|pt|pc|mm|cm|in|)\s*$")
_CSS_PIXELS = {"px": 1.0, "": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def _svg_size(name: str, data: bytes) -> tuple[int | None, int | None]:
    """Width and height in CSS pixels of an SVG, which must be well-formed and ask for nothing from outside."""
    try:
        root: Element = fromstring(
            _DOCTYPE.sub(b"", data, count=1), forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
    except DefusedXmlException as problem:
        raise _UnusableError(
            "image-unsafe", f"picture {name} declares entities or a document type of its own; save it as plain SVG"
        ) from problem
    except (ParseError, ValueError, LookupError) as problem:
        raise _UnusableError(
            "image-kind", f"picture {name} is no well-formed SVG ({problem}); save it again"
        ) from problem
    if root.tag != f"{_SVG}svg":
        raise _UnusableError("image-kind", f"picture {name} is XML, but no SVG; save it as SVG")
    for reason in _unsafe(root):
        raise _UnusableError("image-unsafe", f"picture {name} {reason}; save it as plain SVG")
    much = too_much(root)
    if much is not None:
        raise _UnusableError("image-large", f"too complex: picture {name} {much}; simplify it, or save it as PNG")
    width, height = _length(root.get("width")), _length(root.get("height"))
    box = [float(part) for part in re.findall(r"-?[0-9.]+(?:[eE][-+]?\d+)?", root.get("viewBox", ""))]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if width is None:
            width = height * box[2] / box[3] if height is not None else box[2]
        if height is None:
            height = width * box[3] / box[2]
    return (round(width) if width else None), (round(height) if height else None)


def _unsafe(root: Element) -> Iterator[str]:
    """What in an SVG runs, or asks for another file."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in _SCRIPTED:
            yield f"contains a {tag} element"
        if tag == "style" and re.search(r"@import", element.text or "", re.IGNORECASE):
            yield "imports a style sheet"
        texts = [element.text or ""] if tag == "style" else []
        for attribute, value in element.attrib.items():
            key = attribute.rpartition("}")[2].lower()
            if key.startswith("on"):
                yield f"has a script in {key}"
            if key in ("href", "src") and tag != "a" and not _is_inside(value):
                yield f"refers to {value[:60]}"
            if key == "href" and tag == "a" and re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE):
                yield "has a script in a link"
            texts.append(value)
        for text in texts:
            for found in _REFERENCE.finditer(text):
                if not _is_inside(found["url"]):
                    yield f"refers to {found['url'][:60]}"


def _is_inside(address: str) -> bool:
    """Whether an address in an SVG stays in it: a fragment, or a raster picture written into it."""
    return address.strip().startswith(("#", "data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"))


def _length(value: str | None) -> float | None:
    found = _LENGTH.match(value or "")
    return float(found[1]) * _CSS_PIXELS[found[2]] if found else None
