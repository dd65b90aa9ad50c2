"""A build opens the edition's files and the program's own, and calls nobody: heard on loopback, seen by Python's audit
events and, where there is one, by strace, which sees pandoc and espeak-ng as well.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import publisher
from publisher.rendering.templates import builtin_templates

_WATCHED = """
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def hear(event, arguments):
    # What is opened as a path alone cannot be read: it is a place to allow something of.
    if event == "open" and isinstance(arguments[0], (str, bytes)) and not arguments[2] & getattr(os, "O_PATH", 0):
        os.write(log, b"open " + os.fsencode(os.path.abspath(arguments[0])) + b"\\n")
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        os.write(log, b"call " + repr(arguments[1:]).encode() + b"\\n")
sys.addaudithook(hear)
{mutation}
from publisher.cli import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
"""

_LEAKS = {
    "file": """
import publisher.manuscript.files as files
read = files.decode_text
files.decode_text = lambda data, *rest, **named: (open({secret!r}).close(), read(data, *rest, **named))[1]
""",
    "call": """
import publisher.manuscript.files as files, socket
read = files.decode_text
files.decode_text = lambda data, *rest, **named: (
    socket.create_connection(("127.0.0.1", {port})).close(), read(data, *rest, **named)
)[1]
""",
    "child": """
import publisher.manuscript.pandoc as pandoc
from publisher.holding.confining import View
run = pandoc.run_pandoc
pandoc._view = lambda: View()
pandoc.run_pandoc = lambda arguments, *rest, **named: run(
    [*arguments, "--metadata-file", {secret!r}], *rest, **{{**named, "sandbox": False}}
)
""",
}
"""What opens a door: a file read beside the edition's, a call, pandoc asked for a file."""

_ARTICLE = """---
title: "Doors at http://127.0.0.1:{port}/title"
lang: en
date: 2026-11-20
rights: "http://127.0.0.1:{port}/rights"
description: "See http://127.0.0.1:{port}/description"
bibliography: {secret}
csl: http://127.0.0.1:{port}/style.csl
template: {secret}
include-before: {secret}
include-in-header: [{secret}]
header-includes: "<link href='http://127.0.0.1:{port}/head.css'>"
css: http://127.0.0.1:{port}/a.css
defaults: {secret}
metadata-files: [{secret}]
filters: [{secret}]
syntax-definition: {secret}
references:
  - {{id: a2020, type: book, title: A, URL: "http://127.0.0.1:{port}/book", author: [{{family: A}}], issued: "2020"}}
---

Go [there](http://127.0.0.1:{port}/link), or to <http://127.0.0.1:{port}/auto>, says @a2020.

![A square](a.svg)

```{{include="{secret}"}}
!include {secret}
```

{{{{ include("{secret}") }}}} `$include$` \\input{{{secret}}}
"""
_DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">
<a href="http://127.0.0.1:{port}/drawing"><rect width="9" height="9"/></a></svg>"""


@dataclass
class Listener:
    """Somebody on loopback who writes down that he was called."""

    socket: socket.socket

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    @property
    def called(self) -> bool:
        return bool(select.select([self.socket], [], [], 0)[0])


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()
        yield Listener(opened)


@dataclass
class Seen:
    """What a build opened, whom it called, how it ended, what it said."""

    files: list[Path]
    calls: list[str]
    status: int
    said: str


def _strace() -> list[str]:
    program = shutil.which("strace")
    if (
        program is None
        or subprocess.run([program, "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "true"], check=False).returncode
    ):
        return []
    return [program, "-f", "--seccomp-bpf", "-qq", "-y", "-e", "trace=open,openat,openat2,connect,sendto", "-o"]


def watched(root: Path, edition: Path, mutation: str = "", formats: str = "web,epub,pdf,docx,audio") -> Seen:
    """Build an edition in a fresh process that is watched."""
    for name in ("home", "tmp", "program"):
        (root / name).mkdir(exist_ok=True)
    (root / "program" / "watched.py").write_text(_WATCHED.format(mutation=mutation), "utf-8")
    events, traced = root / "events", root / "traced"
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(publisher.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(root / "home"),
        "TMPDIR": str(root / "tmp"),
        "PUBLISHER_CACHE": str(root / "store"),
    }
    strace = _strace()
    command = [
        sys.executable,
        str(root / "program" / "watched.py"),
        str(events),
        "build",
        str(edition),
        "--out",
        str(root / "build"),
    ]
    command += ["--format", formats, "--jobs", "1"]
    done = subprocess.run(
        [*strace, str(traced), *command] if strace else command,
        env=environment,
        cwd=root / "program",
        capture_output=True,
        text=True,
        check=False,
    )
    lines = events.read_text("utf-8").splitlines()
    files = [Path(line.removeprefix("open ")) for line in lines if line.startswith("open ")]
    # Workers are asked for at a socket in the build's own folder for temporary files.
    calls = [line for line in lines if line.startswith("call ") and not line.startswith(f"call ('{root / 'tmp'}/")]
    as_path: set[str] = set()  # who is in the midst of opening something as a path alone
    for line in traced.read_text("utf-8", "replace").splitlines() if strace else ():
        process = line.split()[0]
        if "O_PATH" in line:
            as_path |= {process} if "unfinished" in line else set()
            continue
        if process in as_path and "resumed" in line:
            as_path.remove(process)
            continue
        if opened := re.search(r"(?:open\w*\(|open\w* resumed).* = \d+<(/[^>]*)>", line):
            files.append(Path(opened[1]))
        elif re.search(r"(?:connect|sendto)\(.*sa_family=AF_INET", line):
            calls.append(line)
    return Seen(files, calls, done.returncode, done.stderr)


def outside(seen: Seen, root: Path, edition: Path) -> set[Path]:
    """What was opened and is neither the edition's nor the program's, the store's or the system's."""
    ours = (edition, edition.parent / "imprint.yaml", root / "build", root / "store", root / "tmp", root / "home")
    ours += (root / "program", root / "events")
    package = (Path(publisher.__file__).parent, builtin_templates(), *map(Path, sysconfig.get_paths().values()))
    python = (Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1])
    system = map(Path, ("/usr", "/lib", "/lib64", "/proc", "/sys", "/dev", "/var/cache/fontconfig"))
    settings = map(
        Path,
        (
            "/etc/ld.so.cache",
            "/etc/fonts",
            "/etc/mime.types",
            "/etc/localtime",
            "/etc/ssl/openssl.cnf",
            "/etc/locale.alias",
        ),
    )
    roots = [path for one in (*ours, *package, *python, *system, *settings) for path in (one, one.resolve())]
    # Where modules are looked for; the folder around the output, whose names are flushed.
    looked_in = {Path(entry).resolve() for entry in (*sys.path, Path(publisher.__file__).parents[1], root)}
    files = (path for path in seen.files if path not in looked_in)
    return {path for path in files if not any(path == one or one in path.parents for one in roots)}


def _edition(root: Path, port: int) -> tuple[Path, Path]:
    """An edition full of addresses, and a file beside it that is nobody's business."""
    secret = root / "secret.yaml"
    secret.write_text("title: nobody's business\n", "utf-8")
    edition = root / "source" / "doors"
    edition.mkdir(parents=True)
    (edition / "article.md").write_text(_ARTICLE.format(port=port, secret=secret), "utf-8")
    (edition / "a.svg").write_text(_DRAWING.format(port=port), "utf-8")
    return edition, secret


