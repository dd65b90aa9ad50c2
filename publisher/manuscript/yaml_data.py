"""YAML as plain data: nothing is constructed from tags, and size, depth and aliases are bounded.

Built from the parser's events, so that every key keeps its position and an alias bomb is counted, never expanded
(YAML 1.1 syntax, https://yaml.org/spec/1.1/). Plain scalars are read as people mean them: whole numbers, `true` and
`false`, nothing (`null`, `~`, empty), and else the very characters: `no` is a language, `003` and `1.10` stay as they
are, and dates are left to whoever wants a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from publisher.model.findings import Finding, FindingsError, Severity
from publisher.model.source import Position

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 200_000
"""How many values one file may hold, each alias counted as often as what it stands for."""

Path = tuple[str | int, ...]

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_NOTHING = {"", "~", "null", "Null", "NULL"}
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Data:
    """A mapping (empty where the file is) and where each of its keys and items stands, by its path of keys."""

    value: Mapping[str, Any]
    places: Mapping[Path, Position]

    def place(self, path: tuple[object, ...]) -> Position:
        """Where a path stands, or the nearest thing around it that stands somewhere itself."""
        known: Path = ()
        for part in path:
            if isinstance(part, str | int) and (*known, part) in self.places:
                known = (*known, part)
        return self.places[known]


def read_yaml(text: str, path: str, first_line: int = 1) -> Data:
    """The mapping that `text` holds; its first line is line `first_line` of the file that the user knows as `path`.

    Raises FindingsError (`yaml-syntax`, `yaml-limit`, `yaml-mapping`, `yaml-tag`, `yaml-duplicate-key`) with
    line and column.
    """
    reader = _Reader(path, first_line)
    if len(text) > MAX_CHARACTERS:
        raise reader.refusal("yaml-limit", f"more than {MAX_CHARACTERS:,} characters of YAML; shorten it", None)
    try:
        value = reader.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as problem:
        mark = _mark(problem)
        told = _seen(text.split("\n"), mark)
        message, mark = told if told is not None else (_explain(problem), mark)
        raise reader.refusal("yaml-syntax", message, mark) from problem
    except yaml.reader.ReaderError as problem:
        before = text[: problem.position]
        mark = yaml.Mark("", 0, before.count("\n"), len(before) - before.rfind("\n") - 1, None, 0)
        message = f"a character (U+{_code(problem.character):04X}) that YAML does not allow; take it out"
        raise reader.refusal("yaml-syntax", message, mark) from problem
    return Data(value, reader.places)


def _code(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[0])


def _mark(problem: yaml.MarkedYAMLError) -> Any:
    """Where a person has to look: where a bracket or quotation mark was opened rather than where the file ends."""
    opened = problem.context_mark is not None and re.search("flow|quoted scalar", problem.context or "")
    return problem.context_mark if opened or problem.problem_mark is None else problem.problem_mark


def _seen(lines: Sequence[str], mark: Any) -> tuple[str, Any] | None:
    """What a person sees at once and the parser has no words for: a tab, a key that begins further in than it may."""
    if mark is None or mark.line >= len(lines):
        return None
    line = lines[mark.line]
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        at = yaml.Mark("", 0, mark.line, indent.index("\t"), None, 0)
        return "not YAML (a tab); indent with spaces", at
    above = next((one for one in reversed(lines[: mark.line]) if one.strip()), "")
    further = len(indent) - (len(above) - len(above.lstrip()))
    if further > 0 and _KEYED.match(line) and _KEYED.match(above) and mark.column > len(indent):
        at = yaml.Mark("", 0, mark.line, len(indent), None, 0)
        advice = "begin it below that line's first letter, or put quotes round a value that goes on here"
        return f"not YAML (indented further than the line above); {advice}", at
    return None


_KEYED = re.compile(r"\s*[\w-]+:(?: +\S|$)")
"""A line `key: value`."""


def _explain(problem: yaml.MarkedYAMLError) -> str:
    said = problem.problem or problem.context or "it cannot be parsed"
    advice = {
        "mapping values are not allowed": "put quotes round a value that holds a colon",
        "could not find expected ':'": "write `key: value`, one a line",
        "found character '\\t'": "indent with spaces, not with tabs",
        "found character that cannot start any token": "indent with spaces, and put quotes round special characters",
        "expected alphabetic or numeric character": "put quotes round a value that begins with * or &",
        "did not find expected": "look for a quotation mark, bracket or indentation that does not match",
        "expected <block end>": "look for a quotation mark, bracket or indentation that does not match",
        "found unexpected end of stream": "close the quotation mark or bracket",
        "undefined alias": "put quotes round a value that begins with *",
    }
    for sign, what in advice.items():
        if sign in said:
            return f"not YAML ({said}); {what}"
    return f"not YAML ({said}); mend it"


class _Reader:
    """Builds data from events; counts as it goes."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.places: dict[Path, Position] = {(): Position(path, first_line)}
        self.count = 0
        self.anchors: dict[str, tuple[Any, int]] = {}

    def position(self, mark: Any) -> Position:
        if mark is None:
            return Position(self.path, self.first_line)
        return Position(self.path, self.first_line + mark.line, mark.column + 1)

    def refusal(self, check: str, message: str, mark: Any) -> FindingsError:
        return FindingsError([Finding(check, Severity.ERROR, message, self.position(mark))])

    def document(self, events: Iterator[Any]) -> dict[str, Any]:
        value: Any = None
        seen = 0
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    seen += 1
                    if seen > 1:
                        raise self.refusal("yaml-syntax", "a second YAML document; keep one", event.start_mark)
                case yaml.NodeEvent():
                    value = self.node(event, events, (), 1)
                    if not isinstance(value, dict | None):
                        message = "not a mapping; write `key: value`, one a line"
                        raise self.refusal("yaml-mapping", message, event.start_mark)
        return value or {}

    def node(self, event: Any, events: Iterator[Any], path: Path, depth: int) -> Any:
        """The value that begins with an event; takes the events that belong to it."""
        if depth > MAX_DEPTH:
            raise self.refusal("yaml-limit", f"nested more than {MAX_DEPTH} deep; make it flatter", event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        if event.tag is not None and event.tag != "!":
            raise self.refusal("yaml-tag", f"the tag {event.tag} is not allowed; take it out", event.start_mark)
        before = self.count
        self.add(1, event)
        value: Any
        match event:
            case yaml.ScalarEvent():
                value = self.scalar(event)
            case yaml.SequenceStartEvent():
                value = self.sequence(events, path, depth)
            case _:
                value = self.mapping(events, path, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, self.count - before)
        return value

    def add(self, nodes: int, event: Any) -> None:
        self.count += nodes
        if self.count > MAX_NODES:
            message = f"more than {MAX_NODES:,} values once its aliases are followed; shorten it"
            raise self.refusal("yaml-limit", message, event.start_mark)

    def alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            message = f"*{event.anchor} names nothing before it; put quotes round a value that begins with *"
            raise self.refusal("yaml-syntax", f"not YAML ({message})", event.start_mark)
        value, size = self.anchors[event.anchor]
        self.add(size, event)
        return value

    def scalar(self, event: Any) -> str | int | bool | None:
        text: str = event.value
        unfit = _UNFIT.search(text)  # written as an escape: in the clear, YAML itself refuses them
        if unfit:
            message = f"the control character U+{ord(unfit.group()):04X}; take it out"
            raise self.refusal("yaml-syntax", message, event.start_mark)
        if not event.implicit[0]:  # quoted, or a block of text: always text
            return text
        if text in _NOTHING:
            return None
        if text in _TRUTH:
            return _TRUTH[text]
        return int(text) if _WHOLE.fullmatch(text) else text

    def sequence(self, events: Iterator[Any], path: Path, depth: int) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*path, len(items))
            self.places[here] = self.position(event.start_mark)
            items.append(self.node(event, events, here, depth + 1))
        return items

    def mapping(self, events: Iterator[Any], path: Path, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refusal("yaml-mapping", "a key that is no word; write `key: value`", event.start_mark)
            key = str(event.value)
            if key in mapping:
                message = f"the key {key} stands twice; keep one"
                raise self.refusal("yaml-duplicate-key", message, event.start_mark)
            here = (*path, key)
            self.places[here] = self.position(event.start_mark)
            mapping[key] = self.node(next(events), events, here, depth + 1)
        return mapping
