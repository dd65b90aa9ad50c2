"""The command line as a person meets it: exit statuses, one line an error, the previous build untouched."""

from __future__ import annotations

import argparse
import errno
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from publisher import __version__, arguments, cli, commands, helping
from publisher.formats import FORMATS

ARTICLE = """---
title: A bridge reopens
lang: en-GB
creators: The desk
date: 2026-11-20
---

# The bridge

The bridge over the river opened again on Monday. It had been shut for two years.

::: plain
The bridge is open again. It was shut for two years.
:::

# The cost

Repairs cost £2 million. The council paid half.
"""

COMMENTARY = """---
title: Commentary
lang: en-GB
editors:
  desk: The editorial desk
---

::: {#n-cost .note on="paid half" kind="context" by="desk" date="2026-11-20"}
The other half came from the county.
:::
"""

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    folder = tmp_path / "source" / "bridge"
    folder.mkdir(parents=True)
    (folder / "article.md").write_text(ARTICLE, encoding="utf-8")
    (folder / "commentary.md").write_text(COMMENTARY, encoding="utf-8")
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What readers download now: a failing command must leave it as it is."""
    folder = tmp_path / "build" / "bridge"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("the previous edition", encoding="utf-8")
    return folder


def run(tmp_path: Path, *arguments: str) -> int:
    return cli.main([arguments[0], "--source", str(tmp_path / "source"), *arguments[1:]])


def build(tmp_path: Path, *arguments: str) -> int:
    return run(tmp_path, "build", "--out", str(tmp_path / "build"), "--jobs", "1", "--format", "web", *arguments)


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_edition_builds_and_then_nothing_has_changed(
    tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path, "bridge") == 0
    assert (tmp_path / "build" / "bridge" / "edition.json").is_file()
    before = content(tmp_path / "build" / "bridge")
    capsys.readouterr()
    assert build(tmp_path, "bridge") == 0
    assert capsys.readouterr().out == "bridge: nothing changed\n"
    assert content(tmp_path / "build" / "bridge") == before


def test_a_changed_word_is_built(tmp_path: Path, edition: Path) -> None:
    build(tmp_path, "bridge")
    article = edition / "article.md"
    article.write_text(article.read_text(encoding="utf-8").replace("Monday", "Tuesday"), encoding="utf-8")
    assert build(tmp_path, "bridge") == 0
    assert "Tuesday" in (tmp_path / "build" / "bridge" / "index.html").read_text(encoding="utf-8")


def test_a_file_that_was_tampered_with_is_made_again(tmp_path: Path, edition: Path) -> None:
    build(tmp_path, "bridge")
    page = tmp_path / "build" / "bridge" / "index.html"
    good = page.read_bytes()
    page.write_bytes(good.replace(b"Monday", b"Friday"))
    assert build(tmp_path, "bridge") == 0
    assert page.read_bytes() == good


def test_a_layer_can_be_switched_off(tmp_path: Path, edition: Path) -> None:
    assert build(tmp_path, "bridge", "--layer", "none") == 0
    assert "n-cost" not in (tmp_path / "build" / "bridge" / "index.html").read_text(encoding="utf-8")


def test_offline_refuses_a_voice_that_needs_the_network(
    tmp_path: Path, edition: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path, "bridge", "--format", "audio", "--offline", "--voice", "gtts") == 2
    assert "error: the voice gtts needs the network" in capsys.readouterr().err
    assert content(published) == {"index.html": b"the previous edition"}


def test_json_is_all_that_stands_on_standard_output(
    tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path, "bridge", "--json") == 0
    out, err = capsys.readouterr()
    [built] = json.loads(out)["editions"]
    assert (built["name"], built["changed"], err) == ("bridge", True, "")


def test_one_failing_edition_does_not_keep_the_others_from_being_built(
    tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "source" / "a-broken-one"
    broken.mkdir()
    (broken / "article.md").write_bytes(b"---\ntitle: Broken\n---\n\nCaf\xe9\n")
    assert build(tmp_path) == 2
    assert "bridge: " in capsys.readouterr().out
    assert (tmp_path / "build" / "bridge" / "index.html").is_file()


def replaced(old: str, new: str) -> dict[str, bytes]:
    assert old in ARTICLE
    return {"article.md": ARTICLE.replace(old, new).encode()}


BAD = {
    "empty article": ({"article.md": b""}, r"article\.md:1.*error: ", None),
    "front matter and no text": ({"article.md": b"---\ntitle: T\n---\n"}, r"article\.md:\d+.*error: ", None),
    "front matter that is not YAML": (replaced("lang: en-GB", "lang: [en"), r"article\.md:\d+:\d+: error: ", None),
    "a YAML alias bomb": (
        replaced(
            "lang: en-GB",
            "lang: en\na: &a [x, x, x, x, x, x, x, x, x]\n"
            + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        ),
        r"article\.md:\d+.*error: ",
        None,
    ),
    "a title that is a list": (replaced("title: A bridge reopens", "title: [a, b]"), r"article\.md:2.*error: ", None),
    "an unknown language": (replaced("lang: en-GB", "lang: klingonese"), r"article\.md:3.*error: .*klingonese", None),
    "an unknown language in the text": (
        replaced("Monday", "[Monday]{lang=klingonese}"),
        r"article\.md:10.*error: .*klingonese",
        1,
    ),
    "an image that is missing": (
        replaced("The council", "![A bridge](no.png) The council"),
        r"article\.md:18.*no\.png",
        1,
    ),
    "an image outside the edition": (
        replaced("The council", "![A bridge](../../../etc/passwd.png) The council"),
        r"article\.md:18.*error: ",
        1,
    ),
    "an image by an absolute path": (
        replaced("The council", "![A](/etc/hostname) The council"),
        r"article\.md:18.*error: ",
        1,
    ),
    "a remote image": (
        replaced("The council", "![A bridge](https://example.org/b.png) The council"),
        r"article\.md:18.*error: ",
        1,
    ),
    "an image of another kind than its name says": (
        {**replaced("The council", "![A bridge](b.jpg) The council"), "b.jpg": PIXEL},
        r"article\.md:18.*error: .*b\.jpg",
        1,
    ),
    "an image without alternative": (
        {**replaced("The council", "![](b.png) The council"), "b.png": PIXEL},
        r"article\.md:18.*error: ",
        1,
    ),
    "duplicate ids": (
        replaced("# The cost", "# The cost {#same}\n\n## Again {#same}"),
        r"article\.md:\d+.*error: .*same",
        1,
    ),
    "an unclosed division": (replaced("two years.\n:::", "two years.\n"), r"article\.md:12.*error: ", None),
    "a note on words that are not there": (
        {"commentary.md": COMMENTARY.replace("paid half", "paid for it all in gold").encode()},
        r"commentary\.md:8.*error: ",
        1,
    ),
    "a note on words that are there twice": (
        {
            "commentary.md": COMMENTARY.replace("paid half", "two years").encode(),
            **replaced("paid half", "paid two years"),
        },
        r"commentary\.md:8.*error: ",
        1,
    ),
    "a file that is not UTF-8": (
        {"article.md": ARTICLE.replace("£2", "2").encode() + b"\nCaf\xe9\n"},
        rf"article\.md.*error: .*\b{len(ARTICLE.replace('£2', '2').encode()) + 4}\b",
        2,
    ),
    "a script": (replaced("The council", "<script>alert(1)</script> The council"), r"article\.md:18.*error: ", 1),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_with_its_place_and_the_previous_build_stays(
    name: str, tmp_path: Path, edition: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, expected, status = BAD[name]
    for path, data in files.items():
        (edition / path).write_bytes(data)
    result = build(tmp_path, "bridge")
    errors = [line for line in capsys.readouterr().err.splitlines() if "error: " in line]
    assert len(errors) == 1, errors
    assert re.search(expected, errors[0]), errors[0]
    assert "; " in errors[0], "an error says what to do"
    assert result in ((1, 2) if status is None else (status,))
    assert content(published) == {"index.html": b"the previous edition"}
    assert sorted(path.name for path in published.parent.iterdir()) == ["bridge"]


def test_no_such_edition_names_those_that_are_there(
    tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path, "brigde") == 2
    assert capsys.readouterr().err == "error: no edition brigde; there are: bridge\n"


def test_an_unknown_format_names_those_that_are_known(
    tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "build", "bridge", "--format", "epub,mobi") == 2
    assert capsys.readouterr().err == f"error: no format mobi; choose from {', '.join(FORMATS)}\n"


def test_a_docx_that_is_no_zip_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.docx").write_text("I am no ZIP file", encoding="utf-8")
    assert run(tmp_path, "import", str(tmp_path / "text.docx"), "name") == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "text.docx" in line
    assert "error: " in line
    assert not (tmp_path / "source" / "name").exists()


def test_no_room_on_the_disk_is_one_line(
    tmp_path: Path, edition: Path, published: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "index.html")

    monkeypatch.setattr("publisher.listing.write_manifest", full)
    assert build(tmp_path, "bridge") == 2
    assert [line for line in capsys.readouterr().err.splitlines() if "error" in line] == [
        "error: index.html: no room on the disk; free some and run again, what was published before is untouched"
    ]
    assert content(published) == {"index.html": b"the previous edition"}


@pytest.mark.parametrize("command", ["build", "check", "new", "import", "voices"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main([command, "--help"])
    assert stop.value.code == 0
    assert f"usage: publisher {command}" in capsys.readouterr().out


def test_starting_up_imports_no_heavy_library() -> None:
    code = (
        "import sys, publisher.cli\n"
        "heavy = {'weasyprint', 'ebooklib', 'av', 'numpy', 'pydantic', 'pikepdf', 'lxml', 'jinja2', 'rich', 'yaml'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("words", [["--help"], ["no-such-command"]])
def test_a_list_of_commands_imports_little_but_argparse(words: list[str]) -> None:
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "from publisher.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "slow = {'pathlib', 'typing', 'shutil', 'json', 'urllib', 'zlib', 'subprocess', 'multiprocessing'}\n"
        "new = set(sys.modules) - before\n"
        "ours = {name for name in new if name.startswith('publisher.')}\n"
        "print(*sorted(new & slow), *sorted(ours), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert result.stderr.splitlines()[-1].split() == [
        "publisher.arguments",
        "publisher.cli",
        "publisher.formats",
        "publisher.helping",
        "publisher.interrupting",
        "publisher.model",
        "publisher.model.mixes",
    ]


@pytest.mark.parametrize("columns", ["", "0", "60", "200", "wide"])
def test_help_is_as_wide_as_the_terminal(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert helping.Formatter("publisher")._width == argparse.HelpFormatter("publisher")._width


def test_the_list_of_commands_is_the_same_with_and_without_their_options(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], None):
        arguments.parser(words).print_help()
    short, whole = capsys.readouterr().out.split("usage:")[1:]
    assert short == whole


def test_an_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.COMMANDS, "voices", interrupted)
    assert cli.main(["voices"]) == 130
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_fault_of_our_own_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def faulty(_: object) -> int:
        raise ValueError("two\nlines")

    monkeypatch.setitem(commands.COMMANDS, "voices", faulty)
    assert cli.main(["voices"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "ValueError: two lines; please report it" in line


def test_findings_name_files_as_the_person_at_the_keyboard_would(
    tmp_path: Path, edition: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (edition / "article.md").write_text(ARTICLE.replace("lang: en-GB", "lang: xx-none"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "bridge"]) == 1
    assert capsys.readouterr().err.startswith("source/bridge/article.md:3:1: error: ")
    monkeypatch.chdir(edition)
    assert cli.main(["check", "."]) == 1
    assert capsys.readouterr().err.startswith(f"{edition.resolve()}/article.md:3:1: error: "), "a name is still there"


def test_the_script_is_printed_as_it_is_said(tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "script", "bridge") == 0
    printed = capsys.readouterr().out
    assert "Repairs cost two million pounds." in printed
    assert "shown: Repairs cost £2 million." in printed
    assert printed.index("# The cost") < printed.index("n-cost-1-s1: The other half")


def test_the_script_as_data_has_every_run(tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "script", "bridge", "--mix", "article", "--json") == 0
    (script,) = json.loads(capsys.readouterr().out)["editions"]
    lines = [line for chapter in script["chapters"] for line in chapter["lines"]]
    assert not [line for line in lines if line["id"].startswith("n-cost")]
    for line in lines:
        for found in line["runs"]:
            first, last = found["shown_range"]
            assert 0 <= first <= last <= len(line["shown"])


def test_an_unknown_mix_is_named_with_those_that_are_there(
    tmp_path: Path, edition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "script", "bridge", "--mix", "loud") == 2
    assert "notes-after" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (
            ("Landlock (files, connections)", "seccomp (sockets)"),
            "engines are held by Landlock (files, connections), seccomp (sockets), limits of time and memory",
        ),
        ((), "engines are held by limits of time and memory; the rest is not to be had here (SECURITY.md)"),
    ],
    ids=["all", "none"],
)
def test_the_version_says_what_holds_engines(
    held: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("publisher.holding.confining.held_by", lambda: held)
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.splitlines() == [f"publisher {__version__}", told]
