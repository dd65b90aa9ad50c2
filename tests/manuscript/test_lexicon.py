"""Pronunciation lexicons: ours in YAML, and the W3C's PLS 1.0 (https://www.w3.org/TR/pronunciation-lexicon/)."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.manuscript.lexicon import read_lexicons
from publisher.model.findings import FindingsError

PLS = """<?xml version="1.0" encoding="UTF-16"?>
<lexicon version="1.0" alphabet="{alphabet}" xml:lang="en-GB" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Mousehole</grapheme><grapheme>Mouse  Hole</grapheme><phoneme>ˈmaʊzəl</phoneme></lexeme>
  <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
  {more}
</lexicon>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "source" / "tides"
    made.mkdir(parents=True)
    return made


def checks(folder: Path) -> list[str]:
    with pytest.raises(FindingsError) as caught:
        read_lexicons(folder)
    return [f"{finding.check} {finding.position}".replace(str(folder), "") for finding in caught.value.findings]


def test_no_lexicon_is_no_words(folder: Path) -> None:
    assert read_lexicons(folder) == ({}, ())


def test_words_of_the_edition_win_over_those_of_the_imprint(folder: Path) -> None:
    (folder.parent / "lexicon.yaml").write_text("en:\n  quay: kay\n  tsar: zar\nfr: {oignon: ognon}\n")
    (folder / "lexicon.yaml").write_text('en:\n  quay: "/kiː/"\n')
    assert read_lexicons(folder)[0] == {"en": {"quay": "/kiː/", "tsar": "zar"}, "fr": {"oignon": "ognon"}}


def test_pls_gives_phonemes_and_aliases_for_every_spelling(folder: Path) -> None:
    (folder / "lexicon.pls").write_text(PLS.format(alphabet="ipa", more=""), encoding="utf-8")
    words, findings = read_lexicons(folder)
    assert words == {"en-GB": {"Mousehole": "/ˈmaʊzəl/", "Mouse Hole": "/ˈmaʊzəl/", "W3C": "World Wide Web Consortium"}}
    assert findings == ()


def test_yaml_wins_over_pls_beside_it(folder: Path) -> None:
    (folder / "lexicon.pls").write_text(PLS.format(alphabet="ipa", more=""), encoding="utf-8")
    (folder / "lexicon.yaml").write_text("en-GB:\n  Mousehole: mowzel\n")
    assert read_lexicons(folder)[0]["en-GB"]["Mousehole"] == "mowzel"


def test_pls_4_6_phonemes_in_another_alphabet_are_told_and_passed_over(folder: Path) -> None:
    (folder / "lexicon.pls").write_text(PLS.format(alphabet="x-sampa", more=""), encoding="utf-8")
    words, findings = read_lexicons(folder)
    assert words == {"en-GB": {"W3C": "World Wide Web Consortium"}}
    assert [finding.check for finding in findings] == ["lexicon-lexeme"]
    assert findings[0].position is not None
    assert findings[0].position.line == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("engl-ish-x: {a: b}\n", "language-unknown /lexicon.yaml:1:1"),
        ("en: word\n", "lexicon-entry /lexicon.yaml:1:1"),
        ("en:\n  word: [a]\n", "lexicon-entry /lexicon.yaml:2:3"),
        ("en:\n  word: 12\n", "lexicon-entry /lexicon.yaml:2:3"),
        ("en:\n  word: //\n", "lexicon-entry /lexicon.yaml:2:3"),
        ("en:\n  word: a\n  word: b\n", "yaml-duplicate-key /lexicon.yaml:3:3"),
    ],
)
def test_faults_of_yaml_are_told_by_line_and_column(folder: Path, text: str, expected: str) -> None:
    (folder / "lexicon.yaml").write_text(text)
    assert checks(folder) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "<lexicon",
        "<lexicon/>",
        PLS.format(alphabet="ipa", more="").replace("en-GB", ""),
        '<!DOCTYPE lexicon [<!ENTITY a "aaaa">]>' + PLS.format(alphabet="ipa", more="").partition("?>")[2],
    ],
)
def test_what_is_no_pls_is_refused(folder: Path, text: str) -> None:
    (folder / "lexicon.pls").write_text(text, encoding="utf-8")
    assert [found.split()[0] for found in checks(folder)] == ["lexicon-xml"]


def test_an_entity_is_never_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    text = (
        f'<!DOCTYPE lexicon [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
        + PLS.format(alphabet="ipa", more="<lexeme><grapheme>x</grapheme><alias>&a;</alias></lexeme>").partition("?>")[
            2
        ]
    )
    (folder / "lexicon.pls").write_text(text, encoding="utf-8")
    with pytest.raises(FindingsError) as caught:
        read_lexicons(folder)
    assert "hidden" not in str(caught.value)
