"""What an artefact says of itself: title, creators, language, date, identifier and more as the source has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from publisher.model.publication import Publication
from publisher.verification.case import Case
from publisher.verification.coverage import identifier_of
from publisher.verification.discrepancies import Discrepancy
from publisher.verification.normalise import normalise


def check_metadata(case: Case) -> Iterator[Discrepancy]:
    """Metadata that disagree. Formats may hold more: a subtitle, the commentary's languages, its editors; what the
    source names must come first, in its order."""
    wanted = metadata_of(case.source.publication, identifier_of(case.source.publication, case.coverage))
    for check, message, shown, found in stated_otherwise(
        case.extract.metadata, wanted, case.coverage.metadata, case.coverage.demands
    ):
        yield case.of_metadata(check, message, shown, found)


def stated_otherwise(
    stated: Mapping[str, tuple[str, ...]],
    wanted: Mapping[str, tuple[str, ...]],
    names: Iterable[str],
    demands: Collection[str] = (),
) -> Iterator[tuple[str, str, str, str]]:
    """Of some names where metadata disagree: the check, a message, what should be said and what is. Those that a format
    `demands` may say something where the source says nothing."""
    for name in names:
        there = tuple(normalise(value) for value in stated.get(name, ()))
        should = tuple(normalise(value) for value in wanted[name])
        if not should and name in demands:
            continue
        if name in _MAY_GO_ON:
            agrees = there[: len(should)] == should
        elif name in _SOMEWHERE:
            agrees = set(_pieces(should)) <= set(_pieces(there))
        else:
            agrees = _pieces(there) == _pieces(should)
        if not agrees:
            shown, found = "; ".join(wanted[name]) or "nothing", "; ".join(there) or "nothing"
            message = f"the metadata say of the {name}: {found}; the source says: {shown}"
            yield f"metadata-{name}", message, shown, found


def _pieces(values: Iterable[str]) -> list[str]:
    """Values parted at semicolons: formats that know but one hold several so, and a value may hold some itself."""
    return [piece for piece in re.split(r"\s*;\s*", "; ".join(values)) if piece]


_MAY_GO_ON = frozenset(("title", "language"))
_SOMEWHERE = frozenset(("contributor",))


def metadata_of(publication: Publication, identifier: str) -> dict[str, tuple[str, ...]]:
    """What an artefact with an identifier has to say of the edition, by Dublin Core's names."""
    metadata = publication.metadata
    authors = [creator.name for creator in metadata.creators if creator.role == "aut"]
    others = dict.fromkeys(creator.name for creator in metadata.creators if creator.name not in authors)
    return {
        "title": (metadata.title,),
        "creator": tuple(authors),
        "contributor": tuple(others),
        "language": (metadata.lang,),
        "date": (metadata.date.isoformat(),) if metadata.date else (),
        "identifier": (identifier,),
        "publisher": (metadata.publisher,) if metadata.publisher else (),
        "rights": (metadata.rights,) if metadata.rights else (),
        "description": (metadata.description,) if metadata.description else (),
        "subject": metadata.subjects,
    }
