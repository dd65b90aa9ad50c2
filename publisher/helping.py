"""Commands that help whoever writes: explain, schema, workflow, clean. They read no edition."""

from __future__ import annotations

import argparse
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    Commands = Any  # argparse keeps the type of its subparsers to itself.

DONE = 0


class Formatter(argparse.HelpFormatter):
    """Help as wide as the terminal. argparse would import shutil to ask, and every compression with it."""

    def __init__(self, prog: str, **named: Any) -> None:
        super().__init__(prog, **{"width": _columns() - 2, **named})


class RawFormatter(Formatter, argparse.RawDescriptionHelpFormatter):
    """The same, with the lines of descriptions as they are."""


def _columns() -> int:
    """The width of the terminal in characters, as `shutil.get_terminal_size` finds it."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80  # not a terminal


def path(text: str) -> Path:
    """The type of an option that names a file or a folder."""
    from pathlib import Path

    return Path(text)


def _add(commands: Commands, name: str, summary: str, more: str = "") -> Any:
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=more,
        formatter_class=RawFormatter,
    )


def _add_explain(commands: Commands) -> None:
    command = _add(
        commands,
        "explain",
        "say what a check finds, why it matters and what to do",
        "examples:\n"
        "  publisher explain                   all checks, by group\n"
        "  publisher explain anchor-orphaned   one of them, with an example",
    )
    command.add_argument("check", nargs="?", metavar="CHECK-ID", help="as findings name it; all are listed without")
    command.add_argument("--json", action="store_true", help="print one JSON document on standard output, nothing else")
    command.set_defaults(command=_explain)


def _explain(options: argparse.Namespace) -> int:
    import json

    from publisher.explaining import as_data, conditions, explain, groups, listed, told

    if options.check is None:
        if options.json:
            entries = [entry for group in groups() for entry in group.entries] + [*conditions()]
            checks = [as_data(id, entry) for entry in entries for id in entry.ids]
            print(json.dumps({"checks": checks}, ensure_ascii=False, indent=1))
        else:
            print("\n".join(listed()))
        return DONE
    check = options.check.strip().lower()
    entries = [*explain(check)]
    if options.json:
        print(json.dumps({"checks": [as_data(check, entry) for entry in entries]}, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join("\n".join(told(check, entry)) for entry in entries))
    return DONE


SCHEMAS = ("article", "commentary", "imprint", "lexicon")


def _add_schema(commands: Commands) -> None:
    command = _add(
        commands,
        "schema",
        "print a JSON Schema of front matter, imprint.yaml or lexicon.yaml, for editors",
        "examples:\n"
        "  publisher schema imprint          print one\n"
        "  publisher schema --out .schemas   write all as NAME.schema.json",
    )
    command.add_argument("name", nargs="?", choices=SCHEMAS, metavar="NAME", help=f"of: {', '.join(SCHEMAS)}")
    command.add_argument("--out", type=path, metavar="DIR", help="write all schemas to this folder")
    command.set_defaults(command=_schema)


def _schema(options: argparse.Namespace) -> int:
    from publisher.manuscript.schemas import as_text, write_schemas

    if options.out is not None:
        for path in write_schemas(options.out):
            print(path)
    elif options.name is not None:
        print(as_text(options.name), end="")
    else:
        print("\n".join(SCHEMAS))
    return DONE


def _add_workflow(commands: Commands) -> None:
    command = _add(
        commands,
        "workflow",
        "print a GitHub workflow that builds, verifies and publishes build/ as a site",
        "example:\n  publisher workflow > .github/workflows/publish.yml   its first lines say what it needs",
    )
    command.set_defaults(command=_workflow)


def _workflow(_: argparse.Namespace) -> int:
    from importlib.resources import files

    print(files("publisher").joinpath("workflow.yml").read_text(encoding="utf-8"), end="")
    return DONE


def _add_clean(commands: Commands) -> None:
    command = _add(
        commands,
        "clean",
        "make room: remove what builds keep for the next build",
        "Without a limit all goes. What is gone is made again when it is wanted; published files are not touched.\n"
        "examples:\n"
        "  publisher clean --cache --older-than 30d   what was not used for thirty days\n"
        "  publisher clean --cache --down-to 2G       the longest unused, until 2 GB stay",
    )
    command.add_argument(
        "--cache", action="store_true", help="remove from $PUBLISHER_CACHE, else the user's cache folder"
    )
    command.add_argument("--older-than", metavar="SPAN", help="only what was not used for so long: 12h, 30d, 8w")
    command.add_argument("--down-to", metavar="SIZE", help="only the longest unused, until so much stays: 500M, 2G")
    command.set_defaults(command=_clean)


def _clean(options: argparse.Namespace) -> int:
    from publisher.model.findings import InputError
    from publisher.store import default_store
    from publisher.tidying import size_of, span_of, tidy

    if not options.cache:
        raise InputError("nothing to clean was named; --cache removes what builds keep for the next build")
    since = None if options.older_than is None else time.time() - span_of(options.older_than, "--older-than")
    room = None if options.down_to is None else size_of(options.down_to, "--down-to")
    store = default_store()
    print(f"{store.root}: {tidy(store, unused_since=since, down_to=0 if since is None and room is None else room)}")
    return DONE


HELPING: Mapping[str, Callable[[Commands], None]] = {
    "explain": _add_explain,
    "schema": _add_schema,
    "workflow": _add_workflow,
    "clean": _add_clean,
}
"""What adds each command to the command line."""
