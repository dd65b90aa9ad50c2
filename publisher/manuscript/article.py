"""Reading Markdown: texts in, blocks with ids, sentences, languages and positions out.

`read_texts` reads the article and the layers of commentary of one edition together, since they share ids, footnote
numbers, references (whose years pandoc's citeproc tells apart as 2000a and 2000b) and pictures:

    draft = read_texts(
        [
            MarkdownText(path="source/upstream/article.md", text=…, first_line=9, lang="en-GB"),
            MarkdownText(path="source/upstream/commentary.md", text=…, first_line=20, lang="en-GB", naming=name),
        ],
        sources=[Source(csl={"id": "doe2000", …}, position=…)],
        resources=Resources(folder),
    )
    article, layer = draft.bodies

Put the article first: its ids, numbers and labels then do not depend on the layers after it (save for references of
the same author and year). The draft's `findings` may hold errors; nothing is raised for them here.

**Divisions.** A text with a `naming` is read as divisions: each fenced division at its top level becomes a `Division`
with its `fence` (position of the opening line, own id, classes, and all other attributes as strings: `on`, `in`,
`kind`, `by`, `date`, `sources`, `title` …). `naming(fence)` is called once for each, in order, and answers the id
that it shall have and that its nodes are named after: the author's `fence.id` where there is one, else `note-1` or
`introduction`. If the answer is not the author's own id, it is made unique. Whatever else stands at the top level
(paragraphs, headings) is listed in `strays` by position and is otherwise left out, for the caller to refuse.
Attributes of a division's fence are never reported as unknown here: they are the caller's. `::: plain` directly inside
a division is a Counterpart of it, not one of its blocks.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from publisher.manuscript import pandoc
from publisher.manuscript.article_flow import heading_levels, read_article, read_divisions, settle_ids
from publisher.manuscript.ast_text import walk_ast
from publisher.manuscript.blocks_reader import BlocksReader
from publisher.manuscript.draft import Body, Division, Draft, Fence, MarkdownText, Naming, Source
from publisher.manuscript.identifiers import Ids, as_xml_name
from publisher.manuscript.inlines_reader import Place
from publisher.manuscript.languages import language_finding, standard_tag
from publisher.manuscript.nesting import check_depth, check_lengths, check_nesting
from publisher.manuscript.pandoc import Ast
from publisher.manuscript.positions import Positions
from publisher.manuscript.resources import Resources
from publisher.manuscript.shared import Shared, TextState
from publisher.manuscript.tangles import check_tangles, densest
from publisher.model.findings import EngineError, Finding, Severity
from publisher.model.limits import DEFAULT, Limits
from publisher.model.publication import Reference
from publisher.model.source import Position
from publisher.processes import Threads

__all__ = ["Body", "Division", "Draft", "Fence", "Ids", "MarkdownText", "Naming", "Resources", "Source", "read_texts"]


def read_texts(
    texts: Sequence[MarkdownText],
    *,
    resources: Resources,
    sources: Sequence[Source] = (),
    ids: Ids | None = None,
    lang: str | None = None,
    limits: Limits = DEFAULT,
) -> Draft:
    """Read the texts of one edition.

    `lang` is the language that references are worded in (default: the first text's). Raises InputError where a text
    is too deeply nested for pandoc or its reader is unknown, EngineError where pandoc fails.
    """
    parsed = _parse(texts, limits)
    findings: list[Finding] = []
    sources = _once(sources, findings)
    lang = standard_tag(lang or (texts[0].lang if texts else "en")) or "en"
    shared = Shared(ids or Ids(), resources, limits=limits)
    shared.reference_ids = {
        str(source.csl["id"]): shared.ids.unique(f"ref-{as_xml_name(str(source.csl['id'])).removeprefix('id-')}")
        for source in sources
    }
    entries = _render(parsed, shared, sources, lang)
    bodies: list[Body] = []
    readers: list[BlocksReader] = []
    for text, (blocks, notices) in zip(texts, parsed, strict=True):
        state = TextState(shared, Positions(text.text, blocks, text.path, text.first_line))
        body, reader = _read(text, blocks, notices, shared, state)
        bodies.append(body)
        readers.append(reader)
    references = _references(sources, entries, readers, shared, lang)
    for reader in readers:
        _check_links(reader, shared)
        findings += reader.state.findings
    findings += resources.findings
    resources.findings.clear()
    return Draft(
        bodies=tuple(bodies),
        footnotes=tuple(footnote.close() for footnote in shared.footnotes),
        references=references,
        resources=dict(sorted(resources.used.items())),
        findings=tuple(sorted(findings, key=lambda finding: _place(finding, texts))),
    )


def _parse(texts: Sequence[MarkdownText], limits: Limits) -> list[tuple[list[Ast], list[pandoc.Notice]]]:
    """Every text's blocks: pandoc reads them side by side."""
    for text in texts:
        check_lengths(text.text, text.path, text.first_line, limits)
        check_tangles(text.text, text.path, text.first_line, limits)
        check_nesting(text.text, text.path, text.first_line)

    def parse(text: MarkdownText) -> tuple[list[Ast], list[pandoc.Notice]]:
        blocks, notices = _parse_one(text, limits)
        check_depth(blocks, text.text, text.path, text.first_line, limits)
        return blocks, notices

    with Threads(4) as pool:
        return list(pool.map(parse, texts))


def _parse_one(text: MarkdownText, limits: Limits) -> tuple[list[Ast], list[pandoc.Notice]]:
    """What pandoc reads. Where it does not get to the end, the paragraph to look at first is told."""
    begin = Position(text.path, text.first_line)
    try:
        return pandoc.read_ast(text.text, text.reader, begin, limits)
    except EngineError as problem:
        if problem.position != begin or "too complex" not in problem.message:
            raise
        at = Position(text.path, text.first_line + densest(text.text))
        raise EngineError(problem.engine, f"{problem.message} (most of the markup is here)", at) from problem


def _render(
    parsed: Sequence[tuple[list[Ast], list[pandoc.Notice]]], shared: Shared, sources: Sequence[Source], lang: str
) -> list[tuple[str, list[Ast]]]:
    """Have all formulas and citations of all texts worded, one call each; the bibliography's entries by key."""
    nodes = [node for blocks, _ in parsed for node in walk_ast(blocks) if node["t"] in ("Math", "Cite")]
    cites = [
        node
        for node in nodes
        if node["t"] == "Cite" and all(cited["citationId"] in shared.reference_ids for cited in node["c"][0])
    ]
    formulas = list(
        dict.fromkeys((node["c"][1], node["c"][0]["t"] == "DisplayMath") for node in nodes if node["t"] == "Math")
    )
    with Threads(2) as pool:
        worded = pool.submit(pandoc.render_citations, cites, [source.csl for source in sources], lang)
        shared.formulas = dict(zip(formulas, pandoc.formulas_to_mathml(formulas), strict=True))
        rendered, entries = worded.result()
    shared.citations = {id(node): words for node, words in zip(cites, rendered, strict=True)}
    return entries


def _read(
    text: MarkdownText, blocks: list[Ast], notices: Sequence[pandoc.Notice], shared: Shared, state: TextState
) -> tuple[Body, BlocksReader]:
    lang = standard_tag(text.lang)
    if lang is None:
        state.add(language_finding(text.lang, Position(text.path, 1)))
        lang = "en"
    _tell(notices, text, state)
    settle_ids(state, shared, blocks, text.naming)
    reader = BlocksReader(shared, state, heading_levels(state, blocks))
    if text.naming is not None:
        return read_divisions(reader, blocks, lang), reader
    body = read_article(reader, blocks, lang)
    if not body.sections:
        state.report(
            "article-empty",
            Severity.ERROR,
            "the article holds no text; write it after the front matter",
            Position(text.path, text.first_line),
        )
    return body, reader


_NOTICES = (
    # How pandoc's warning begins, what is in it; then check, severity and message of ours.
    (
        "Div at line",
        "unclosed",
        "division-unclosed",
        Severity.ERROR,
        "::: is never closed; add ::: after its last block",
    ),
    (
        "Duplicate note reference",
        "",
        "footnote-duplicate",
        Severity.ERROR,
        "footnote is defined twice; give one of them another label",
    ),
    (
        "Note with key",
        "not used",
        "footnote-unused",
        Severity.WARNING,
        "footnote is never called; call it or remove it",
    ),
    (
        "Duplicate link reference",
        "",
        "link-duplicate",
        Severity.WARNING,
        "link's address is defined twice; remove one of the definitions",
    ),
)


def _tell(notices: Sequence[pandoc.Notice], text: MarkdownText, state: TextState) -> None:
    """Tell what pandoc warned of in our words."""
    for notice in notices:
        for start, within, check, severity, message in _NOTICES:
            if notice.message.startswith(start) and within in notice.message:
                line = text.first_line + (notice.line or 1) - 1
                state.report(check, severity, message, Position(text.path, line))


def _once(sources: Sequence[Source], findings: list[Finding]) -> list[Source]:
    """Every source once; a finding where one key names two."""
    known: dict[str, Source] = {}
    for source in sources:
        key = str(source.csl["id"])
        first = known.setdefault(key, source)
        if first.csl != source.csl:
            message = f"reference {key} differs from the one at {first.position}; give it another id"
            findings.append(Finding("reference-duplicate", Severity.ERROR, message, source.position))
    return list(known.values())


def _references(
    sources: Sequence[Source],
    entries: Sequence[tuple[str, list[Ast]]],
    readers: Sequence[BlocksReader],
    shared: Shared,
    lang: str,
) -> tuple[Reference, ...]:
    """The bibliography, in the order of its style."""
    if not readers or not entries:
        return ()
    by_key = {str(source.csl["id"]): source for source in sources}
    references = []
    for key, inlines in entries:
        source = by_key[key]
        name = shared.reference_ids[key]
        references.append(
            Reference(
                id=name,
                lang=lang,
                position=source.position,
                key=key,
                csl=source.csl,
                entry=readers[0].inlines.read(inlines, Place(name, lang, None)),
                short=_short(source.csl),
                url=_url(source.csl),
            )
        )
    return tuple(references)


def _short(csl: Mapping[str, Any]) -> str:
    """Title, publisher and year of a work, for a note's list of sources."""
    published = csl.get("publisher") or csl.get("container-title") or _authors(csl)
    parts = [str(csl.get("title") or csl.get("URL") or csl["id"]), str(published or ""), _year(csl)]
    return ", ".join(part for part in parts if part)


def _authors(csl: Mapping[str, Any]) -> str:
    authors = csl.get("author")
    names = [
        str(author.get("literal") or author.get("family") or "")
        for author in (authors if isinstance(authors, Sequence) and not isinstance(authors, str) else ())
        if isinstance(author, Mapping)
    ]
    return " and ".join(names) if len(names) < 3 else f"{names[0]} et al."


def _year(csl: Mapping[str, Any]) -> str:
    issued = csl.get("issued")
    if isinstance(issued, Mapping):
        parts = issued.get("date-parts") or ([[issued["year"]]] if issued.get("year") else [])
        return str(parts[0][0]) if parts and parts[0] else str(issued.get("raw") or issued.get("literal") or "")
    text = str(issued or "")
    return text[:4] if text[:4].isdigit() else text


def _url(csl: Mapping[str, Any]) -> str | None:
    if csl.get("URL"):
        return str(csl["URL"])
    return f"https://doi.org/{csl['DOI']}" if csl.get("DOI") else None


def _check_links(reader: BlocksReader, shared: Shared) -> None:
    """Refuse links to ids that nothing has."""
    known = sorted(shared.anchors)
    for name, position in reader.inlines.pending:
        if name in shared.ids:
            continue
        near = difflib.get_close_matches(name, known, 1, 0.75)
        hint = f"did you mean #{near[0]}?" if near else f"give a block or span the id {{#{name}}}"
        reader.state.report("link-target-missing", Severity.ERROR, f"no #{name} to link to; {hint}", position)


def _place(finding: Finding, texts: Sequence[MarkdownText]) -> tuple[int, int, int, str]:
    """The key that sorts findings: by text, line, column."""
    paths = [text.path for text in texts]
    position = finding.position
    if position is None:
        return len(paths), 0, 0, finding.message
    order = paths.index(position.path) if position.path in paths else -1
    return order, position.line, position.column or 0, finding.message
