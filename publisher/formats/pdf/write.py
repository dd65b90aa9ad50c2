"""Writes the two PDFs of an edition: one to print and read, one in large print. Both are PDF/UA-1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from publisher.formats.contract import Job
from publisher.formats.pdf.document import LARGE_PRINT, SMALLEST, make_document
from publisher.formats.pdf.engine import epoch, require_weasyprint
from publisher.formats.pdf.machine_fonts import packages_for
from publisher.holding.allowance import Within, allowance
from publisher.holding.children import TooLongError, TooMuchError
from publisher.model.artefacts import Artefact
from publisher.model.blocks import Worded, walk
from publisher.model.findings import EngineError, Finding, InputError, Severity
from publisher.model.inlines import Image, walk_inlines
from publisher.model.limits import Limits, beyond
from publisher.model.publication import Publication
from publisher.model.source import Position
from publisher.store import digest

PRINTS = {
    "print": ("", "article.css", "PDF to read and print, tagged for screen readers (PDF/UA-1)"),
    "large-print": (
        "-large-print",
        LARGE_PRINT,
        "PDF in large print, 18 point and more, tagged for screen readers (PDF/UA-1)",
    ),
}
"""Of each part: what is added to the edition's name, the style sheet, and what the file is good for."""

SMALLEST_DRAWN = 6
"""The size in points below which words in a picture are hard to read in print; in large print, that of large print."""

_ROUNDED = 0.05
"""How much a size may lack by rounding."""

LETTERS_A_SECOND = 2_000
"""The slowest that a document may be laid out, its markup counted in: tables and deep lists are read at 5,000 to 20,000
on a machine with much else to do."""

MEMORY_A_LETTER = 4
"""Kilobytes: tables and lists take up to one."""

SHOWN = 8
"""Characters without a glyph that a finding names."""


def write(job: Job) -> tuple[Artefact, ...]:
    """Write NAME.pdf and NAME-large-print.pdf, or the one that the job names. The same job gives the same bytes.

    Raises InputError where Pango is missing, a page size is unknown or a template or picture asks for a file that is
    not the edition's; EngineError where WeasyPrint fails.
    """
    require_weasyprint()
    with epoch(job.publication.metadata.date):
        try:
            return tuple(_write(job, *kind) for part, kind in PRINTS.items() if job.part in (None, part))
        except RecursionError as problem:
            raise EngineError(
                "WeasyPrint", "the text is nested too deeply; flatten its lists or quotations"
            ) from problem


def _write(job: Job, suffix: str, style: str, purpose: str) -> Artefact:
    from publisher.formats.pdf.fetching import Fetcher  # noqa: PLC0415 - these two load Pango
    from publisher.formats.pdf.layout import lay_out  # noqa: PLC0415

    publication = job.publication
    name = f"{publication.name}{suffix}.pdf"
    document = make_document(publication, job.templates, style=style)
    fetcher = Fetcher(
        resources=publication.resources,
        formulas=document.formulas,
        styles=document.styles,
        generics=document.generics,
        templates=job.templates,
        store=job.store,
    )
    with _allowance(name, publication.imprint.limits, len(document.html)):
        laid_out = lay_out(document, fetcher, publication.metadata, digest(document.html, document.styles, style)[:32])
    path = job.folder / name
    try:
        path.write_bytes(laid_out.data)
    except OSError as problem:
        raise InputError(
            f"cannot write {name}: {problem.strerror}; make room or choose another folder with --out"
        ) from problem
    return Artefact(
        name=name,
        media_type="application/pdf",
        format="pdf",
        purpose=purpose.replace("18 point", f"{publication.imprint.large_print} point"),
        pages=laid_out.pages,
        breaks=laid_out.breaks if not suffix else (),  # page lists name the pages that most people hold
        findings=(
            *_boxes(name, laid_out.missing),
            *_small(name, publication, laid_out.letters, large=style == LARGE_PRINT),
        ),
        variant=suffix.removeprefix("-"),
    )


@contextmanager
def _allowance(name: str, limits: Limits, letters: int) -> Iterator[None]:
    """What the engine may take for a document of so many letters. Raises EngineError where that is not enough."""
    seconds, memory = limits.seconds + letters / LETTERS_A_SECOND, limits.memory + letters * MEMORY_A_LETTER // 1024
    late = beyond(f"{name} is not laid out after {seconds:.0f} seconds", "simplify or divide the text", "seconds")
    try:
        with allowance(Within(seconds, "WeasyPrint", late), memory):
            yield
    except TooLongError as problem:
        raise EngineError("WeasyPrint", late) from problem
    except TooMuchError as problem:
        what = f"{name} takes over {memory:,} MB of memory to lay out"
        raise EngineError("WeasyPrint", beyond(what, "simplify or divide the text", "memory")) from problem


def _boxes(name: str, missing: Sequence[str]) -> Iterator[Finding]:
    """That boxes stand for characters which no font at hand has."""
    if missing:
        listed = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:SHOWN])
        more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        packages = packages_for(missing)
        if packages:
            named = ", ".join(f"{package} ({', '.join(scripts)})" for package, scripts in packages)
            remedy = f"install one (on Debian and Ubuntu: apt install {' '.join(name for name, _ in packages)}"
            remedy += f", which is {named})" if len(packages) > 1 else f", for {', '.join(packages[0][1])})"
        else:
            remedy = "install one"
        message = (
            f"no font has {listed}{more}: boxes stand for them; {remedy}, add a font that has them to fonts.css "
            "in the edition's templates folder, or write it otherwise"
        )
        yield Finding("glyph-missing", Severity.WARNING, message, where=name)


def _small(name: str, publication: Publication, letters: Mapping[str, float], *, large: bool) -> Iterator[Finding]:
    """That words in pictures are too small on the page."""
    least = SMALLEST if large else SMALLEST_DRAWN
    small = {id: size for id, size in letters.items() if size < least - _ROUNDED}
    places = dict(_pictures(publication)) if small else {}
    for id, size in small.items():
        resource, position = places.get(id, ("a picture", None))
        message = (
            f"{name}: words in {resource} are {size:g} points high in print, less than {least}; "
            "draw them larger or with fewer around them, or say them in the text"
        )
        yield Finding("words-small", Severity.WARNING, message, position, None if position else name)


def _pictures(publication: Publication) -> Iterator[tuple[str, tuple[str, Position | None]]]:
    """Each picture by its id: its file's name, and where it stands."""
    cover = publication.metadata.cover
    if cover is not None:
        yield "cover", (cover.name, None)
    for node in walk(publication.all_blocks()):
        if isinstance(node, Worded):
            for inline in walk_inlines(node.inlines):
                if isinstance(inline, Image):
                    yield inline.id, (inline.resource, node.position)
