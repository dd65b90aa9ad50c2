"""The one module that calls pandoc: text to its AST, formulas to MathML, citations to words, an AST to Word's format.

pandoc's Markdown readers are bounded neither in time nor in memory, so each call is a child process of its own group
with a time limit and a heap limit, and `check_nesting` refuses beforehand what is known to hang it. pandoc never
opens a file: text goes in on standard input, `--sandbox` holds the rest off. https://pandoc.org/MANUAL.html
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zipfile import is_zipfile

import pypandoc  # type: ignore[import-untyped]
from lxml import etree

from publisher.holding.children import MEGABYTE, Bounds, TooLongError, TooMuchError, run
from publisher.holding.confining import SYSTEM, View
from publisher.manuscript.csl_text import meta_text
from publisher.model.findings import EngineError, InputError
from publisher.model.limits import DEFAULT, Limits, beyond
from publisher.model.source import Position

Ast = dict[str, Any]
"""A node of pandoc's AST as its JSON writer gives it: `t` names it, `c` holds what is in it."""

TIME_LIMIT = DEFAULT.seconds / 3
"""Seconds that one call may take, beside those that a text's length allows it."""

BYTES_A_SECOND = 50_000
"""The slowest that a text may be read: ordinary ones are read twenty times as fast."""

OUTPUT_LIMIT = 256 * MEGABYTE
"""Bytes that one answer may have: notes that call each other can make gigabytes of a page."""

READERS = ("markdown", "commonmark", "commonmark_x", "gfm", "markdown_mmd", "markdown_phpextra", "markdown_strict")
"""Readers that `from:` in the front matter may name, each with extensions switched by `+name` and `-name`."""

_IN_PART = "answered in part, as if all were well; build again, and reinstall pypandoc_binary where that does not help"

_REFUSED = ("raw_tex", "raw_attribute", "yaml_metadata_block", "pandoc_title_block", "mmd_title_block", "latex_macros")
_WANTED = {"markdown": ("table_attributes",)}


def run_pandoc(
    arguments: Sequence[str],
    data: bytes = b"",
    *,
    sandbox: bool = True,
    cwd: str | None = None,
    time_limit: float = TIME_LIMIT,
    memory: int = DEFAULT.memory,
) -> tuple[bytes, str]:
    """Run pandoc with arguments, `data` on its standard input; what it wrote and what it warned of.

    Raises EngineError where it fails, takes longer than `time_limit` seconds or needs more than `memory` megabytes.
    """
    heap = ["+RTS", f"-M{memory * 7 // 8}M", "-RTS"]
    # A user's own pandoc data would change what is read from machine to machine.
    command = [_program(), *heap, f"--data-dir={os.devnull}", *(["--sandbox"] if sandbox else []), *arguments]
    written = 0 if sandbox else None
    bounds = Bounds(time_limit, memory=memory * MEGABYTE, output=OUTPUT_LIMIT, written=written)
    view = _view() if sandbox else View(writable=(Path(cwd or "."),))
    try:
        done = run(command, data, bounds, view, cwd=cwd, env={**os.environ, "LC_ALL": "C.UTF-8"})
    except OSError as problem:
        raise EngineError("pandoc", f"cannot be started: {problem.strerror}; reinstall pypandoc_binary") from problem
    except TooLongError as problem:
        what = f"not done after {time_limit:.0f} seconds"
        raise EngineError("pandoc", beyond(what, "simplify the text's markup", "seconds")) from problem
    except TooMuchError as problem:
        what = f"the text comes to over {OUTPUT_LIMIT // MEGABYTE} MB"
        raise EngineError("pandoc", f"too complex: {what}; split it, and refer to its notes less often") from problem
    warnings = done.errors.decode("utf-8", "replace")
    if done.status == 251 or (done.status and _NO_MEMORY.search(warnings)):
        what = f"needs more than {memory} MB of memory"
        raise EngineError("pandoc", beyond(what, "split the text", "memory"))
    if done.status:
        told = re.sub(r"^\[(?:WARNING|INFO)\].*?(?:\n(?=\S)|\Z)", "", warnings, flags=re.MULTILINE | re.DOTALL)
        message = " ".join(line.strip() for line in told.splitlines() if line.strip(" ^"))
        raise EngineError("pandoc", message or f"ended with status {done.status}")
    return done.output, warnings


