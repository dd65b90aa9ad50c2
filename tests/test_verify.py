"""`publisher verify` on a built edition that something has happened to."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from publisher import cli
from publisher.model.findings import InputError, Severity
from publisher.verification.verdicts import Verdict
from publisher.verify import Request, verify_all, verify_edition

sys.path.append(str(Path(__file__).parent / "verification"))

from report_schema import checked_report
from verified_edition import build, write_source


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("verify")
    folder = write_source(root)
    build(folder, root / "build", "epub", "web")
    return folder, root / "build"


@pytest.fixture
def request_(made: tuple[Path, Path], tmp_path: Path) -> Request:
    folder, out = made
    shutil.copytree(out, tmp_path / "build")
    return Request(folder, tmp_path / "build")


def checks(request: Request) -> set[str]:
    findings = (one for one in verify_edition(request).findings if one.severity is not Severity.INFO)
    return {finding.check for finding in findings if not finding.check.startswith("plain-")}


def test_an_edition_as_built_is_consistent(request_: Request) -> None:
    verification = verify_edition(request_)
    assert [str(finding) for finding in verification.findings if finding.severity.value == "error"] == []
    assert verification.verdict is Verdict.CONSISTENT
    assert {file.artefact.name for file in verification.texts} == {
        "lamp.epub",
        "lamp-read-aloud.epub",
        "index.html",
        "plain.html",
    }


def test_the_report_stands_beside_the_files_and_is_not_taken_for_one(request_: Request) -> None:
    verify_edition(request_)
    built = request_.out / "lamp"
    report = checked_report(built / "report.json")
    assert report["verdict"] == "consistent"
    assert "✓ Yes: consistent" in (built / "report.html").read_text("utf-8")
    assert "artefact-unlisted" not in checks(request_)


def test_a_report_with_findings_keeps_to_its_schema(request_: Request) -> None:
    built = request_.out / "lamp"
    page = built / "index.html"
    page.write_text(page.read_text("utf-8").replace("</h1>", " too</h1>", 1), encoding="utf-8")
    (built / "lamp.epub").write_bytes(b"no EPUB")
    (built / "plain.html").unlink()
    verify_edition(request_)
    report = checked_report(built / "report.json")
    assert report["verdict"] == "inconsistent"
    assert {"index.html", "lamp.epub", "plain.html"} <= {one["file"] for one in report["findings"]}
    assert report["counts"]["error"] == sum(one["severity"] == "error" for one in report["findings"])


def test_the_same_state_gives_the_same_report(request_: Request) -> None:
    verify_edition(request_)
    first = [(request_.out / "lamp" / name).read_bytes() for name in ("report.html", "report.json")]
    verify_edition(request_)
    assert [(request_.out / "lamp" / name).read_bytes() for name in ("report.html", "report.json")] == first
    assert all(str(request_.folder.parent).encode() not in data for data in first)


def test_a_changed_file_is_told_with_what_changed(request_: Request) -> None:
    page = request_.out / "lamp" / "index.html"
    page.write_text(page.read_text("utf-8").replace("It was not 1912 yet", "It was 1912"), "utf-8")
    assert checks(request_) == {"artefact-tampered", "unit-altered"}


def test_a_file_that_nothing_reads_is_not_verified(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.verifying.files.reader", lambda _: None)
    verification = verify_edition(request_)
    assert {finding.check for finding in verification.findings} >= {"artefact-not-verified"}
    assert verification.verdict is Verdict.NOT_VERIFIED


def test_a_missing_file_is_told(request_: Request) -> None:
    (request_.out / "lamp" / "lamp.epub").unlink()
    assert "artefact-missing" in checks(request_)


def test_a_file_that_cannot_be_read_is_told(request_: Request) -> None:
    (request_.out / "lamp" / "lamp.epub").write_bytes(b"nothing")
    assert {"artefact-tampered", "artefact-unreadable"} <= checks(request_)


def test_a_file_that_no_build_made_is_told(request_: Request) -> None:
    (request_.out / "lamp" / "old.pdf").write_bytes(b"")
    assert checks(request_) == {"artefact-unlisted"}


def test_a_source_that_changed_since_is_told(request_: Request, tmp_path: Path) -> None:
    folder = tmp_path / "source" / "lamp"
    shutil.copytree(request_.folder, folder)
    article = folder / "article.md"
    article.write_text(article.read_text("utf-8").replace("Nobody lit", "Somebody lit"), "utf-8")
    assert {"edition-stale", "unit-altered"} <= checks(Request(folder, request_.out))


def test_an_edition_that_is_not_built_is_refused(request_: Request, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not built; run `publisher build lamp`"):
        verify_edition(Request(request_.folder, tmp_path / "nowhere"))


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"files": [{}]}', '{"files": 7}'])
def test_a_manifest_that_no_build_wrote_is_refused(data: str, request_: Request) -> None:
    (request_.out / "lamp" / "edition.json").write_text(data, "utf-8")
    with pytest.raises(InputError, match="not what a build writes"):
        verify_edition(request_)


def test_a_heading_may_have_the_title_of_the_whole(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "ferry"
    folder.mkdir(parents=True)
    article = "---\ntitle: The ferry\nlang: en\n---\n\nIt goes.\n\n## The ferry\n\nIt comes.\n"
    (folder / "article.md").write_text(article, encoding="utf-8")
    build(folder, tmp_path / "build", "epub", "web")
    assert checks(Request(folder, tmp_path / "build")) == set()


def test_where_tells_every_place(request_: Request) -> None:
    lines = "\n".join(verify_all([request_], where="LIT THE lamp").lines)
    assert "article paragraph opening-1" in lines
    assert "article.md:14:1" in lines
    assert "index.html#opening-1" in lines
    assert "EPUB/article.xhtml#opening-1" in lines


def test_words_that_stand_nowhere_are_refused(request_: Request) -> None:
    with pytest.raises(InputError, match="nothing holds the words"):
        verify_all([request_], where="zwölf")


def test_a_file_from_elsewhere_is_held_against_the_source(request_: Request, tmp_path: Path) -> None:
    page = tmp_path / "typeset.html"
    body = "<h1>The lamp</h1><p>Nobody lit the lamp. It was 1912 yet, said the NCL.</p>"
    page.write_text(f'<html lang="en-GB"><title>The lamp</title><body>{body}</body></html>', "utf-8")
    found = {finding.check for finding in verify_all([request_], against=page).findings}
    assert "unit-altered" not in found  # the introduction and the rest are not there at all
    assert "part-missing" in found
    built = request_.out / "lamp" / "index.html"
    copy = tmp_path / "copy.html"
    shutil.copytree(built.parent / "media", tmp_path / "media", dirs_exist_ok=True)
    for name in ("plain.html", "lamp.epub", "lamp-read-aloud.epub"):
        shutil.copy(built.parent / name, tmp_path / name)
    copy.write_text(built.read_text("utf-8").replace("It was not 1912 yet", "It was 1912 yet"), "utf-8")
    told = [
        finding.check for finding in verify_all([request_], against=copy).findings if finding.severity.value == "error"
    ]
    assert told == ["unit-altered"]


@pytest.mark.parametrize(
    ("name", "data", "remedy"),
    [
        ("a.html", b"<h1>The lamp</h1><p>Nobody lit the lamps.</p>", "correct the file, or the source"),
        ("a.epub", b"nothing", "get it anew from whoever made it"),
        ("a.pdf", b"nothing", "get it anew from whoever made it"),
        ("a.mp3", b"nothing", "get it anew from whoever made it"),
    ],
)
def test_nobody_is_asked_to_build_again_what_was_made_elsewhere(
    name: str, data: bytes, remedy: str, request_: Request, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    told = [finding.message for finding in verify_all([request_], against=tmp_path / name).findings]
    assert any(remedy in message for message in told)
    assert not any("build it again" in message for message in told)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.odt", "no reader for such files by themselves; give one of .epub, .*vtt$"),
        ("a.epub", "no such file"),
        ("a-daisy.zip", "or verify a DAISY book where it was built, without --against"),
        ("a.lpf", "or verify an audiobook where it was built"),
        ("a-chapters.json", "or verify a list of chapters where it was built"),
        ("a-transcript.html", "or verify a transcript where it was built"),
        ("a-plain-transcript.txt", "or verify a transcript where it was built"),
    ],
)
def test_what_cannot_be_held_against_is_refused(name: str, told: str, request_: Request, tmp_path: Path) -> None:
    if name != "a.epub":
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError, match=told):
        verify_all([request_], against=tmp_path / name)


def test_the_command_exits_1_on_an_error_and_0_without(request_: Request, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["verify", str(request_.folder), "--out", str(request_.out)]
    assert cli.main(arguments) == 0
    assert "lamp: consistent" in capsys.readouterr().out
    (request_.out / "lamp" / "plain.html").unlink()
    assert cli.main(arguments) == 1
    told = capsys.readouterr()
    assert "not to be published: index.html, plain.html" in told.out  # the one leads to the other
    assert "plain.html" in told.err
    assert cli.main([*arguments, "--json"]) == 1
    (edition,) = json.loads(capsys.readouterr().out)["editions"]
    assert edition["verdict"] == "inconsistent"
