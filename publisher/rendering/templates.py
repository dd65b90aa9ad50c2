"""Templates by search path: an edition's own folder first, then the format's, then the shared ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from publisher.model.findings import InputError


def builtin_templates() -> Path:
    """The templates that come with the package: inside it when installed, beside it in a checkout."""
    packaged = Path(str(files("publisher"))) / "templates"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "templates"


@dataclass(frozen=True)
class Templates:
    """The templates that one edition sees. `own` is the edition's `templates` folder, where it has one.

    A name is looked for in `own`, then in the built-in folder of `format` (`epub`, `pdf`, `web`), then in `shared`.
    Editions may come from strangers, so templates run in Jinja2's sandbox, and what they are given is immutable.
    """

    own: Path | None = None

    def folders(self, format: str) -> list[Path]:
        """Where the templates and style sheets of a format are looked for, first match wins."""
        builtin = builtin_templates()
        return [*([self.own] if self.own else []), builtin / format, builtin / "shared"]

    def find(self, format: str, name: str) -> Path:
        """The file of a template, style sheet or font. Raises InputError where none of the folders has it."""
        for folder in self.folders(format):
            path = folder / name
            if path.is_file():
                return path
        raise InputError(f"no template {name} for {format}; put it in the edition's templates folder")

    def render(self, format: str, name: str, **context: Any) -> str:
        """A template's text, filled in. Markup in the context must be `markupsafe.Markup`; all else is escaped.

        Raises InputError where the template is missing or wrong.
        """
        try:
            return self._environments[format].get_template(name).render(**context)
        except TemplateNotFound as problem:
            raise InputError(
                f"no template {problem.name} for {format}; put it in the edition's templates folder"
            ) from problem
        except TemplateError as problem:
            raise InputError(f"template {name} for {format}: {problem}; mend the template") from problem
        except Exception as problem:
            if self.own is None:
                raise  # of ours it is a fault of the program
            # What an author's expression makes of wrong operands: whatever Python says of it.
            told = f"{type(problem).__name__}: {problem}"
            raise InputError(f"template {name} for {format}: {told}; mend the template") from problem

    @cached_property
    def _environments(self) -> dict[str, ImmutableSandboxedEnvironment]:
        return _Environments(self)


class _Compiled(BytecodeCache):
    """Templates as compiled, by their names and texts: a process that builds many editions compiles each once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled of the same text."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, in place of the oldest where there are many: editions bring their own."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
            if len(self._codes) > self._most:
                self._codes.pop(next(iter(self._codes)), None)


_COMPILED = _Compiled(200)


def compile_builtin() -> None:
    """Compile the templates that come with the package, for this process and for all that are forked from it."""
    environments = Templates()._environments
    for path in sorted(builtin_templates().glob("*/*.*html")):
        environments[path.parent.name].get_template(path.name)


class _Environments(dict[str, ImmutableSandboxedEnvironment]):
    """One environment a format, made when first asked for."""

    def __init__(self, templates: Templates) -> None:
        super().__init__()
        self._templates = templates

    def __missing__(self, format: str) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self._templates.folders(format)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
        )
        self[format] = environment
        return environment
