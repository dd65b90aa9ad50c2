"""Outside validators are asked, bounded in time, understood, and traced; whoever is missing or fails is told of.

The validators here are scripts that print what the real ones do, or that misbehave; tests/conformance asks the real.
"""

from __future__ import annotations

import json
import os
import select
import stat
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from report_schema import checked_report
from verified_edition import build

from publisher.cli import main
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding, Severity
from publisher.model.source import Position
from publisher.verification.conformance import Examined, examine
from publisher.verification.conformance_process import Tool, patience
from publisher.verification.conformance_tools import TOOLS, find_ace, find_epubcheck, find_nu, find_verapdf

EPUB = Artefact("lamp.epub", "application/epub+zip", "epub", "")
PDF = Artefact("lamp.pdf", "application/pdf", "pdf", "")
PAGE = Artefact("lamp.html", "text/html", "web", "")
BY_NAME = {tool.name: tool for tool in TOOLS}
POSITIONS = {"albania-1": Position("article.md", 12), "fig-1": Position("article.md", 20, 3)}
DOCUMENT = """<html>
<p id="albania-1"><span id="albania-1-s1">One.</span></p>
<p>Two <img src="a.png"/></p>
</html>"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "lamp.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("EPUB/article.xhtml", DOCUMENT)
    return path


def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, script: str) -> Path:
    """A validator of our own: Python, given the same arguments."""
    program = tmp_path / f"fake-{variable.lower()}"
    program.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{script}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(variable, str(program))
    return program


def limited(tool: Tool, limit: float = 20) -> Tool:
    return Tool(tool.name, tool.check, tool.standard, tool.media_types, limit, tool.find, tool.run)


def asked(name: str, artefact: Artefact, path: Path, limit: float = 20) -> Examined:
    return examine(artefact, path, POSITIONS, [limited(BY_NAME[name], limit)])


def findings(examined: Examined) -> list[Finding]:
    return [one.finding for one in examined.discrepancies]


def epubcheck_report(*messages: dict[str, Any]) -> str:
    told = {"messages": list(messages), "checker": {"checkerVersion": "5.3.0"}}
    return f"""
with open(sys.argv[sys.argv.index("--json") + 1], "w") as report:
    report.write({json.dumps(told)!r})