_NO_MEMORY = re.compile("out of memory|Unable to commit")
"""In what the Haskell runtime says where the system refuses it memory."""


@cache
def _view() -> View:
    """What pandoc may see: the wheel's program is whole in itself; another may need who knows what."""
    program = Path(_program()).resolve()
    ours = program.is_relative_to(Path(pypandoc.__file__).resolve().parent)
    return View(readable=(*SYSTEM, program.parent)) if ours else View()


@cache
def _program() -> str:
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as problem:
        raise EngineError("pandoc", "the program is missing; install pypandoc_binary") from problem


@cache
def _extensions(reader: str) -> frozenset[str]:
    """The extensions that a reader knows, switched on or not."""
    output, _ = run_pandoc([f"--list-extensions={reader}"], sandbox=False)
    return frozenset(line[1:] for line in output.decode().split())


def reader_format(reader: str, position: Position | None = None) -> str:
    """pandoc's name for a reader, with what the dialect refuses switched off.

    Raises InputError where the reader, or an extension that it names, is not one that can be used.
    """
    base, *_ = re.split(r"[+-]", reader)
    if base not in READERS:
        raise InputError(f"no reader {base!r}; use one of {', '.join(READERS)}", position)
    switches = re.findall(r"([+-])([^+-]*)", reader)
    known = _extensions(base) if switches or base != "markdown" else frozenset({*_REFUSED, "table_attributes"})
    for _, name in switches:
        if name not in known:
            raise InputError(f"no extension {name!r} of reader {base!r}; see pandoc --list-extensions={base}", position)
    chosen = [f"{sign}{name}" for sign, name in switches if name not in _REFUSED]
    wanted = [f"+{name}" for name in _WANTED.get(base, ()) if name in known]
    return base + "".join(wanted + chosen + [f"-{name}" for name in _REFUSED if name in known])


@dataclass(frozen=True, slots=True)
class Notice:
    """What pandoc warned of, at a line of the text that it was given (from 1; None where it names none)."""

    message: str
    line: int | None


def read_ast(
    text: str, reader: str = "markdown", position: Position | None = None, limits: Limits = DEFAULT
) -> tuple[list[Ast], list[Notice]]:
    """The blocks of a text and what pandoc warned of. `position` is where errors point: the text's first line.

    Raises InputError where the reader is unknown, EngineError where pandoc fails.
    """
    data = text.encode()
    allowed = min(limits.seconds, limits.seconds / 3 + len(data) / BYTES_A_SECOND)
    arguments = ["-f", reader_format(reader, position), "-t", "json"]
    try:
        output, warnings = run_pandoc(arguments, data, time_limit=allowed, memory=limits.memory)
    except EngineError as problem:
        place = re.search(r"\(line (\d+), column (\d+)\)", problem.message)
        if place and position:
            position = Position(position.path, position.line + int(place[1]) - 1, int(place[2]))
        raise EngineError(problem.engine, problem.message, position) from problem
    try:
        return _blocks(output), list(_notices(warnings))
    except RecursionError as problem:
        raise InputError("too complex: markup is nested hundreds deep; write it flatter", position) from problem


def _blocks(output: bytes) -> list[Ast]:
    """The blocks of a document in JSON. Raises EngineError where that is none, whatever pandoc's status was."""
    try:
        return cast(list[Ast], json.loads(output)["blocks"])
    except (ValueError, KeyError, TypeError) as problem:
        raise EngineError("pandoc", _IN_PART) from problem


def _notices(warnings: str) -> Iterator[Notice]:
    for paragraph in re.split(r"^\[(?:WARNING|INFO)\] ", warnings, flags=re.MULTILINE)[1:]:
        message = " ".join(paragraph.split())
        line = re.search(r"at line (\d+)", message)
        yield Notice(message, int(line[1]) if line else None)


# Formulas ------------------------------------------------------------------------------------------------------------

_MATHML = "http://www.w3.org/1998/Math/MathML"


