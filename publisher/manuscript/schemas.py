"""JSON Schemas of what people write in YAML, for editors: made of the models that read it.

They are stricter than the reader in one thing: an unknown key, which it warns of, is wrong here, so that an editor
underlines it. https://json-schema.org/draft-07 is what editors know.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from publisher.manuscript import schema_values as shape
from publisher.manuscript.frontmatter import ArticleFront, CommentaryFront
from publisher.manuscript.imprint import ImprintFile
from publisher.model.findings import InputError

DIALECT = "http://json-schema.org/draft-07/schema#"


def schema(name: str) -> dict[str, Any]:
    """The schema of one of NAMES. Raises KeyError for another."""
    return SCHEMAS[name]()


def _of_model(model: type[BaseModel], title: str) -> dict[str, Any]:
    made = model.model_json_schema(by_alias=True)
    parts = made.get("$defs", {})
    for part in (made, *parts.values()):
        _close(part)
    if "ReferenceEntry" in parts:
        reference = parts["ReferenceEntry"]
        own = {key: reference["properties"][key] for key in ("id", "URL")}
        reference["properties"] = {**shape.csl_variables(), **own}
        parts |= shape.CSL_SHAPES
    required = made.get("required", ())
    made["properties"] = {
        key: value if key in required else _or_nothing(value) for key, value in made["properties"].items()
    }
    return {"$schema": DIALECT, "title": title, **{key: value for key, value in made.items() if key != "title"}}


def _close(part: dict[str, Any]) -> None:
    """No keys but the known ones, and no titles that only repeat a key."""
    part.pop("title", None)
    part["additionalProperties"] = False
    if "description" in part:
        part["description"] = " ".join(part["description"].split())
    for value in part.get("properties", {}).values():
        value.pop("title", None)
        for option in value.get("anyOf", ()):
            if "patternProperties" in option:
                option["additionalProperties"] = False


def _or_nothing(value: dict[str, Any]) -> dict[str, Any]:
    """A key with nothing behind it counts as left out."""
    about = {key: value[key] for key in ("description", "default", "examples") if value.get(key) is not None}
    rest = {key: held for key, held in value.items() if key not in ("description", "default", "examples")}
    options = rest["anyOf"] if rest.keys() == {"anyOf"} else [rest]
    nothing = {"type": "null"}
    return {**about, "anyOf": [*(one for one in options if one != nothing), nothing]}


def _lexicon() -> dict[str, Any]:
    words = {
        "type": "object",
        "description": "Words, and how each is said: spelt as it sounds, or in IPA between slashes.",
        "propertyNames": {"pattern": r"\S"},
        "additionalProperties": {"type": "string", "pattern": r"[^\s/]", "examples": ["mowzel", "/ˈmaʊzəl/"]},
    }
    return {
        "$schema": DIALECT,
        "title": "lexicon.yaml",
        "description": "How words are said, by language.",
        "type": ["object", "null"],
        "propertyNames": {"pattern": shape.LANGUAGE["pattern"]},
        "additionalProperties": words,
    }


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "article": lambda: _of_model(ArticleFront, "Front matter of article.md"),
    "commentary": lambda: _of_model(CommentaryFront, "Front matter of commentary.md"),
    "imprint": lambda: _of_model(ImprintFile, "imprint.yaml"),
    "lexicon": _lexicon,
}

NAMES = tuple(SCHEMAS)


def as_text(name: str) -> str:
    """A schema as a file holds it."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write all schemas to a folder, which is made; the files. Raises InputError where it cannot be written."""
    files = [folder / f"{name}.schema.json" for name in NAMES]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, name in zip(files, NAMES, strict=True):
            path.write_text(as_text(name), encoding="utf-8")
    except OSError as problem:
        raise InputError(f"cannot write in {folder}: {problem.strerror}; choose another folder") from problem
    return files
