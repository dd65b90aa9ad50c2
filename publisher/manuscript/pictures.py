"""What is known of a picture by its bytes: its size, or why it is not taken.

Libraries meet a stranger's bytes here, and nowhere else while a manuscript is read: Pillow, expat. So this runs in a
child (`looking`), or in a worker that is held.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, UnidentifiedImageError

from publisher.manuscript.drawings import too_much
from publisher.manuscript.unusable import UnusableError
from publisher.model.limits import MEGAPIXEL, beyond

Size = tuple[int | None, int | None]
"""Width and height in pixels, for a drawing those of CSS; None where it has none of its own."""


def size_of(name: str, media_type: str, data: bytes, pixels: int) -> Size:
    """The size of a picture that begins as one of its kind does, with `pixels` million at most.

    Raises UnusableError with the check `image-kind`, `image-unsafe` (a drawing with scripts or outside references) or
    `image-large`.
    """
    return _svg_size(name, data) if media_type == "image/svg+xml" else _pixels(name, media_type, data, pixels)


_FORMATS = {"image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""Pillow's names of the kinds, lest a damaged picture is tried with each of its thirty decoders."""


def _pixels(name: str, media_type: str, data: bytes, most: int) -> tuple[int, int]:
    """Width and height of a raster picture, which must decode."""
    try:
        with Image.open(BytesIO(data), formats=(_FORMATS[media_type],)) as picture:
            width, height = picture.size
            if width * height > most * MEGAPIXEL:
                what = f"picture {name} has {width} by {height} pixels, over {most} million"
                raise UnusableError("image-large", beyond(what, "make it smaller", "pixels"))
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise UnusableError("image-kind", f"picture {name} is damaged; save it again") from problem
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
        raise UnusableError(
            "image-unsafe", f"picture {name} declares entities or a document type of its own; save it as plain SVG"
        ) from problem
    except (ParseError, ValueError, LookupError) as problem:
        raise UnusableError(
            "image-kind", f"picture {name} is no well-formed SVG ({problem}); save it again"
        ) from problem
    if root.tag != f"{_SVG}svg":
        raise UnusableError("image-kind", f"picture {name} is XML, but no SVG; save it as SVG")
    for reason in _unsafe(root):
        raise UnusableError("image-unsafe", f"picture {name} {reason}; save it as plain SVG")
    much = too_much(root)
    if much is not None:
        raise UnusableError("image-large", f"too complex: picture {name} {much}; simplify it, or save it as PNG")
    width, height = _length(root.get("width")), _length(root.get("height"))
    box = [_number(part) for part in re.findall(r"-?[0-9.]+(?:[eE][-+]?\d+)?", root.get("viewBox", ""))]
    if len(box) == 4 and box[2] and box[3] and box[2] > 0 and box[3] > 0:
        if width is None:
            width = height * box[2] / box[3] if height is not None else box[2]
        if height is None:
            height = width * box[3] / box[2]
    return _whole(width), _whole(height)


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
    number = _number(found[1]) if found else None
    return number * _CSS_PIXELS[found[2]] if found and number is not None else None


def _number(digits: str) -> float | None:
    """A number of digits and points, which may be none."""
    try:
        return float(digits)
    except ValueError:
        return None


def _whole(length: float | None) -> int | None:
    return round(length) if length and math.isfinite(length) else None
