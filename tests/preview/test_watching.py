"""Which editions a change touches; and that changes are heard of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

import pytest

from publisher.model.findings import InputError
from publisher.preview.watching import Scope, Touched, Watch, touched

HERE = Path("/work")
SOURCE = HERE / "source"
SCOPE = Scope(
    {"one": SOURCE / "one", "two": SOURCE / "two", "far": Path("/far/texts/far")},
    HERE / "templates",
    HERE / "build",
    SOURCE,
)
ALL = frozenset(SCOPE.editions)


def only(*names: str) -> Touched:
    return Touched(frozenset(names))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("source/one/commentary.md", only("one")),
        ("source/one/pictures/deep/map.svg", only("one")),
        ("source/one/templates/index.html", only("one")),
        ("source/one/article.md", Touched(frozenset({"one"}), listing=True)),
        ("source/one", Touched(frozenset({"one"}), listing=True)),
        ("source/imprint.yaml", only("one", "two")),
        ("source/lexicon.yaml", only("one", "two")),
        ("source/lexicon.pls", only("one", "two")),
        ("/far/texts/imprint.yaml", only("far")),
        ("/far/texts/far/article.md", Touched(frozenset({"far"}), listing=True)),
        ("/far/texts/other/article.md", Touched()),
        ("source/three/article.md", Touched(listing=True)),
        ("source/three", Touched(listing=True)),
        ("source/onesie/article.md", Touched(listing=True)),
        ("templates/web/index.html", Touched(ALL)),
        ("templates/shared/fonts/a.woff2", Touched(ALL, catalogue=True)),
        ("templates/catalogue/search.js", Touched(catalogue=True)),
        ("templates/pdf/article.css", Touched()),
        ("templates/preview/panel.css", Touched()),
        ("build/one", Touched(rebuilt=frozenset({"one"}), catalogue=True)),
        ("build/one/edition.json", Touched(rebuilt=frozenset({"one"}), catalogue=True)),
        ("build/other", Touched(catalogue=True)),
        ("build/one/index.html", Touched()),
        ("build/.one.partial-x1", Touched()),
        ("build/.one.partial-x1/edition.json", Touched()),
        ("build/.one.lock", Touched()),
        ("build", Touched()),
        ("source/one/.git/index", Touched()),
        ("source/one/.article.md.swp", Touched()),
        ("source/.obsidian/workspace.json", Touched()),
        ("elsewhere/article.md", Touched()),
    ],
)
def test_what_a_change_touches(path: str, found: Touched) -> None:
    assert touched([HERE / path], SCOPE) == found


def test_templates_of_formats_that_are_made_touch_all() -> None:
    scope = replace(SCOPE, formats=frozenset({"pdf"}))
    assert touched([HERE / "templates/pdf/article.css"], scope) == Touched(ALL)
    assert touched([HERE / "templates/epub/style.css"], scope) == Touched()


def test_where_editions_are_named_no_others_count() -> None:
    scope = replace(SCOPE, source=None)
    assert touched([SOURCE / "three" / "article.md"], scope) == Touched()
    assert touched([SOURCE / "one" / "article.md"], scope) == only("one")


def test_output_inside_of_an_edition_is_output() -> None:
    scope = Scope({"one": HERE / "one"}, HERE / "templates", HERE / "one" / "build")
    assert touched([HERE / "one/build/one/index.html"], scope) == Touched()


def test_several_changes_are_taken_together() -> None:
    paths = [SOURCE / "one/a.md", SOURCE / "two/b.md", HERE / "templates/catalogue/x", SOURCE / "new/article.md"]
    assert touched(paths, SCOPE) == Touched(frozenset({"one", "two"}), catalogue=True, listing=True)


def test_a_change_is_heard_of_as_soon_as_the_watch_is_there(tmp_path: Path) -> None:
    deep, flat = tmp_path / "deep", tmp_path / "flat"
    (deep / "inner").mkdir(parents=True)
    (flat / "inner").mkdir(parents=True)
    heard: SimpleQueue[frozenset[Path]] = SimpleQueue()
    watch = Watch([deep], [flat], heard.put)
    try:
        (deep / "inner" / "a.md").write_text("a", encoding="utf-8")
        assert deep / "inner" / "a.md" in heard.get(timeout=30)
        (flat / "inner" / "b.md").write_text("b", encoding="utf-8")
        (flat / "imprint.yaml").write_text("c", encoding="utf-8")
        told = heard.get(timeout=30)
        assert flat / "imprint.yaml" in told
        assert flat / "inner" / "b.md" not in told
        other = deep / "article.md.new"
        other.write_text("saved as many editors do", encoding="utf-8")
        other.replace(deep / "article.md")
        seen: set[Path] = set()
        while deep / "article.md" not in seen:
            seen |= heard.get(timeout=30)
    finally:
        watch.stop()


def test_what_cannot_be_watched_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot watch .*none"):
        Watch([tmp_path / "none"], [], lambda _: None)
