"""Reading an edition: its folder in, a Publication out.

files → front matter → article and layers of commentary, read together → targets anchored → Publication.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from publisher.manuscript.article import read_texts
from publisher.manuscript.commentary import MAIN, LayerText, naming, read_layers
from publisher.manuscript.crowding import crowded, overlong
from publisher.manuscript.csl import csl_sources
from publisher.manuscript.draft import Draft, MarkdownText, Source
from publisher.manuscript.files import check_inside, read_text
from publisher.manuscript.frontmatter import ArticleFront, CommentaryFront, FrontMatter, people, read_front_matter
from publisher.manuscript.glossary import link_glossary
from publisher.manuscript.lexicon import read_lexicons
from publisher.manuscript.recordings import read_recordings
from publisher.manuscript.resources import Resources
from publisher.manuscript.targets import SUBTITLE, TITLE, Targets
from publisher.model.blocks import CodeBlock, Node, walk
from publisher.model.findings import Finding, FindingsError, InputError, Severity, errors
from publisher.model.publication import Imprint, Metadata, Publication, Resource
from publisher.model.source import Position

ARTICLE = "article.md"
_LAYER = re.compile(r"commentary(?:-(?P<name>[^\s/]+))?\.md")


_BROKEN = frozenset({"article-empty", "division-unclosed"})
"""Findings after which the text's blocks are not what the author meant."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An edition, read. `findings` are the warnings and hints about it, by file and line; no error is among them."""

    publication: Publication
    findings: tuple[Finding, ...]


def read_edition(folder: Path, imprint: Imprint, layers: Sequence[str] | None = None) -> Reading:
    """Read the edition in `folder`, with the named layers of commentary: None is all that are there, () is none.

    Raises InputError where there is no edition or no such layer, or a file cannot be read; FindingsError, with all
    findings, where one of them is an error; EngineError where pandoc fails.
    """
    files = _files(folder, layers)
    check_inside(folder)
    texts = {name: read_text(path, largest=imprint.limits.file_size) for name, path in files.items()}
    article, commentaries, findings = _front_matters(files, texts)
    lang = article.front.lang or imprint.lang
    lexicon, about_lexicon = read_lexicons(folder)
    data = [article.data, *(front.data for front in commentaries.values())]
    sources, clashes = _merged(csl_sources(one) for one in data)
    with Resources(folder, imprint.limits) as resources:
        cover = _cover(article, resources)
        draft = read_texts(
            [
                _markdown(article, files[ARTICLE], lang, None),
                *(_markdown(front, files[name], lang, name) for name, front in commentaries.items()),
            ],
            sources=sources,
            resources=resources,
            lang=lang,
            limits=imprint.limits,
        )
    broken = _broken(draft.findings)
    if broken:
        # Where the blocks themselves are in doubt, what else there is to say would only follow from that.
        raise FindingsError(broken)
    targets = _targets(article, files[ARTICLE], lang, draft)
    layer_texts = [
        LayerText(
            name=name,
            path=str(files[name]),
            lang=front.front.lang or lang,
            front=front.front,
            body=body,
            footnotes=tuple(note for note in draft.footnotes if note.position.path == str(files[name])),
        )
        for (name, front), body in zip(commentaries.items(), draft.bodies[1:], strict=True)
    ]
    keys = {str(source.csl["id"]) for source in sources}
    commentary, about = read_layers(layer_texts, targets, keys)
    creators = people(article.front.creators)
    recordings, about_recordings = read_recordings(folder, article.front.recordings, creators, article.data)
    findings += [*_unexplained(article, cover), *clashes, *draft.findings, *about, *about_lexicon, *about_recordings]
    paths = [str(path) for path in files.values()]
    if errors(told := _in_order(findings, paths)):
        raise FindingsError(told)
    publication = Publication(
        name=_name(folder),
        metadata=_metadata(article.front, imprint, _name(folder), lang, cover),
        imprint=imprint,
        sections=draft.bodies[0].sections,
        counterparts=draft.bodies[0].counterparts,
        footnotes=draft.footnotes,
        layers=commentary,
        references=draft.references,
        resources=draft.resources if cover is None else {**draft.resources, cover.name: cover},
        lexicon=lexicon,
        recordings=recordings,
        glossary=draft.bodies[0].glossary,
    )
    crowds = (*crowded(publication), *overlong(publication))
    if crowds:
        raise FindingsError((*told, *crowds))
    publication, unused = link_glossary(publication, draft.bodies[0].forms)
    return Reading(publication, _in_order([*told, *unused], paths))


def _broken(findings: Sequence[Finding]) -> list[Finding]:
    """What leaves the blocks in doubt. An article that holds nothing but a picture that is not there is not empty."""
    broken = [finding for finding in findings if finding.check in _BROKEN]
    causes = [finding for finding in errors(findings) if finding.check != "article-empty"]
    only_empty = {finding.check for finding in broken} == {"article-empty"}
    return causes if only_empty and causes else broken


# Files


def _name(folder: Path) -> str:
    return folder.resolve().name


