"""Characters by HTML's names and in older sets, as documents of other makers have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.formats.characters import as_utf8, numbered


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"caf&eacute;&nbsp;!", b"caf&#233;&#160;!"),
        (b"&amp;eacute; &lt; &quot;", b"&amp;eacute; &lt; &quot;"),
        (b"&hellip;&unknown; &#233;", b"&#8230;&unknown; &#233;"),
        (
            b'<!DOCTYPE x [<!ENTITY copy "ours">]><x>&copy;&reg;</x>',
            b'<!DOCTYPE x [<!ENTITY copy "ours">]><x>&copy;&#174;</x>',
        ),
        (b"&NotEqualTilde;", b"&#8770;&#824;"),
    ],
)
def test_named_characters_become_numbers_but_for_those_of_xml_and_its_own(written: bytes, meant: bytes) -> None:
    assert numbered(written) == meant


@pytest.mark.parametrize(
    "data",
    [
        "é".encode(),
        b"\xef\xbb\xbfwords",
        b'<?xml version="1.0" encoding="iso-8859-1"?><p>\xe9</p>',
        "é".encode("utf-16"),
    ],
)
def test_what_tells_its_set_or_is_utf_8_stays(data: bytes) -> None:
    assert as_utf8(data) == data


@pytest.mark.parametrize(
    ("head", "set_"),
    [
        ('<meta http-equiv="Content-type" content="text/html; charset=ISO-8859-2"/>', "iso-8859-2"),
        ('<META CHARSET="windows-1252">', "cp1252"),
        ('<meta charset="nowhere-7"/>', "cp1252"),
        ("", "cp1252"),
    ],
)
def test_other_sets_are_those_of_the_meta(head: str, set_: str) -> None:
    text = f"<html><head>{head}</head><body>á é</body></html>"
    assert as_utf8(text.encode(set_)) == text.encode()


@given(st.binary(max_size=60))
def test_no_document_is_refused(data: bytes) -> None:
    as_utf8(data)
    numbered(data)
