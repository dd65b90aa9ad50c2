"""Front matter: cut off the top of a file, read as bounded YAML, checked against a model.

The models are pydantic's, so that a JSON Schema can be made of them (`ArticleFront.model_json_schema(by_alias=True)`).
All faults of one file are told at once, each with the line and column of its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from publisher.manuscript import schema_values as shape
from publisher.manuscript.csl import reference_findings, reference_items
from publisher.manuscript.languages import standard_tag
from publisher.manuscript.vocabularies import CSL_VARIABLES, MARC_RELATORS, ROLES, nearest
from publisher.manuscript.yaml_data import Data, read_yaml
from publisher.model.findings import Finding, FindingsError, Severity, errors
from publisher.model.mixes import CHOSEN_MIXES
from publisher.model.narration import LONGEST_PAUSE, PAUSES
from publisher.model.narration import Role as SpokenRole
from publisher.model.publication import Creator
from publisher.model.source import Position

# Cutting


@dataclass(frozen=True, slots=True)
class Cut:
    """A file in two: `yaml` begins at line 2, `body` at line `body_line`. No front matter: `yaml` is empty."""

    yaml: str
    body: str
    body_line: int


def cut(text: str, path: str) -> Cut:
    """The front matter, from a first line `---` to the next `---` or `...`, and the rest.

    Raises FindingsError (`front-matter-unclosed`) where it does not end.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return Cut("", text, 1)
    for index, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return Cut("\n".join(lines[1:index]), "\n".join(lines[index + 1 :]), index + 2)
    message = "the front matter has no end; close it with a line ---"
    raise FindingsError([Finding("front-matter-unclosed", Severity.ERROR, message, Position(path, 1))])


# Values: what may be written for each kind of fact


def _refuse(check: str, message: str) -> PydanticCustomError:
    return PydanticCustomError(check, "{message}", {"message": message})