def _files(folder: Path, layers: Sequence[str] | None) -> dict[str, Path]:
    """The article and the layers wanted, by name, the article first and commentary.md second."""
    if not folder.is_dir():
        raise InputError(f"no edition {folder}; give the name of a folder under source/ or a path to one")
    article = folder / ARTICLE
    if not article.exists():
        raise InputError(f"{folder} has no {ARTICLE}; write one, or start with publisher new or publisher import")
    found: dict[str, Path] = {}
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as failure:
        raise InputError(f"cannot read {folder}: {failure.strerror}; check its permissions") from failure
    for match in filter(None, map(_LAYER.fullmatch, names)):
        found[match["name"] or MAIN] = folder / match.string
    for layer in layers or ():
        if layer not in found:
            there = f"there are {', '.join(sorted(found))}" if found else "it has none"
            raise InputError(f"{folder} has no layer of commentary {layer}; {there}")
    wanted = [name for name in sorted(found, key=lambda name: (name != MAIN, name)) if layers is None or name in layers]
    return {ARTICLE: article, **{name: found[name] for name in wanted}}


def _front_matters(
    files: dict[str, Path], texts: dict[str, str]
) -> tuple[FrontMatter[ArticleFront], dict[str, FrontMatter[CommentaryFront]], list[Finding]]:
    """The front matter of all files. Raises FindingsError with the faults of all of them."""
    findings: list[Finding] = []
    article: FrontMatter[ArticleFront] | None = None
    commentaries: dict[str, FrontMatter[CommentaryFront]] = {}
    if not texts[ARTICLE].strip():
        message = "the article is empty; write its front matter (--- title: … ---) and its text"
        raise FindingsError([Finding("article-empty", Severity.ERROR, message, Position(str(files[ARTICLE]), 1))])
    for name, path in files.items():
        try:
            if name == ARTICLE:
                article = read_front_matter(texts[name], str(path), ArticleFront)
                findings += article.findings
            else:
                commentaries[name] = read_front_matter(texts[name], str(path), CommentaryFront)
                findings += commentaries[name].findings
        except FindingsError as problem:
            findings += problem.findings
    if article is None or errors(findings):
        raise FindingsError(findings)
    return article, commentaries, findings


def _markdown(
    front: FrontMatter[ArticleFront] | FrontMatter[CommentaryFront], path: Path, lang: str, layer: str | None
) -> MarkdownText:
    return MarkdownText(
        path=str(path),
        text=front.body,
        first_line=front.body_line,
        lang=front.front.lang or lang,
        reader=front.front.reader,
        naming=naming(layer) if layer is not None else None,
    )


# What the texts share


def _merged(lists: Iterable[Sequence[Source]]) -> tuple[list[Source], list[Finding]]:
    """The references of all files, each once; those of one id must be the same."""
    merged: dict[str, Source] = {}
    clashes = []
    for source in (source for sources in lists for source in sources):
        key = str(source.csl["id"])
        other = merged.setdefault(key, source)
        if other.csl != source.csl:
            message = f"another reference, at {other.position}, has the id {key}; make them the same or rename one"
            clashes.append(Finding("reference-duplicate", Severity.ERROR, message, source.position))
    return list(merged.values()), clashes


def _cover(article: FrontMatter[ArticleFront], resources: Resources) -> Resource | None:
    cover = article.front.cover
    return resources.find(cover, article.data.place(("cover",))) if cover else None


def _unexplained(article: FrontMatter[ArticleFront], cover: Resource | None) -> list[Finding]:
    if cover is None or article.front.cover_alternative:
        return []
    message = "the cover has no alternative text; add a line `cover-alternative: …` that says what it shows"
    return [Finding("cover-alternative", Severity.WARNING, message, article.data.place(("cover",)))]


def _targets(article: FrontMatter[ArticleFront], path: Path, lang: str, draft: Draft) -> Targets:
    names = {TITLE: (article.front.title, lang, article.data.place(("title",)))}
    if article.front.subtitle:
        names[SUBTITLE] = (article.front.subtitle, lang, article.data.place(("subtitle",)))
    body = draft.bodies[0]
    elsewhere: list[Node] = [node for section in body.sections for node in walk(section.nodes())]
    elsewhere = [node for node in elsewhere if isinstance(node, CodeBlock)]
    own = (footnote for footnote in draft.footnotes if footnote.position.path == str(path))
    elsewhere += (block for footnote in own for block in footnote.blocks)
    elsewhere += (block for counterpart in body.counterparts for block in counterpart.blocks)
    return Targets(body.sections, names, tuple(elsewhere))


def _in_order(findings: Iterable[Finding], paths: Sequence[str]) -> tuple[Finding, ...]:
    """Findings once each, by file and line, those of no place first."""
    ranks = {path: rank for rank, path in enumerate(paths)}

    def key(finding: Finding) -> tuple[int, str, int, int]:
        place = finding.position
        if place is None:
            return (-1, "", 0, 0)
        return (ranks.get(place.path, len(ranks)), place.path, place.line, place.column or 0)

    return tuple(sorted(dict.fromkeys(findings), key=key))


def _metadata(front: ArticleFront, imprint: Imprint, name: str, lang: str, cover: Resource | None) -> Metadata:
    return Metadata(
        title=front.title,
        lang=lang,
        identifier=front.identifier or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, imprint.base_url + name)}",
        subtitle=front.subtitle,
        creators=people(front.creators),
        date=front.date,
        publisher=imprint.publisher,
        rights=front.rights or imprint.rights,
        description=front.description or "",
        cover=cover,
        cover_alternative=front.cover_alternative or "",
        voice=front.voice or imprint.voice,
        voices={**imprint.voices, **front.voices},
        pauses={**imprint.pauses, **front.pauses},
        mixes=imprint.mixes if front.mixes is None else front.mixes,
        opus=imprint.opus if front.opus is None else front.opus,
        subjects=tuple(front.subjects),
    )
