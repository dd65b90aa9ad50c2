"""imprint.yaml: what the editions of one publisher share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from publisher.manuscript import schema_values as shape
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

    # A misspelt limit would limit nothing.
    model_config = ConfigDict(extra="forbid")

    file_size: Annotated[int, Field(ge=1, le=32)] = Field(
        default=DEFAULT.file_size, description="Megabytes of one text."
    )
    nesting: Annotated[int, Field(ge=10, le=120)] = Field(
        default=DEFAULT.nesting, description="Blocks and markup inside each other."
    )
    notes: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=DEFAULT.notes, description="Notes of one section, footnotes among them."
    )
    table_rows: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=DEFAULT.table_rows, description="Rows of one table."
    )
    pixels: Annotated[int, Field(ge=1, le=1_000)] = Field(
        default=DEFAULT.pixels, description="Millions of pixels of one picture."
    )
    paragraph: Annotated[int, Field(ge=1, le=1_000)] = Field(
        default=DEFAULT.paragraph, description="Thousands of letters of one paragraph."
    )
    word: Annotated[int, Field(ge=100, le=1_000_000)] = Field(
        default=DEFAULT.word, description="Letters of one word: spelt out, a long one is minutes of sound."
    )
    seconds: Annotated[int, Field(ge=2, le=36_000)] = Field(
        default=DEFAULT.seconds, description="Seconds that one engine may take for one text; long ones have more."
    )
    memory: Annotated[int, Field(ge=64, le=65_536)] = Field(
        default=DEFAULT.memory, description="Megabytes that one engine may need for one text; long ones have more."
    )


class ImprintFile(Model):
    """The keys of imprint.yaml; all may be left out."""

    publisher: Words = Field("", description="Who publishes.")
    base_url: OptionalAddress = Field(
        "", description="Where the editions stand on the web.", examples=["https://editions.example.org"]
    )
    lang: Language = Field("en", description="The language where an edition names none, as a BCP 47 tag.")
    contact: Words = Field("", description="Where readers can write to.")
    rights: Words = Field("", description="The licence, in words.")
    voice: VoiceName = Field("espeak", description="Who reads aloud, as `publisher voices` lists them.")
    voices: Voices = Field(default_factory=dict, description="Other voices, by the role of what they say.")
    pauses: PauseTable = Field(default_factory=dict, description="Silences in seconds, by what comes before them.")
    mixes: Mixes = Field((), description="Recordings beside the edition and its plain language.")
    opus: YesNo = Field(False, description="Whether recordings are made in Opus, too.")
    page_size: Annotated[Literal["A4", "Letter"], BeforeValidator(_page_size), WithJsonSchema(shape.PAGE_SIZE)] = Field(
        "A4", description="The paper of the PDFs."
    )
    large_print: Annotated[int, Field(ge=18, le=24), WithJsonSchema(shape.LARGE_PRINT)] = Field(
        18, description="The size of the text in the large print PDF, in points."
    )
    limits: LimitsEntry = Field(default=LimitsEntry(), description="How much one edition may ask of the engines.")


def read_imprint(path: Path) -> tuple[Imprint, tuple[Finding, ...]]:
    """The imprint and the warnings about it; a file that is not there gives the defaults.

    Raises FindingsError with all that is wrong in it, InputError where it cannot be read.
    """
    if not path.exists():
        return Imprint(), ()
    file, findings = validate(ImprintFile, read_yaml(read_text(path), str(path)))
    told = file.model_dump()
    return Imprint(**{**told, "limits": Limits(**told["limits"])}), findings