def _shown(value: object) -> str:
    match value:
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
    text = str(value)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def _words(value: object) -> str:
    """One line of text. Numbers and truth values are the characters that stood there."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        words = " ".join(str(value).split())
        if words:
            return words
    raise _refuse("front-matter-value", f"{_shown(value)} where words should be; write a line of text")


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # a day that no calendar has: told below like any other
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise _refuse("front-matter-value", f"{_shown(value)} is a day that no calendar has; write year, month, day")
    raise _refuse("front-matter-value", f"{_shown(value)} is no date; write it as 2026-11-20")


def _language(value: object) -> str:
    """A BCP 47 tag (https://www.rfc-editor.org/info/bcp47) in its standard form."""
    tag = standard_tag(value) if isinstance(value, str) else None
    if tag is None:
        raise _refuse("language-unknown", f"{_shown(value)} is no known language; write a tag such as en, en-GB or fr")
    return tag


def _role(value: object) -> str:
    word = " ".join(str(value).lower().split()) if isinstance(value, str) else ""
    if word in MARC_RELATORS:
        return word
    if word in ROLES:
        return ROLES[word]
    hint = nearest(word, ROLES) or "author, editor or another MARC relator"
    raise _refuse("front-matter-value", f"{_shown(value)} is no known role; write {hint}")


def _address(value: object) -> str:
    """An absolute address on the web."""
    words = _words(value)
    # An address with brackets that hold no machine's number is none either: urlsplit raises ValueError for it.
    with suppress(ValueError):
        parts = urlsplit(words)
        if parts.scheme in {"http", "https"} and parts.netloc and " " not in words:
            return words
    raise _refuse("front-matter-value", f"{_shown(value)} is no address; write it whole, as https://example.org/page")


def _optional_address(value: object) -> str:
    return "" if value == "" else _address(value)


def _voice(value: object) -> str:
    """A voice by its name, or as a table of its parts: `{engine: gtts, name: co.uk, fallback: espeak}`."""
    if not isinstance(value, Mapping):
        return _words(value)
    parts = {str(name): _words(part) for name, part in value.items()}
    if "engine" not in parts:
        raise _refuse("front-matter-value", "this voice has no engine; write lines such as `engine: espeak`")
    engine, name = parts.pop("engine"), parts.pop("name", "")
    return (f"{engine}:{name}" if name else engine) + "".join(f",{key}={part}" for key, part in parts.items())


def _roles(value: object) -> dict[str, str]:
    """Voices by the role of what they say: `note` for all of a note, else as `publisher script` names them."""
    known = [role.value for role in SpokenRole]
    return {role: _words(voice) for role, voice in _table(value, known, "role", "note: espeak:en-gb-scotland")}


def _pauses(value: object) -> dict[str, float]:
    """Seconds of silence by what comes before them."""
    return {name: _pause(seconds) for name, seconds in _table(value, list(PAUSES), "pause", "paragraph: 0.8")}


def _pause(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_PAUSE:
        message = f"{_shown(value)} is no silence; write seconds from 0 to {LONGEST_PAUSE:g}"
        raise _refuse("front-matter-value", message)
    return seconds


def _mixes(value: object) -> tuple[str, ...]:
    """Mixes in the order in which they are made, each once."""
    wanted = [_words(name) for name in value] if isinstance(value, Sequence) and not isinstance(value, str) else value
    named = [name.strip() for name in wanted.split(",")] if isinstance(wanted, str) else wanted
    if not isinstance(named, list):
        raise _refuse("front-matter-value", f"{_shown(value)} where a list should be; write [article, notes-after]")
    for name in named:
        if name not in CHOSEN_MIXES:
            raise _refuse("front-matter-value", f"no mix {name}; write one or both of {', '.join(CHOSEN_MIXES)}")
    return tuple(mix for mix in CHOSEN_MIXES if mix in named)


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "yes", "false", "no"):
        return value.lower() in ("true", "yes")
    raise _refuse("front-matter-value", f"{_shown(value)} where true or false should be; write one of them")


def _table(value: object, known: Sequence[str], what: str, example: str) -> Iterator[tuple[str, object]]:
    if not isinstance(value, Mapping):
        raise _refuse("front-matter-value", f"{_shown(value)} where a table should be; write lines such as `{example}`")
    for name, entry in value.items():
        if name not in known:
            raise _refuse("front-matter-value", f"no {what} {name}; write one of {', '.join(known)}")
        yield name, entry


def _identifier(value: object) -> str:
    words = _words(value)
    if " " in words:
        raise _refuse(
            "front-matter-value", f"{_shown(value)} is no identifier; write one word, as urn:isbn:9780000000000"
        )
    return words


def _key(value: object) -> str:
    """A name that citations, `by=` and `sources=` can use."""
    words = _words(value)
    if not re.fullmatch(r"[\w][^\s,;@\[\]{}\"]*", words):
        message = f"{_shown(value)} cannot serve as a key; write letters, digits and hyphens"
        raise _refuse("front-matter-value", message)
    return words


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | int | Mapping) else value


def _named(value: object) -> object:
    return value if isinstance(value, Mapping) else {"name": value}


def _keyed(value: object) -> object:
    """Editors as a mapping, whichever way they were written."""
    if not isinstance(value, list):
        return value
    keyed: dict[str, Any] = {}
    for item in value:
        if not isinstance(item, Mapping) or not isinstance(item.get("key"), str | int):
            raise _refuse("front-matter-value", "an editor has no key; write a mapping of key: name")
        key = str(item["key"])
        if key in keyed:
            raise _refuse("front-matter-value", f"two editors have the key {key}; give each one of its own")
        keyed[key] = {name: part for name, part in item.items() if name != "key"}
    return keyed


