"""Templates are compiled once in a process, and anew as soon as their text is another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from publisher.rendering.templates import _COMPILED, Templates, _Compiled, builtin_templates, compile_builtin


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled from now on."""
    found: list[str] = []
    compile_ = Environment._compile

    def told(self: Environment, source: str, filename: str) -> object:
        found.append(Path(filename).name)
        return compile_(self, source, filename)

    monkeypatch.setattr(Environment, "_compile", told)
    monkeypatch.setattr(_COMPILED, "_codes", {})
    return found


def test_an_editions_template_is_compiled_once_for_all_builds(tmp_path: Path, compiled: list[str]) -> None:
    (tmp_path / "a.html").write_text("{{ word }}", encoding="utf-8")
    assert [Templates(tmp_path).render("web", "a.html", word=word) for word in "ab"] == ["a", "b"]
    assert compiled == ["a.html"]


def test_a_template_that_changed_is_compiled_anew_whatever_its_time(tmp_path: Path, compiled: list[str]) -> None:
    path = tmp_path / "a.html"
    for text in ("one", "two", "one"):
        path.write_text(text, encoding="utf-8")
        assert Templates(tmp_path).render("web", "a.html") == text
    assert len(compiled) == 2


def test_templates_of_the_same_text_in_two_editions_keep_their_own_names(tmp_path: Path, compiled: list[str]) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.html").write_text("{% include 'b.html' %}", encoding="utf-8")
        (tmp_path / name / "b.html").write_text(name, encoding="utf-8")
    assert [Templates(tmp_path / name).render("web", "a.html") for name in "ab"] == ["a", "b"]


def test_no_more_are_kept_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = _Compiled(3)
    monkeypatch.setattr("publisher.rendering.templates._COMPILED", kept)
    for number in range(9):
        (tmp_path / f"{number}.html").write_text(str(number), encoding="utf-8")
        assert Templates(tmp_path).render("web", f"{number}.html") == str(number)
    assert len(kept._codes) == 3


def test_the_packages_own_templates_are_compiled_ahead_once(compiled: list[str]) -> None:
    compile_builtin()
    ahead = sorted(compiled)
    assert ahead == sorted(path.name for path in builtin_templates().glob("*/*.*html"))
    for path in builtin_templates().glob("*/*.*html"):
        Templates()._environments[path.parent.name].get_template(path.name)
    assert sorted(compiled) == ahead


def test_a_module_compiles_them_in_the_process_that_workers_are_forked_from() -> None:
    script = (
        "import publisher.rendering.compiled\nfrom publisher.rendering.templates import _COMPILED\n"
        "print(len(_COMPILED._codes))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(list(builtin_templates().glob("*/*.*html")))
