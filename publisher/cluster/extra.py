"""The libraries of the extra `cluster`, imported when they are needed and not before."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from publisher.model.findings import InputError


def needed(module: str) -> Any:
    """A module of the extra. Raises InputError where it is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as problem:
        message = f"{problem.name} is not installed, which work on a cluster needs; run"
        raise InputError(f"{message} pip install 'concordant-publisher[cluster]'") from problem
