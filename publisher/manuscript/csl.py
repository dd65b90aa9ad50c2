"""References as people write them in front matter, as CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from publisher.manuscript.draft import Source
from publisher.manuscript.vocabularies import CSL_DATES, CSL_NAMES, CSL_TYPES, nearest
from publisher.manuscript.yaml_data import Data
from publisher.model.findings import Finding, Severity
from publisher.model.source import Position


def reference_items(data: Data) -> list[tuple[int, Mapping[str, Any]]]:
    """The references that are mappings, each with its index."""
    items = data.value.get("references")
    if not isinstance(items, list):
        return []
    return [(index, item) for index, item in enumerate(items) if isinstance(item, Mapping)]


def reference_findings(data: Data) -> list[Finding]:
    """What is wrong with the references: types that CSL does not have, ids given twice, names and dates of no shape."""
    found: list[Finding] = []
    seen: dict[str, Position] = {}
    for index, item in reference_items(data):
        kind, key = item.get("type"), str(item.get("id"))
        if isinstance(kind, str) and kind not in CSL_TYPES:
            message = f"{key}: {kind} is no CSL type; write {nearest(kind, CSL_TYPES) or 'document'}"
            found.append(
                Finding("front-matter-value", Severity.ERROR, message, data.place(("references", index, "type")))
            )
        position = data.place(("references", index, "id"))
        if "id" in item and key in seen:
            message = f"two references have the id {key}, the other at line {seen[key].line}; give each one of its own"
            found.append(Finding("reference-duplicate", Severity.ERROR, message, position))
        seen.setdefault(key, position)
        found += _shapeless(data, index, item)
    return found


def _shapeless(data: Data, index: int, item: Mapping[str, Any]) -> list[Finding]:
    """Findings for values that CSL has no use for."""
    found = []
    for name, value in item.items():
        if name in CSL_NAMES:
            fine = all(_is_name(one) for one in (value if isinstance(value, list) else [value]))
            advice = "a name, or a list of them with `family` and `given`, or `literal`"
        elif name in CSL_DATES:
            fine = _is_date(value)
            advice = "a date such as 2026-11-20, or `date-parts`"
        else:
            fine = isinstance(value, str | int | None) or name in {"custom", "categories"}
            advice = "a line of text"
        if not fine:
            message = f"references[{index + 1}].{name}: this is of no use here; write {advice}"
            place = data.place(("references", index, name))
            found.append(Finding("front-matter-value", Severity.ERROR, message, place))
    return found


def _is_name(value: object) -> bool:
    if isinstance(value, Mapping):
        parts = {"family", "given", "literal"} & value.keys()
        return bool(parts) and all(isinstance(part, str | int) for part in value.values())
    return isinstance(value, str | None)


def _is_date(value: object) -> bool:
    if isinstance(value, Mapping) and "date-parts" in value:
        dates = value["date-parts"]
        return isinstance(dates, list) and all(
            isinstance(date, list) and 1 <= len(date) <= 3 and all(re.fullmatch("-?[0-9]+", str(part)) for part in date)
            for date in dates
        )
    if isinstance(value, Mapping):
        return bool({"raw", "literal"} & value.keys()) and all(isinstance(part, str | int) for part in value.values())
    return isinstance(value, str | int | None)


def csl_sources(data: Data) -> tuple[Source, ...]:
    """The references of front matter that has been validated, in their order, as CSL-JSON.

    People write `issued: 2024-02-29` and `author: Iris Fenwick`; CSL-JSON wants date parts and lists of names
    (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html).
    """
    return tuple(Source(_csl_json(item), data.place(("references", index))) for index, item in reference_items(data))


def _csl_json(item: Mapping[str, Any]) -> dict[str, Any]:
    csl: dict[str, Any] = {}
    for name, value in item.items():
        if value is None or value == []:
            continue
        if name in CSL_NAMES:
            csl[name] = [_csl_name(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
        elif name in CSL_DATES:
            csl[name] = _csl_date(value)
        else:
            csl[name] = _csl_words(value)
    return csl


def _csl_name(value: object) -> object:
    if isinstance(value, Mapping):
        return {part: _csl_words(words) for part, words in value.items()}
    return {"literal": _csl_words(value)}


def _csl_words(value: object) -> object:
    """Words on one line; whole numbers too, which the title "1984" is not."""
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else value


def _csl_date(value: object) -> object:
    """`2024`, `2024-02`, `2024-02-29` and ranges with a slash as date parts; other words as they are."""
    if isinstance(value, str | int):
        ends = str(value).split("/")
        if all(re.fullmatch(r"\d{4}(-\d\d){0,2}", end) for end in ends) and len(ends) <= 2:
            return {"date-parts": [[int(part) for part in end.split("-")] for end in ends]}
        return {"literal": str(value)}
    return value
