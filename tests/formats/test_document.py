"""Units out of (X)HTML, as a browser would show it: whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publisher.formats.document import Document, read_document
from publisher.model.artefacts import UnitRole


def read(body: str, lang: str = "en") -> Document:
    return read_document(html.document_fromstring(f'<html lang="{lang}"><body>{body}</body></html>'), "a.html")


def told(body: str) -> list[tuple[str, str]]:
    return [(unit.role.value, unit.text) for unit in read(body).units]


@pytest.mark.parametrize(
    ("body", "units"),
    [
        ("<h1>A</h1><h3>B</h3><p>C</p>", [("title", "A"), ("heading", "B"), ("paragraph", "C")]),
        ("<p>one <em>two</em>\n three</p>", [("paragraph", "one two three")]),
        ("<div>bare <p>inner</p> tail</div>", [("paragraph", "bare"), ("paragraph", "inner"), ("paragraph", "tail")]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")]),
        ("<dl><dt>T<dd>D</dl>", [("term", "T"), ("paragraph", "D")]),
        ("<table><tr><th>H<td>D</table>", [("paragraph", "H"), ("paragraph", "D")]),
        ("<pre><code>a\n  b</code></pre>", [("code", "a\n  b")]),
        ("<p>a<br>b</p>", [("paragraph", "a b")]),
        ('<p>a <img src="x" alt="B"> c</p>', [("paragraph", "a c"), ("alternative", "B")]),
        ('<p>a <img src="x" alt=""> c</p>', [("paragraph", "a c")]),
        ("<p>a <svg><title>B</title><text>no</text></svg></p>", [("paragraph", "a"), ("alternative", "B")]),
        ('<p><math alttext="x squared"><mi>x</mi></math></p>', [("math", "x squared")]),
        ("<p><math><mi>x</mi></math></p>", [("math", "x")]),
        ("<p>漢<ruby>字<rt>ji</rt></ruby></p>", [("paragraph", "ji"), ("paragraph", "漢字")]),
        ("<script>no</script><style>no</style><template>no</template><p>yes", [("paragraph", "yes")]),
        ("<p>a<!-- no -->b<?no no?></p>", [("paragraph", "ab")]),
        ("<p></p><p> \n</p>", []),
        ('<section role="doc-bibliography"><ul><li>Work</ul></section>', [("reference", "Work")]),
    ],
)
def test_what_a_browser_shows_is_a_unit(body: str, units: list[tuple[str, str]]) -> None:
    assert told(body) == units


def test_languages_are_inherited_and_told_within_words() -> None:
    (one, other) = read('<p>yes <span lang="fr">oui</span></p><div lang="cy"><p>ie</p></div>').units
    assert (one.lang, one.runs) == ("en", (("yes ", "en"), ("oui", "fr")))
    assert (other.lang, other.runs) == ("cy", ())


@pytest.mark.parametrize("attributes", ["hidden", 'aria-hidden="true"', 'style="display: none"', "hidden=until-found"])
def test_what_is_concealed_is_known_as_hidden(attributes: str) -> None:
    (unit,) = read(f"<div {attributes}><p>secret</p></div>").units
    assert unit.hidden
    assert read(f"<p>open <b {attributes}>secret</b></p>").units[0].text == "open"


@pytest.mark.parametrize("attributes", ['aria-hidden="true"', "inert"])
def test_words_for_the_eye_alone_are_words_that_the_block_has_not(attributes: str) -> None:
    units = read(f"<p id=a>The lamp <b {attributes}>never</b> burned <i {attributes}>•</i></p>").units
    assert [(unit.text, unit.id, unit.furniture) for unit in units] == [
        ("The lamp burned", "a", False),
        ("never", None, False),
    ]
    label = (
        f"<aside role=doc-footnote id=n aria-label='Note 1'><span {attributes}>1</span><p id=p>For years.</p></aside>"
    )
    number, text = read(label).units[1:]  # behind what the note is announced as
    assert (number.text, number.note, number.furniture) == ("1", "n", True)
    assert (text.text, text.note) == ("For years.", "n")
    assert read(label).notes[0].name == "Note 1"
    assert read(f"<p>open <b {attributes} hidden>secret</b></p>").units[1:] == []


@pytest.mark.parametrize("around", ["nav", "footer", "button", 'div role="navigation"', "header"])
def test_page_furniture_is_set_apart(around: str) -> None:
    units = read(f"<{around}><p>around</p></{around.split(' ', maxsplit=1)[0]}><p>text</p>").units
    assert [(unit.text, unit.furniture) for unit in units] == [("around", True), ("text", False)]


def test_a_heading_in_a_header_is_text() -> None:
    assert [(u.text, u.furniture) for u in read("<header><h1>T</h1><p>by me</p></header>").units] == [
        ("T", False),
        ("by me", True),
    ]


def test_notes_calls_and_ways_back_are_found() -> None:
    document = read(
        '<p id="p">word<a id="c" href="#n" role="doc-noteref">1</a></p>'
        '<aside id="n" role="doc-footnote"><p>said <a href="#c" role="doc-backlink">back</a></p></aside>'
    )
    assert [(unit.text, unit.note) for unit in document.units] == [("word", None), ("said", "n")]
    (note,) = document.notes
    assert (note.calls, note.backlinks) == (("c",), ("c",))
    assert [(link.calls, link.back, link.resolves, link.unit) for link in document.links] == [
        (True, False, True, "p"),
        (False, True, True, "n"),
    ]


def test_facts_beside_the_words_are_found() -> None:
    document = read(
        '<p id="a"><abbr title="Northern Lights">NL</abbr> <img id="i" src="b.png" alt="B"></p>'
        '<ol start="4" type="i"><li id="l">x<li id="m">y</ol>'
        '<table><tr><th scope="row"><p id="h">H</p></th><td><p id="d">D</p></td></tr></table>'
    )
    assert [(fact.kind, fact.id, fact.value) for fact in document.facts] == [
        ("expansion", "a", "NL: Northern Lights"),
        ("picture", "i", "b.png"),
        ("number", "l", "i 4"),
        ("within", "l", "list"),
        ("number", "m", "i 5"),
        ("within", "m", "list"),
        ("header", "h", "row"),
        ("cell", "h", "row 1, column 1"),
        ("within", "h", "table"),
        ("cell", "d", "row 1, column 2"),
        ("within", "d", "table"),
    ]


def test_what_an_address_leads_to_may_be_encoded() -> None:
    document = read(
        '<p id="منارة">Light <a href="#%D9%85%D9%86%D8%A7%D8%B1%D8%A9">there</a></p>'
        '<nav><ul><li><a href="#%D9%85%D9%86%D8%A7%D8%B1%D8%A9">Light</a></li></ul></nav>'
    )
    assert [link.resolves for link in document.links] == [True, True]
    assert [entry.target for contents in document.contents for entry in contents.entries] == ["#منارة"]


def test_a_link_to_nowhere_is_known() -> None:
    assert [link.resolves for link in read('<p id="x"><a href="#x">a</a> <a href="#y">b</a>').links] == [True, False]


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="<>&\r\x00", exclude_categories=["C"]), min_size=1)
    )
)
def test_no_words_are_lost_or_made_up(texts: list[str]) -> None:
    read_back = [unit.text for unit in read("".join(f"<p>{text}</p>" for text in texts)).units]
    assert read_back == [" ".join(text.split()) for text in texts if text.strip()]


def test_roles_are_those_of_the_model() -> None:
    assert {role for role, _ in told("<h1>a</h1><p>b")} <= {role.value for role in UnitRole}


def test_the_words_of_a_link_are_those_of_a_unit_pictures_and_formulas_none_of_them() -> None:
    body = '<p><a href="#a"><em>one</em><math alttext="m"><mi>m</mi></math>two<img src="x" alt="B"/><br/>three</a></p>'
    document = read(body)
    assert [link.text for link in document.links] == ["one two three"]
    assert document.units[0].text == "one two three"
