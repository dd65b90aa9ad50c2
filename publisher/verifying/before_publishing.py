"""Reads an edition's new files back before they take the place of the old: no build publishes what it would not prove.

This is what `publisher verify` does, but for hearing what is said: sound is seen to be there to its end, and to be what
its cues, chapters and transcripts tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publisher.manifest import artefact_of
from publisher.model.findings import Finding, errors
from publisher.verification.checks import source_of
from publisher.verification.verdicts import Listening, sounds
from publisher.verifying.books import with_books
from publisher.verifying.claiming import offered_words, with_claims
from publisher.verifying.files import seldom_collected, verify_file

if TYPE_CHECKING:
    from publisher.model.narration import Voice
    from publisher.model.publication import Publication
    from publisher.store import Store


def read_back(
    formats: frozenset[str],
    entries: Sequence[Mapping[str, Any]],
    folder: Path,
    publication: Publication,
    *,
    voice: Voice,
    store: Store,
) -> tuple[Finding, ...]:
    """The errors in the files of these formats; `entries` are what the manifest will say of all files, `voice` has
    read aloud, `store` knows what people's recordings read."""
    source = source_of(publication, list(offered_words(map(artefact_of, entries), publication.metadata.lang)))
    mine = [entry for entry in entries if entry["format"] in formats]
    with seldom_collected():
        sounding = [one for one in map(artefact_of, mine) if sounds(one)]
        heard = Listening()
        if sounding:
            from publisher.verifying.listening import leaf_through  # noqa: PLC0415 - loads numerical libraries

            heard = leaf_through(sounding, folder, source, voice, store)
        read = [verify_file(entry, folder, source, heard) for entry in mine]
        files = with_claims(with_books(read, folder, publication), folder, source)
    return errors(tuple(one.finding for file in files for one in file.discrepancies))
