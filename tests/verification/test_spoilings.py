"""Files spoilt by hand, one thing at a time, as a careless or a dishonest hand might: the right check tells each."""

from __future__ import annotations

import pytest
from spoilt_edition import Files, replaced

EVERYWHERE = [
    # Words
    ("a digit", "before 1912", "before 1913", "unit-altered"),
    ("two digits swapped", "<p([^>]*)><span([^>]*)>1912<", r"<p\1><span\2>1921<", "unit-altered"),
    ("a negation gone", "<em>not</em> ", "", "unit-altered"),
    ("a negation added", "So it was", "So it was not", "unit-altered"),
    ("a word of a note", "With oil", "With coal", "unit-altered"),
    ("a word of a footnote", "(<p id=.fn-1-1.[^>]*><span[^>]*>)See", r"\1Not", "unit-altered"),
    ("a title", "(<h1 [^>]*>)The lamp", r"\1The damp", "unit-altered"),
    ("a subtitle", "Two nights<", "Three nights<", "unit-altered"),
    ("a sentence more in a note", "So it was.", "So it was. Nobody doubts it.", "unit-altered"),
    ("a paragraph more in a note", "(<p id=.n-sea-1.)", r"<p>Nobody doubts it.</p>\1", "unit-added"),
    ("a paragraph twice", "(<p id=.n-sea-1.*?</p>)", r"\1\1", "unit-doubled"),
    ("an item of a list twice", "(<li id=.the-second-night-14.*?</li>)", r"\1\1", "unit-doubled"),
    ("an item of a list without its words", "<p id=.the-second-night-15.*?</p>", "", "unit-missing"),
    ("a word in the credits", "Bram Okafor(</|\n)", r"Bram Okafer\1", "unit-added"),
    # Structure
    ("a subtitle set as code", "<p ([^>]*id=.subtitle.*?)</p>", r"<pre \1</pre>", "unit-role"),
    ("rows of a table change places", "(<tr><td.*?</tr>)\\s*(<tr><td.*?</tr>)", r"\2\1", "unit-order"),
    ("two rows become one", "</tr>\\s*(<td)?<tr>(?=<td id=.measures-12)", r"\1", "cell-order"),
    ("a cell over two columns", "<td id=.measures-8.", '<td colspan="2" id="measures-8"', "cell-order"),
    (
        "a head cell that is none",
        "<th id=.measures-4. scope=.col.(.*?)</th>",
        r"<td id='measures-4'\1</td>",
        "cell-header",
    ),
    ("a head of rows", 'id="measures-4" scope="col"', 'id="measures-4" scope="row"', "cell-header"),
    ("a heading's level", "<h3 id=.measures.(.*?)</h3>", r"<h2 id='measures'\1</h2>", "unit-role"),
    ("a heading that is none", "<h3 id=.measures.(.*?)</h3>", r"<p id='measures'\1</p>", "unit-role"),
    ("no quotation any more", "<blockquote[^>]*>(.*?)</blockquote>", r"\1", "unit-within"),
    (
        "words taken for a quotation",
        "(<p id=.the-first-night-4..*?</p>)",
        r"<blockquote>\1</blockquote>",
        "unit-within",
    ),
    (
        "a list put on the upper level",
        "(<ul id=.the-second-night-10.*?</ul>)</li></ol>",
        r"</li></ol>\1",
        "unit-within",
    ),
    ("a caption that is none", "<figcaption>(.*?)</figcaption>", r"\1", "unit-within"),
    ("an item's number", '<ol id="the-second-night-5">', '<ol id="the-second-night-5" start="2">', "item-number"),
    ("letters for numbers", '<ol id="the-second-night-5">', '<ol id="the-second-night-5" type="a">', "item-number"),
    ("no numbers", "<ol id=.the-second-night-5.(.*?)</ol>", r"<ul id='the-second-night-5'\1</ul>", "item-number"),
    ("indentation of code", "    burn", "burn", "unit-altered"),
    ("lines of code", "if lit:\n    burn", "if lit: burn", "unit-altered"),
    ("a raised digit is not", "10<sup>6</sup>", "106", "script-altered"),
    ("a lowered digit raised", "H<sub>2</sub>", "H<sup>2</sup>", "script-altered"),
    ("a digit raised", "before 1912", "before 19<sup>12</sup>", "script-altered"),
    ("struck words are not", "<del>gas</del>", "gas", "struck-altered"),
    ("words struck", "<em>not</em>", "<s>not</s>", "struck-altered"),
    ("lines run on", "<br/>", " ", "line-altered"),
    ("a formula and not its words", "<mn>2</mn>", "<mn>3</mn>", "formula-altered"),
    ("a formula's kind", "<msup>(.*?)</msup>", r"<msub>\1</msub>", "formula-altered"),
    ("a formula's words and not the formula", "x squared", "x cubed", "unit-altered"),
    # Languages, alternatives
    ("a language", 'lang="fr"( xml:lang="fr")?', 'lang="de"', "unit-language"),
    ("no language", "<span lang=.fr.[^>]*>bonsoir</span>", "bonsoir", "unit-language"),
    ("an alternative", "A beam over the sea", "A beam over the land", "alternative-altered"),
    ("no alternative", 'alt="A lens."', 'alt=""', "alternative-missing"),
    ("an expansion", 'title="Northern Lights"', 'title="Northern Light"', "abbreviation-altered"),
    ("two pictures change places", "beam.png(.*?)lens.png", r"lens.png\1beam.png", "picture-altered"),
    ("a picture more", "(<p id=.n-sea-1.)", r'<p><img src="data:image/png;base64,AA" alt=""/></p>\1', "picture-added"),
    ("words drawn in a picture", "So it was.", "So it was.<svg><text>Or not.</text></svg>", "unit-added"),
    # Notes and links
    ("a call after other words", "(<sup class=.call.><a[^>]*n-lit-call.*?</sup>)( before 1912)", r"\2\1", "note-order"),
    ("calls change places", "n-lit-call(.*?)n-sea-call", r"n-sea-call\1n-lit-call", "note-order"),
    (
        "a call out of its table",
        "(<sup class=.call.><a[^>]*n-table-call.*?</sup>)(.*?</table>)(.*?<h2 [^>]*>)",
        r"\2\3\1",
        "note-order",
    ),
    (
        "a call on a table in one of its cells",
        "(<sup class=.call.><a[^>]*n-table-call.*?</sup>)(.*?<td [^>]*>.*?)(</span></p></td>|</span></td>|</td>)",
        r"\2\1\3",
        "note-order",
    ),
    (
        "a call out of its figure",
        "(<sup class=.call.><a[^>]*n-point-call.*?</sup>)(.*?<p id=.the-second-night-7.[^>]*>)",
        r"\2\1",
        "note-order",
    ),
    ("a call's number", r"\[1\]", "[2]", "note-label"),
    ("a call to another note", 'href="#n-lit" role', 'href="#n-sea" role', "note-call-missing"),
    ("a call gone", "<sup class=.call.><a[^>]*n-lit-call.*?</sup>", "", "note-call-missing"),
    ("a way back to elsewhere", 'href="#n-lit-call"', 'href="#n-sea-call"', "note-backlink-missing"),
    ("fewer words marked", "(<span class=.target.[^>]*>)lit the (lamp)</span>", r"lit the \1\2</span>", "note-target"),
    ("no words marked", "<span class=.target.[^>]*>(.*?)</span>", r"\1", "note-target"),
    ("words marked for another note", 'data-notes="n-lit"', 'data-notes="n-sea"', "note-target"),
    ("a note's kind", "(note-kind.>)Context", r"\1Definition", "note-label"),
    (
        "a note's day",
        ">20 November 2026</time></p>\n<div class=.sources",
        '>21 November 2026</time></p>\n<div class="sources',
        "note-label",
    ),
    (
        "a footnote's words in a note",
        "(<p id=.(?:n-sea|fn-1)-1..*?</p>)(.*)(<p id=.(?:n-sea|fn-1)-1..*?</p>)",
        r"\3\2\1",
        "unit-order",
    ),
    ("a link's address", "https://example.org/", "https://example.net/", "link-missing"),
    ("a link more", "So it was", '<a href="https://example.net/">So</a> it was', "link-added"),
    ("a link inside", 'href="#t"', 'href="#measures"', "link-missing"),
    ("a link to nowhere", 'href="#t"', 'href="#u"', "link-target-missing"),
    ("a link gone", "<a href=.#t.>(.*?)</a>", r"\1", "link-missing"),
    # Hidden, and said beside
    ("hidden by an attribute", "<p id=.opening-1.", '<p hidden="hidden" id="opening-1"', "unit-hidden"),
    ("hidden by a style", "<p id=.opening-1.", '<p style="Display : NONE" id="opening-1"', "unit-hidden"),
    ("hidden from assistive technology", "<p id=.opening-1.", '<p aria-hidden="true" id="opening-1"', "unit-hidden"),
    ("words hidden by a style", "<em>not</em>", '<em style="visibility:hidden">not</em>', "unit-altered"),
    ("a bubble", "<p id=.opening-1.", '<p title="All lies." id="opening-1"', "unit-added"),
    ("a label in place of words", "<p id=.opening-1.", '<p aria-label="All lies." id="opening-1"', "unit-added"),
    ("ruby", "<em>not</em>", "<ruby>not<rt>really</rt></ruby>", "unit-added"),
    ("a paragraph as furniture", "(<p id=.n-sea-1..*?</p>)", r"<nav>\1</nav>", "unit-role"),
]
"""What is done, the pattern that is looked for, what is put instead, the check that must tell."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("spoilt"))


def test_what_is_not_spoilt_has_no_finding(files: Files) -> None:
    assert files.page() == set()
    assert files.page(name="plain.html") == set()
    assert files.book() == set()


@pytest.mark.parametrize(("pattern", "by", "check"), [case[1:] for case in EVERYWHERE], ids=[c[0] for c in EVERYWHERE])
def test_a_spoilt_page_is_told(pattern: str, by: str, check: str, files: Files) -> None:
    assert check in files.spoilt_page(pattern, by)


@pytest.mark.parametrize(("pattern", "by", "check"), [case[1:] for case in EVERYWHERE], ids=[c[0] for c in EVERYWHERE])
def test_a_spoilt_book_is_told(pattern: str, by: str, check: str, files: Files) -> None:
    assert check in files.spoilt_book(pattern, by)


PAGES = [
    ("a line of the contents gone", '<li><a href="#the-second-night">.*?</li>', "", "contents-missing"),
    (
        "lines of the contents worded otherwise",
        '"#measures">Measures',
        '"#measures">The first night',
        "contents-altered",
    ),
    ("a line of the contents leads elsewhere", '"#measures">', '"#the-second-night">', "contents-missing"),
    ("a line of the contents twice", '(<li><a href="#introduction">.*?</li>)', r"\1\1", "contents-added"),
    (
        "lines in another order",
        '(<li><a href="#introduction">.*?</li>)(.*?)(<li><a href="#_foot)',
        r"\2\1\3",
        "contents-order",
    ),
    (
        "a line on another level",
        "<ol>\\s*(<li><a href=.#measures.>.*?</li>)\\s*</ol>\\s*</li>",
        r"</li>\1",
        "contents-order",
    ),
    ("no contents", '<nav class="contents".*?</nav>', "", "contents-missing"),
    ("the title in the metadata", 'DC.title" content="The lamp', 'DC.title" content="The damp', "metadata-title"),
    ("a subject", 'DC.subject" content="lamps', 'DC.subject" content="ships', "metadata-subject"),
    ("the rights", 'DC.rights" content="Free', 'DC.rights" content="Not free', "metadata-rights"),
    (
        "the description",
        'name="description" content="A short',
        'name="description" content="A long',
        "metadata-description",
    ),
    ("the illustrator", 'contributor" content="Bram', 'contributor" content="Cara', "metadata-contributor"),
    (
        "a page that leads away",
        "<head>",
        '<head><meta http-equiv="Refresh" content="0; URL=https://x.example/">',
        "link-added",
    ),
    ("another base", "<head>", '<head><base href="https://x.example/">', "link-added"),
]


@pytest.mark.parametrize(("pattern", "by", "check"), [case[1:] for case in PAGES], ids=[case[0] for case in PAGES])
def test_a_page_spoilt_around_the_text_is_told(pattern: str, by: str, check: str, files: Files) -> None:
    assert check in files.spoilt_page(pattern, by)


BOOKS = [
    ("a line of the contents gone", "nav.xhtml", "<li><a href=.article.xhtml#measures.*?</li>", "", "contents-missing"),
    ("a line of the contents leads elsewhere", "nav.xhtml", "#measures", "#the-second-night", "contents-missing"),
    ("a passage's line gone", "nav.xhtml", "<li><a href=.introduction.xhtml.*?</li>", "", "contents-missing"),
    ("a line for older readers", "toc.ncx", "<ns0:text>Measures|<text>Measures", "<text>Measure", "contents-altered"),
    ("a line for older readers gone", "toc.ncx", '#measures"', '#the-second-night"', "contents-missing"),
    ("the date", ".opf", "2026-11-20</dc:date>", "2026-11-21</dc:date>", "metadata-date"),
    ("the publisher", ".opf", "(<dc:rights.*?>)Free", r"\1Not free", "metadata-rights"),
    ("the identifier", ".opf", "(<dc:identifier[^>]*>)urn", r"\1isbn", "metadata-identifier"),
    ("a creator", ".opf", "Ada Fenwick", "Ida Fenwick", "metadata-creator"),
    ("documents in another order", ".opf", "(<itemref [^>]*article[^>]*>)(.*)</spine>", r"\2\1</spine>", "unit-order"),
    (
        "a document off the path",
        ".opf",
        '<itemref idref="article"',
        '<itemref linear="no" idref="article"',
        "unit-hidden",
    ),
    ("a document off the spine", ".opf", "<itemref [^>]*article[^>]*>", "", "unit-missing"),
    (
        "what a counterpart restates",
        "plain.xhtml",
        'data-restates="opening-1"',
        'data-restates="measures-1"',
        "restates-altered",
    ),
    ("nothing restated", "plain.xhtml", ' data-restates="opening-1"', "", "restates-altered"),
]


@pytest.mark.parametrize(("ending", "pattern", "by", "check"), [c[1:] for c in BOOKS], ids=[c[0] for c in BOOKS])
def test_a_book_spoilt_around_the_text_is_told(ending: str, pattern: str, by: str, check: str, files: Files) -> None:
    assert check in files.spoilt_book(pattern, by, ending)


def test_a_plain_page_that_restates_something_else_is_told(files: Files) -> None:
    told = files.spoilt_page('data-restates="opening-1"', 'data-restates="measures-1"', "plain.html")
    assert told == {"restates-altered"}


def test_pictures_that_change_their_files_are_told(files: Files) -> None:
    beam, lens = ((files.built / "media" / name).read_bytes() for name in ("beam.png", "lens.png"))
    assert files.page({"media/beam.png": lens, "media/lens.png": beam}) == {"picture-altered"}
    (cover,) = [name for name in files.members if name.endswith("cover.png")]
    assert files.book({cover: lens}) == {"cover-altered"}


STYLES = [
    ("#opening-1 { display: none }", {"unit-hidden"}),
    ("#opening-1 { visibility: hidden }", {"unit-hidden"}),
    ("#opening-1 { opacity: 0 }", {"unit-hidden"}),
    ("@media screen { #opening-1 { display: none !important } }", {"unit-hidden"}),
    ("@media (max-width: 40em) { #opening-1 { display: none } }", {"unit-hidden"}),
    ("@supports (display: grid) { section, div { & > #opening-1 { display: none } } }", {"unit-hidden"}),
    ("#opening-1 em { display: none }", {"unit-altered"}),
    ('#opening-1 em::before { content: "hardly " }', {"unit-altered"}),
    ('#opening-1::after { content: "Or so they say." }', {"unit-altered"}),
    ('@media (max-width: 40em) { #opening-1::before { content: "Not: " } }', {"unit-altered"}),
    ('@media (min-width: 60em) { #opening-1::before { content: "Not: " } }', {"unit-altered"}),
    ('.text, .article, section { &::before { content: "All lies." } }', {"unit-added"}),
    ("#opening-1 { display: none } #opening-1#opening-1 { display: block }", set()),
    ("#opening-1 { display: none } p { display: block !important }", set()),
    ("@media print { #opening-1 { display: none } }", set()),
    ("@media not screen { #opening-1 { display: none } }", set()),
    ("#opening-1:hover { display: none }", set()),
    ('#opening-1::before { content: "“" }', set()),
    ("#opening-1 em { position: absolute; clip-path: inset(50%); width: 1px; height: 1px }", set()),
    ("#opening-1 { display: none", {"unit-hidden"}),
    ("nonsense { } } #opening-1:nonsense(x) { display: none }", set()),
]


@pytest.mark.parametrize(("rule", "checks"), STYLES)
def test_what_a_style_sheet_hides_or_adds_is_told(rule: str, checks: set[str], files: Files) -> None:
    sheet = (files.built / "publisher.css").read_bytes()
    assert files.page({"publisher.css": sheet + rule.encode()}) - {"note-order"} == checks
    (name,) = [name for name in files.members if name.endswith("style.css")]
    assert files.book({name: files.members[name] + rule.encode()}) - {"note-order"} == checks


def test_what_a_note_says_of_itself_must_be_seen(files: Files) -> None:
    sheet = (files.built / "publisher.css").read_bytes()
    for rule in (b".note-kind { display: none }", b".note-header, .note-footer { display: none }"):
        assert "note-label" in files.page({"publisher.css": sheet + rule})


def test_style_sheets_are_followed_wherever_they_stand(files: Files) -> None:
    rule = "#opening-1 { display: none }"
    assert files.spoilt_page("</head>", f"<style>{rule}</style></head>") == {"unit-hidden"}
    assert files.spoilt_page("</head>", f"<style media='print'>{rule}</style></head>") == set()
    assert files.page({"more.css": rule.encode(), "publisher.css": b'@import "more.css";'}) == {"unit-hidden"}
    assert files.page({"more.css": b'@import "more.css";', "publisher.css": b'@import url("more.css") print;'}) == set()
    page = replaced(
        (files.built / "index.html").read_text("utf-8"), "<p id=.opening-1.", '<p style="display:block" id="opening-1"'
    )
    assert files.page({"index.html": page.encode(), "publisher.css": rule.encode()}) == set()
