"""Completion: the scripts, run by the shells themselves, complete commands, options, editions and lists."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher import completing
from publisher.cli import main
from publisher.explaining import known_checks
from publisher.formats import FORMATS
from publisher.helping import SHELLS
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
    if not shutil.which("bash"):
        pytest.skip("bash is missing")
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


def test_zsh_completes_editions(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not shutil.which("zsh"):
        pytest.skip("zsh is missing")
    (work / "_publisher").write_text(script("zsh", capsys), encoding="utf-8")
    run = "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; autoload +X _publisher; print $_comps[publisher]"
    done = subprocess.run(["zsh", "-fc", run], cwd=work, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "_publisher"
    subprocess.run(["zsh", "-n", "_publisher"], cwd=work, check=True, timeout=60)


@pytest.mark.parametrize("shell", [one for one in SHELLS if one != "bash"])
def test_the_other_shells_have_commands_formats_and_editions(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    for word in ("lighthouse", "Traceback"):
        assert word not in text
    for word in ("build", "verify", "explain", "audiobook", "daisy", "anchor-orphaned"):
        assert word in text
    if shell != "tcsh":
        assert "article.md" in text
    if shutil.which(shell) and shell == "fish":
        subprocess.run(["fish", "--no-execute"], input=text, text=True, check=True, timeout=60)


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
