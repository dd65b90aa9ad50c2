"""What may be written for each kind of fact, as JSON Schema, for editors: beside the functions that read them.

A schema refuses nothing that is read; some of what is refused it cannot tell (a day that no calendar has, a language
that is not registered). Roles and mixes are wanted in their usual spelling, since editors complete from the list.
"""

from __future__ import annotations

from typing import Any

from publisher.manuscript.vocabularies import CSL_DATES, CSL_NAMES, CSL_TYPES, CSL_VARIABLES, MARC_RELATORS, ROLES
from publisher.model.mixes import CHOSEN_MIXES
from publisher.model.narration import LONGEST_PAUSE, PAUSES, Role

Schema = dict[str, Any]

WORDS: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
"""A line of text. An editor takes 1984 for a number and `yes` for a truth value; here they are words."""

IDENTIFIER: Schema = {"type": ["string", "number", "boolean"], "pattern": r"^\s*\S+\s*$"}

KEY: Schema = {"type": ["string", "number", "boolean"], "pattern": r"^\s*[^\s!-/:-@\[-^`{-~][^\s,;@\[\]{}\"]*\s*$"}

ISO_DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "format": "date"}

LANGUAGE: Schema = {
    "type": "string",
    "pattern": r"^\s*([A-Za-z]{2,3}|[iIxX](?=[-_]))([-_][A-Za-z0-9]{1,8})*\s*$",
    "examples": ["en-GB", "fr", "ar", "zh-Hant"],
}

ADDRESS: Schema = {"type": "string", "pattern": r"^\s*[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#]\S*\s*$"}

OPTIONAL_ADDRESS: Schema = {"anyOf": [ADDRESS, {"const": ""}]}

ROLE: Schema = {"type": "string", "enum": [*sorted(ROLES), *sorted(MARC_RELATORS)]}

VOICE: Schema = {
    "anyOf": [
        WORDS,
        {
            "type": "object",
            "properties": {"engine": WORDS, "name": WORDS, "fallback": WORDS},
            "required": ["engine"],
            "additionalProperties": WORDS,
        },
    ],
    "examples": ["espeak", "espeak:en-gb-scotland", "piper:en_GB-alba-medium"],
}

VOICES: Schema = {"type": "object", "properties": {role.value: WORDS for role in Role}, "additionalProperties": False}

_SECONDS: Schema = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": LONGEST_PAUSE},
        {"type": "string", "pattern": r"^\s*\+?(\d+\.?\d*|\.\d+)\s*$"},
    ]
}

PAUSE_TABLE: Schema = {
    "type": "object",
    "properties": {name: _SECONDS | {"default": seconds} for name, seconds in PAUSES.items()},
    "additionalProperties": False,
}

_MIX = "|".join(CHOSEN_MIXES)
MIXES: Schema = {
    "anyOf": [
        {"type": "array", "items": {"enum": list(CHOSEN_MIXES)}},
        {"type": "string", "pattern": rf"^\s*({_MIX})\s*(,\s*({_MIX})\s*)*$"},
    ],
    "examples": [list(CHOSEN_MIXES)],
}

YES_NO: Schema = {
    "anyOf": [
        {"type": "boolean"},
        {"type": "string", "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo])$"},
    ]
}

PAGE_SIZE: Schema = {
    "anyOf": [{"enum": ["A4", "Letter"]}, {"type": "string", "pattern": "^([Aa]4|[Ll][Ee][Tt]{2}[Ee][Rr])$"}]
}

LARGE_PRINT: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 18, "maximum": 24},
        {"type": "string", "pattern": r"^\s*\+?0*(1[89]|2[0-4])(\.0*)?\s*$"},
    ]
}

# References: https://docs.citationstyles.org/en/stable/specification.html

_LINE: Schema = {"type": ["string", "number", "boolean", "null"]}

_NAME: Schema = {
    "anyOf": [
        {"type": ["string", "null"]},
        {
            "type": "object",
            "anyOf": [{"required": [part]} for part in ("family", "given", "literal")],
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
    ]
}

_DATE: Schema = {
    "anyOf": [
        {"type": ["string", "number", "boolean", "null"]},
        {
            "type": "object",
            "properties": {
                "date-parts": {
                    "type": "array",
                    "items": {
                        "type": "array",
                        "items": {"type": ["integer", "string"], "pattern": "^-?[0-9]+$"},
                        "minItems": 1,
                        "maxItems": 3,
                    },
                }
            },
            "required": ["date-parts"],
        },
        {
            "type": "object",
            "anyOf": [{"required": ["raw"]}, {"required": ["literal"]}],
            "not": {"required": ["date-parts"]},
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        },
    ],
    "examples": ["2024-02-29", "2024"],
}


CSL_SHAPES: dict[str, Schema] = {"CslLine": _LINE, "CslName": _NAME, "CslDate": _DATE}
"""What the variables of a reference may hold, by the names under which a schema defines them."""


def csl_variables() -> dict[str, Schema]:
    """Every variable that CSL has, and what may be written for it; the shapes are those of CSL_SHAPES."""
    line, name, date = ({"$ref": f"#/$defs/{shape}"} for shape in CSL_SHAPES)
    properties: dict[str, Schema] = {}
    for variable in sorted(CSL_VARIABLES):
        if variable == "type":
            properties[variable] = {"enum": sorted(CSL_TYPES)}
        elif variable in CSL_NAMES:
            properties[variable] = {"anyOf": [name, {"type": "array", "items": name}]}
        elif variable in CSL_DATES:
            properties[variable] = date
        else:
            properties[variable] = {} if variable in ("custom", "categories") else line
    return properties