def test_a_build_opens_nothing_outside_and_calls_nobody(tmp_path: Path, listener: Listener) -> None:
    edition, secret = _edition(tmp_path, listener.port)
    seen = watched(tmp_path, edition)
    assert seen.status == 0, seen.said
    assert edition / "article.md" in seen.files
    assert outside(seen, tmp_path, edition) == set()
    assert secret not in seen.files
    assert (seen.calls, listener.called) == ([], False)
    page = (tmp_path / "build" / "doors" / "index.html").read_text("utf-8")
    assert f"http://127.0.0.1:{listener.port}/link" in page
    assert "nobody's business" not in page


@pytest.mark.parametrize("leak", [name for name in _LEAKS if name != "child" or _strace()])
def test_what_opens_a_door_is_seen(leak: str, tmp_path: Path, listener: Listener) -> None:
    edition, secret = _edition(tmp_path, listener.port)
    mutation = _LEAKS[leak].format(secret=str(secret), port=listener.port)
    seen = watched(tmp_path, edition, mutation, "web")
    if leak == "call":
        assert listener.called
        assert seen.calls
    else:
        assert outside(seen, tmp_path, edition) == {secret}


_REFUSED = {
    "a picture": ("![A](http://127.0.0.1:{port}/a.png)", {}),
    "a picture without a scheme": ("![A](//127.0.0.1:{port}/a.png)", {}),
    "a picture of HTML": ('<img src="http://127.0.0.1:{port}/a.png" alt="A">', {}),
    "a drawing's picture": ("![A](a.svg)", {"a.svg": '<image href="http://127.0.0.1:{port}/a.png"/>'}),
    "a drawing's style": ("![A](a.svg)", {"a.svg": '<rect style="fill: url(http://127.0.0.1:{port}/a#b)"/>'}),
    "a drawing's import": ("![A](a.svg)", {"a.svg": "<style>@import 'http://127.0.0.1:{port}/a.css'</style>"}),
    "a drawing's use": ("![A](a.svg)", {"a.svg": '<use href="http://127.0.0.1:{port}/a.svg#b"/>'}),
    "a drawing's page": ("![A](a.svg)", {"a.svg": '<foreignObject><a xmlns="x"/></foreignObject>'}),
    "an inclusion": (
        "![A](a.svg)",
        {"a.svg": '<include xmlns="http://www.w3.org/2001/XInclude" href="http://127.0.0.1:{port}/a" parse="text"/>'},
    ),
    "a style sheet of the templates'": (
        "Words.",
        {"templates/article.css": "body {{ background: url(http://127.0.0.1:{port}/a.png) }}"},
    ),
    "a style sheet that imports": ("Words.", {"templates/article.css": "@import url({secret});"}),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_what_would_fetch_is_refused_and_fetches_nothing(
    name: str, tmp_path: Path, listener: Listener, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from publisher.cli import main  # noqa: PLC0415 - the processes above import it themselves

    monkeypatch.setenv("PUBLISHER_CACHE", str(tmp_path / "store"))
    edition, secret = _edition(tmp_path, listener.port)
    body, files = _REFUSED[name]
    (edition / "article.md").write_text(f"---\ntitle: A\nlang: en\n---\n\n{body.format(port=listener.port)}\n", "utf-8")
    for file, written in files.items():
        text = written.format(port=listener.port, secret=secret)
        (edition / file).parent.mkdir(parents=True, exist_ok=True)
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{text}</svg>'
        (edition / file).write_text(drawn if file.endswith(".svg") else text, "utf-8")
    status = main(["build", str(edition), "--out", str(tmp_path / "build"), "--format", "pdf", "--jobs", "1"])
    told = capsys.readouterr().err
    assert status in (1, 2), told
    assert "error:" in told
    assert not (tmp_path / "build" / "doors").exists()
    assert not listener.called
