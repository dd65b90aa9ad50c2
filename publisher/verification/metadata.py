"""What an artefact says of itself: title, creators, language, date, identifier and more as the source has them."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.verification.case import Case
from publisher.verification.coverage import identifier_of
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.normalise import normalise


def check_metadata(case: Case) -> Iterator[Discrepancy]:
    """Metadata that disagree. Formats may hold more: a subtitle, the commentary's languages, its editors; what the
    source names must come first, in its order."""
    wanted = _wanted(case)
    for name in case.coverage.metadata:
        there = tuple(normalise(value) for value in case.extract.metadata.get(name, ()))
        should = tuple(normalise(value) for value in wanted[name])
        if not should and name in case.coverage.demands:
            continue
        if name in _MAY_GO_ON:
            agrees = there[: len(should)] == should
        elif name in _SOMEWHERE:
            agrees = set(should) <= set(there)
        else:
            agrees = there == should
        if not agrees:
            shown, found = "; ".join(wanted[name]) or "nothing", "; ".join(there) or "nothing"
            message = f"the metadata say of the {name}: {found}; the source says: {shown}"
            yield case.of_metadata(f"metadata-{name}", message, shown, found)


_MAY_GO_ON = frozenset(("title", "language"))
_SOMEWHERE = frozenset(("contributor",))


def _wanted(case: Case) -> dict[str, tuple[str, ...]]:
    metadata = case.source.publication.metadata
    return {
        "title": (metadata.title,),
        "creator": tuple(creator.name for creator in metadata.creators if creator.role == "aut"),
        "contributor": tuple(creator.name for creator in metadata.creators if creator.role != "aut"),
        "language": (metadata.lang,),
        "date": (metadata.date.isoformat(),) if metadata.date else (),
        "identifier": (identifier_of(case.source.publication, case.coverage),),
        "publisher": (metadata.publisher,) if metadata.publisher else (),
        "rights": (metadata.rights,) if metadata.rights else (),
        "description": (metadata.description,) if metadata.description else (),
        "subject": metadata.subjects,
    }
