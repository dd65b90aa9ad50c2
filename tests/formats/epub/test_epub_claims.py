"""What an EPUB claims is proven from the file: spoil one thing in it, and the claims that rest on it are told.

A test is named by the section of EPUB Accessibility 1.1 that rules, and its verdict: https://www.w3.org/TR/epub-a11y-11/
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from epub_books import Book
from PIL import Image as Pictures
from spoiling import Change, both, matched, replaced, spoiled

from publisher.formats.epub.accessibility import Evidence as SourceEvidence
from publisher.formats.epub.accessibility import claims
from publisher.formats.epub.accessibility_read import read_accessibility
from publisher.model.findings import InputError
from publisher.model.publication import Publication
from publisher.model.source import Position
from publisher.rendering.words import words_for
from publisher.verification.accessibility import claims_of, judge
from publisher.verification.accessibility_rules import RULES

OPF, ARTICLE, NAV = "EPUB/content.opf", "EPUB/article.xhtml", "EPUB/nav.xhtml"
SMIL, PLAIN_SMIL, CSS = "EPUB/overlays/article.smil", "EPUB/overlays/plain.smil", "EPUB/style.css"


def told(path: Path) -> set[str]:
    """What is wrong with a book: `check what is claimed`, or `check severity` for the rules; remarks left out."""
    found = set()
    for one in judge(read_accessibility(path), {}):
        if one.finding.severity.value == "info":
            continue
        claimed = re.search(r"claims? “?([^(”]+?)”? \((?:schema|dcterms)", one.finding.message)
        summary = " summary" if "in its summary" in one.finding.message else ""
        subject = claimed[1] if claimed else one.finding.severity.value
        found.add(f"{one.finding.check} {summary.strip() or subject}")
    return found


def reasons(path: Path) -> str:
    return "\n".join(one.finding.message for one in judge(read_accessibility(path), {}))


CONFORMS = "claim-unfounded EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
SUMMARY = "claim-unfounded summary"
ALT, TEXTUAL, AUDITORY = "claim-unfounded alternativeText", "claim-unfounded textual", "claim-unfounded auditory"
STEP = "claim-unfounded synchronizedAudioText"
ORDER = "claim-unfounded readingOrder"


@pytest.mark.parametrize("which", [0, 1], ids=["text edition", "read-aloud edition"])
def test_sec_disc_package_valid(editions: list[Book], which: int) -> None:
    found = {one for one in told(editions[which].path) if one != "accessibility-overlay warning"}
    assert found == set()


def test_what_the_reader_sees_is_what_the_writer_meant(editions: list[Book], publication: Publication) -> None:
    for book in editions:
        package = claims_of(read_accessibility(book.path))
        meant = claims(SourceEvidence(publication), words_for("en"))
        assert package.conforms_to == meant.conforms_to
        assert set(meant.features) <= set(package.features)


def gif(frames: int = 2) -> bytes:
    shots = [Pictures.new("RGB", (4, 4), (60 * number, 0, 0)) for number in range(frames)]
    file = BytesIO()
    shots[0].save(file, "GIF", save_all=True, append_images=shots[1:])
    return file.getvalue()


MOVING = {
    "EPUB/images/more.gif": gif(),
    OPF: replaced("</manifest>", '<item id="more" href="images/more.gif" media-type="image/gif"/></manifest>'),
}
ENCRYPTED = b"""<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>
<enc:CipherData><enc:CipherReference URI="EPUB/images/rings.png"/></enc:CipherData></enc:EncryptedData></encryption>"""

FEATURES: dict[str, tuple[dict[str, Change], set[str], str]] = {
    "one alternative": (
        {ARTICLE: replaced(' alt="Rings of glass."', "")},
        {ALT, TEXTUAL, CONFORMS, SUMMARY},
        "a picture has no alternative (at EPUB/article.xhtml#lens-1-img1)",
    ),
    "an alternative said to be decoration": (
        {ARTICLE: replaced(' alt="Rings of glass."', ' alt=""')},
        {"claim-unfounded visual"},
        "no picture in it means anything",
    ),
    "one long description": (
        {ARTICLE: matched(' aria-de[a-z]+="fig-rings-description"', "", 0)},
        {"claim-unfounded longDescription", SUMMARY},
        "no picture is tied to a long description",
    ),
    "a long description that is empty": (
        {ARTICLE: replaced("Nine rings stand one in the other.", "")},
        {"claim-unfounded longDescription", SUMMARY},
        "no picture is tied to a long description",
    ),
    "a formula's words": (
        {ARTICLE: replaced(' alttext="x"', "")},
        {"claim-unfounded describedMath", TEXTUAL, CONFORMS},
        "a formula is not given in words (at EPUB/article.xhtml#lens-4-math1)",
    ),
    "a formula's MathML": (
        {ARTICLE: replaced("<mi>x</mi>", "")},
        {"claim-unfounded MathML", SUMMARY},
        "a formula's MathML is empty (at EPUB/article.xhtml#lens-4-math1)",
    ),
    "a formula as a picture": (
        {ARTICLE: matched("<math .*?</math>", '<img role="math" id="m" src="images/rings.png" alt="x"/>')},
        {"claim-unfounded MathML", SUMMARY},
        "it holds no MathML",
    ),
    "one note's link": (
        {ARTICLE: replaced('href="#n-2"', 'href="#n-9"')},
        {"claim-unfounded annotations", CONFORMS},
        "leads to EPUB/article.xhtml#n-9, which is no note (at EPUB/article.xhtml#n-2-call)",
    ),
    "one note's call": (
        {ARTICLE: matched(r'<sup class="call"><a class="note-call" id="n-2-call".*?</sup>', "")},
        {"claim-unfounded annotations", CONFORMS},
        "a note is not called from the text (at EPUB/article.xhtml#n-2)",
    ),
    "one note's way back": (
        {ARTICLE: replaced('href="#n-2-call"', 'href="#n-1-call"')},
        {"claim-unfounded annotations"},
        "a note does not lead back to the text (at EPUB/article.xhtml#n-2)",
    ),
    "the note that a call leads to is no note": (
        {ARTICLE: replaced('id="n-2" role="doc-footnote" epub:type="footnote"', 'id="n-2"')},
        {"claim-unfounded annotations"},
        "which is no note",
    ),
    "one role": (
        {ARTICLE: replaced(' role="doc-noteref"', "")},
        {"claim-unfounded ARIA"},
        "the role doc-noteref is missing (at EPUB/article.xhtml#n-1-call)",
    ),
    "a size in points": (
        {CSS: replaced("p { margin: 0 0 0.8em; }", "p { font-size: 12pt; }")},
        {"claim-unfounded displayTransformability", SUMMARY},
        "readers cannot change `p { font-size: 12pt }` (at EPUB/style.css)",
    ),
    "a colour of the page": (
        {ARTICLE: replaced("<body ", '<body style="color: black" ')},
        {"claim-unfounded displayTransformability", SUMMARY},
        "readers cannot change `color: black`",
    ),
    "an important face": (
        {CSS: replaced("code { font-family: monospace;", "code { font-family: monospace !important;")},
        {"claim-unfounded displayTransformability", SUMMARY},
        "!important",
    ),
    "a fixed layout": (
        {OPF: replaced("</metadata>", '<meta property="rendition:layout">pre-paginated</meta></metadata>')},
        {"claim-unfounded displayTransformability", SUMMARY},
        "readers cannot change its layout (at EPUB/content.opf)",
    ),
    "the order of the keyboard": (
        {ARTICLE: replaced('href="#fig-rings"', 'href="#fig-rings" tabindex="3"')},
        {ORDER, CONFORMS},
        "tabindex 3",
    ),
    "a document of the spine": (
        {"EPUB/method.xhtml": None},
        {ORDER, CONFORMS, "claim-unfounded tableOfContents", STEP, AUDITORY, SUMMARY},
        "EPUB/method.xhtml",
    ),
    "a level of headings": (
        {ARTICLE: both(replaced('<h3 id="lens">', '<h5 id="lens">'), matched("(The lens</span>)</h3>", r"\1</h5>"))},
        {"claim-unfounded structuralNavigation", CONFORMS, SUMMARY},
        "heading 5 “The lens” follows heading 2 (at EPUB/article.xhtml#lens)",
    ),
    "a line of the contents": (
        {NAV: replaced('href="article.xhtml#lens"', 'href="article.xhtml#lense"')},
        {"claim-unfounded tableOfContents", CONFORMS},
        "the contents' “The lens” leads nowhere (at EPUB/article.xhtml#lense)",
    ),
    "a part of the contents": (
        {
            NAV: both(
                matched('<li><a href="method.xhtml">.*?</li>', ""), matched('<li><a epub:type="appendix".*?</li>', "")
            )
        },
        {"claim-unfounded tableOfContents"},
        "the table of contents does not lead to it (at EPUB/method.xhtml)",
    ),
    "the contents": (
        {NAV: replaced('epub:type="toc"', 'epub:type="loa"')},
        {"claim-unfounded tableOfContents"},
        "there is no table of contents",
    ),
    "the order of the contents": (
        {
            NAV: matched(
                r'(<li><a href="introduction.xhtml">.*?</li>)(.*)(</ol>\s*</nav>\s*<nav epub:type="loi")', r"\2\1\3"
            )
        },
        {"claim-unfounded tableOfContents"},
        "the contents' “Before you read” is out of order",
    ),
    "one overlay of a sentence": (
        {SMIL: matched('<par id="par-2">.*?</par>', "")},
        {STEP, AUDITORY, SUMMARY},
        "no overlay reads “It was seen from” (at EPUB/article.xhtml#opening-2-s1)",
    ),
    "one overlay of a cell": (
        {SMIL: matched(r'<par id="par-\d+">\s*<text src="../article.xhtml#c4-1-s1"/>.*?</par>', "")},
        {STEP, AUDITORY, SUMMARY},
        "no overlay reads “Forfar” (at EPUB/article.xhtml#c4-1-s1)",
    ),
    "one overlay of a picture": (
        {SMIL: matched(r'<par id="par-\d+">\s*<text src="../article.xhtml#lens-1-img1"/>.*?</par>', "")},
        {AUDITORY},
        "no overlay reads a picture's alternative (at EPUB/article.xhtml#lens-1-img1)",
    ),
    "one overlay of a note": (
        {SMIL: matched(r'<par id="par-\d+">\s*<text src="../article.xhtml#n-2-1-s1"/>.*?</par>', "")},
        {STEP, AUDITORY, SUMMARY},
        "no overlay reads “Nine casks a year.” (at EPUB/article.xhtml#n-2-1-s1)",
    ),
    "one document's overlay": (
        {OPF: replaced(' media-overlay="overlay-method"', "")},
        {STEP, AUDITORY, SUMMARY, "accessibility-overlay warning"},
        "a document has no overlay",
    ),
    "what an overlay reads": (
        {SMIL: replaced("article.xhtml#opening-2-s1", "article.xhtml#opening-9-s1")},
        {STEP, AUDITORY, SUMMARY},
        "the overlay reads EPUB/article.xhtml#opening-9-s1, which is not there (at EPUB/overlays/article.smil#par-2)",
    ),
    "a lock": (
        {"META-INF/encryption.xml": ENCRYPTED},
        {"claim-unfounded unlocked"},
        "is encrypted (http://www.w3.org/2001/04/xmlenc#aes256-cbc) (at EPUB/images/rings.png)",
    ),
    "a licence that locks": (
        {"META-INF/license.lcpl": b"{}"},
        {"claim-unfounded unlocked"},
        "is a licence that locks the book",
    ),
    "a picture that moves": (
        MOVING,
        {"claim-unfounded none", CONFORMS, SUMMARY},
        "a picture that moves is there (at EPUB/images/more.gif)",
    ),
    "a style that moves": (
        {CSS: replaced("p { margin: 0 0 0.8em; }", "p { animation: spin 2s infinite; }")},
        {"claim-unfounded none", CONFORMS, SUMMARY},
        "animation: spin 2s infinite",
    ),
    "a script": (
        {ARTICLE: replaced("</head>", "<script>alert(1)</script></head>")},
        {"claim-unfounded none", SUMMARY},
        "a script is there",
    ),
    "sound by itself": (
        {ARTICLE: replaced("</body>", '<audio autoplay="autoplay" id="boom" src="audio/title.mp3"/></body>')},
        {"claim-unfounded none", TEXTUAL, CONFORMS},
        "audio element that plays by itself is there",
    ),
    "every picture": (
        {
            ARTICLE: matched("<img [^>]*>", ""),
            SMIL: matched(r'<par id="par-\d+">\s*<text src="../article.xhtml#lens-1-img1"/>.*?</par>', ""),
        },
        {"claim-unfounded visual", "claim-unfounded longDescription", SUMMARY},
        "no picture in it means anything",
    ),
    "a language": (
        {ARTICLE: replaced(' lang="en" xml:lang="en"', "")},
        {CONFORMS},
        "a document does not say its language (WCAG 3.1.1) (at EPUB/article.xhtml)",
    ),
    "a document's title": (
        {ARTICLE: matched("<title>.*?</title>", "<title> </title>")},
        {CONFORMS},
        "a document has no title (WCAG 2.4.2) (at EPUB/article.xhtml)",
    ),
    "a table's headers": (
        {ARTICLE: both(matched("<th ", "<td ", 9), matched("</th>", "</td>", 9))},
        {CONFORMS},
        "a table has no header cell (WCAG 1.3.1) (at EPUB/article.xhtml#tbl-wrecks)",
    ),
    "a link's words": (
        {ARTICLE: replaced('<a href="#fig-rings">shown</a>', '<a href="#fig-rings"></a>')},
        {CONFORMS},
        "a link has no words (WCAG 2.4.4) (at EPUB/article.xhtml#stores-3-s1)",
    ),
    "a link's goal": (
        {ARTICLE: replaced('<a href="#fig-rings">', '<a href="#fig-rigns">')},
        {CONFORMS},
        "the link “shown” leads to EPUB/article.xhtml#fig-rigns, which is not there",
    ),
}


@pytest.mark.parametrize("taken", FEATURES)
def test_the_claims_that_rest_on_it_are_told_with_the_place(read_aloud: Book, tmp_path: Path, taken: str) -> None:
    changes, expected, reason = FEATURES[taken]
    path = spoiled(read_aloud, tmp_path, changes)
    standing = told(read_aloud.path)
    assert told(path) - standing == expected - standing
    assert reason in reasons(path)


def claiming(*metas: str) -> dict[str, Change]:
    return {OPF: replaced("</metadata>", "".join(metas) + "</metadata>")}


def meta(property: str, value: str) -> str:
    return f'<meta property="{property}">{value}</meta>'


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        (meta("schema:accessMode", "seeing"), {"claim-unknown seeing"}),
        (meta("schema:accessModeSufficient", "textual,smell"), {"claim-unknown textual,smell"}),
        (meta("schema:accessModeSufficient", "tactile"), {"claim-unfounded tactile"}),
        (meta("schema:accessibilityFeature", "alternativetext"), {"claim-unknown alternativetext"}),
        (meta("schema:accessibilityFeature", "largePrint"), {"claim-unproven largePrint"}),
        (meta("schema:accessibilityFeature", "none"), {"claim-unfounded none"}),
        (meta("schema:accessibilityHazard", "loud"), {"claim-unknown loud", "claim-unfounded none"}),
        (meta("schema:accessibilityHazard", "flashing"), {"claim-unfounded none"}),
        (
            meta("dcterms:conformsTo", "EPUB Accessibility 1.1 – WCAG 2.2 Level AA"),
            {"claim-unknown EPUB Accessibility 1.1 – WCAG 2.2 Level AA"},
        ),
        (meta("dcterms:conformsTo", "https://www.w3.org/TR/WCAG22/"), set()),
        (meta("a11y:certifierCredential", "A+"), set()),
    ],
)
def test_values_are_those_of_the_vocabulary(text_edition: Book, tmp_path: Path, added: str, expected: set[str]) -> None:
    assert told(spoiled(text_edition, tmp_path, claiming(added))) == expected


def without(property: str, value: str = "[^<]*") -> Change:
    return matched(rf'<meta property="{property}"[^>]*>{value}</meta>', "", 0)


@pytest.mark.parametrize(
    "feature", ["alternativeText", "describedMath", "longDescription", "MathML", "structuralNavigation"]
)
def test_what_is_there_for_certain_is_missed_where_it_is_not_claimed(
    text_edition: Book, tmp_path: Path, feature: str
) -> None:
    path = spoiled(text_edition, tmp_path, {OPF: without("schema:accessibilityFeature", feature)})
    assert told(path) == {f"claim-missing {feature}"}


def test_sound_in_step_is_missed_where_it_is_not_claimed(read_aloud: Book, tmp_path: Path) -> None:
    path = spoiled(read_aloud, tmp_path, {OPF: without("schema:accessibilityFeature", "synchronizedAudioText")})
    assert "claim-missing synchronizedAudioText" in told(path)


PAGED: dict[str, Change] = {
    ARTICLE: both(
        replaced(
            '<p id="opening-2">',
            '<span id="page-1" role="doc-pagebreak" epub:type="pagebreak" aria-label="1"/><p id="opening-2">',
        ),
        replaced(
            '<h2 id="stores">',
            '<span id="page-2" role="doc-pagebreak" epub:type="pagebreak" aria-label="2"/><h2 id="stores">',
        ),
    ),
    NAV: replaced(
        "</body>",
        '<nav epub:type="page-list" role="doc-pagelist"><ol><li><a href="article.xhtml#page-1">1</a></li>'
        '<li><a href="article.xhtml#page-2">2</a></li></ol></nav></body>',
    ),
    OPF: replaced(
        "</metadata>",
        meta("schema:accessibilityFeature", "pageNavigation")
        + meta("schema:accessibilityFeature", "pageBreakMarkers")
        + meta("pageBreakSource", "urn:example:printed")
        + "</metadata>",
    ),
}
SECOND = '<audio src="../audio/article.mp3" clipBegin="0s" clipEnd="1s"/></par>'
READ_PAGE = f'<par id="pp"><text src="../article.xhtml#page-1"/>{SECOND}'

RULES_BROKEN: dict[str, tuple[dict[str, Change], set[str], str]] = {
    "sec-disc-package-mode-error": (
        {OPF: without("schema:accessMode")},
        {"accessibility-discovery error", TEXTUAL, "claim-unfounded textual,visual", AUDITORY, "claim-missing visual"},
        "does not say its accessMode",
    ),
    "sec-disc-package-feature-error": (
        {OPF: without("schema:accessibilityFeature")},
        {
            "accessibility-discovery error",
            *(
                f"claim-missing {name}"
                for name in (
                    "alternativeText describedMath longDescription MathML structuralNavigation synchronizedAudioText"
                ).split()
            ),
        },
        "does not say its accessibilityFeature",
    ),
    "sec-disc-package-hazard-error": (
        {OPF: without("schema:accessibilityHazard")},
        {"accessibility-discovery error"},
        "does not say its accessibilityHazard",
    ),
    "sec-disc-package-sufficient-warning": (
        {OPF: without("schema:accessModeSufficient")},
        {"accessibility-discovery warning"},
        "does not say its accessModeSufficient",
    ),
    "sec-disc-package-summary-warning": (
        {OPF: without("schema:accessibilitySummary")},
        {"accessibility-discovery warning"},
        "does not say its accessibilitySummary",
    ),
    "sec-wcag-req-barrier-warning": (
        {
            OPF: both(without("dcterms:conformsTo"), without("a11y:certifiedBy")),
            ARTICLE: replaced('<a href="#fig-rings">shown</a>', '<a href="#fig-rings"></a>'),
        },
        {"accessibility-barrier warning"},
        "a link has no words (WCAG 2.4.4)",
    ),
    "sec-page-nav-valid": (PAGED, set(), ""),
    "sec-page-src-error": (
        {**PAGED, OPF: both(PAGED[OPF], without("pageBreakSource"))},
        {"accessibility-pages error"},
        "does not say of what (pageBreakSource)",
    ),
    "sec-page-list-missing-error": (
        {ARTICLE: PAGED[ARTICLE], OPF: PAGED[OPF]},
        {"accessibility-pages error", "claim-unfounded pageNavigation"},
        "it marks page breaks and has no page list",
    ),
    "sec-page-list-incomplete-error": (
        {**PAGED, NAV: both(PAGED[NAV], replaced('<li><a href="article.xhtml#page-2">2</a></li>', ""))},
        {"accessibility-pages error"},
        "the page list does not lead to page 2 (at EPUB/article.xhtml#page-2)",
    ),
    "sec-page-list-link-error": (
        {**PAGED, NAV: both(PAGED[NAV], replaced("#page-2", "#page-3"))},
        {"accessibility-pages error", "claim-unfounded pageNavigation"},
        "page 2 of the page list leads nowhere (at EPUB/article.xhtml#page-3)",
    ),
    "sec-page-list-order-error": (
        {
            **PAGED,
            NAV: both(
                PAGED[NAV],
                replaced('#page-1">1<', '#page-X">2<'),
                replaced('#page-2">2<', '#page-1">1<'),
                replaced("#page-X", "#page-2"),
            ),
        },
        {"accessibility-pages error"},
        "page 1 of the page list is out of order",
    ),
    "sec-page-list-name-error": (
        {**PAGED, NAV: both(PAGED[NAV], replaced('#page-2">2<', '#page-2">7<'))},
        {"accessibility-pages error"},
        "the page list calls it page 7, the text page 2",
    ),
    "sec-page-breaks-claim-error": (
        {
            NAV: PAGED[NAV],
            OPF: PAGED[OPF],
            ARTICLE: matched('<h2 id="stores">', '<span id="page-1"/><span id="page-2"/><h2 id="stores">'),
        },
        {"claim-unfounded pageBreakMarkers"},
        "no page break is marked in it",
    ),
    "sec-page-breaks-heard-error": (
        {**PAGED, SMIL: matched('<par id="par-2">', READ_PAGE + '<par id="par-2">')},
        {"accessibility-pages error"},
        "the overlay reads a page number and does not say so (at EPUB/overlays/article.smil#pp)",
    ),
    "sec-page-breaks-heard-valid": (
        {
            **PAGED,
            SMIL: matched(
                '<par id="par-2">', READ_PAGE.replace('id="pp"', 'id="pp" epub:type="pagebreak"') + '<par id="par-2">'
            ),
        },
        set(),
        "",
    ),
    "sec-sync-complete-warning": (
        {
            OPF: without("schema:accessibilityFeature", "synchronizedAudioText"),
            SMIL: matched('<par id="par-2">.*?</par>', ""),
        },
        {"accessibility-overlay warning", AUDITORY, SUMMARY},
        "no overlay reads “It was seen from”",
    ),
    "sec-sync-order-error": (
        {SMIL: matched('(<par id="par-1">.*?</par>)(.*?)(<par id="par-2">.*?</par>)', r"\3\2\1")},
        {"accessibility-overlay error", ORDER, CONFORMS},
        "is read by EPUB/overlays/article.smil after what follows it in the text",
    ),
    "sec-sync-order-other-document-error": (
        {
            PLAIN_SMIL: replaced(
                "</body>",
                '<par id="px"><text src="../article.xhtml#lens-5"/>' + SECOND + "</body>",
            )
        },
        {"accessibility-overlay error", ORDER, CONFORMS},
        "the overlay of another document",
    ),
    "sec-sync-skippability-warning": (
        {SMIL: replaced('epub:type="footnote" ', "")},
        {"accessibility-overlay warning"},
        "the overlay does not say that EPUB/article.xhtml#n-1-begin is in a footnote",
    ),
    "sec-sync-escapability-warning": (
        {SMIL: both(replaced('epub:type="table" ', ""), matched('epub:type="table-cell" ', "", 0))},
        {"accessibility-overlay warning"},
        "the overlay does not say that EPUB/article.xhtml#tbl-wrecks is in a table",
    ),
    "sec-evaluator-name-error": (
        {OPF: without("a11y:certifiedBy")},
        {"accessibility-conformance error"},
        "does not say who found that (a11y:certifiedBy)",
    ),
    "sec-conf-reporting-refines-error": (
        {OPF: replaced('refines="#meta-conformance"', 'refines="#meta-confidence"')},
        {"accessibility-conformance error"},
        "a11y:certifiedBy refines #meta-confidence, which is not there",
    ),
    "sec-distribution-error": (
        {OPF: without("schema:accessibilityFeature", "unlocked"), "META-INF/encryption.xml": ENCRYPTED},
        {"accessibility-locked error"},
        "is encrypted",
    ),
}


@pytest.mark.parametrize("rule", RULES_BROKEN)
def test_the_rules_of_epub_accessibility(read_aloud: Book, tmp_path: Path, rule: str) -> None:
    changes, expected, reason = RULES_BROKEN[rule]
    path = spoiled(read_aloud, tmp_path, changes)
    standing = told(read_aloud.path)
    assert told(path) - standing == expected - standing
    assert reason in reasons(path)


def test_sec_sync_navdoc_info(read_aloud: Book) -> None:
    remarks = [
        one.finding for one in judge(read_accessibility(read_aloud.path), {}) if one.finding.severity.value == "info"
    ]
    assert [(one.check, "the navigation has no overlay" in one.message) for one in remarks] == [
        ("accessibility-overlay", True)
    ]


def test_every_section_that_a_rule_stands_in_has_its_tests() -> None:
    named = {rule.section for rule in RULES} - {"sec-sync-navdoc", "sec-conf-reporting"}
    assert {section for section in named if not any(test.startswith(section) for test in RULES_BROKEN)} == set()


def test_a_finding_leads_to_the_manuscript(read_aloud: Book, tmp_path: Path) -> None:
    positions = {"lens-1-img1": Position("article.md", 41, 3), "n-2": Position("commentary.md", 7)}
    bare = spoiled(read_aloud, tmp_path, {ARTICLE: replaced(' alt="Rings of glass."', "")})
    found = judge(read_accessibility(bare), positions)
    assert {str(one.finding.position) for one in found if "picture has no alternative" in one.finding.message} == {
        "article.md:41:3"
    }
    roleless = spoiled(
        read_aloud,
        tmp_path,
        {
            ARTICLE: replaced(
                'epub:type="backlink" aria-label="Back to the text: Note 2" id="n-2-end"',
                'epub:type="backlink noteref" id="n-2-end"',
            )
        },
    )
    [one] = [
        one for one in judge(read_accessibility(roleless), positions) if "doc-noteref is missing" in one.finding.message
    ]
    assert (str(one.finding.position), one.unit) == ("commentary.md:7", "n-2")


@pytest.mark.parametrize("broken", ["META-INF/container.xml", OPF])
def test_what_is_no_epub_is_said_to_be_none(text_edition: Book, tmp_path: Path, broken: str) -> None:
    with pytest.raises(InputError, match="build it again"):
        read_accessibility(spoiled(text_edition, tmp_path, {broken: None}))
    rubbish = tmp_path / "rubbish.epub"
    rubbish.write_bytes(b"no ZIP")
    with pytest.raises(InputError, match="no EPUB container"):
        read_accessibility(rubbish)


def test_obfuscated_fonts_lock_nothing(text_edition: Book, tmp_path: Path) -> None:
    obfuscated = ENCRYPTED.replace(
        b"http://www.w3.org/2001/04/xmlenc#aes256-cbc", b"http://www.idpf.org/2008/embedding"
    )
    assert told(spoiled(text_edition, tmp_path, {"META-INF/encryption.xml": obfuscated})) == set()