def formulas_to_mathml(formulas: Sequence[tuple[str, bool]]) -> list[str | None]:
    """Presentation MathML (one `math` element, no annotations) for each TeX formula, `True` for display.

    None where pandoc cannot read the formula. One call for all of them.
    """
    if not formulas:
        return []
    blocks = [
        {"t": "Div", "c": [["", [], []], [{"t": "Para", "c": [_math(tex, display)]}]]} for tex, display in formulas
    ]
    output, _ = run_pandoc(["-f", "json", "-t", "html", "--mathml", "--wrap=none"], _document(blocks))
    # lxml keeps the namespace's prefix as pandoc wrote it; ElementTree's depends on what else the process has loaded.
    try:
        root = etree.fromstring(b"<r>%b</r>" % output, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as problem:
        raise EngineError("pandoc", _IN_PART) from problem
    if len(root) != len(formulas):
        raise EngineError("pandoc", _IN_PART)
    return [_presentation(division) for division in root]


def _math(tex: str, display: bool) -> Ast:
    return {"t": "Math", "c": [{"t": "DisplayMath" if display else "InlineMath"}, tex]}


def _presentation(division: etree._Element) -> str | None:
    math = division.find(f".//{{{_MATHML}}}math")
    if math is None:
        return None
    semantics = math.find(f"{{{_MATHML}}}semantics")
    if semantics is not None:
        math[:] = [part for part in semantics if etree.QName(part).localname not in ("annotation", "annotation-xml")]
    return etree.tostring(math, encoding="unicode", with_tail=False)


# Citations -----------------------------------------------------------------------------------------------------------


def render_citations(
    citations: Sequence[Ast], references: Sequence[Mapping[str, Any]], lang: str
) -> tuple[list[list[Ast]], list[tuple[str, list[Ast]]]]:
    """The inlines that word each Cite, in order, and every reference's key and bibliography entry, in that order.

    `references` are CSL-JSON items, whole data: pandoc opens no file for them. The style is pandoc's default, Chicago
    author-date; each cited work is a Link to `#ref-KEY`. https://docs.citationstyles.org/en/stable/specification.html
    """
    if not references:
        return [], []
    everything = {"citationId": "*", "citationPrefix": [], "citationSuffix": [], "citationNoteNum": 0}
    nocite = {"t": "Cite", "c": [[{**everything, "citationMode": {"t": "NormalCitation"}, "citationHash": 0}], []]}
    meta = {
        "references": _meta([dict(reference) for reference in references]),
        "lang": _meta(lang),
        "link-citations": {"t": "MetaBool", "c": True},
        "nocite": {"t": "MetaInlines", "c": [nocite]},
    }
    blocks: list[Ast] = [{"t": "Para", "c": [citation]} for citation in citations]
    output, _ = run_pandoc(["-f", "json", "-t", "json", "--citeproc"], _document(blocks, meta))
    *cited, bibliography = _blocks(output)
    rendered = [paragraph["c"][0]["c"][1] for paragraph in cited]
    entries = []
    for entry in bibliography["c"][1]:
        identifier = entry["c"][0][0]
        entries.append((identifier.removeprefix("ref-"), [part for block in entry["c"][1] for part in block["c"]]))
    return rendered, entries


# Word ----------------------------------------------------------------------------------------------------------------


def docx_of(blocks: Sequence[Ast]) -> bytes:
    """A Word document of some blocks, in pandoc's own styles: a whole package, whose parts a writer takes.

    Pictures are no matter for it, since it may open no file. Raises EngineError where pandoc fails.
    """
    data = _document(blocks)
    allowed = TIME_LIMIT + len(data) / BYTES_A_SECOND
    output, _ = run_pandoc(["-f", "json", "-t", "docx", "-o", "-"], data, time_limit=allowed)
    if not is_zipfile(BytesIO(output)):
        raise EngineError("pandoc", _IN_PART)
    return output


def _meta(value: Any) -> Ast:
    match value:
        case Mapping():
            return {"t": "MetaMap", "c": {str(key): _meta(part) for key, part in value.items()}}
        case list() | tuple():
            return {"t": "MetaList", "c": [_meta(part) for part in value]}
        case bool():
            return {"t": "MetaBool", "c": value}
        case _:
            return meta_text(str(value))


def _document(blocks: Sequence[Ast], meta: Ast | None = None) -> bytes:
    return json.dumps({"pandoc-api-version": _api_version(), "meta": meta or {}, "blocks": blocks}).encode()


@cache
def _api_version() -> list[int]:
    output, _ = run_pandoc(["-f", "markdown", "-t", "json"])
    return cast(list[int], json.loads(output)["pandoc-api-version"])
