"""Schemas for editors: they accept what is read, and refuse what the reader refuses, as far as a schema can tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel

from publisher.cli import main
from publisher.helping import SCHEMAS as OFFERED
from publisher.manuscript.frontmatter import ArticleFront, CommentaryFront, cut, validate
from publisher.manuscript.imprint import ImprintFile
from publisher.manuscript.lexicon import read_lexicons
from publisher.manuscript.schemas import NAMES, as_text, schema
from publisher.manuscript.yaml_data import read_yaml
from publisher.model.findings import FindingsError

ROOT = Path(__file__).resolve().parents[2]
MODELS: dict[str, type[BaseModel]] = {"article": ArticleFront, "commentary": CommentaryFront, "imprint": ImprintFile}


class _Editor(yaml.SafeLoader):
    """YAML as editors read it, by the core schema of YAML 1.2: dates are text, and so are yes and no."""


_Editor.yaml_implicit_resolvers = {
    sign: [
        (tag, re.compile("true|false|True|False|TRUE|FALSE") if tag.endswith(":bool") else pattern)
        for tag, pattern in resolvers
        if not tag.endswith((":timestamp", ":merge", ":value"))
    ]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def edited(text: str) -> Any:
    return yaml.load(text, _Editor)


@cache
def validator(name: str) -> Draft7Validator:
    return Draft7Validator(schema(name), format_checker=Draft7Validator.FORMAT_CHECKER)


def accepts(name: str, text: str) -> bool:
    return bool(validator(name).is_valid(edited(text) or {}))


def is_read(name: str, text: str, folder: Path | None = None) -> bool:
    """Whether the reader takes it without a fault or an unknown key."""
    try:
        if name == "lexicon":
            assert folder is not None
            (folder / "lexicon.yaml").write_text(text, encoding="utf-8")
            return read_lexicons(folder)[1] == ()
        return validate(MODELS[name], read_yaml(text, "a.yaml"))[1] == ()
    except FindingsError:
        return False


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_one(name: str) -> None:
    Draft7Validator.check_schema(schema(name))
    assert schema(name)["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("name", NAMES)
def test_the_copies_in_the_documentation_are_those_of_the_models(name: str) -> None:
    copy = ROOT / "docs" / "schemas" / f"{name}.schema.json"
    assert copy.read_text(encoding="utf-8") == as_text(name), "run publisher schema --out docs/schemas"


def test_every_key_is_explained_and_only_known_keys_are_keys() -> None:
    for name, model in MODELS.items():
        made = schema(name)
        assert list(made["properties"]) == [field.alias or key for key, field in model.model_fields.items()]
        assert all(value.get("description") for value in made["properties"].values())
        assert made["additionalProperties"] is False


# What stands in editions and in the documentation


def written() -> Iterator[tuple[str, str, str]]:
    """Schema, where, and YAML: of every edition here, and of every example in the documentation."""
    for path in [*ROOT.glob("source/*/*.md"), *ROOT.glob("tests/editions/*/*.md")]:
        yield path.stem.partition("-")[0], str(path.relative_to(ROOT)), cut(path.read_text("utf-8"), "").yaml
    for path in [*ROOT.glob("source/*.yaml"), *ROOT.glob("tests/editions/**/*.yaml")]:
        yield path.stem, str(path.relative_to(ROOT)), path.read_text("utf-8")
    block = re.compile(r"^(?:<!-- file: (\S+) -->\n)?(`{3,})(\w*)\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")]:
        for number, (file, _, language, text) in enumerate(block.findall(page.read_text("utf-8"))):
            where = f"{page.relative_to(ROOT)} {number}"
            if text.startswith("---\n"):
                yield (
                    ("commentary" if "commentary" in file or "editors:" in text else "article"),
                    where,
                    cut(text, "").yaml,
                )
            elif language == "yaml" and file.endswith(("imprint.yaml", "lexicon.yaml")):
                yield Path(file).stem, where, text
            elif language == "yaml" and not file:
                yield "", where, text


WRITTEN = [one for one in written() if one[0] in (*NAMES, "")]


@pytest.mark.parametrize(("name", "where", "text"), WRITTEN, ids=[where for _, where, _ in WRITTEN])
def test_what_is_written_here_is_accepted(name: str, where: str, text: str) -> None:
    if name:
        assert [error.message for error in validator(name).iter_errors(edited(text) or {})] == []
    elif _is_ours(text):
        # A piece of YAML without the file's name: some schema has a place for it.
        assert any(accepts(one, text if one != "article" else f"title: A title\n{text}") for one in NAMES)


def _is_ours(text: str) -> bool:
    """Whether a piece of YAML is of an edition, not of some program's settings, which have keys of their own."""
    known = {key for name in MODELS for key in schema(name)["properties"]}
    held = edited(text)
    return isinstance(held, dict) and not known.isdisjoint(held)


