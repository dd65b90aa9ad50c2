"""What a format gets and what it gives: the contract between `build` and every writer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from publisher.model.artefacts import Artefact
from publisher.model.extract import Extract
from publisher.model.narration import Narration
from publisher.model.publication import Publication
from publisher.rendering.templates import Templates
from publisher.store import Store


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a writer needs. It writes into `folder` and nowhere else.

    `narrations` holds the mixes by name ("default", "plain"), empty where no audio was asked for; `siblings` are the
    artefacts that the formats before this one made, for a page that offers them and for a page list: `printed` is the
    PDF among them whose pages others name. `part` is the one part of the format to write, where its parts are written
    side by side (`publisher.formats.PARTS`).
    """

    publication: Publication
    templates: Templates
    folder: Path
    store: Store
    narrations: Mapping[str, Narration] = field(default_factory=dict)
    siblings: tuple[Artefact, ...] = ()
    part: str | None = None

    @property
    def printed(self) -> Artefact | None:
        """The PDF of the same build whose page breaks a page list gives; None where none is made."""
        return next((one for one in self.siblings if one.breaks), None)


Writer = Callable[[Job], tuple[Artefact, ...]]
"""Writes a format's files into the job's folder and lists them. Raises EngineError where its engine fails."""

Reader = Callable[[Path], Extract]
"""Opens an artefact as a stranger would. Raises InputError where it cannot be read."""
