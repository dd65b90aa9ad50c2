"""How much a file from elsewhere may ask of the machine: beyond, it is refused, or the child that reads it is ended.

Each can be set by an environment variable: the file comes from a stranger, so no edition's imprint speaks for it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from publisher.model.findings import InputError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """`seconds` that reading may take, by the clock, and `memory` in megabytes, beside the programs themselves;
    `members` of one container; `unpacked`,
    in megabytes, what its compressed members may come to together, and `document` what one that is read whole may."""

    seconds: int = 60
    memory: int = 896
    members: int = 10_000
    unpacked: int = 512
    document: int = 64


def variable(name: str) -> str:
    """The environment variable that sets one bound."""
    return f"PUBLISHER_READ_{name.upper()}"


def bounds(environment: Mapping[str, str] = os.environ) -> Bounds:
    """The bounds that hold now. Raises InputError where a variable is no whole number above 0."""
    chosen: dict[str, int] = {}
    for field in fields(Bounds):
        told = environment.get(variable(field.name), "")
        if told:
            if not (told.isascii() and told.isdecimal() and int(told[:10]) > 0 and len(told) < 10):
                raise InputError(f"{variable(field.name)} is {told[:40]!r}; give a whole number from 1 to 999999999")
            chosen[field.name] = int(told)
    return Bounds(**chosen)


def beyond(what: str, name: str) -> str:
    """The message of a refusal: what is too much, and which setting allows more."""
    return f"too complex: {what}; raise {variable(name)} if you trust whoever made it"
