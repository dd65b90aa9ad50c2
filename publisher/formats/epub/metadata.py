"""The package's metadata: Dublin Core, roles, accessibility, media overlays.

EPUB 3.3, section 5.5 (https://www.w3.org/TR/epub-33/#sec-pkg-metadata).
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher.formats.epub.package import Meta
from publisher.model.accessibility import Claims
from publisher.model.artefacts import Artefact
from publisher.model.publication import Publication

_AUTHOR = "aut"
"""Roles of those who made the article; all others contribute to the edition."""


def package_metadata(publication: Publication, claims: Claims) -> Iterator[Meta]:
    """All metadata but the identifier and the date of modification, which the package holds itself."""
    metadata = publication.metadata
    yield Meta("dc:title", metadata.title, id="meta-title")
    yield Meta("title-type", "main", refines="meta-title")
    yield Meta("display-seq", "1", refines="meta-title")
    if metadata.subtitle:
        yield Meta("dc:title", metadata.subtitle, id="meta-subtitle")
        yield Meta("title-type", "subtitle", refines="meta-subtitle")
        yield Meta("display-seq", "2", refines="meta-subtitle")
    for lang in languages(publication):
        yield Meta("dc:language", lang)
    yield from _people(publication)
    if metadata.date:
        yield Meta("dc:date", metadata.date.isoformat())
    for name, value in (
        ("dc:publisher", metadata.publisher or publication.imprint.publisher),
        ("dc:rights", metadata.rights or publication.imprint.rights),
        ("dc:description", metadata.description),
        *(("dc:subject", subject) for subject in metadata.subjects),
    ):
        if value.strip():
            yield Meta(name, value)
    yield from _accessibility(claims)


def languages(publication: Publication) -> tuple[str, ...]:
    """The languages that whole parts are written in: the article's first, then those of the commentary."""
    return tuple(dict.fromkeys((publication.metadata.lang, *(layer.lang for layer in publication.layers))))


def overlay_metadata(durations: dict[str, int], narrator: str, active_class: str) -> Iterator[Meta]:
    """What EPUB 3.3 asks for with media overlays (https://www.w3.org/TR/epub-33/#sec-mo-package-metadata).

    `durations` are milliseconds by the id of the overlay's item; the total is their sum.
    """
    for item, milliseconds in durations.items():
        yield Meta("media:duration", clock(milliseconds), refines=item)
    yield Meta("media:duration", clock(sum(durations.values())))
    yield Meta("media:narrator", narrator)
    yield Meta("media:active-class", active_class)
    yield Meta("dc:contributor", narrator, id="meta-narrator")
    yield Meta("role", "nrt", refines="meta-narrator", scheme="marc:relators")


def page_source(publication: Publication, printed: Artefact | None) -> Iterator[Meta]:
    """Whose pages the page list names: the PDF of the same build, by its address, or its file's name where the
    edition has no address (https://www.w3.org/TR/epub-a11y-11/#sec-page-source).
    """
    if printed is not None:
        base = publication.imprint.base_url.rstrip("/")
        source = f"{base}/{publication.name}/{printed.name}" if base else printed.name
        yield Meta("dc:source", source, id="meta-page-source")
        yield Meta("pageBreakSource", source)


def clock(milliseconds: int) -> str:
    """A full clock value: h:mm:ss.mmm (https://www.w3.org/TR/epub-33/#sec-clock-values)."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}.{rest:03}"


def _people(publication: Publication) -> Iterator[Meta]:
    """Creators and contributors, each once, with every role that they have."""
    people: dict[str, list[str]] = {}
    everyone = (*publication.metadata.creators, *(e for layer in publication.layers for e in layer.editors))
    for person in everyone:
        roles = people.setdefault(person.name, [])
        if person.role not in roles:
            roles.append(person.role)
    for number, (name, roles) in enumerate(people.items(), 1):
        id = f"meta-person-{number}"
        yield Meta("dc:creator" if _AUTHOR in roles else "dc:contributor", name, id=id)
        for role in roles:
            yield Meta("role", role, refines=id, scheme="marc:relators")


def _accessibility(claims: Claims) -> Iterator[Meta]:
    for name, values in (
        ("accessMode", claims.modes),
        ("accessModeSufficient", claims.sufficient),
        ("accessibilityFeature", claims.features),
        ("accessibilityHazard", claims.hazards),
        ("accessibilitySummary", (claims.summary,)),
    ):
        for value in values:
            yield Meta(f"schema:{name}", value)
    if claims.conforms_to and claims.certified_by:
        yield Meta("dcterms:conformsTo", claims.conforms_to, id="meta-conformance")
        yield Meta("a11y:certifiedBy", claims.certified_by, refines="meta-conformance")
