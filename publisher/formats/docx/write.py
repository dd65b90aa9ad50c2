"""Writes NAME.docx: the edition as a Word document, the notes of the commentary as comments by their authors."""

from __future__ import annotations

from publisher.formats.archive import write_archive
from publisher.formats.contract import Job
from publisher.formats.docx.document import make_document
from publisher.formats.docx.making import Making
from publisher.formats.docx.package import assemble, open_reference
from publisher.manuscript.pandoc import docx_of
from publisher.model.artefacts import Artefact
from publisher.model.findings import InputError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFERENCE = "reference.docx"
"""The template whose styles and page the document has; an edition may have its own."""


def write(job: Job) -> tuple[Artefact, ...]:
    """Write the document. The same job gives the same bytes.

    Raises EngineError where pandoc fails, InputError where a picture is missing or the disk refuses.
    """
    making = Making(job.publication)
    written = docx_of(make_document(making))
    reference = open_reference(job.templates.find("docx", REFERENCE))
    name = f"{job.publication.name}.docx"
    try:
        write_archive(job.folder / name, assemble(written, making, reference, job.store))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(f"cannot write {name}: {reason}; make room or choose another folder with --out") from problem
    return (Artefact(name, MEDIA_TYPE, "docx", "a Word document to read and edit, with the notes as comments"),)
