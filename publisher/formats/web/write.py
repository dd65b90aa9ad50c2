"""The web pages: `index.html` (the article with its commentary), `plain.html` (plain language), one style sheet.

The pages read without scripts and load nothing from any other host; a Content-Security-Policy says so.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from rcssmin import cssmin  # type: ignore[import-untyped]
from rjsmin import jsmin  # type: ignore[import-untyped]

from publisher.formats.contract import Job
from publisher.formats.web.following import cue_script
from publisher.formats.web.pages import (
    CUES,
    INDEX,
    PLAIN,
    PLAIN_STYLES,
    POLICY,
    STYLES,
    contents,
    credits,
    downloads,
    full_footnotes,
    linked_data,
    missing_parts,
    plain_contents,
    plain_footnotes,
    plain_ids,
    sound,
)
from publisher.formats.web.plainly import plain_script
from publisher.model.artefacts import Artefact
from publisher.model.findings import InputError
from publisher.model.publication import Publication, Resource
from publisher.rendering.body import Body, Options
from publisher.rendering.choices import SIZES, SPEEDS, TYPEFACES
from publisher.rendering.cover import cover_image
from publisher.rendering.faces import choose_fonts
from publisher.rendering.markup import root_attributes, spoken_in
from publisher.rendering.statements import statement_title
from publisher.rendering.templates import Templates

COVERS = {"cover": (800, 1200), "cover-square": (1400, 1400)}
"""Pixels: a book's shape, and the square that podcast directories ask for."""
SCRIPT, PLAIN_SCRIPT, PLAINLY = "publisher.js", "plain.js", "plainly.js"
_MIXES = {INDEX: "default", PLAIN: "plain"}
"""What each page plays."""
MEDIA = "media"
"""The folder of the pictures, beside the pages."""


@dataclass
class _Pictures:
    """Gives each resource its address and remembers which were asked for."""

    used: dict[str, Resource] = field(default_factory=dict)

    def __call__(self, resource: Resource) -> str:
        name = _picture_path(resource)
        self.used[name] = resource
        return quote(name)


def write(job: Job) -> tuple[Artefact, ...]:
    """Writes both pages, their style sheet, fonts and pictures.

    Raises InputError for a template that is missing or wrong and for a picture that cannot be copied.
    """
    pictures = _Pictures()
    pages = {INDEX: _index(job, pictures), PLAIN: _plain(job, pictures)}
    styles = _styles(job, pages.values())
    plain_styles = job.templates.find("web", PLAIN_STYLES).read_text("utf-8")
    faces = job.templates.find("web", "fonts.css").read_text("utf-8")
    fonts = choose_fonts(faces, styles + plain_styles, set("".join(pages.values())))
    for name, page in pages.items():
        _write_text(job.folder / name, page)
    _write_text(job.folder / STYLES, cssmin(f"{fonts.css}\n{styles}"))
    _write_text(job.folder / PLAIN_STYLES, cssmin(plain_styles))
    for file in fonts.files:
        _copy(job.templates.find("web", file), job.folder / file)
    for name, resource in sorted(pictures.used.items()):
        _copy(resource.path, job.folder / name)
    # The project's own, whatever templates an edition brings: those may come from strangers.
    for script in (SCRIPT, PLAIN_SCRIPT):
        _write_text(job.folder / script, jsmin(Templates().find("web", script).read_text("utf-8")))
    cues = {page: cue_script(pages[page], job.narrations[mix]) for page, mix in _MIXES.items() if mix in job.narrations}
    for page, data in cues.items():
        _write_text(job.folder / CUES[page], data)
    shown = _plain_words(job)
    if shown:
        _write_text(job.folder / PLAINLY, shown)
    covers = tuple(_cover(job, name, *size) for name, size in COVERS.items())
    return (
        Artefact(INDEX, "text/html", "web", "the article with its commentary, in a browser"),
        Artefact(PLAIN, "text/html", "web", "the plain-language edition, in a browser", variant="plain"),
        Artefact(STYLES, "text/css", "web", "how the pages look"),
        Artefact(PLAIN_STYLES, "text/css", "web", "how the plain-language page looks beside that"),
        *(Artefact(file, "font/woff2", "web", "a font of the pages") for file in fonts.files),
        *(
            Artefact(name, resource.media_type, "web", "a picture of the pages")
            for name, resource in sorted(pictures.used.items())
        ),
        Artefact(SCRIPT, "text/javascript", "web", "settings and player of the pages"),
        Artefact(PLAIN_SCRIPT, "text/javascript", "web", "what explains hard words on the plain-language page"),
        *(Artefact(CUES[page], "text/javascript", "web", f"when each sentence of {page} sounds") for page in cues),
        *([Artefact(PLAINLY, "text/javascript", "web", "the counterparts, for the full page")] if shown else []),
        *covers,
    )