Words = Annotated[str, BeforeValidator(_words), WithJsonSchema(shape.WORDS)]
VoiceName = Annotated[str, BeforeValidator(_voice), WithJsonSchema(shape.VOICE)]
Voices = Annotated[dict[str, str], BeforeValidator(_roles), WithJsonSchema(shape.VOICES)]
PauseTable = Annotated[dict[str, float], BeforeValidator(_pauses), WithJsonSchema(shape.PAUSE_TABLE)]
Mixes = Annotated[tuple[str, ...], BeforeValidator(_mixes), WithJsonSchema(shape.MIXES)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), WithJsonSchema(shape.YES_NO)]
IsoDate = Annotated[date, BeforeValidator(_date), WithJsonSchema(shape.ISO_DATE)]
Language = Annotated[str, BeforeValidator(_language), WithJsonSchema(shape.LANGUAGE)]
Role = Annotated[str, BeforeValidator(_role), WithJsonSchema(shape.ROLE)]
Address = Annotated[str, BeforeValidator(_address), WithJsonSchema(shape.ADDRESS)]
OptionalAddress = Annotated[str, BeforeValidator(_optional_address), WithJsonSchema(shape.OPTIONAL_ADDRESS)]
Key = Annotated[str, BeforeValidator(_key), WithJsonSchema(shape.KEY)]
Identifier = Annotated[str, BeforeValidator(_identifier), WithJsonSchema(shape.IDENTIFIER)]


# Models


