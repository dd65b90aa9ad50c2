"""Drafts: an edition's pages alone, made quickly and beside what is published, which stays as it is.

A draft offers the files of the last build, and follows its sound, as long as there are no newer ones: so the page
looks as it will. What takes long (sound, PDF, EPUB) is made afterwards where it is asked for, into a folder of drafts.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from publisher.build import Order, is_current, read_imprint_of
from publisher.formats import FORMATS
from publisher.formats.contract import Job
from publisher.formats.web.pages import CUES
from publisher.manifest import MANIFEST, artefact_of
from publisher.manuscript.checking import check
from publisher.manuscript.reading import read_edition
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding
from publisher.model.publication import Publication
from publisher.preview.writing import PageWriter
from publisher.rendering.templates import Templates
from publisher.shelving import update_catalogue
from publisher.store import digest, file_digest
from publisher.verification.expected import units

_KEPT = 2
"""Drafts that stay: the newest, and the one before it, of which a page may still be loading."""


@dataclass(frozen=True)
class Base:
    """A whole build that a draft stands on: its folder and what its manifest says."""

    folder: Path
    manifest: Mapping[str, Any]

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of each of its files, by name."""
        return {file["name"]: file["sha256"] for file in self.manifest["files"]}

    @cached_property
    def artefacts(self) -> tuple[Artefact, ...]:
        return tuple(map(artefact_of, self.manifest["files"]))

    @cached_property
    def words(self) -> frozenset[tuple[str, str]]:
        """What it says: each unit and the digest of its words."""
        return frozenset((unit["id"], unit["sha256"]) for unit in self.manifest["units"])


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: the folders that its files are looked for in, the version of these, which formats on offer tell of an
    older text. `told` is what there was to say when it was made."""

    layers: tuple[Path, ...]
    version: str
    stale: tuple[str, ...] = ()
    told: tuple[Finding, ...] = ()
    publication: Publication | None = None

    def findings(self) -> tuple[Finding, ...]:
        """All that there is to say of the source, as `publisher check` says it. This takes a while, in which the pages
        can be shown."""
        return check(self.publication, self.told) if self.publication else self.told


@dataclass
class Desk:
    """Where one edition's drafts are made. `order` is as for a build, `scratch` a folder of this preview's own; `pages`
    may be shared with other editions, and is ended by whoever made it."""

    order: Order
    scratch: Path
    pages: PageWriter = field(default_factory=PageWriter)
    _drafts: list[Path] = field(default_factory=list)
    _stood_on: tuple[Mapping[str, Any], ...] = ()

    @property
    def whole(self) -> Path:
        """The folder into which the formats beside the pages are built for drafts, as `build` does."""
        return self.scratch / "whole"

    def published(self) -> Draft | None:
        """What is published, as a draft to begin with; None where that has no pages."""
        base = base_in(self.order.out / self.order.name)
        if base is None or not (base.folder / "index.html").is_file():
            return None
        return Draft((base.folder,), _version(base.digests))

    def draft(self) -> Draft:
        """The pages of the source as it is now.

        Raises FindingsError, InputError and EngineError as a build does; earlier drafts stay then.
        """
        order = self.order
        if self.whole.is_dir() and is_current(order):
            # Somebody has built it meanwhile: what is published is as new as can be.
            shutil.rmtree(self.whole)
        imprint, about = read_imprint_of(order.folder)
        reading = read_edition(order.folder, imprint, order.layers)
        bases = self._bases()
        self._stood_on = tuple(base.manifest for base in bases)
        offered = _offered(bases)
        self.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="draft-", dir=self.scratch))
        try:
            for base, artefact in offered:
                _stand_in(base, artefact, folder)
            siblings = tuple(artefact for _, artefact in offered)
            own = order.folder / "templates"
            templates = Templates(own if own.is_dir() else None)
            job = Job(reading.publication, templates, folder, order.store, siblings=siblings)
            written = self.pages.write(order, job)
        except BaseException:
            shutil.rmtree(folder)
            raise
        digests = {artefact.name: base.digests[artefact.name] for base, artefact in offered}
        digests |= {artefact.name: file_digest(folder / artefact.name) for artefact in written}
        self._keep(folder)
        told = (*about, *reading.findings, *(finding for artefact in written for finding in artefact.findings))
        layers = (folder, *(base.folder for base in bases))
        stale = _stale(offered, reading.publication)
        return Draft(layers, _version(digests), stale, told, reading.publication)

    def whole_order(self) -> Order:
        """The order for all formats that were asked for: into the output where nothing is published yet, so that there
        is something; else into a folder of drafts. One process, so that a core is left for the next draft."""
        formats = tuple(name for name in FORMATS if name in {*self.order.formats, "web"})
        nothing = base_in(self.order.out / self.order.name) is None
        return replace(self.order, out=self.order.out if nothing else self.whole, formats=formats, jobs=1)

    def wants_whole(self) -> bool:
        """Whether something is to be made that is not there, or was made from another state of the source."""
        order = self.whole_order()
        if order.out == self.order.out or order.formats == ("web",):
            return order.out == self.order.out
        return not (is_current(replace(order, out=self.order.out)) or is_current(order))

    def moved(self) -> bool:
        """Whether there are other builds to stand on than the last draft stands on."""
        return self._stood_on != tuple(base.manifest for base in self._bases())

    def _bases(self) -> list[Base]:
        """The whole builds that drafts stand on, the one for drafts first."""
        return [base for folder in (self.whole, self.order.out) if (base := base_in(folder / self.order.name))]

    def _keep(self, folder: Path) -> None:
        self._drafts.append(folder)
        while len(self._drafts) > _KEPT:
            shutil.rmtree(self._drafts.pop(0), ignore_errors=True)


def base_in(folder: Path) -> Base | None:
    """The build that stands in a folder; None where there is none that this version can tell the files of."""
    try:
        base = Base(folder, json.loads((folder / MANIFEST).read_bytes()))
        return base if base.artefacts and base.digests and base.words is not None else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _offered(bases: Sequence[Base]) -> list[tuple[Base, Artefact]]:
    """What a draft offers beside its pages: each format from the first build that has it, sound with its cues."""
    offered: list[tuple[Base, Artefact]] = []
    sounding = bases[:1]
    for name in FORMATS:
        having = [base for base in bases if any(one.format == name for one in base.artefacts)]
        if having and name != "web":
            offered += [(having[0], one) for one in having[0].artefacts if one.format == name]
            sounding = having[:1] if name == "audio" else sounding
    return offered + [(base, one) for base in sounding for one in base.artefacts if one.name in CUES.values()]


def _stand_in(base: Base, artefact: Artefact, folder: Path) -> None:
    """Have a draft find a file of another build beside it, for its size. The server follows no link, and so takes the
    file from where it is."""
    path = folder / artefact.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to((base.folder / artefact.name).resolve())


def _stale(offered: Sequence[tuple[Base, Artefact]], publication: Publication) -> tuple[str, ...]:
    """The formats on offer that say something else than the publication."""
    said = frozenset((unit.id, digest(unit.text)) for unit in units(publication))
    formats = dict.fromkeys(one.format for base, one in offered if one.format != "web" and base.words != said)
    return tuple(formats)


def _version(digests: Mapping[str, str]) -> str:
    return digest(dict(digests))[:16]


def draft_catalogue(out: Path, folder: Path) -> str:
    """Make the catalogue of what is published, into a folder of its own; its version, "" where there is no edition.

    Raises InputError for a template that is wrong.
    """
    for left in folder.glob(f"*/{MANIFEST}"):
        shutil.rmtree(left.parent)
    manifests = [path for path in sorted(out.glob(f"*/{MANIFEST}")) if not path.parent.name.startswith(".")]
    for path in manifests:
        (folder / path.parent.name).mkdir(parents=True)
        shutil.copyfile(path, folder / path.parent.name / MANIFEST)
    if not manifests:
        return ""
    return _version({name: file_digest(folder / name) for name in update_catalogue(folder)})