def _styles(job: Job, pages: Collection[str]) -> str:
    """The style sheet of both pages, without what neither of them needs: it holds up the first sight of a page."""
    sheets = ["columns.css", STYLES]
    if any("<math" in page for page in pages):
        sheets.append("math.css")
    if job.publication.metadata.lang.lower().partition("-")[0] in ("zh", "ja", "ko"):
        sheets.append("cjk.css")
    styles = "\n".join(job.templates.find("web", sheet).read_text("utf-8") for sheet in sheets)
    used = {width for page in pages for width in re.findall(r"(?<![\w-])w-\d+(?![\w-])", page)}
    return re.sub(r"\.(w-\d+) \{[^}]*\}\n", lambda rule: rule[0] if rule[1] in used else "", styles)


def _plain_words(job: Job) -> str | None:
    """What the full page shows in plain language where a reader asks for it. What only the plain page has is there."""
    publication = job.publication
    if not publication.counterparts:
        return None
    here = Body(publication, Options(source=_Pictures()))
    own = {footnote.id for footnote in full_footnotes(here)}
    elsewhere = {footnote.id for footnote in publication.footnotes} - own | here.context.explained

    def href(id: str) -> str:
        return f"{PLAIN}#{id}" if id in elsewhere else f"#{id}"

    return plain_script(
        publication, Body(publication, Options(commentary=False, source=_Pictures(), href=href, lean=True))
    )


def _cover(job: Job, name: str, width: int, height: int) -> Artefact:
    """The cover as a picture of its own, for the catalogue and for whoever links to the edition."""
    data = cover_image(job.publication, width, height, job.templates)
    kind, suffix = ("image/png", "png") if data.startswith(b"\x89PNG") else ("image/jpeg", "jpg")
    file = f"{name}.{suffix}"
    (job.folder / file).write_bytes(data)
    return Artefact(file, kind, "web", "the cover, for catalogues")


def _index(job: Job, pictures: _Pictures) -> str:
    publication = job.publication
    body = Body(publication, Options(notes="after-block", source=pictures, scroll=True, fold=True, lean=True))
    words = body.edition_words
    offered = downloads(job, words)
    return _render(
        job,
        body,
        INDEX,
        contents=contents(body),
        sound=sound(job, words),
        downloads=offered,
        accessibility=statement_title(publication.metadata.lang),
        footnotes=full_footnotes(body),
        kinds=[(kind, words.kind(kind)) for kind in dict.fromkeys(note.kind for note in publication.notes)],
        linked_data=linked_data(publication, offered, _address(publication, INDEX)),
        has_plain=bool(publication.counterparts),
    )


def _plain(job: Job, pictures: _Pictures) -> str:
    ids = plain_ids(job.publication)

    def href(id: str) -> str:
        return f"#{ids[id]}" if id in ids else f"{INDEX}#{id}"

    options = Options(commentary=False, source=pictures, href=href, scroll=True, fold=True, lean=True)
    body = Body(job.publication, options)
    return _render(
        job,
        body,
        PLAIN,
        contents=plain_contents(body),
        sound=sound(job, body.edition_words, "plain"),
        missing=missing_parts(body),
        footnotes=plain_footnotes(body),
        has_plain=bool(job.publication.counterparts),
    )


def _render(job: Job, body: Body, template: str, **values: object) -> str:
    """A page from its template, with what both pages are given."""
    metadata, words = job.publication.metadata, body.edition_words
    return job.templates.render(
        "web",
        template,
        publication=job.publication,
        metadata=metadata,
        body=body,
        words=words,
        own=spoken_in(body.context.words_lang, metadata.lang),
        language=lambda lang: spoken_in(lang, metadata.lang),
        root=root_attributes(metadata.lang),
        policy=POLICY,
        sheets=[STYLES, PLAIN_STYLES] if template == PLAIN else [STYLES],
        scripts=[SCRIPT, PLAIN_SCRIPT] if template == PLAIN else [SCRIPT],
        choices={"SIZES": SIZES, "SPEEDS": SPEEDS, "TYPEFACES": TYPEFACES},
        credits=credits(metadata.creators, words),
        canonical=_address(job.publication, template),
        **values,
    )


def _address(publication: Publication, page: str) -> str:
    """Where a page is published; empty where the imprint does not say."""
    base = publication.imprint.base_url.rstrip("/")
    return f"{base}/{quote(publication.name)}/{page}" if base else ""


def _picture_path(resource: Resource) -> str:
    """Where a picture stands. Raises InputError for a name that would lead out of the edition's folder."""
    parts = PurePosixPath(resource.name).parts
    if not parts or ".." in parts or resource.name.startswith("/"):
        raise InputError(f"the picture {resource.name} is outside the edition's folder; move it into the folder")
    return f"{MEDIA}/{resource.name}"


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as problem:
        raise InputError(f"cannot write {path.name}: {problem.strerror}; make room or choose --out") from problem


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as problem:
        raise InputError(f"cannot copy {source.name}: {problem.strerror}; check the file and the disk") from problem