class Model(BaseModel):
    """What all models share. Unknown keys are told by `unknown_keys`, with the nearest known one."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=False)


class CreatorEntry(Model):
    """A creator: a name alone, or a name and a role as an English word or MARC relator code."""

    name: Words
    role: Role = Field("aut", description="An English word (author, editor …) or a MARC relator code.")


class EditorEntry(Model):
    """An editor of a commentary, by key: a name alone, or a name and a role."""

    name: Words
    role: Role = Field("edt", description="An English word (author, editor …) or a MARC relator code.")
    key: Words | None = Field(None, description="Only in a list: how notes name the editor.")


class KeyedEditorEntry(EditorEntry):
    """An editor in a list, which is another way to write the mapping."""

    key: Words


class ReferenceEntry(BaseModel):
    """A CSL item (https://citationstyles.org); its other variables are kept as written."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Key = Field(description="What citations and the sources of notes call it.")
    type: Words
    url: Address | None = Field(None, alias="URL")


_Names = Annotated[list[Words], BeforeValidator(_listed, json_schema_input_type=Words | list[Words])]


class RecordingEntry(Model):
    """A person's reading: a file in `recordings/` (none: all that no other entry names), who reads it, which mix it
    is, and the sentences that somebody has heard and found well read."""

    file: Words | None = Field(None, description="A file in recordings/; all that no other entry names, if left out.")
    reader: Words | None = Field(None, description="Who reads.")
    mix: Literal["default", "plain", "article", "notes-after"] | None = Field(None, description="What is read.")
    waive: _Names = Field([], description="Ids of sentences that were heard and found well read.")


_Creator = Annotated[CreatorEntry, BeforeValidator(_named, json_schema_input_type=Words | CreatorEntry)]
_Editor = Annotated[EditorEntry, BeforeValidator(_named, json_schema_input_type=Words | EditorEntry)]

_TITLE = "The title."
_LANG = "The language, as a BCP 47 tag: en-GB, fr, ar."
_REFERENCES = "Works cited: CSL items, each with an id."
_READER = "Another of pandoc’s readers, such as commonmark_x."


class ArticleFront(Model):
    """The front matter of article.md."""

    title: Words = Field(description=_TITLE)
    subtitle: Words | None = Field(None, description="A line below the title.")
    creators: Annotated[
        list[_Creator], BeforeValidator(_listed, json_schema_input_type=Words | CreatorEntry | list[_Creator])
    ] = Field([], description="Who made it: one name, or a list of names or of {name, role}.")
    lang: Language | None = Field(None, description=_LANG)
    date: IsoDate | None = Field(None, description="The day of publication: year, month, day.", examples=["2026-11-20"])
    identifier: Identifier | None = Field(
        None, description="An ISBN or UUID as a URN; made of base URL and name if left out.", examples=["urn:isbn:…"]
    )
    rights: Words | None = Field(None, description="The licence, in words.")
    description: Words | None = Field(None, description="One or two sentences for catalogues.")
    cover: Words | None = Field(None, description="A picture in the edition’s folder.", examples=["cover.jpg"])
    cover_alternative: Words | None = Field(None, alias="cover-alternative", description="What the cover shows.")
    subjects: _Names = Field([], description="What it is about, for catalogues.")
    voice: VoiceName | None = Field(None, description="Who reads aloud, as `publisher voices` lists them.")
    voices: Voices = Field({}, description="Other voices, by the role of what they say.")
    pauses: PauseTable = Field({}, description="Silences in seconds, by what comes before them.")
    mixes: Mixes | None = Field(None, description="Recordings beside the edition and its plain language.")
    opus: YesNo | None = Field(None, description="Whether recordings are made in Opus, too.")
    recordings: Annotated[
        list[RecordingEntry], BeforeValidator(_listed, json_schema_input_type=RecordingEntry | list[RecordingEntry])
    ] = Field([], description="Readings by people, in recordings/.")
    references: list[ReferenceEntry] = Field([], description=_REFERENCES)
    reader: Words = Field("markdown", alias="from", description=_READER)


class CommentaryFront(Model):
    """The front matter of commentary.md."""

    title: Words = Field("Commentary", description=_TITLE)
    lang: Language | None = Field(None, description=_LANG)
    editors: Annotated[
        dict[Key, _Editor],
        BeforeValidator(_keyed, json_schema_input_type=dict[Key, _Editor] | list[KeyedEditorEntry]),
    ] = Field({}, description="Who signs notes: a key, which by= names, and a name or {name, role}.")
    references: list[ReferenceEntry] = Field([], description=_REFERENCES)
    reader: Words = Field("markdown", alias="from", description=_READER)


M = TypeVar("M", bound=BaseModel)

_ENTRIES: dict[str, type[BaseModel]] = {"creators": CreatorEntry, "editors": EditorEntry, "recordings": RecordingEntry}


@dataclass(frozen=True, slots=True)
class FrontMatter(Generic[M]):
    """A file's front matter, checked, and its body, which begins at line `body_line`."""

    front: M
    data: Data
    body: str
    body_line: int
    findings: tuple[Finding, ...]


def read_front_matter(text: str, path: str, model: type[M]) -> FrontMatter[M]:
    """Front matter and body of a file that the user knows as `path`.

    Raises FindingsError with all its faults: `front-matter-missing`, `front-matter-value`, `language-unknown`,
    `reference-duplicate`, and what `cut` and `read_yaml` raise. Warnings (`front-matter-unknown-key`) come with the
    result.
    """
    parts = cut(text, path)
    if parts.body_line == 1 and (wanted := [name for name in _keys(model) if _is_required(model, name)]):
        lines = ", ".join(["---", *(f"{name}: …" for name in wanted), "---"])
        message = f"there is no front matter; begin the file with the lines {lines}"
        raise FindingsError([Finding("front-matter-missing", Severity.ERROR, message, Position(path, 1))])
    data = read_yaml(parts.yaml, path, first_line=2 if parts.body_line > 1 else 1)
    front, findings = validate(model, data)
    return FrontMatter(front, data, parts.body, parts.body_line, findings)


def validate(model: type[M], data: Data) -> tuple[M, tuple[Finding, ...]]:
    """Data as a model, and the warnings about it. Raises FindingsError, as `read_front_matter`."""
    findings = [*unknown_keys(model, data), *reference_findings(data)]
    given = {key: value for key, value in data.value.items() if value is not None}
    try:
        front = model.model_validate(given)
    except ValidationError as problem:
        findings = _misspelt(model, data, findings, problem)
        findings += [_told(error, data) for error in problem.errors(include_url=False) if not _meant(error, findings)]
        raise FindingsError(_ordered(findings)) from problem
    if errors(findings):
        raise FindingsError(_ordered(findings))
    return front, _ordered(findings)


_MISSPELT = "is missing; did you mean it by"


def _misspelt(model: type[BaseModel], data: Data, findings: list[Finding], problem: ValidationError) -> list[Finding]:
    """The findings so far, with an unknown key that must be a required one told as that: one mistake, one message."""
    missing = [error["loc"][0] for error in problem.errors() if error["type"] == "missing" and len(error["loc"]) == 1]
    found = list(findings)
    for key in data.value:
        meant = nearest(str(key), _keys(model)) if key not in _keys(model) else None
        if meant in missing:
            place = data.place((key,))
            message = f"{meant} {_MISSPELT} {key}?"
            about = [one for one in found if one.check == "front-matter-unknown-key" and one.position == place]
            found = [one for one in found if one not in about]
            found.append(Finding("front-matter-missing", Severity.ERROR, message, place))
    return found


def _meant(error: ErrorDetails, findings: Sequence[Finding]) -> bool:
    """Whether a missing key has been told already, by what stands in its place."""
    return error["type"] == "missing" and any(
        finding.message.startswith(f"{_name(error['loc'])} {_MISSPELT}") for finding in findings
    )


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    def place(finding: Finding) -> tuple[int, int]:
        position = finding.position
        return (position.line, position.column or 0) if position else (0, 0)

    return tuple(sorted(findings, key=place))


def _told(error: ErrorDetails, data: Data) -> Finding:
    """One of pydantic's errors in our words."""
    location = error["loc"]
    name = _name(location)
    check, message = "front-matter-value", ""
    match error["type"]:
        case "missing":
            check, message = "front-matter-missing", f"{name} is missing; add a line `{location[-1]}: …`"
        case "list_type":
            message = f"{name}: {_shown(error['input'])} where a list should be; write its items with hyphens"
        case "dict_type" | "model_type" | "model_attributes_type":
            message = f"{name}: {_shown(error['input'])} where a mapping should be; write `key: value` below it"
        case "literal_error":
            message = f"{name}: {_shown(error['input'])}; write {error['ctx']['expected']}".replace("'", "")
        case "extra_forbidden":
            message = f"{name} is nothing that can be set; correct its spelling or take it out"
        case kind if kind.count("-"):  # one of ours; pydantic's have underscores
            check, message = kind, f"{name}: {error['msg']}"
        case _:
            message = f"{name}: {error['msg']}; mend it"
    return Finding(check, Severity.ERROR, message, data.place(location))


def _name(location: Iterable[object]) -> str:
    """`creators[1].role`: how a person counts, from 1."""
    name = ""
    for part in location:
        if isinstance(part, int):
            name += f"[{part + 1}]"
        elif part != "[key]":
            name += f".{part}" if name else str(part)
    return name


def unknown_keys(model: type[BaseModel], data: Data) -> list[Finding]:
    """Warnings for keys that the model does not know, with the nearest that it does."""
    found = _unknown(data, (), data.value, _keys(model))
    for key, entry in _ENTRIES.items():
        known = _keys(entry) | ({"key"} if key == "editors" else set())
        entries = data.value.get(key) if key in _keys(model) else None
        pairs: Iterable[tuple[str | int, Any]] = ()
        match entries:
            case list():
                pairs = enumerate(entries)
            case Mapping() if key == "editors":
                pairs = entries.items()
            case Mapping():
                found += _unknown(data, (key,), entries, known)
        for index, item in pairs:
            found += _unknown(data, (key, index), item, known)
    for index, item in reference_items(data):
        found += _unknown(data, ("references", index), item, CSL_VARIABLES)
    return found


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _is_required(model: type[BaseModel], key: str) -> bool:
    return any(field.is_required() and (field.alias or name) == key for name, field in model.model_fields.items())


def _unknown(data: Data, path: tuple[str | int, ...], value: object, known: Iterable[str]) -> list[Finding]:
    if not isinstance(value, Mapping):
        return []
    found = []
    for key in value:
        if key not in known:
            hint = nearest(str(key), known)
            advice = f"did you mean {hint}?" if hint else "take it out"
            message = f"unknown key {_name((*path, key))}; {advice}"
            found.append(Finding("front-matter-unknown-key", Severity.WARNING, message, data.place((*path, key))))
    return found


def creator(entry: CreatorEntry | EditorEntry, key: str | None = None) -> Creator:
    """An entry as a Creator."""
    return Creator(entry.name, entry.role, key)


def people(entries: Iterable[CreatorEntry]) -> tuple[Creator, ...]:
    """Entries as Creators: whoever has several roles stands where the first was named, and has each role once, so that
    formats that know persons and formats that know roles name them in one order."""
    by_name: dict[str, dict[Creator, None]] = {}
    for entry in entries:
        by_name.setdefault(entry.name, {})[creator(entry)] = None
    return tuple(one for person in by_name.values() for one in person)
