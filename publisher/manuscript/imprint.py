"""imprint.yaml: what the editions of one publisher share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from publisher.manuscript.files import read_text
from publisher.manuscript.frontmatter import (
    Language,
    Mixes,
    Model,
    OptionalAddress,
    PauseTable,
    VoiceName,
    Voices,
    Words,
    YesNo,
    validate,
)
from publisher.manuscript.yaml_data import read_yaml
from publisher.model.findings import Finding
from publisher.model.limits import DEFAULT, Limits
from publisher.model.publication import Imprint


def _page_size(value: object) -> object:
    return {"a4": "A4", "letter": "Letter"}.get(value.lower(), value) if isinstance(value, str) else value


class LimitsEntry(Model):
    """How much one edition may ask of the engines; see `publisher.model.limits`."""

    file_size: Annotated[int, Field(ge=1, le=32)] = DEFAULT.file_size
    nesting: Annotated[int, Field(ge=10, le=120)] = DEFAULT.nesting
    notes: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT.notes
    table_rows: Annotated[int, Field(ge=1, le=100_000)] = DEFAULT.table_rows
    pixels: Annotated[int, Field(ge=1, le=1_000)] = DEFAULT.pixels


class ImprintFile(Model):
    """The keys of imprint.yaml; all may be left out."""

    publisher: Words = ""
    base_url: OptionalAddress = ""
    lang: Language = "en"
    contact: Words = ""
    rights: Words = ""
    voice: VoiceName = "espeak"
    voices: Voices = Field(default_factory=dict)
    pauses: PauseTable = Field(default_factory=dict)
    mixes: Mixes = ()
    opus: YesNo = False
    page_size: Annotated[Literal["A4", "Letter"], BeforeValidator(_page_size)] = "A4"
    large_print: Annotated[int, Field(ge=18, le=24)] = 18
    limits: LimitsEntry = LimitsEntry()


def read_imprint(path: Path) -> tuple[Imprint, tuple[Finding, ...]]:
    """The imprint and the warnings about it; a file that is not there gives the defaults.

    Raises FindingsError with all that is wrong in it, InputError where it cannot be read.
    """
    if not path.exists():
        return Imprint(), ()
    file, findings = validate(ImprintFile, read_yaml(read_text(path), str(path)))
    told = file.model_dump()
    return Imprint(**{**told, "limits": Limits(**told["limits"])}), findings
