"""The sound that is made before the EPUB itself, which waits for the printed pages, is the sound that it has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from publisher.build import read_imprint_of
from publisher.formats.contract import Job
from publisher.formats.epub.write import ahead, write
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact, PageBreak
from publisher.narration.narrate import narrate
from publisher.narration.script import write_script
from publisher.narration.voices import voice_from_name
from publisher.rendering.templates import Templates
from publisher.store import Store

EDITION = Path(__file__).parents[2] / "editions" / "minimal"
PRINTED = Artefact(
    "minimal.pdf", "application/pdf", "pdf", "to print", breaks=(PageBreak("1", "title"), PageBreak("2", "title", 1))
)


def test_what_is_encoded_ahead_is_not_encoded_again(tmp_path: Path) -> None:
    publication = read_edition(EDITION, read_imprint_of(EDITION)[0]).publication
    store = Store(tmp_path / "store")
    narration = narrate(write_script(publication, "default"), voice_from_name("espeak"), store)
    job = Job(publication, Templates(), tmp_path, store, {"default": narration})
    ahead(job)
    made = set(store.root.rglob("*.mp3"))
    assert made
    assert not list(tmp_path.glob("*.epub"))
    written = write(replace(job, siblings=(PRINTED,)))
    assert "minimal-read-aloud.epub" in {one.name for one in written}
    assert set(store.root.rglob("*.mp3")) == made
