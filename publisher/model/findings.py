"""Findings (faults, told one by one) and the errors that end a command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from publisher.model.source import Position


class Severity(Enum):
    """How much a finding weighs: only an error fails a command."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `check` is a stable id such as `anchor-orphaned`; `message` says what is wrong; what to do.

    `position` points into the manuscript, `where` names a format and unit (`epub albania-2`) where no
    source position applies.
    """

    check: str
    severity: Severity
    message: str
    position: Position | None = None
    where: str | None = None

    def __str__(self) -> str:
        place = str(self.position) if self.position else self.where
        return f"{place}: {self.severity.value}: {self.message}" if place else f"{self.severity.value}: {self.message}"


# The tree of exceptions. Each is shown as its findings' or its own one line, never as a traceback.
#
#   PublisherError            anything that we foresee
#   ├── InputError            the command or its input cannot be used                       exit status 2
#   ├── FindingsError         the manuscript or an artefact has findings of severity error  exit status 1
#   └── EngineError           a tool that we drive failed, hung or said nothing             exit status 2


class PublisherError(Exception):
    """The root: everything that a command foresees and can tell in a line.

    What a constructor takes is `args`, so that an error travels whole from one process to another.
    """

    exit_status = 2


class InputError(PublisherError):
    """The command or its input cannot be used. `message` reads `what is wrong; what to do`."""

    def __init__(self, message: str, position: Position | None = None) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.position}: error: {self.message}" if self.position else f"error: {self.message}"


class FindingsError(PublisherError):
    """One finding or more of severity error; holds them all, warnings included."""

    exit_status = 1

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class EngineError(PublisherError):
    """An outside engine (pandoc, WeasyPrint, a voice) failed. `engine` names it."""

    def __init__(self, engine: str, message: str, position: Position | None = None) -> None:
        super().__init__(engine, message, position)
        self.engine = engine
        self.message = message
        self.position = position

    def __str__(self) -> str:
        place = f"{self.position}: " if self.position else ""
        return f"{place}error: {self.engine}: {self.message}"


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those findings that fail a command."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
