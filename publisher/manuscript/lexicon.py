"""Pronunciation lexicons: how words are said, for one edition or for all editions beside each other.

`lexicon.yaml` holds words by language; `lexicon.pls` is the W3C's Pronunciation Lexicon Specification 1.0
(https://www.w3.org/TR/pronunciation-lexicon/). Both may stand in an edition's folder and beside imprint.yaml; the
edition's own words win, and YAML's over those of a PLS file beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lxml import etree

from publisher.manuscript.files import read_text
from publisher.manuscript.languages import language_finding, standard_tag
from publisher.manuscript.yaml_data import Data, read_yaml
from publisher.model.findings import Finding, FindingsError, Severity, errors
from publisher.model.source import Position

NAMES = ("lexicon.pls", "lexicon.yaml")
"""In the order of their weight, the heavier one last."""

_NAMESPACE = "{http://www.w3.org/2005/01/pronunciation-lexicon}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Words = dict[str, dict[str, str]]


def read_lexicons(folder: Path) -> tuple[Words, tuple[Finding, ...]]:
    """The words of an edition's lexicons, by language tag, and the warnings about them.

    Raises FindingsError with all that is wrong in them, InputError where one cannot be read.
    """
    merged: Words = {}
    findings: list[Finding] = []
    for path in lexicons(folder):
        words, about = (_read_pls if path.suffix == ".pls" else _read_yaml)(path)
        findings += about
        for lang, entries in words.items():
            merged.setdefault(lang, {}).update(entries)
    if errors(findings):
        raise FindingsError(findings)
    return merged, tuple(findings)


def lexicons(folder: Path) -> Iterator[Path]:
    """The lexicons that bear on an edition, the least weighty first."""
    for place in (folder.parent, folder):
        yield from (place / name for name in NAMES if (place / name).exists())


def _read_yaml(path: Path) -> tuple[Words, list[Finding]]:
    data = read_yaml(read_text(path), str(path))
    words: Words = {}
    findings: list[Finding] = []
    for lang, entries in data.value.items():
        if standard_tag(lang) is None:
            findings.append(language_finding(lang, data.place((lang,))))
        elif not isinstance(entries, Mapping):
            message = f"no words under {lang}; write `word: how it sounds`, one a line, indented"
            findings.append(_error("lexicon-entry", message, data.place((lang,))))
        else:
            words[lang] = dict(_entries(lang, entries, data, findings))
    return words, findings


def _entries(
    lang: str, entries: Mapping[str, object], data: Data, findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    for word, said in entries.items():
        if isinstance(said, str) and said.strip(" /") and word.strip():
            yield unicodedata.normalize("NFC", word.strip()), said.strip()
        else:
            message = (
                f"how is {word or 'this'} said? Write words spelt as they sound, or IPA between slashes, in quotes"
            )
            findings.append(_error("lexicon-entry", message, data.place((lang, word))))


def _read_pls(path: Path) -> tuple[Words, list[Finding]]:
    """A PLS document. Only its first alias or phonemes of each lexeme are used, and only IPA is understood."""
    text = read_text(path)
    if "<!DOCTYPE" in text:
        raise FindingsError([_error("lexicon-xml", "a document type; take it out", Position(str(path), 1))])
    # The declaration may name another encoding, but the file has been read as UTF-8.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8")
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as problem:
        line, column = problem.position
        message = f"not XML ({problem.msg}); mend it"
        raise FindingsError(
            [_error("lexicon-xml", message, Position(str(path), line or 1, column or None))]
        ) from problem
    lang = root.get(_LANG, "")
    if root.tag != f"{_NAMESPACE}lexicon" or standard_tag(lang) is None:
        message = "not a pronunciation lexicon: its root must be lexicon, in the namespace of PLS 1.0, with an xml:lang"
        raise FindingsError([_error("lexicon-xml", message, Position(str(path), _line(root)))])
    findings: list[Finding] = []
    words: dict[str, str] = {}
    for lexeme in root.iter(f"{_NAMESPACE}lexeme"):
        said = _said(lexeme, root.get("alphabet", ""))
        if said is None:
            message = "a lexeme without an alias or phonemes in IPA, which is all that is understood; it is passed over"
            place = Position(str(path), _line(lexeme))
            findings.append(Finding("lexicon-lexeme", Severity.WARNING, message, place))
            continue
        for grapheme in lexeme.iter(f"{_NAMESPACE}grapheme"):
            word = unicodedata.normalize("NFC", _text(grapheme))
            if word:
                words.setdefault(word, said)
    return {lang: words}, findings


def _said(lexeme: etree._Element, alphabet: str) -> str | None:
    children: Iterable[etree._Element] = lexeme.iterchildren(f"{_NAMESPACE}alias", f"{_NAMESPACE}phoneme")
    for child in children:
        text = _text(child)
        if text and child.tag == f"{_NAMESPACE}alias":
            return text
        if text and child.get("alphabet", alphabet).lower() == "ipa":
            return f"/{text}/"
    return None


def _line(element: etree._Element) -> int:
    line: object = element.sourceline  # the stubs know it only as an ellipsis
    return line if isinstance(line, int) else 1


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(text) for text in element.itertext()).split())


def _error(check: str, message: str, position: Position) -> Finding:
    return Finding(check, Severity.ERROR, message, position)