def test_enough_is_written() -> None:
    assert len([one for one in WRITTEN if one[0]]) > 15


# What is refused

REFUSED = [
    ("article", "subtitle: No title"),
    ("article", "title:"),
    ("article", 'title: ""'),
    ("article", "title: [A, list]"),
    ("article", "title: A\nlangauge: en"),
    ("article", "title: A\nlang: British"),
    ("article", "title: A\nlang: [en]"),
    ("article", "title: A\ndate: 20 November 2026"),
    ("article", "title: A\ndate: 2026-11"),
    ("article", "title: A\ndate: 2026-02-31"),
    ("article", "title: A\nidentifier: two words"),
    ("article", "title: A\ncreators: {role: author}"),
    ("article", "title: A\ncreators: [{name: B, role: boss}]"),
    ("article", "title: A\ncreators: [{name: B, rôle: author}]"),
    ("article", "title: A\ncreators: [[B]]"),
    ("article", "title: A\nsubjects: {a: b}"),
    ("article", "title: A\nvoice: {name: co.uk}"),
    ("article", "title: A\nvoice: [espeak]"),
    ("article", "title: A\nvoices: {notes: espeak}"),
    ("article", "title: A\nvoices: espeak"),
    ("article", "title: A\npauses: {paragraph: 3}"),
    ("article", "title: A\npauses: {paragraph: long}"),
    ("article", "title: A\npauses: {pause: 1}"),
    ("article", "title: A\nmixes: [plain]"),
    ("article", "title: A\nmixes: article and notes"),
    ("article", "title: A\nopus: perhaps"),
    ("article", "title: A\nrecordings: chapter-1.wav"),
    ("article", "title: A\nrecordings: [{file: a.wav, mix: all}]"),
    ("article", "title: A\nreferences: lights"),
    ("article", "title: A\nreferences: [{type: book}]"),
    ("article", "title: A\nreferences: [{id: a}]"),
    ("article", "title: A\nreferences: [{id: a b, type: book}]"),
    ("article", "title: A\nreferences: [{id: '@a', type: book}]"),
    ("article", "title: A\nreferences: [{id: a, type: leaflet}]"),
    ("article", "title: A\nreferences: [{id: a, type: book, titel: B}]"),
    ("article", "title: A\nreferences: [{id: a, type: book, URL: lights.example}]"),
    ("article", "title: A\nreferences: [{id: a, type: book, author: {name: B}}]"),
    ("article", "title: A\nreferences: [{id: a, type: book, issued: {year: 2024}}]"),
    ("article", "title: A\nreferences: [{id: a, type: book, issued: {date-parts: 2024}}]"),
    ("article", "title: A\nreferences: [{id: a, type: book, title: [B]}]"),
    ("commentary", "editors: desk"),
    ("commentary", "editors: {the desk: The desk}"),
    ("commentary", "editors: {desk: {role: editor}}"),
    ("commentary", "editors: [{name: The desk}]"),
    ("commentary", "subtitle: None here"),
    ("imprint", "base_url: editions.example.org"),
    ("imprint", "base_url: ftp://editions.example.org"),
    ("imprint", "page_size: A5"),
    ("imprint", "large_print: 16"),
    ("imprint", "large_print: big"),
    ("imprint", "base-url: https://editions.example.org"),
    ("imprint", "title: Not here"),
    ("lexicon", "British: {a: b}"),
    ("lexicon", "en: mowzel"),
    ("lexicon", "en: {Mousehole: }"),
    ("lexicon", "en: {Mousehole: [mowzel]}"),
    ("lexicon", "en: {Mousehole: //}"),
]


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_what_the_reader_refuses_the_schema_refuses(name: str, text: str, tmp_path: Path) -> None:
    assert not is_read(name, text, tmp_path)
    assert not accepts(name, text)