"""


def message(id: str, severity: str, text: str, *places: tuple[str, int, int]) -> dict[str, Any]:
    locations = [{"path": path, "line": line, "column": column, "context": None} for path, line, column in places]
    return {"ID": id, "severity": severity, "message": text, "locations": locations}


def test_silence_is_a_pass(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, "EPUBCHECK", epubcheck_report())
    examined = asked("EPUBCheck", EPUB, book)
    [one] = examined.examinations
    assert (one.tool, one.version, one.verdict, one.standard) == ("EPUBCheck", "5.3.0", "passed", "EPUB 3.3")
    assert examined.discrepancies == ()


def test_what_is_said_keeps_its_weight_its_rule_and_its_place(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = (
        message("RSC-005", "ERROR", "Duplicate ID", ("EPUB/article.xhtml", 2, 50)),
        message("CSS-008", "WARNING", "An odd style", ("EPUB/style.css", 3, 1)),
        message("ACC-001", "USAGE", "A hint"),
        message("PKG-001", "FATAL", "No ZIP"),
    )
    fake(tmp_path, monkeypatch, "EPUBCHECK", epubcheck_report(*messages))
    examined = asked("EPUBCheck", EPUB, book)
    told = findings(examined)
    assert [one.severity for one in told] == [Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.ERROR]
    assert {one.check for one in told} == {"conformance-epubcheck"}
    assert told[0].position == POSITIONS["albania-1"]
    assert (
        told[0].message
        == "lamp.epub is judged by EPUBCheck, RSC-005: Duplicate ID (at EPUB/article.xhtml:2#albania-1-s1)"
    )
    assert told[1].message.endswith("CSS-008: An odd style (at EPUB/style.css:3)")
    [one] = examined.examinations
    assert (one.verdict, one.errors, one.warnings) == ("failed", 2, 1)


def test_a_warning_alone_is_a_pass_with_a_warning(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, monkeypatch, "EPUBCHECK", epubcheck_report(message("OPF-086", "WARNING", "Deprecated")))
    [one] = asked("EPUBCheck", EPUB, book).examinations
    assert (one.verdict, one.warnings) == ("passed", 1)


def test_the_same_thing_is_said_once(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [("EPUB/article.xhtml", line, 1) for line in range(1, 4)]
    fake(tmp_path, monkeypatch, "EPUBCHECK", epubcheck_report(message("RSC-012", "ERROR", "Undefined", *places)))
    [one] = findings(asked("EPUBCheck", EPUB, book))
    assert one.message.endswith(", 3 times")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("time.sleep(60)", "it was not done within 0.5 seconds"),
        ("sys.exit(3)", "it ended without a report that can be read."),
        ("print('Out of memory', file=sys.stderr)", "Its last words: Out of memory"),
        ('open(sys.argv[sys.argv.index("--json") + 1], "w").write("{")', "it ended without a report"),
        ('open(sys.argv[sys.argv.index("--json") + 1], "w").write("{}")', "not of the kind that is known (KeyError"),
        ('open(sys.argv[sys.argv.index("--json") + 1], "w").write("[1]")', "not of the kind that is known (TypeError"),
    ],
)
def test_who_hangs_crashes_or_talks_nonsense_is_said_to_have_failed(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    fake(tmp_path, monkeypatch, "EPUBCHECK", script)
    examined = asked("EPUBCheck", EPUB, book, limit=0.5 if "sleep" in script else 20)
    [finding] = findings(examined)
    assert (finding.check, finding.severity) == ("conformance-failed", Severity.WARNING)
    assert reason in finding.message
    [one] = examined.examinations
    assert one.verdict == "not run"
    assert reason in one.reason


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets limits for another process")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("held = bytearray(8 << 30)", "Its last words: MemoryError"),
        ("open(sys.argv[sys.argv.index('--json') + 1], 'wb').truncate(2 << 30)", "it ended without a report"),
    ],
)
def test_who_takes_too_much_is_said_to_have_failed(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    # It begins when it is held: the limits come a moment after it has started.
    fake(tmp_path, monkeypatch, "EPUBCHECK", f"while not held():\n    pass\n{script}".replace("held()", _HELD))
    examined = asked("EPUBCheck", EPUB, book)
    assert reason in findings(examined)[0].message


_HELD = "__import__('resource').getrlimit(__import__('resource').RLIMIT_FSIZE)[0] == 1 << 30"


def test_who_is_given_much_may_take_longer() -> None:
    assert patience(300, 200_000) == 300
    assert patience(300, 40_000_000) == 500


def test_the_children_of_who_hangs_are_ended_too(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "child"
    script = f"""
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(noted)!r}, "w").write(str(child.pid))
time.sleep(60)
"""
    fake(tmp_path, monkeypatch, "EPUBCHECK", script)
    asked("EPUBCheck", EPUB, book, limit=5)
    try:
        child = os.pidfd_open(int(noted.read_text()))
    except ProcessLookupError:
        return
    ended, _, _ = select.select([child], [], [], 20)
    os.close(child)
    assert ended


def test_who_is_not_there_is_said_to_be_missing(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPUBCHECK", str(tmp_path / "nowhere"))
    examined = asked("EPUBCheck", EPUB, book)
    [finding] = findings(examined)
    assert (finding.check, finding.severity) == ("conformance-not-run", Severity.WARNING)
    assert "correct or unset $EPUBCHECK" in finding.message
    assert examined.examinations[0].verdict == "not run"


def test_nothing_is_installed_on_a_bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("publisher.verification.conformance_tools.ROOT", tmp_path)
    monkeypatch.setattr("publisher.verification.conformance_tools.find_spec", lambda _: None)
    monkeypatch.chdir(tmp_path)
    for variable in ("EPUBCHECK", "ACE", "VERAPDF", "VNU"):
        monkeypatch.delenv(variable, raising=False)
    for find in (find_epubcheck, find_ace, find_verapdf, find_nu):
        assert "not installed" in getattr(find(), "why", "")


def test_a_jar_without_java_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = tmp_path / "epubcheck.jar"
    jar.write_bytes(b"")
    monkeypatch.setenv("EPUBCHECK", str(jar))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Java" in getattr(find_epubcheck(), "why", "")


ACE = {
    "earl:assertedBy": {"doap:release": {"doap:revision": "1.4.6"}},
    "assertions": [
        {"earl:testSubject": {"url": "style.css"}, "assertions": []},
        {
            "earl:testSubject": {"url": "article.xhtml"},
            "assertions": [
                {
                    "earl:assertedBy": "aXe",
                    "earl:test": {
                        "earl:impact": "critical",
                        "dct:title": "image-alt",
                        "help": {"dct:description": "Images must have alternative text"},
                    },
                    "earl:result": {
                        "dct:description": "Fix any of …",
                        "earl:pointer": {"css": ["#fig-1 > img"]},
                        "html": "<img src='a.png'/>",
                    },
                },
                {
                    "earl:assertedBy": "Ace",
                    "earl:test": {"earl:impact": "minor", "dct:title": "landmarks"},
                    "earl:result": {"dct:description": "A  landmark", "html": '<p class="x" id="albania-1">'},
                },
            ],
        },
    ],
}


def test_ace_is_understood(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = (
        f'open(os.path.join(sys.argv[sys.argv.index("--outdir") + 1], "report.json"), "w").write({json.dumps(ACE)!r})'
    )
    fake(tmp_path, monkeypatch, "ACE", written)
    first, second = findings(asked("Ace", EPUB, book))
    assert first.message.endswith("image-alt: Images must have alternative text (at article.xhtml#fig-1)")
    assert (first.check, first.severity, first.position) == ("conformance-ace", Severity.ERROR, POSITIONS["fig-1"])
    assert second.message.endswith("landmarks: A landmark (at article.xhtml#albania-1)")
    assert (second.severity, second.position) == (Severity.WARNING, POSITIONS["albania-1"])


def verapdf(compliant: bool, *rules: dict[str, Any]) -> str:
    details = {"ruleSummaries": [{"ruleStatus": "PASSED", "checks": []}, *rules]}
    told = {
        "report": {
            "buildInformation": {"releaseDetails": [{"id": "core", "version": "1.28.1"}]},
            "jobs": [{"validationResult": [{"details": details, "compliant": compliant}]}],
        }
    }
    return f"print({json.dumps(told)!r})"


def test_verapdf_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lamp.pdf"
    path.write_bytes(b"%PDF-")
    fake(tmp_path, monkeypatch, "VERAPDF", verapdf(True))
    assert [one.verdict for one in asked("veraPDF", PDF, path).examinations] == ["passed"]
    rule = {
        "ruleStatus": "FAILED",
        "specification": "ISO 14289-1:2014",
        "clause": "7.1",
        "testNumber": 10,
        "description": "DisplayDocTitle",
        "checks": [{"context": "root/document[0]", "errorMessage": "It is not true"}],
    }
    fake(tmp_path, monkeypatch, "VERAPDF", verapdf(False, rule))
    [finding] = findings(asked("veraPDF", PDF, path))
    assert finding.message == (
        "lamp.pdf is judged by veraPDF, ISO 14289-1:2014 7.1-10: It is not true (at root/document[0])"
    )
    fake(tmp_path, monkeypatch, "VERAPDF", verapdf(False))
    assert [one.verdict for one in asked("veraPDF", PDF, path).examinations] == ["failed"]


def test_the_nu_checker_is_understood_and_gets_the_page_over_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lamp.html"
    path.write_text(DOCUMENT, encoding="utf-8")
    script = """
