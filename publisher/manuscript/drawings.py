"""How much an SVG draws once its references to its own parts are followed: some draw themselves, or ten times ten.

A `use` of an element, a pattern or a mask stands for a copy of what it names.
https://www.w3.org/TR/SVG2/struct.html#UseElement
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

MOST_DRAWN = 200_000
"""Elements that a drawing may come to: a detailed map has some 20,000."""

DEEPEST = 100
"""Elements that may stand inside each other."""

_REFERENCE = re.compile(r"url\(\s*['\"]?\s*#(?P<id>[^'\")]+)", re.IGNORECASE)


@dataclass(slots=True)
class _Part:
    """An element with an id and what is in it up to other such elements; those, and what it refers to, by their ids."""

    elements: int = 0
    holds: list[str] = field(default_factory=list)


def too_much(root: Element) -> str | None:
    """Why a drawing cannot be drawn, for a message; None where it can."""
    parts: dict[str, _Part] = {}
    whole = _Part()
    stack: list[tuple[Element, _Part, int]] = [(root, whole, 1)]
    while stack:
        element, part, depth = stack.pop()
        if depth > DEEPEST:
            return f"has elements nested over {DEEPEST} deep"
        name = element.get("id")
        if name is not None:
            part.holds.append(name)
            part = parts.setdefault(name, _Part())
        part.elements += 1
        part.holds += _references(element)
        stack += [(child, part, depth + 1) for child in element]
    drawn = _drawn(whole, parts)
    if drawn is None:
        return "has a part that refers to itself"
    return f"comes to over {MOST_DRAWN:,} elements" if drawn > MOST_DRAWN else None


def _references(element: Element) -> Iterator[str]:
    for attribute, value in element.attrib.items():
        if attribute.rpartition("}")[2] == "href" and value.startswith("#") and not element.tag.endswith("}a"):
            yield value[1:]
        for found in _REFERENCE.finditer(value):
            yield found["id"].strip()


def _drawn(whole: _Part, parts: Mapping[str, _Part]) -> int | None:
    """How many elements are drawn in all; None where something refers to itself."""
    counted: dict[int, int] = {}
    within = {id(whole)}
    stack = [(whole, [parts[name] for name in whole.holds if name in parts])]
    while stack:
        part, left = stack[-1]
        if left:
            held = left.pop()
            if id(held) in within:
                return None
            if id(held) not in counted:
                within.add(id(held))
                stack.append((held, [parts[name] for name in held.holds if name in parts]))
        else:
            counted[id(part)] = part.elements + sum(counted[id(parts[name])] for name in part.holds if name in parts)
            within.discard(id(part))
            stack.pop()
    return counted[id(whole)]
