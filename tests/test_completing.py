"""Completion: the scripts, run by the shells themselves, complete commands, options, editions and lists."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typing_in_shells import Terminal, shell_or_skip

from publisher import completing
from publisher.arguments import SHELLS
from publisher.cli import main
from publisher.explaining import known_checks
from publisher.formats import FORMATS
from publisher.messages import STYLES

Completed = Callable[..., list[str]]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    for name in ("source/harbour", "source/lighthouse", "texts/essay"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "article.md").touch()
    (tmp_path / "source" / "notes").mkdir()
    return tmp_path


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.fixture
def bash(work: Path, capsys: pytest.CaptureFixture[str]) -> Completed:
    shell_or_skip("bash")
    text = script("bash", capsys)

    def completed(*words: str) -> list[str]:
        """What bash offers for the last of the words."""
        quoted = " ".join(f"'{word}'" for word in ("publisher", *words))
        asked = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _shtab_publisher"
        run = f"{text}\n{asked}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run(["bash", "-c", run], cwd=work, capture_output=True, text=True, check=True, timeout=60)
        assert "not found" not in done.stderr
        return sorted(done.stdout.split())

    return completed


def test_bash_completes_commands(bash: Completed) -> None:
    assert bash("ver") == ["verify"]
    assert {"build", "check", "explain", "import", "new", "schema", "verify", "voices"} <= set(bash(""))


def test_bash_completes_options_and_their_values(bash: Completed) -> None:
    assert bash("build", "--for") == ["--format"]
    assert bash("check", "--messages", "") == sorted(STYLES)
    assert bash("check", "--messages", "ex") == ["excerpts"]
    assert bash("schema", "im") == ["imprint"]
    assert bash("completion", "") == sorted(SHELLS)


def test_bash_completes_editions(bash: Completed) -> None:
    assert bash("build", "") == ["harbour", "lighthouse"]
    assert bash("verify", "ha") == ["harbour"]
    assert bash("check", "harbour", "li") == ["lighthouse"]
    assert bash("check", "--json", "--source", "texts", "") == ["essay"]
    assert bash("check", "./te") == ["./texts"]
    assert bash("check", "--source", "nowhere", "") == []


def test_bash_completes_lists_with_commas(bash: Completed) -> None:
    assert bash("build", "--format", "") == sorted(FORMATS)
    assert bash("build", "--format", "epub,p") == ["epub,pdf"]
    assert "epub,epub" not in bash("build", "--format", "epub,")
    assert len(bash("build", "--format", "epub,")) == len(FORMATS) - 1
    assert bash("build", "--mix", "notes-after,a") == ["notes-after,article"]


def test_bash_completes_checks(bash: Completed) -> None:
    assert bash("explain", "anchor-or") == ["anchor-orphaned"]
    assert bash("explain", "") == sorted(known_checks())


COMPLETED = {
    "ver": "verify",
    "build --form": "build --format",
    "build ha": "build harbour",
    "check harbour li": "check harbour lighthouse",
    "check --json li": "check --json lighthouse",
    "check ./te": "check ./texts",
    "check --messages ex": "check --messages excerpts",
    "build --format daisy": "build --format daisy",
    "explain anchor-or": "explain anchor-orphaned",
    "completion tc": "completion tcsh",
    "schema im": "schema imprint",
    "check no": "check no",
}
"""What one types, then Tab, and what stands there then."""
COMPLETED_BEYOND_TCSH = {
    "check --source texts e": "check --source texts essay",
    "build --format epub,p": "build --format epub,pdf",
    "build --mix notes-after,a": "build --mix notes-after,article",
}
BEGUN = {
    "zsh": "PS1={ready}; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D;"
    " publisher() {{ echo {told} $@ :end }}",
    "tcsh": "set prompt={ready}; alias publisher 'echo {told} \\!* :end'; source script",
}
"""What each shell is told first. Both words are written so that the shell's echo of the line is not taken for it."""


@pytest.fixture(params=BEGUN)
def shell(
    request: pytest.FixtureRequest, work: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[tuple[str, Terminal]]:
    """A shell at a terminal that has the script of completion."""
    name = request.param
    command = [shell_or_skip(name), "-f"]
    (work / {"zsh": "_publisher"}.get(name, "script")).write_text(script(name, capsys), encoding="utf-8")
    terminal = Terminal(command, work, type={"zsh": "dumb"}.get(name, "vt100"))
    terminal.type(BEGUN[name].format(ready="'rea''dy> '", told="'to''ld:'") + "\n")
    terminal.until("ready> ")
    yield name, terminal
    terminal.close()


def run_after_tab(terminal: Terminal, words: str) -> str:
    """The words that publisher is run with when someone types words, Tab and Enter."""
    terminal.type(f"publisher {words}\t\n")
    run = terminal.until(":end\r\n").rpartition("told:")[2].removesuffix(":end\r\n")
    terminal.until("ready> ")
    return run.strip().rstrip("/")


def test_shells_complete_what_is_typed_at_a_terminal(shell: tuple[str, Terminal]) -> None:
    name, terminal = shell
    typed = COMPLETED if name == "tcsh" else COMPLETED | COMPLETED_BEYOND_TCSH
    assert {words: run_after_tab(terminal, words).rstrip(",") for words in typed} == typed


def test_what_completes_is_the_script(shell: tuple[str, Terminal]) -> None:
    name, terminal = shell
    terminal.type({"zsh": "compdef -d publisher", "tcsh": "uncomplete publisher"}[name] + "\n")
    terminal.until("ready> ")
    assert run_after_tab(terminal, "ver") == "ver"


def test_fish_completes_commands_options_editions_and_lists(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fish = shell_or_skip("fish")
    (work / "script").write_text(script("fish", capsys), encoding="utf-8")
    typed = COMPLETED | COMPLETED_BEYOND_TCSH
    asked = "; ".join(f"echo '== {words}'; complete -C 'publisher {words}'" for words in typed)
    done = subprocess.run(
        [fish, "--no-config", "-c", f"source script; {asked}"],
        cwd=work,
        env=os.environ | {"HOME": str(work)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    offered: dict[str, str] = {}
    for part in done.stdout.split("== ")[1:]:
        words, *lines = part.splitlines()
        names = [line.partition("\t")[0].rstrip("/") for line in lines]
        assert len(names) <= 1, words
        offered[words] = " ".join([*words.split()[:-1], *(names or words.split()[-1:])])
    assert offered == typed


@pytest.mark.parametrize("shell_name", [one for one in SHELLS if one != "bash"])
def test_the_other_shells_have_commands_formats_and_editions(
    shell_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script(shell_name, capsys)
    for word in ("lighthouse", "Traceback"):
        assert word not in text
    for word in ("build", "verify", "explain", "audiobook", "daisy", "anchor-orphaned", "article.md"):
        assert word in text


def test_a_shell_that_an_old_library_lacks_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(completing.shtab, "SUPPORTED_SHELLS", ["bash"])
    assert main(["completion", "fish"]) == 2
    assert "pip install -U shtab" in capsys.readouterr().err


def test_other_commands_do_without_the_library() -> None:
    run = "import sys\nfrom publisher.cli import main\nmain(['schema'])\nprint('shtab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("False")
