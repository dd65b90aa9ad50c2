"""What a process answers that has read strangers' words: values, and nothing that runs.

A child that was taken over can make its answer wrong, but it cannot make us run anything by it.
"""

from __future__ import annotations

import io
import pickle
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module
from typing import Any

from publisher.model.findings import PublisherError

_PLAIN = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("builtins", "bytearray"),
    ("builtins", "complex"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "timedelta"),
    ("decimal", "Decimal"),
    ("pathlib", "PosixPath"),
    ("pathlib", "WindowsPath"),
    ("pathlib", "PurePosixPath"),
    ("collections", "OrderedDict"),
    ("copyreg", "_reconstructor"),
    ("builtins", "object"),
    ("_codecs", "encode"),
}


class _Believed(pickle.Unpickler):
    """Takes plain values, and data classes, choices and errors of our own."""

    def find_class(self, module: str, name: str) -> Any:
        # Python 3.13 alone calls it so.
        module = "pathlib" if module == "pathlib._local" else module
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("publisher.") and "." not in name:
            found = getattr(import_module(module), name, None)
            if isinstance(found, type) and (_is_noun(found) or issubclass(found, Enum | PublisherError)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is nothing that is answered")


def _is_noun(found: type) -> bool:
    """Whether it only holds values: a class that can be changed and has something to do once it is made (a build in the
    preview starts a process) is none."""
    if not is_dataclass(found):
        return False
    return found.__dataclass_params__.frozen or not hasattr(found, "__post_init__")  # type: ignore[attr-defined]


def believed(answer: bytes) -> Any:
    """The value of an answer, pickled. Raises whatever a broken pickle raises, UnpicklingError for what is no value."""
    return _Believed(io.BytesIO(answer)).load()
