"""What style sheets and pictures do to readers: sizes and colours that they cannot change, and what moves by itself."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from io import BytesIO

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_ABSOLUTE = re.compile(r"(?<![\w.#-])\d*\.?\d+(?:px|pt|pc|cm|mm|in|q)\b", re.IGNORECASE)
_NOTHING = re.compile(r"(?<![\w.#-])0*\.?0+(?:px|pt|pc|cm|mm|in|q)\b", re.IGNORECASE)
_WHOLE_TEXT = re.compile(r"(?:^|[\s,>])(?:\*|html|body|:root|p|section|div)(?:$|[\s,:>])")
_SIZES = frozenset(["font-size", "font", "line-height", "letter-spacing", "word-spacing"])
_BOXES = frozenset(["width", "max-width", "height", "max-height"])
_COLOURS = frozenset(["color", "background", "background-color"])
_FREE = frozenset("inherit initial unset revert transparent currentcolor none canvas canvastext auto".split())
_SETTINGS = _SIZES | _COLOURS | {"font-family", "text-align"}
_SVG_MOTION = re.compile(rb"<(?:\w+:)?(?:animate|set|animateMotion|animateTransform)\b|@keyframes")


def fixed_rules(style: str) -> Iterator[tuple[str, str]]:
    """The rules of a style sheet that take a setting from the reader, as `(selector, declaration)`.

    These are sizes of text in absolute units, widths of the text in them, colours of the whole text, and settings
    marked as important. (WCAG 2.2, https://www.w3.org/TR/WCAG22/#resize-text; `displayTransformability`.)
    """
    for selector, block in _rules(style):
        for name, value in declarations(block):
            if _is_fixed(selector, name, value):
                yield selector, f"{name}: {value}"


def declarations(block: str) -> Iterator[tuple[str, str]]:
    """The declarations of a style attribute or of a rule's block."""
    for declaration in block.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip().lower(), " ".join(value.split())


def animated_rules(style: str) -> Iterator[tuple[str, str]]:
    """The rules of a style sheet that make something move or blink."""
    for selector, block in _rules(style):
        for name, value in declarations(block):
            named = name.removeprefix("-webkit-") in ("animation", "animation-name") and value.lower() != "none"
            if named or (name.startswith("text-decoration") and "blink" in value.lower()):
                yield selector, f"{name}: {value}"


def _rules(style: str) -> Iterator[tuple[str, str]]:
    for found in _RULE.finditer(_COMMENT.sub(" ", style)):
        selector = " ".join(found[1].rpartition(";")[2].split())
        if not selector.startswith("@"):
            yield selector, found[2]


def _is_fixed(selector: str, name: str, value: str) -> bool:
    important = "!important" in value.replace(" ", "").lower()
    if important and name in _SETTINGS:
        return True
    absolute = _ABSOLUTE.search(_NOTHING.sub("", value)) is not None
    if name in _SIZES and absolute:
        return True
    whole = _WHOLE_TEXT.search(selector) is not None or selector == "style"
    if name in _BOXES and absolute and whole:
        return True
    return name in _COLOURS and whole and not (set(value.lower().split()) & _FREE)


def moves(data: bytes, media_type: str) -> bool:
    """Whether a picture has more than one frame, or is an SVG that animates."""
    if media_type == "image/svg+xml":
        return _SVG_MOTION.search(data) is not None
    if data.startswith(b"\xff\xd8") or (data.startswith(b"\x89PNG\r\n\x1a\n") and b"acTL" not in data):
        # Photographs hold one picture; drawings in PNG too, where no such chunk animates them. So nothing is loaded
        # that could decode them (https://www.w3.org/TR/png-3/#acTL-chunk).
        return False
    from PIL import Image as Pictures  # noqa: PLC0415 - only for what may move

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pictures.open(BytesIO(data)) as picture:
                return int(getattr(picture, "n_frames", 1)) > 1
    except (OSError, ValueError, SyntaxError, Pictures.DecompressionBombError):
        # Whatever it is, it is no picture that could move; EPUBCheck tells that it is broken.
        return False
