"""The report as a page for the managing editor: the verdict, a matrix, the sound as strips, every finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup

from publisher.model.artefacts import Unit
from publisher.model.extract import Evidence
from publisher.model.findings import Severity
from publisher.rendering.digests import by_digest
from publisher.rendering.markup import direction
from publisher.rendering.templates import Templates
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.expected import PARTS
from publisher.verification.timelines import timelines
from publisher.verification.verdicts import Verification, Verified

GRADES = {
    Evidence.EXTRACTED: "read from the file’s own content",
    Evidence.MEASURED: "heard: the published sound, decoded and compared",
    Evidence.DECLARED: "only the file’s own word for it",
}
PART_NAMES = {
    "front": "Title",
    "introduction": "Introduction",
    "article": "Article",
    "footnote": "Footnotes",
    "note": "Notes",
    "plain": "Plain language",
    "method": "Method",
    "references": "References",
}
"""What the parts are called."""
_ABOUT = {
    "unit": "Text",
    "alternative": "Picture’s alternative",
    "artefact": "File",
    "audio": "Sound",
    "item": "List item’s",
    "restates": "Restated text",
    "script": "Raised or lowered text",
    "struck": "Struck text",
    "plain": "Plain language:",
    "pdf": "PDF",
    "epub": "EPUB",
}
"""What a check is about, by the first word of its id, where that says too little."""
_HEARD = {
    "audio-wrong": "other words: listen there",
    "audio-truncated": "only a part of it",
    "audio-muted": "silence",
    "audio-shifted": "the same, sooner or later than it is due",
    "audio-order": "the same, out of order",
    "audio-doubled": "the same, once too often",
    "audio-unrecognised": "words in which a recogniser does not know it again",
}
"""What a sound says where nothing can be quoted of it: that is not “nothing”."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `changed` where the other text has it otherwise."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One file's share of one part. `state` is `proven`, `faulty`, `unverified` or `absent`."""

    state: str
    words: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit and where it stands in each file (None: not there; empty: not to be there)."""

    unit: Unit
    direction: str
    source: str
    words: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One finding: its title in words, both texts in pieces; `instead` says in words what stands for the second."""

    discrepancy: Discrepancy
    title: str
    lang: str
    sides: tuple[Sequence[Piece], Sequence[Piece]]
    instead: str


@dataclass(frozen=True, slots=True)
class Omission:
    """What files of one kind hold, and what they leave out on purpose: the parts, by the reason for it."""

    names: tuple[str, ...]
    holds: str
    left_out: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity in one file; `name` is the file's, or says what else they are about.

    `id` is for links to it.
    """

    id: str
    name: str
    told: tuple[Told, ...]


def report_page(verification: Verification) -> str:
    """The report as a page."""
    units = verification.all_units
    parts = [part for part in PARTS if any(unit.part == part for unit in units)]
    groups = {severity.value: tuple(_groups(verification, severity)) for severity in Severity}
    anchors = {group.name: group.id for group in groups[Severity.ERROR.value]}
    templates = Templates()
    styles = templates.find("report", "report.css").read_text("utf-8")
    return templates.render(
        "report",
        "report.html",
        policy=f"default-src 'none'; style-src {by_digest(styles)}; base-uri 'none'; form-action 'none'",
        styles=Markup(styles),  # noqa: S704 - the project's own
        verification=verification,
        metadata=verification.publication.metadata,
        direction=direction,
        counts=verification.counts,
        parts=parts,
        part_names=PART_NAMES,
        matrix=[(file, [_cell(file, part) for part in parts]) for file in verification.texts],
        faulty=[(file, anchors[file.artefact.name]) for file in verification.files if file.artefact.name in anchors],
        timelines=timelines(verification),
        omissions=tuple(_omissions(verification)),
        groups=groups,
        rows={part: [_row(unit, verification) for unit in units if unit.part == part] for part in parts},
        grades={grade.value: words for grade, words in GRADES.items()},
    )


def _groups(verification: Verification, severity: Severity) -> Iterator[Group]:
    """The findings file by file, in the order of the files; those about the edition at the end."""
    langs = {unit.id: unit.lang for unit in verification.all_units}
    by_file: dict[str, list[Told]] = {file.artefact.name: [] for file in verification.files}
    for one in verification.discrepancies:
        if one.finding.severity is severity:
            lang = langs.get(one.unit or "", verification.publication.metadata.lang)
            instead = _HEARD.get(one.finding.check, "") if one.found is None else ""
            sides = both_sides(one.expected or "", (one.expected if instead else one.found) or "")
            told = Told(one, title_of(one.finding.check), lang, sides, instead)
            by_file.setdefault(one.artefact or "The edition", []).append(told)
    found = ((name, told) for name, told in by_file.items() if told)
    return (Group(f"{severity.value}s-{n}", name, tuple(told)) for n, (name, told) in enumerate(found, 1))


def _omissions(verification: Verification) -> Iterator[Omission]:
    """Files that hold and leave out the same are told of once."""
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for file in verification.texts:
        if file.comparison:
            coverage = file.comparison.coverage
            alike.setdefault((coverage.holds, tuple(coverage.omitted.items())), []).append(file.artefact.name)
    for (holds, omitted), names in alike.items():
        reasons: dict[str, list[str]] = {}
        for part, reason in omitted:
            reasons.setdefault(reason, []).append(PART_NAMES.get(part, part).lower())
        yield Omission(tuple(names), holds, tuple((tuple(parts), reason) for reason, parts in reasons.items()))


def title_of(check: str) -> str:
    """A check's id in words: `Text altered` for `unit-altered`."""
    what, _, how = check.partition("-")
    return f"{_ABOUT.get(what, what.capitalize())} {how.replace('-', ' ')}".strip()


def _cell(file: Verified, part: str) -> Cell:
    coverage = file.comparison.coverage if file.comparison else None
    if coverage is None:
        return Cell("unverified", "not verified", file.reason)
    expected, proven = file.expected(part), file.proven(part)
    if not expected:
        return Cell("absent", "not held", coverage.omitted.get(part, "the edition has nothing for it here"))
    if proven < expected:
        return Cell("faulty", f"{proven} of {expected}")
    state = "unverified" if file.evidence is Evidence.DECLARED else "proven"
    return Cell(state, f"all {expected} {file.grade}" if expected > 1 else f"1 {file.grade}")


def _row(unit: Unit, verification: Verification) -> Row:
    position = verification.positions.get(unit.id)
    words = unit.text if len(unit.text) <= 90 else f"{unit.text[:88].rstrip()} …"
    cells = tuple(_place(unit, file) for file in verification.texts)
    source = f"{position.path.rpartition('/')[2]}:{position.line}" if position else "front matter"
    return Row(unit, direction(unit.lang), source, words, cells)


def _place(unit: Unit, file: Verified) -> tuple[str, str]:
    """A state as in `Cell` and the place in words."""
    if file.comparison is None:
        return "unverified", "not verified"
    if unit.id not in file.held:
        return "absent", "–"
    place = file.comparison.places.get(unit.id)
    if place is None:
        return "faulty", "missing"
    return ("faulty", f"differs, at {place}") if unit.id in file.faulty else ("proven", place)


def both_sides(expected: str, found: str) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """Two texts cut into pieces, word by word, each piece marked where the other text differs."""
    old, new = expected.split(), found.split()
    left: list[Piece] = []
    right: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = what != "equal"
        left.extend(_piece(old[a:b], changed))
        right.extend(_piece(new[c:d], changed))
    return left, right


def _piece(words: Sequence[str], changed: bool) -> Iterator[Piece]:
    if words:
        yield Piece(" ".join(words), changed)
