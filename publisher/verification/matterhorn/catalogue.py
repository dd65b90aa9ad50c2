"""The failure conditions of the Matterhorn Protocol 1.1, in our words, and how each is decided here.

The numbers are the protocol's (https://pdfa.org/resource/the-matterhorn-protocol/). Its tables list 137: 87 that a
program can decide, 48 left to people, and two headings under which nothing is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Decided(Enum):
    """Who or what decides a condition here."""

    FILE = "the file"
    """A check of ours looks at the PDF alone."""
    SOURCE = "the source"
    """The protocol leaves it to people; `publisher verify` compares the file with the source it was made of."""
    ABSENT = "absence"
    """The protocol leaves it to people; it cannot arise in a file without such a thing, which a check of ours sees."""
    MAKING = "the making"
    """The protocol leaves it to people; all our files are made alike, and tests keep it so."""
    PERSON = "a person"
    """Left to people."""
    NOTHING = "nothing to test"
    """The protocol defines no test."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A failure condition: its number, what is wrong where it is met, the clause of ISO 14289-1, whether the protocol
    leaves it to people, and how it is decided here; `by` names what decides it or says why nothing can."""

    number: str
    wrong: str
    clause: str
    people: bool
    decided: Decided
    by: str = ""

    @property
    def checkpoint(self) -> int:
        """The number of its checkpoint."""
        return int(self.number[:2])

    @property
    def check(self) -> str:
        """The id of findings that report it."""
        return f"pdfua-{self.number}"


CHECKPOINTS = {
    1: "Real content tagged",
    2: "Role mapping",
    3: "Flickering",
    4: "Colour and contrast",
    5: "Sound",
    6: "Metadata",
    7: "Dictionary",
    8: "Recognised text",
    9: "Appropriate tags",
    10: "Character mappings",
    11: "Declared natural language",
    12: "Stretchable characters",
    13: "Graphics",
    14: "Headings",
    15: "Tables",
    16: "Lists",
    17: "Mathematical expressions",
    18: "Page headers and footers",
    19: "Notes and references",
    20: "Optional content",
    21: "Embedded files",
    22: "Article threads",
    23: "Digital signatures",
    24: "Forms that are not filled in on screen",
    25: "XFA",
    26: "Security",
    27: "Navigation",
    28: "Annotations",
    29: "Actions",
    30: "XObjects",
    31: "Fonts",
}
"""The checkpoints by number, in our words."""

_FILE, _SOURCE, _ABSENT, _MAKING = Decided.FILE, Decided.SOURCE, Decided.ABSENT, Decided.MAKING
_PERSON, _NOTHING = Decided.PERSON, Decided.NOTHING


def _machine(number: str, wrong: str, clause: str, by: str = "") -> Condition:
    return Condition(number, wrong, clause, False, _FILE, by)


def _human(number: str, wrong: str, clause: str, decided: Decided, by: str = "") -> Condition:
    return Condition(number, wrong, clause, True, decided, by)


CONDITIONS = (
    _human("01-001", "what only furnishes the page is tagged as content", "7.1", _SOURCE, "`unit-added`"),
    _human(
        "01-002",
        "content is marked as an artifact",
        "7.1",
        _SOURCE,
        "`unit-missing`, `unit-altered`, `alternative-missing`",
    ),
    _machine("01-003", "an artifact stands inside tagged content", "7.1"),
    _machine("01-004", "tagged content stands inside an artifact", "7.1"),
    _machine(
        "01-005",
        "something is painted that is neither tagged nor an artifact",
        "7.1",
        "also where the parent tree does not know it, or the catalogue does not say that the file is tagged",
    ),
    _human(
        "01-006",
        "an element's type or attributes do not suit its content",
        "7.1",
        _SOURCE,
        "`unit-role`, `cell-header`, `item-number`",
    ),
    _machine("01-007", "the file itself calls its tags suspect", "7.1"),
    _machine("02-001", "a type is neither standard nor mapped to one that is", "7.1"),
    _human(
        "02-002",
        "a type is mapped to a standard type that means something else",
        "7.1",
        _MAKING,
        "one role map for all files, `ROLE_MAP`",
    ),
    _machine("02-003", "types are mapped in a circle", "7.1"),
    _machine("02-004", "a standard type is mapped to another", "7.1"),
    _human("03-001", "an action flickers", "7.1", _ABSENT, "actions other than following links"),
    _human("03-002", "film flickers", "7.1", _ABSENT, "sound and film"),
    _human("03-003", "a script makes something flicker", "7.1", _ABSENT, "scripts"),
    _human(
        "04-001",
        "colour, contrast, format or place alone say something that tags do not",
        "7.1",
        _PERSON,
        "the style sheets give colour no meaning; a picture's own colours are for its author to look at",
    ),
    _human("05-001", "the sound of a film is in no other form", "7.1", _ABSENT, "sound and film"),
    _human("05-002", "sound is in no other form", "7.1", _ABSENT, "sound and film"),
    _human("05-003", "a script beeps and tells in no other way", "7.1", _ABSENT, "scripts"),
    _machine("06-001", "there are no XMP metadata", "7.1"),
    _machine("06-002", "the metadata do not call the file PDF/UA-1", "5"),
    _machine("06-003", "the metadata give no title", "7.1"),
    _human("06-004", "the title does not say which document it is", "7.1", _SOURCE, "`metadata-title`"),
    _machine("07-001", "the catalogue does not say whether to show the title", "7.1"),
    _machine("07-002", "the catalogue has the file's name shown in place of the title", "7.1"),
    _human("08-001", "recognised text is full of mistakes", "7.1", _ABSENT, "unseen text, as of scanned pages"),
    _human("08-002", "recognised text is not tagged", "7.1", _ABSENT, "unseen text, as of scanned pages"),
    _human("09-001", "the tags are not in reading order", "7.2", _SOURCE, "`unit-order`, `note-order`"),
    _human(
        "09-002",
        "elements are nested in a way that makes no sense",
        "7.2",
        _SOURCE,
        "`pdfua-09-002`, `unit-within`, `unit-order`",
    ),
    _human(
        "09-003",
        "an element counts as a type that does not suit its content",
        "7.2",
        _SOURCE,
        "`pdfua-09-003`, `unit-role`",
    ),
    _machine("09-004", "the parts of a table stand where they must not", "7.2"),
    _machine("09-005", "the parts of a list stand where they must not", "7.2"),
    _machine("09-006", "the parts of a table of contents stand where they must not", "7.2"),
    _machine("09-007", "the parts of ruby stand where they must not", "7.2"),
    _machine("09-008", "the parts of warichu stand where they must not", "7.2"),
    _machine("10-001", "a character's code has no meaning in Unicode", "7.2"),
    _machine("11-001", "the language of text is unknown", "7.2", "a tag that is none, or `und`, counts as unknown"),
    _machine("11-002", "the language of an alternative, a replacement or an expansion is unknown", "7.2"),
    _machine("11-003", "the language of bookmarks is unknown", "7.2"),
    _machine("11-004", "the language of an annotation's description is unknown", "7.2"),
    _machine("11-005", "the language of a field's description is unknown", "7.2"),
    _machine("11-006", "the language of metadata is unknown", "7.2"),
    _human(
        "11-007", "a language is not the one that is written", "7.2", _SOURCE, "`unit-language`, `metadata-language`"
    ),
    _human(
        "12-001",
        "a character drawn in pieces is not told as one",
        "7.2",
        _MAKING,
        "only formulas have such characters, and each formula is a Formula told in words",
    ),
    _human(
        "13-001",
        "a picture is not tagged as Figure",
        "7.3",
        _SOURCE,
        "`pdfua-13-001`, `alternative-missing`, `picture-altered`",
    ),
    _human(
        "13-002",
        "a link's picture does not say both what it shows and where it leads",
        "7.3",
        _SOURCE,
        "`alternative-missing`, `link-missing`",
    ),
    _human("13-003", "a caption is not tagged as one", "7.3", _SOURCE, "`pdfua-13-003`, `unit-within`"),
    _machine("13-004", "a figure has neither an alternative nor words in its place", "7.3"),
    _human(
        "13-005",
        "a figure has words in its place where an alternative would be right",
        "7.3",
        _ABSENT,
        "figures with words in their place",
    ),
    _human(
        "13-006",
        "a part of a picture that means nothing alone is tagged alone",
        "7.3",
        _SOURCE,
        "`unit-added`, `alternative-altered`: one Figure for each picture of the source",
    ),
    _human(
        "13-007",
        "a picture stands for what could be text",
        "7.3",
        _PERSON,
        "tables, formulas, lists and code are tagged as such; whether a picture should have been one, its author knows",
    ),
    _human(
        "13-008",
        "a picture of text has no words in its place",
        "7.3",
        _PERSON,
        "the source gives pictures alternatives only; `publisher check` asks for them",
    ),
    _human("14-001", "a heading is not tagged as one", "7.4", _SOURCE, "`pdfua-14-001`, `unit-role`"),
    _machine("14-002", "the first numbered heading is not H1", "7.4.2"),
    _machine("14-003", "a heading's level is skipped", "7.4.2"),
    _human(
        "14-004",
        "the levels of headings are not told in Arabic numerals",
        "7.4.3",
        _MAKING,
        "H1 to H6 are the only names used",
    ),
    _human(
        "14-005",
        "a heading of the seventh level or below is not tagged so",
        "7.4.3",
        _MAKING,
        "the source has six levels at most",
    ),
    _machine("14-006", "several H stand in one element", "7.4.4"),
    _machine("14-007", "H and numbered headings are mixed", "7.4.4"),
    _human("15-001", "a row's head is not tagged as one", "7.5", _SOURCE, "`pdfua-15-001`, `cell-header`"),
    _human("15-002", "a column's head is not tagged as one", "7.5", _SOURCE, "`pdfua-15-002`, `cell-header`"),
    _machine("15-003", "a head does not say what it heads, and the cells do not name their heads", "7.5"),
    _human(
        "15-004",
        "what is not in rows and columns is tagged as a table",
        "7.5",
        _SOURCE,
        "`pdfua-15-004`, `unit-within`, `cell-order`",
    ),
    _human(
        "15-005",
        "the head of a cell is not clear",
        "7.5",
        _FILE,
        "cells that overlap, rows of different lengths, heads that are not there; with the source, `cell-header`",
    ),
    _human(
        "16-001", "a numbered list does not say how it is numbered", "7.6", _SOURCE, "`pdfua-16-001`, `item-number`"
    ),
    _human("16-002", "a numbered list says another kind of number", "7.6", _SOURCE, "`pdfua-16-002`, `item-number`"),
    _human("16-003", "a list is not tagged as one", "7.6", _SOURCE, "`pdfua-16-003`, `unit-within`, `item-number`"),
    _human("17-001", "mathematics are not tagged as Formula", "7.7", _SOURCE, "`pdfua-17-001`, `alternative-missing`"),
    _machine("17-002", "a formula is not told in words", "7.7"),
    _machine("17-003", "a character of a formula has no meaning in Unicode", "7.7"),
    _human(
        "18-001",
        "page furniture is no artifact of pagination",
        "7.8",
        _MAKING,
        "what stands in page margins is marked so",
    ),
    _human(
        "18-002",
        "page furniture is marked neither as header nor as footer",
        "7.8",
        _MAKING,
        "by the margin that it stands in",
    ),
    _human("19-001", "a note is not tagged as Note", "7.9", _SOURCE, "`pdfua-19-001`, `note-missing`"),
    _human("19-002", "the call of a note is not tagged as Reference", "7.9", _SOURCE, "`note-call-missing`"),
    _machine("19-003", "a note has no ID", "7.9"),
    _machine("19-004", "a note's ID is another element's too", "7.9"),
    _machine("20-001", "a configuration of layers has no name", "7.10"),
    _machine("20-002", "the configuration of layers that is used at first has no name", "7.10"),
    _machine("20-003", "layers go on and off by themselves", "7.10"),
    _machine("21-001", "an embedded file has no name", "7.11"),
    _human("22-001", "article threads are not in reading order", "7.12", _ABSENT, "article threads"),
    _human("23-001", "digital signatures", "7.13", _NOTHING, "as fields, they fall under checkpoint 28"),
    _human(
        "24-001", "a form to be filled in on paper does not say what its fields are", "7.14", _ABSENT, "fields of forms"
    ),
    _machine("25-001", "an XFA form can only be drawn by a program for it", "7.15"),
    _machine("26-001", "an encrypted file does not say what is allowed", "7.16"),
    _machine("26-002", "an encrypted file keeps its text from assistive technology", "7.16"),
    _human("27-001", "navigation", "7.17", _NOTHING, "bookmarks and page labels are there, and tests keep them"),
    _human(
        "28-001",
        "an annotation is not in reading order",
        "7.18.1",
        _SOURCE,
        "`link-missing`: a link counts where its block's words are",
    ),
    _machine("28-002", "an annotation stands in no Annot", "7.18.1"),
    _human(
        "28-003",
        "an annotation only for looks is tagged as if it said something",
        "7.18.1",
        _ABSENT,
        "annotations other than links",
    ),
    _machine("28-004", "an annotation says nothing in words", "7.18.1"),
    _machine("28-005", "a field says nothing in words", "7.18.1"),
    _machine("28-006", "an annotation of an unknown kind is not in Annot, or says nothing in words", "7.18.2"),
    _machine("28-007", "there is a trap network", "7.18.2"),
    _machine("28-008", "a page with annotations does not say in which order one tabs through them", "7.18.3"),
    _machine("28-009", "one tabs through a page's annotations in another order than that of the tags", "7.18.3"),
    _machine("28-010", "a field stands in no Form", "7.18.4"),
    _machine("28-011", "a link's area stands in no Link", "7.18.5"),
    _machine("28-012", "a link does not say in words where it leads", "7.18.5"),
    _human("28-013", "a map on a server has no other way to the same places", "7.18.5", _ABSENT, "maps on a server"),
    _machine("28-014", "a clip does not say what kind of file it is", "7.18.6.2"),
    _machine("28-015", "a clip says nothing in words", "7.18.6.2"),
    _machine("28-016", "an attached file has no name", "7.18.7"),
    _machine("28-017", "a printer's mark is part of the structure", "7.18.8"),
    _machine("28-018", "a printer's mark is no artifact", "7.18.8"),
    _human("29-001", "a script wants keys pressed in time", "7.19", _ABSENT, "scripts"),
    _machine("30-001", "there is a reference XObject", "7.20"),
    _machine("30-002", "a form XObject with numbered marks is painted more than once", "7.20"),
    _machine("31-001", "the registries of a font's CIDs and of its CMap differ", "7.21.3.1"),
    _machine("31-002", "the orderings of a font's CIDs and of its CMap differ", "7.21.3.1"),
    _machine(
        "31-003",
        "a font's CIDs are of an older supplement than its CMap",
        "7.21.3.1",
        "of embedded CMaps; a predefined one has no dictionary to compare with",
    ),
    _machine("31-004", "the map from CIDs to glyphs is neither a stream nor Identity", "7.21.3.2"),
    _machine("31-005", "there is no map from CIDs to glyphs", "7.21.3.2"),
    _machine("31-006", "a CMap is neither predefined nor embedded", "7.21.3.3"),
    _machine("31-007", "a CMap and its dictionary disagree on the direction of writing", "7.21.3.3"),
    _machine("31-008", "a CMap uses another that is not predefined", "7.21.3.3"),
    _machine("31-009", "the program of a font that paints text is not embedded", "7.21.4.1"),
    _human(
        "31-010",
        "a font must not be embedded",
        "7.21.4.1",
        _FILE,
        "as far as the font says so itself (`fsType`); what comes with the project may be, by its licence",
    ),
    _machine(
        "31-011",
        "an embedded font lacks a glyph that is painted",
        "7.21.4.1",
        "in fonts with a predefined CMap where poppler-data is installed; else `pdfua-undecided` says so",
    ),
    _machine("31-012", "a glyph of a font is not in the descriptor's list", "7.21.4.2"),
    _machine("31-013", "a glyph in the descriptor's list is not in the font", "7.21.4.2"),
    _machine("31-014", "a CID of a font is not in the descriptor's set", "7.21.4.2"),
    _machine("31-015", "a CID in the descriptor's set is not in the font", "7.21.4.2"),
    _machine("31-016", "a glyph's width is another in the font than in the file", "7.21.5"),
    _machine("31-017", "a Latin TrueType font has no map for Latin", "7.21.6"),
    _machine("31-018", "a character cannot be found by a Latin TrueType font's maps", "7.21.6"),
    _machine("31-019", "a Latin TrueType font has no encoding", "7.21.6"),
    _machine("31-020", "the encoding of a Latin TrueType font has no base", "7.21.6"),
    _machine("31-021", "the encoding of a Latin TrueType font is neither Mac Roman nor Win Ansi", "7.21.6"),
    _machine("31-022", "an encoding of a Latin TrueType font has a name that Adobe's list lacks", "7.21.6"),
    _machine("31-023", "an encoding departs from its base, and the font has no map for Unicode", "7.21.6"),
    _machine("31-024", "a TrueType font of symbols has an encoding", "7.21.6"),
    _machine("31-025", "a TrueType font of symbols has no map", "7.21.6"),
    _machine("31-026", "a TrueType font of symbols has several maps, none of them for symbols", "7.21.6"),
    _machine("31-027", "a font has no map to Unicode, and is not one that does without", "7.21.7"),
    _machine("31-028", "a map to Unicode leads to zero", "7.21.7"),
    _machine("31-029", "a map to Unicode leads to a mark of byte order", "7.21.7"),
    _machine("31-030", "text is painted with the glyph for what is undefined", "7.21.8"),
)
"""All of them, in the protocol's order."""

BY_NUMBER = {condition.number: condition for condition in CONDITIONS}
