"""The commands and their options, as argparse has them. Imports nothing that takes time: `--help` is quick."""

from __future__ import annotations

import argparse
import os
from functools import partial

from publisher import __version__
from publisher.formats import FORMATS
from publisher.helping import HELPING, Formatter, RawFormatter, path
from publisher.model.mixes import CHOSEN_MIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from publisher.helping import Commands as _Commands


def parser(words: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """What the command line may say. Each command's `command` is the function that runs it.

    Given the words of a command line, it knows the options of the command that they name, and of the others the names
    at most: most of the time that `--help` takes is spent on options.
    """
    whole = argparse.ArgumentParser(
        prog="publisher",
        description="Turn one annotated Markdown source and its commentary into EPUB, accessible PDF, web pages and"
        " audio that all say the same.",
        epilog="Each command tells more with --help. Exit status: 0 done, 1 the text has errors, 2 unusable input.",
        formatter_class=Formatter,
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="say which version this is, and what holds engines")
    known = {**_OWN, **HELPING}
    named = next((word for word in words if not word.startswith("-")), "") if words is not None else ""
    kind = argparse.ArgumentParser if words is None or named in known else _Name
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=kind)
    for add in [known[named]] if named in known else known.values():
        add(commands)
    return whole


class _Version(argparse.Action):
    """Says which version this is, and what on this system keeps engines within their bounds."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from publisher.holding.confining import held_by

        print(f"publisher {__version__}")
        held = held_by()
        lacks = "" if len(held) == 2 else "; the rest is not to be had here (SECURITY.md)"
        print(f"engines are held by {', '.join((*held, 'limits of time and memory'))}{lacks}")
        parser.exit()


class _Name(argparse.ArgumentParser):
    """A command of which the list of commands is all that is asked: it forgets its options, which nobody will read."""

    def __init__(self, *, prog: str, **_: Any) -> None:
        self.prog, self.formatter_class, self.color = prog, Formatter, False

    def add_argument(self, *_: Any, **__: Any) -> Any:
        """Nobody asks for it."""

    def set_defaults(self, **_: Any) -> None:
        """Nobody runs it."""


def _run(name: str, options: argparse.Namespace) -> int:
    """Runs a command of `publisher.commands`, which is imported only now: start-up stays quick."""
    from publisher import commands

    return commands.COMMANDS[name](options)


def _folder(text: str) -> Path:
    if "://" in text:
        raise argparse.ArgumentTypeError(f"{text} is an address; only build with --executor dask takes one")
    return path(text)


def _address(text: str) -> Any:
    """A folder, or the text of an address."""
    return text if "://" in text else path(text)


def _add(
    commands: _Commands,
    name: str,
    summary: str,
    more: str = "",
    *,
    source: Callable[[str], Any] | None = _folder,
) -> Any:
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=more,
        formatter_class=RawFormatter,
    )
    command.set_defaults(command=partial(_run, name))
    if source is not None:
        command.add_argument(
            "--source",
            type=source,
            default="source",
            metavar="DIR",
            help="where editions stand (default: source)",
        )
    return command


def _add_editions(command: Any, *messages: str) -> None:
    command.add_argument(
        "editions",
        nargs="*",
        metavar="EDITION",
        help="a name under source/, or the path of an edition's folder; all under source/ if none is given",
    )
    command.add_argument(
        "--layer",
        action="append",
        metavar="NAME",
        help="use this layer of commentary only (may be repeated); `none` for the article alone",
    )
    command.add_argument("--json", action="store_true", help="print one JSON document on standard output, nothing else")
    _add_messages(command, *messages)


def _add_messages(command: Any, *names: str) -> None:
    command.add_argument(
        "--messages",
        *names,
        dest="messages",
        choices=("lines", "excerpts", "github"),
        help="how findings are told: lines, excerpts of the source (default on a terminal), github annotations",
    )


def _add_build(commands: _Commands) -> None:
    command = _add(
        commands,
        "build",
        "build editions in all formats",
        "examples:\n"
        "  publisher build                         every edition under source/\n"
        "  publisher build upstream --format pdf   one edition, one format\n"
        "  publisher build ~/texts/essay --out ~/published",
        source=_address,
    )
    _add_editions(command)
    command.add_argument("--format", metavar="LIST", help=f"comma-separated, of: {', '.join(FORMATS)} (default: all)")
    command.add_argument(
        "--out", type=_address, default="build", metavar="DIR", help="where output goes (default: build)"
    )
    command.add_argument("--voice", metavar="NAME", help="who reads aloud, as `publisher voices` lists them")
    command.add_argument(
        "--mix",
        action="append",
        metavar="LIST",
        help=f"beside the edition and its plain language, make recordings of: {', '.join(CHOSEN_MIXES)} (with commas"
        " between, or repeated); `none` for none, whatever the source says",
    )
    command.add_argument("--opus", action="store_true", help="make every recording in Opus, too")
    command.add_argument("--explain", action="store_true", help="say of each format why it was made anew, or was not")
    command.add_argument(
        "--jobs", type=int, metavar="N", default=os.cpu_count() or 1, help="processes at once (default: one a core)"
    )
    command.add_argument("--offline", action="store_true", help="refuse whatever would use the network")
    command.add_argument(
        "--executor",
        choices=("here", "dask"),
        default="here",
        help="where editions are built: on this machine (default), or on a Dask cluster (extra `cluster`)",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="the cluster's scheduler, tcp://… or tls://…; --source, --out and $PUBLISHER_CACHE may be s3://… then",
    )


def _add_verify(commands: _Commands) -> None:
    command = _add(commands, "verify", "read every built file back and compare it with the source")
    _add_editions(command, "--format")
    command.add_argument(
        "--out", type=path, default="build", metavar="DIR", help="where output stands (default: build)"
    )
    command.add_argument("--where", metavar="WORDS", help="print where these words stand in source and files")
    command.add_argument(
        "--against",
        type=path,
        metavar="FILE",
        help="hold one file from elsewhere (EPUB, PDF, DOCX, HTML, MP3, M4B, Opus, VTT) against the source",
    )
    command.add_argument("--voice", metavar="NAME", help="who reads aloud (default: who read in the build)")
    command.add_argument(
        "--conformance",
        action="store_true",
        help="have EPUBCheck, Ace, veraPDF and the Nu checker judge the files, too, where they are installed",
    )
    command.add_argument(
        "--listen",
        action="store_true",
        help="ask for a second opinion on English sound: a recogniser that knows none of our voices (extra `listen`)",
    )
    command.add_argument(
        "--changed",
        action="store_true",
        help="pass over those found consistent that have not changed since",
    )


def _add_check(commands: _Commands) -> None:
    command = _add(commands, "check", "check the source alone: anchors, alternatives, plain language, links")
    _add_editions(command, "--format")


def _add_script(commands: _Commands) -> None:
    command = _add(commands, "script", "print what is read aloud, line by line, without a sound")
    _add_editions(command)
    command.add_argument(
        "--mix",
        default="default",
        metavar="NAME",
        help="default (the notes where they belong), plain, article (no notes), notes-after (default: default)",
    )
    command.add_argument("--voice", metavar="NAME", help="who reads aloud, as `publisher voices` lists them")


def _add_new(commands: _Commands) -> None:
    command = _add(commands, "new", "start an edition: a folder with a small text that builds at once")
    command.add_argument("name", metavar="NAME", help="the folder's name under source/, and the files'")


def _add_import(commands: _Commands) -> None:
    command = _add(commands, "import", "make an edition of a text, Markdown, DOCX, ODT, HTML or EPUB file")
    command.add_argument("file", type=path, metavar="FILE")
    command.add_argument("name", metavar="NAME", help="the folder's name under source/, and the files'")
    command.add_argument(
        "--lang", metavar="TAG", help="the text's language, as in `en-GB` (default: what the file says)"
    )


def _add_voices(commands: _Commands) -> None:
    command = _add(commands, "voices", "list the voices that are here, and how to get more", source=None)
    command.add_argument("--fetch", metavar="NAME", help="fetch a Piper voice by its name, over the network")
    command.add_argument(
        "--remote", metavar="LANG", nargs="?", const="", help="list Piper's voices of a language, over the network"
    )
    command.add_argument("--json", action="store_true", help="print one JSON document on standard output, nothing else")


def _add_preview(commands: _Commands) -> None:
    command = _add(
        commands,
        "preview",
        "show drafts of the pages on 127.0.0.1, made anew whenever the source changes",
        "The output folder stays as it is, but for an edition that has not been built yet. Ctrl-C ends the preview.",
    )
    command.add_argument(
        "editions",
        nargs="*",
        metavar="EDITION",
        help="a name under source/, or the path of an edition's folder; all under source/ if none is given",
    )
    command.add_argument("--port", type=int, default=8017, metavar="N", help="0 for any that is free (default: 8017)")
    command.add_argument("--open", action="store_true", help="open the page in the browser")
    command.add_argument(
        "--format",
        default="web",
        metavar="LIST",
        help=f"beside the pages, keep these up to date in the background; of: {', '.join(FORMATS)} (default: none)",
    )
    command.add_argument(
        "--out", type=path, default="build", metavar="DIR", help="where output stands (default: build)"
    )
    command.add_argument("--voice", metavar="NAME", help="who reads aloud, as `publisher voices` lists them")
    command.add_argument(
        "--layer",
        action="append",
        metavar="NAME",
        help="use this layer of commentary only (may be repeated); `none` for the article alone",
    )
    command.add_argument("--offline", action="store_true", help="refuse whatever would use the network")
    _add_messages(command)


SHELLS = ("bash", "zsh", "fish", "tcsh")


def _add_completion(commands: _Commands) -> None:
    command = _add(
        commands,
        "completion",
        "print a script that completes commands, options and editions in your shell",
        "examples:\n"
        '  eval "$(publisher completion bash)"                              in ~/.bashrc\n'
        "  publisher completion zsh > ~/.zfunc/_publisher                   with ~/.zfunc in fpath\n"
        "  publisher completion fish > ~/.config/fish/completions/publisher.fish\n"
        "  publisher completion tcsh > ~/.publisher.csh                     then source it in ~/.tcshrc",
        source=None,
    )
    command.add_argument("shell", choices=SHELLS, metavar="SHELL", help=f"of: {', '.join(SHELLS)}")


_OWN: Mapping[str, Callable[[_Commands], None]] = {
    "build": _add_build,
    "verify": _add_verify,
    "check": _add_check,
    "script": _add_script,
    "new": _add_new,
    "import": _add_import,
    "voices": _add_voices,
    "preview": _add_preview,
    "completion": _add_completion,
}