ACCEPTED = [
    ("article", "title: 1984\nsubtitle: yes\ncreators: Ada\nsubjects: lights\nlang: en_GB\ndate: 2026-11-20"),
    (
        "article",
        "title: A\ncreators: [Ada, {name: Bram, role: ill}, {name: Cy, role: copy editor}]\nsubtitle:\nlang: ~",
    ),
    ("article", "title: A\nvoice: {engine: gtts, name: co.uk, fallback: espeak}\nvoices: {note: espeak:en-us}"),
    (
        "article",
        "title: A\npauses: {paragraph: 0.9, end: 2, before-heading: '1.5'}\nmixes: article, notes-after\nopus: yes",
    ),
    ("article", "title: A\nmixes: []\nrecordings: {file: a.wav, reader: Ada, mix: plain, waive: a-1-s1}"),
    ("article", "title: A\nrecordings: [{reader: Ada, waive: [a-1-s1, a-2-s1]}]\nopus: false\nfrom: commonmark_x"),
    (
        "article",
        "title: A\nreferences: [{id: a, type: book, title: 1984, issued: 1949, author: [{family: Orwell}, Eric]}]",
    ),
    ("article", "title: A\nreferences: [{id: a-1, type: book, issued: {date-parts: [[1949, 6, 8]]}, editor: }]"),
    ("article", "title: A\nreferences: [{id: ä, type: webpage, URL: 'HTTPS://a.example', accessed: {raw: June}}]"),
    ("commentary", "editors: {desk: The desk, ada: {name: Ada, role: editor}}"),
    ("commentary", "editors: [{key: desk, name: The desk}, {key: ada, name: Ada, role: edt}]"),
    ("commentary", ""),
    ("imprint", "base_url: ''\nlarge_print: 24\npage_size: letter\nlang: zh-Hant"),
    ("imprint", "base_url: http://a.example/b\nlarge_print: '20'\npublisher: 4\nopus: 'No'"),
    ("lexicon", "en: {Mousehole: mowzel}\nen-GB: {Skerry: /ˈskɛri/}"),
    ("lexicon", ""),
]


@pytest.mark.parametrize(("name", "text"), ACCEPTED)
def test_what_the_reader_takes_the_schema_takes(name: str, text: str, tmp_path: Path) -> None:
    assert is_read(name, text, tmp_path)
    assert [error.message for error in validator(name).iter_errors(edited(text) or {})] == []


# Whatever is read is accepted

WORDS = st.sampled_from(
    ["A lamp", "1984", "en", "en-GB", "i-klingon", "x y", "2026-11-20", "espeak", "author", "a_b", "ä1"]
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 40) | WORDS | st.text(max_size=4)
KEYS = st.sampled_from(
    "name role key id type title author issued URL engine fallback file reader mix waive paragraph note heading".split()
)
INNER = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
PEOPLE = st.fixed_dictionaries({"name": WORDS}, optional={"role": st.sampled_from(["author", "edt"]), "key": WORDS})
REFERENCE = st.fixed_dictionaries(
    {"id": WORDS, "type": st.sampled_from(["book", "report"])},
    optional={"author": INNER, "issued": INNER, "title": SCALARS, "URL": st.just("https://a.example/b") | SCALARS},
)


def values(key: str) -> st.SearchStrategy[Any]:
    apt = {
        "creators": PEOPLE | st.lists(PEOPLE | SCALARS, max_size=3),
        "editors": st.dictionaries(WORDS, PEOPLE | SCALARS, max_size=3) | st.lists(PEOPLE, max_size=2),
        "references": st.lists(REFERENCE, max_size=2),
        "pauses": st.dictionaries(
            st.sampled_from(["paragraph", "end"]), st.integers(-1, 3) | st.just("0.5"), max_size=2
        ),
        "voices": st.dictionaries(st.sampled_from(["note", "heading"]), SCALARS, max_size=2),
    }.get(key, SCALARS)
    return apt | INNER


def documents(name: str) -> st.SearchStrategy[dict[str, Any]]:
    keys = list(schema(name)["properties"])
    title = {"title": WORDS} if name == "article" else {}
    return st.fixed_dictionaries(title, optional={key: values(key) for key in keys if key not in title})


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(MODELS)).flatmap(lambda name: st.tuples(st.just(name), documents(name))))
def test_whatever_is_read_is_accepted(one: tuple[str, dict[str, Any]]) -> None:
    name, document = one
    # A key alone at a time, since a whole document is seldom without a fault.
    for key, value in document.items():
        alone = {**({"title": "A title"} if name == "article" else {}), key: value}
        text = json.dumps(alone)
        if is_read(name, text):
            assert [error.message for error in validator(name).iter_errors(alone)] == [], text


# The command


def test_the_command_prints_one_and_writes_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert OFFERED == NAMES
    assert main(["schema", "imprint"]) == 0
    assert capsys.readouterr().out == as_text("imprint")
    assert main(["schema"]) == 0
    assert capsys.readouterr().out.split() == [*NAMES]
    assert main(["schema", "--out", str(tmp_path / "new" / "schemas")]) == 0
    assert {path.name for path in (tmp_path / "new" / "schemas").iterdir()} == {f"{name}.schema.json" for name in NAMES}
    (tmp_path / "file").touch()
    assert main(["schema", "--out", str(tmp_path / "file")]) == 2
    assert "choose another folder" in capsys.readouterr().err