if "--version" in sys.argv:
    print("26.9.27")
else:
    import urllib.request
    assert b"albania-1" in urllib.request.urlopen(sys.argv[-1]).read()
    print(json.dumps({"messages": [
        {"type": "error", "message": "Bad", "lastLine": 2, "lastColumn": 30},
        {"type": "info", "subType": "warning", "message": "Odd"},
        {"type": "info", "message": "Trailing slash"},
        {"type": "error", "message": "Inline script violates Content Security Policy: x",
         "extract": '<script type="application/ld+json">'},
    ]}))
"""
    fake(tmp_path, monkeypatch, "VNU", script)
    first, second = findings(asked("Nu", PAGE, path))
    assert (first.severity, first.position) == (Severity.ERROR, POSITIONS["albania-1"])
    assert second.severity is Severity.WARNING


def test_each_kind_of_file_has_its_validators(book: Path) -> None:
    told = {
        kind: [tool.name for tool in TOOLS if kind in tool.media_types] for kind in ("application/epub+zip", "text/css")
    }
    assert told == {"application/epub+zip": ["EPUBCheck", "Ace"], "text/css": []}
    assert examine(Artefact("a.css", "text/css", "web", ""), book, {}) == Examined()


def test_the_scratch_folder_is_where_it_works_and_is_gone_after(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "where"
    fake(tmp_path, monkeypatch, "EPUBCHECK", f"open({str(noted)!r}, 'w').write(os.getcwd())" + epubcheck_report())
    asked("EPUBCheck", EPUB, book)
    assert noted.read_text() != str(Path.cwd())
    assert not Path(noted.read_text()).exists()


def test_the_command_tells_who_was_asked_and_what_they_said(
    edition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "build"
    build(edition, out, "epub", "web")
    fake(tmp_path, monkeypatch, "EPUBCHECK", epubcheck_report(message("RSC-005", "ERROR", "Bad")))
    monkeypatch.setenv("ACE", str(tmp_path / "nowhere"))
    fake(tmp_path, monkeypatch, "VNU", 'print("1" if "--version" in sys.argv else json.dumps({"messages": []}))')
    arguments = ["verify", str(edition), "--out", str(out)]
    assert main(arguments) == 0
    assert "EPUBCheck" not in capsys.readouterr().out
    assert main([*arguments, "--conformance"]) == 1
    told = capsys.readouterr()
    assert "EPUBCheck 5.3.0 (EPUB 3.3): failed: lamp.epub, lamp-read-aloud.epub" in told.out
    assert "Ace (EPUB Accessibility 1.1): not run: lamp.epub, lamp-read-aloud.epub" in told.out
    assert "Nu 1 (HTML): passed: index.html, plain.html" in told.out
    assert "correct or unset $ACE" in told.err
    report = checked_report(out / "lamp" / "report.json")
    assert {(one["tool"], one["verdict"]) for one in report["conformance"]} == {
        ("EPUBCheck", "failed"),
        ("Ace", "not run"),
        ("Nu", "passed"),
    }
    page = (out / "lamp" / "report.html").read_text("utf-8")
    assert "What outside validators say" in page
