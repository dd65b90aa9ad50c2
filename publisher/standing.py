"""Whether an edition was verified as it stands: the same source, the same files, the same program, found consistent.

`make all` verifies what has changed; this is how it knows. `publisher verify` by itself always looks anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from publisher.fingerprint import digests_of, fingerprint, program, sources_of

CONSISTENT = "consistent"
_REPORTS = ("built/report.html", "built/report.json")


def standing_key(folder: Path, out: Path, settings: list[Any], *, reports: bool = True) -> str:
    """The digest of all that a verdict rests on: the edition's sources, its built files, the settings, the program;
    with or without the reports, which verifying writes."""
    built = out / folder.name
    files = {f"source/{name}": path for name, path in sources_of(folder).items()}
    files |= {f"built/{path.relative_to(built).as_posix()}": path for path in built.rglob("*") if path.is_file()}
    if not reports:
        files = {name: path for name, path in files.items() if name not in _REPORTS}
    return fingerprint(digests_of(files), settings, program())


def stands(folder: Path, out: Path, settings: list[Any]) -> bool:
    """Whether the last verdict was "consistent", on all that is there now."""
    try:
        last = json.loads(_record(folder, out).read_bytes())
        return bool(last["verdict"] == CONSISTENT and last["key"] == standing_key(folder, out, settings))
    except (OSError, ValueError, KeyError, TypeError):
        # Never verified, or the record is from another version: look again.
        return False


def remember(folder: Path, out: Path, settings: list[Any], verdict: str) -> None:
    """Keep a verdict on what is there now, reports included; beside the edition's output, not in it."""
    record = _record(folder, out)
    partial = record.with_name(f"{record.name}.{os.getpid()}")
    partial.write_text(json.dumps({"key": standing_key(folder, out, settings), "verdict": verdict}), encoding="utf-8")
    partial.replace(record)


def _record(folder: Path, out: Path) -> Path:
    return out / f".{folder.name}.verified"
