"""What `report.json` is held to in tests: its schema, as docs/reference has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "report.schema.json"


def checked_report(path: Path) -> dict[str, Any]:
    """A report, if it is as the schema says."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    faults = [
        f"{'/'.join(map(str, one.path))}: {one.message}" for one in Draft202012Validator(schema).iter_errors(report)
    ]
    assert faults == []
    return report
