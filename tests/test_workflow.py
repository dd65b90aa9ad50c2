"""What a publisher's own repository takes from here: the workflow that publishes, and the hook of pre-commit."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from publisher.cli import main

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def workflow(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["workflow"]) == 0
    # YAML 1.1, which this reader follows, takes the key `on` for a truth value.
    read = yaml.safe_load(capsys.readouterr().out.replace("\non:\n", "\n'on':\n"))
    assert isinstance(read, dict)
    return read


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PUBLISHER_CACHE": str(tmp_path / "cache"),
    }


def ran(command: Sequence[str], work: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=work, env=dict(environment), capture_output=True, text=True, timeout=600, check=False
    )


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_it_may_do_only_what_it_has_to(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["build"]
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert workflow["jobs"]["publish"]["needs"] == "build"
    assert set(workflow["on"]) == {"push", "pull_request", "workflow_dispatch"}
    assert "secrets." not in str(workflow)
    (checkout,) = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"] == {"persist-credentials": False}


def test_a_change_that_is_only_proposed_is_not_published(workflow: dict[str, Any]) -> None:
    assert "github.event_name != 'pull_request'" in workflow["jobs"]["publish"]["if"]
    assert "default_branch" in workflow["jobs"]["publish"]["if"]


def test_actions_are_githubs_own_and_held_to_a_major_version(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert len(used) == 5
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", action)


def test_the_clips_are_kept_where_the_publisher_looks_for_them(workflow: dict[str, Any]) -> None:
    (cache,) = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/cache@")]
    assert cache["with"]["path"] == "${{ env.PUBLISHER_CACHE }}"
    assert "PUBLISHER_CACHE" in workflow["jobs"]["build"]["env"]
    assert cache["with"]["key"].startswith(cache["with"]["restore-keys"])


def test_what_is_installed_is_what_the_set_up_here_installs(workflow: dict[str, Any]) -> None:
    (install,) = [step["run"] for step in steps(workflow) if "pip install" in step.get("run", "")]
    packages = re.search(r"apt-get install (?:-\S+ )*(.*)", install)
    assert packages is not None
    setup = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8")
    known = re.search(r"\{\n((?:    \".*\n)+)\}", setup)
    assert known is not None
    assert set(packages[1].split()) == set(re.findall(r": \"([\w.-]+)\"", known[1]))


def test_without_a_package_to_install_it_says_what_to_do(
    workflow: dict[str, Any], environment: dict[str, str], tmp_path: Path
) -> None:
    (install,) = [step["run"] for step in steps(workflow) if "pip install" in step.get("run", "")]
    done = ran(["bash", "-e", "-c", install], tmp_path, {**environment, "PUBLISHER": ""})
    assert done.returncode == 1
    assert done.stdout.startswith("::error::the variable PUBLISHER is not set; ")


def test_its_commands_run(workflow: dict[str, Any], environment: dict[str, str], tmp_path: Path) -> None:
    """Every command of ours, in order, as the runner's shell runs them, where there is only a source."""
    assert main(["new", "harbour", "--source", str(tmp_path / "source")]) == 0
    commands = [step["run"] for step in steps(workflow) if step.get("run", "").startswith("publisher ")]
    assert [command.split()[1] for command in commands] == ["check", "build", "verify"]
    for command in commands:
        done = ran(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command], tmp_path, environment)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    (upload,) = [step for step in steps(workflow) if "upload-pages-artifact" in step.get("uses", "")]
    assert (tmp_path / upload["with"]["path"] / "index.html").is_file()
    assert (tmp_path / upload["with"]["path"] / "harbour" / "index.html").is_file()


# The hook of pre-commit: https://pre-commit.com/#new-hooks


@pytest.fixture
def hook() -> dict[str, Any]:
    (one,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(one, dict)
    return one


def test_the_hook_has_what_pre_commit_wants(hook: dict[str, Any]) -> None:
    assert {"id", "name", "entry", "language"} <= set(hook)
    known = {"id", "name", "description", "entry", "language", "files", "pass_filenames", "require_serial"}
    assert set(hook) <= known
    assert hook["language"] == "python"
    assert hook["id"] == "publisher-check"
    assert shutil.which(shlex.split(hook["entry"])[0], path=str(Path(sys.executable).parent))


@pytest.mark.parametrize(
    ("path", "concerns"),
    [
        ("source/harbour/article.md", True),
        ("source/harbour/commentary.md", True),
        ("source/harbour/commentary-teachers.md", True),
        ("source/imprint.yaml", True),
        ("source/harbour/lexicon.pls", True),
        ("article.md", True),
        ("README.md", False),
        ("source/harbour/old-article.md", False),
        ("docs/commentary.md.txt", False),
    ],
)
def test_the_hook_runs_for_what_an_edition_is_made_of(hook: dict[str, Any], path: str, concerns: bool) -> None:
    assert bool(re.search(hook["files"], path)) is concerns


def run_hook(
    hook: dict[str, Any], work: Path, environment: dict[str, str], changed: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """As pre-commit runs it: the entry, its arguments, and the names of the files only where they are wanted."""
    names = [changed] if hook.get("pass_filenames", True) else []
    return ran([*shlex.split(hook["entry"]), *arguments, *names], work, environment)


def test_the_hook_lets_good_changes_pass_and_stops_others(
    hook: dict[str, Any], environment: dict[str, str], tmp_path: Path
) -> None:
    assert main(["new", "harbour", "--source", str(tmp_path / "source")]) == 0
    changed = "source/harbour/commentary.md"
    assert run_hook(hook, tmp_path, environment, changed).returncode == 0
    notes = tmp_path / changed
    notes.write_text(notes.read_text("utf-8").replace('on="first paragraph"', 'on="last paragraph"'), "utf-8")
    done = run_hook(hook, tmp_path, environment, changed)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{changed}:")
    (tmp_path / "source").rename(tmp_path / "texts")
    assert run_hook(hook, tmp_path, environment, "texts/harbour/commentary.md").returncode == 2
    elsewhere = run_hook(hook, tmp_path, environment, "texts/harbour/commentary.md", "--source", "texts")
    assert elsewhere.returncode == 1
