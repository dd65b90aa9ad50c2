"""What each check finds, why it matters, what to do: what `publisher explain` prints and findings.md lists.

The words stand as data in `checks/`, a file a group; those of `pdfua-NN-NNN` come from the catalogue of the Matterhorn
Protocol's conditions. Nothing is imported here that takes long: messages on a terminal name what can be explained.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from publisher.model.findings import InputError

_CONDITION = re.compile(r"pdfua-\d\d-\d\d\d")
_SEVERITIES = {"E": "error", "W": "warning", "I": "info"}


@dataclass(frozen=True, slots=True)
class Specification:
    """What a check rests on: a specification, or a page of this project's documentation (`docs/…`)."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Example:
    """What the check finds, and what it does not. `file` is where it is written in an edition, empty where it is
    something else; `article` is the article that a commentary or picture belongs to. `shows` is the check that it is an
    example of, where an entry has several; `run` says that `publisher check` finds it."""

    before: str
    after: str
    file: str
    article: str
    shows: str
    run: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One check, or several of one meaning. `severity` is of the letters E, W and I; `means`, `why` and `fix` are
    Markdown on one line."""

    ids: tuple[str, ...]
    severity: str
    means: str
    why: str
    fix: str
    specifications: tuple[Specification, ...]
    example: Example

    @property
    def severities(self) -> tuple[str, ...]:
        """In words: error, warning, info."""
        return tuple(_SEVERITIES[letter] for letter in self.severity.split(", "))


@dataclass(frozen=True, slots=True)
class Group:
    """Checks that are told together; several groups in a row may share a title. `intro` is Markdown; where `table` is
    False, it says all that the reference does."""

    title: str
    intro: str
    entries: tuple[Entry, ...]
    table: bool = True


@cache
def groups() -> tuple[Group, ...]:
    """All groups, in the order of the reference. Those of the Matterhorn Protocol are not among them: `conditions`."""
    known = _specifications()
    found = sorted(path.name for path in files("publisher").joinpath("checks").iterdir() if path.name[0].isdigit())
    return tuple(_group(_data(name), known) for name in found)


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("publisher").joinpath("checks", name).read_text(encoding="utf-8"))


def _specifications() -> dict[str, Specification]:
    return {key: Specification(*pair) for key, pair in _data("specifications.toml")["specification"].items()}


def _group(data: Mapping[str, Any], known: Mapping[str, Specification]) -> Group:
    entries = tuple(_entry(one, known, data.get("again", "")) for one in data["check"])
    return Group(data["title"], data.get("intro", ""), entries, data.get("table", True))


def _entry(data: Mapping[str, Any], known: Mapping[str, Specification], again: str) -> Entry:
    ids = tuple(data["ids"])
    file = data.get("file", "")
    example = Example(
        data["before"].rstrip("\n"),
        data["after"].rstrip("\n"),
        file,
        data.get("article", ""),
        data.get("shows", ids[0]),
        bool(file) and data.get("run", True),
    )
    specifications = tuple(known[key] for key in data["specifications"])
    # What a whole group of checks of built files has in common: what to do where building has not helped.
    fix = f"{data['fix']} {again}".strip() if data["fix"].startswith("Build") else data["fix"]
    return Entry(ids, data["severity"], data["means"], data["why"], fix, specifications, example)


@cache
def conditions() -> tuple[Entry, ...]:
    """The failure conditions of the Matterhorn Protocol that a finding can name, in its order."""
    from publisher.verification.matterhorn.catalogue import CONDITIONS, Decided

    data, known = _data("matterhorn.toml"), _specifications()
    named = {one.check for one in CONDITIONS if one.decided is Decided.FILE}
    named |= {check for one in CONDITIONS for check in _CONDITION.findall(one.by)}
    entries = []
    for one in CONDITIONS:
        if one.check in named:
            about = data["checkpoint"][str(one.checkpoint)]
            clause = Specification(f"{known['pdfua'].name}, {one.clause}", known["pdfua"].address)
            example = Example(about["before"], about["after"], "", "", one.check, False)
            specifications = (clause, known["matterhorn"])
            entries.append(Entry((one.check,), "E, W", one.wrong, about["why"], data["fix"], specifications, example))
    return tuple(entries)


def known_checks() -> tuple[str, ...]:
    """The id of every check that a finding can carry, in the order of the reference, each once."""
    ids = [id for group in groups() for entry in group.entries for id in entry.ids]
    return tuple(dict.fromkeys([*ids, *(id for entry in conditions() for id in entry.ids)]))


def can_explain(check: str) -> bool:
    """Whether there is an entry for a check; quicker than `explain`."""
    return bool(_CONDITION.fullmatch(check)) or any(check in entry.ids for group in groups() for entry in group.entries)


def explain(check: str) -> tuple[Entry, ...]:
    """The entries of a check: mostly one, two where built files can have the same fault as the source.

    Raises InputError, with the nearest ids, where no check has this id.
    """
    wanted = check.strip().lower()
    found = [entry for group in groups() for entry in group.entries if wanted in entry.ids]
    if not found and wanted.startswith("pdfua"):
        found = [entry for entry in conditions() if wanted in entry.ids]
    if found:
        return tuple(found)
    raise InputError(f"no check {check}; {_nearest(wanted)}")


def _nearest(wanted: str) -> str:
    known = known_checks()
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.6)
    near += [id for id in known if wanted in id.split("-") and id not in near][: 6 - len(near)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    return "`publisher explain` lists all"


# As text


def listed() -> Iterator[str]:
    """All ids by group, a line each with what they mean."""
    title = ""
    for group in groups():
        if group.title != title:
            yield from ([""] if title else [])
            yield group.title
            title = group.title
        for entry in group.entries:
            for id in entry.ids:
                yield f"  {id}: {entry.means}"
    yield from ("", "PDF/UA")
    for entry in conditions():
        yield f"  {entry.ids[0]}: {entry.means}"


def told(check: str, entry: Entry) -> Iterator[str]:
    """One entry, for a person at a terminal."""
    yield f"{check} ({', '.join(entry.severities)})"
    yield from _indented(entry.means)
    yield from ("", "Why")
    yield from _indented(entry.why)
    for one in entry.specifications:
        yield f"  {one.name}: {one.address}"
    yield from ("", "What to do")
    yield from _indented(entry.fix)
    example = entry.example
    about = f" in {example.file}" if example.file else ""
    about += f", of {example.shows}" if example.shows != check else ""
    yield from ("", f"Example{about}")
    if example.article:
        yield f"  (the article says: {example.article})"
    for title, text in (("before", example.before), ("after", example.after)):
        yield f"  {title}:"
        yield from (f"    {line}".rstrip() for line in text.split("\n"))


def _indented(text: str) -> Iterator[str]:
    import textwrap

    yield from textwrap.wrap(text, 98, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def as_data(check: str, entry: Entry) -> dict[str, Any]:
    """One entry as plain data, for `--json`."""
    example = entry.example
    return {
        "check": check,
        "severities": list(entry.severities),
        "means": entry.means,
        "why": entry.why,
        "fix": entry.fix,
        "specifications": [{"name": one.name, "address": one.address} for one in entry.specifications],
        "example": {
            "of": example.shows,
            "file": example.file or None,
            "article": example.article or None,
            "before": example.before,
            "after": example.after,
        },
    }
