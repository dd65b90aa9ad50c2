"""What stays and what is made anew when something changes, and what `build --explain` says of it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import publisher.making
from publisher import cli
from publisher.build import Built, Order, build_edition
from publisher.formats import FORMATS, writer
from publisher.formats.contract import Job
from publisher.model.artefacts import Artefact
from publisher.model.findings import Finding, Severity
from publisher.model.source import Position
from publisher.stages import content_digest
from publisher.store import Store, file_digest

ARTICLE = "---\ntitle: The lamp\nlang: en\n---\n\n## Light {#light}\n\nThe lamp burns all night.\n"
IMPRINT = "publisher: Lantern\nvoice: espeak\n"
SOUNDING = {"audio", "audiobook", "daisy", "epub", "web"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, store: Store) -> Path:
    """A folder with the source and the output of an edition in all formats."""
    base = tmp_path_factory.mktemp("first")
    (base / "source" / "lamp").mkdir(parents=True)
    (base / "source" / "imprint.yaml").write_text(IMPRINT, encoding="utf-8")
    (base / "source" / "lamp" / "article.md").write_text(ARTICLE, encoding="utf-8")
    _build(base, store)
    return base


@pytest.fixture
def base(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "here"))


def _build(base: Path, store: Store, **choices: Any) -> Built:
    return build_edition(Order(base / "source" / "lamp", base / "build", store, **choices), lambda *_: None)


def _edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def _article(base: Path) -> Path:
    return base / "source" / "lamp" / "article.md"


def made(built: Built) -> set[str]:
    return {reason.format for reason in built.reasons if reason.made}


def why(built: Built, format: str) -> str:
    return next(str(reason) for reason in built.reasons if reason.format == format)


def content(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in folder.rglob("*") if path.is_file()}


def a_comment(base: Path) -> None:
    _article(base).write_text(f"{ARTICLE}\n<!-- to be checked -->\n", encoding="utf-8")


def an_empty_line(base: Path) -> None:
    _edit(_article(base), "\n\nThe lamp", "\n\n\n\nThe lamp")


def a_pause(base: Path) -> None:
    (base / "source" / "imprint.yaml").write_text(f"{IMPRINT}pauses:\n  heading: 1.2\n", encoding="utf-8")


def a_sentence(base: Path) -> None:
    _edit(_article(base), "all night", "all day")


def a_template(base: Path) -> None:
    own = base / "source" / "lamp" / "templates"
    own.mkdir()
    (own / "plain.css").write_text("p { color: black }\n", encoding="utf-8")


def a_file(base: Path) -> None:
    (base / "build" / "lamp" / "lamp.docx").write_bytes(b"spoiled")


EDITS: list[tuple[Callable[[Path], None], set[str], str]] = [
    (a_comment, set(), "docx (lamp.docx): kept, since nothing of it changed"),
    (an_empty_line, set(), "docx (lamp.docx): kept, since nothing of it changed"),
    (a_pause, SOUNDING, "audiobook (lamp.lpf): made, since the voice, its settings or the choice of recordings and"),
    (a_sentence, set(FORMATS), "docx (lamp.docx): made, since the text changed (article.md)"),
    (a_template, set(FORMATS), "docx (lamp.docx): made, since its templates changed (templates/plain.css)"),
    (a_file, {"docx", "web"}, "docx (lamp.docx): made, since lamp.docx is not as it was made"),
]


@pytest.mark.parametrize(("edit", "anew", "told"), EDITS, ids=lambda one: getattr(one, "__name__", ""))
def test_only_what_reads_a_change_is_made_anew_and_all_is_as_if_all_had_been(
    edit: Callable[[Path], None], anew: set[str], told: str, base: Path, store: Store
) -> None:
    edit(base)
    built = _build(base, store)
    # The pages tell of the other files, so that they are looked at again with them, and stay if those are the same.
    assert made(built) in (anew, anew - {"web"})
    assert any(str(reason).startswith(told) for reason in built.reasons), built.reasons
    there = content(base / "build" / "lamp")
    shutil.rmtree(base / "build")
    assert made(_build(base, store)) == set(FORMATS)
    assert content(base / "build" / "lamp") == there


def test_a_template_that_is_changed_is_seen(base: Path, store: Store) -> None:
    a_template(base)
    _build(base, store)
    _edit(base / "source" / "lamp" / "templates" / "plain.css", "black", "navy")
    built = _build(base, store)
    assert "its templates changed (templates/plain.css)" in why(built, "web")


def test_a_library_of_another_release_makes_all_anew_and_is_named(
    base: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.fingerprint._version", lambda name: "0.0" if name == "weasyprint" else None)
    built = _build(base, store)
    assert made(built) == set(FORMATS)
    assert " to 0.0" in why(built, "docx")


def test_another_publisher_makes_all_anew(base: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publisher.fingerprint.package_files", lambda: {"publisher/build.py": "another"})
    built = _build(base, store)
    assert made(built) == set(FORMATS)
    assert "publisher itself" in why(built, "docx")


def test_formats_that_were_not_asked_for_stay_and_are_known_the_next_time(base: Path, store: Store) -> None:
    before = json.loads((base / "build" / "lamp" / "edition.json").read_bytes())["stages"]
    (base / "build" / "lamp" / "lamp.pdf").unlink()
    built = _build(base, store, formats=("pdf",))
    assert "pdf" in made(built)
    stages = json.loads((base / "build" / "lamp" / "edition.json").read_bytes())["stages"]
    assert {name: stages[name] for name in stages if name != "web"} == {
        name: before[name] for name in stages if name != "web"
    }


def test_a_file_with_findings_is_made_again_so_that_they_are_told_again(
    base: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(name: str, job: Job) -> tuple[Artefact, ...]:
        finding = Finding("glyph-missing", Severity.WARNING, "no glyph", where="lamp.docx")
        written = writer(name)(job)
        return tuple(dataclasses.replace(one, findings=(finding,)) if name == "docx" else one for one in written)

    monkeypatch.setattr(publisher.making, "_write", write)
    a_sentence(base)
    assert _build(base, store).findings
    a_comment(base)
    _edit(_article(base), "all night", "all day")
    built = _build(base, store)
    assert made(built) == {"docx"}
    assert [finding.message for finding in built.findings] == ["no glyph"]
    assert "told again" in why(built, "docx")


def test_an_output_from_another_version_is_made_anew(base: Path, store: Store) -> None:
    path = base / "build" / "lamp" / "edition.json"
    manifest = json.loads(path.read_bytes())
    del manifest["stages"], manifest["made_from"]
    path.write_text(json.dumps(manifest | {"key": "another"}), encoding="utf-8")
    assert made(_build(base, store)) == set(FORMATS)


def test_explain_is_told_line_by_line_and_as_json(
    base: Path, store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLISHER_CACHE", str(store.root))
    monkeypatch.chdir(base)
    assert cli.main(["build", "--explain"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "lamp: docx (lamp.docx): kept, since nothing of it changed" in told
    assert cli.main(["build", "--explain", "--json"]) == 0
    [edition] = json.loads(capsys.readouterr().out)["editions"]
    assert {one["format"] for one in edition["reasons"]} == set(FORMATS)
    assert cli.main(["build"]) == 0
    assert "since" not in capsys.readouterr().out


@dataclasses.dataclass(frozen=True)
class Thing:
    name: str
    inner: object = None


plain = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4))
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.builds(Thing, st.text(max_size=3), inner),
    ),
    max_leaves=8,
)


def _typed(value: object) -> object:
    """Equal only where types are equal, too: True is 1 in Python, and -0.0 is 0.0."""
    match value:
        case tuple():
            return ("tuple", *map(_typed, value))
        case dict():
            return ("dict", *((key, _typed(value[key])) for key in sorted(value)))
        case Thing():
            return ("thing", value.name, _typed(value.inner))
        case _:
            return (type(value).__name__, repr(value))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine fails nothing
@given(values, values)
def test_contents_that_differ_have_different_digests(one: object, other: object) -> None:
    assert (content_digest(one) == content_digest(other)) == (_typed(one) == _typed(other))


def test_where_a_thing_was_read_does_not_count() -> None:
    here, there = (Thing("a", (Position("article.md", line), Path(f"/{line}"))) for line in (1, 2))
    assert content_digest(here) == content_digest(there)


def test_what_has_no_digest_is_refused() -> None:
    with pytest.raises(TypeError, match="PurePosixPath"):
        content_digest(PurePosixPath("a"))
