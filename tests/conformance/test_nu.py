"""The Nu HTML checker, as of the W3C's own service, has no error and no warning for any page.

Its pages come over HTTP, since a policy of `'self'` means nothing to it in a file. https://validator.github.io/validator/
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from built_editions import EDITIONS, Built
from validators import module, program

from publisher.build import find_edition
from publisher.shelving import update_catalogue
from publisher.verify import Request, verify_edition

MINIMAL = EDITIONS["minimal"]

ALLOWED = {
    # Data, which no browser runs: HTML leaves a script of another type before it asks the policy
    # (https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element, steps 13 and 20).
    "Inline script violates Content Security Policy": '<script type="application/ld+json">',
    # The policies of transcripts and reports name their style sheets by digest, which the checker does not compute for
    # styles; Chromium does, and in test_every_page it has nothing to say.
    "Inline style violates Content Security Policy": "<style>",
}
"""Messages that we contradict, by how they begin, with what they must be about."""


_ON_THIS_MACHINE = (
    "-Dnu.validator.servlet.allow-forbidden-hosts=true",
    "-Dnu.validator.servlet.connection-timeout=60000",
    "-Dnu.validator.servlet.socket-timeout=60000",
)
"""Else it reads nothing from 127.0.0.1, and gives a busy machine five seconds for a page."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address, on this machine alone, under which a folder is served meanwhile."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def remarks(folder: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Errors and warnings for each page under a folder, as `line: message`; starting Java once is most of the work."""
    jar = module("vnu-jar", "build", "dist", "vnu.jar")
    with served(folder) as address:
        pages = {f"{address}/{name}": name for name in names}
        options = ["--stdout", "--exit-zero-always", "--format", "json"]
        command = [program("java"), *_ON_THIS_MACHINE, "-jar", str(jar), *options, *pages]
        done = subprocess.run(command, capture_output=True, check=True, timeout=300)
    found: dict[str, list[str]] = {name: [] for name in names}
    for message in json.loads(done.stdout)["messages"]:
        notice = message["type"] == "info" and message.get("subType") != "warning"
        if not notice and not _allowed(message):
            found[pages[message["url"]]].append(f"{message.get('lastLine')}: {message['message']}")
    return found


def _allowed(message: dict[str, Any]) -> bool:
    return any(
        message["message"].startswith(beginning) and about in message.get("extract", "")
        for beginning, about in ALLOWED.items()
    )


def broken_pages(folder: Path) -> None:
    """An error and a warning that the checker must tell of: else its silence about our pages says nothing."""
    folder.mkdir()
    head = "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>A light</title></head>"
    for name, body in {
        "doubled.html": "<h1 id='a'>A light</h1><p id='a'>It burned.</p>",
        "headless.html": "<h1>A light</h1><section>It burned.</section>",
    }.items():
        (folder / name).write_text(f"{head}<body>{body}</body></html>", encoding="utf-8")


def test_the_nu_checker_has_no_error_and_no_warning_for_any_page(built: Built, tmp_path: Path) -> None:
    for name in EDITIONS:
        shutil.copytree(built(name), tmp_path / name)
    verify_edition(Request(find_edition("minimal", MINIMAL.parent), tmp_path))
    update_catalogue(tmp_path)
    pages = (*tmp_path.glob("*.html"), *tmp_path.glob("*/*.html"))  # DAISY's, deeper, are of XHTML 1.0
    names = sorted(page.relative_to(tmp_path).as_posix() for page in pages)
    assert len(names) > 4 * len(EDITIONS) - 2
    assert {"index.html", "minimal/report.html"} <= set(names)
    broken_pages(tmp_path / "broken")
    found = remarks(tmp_path, [*names, "broken/doubled.html", "broken/headless.html"])
    assert any("Duplicate ID" in message for message in found.pop("broken/doubled.html"))
    assert any("Section lacks heading" in message for message in found.pop("broken/headless.html"))
    assert found == {name: [] for name in names}
