"""What stands inside a line, as pandoc's AST: words, cut only where comments begin and end among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from publisher.formats.docx.making import Making
from publisher.formats.docx.ooxml import Ast, raw, span, string, tag
from publisher.formats.docx.pictures import drawing
from publisher.model.inlines import (
    Citation,
    Code,
    FootnoteCall,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
    plain_text,
)
from publisher.model.publication import Footnote, Note
from publisher.rendering.inlines import safe_address

LONGEST_TITLE = 64
"""Characters that Word takes as the title of a content control."""

_STYLED = {
    Style.EMPHASIS: "Emph",
    Style.STRONG: "Strong",
    Style.STRIKEOUT: "Strikeout",
    Style.SUPERSCRIPT: "Superscript",
    Style.SUBSCRIPT: "Subscript",
    Style.UNDERLINE: "Underline",
    Style.SMALL_CAPS: "SmallCaps",
}


COMMENT = "comment"
"""The name of the story that comments are."""
SMART_TAGS = "urn:concordant-publisher:said"


@dataclass(frozen=True, slots=True)
class Story:
    """Where words stand: in the text, in a footnote or in a comment, which Word keeps in files of their own.

    `repeated` is added to ids where words stand for a second time, leading nowhere and calling nothing.
    `footnote` makes the blocks of a footnote called for the first time.
    """

    name: str
    base: str
    footnote: Callable[[Footnote], list[Ast]]
    repeated: str = ""


@dataclass(frozen=True, slots=True)
class _Around:
    """What some inlines stand in."""

    lang: str
    linked: bool = False


def make_words(making: Making, story: Story, id: str, inlines: Iterable[Inline], lang: str) -> list[Ast]:
    """The words of one block, with the comments on them."""
    marks = () if story.repeated else making.marks.get(id, ())
    writer = _Writer(making, story, sorted(marks, key=lambda mark: (mark[0], mark[1], mark[2].number)))
    made = writer.inlines(inlines, _Around(lang))
    return [*made, *writer.rest()]


class _Writer:
    """Writes one block's words; `at` counts the characters of `plain_text` that it has written."""

    def __init__(self, making: Making, story: Story, marks: Sequence[tuple[int, bool, Note]]) -> None:
        self.making = making
        self.story = story
        self.begins = [(offset, note) for offset, begins, note in marks if begins]
        self.ends = [(offset, note) for offset, begins, note in marks if not begins]
        self.at = 0

    def inlines(self, inlines: Iterable[Inline], around: _Around) -> list[Ast]:
        return [made for inline in inlines for made in self._inline(inline, around)]

    def rest(self) -> list[Ast]:
        """The comments that begin and end where no more words follow."""
        return [*self._beginning(), *self._ending()]

    def _inline(self, inline: Inline, around: _Around) -> list[Ast]:
        match inline:
            case Text(text=text):
                return self._cut(text, string)
            case Code(text=text):
                return self._cut(text, lambda piece: {"t": "Code", "c": [["", [], []], piece]})
            case LineBreak():
                return self._whole({"t": "LineBreak"})
            case Image():
                return self._whole(raw(drawing(self.making, inline, around.lang, self.story.repeated)))
            case Math():
                return self._formula(inline, around)
            case Styled():
                return self._styled(inline, around)
            case Span():
                return self._span(inline, around)
            case Link():
                address = None if around.linked else safe_address(self.making.context, inline.target)
                return self._link(inline.children, address, inline.title, around)
            case Citation():
                known = (self.making.context.references.get(key) for key in inline.keys)
                reference = None if around.linked else next((one for one in known if one is not None), None)
                return self._link(inline.children, f"#{reference.id}" if reference else None, None, around)
            case FootnoteCall():
                return [] if self.story.repeated else call_footnote(self.making, self.story, inline)
            case _:
                assert_never(inline)

    def _cut(self, text: str, make: Callable[[str], Ast]) -> list[Ast]:
        """Characters, with the comments that begin and end among them."""
        made: list[Ast] = []
        first, last = self.at, self.at + len(text)
        while self.at < last:
            made.extend(self._beginning())
            following = [offset for offset, _ in (*self.begins, *self.ends) if self.at < offset < last]
            until = min(following, default=last)
            made.append(make(text[self.at - first : until - first]))
            self.at = until
            made.extend(self._ending())
        return made

    def _whole(self, made: Ast) -> list[Ast]:
        """What counts as one character."""
        before = self._beginning()
        self.at += 1
        return [*before, made, *self._ending()]

    def _beginning(self) -> list[Ast]:
        due = [note for offset, note in self.begins if offset <= self.at]
        self.begins = [one for one in self.begins if one[0] > self.at]
        return [raw(begin_comment(self.making, note)) for note in due]

    def _ending(self) -> list[Ast]:
        due = [note for offset, note in self.ends if offset <= self.at]
        self.ends = [one for one in self.ends if one[0] > self.at]
        return [raw(end_comment(self.making, note) + refer_to_comment(self.making, note)) for note in due]

    def _formula(self, math: Math, around: _Around) -> list[Ast]:
        # pandoc would cut the paragraph in three around a formula that stands by itself, and the bookmarks in it.
        kind = {"t": "InlineMath"}
        id = f"{math.id}{self.story.repeated}"
        begin, end = self.making.bookmark(id)
        self.making.langs[self.making.name_of(id)] = around.lang
        if math.display:
            self.making.displayed.add(self.making.name_of(id))
        before, made, *after = [*self._beginning(), raw(begin)], {"t": "Math", "c": [kind, math.tex]}, raw(end)
        self.at += 1
        return [*before, made, *after, *self._ending()]

    def _styled(self, styled: Styled, around: _Around) -> list[Ast]:
        children = self.inlines(styled.children, around)
        if styled.style is Style.MARK:
            return [span(children, {}, ["mark"])]
        return [{"t": _STYLED[styled.style], "c": children}]

    def _span(self, written: Span, around: _Around) -> list[Ast]:
        lang = written.lang or around.lang
        made = self.inlines(written.children, replace(around, lang=lang))
        if lang != around.lang:
            made = [span(made, {"lang": lang})]
        if written.expansion is not None and self.story.name == COMMENT:
            made = [raw(smart_tag("abbreviation", {"title": written.expansion})), *made, raw("</w:smartTag>")]
        elif written.expansion is not None:
            for title in reversed(titles(written.expansion)):
                properties = tag("w:alias", {"w:val": title}) + tag("w:tag", {"w:val": "abbreviation"})
                begin = f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>"
                made = [raw(begin), *made, raw("</w:sdtContent></w:sdt>")]
        if written.id and not self.story.repeated:
            begin, end = self.making.bookmark(written.id)
            made = [raw(begin), *made, raw(end)]
        return made

    def _link(self, children: Iterable[Inline], address: str | None, title: str | None, around: _Around) -> list[Ast]:
        if address is None or self.story.repeated:
            return self.inlines(children, around)
        # Comments that begin with the link begin before it.
        before = self._beginning() if plain_text(children := tuple(children)) else []
        made = self.inlines(children, replace(around, linked=True))
        return [*before, *link(self.making, made, address, title)]


def link(making: Making, words: Sequence[Ast], address: str, title: str | None = None) -> list[Ast]:
    """Words that lead to an address, or to `#id`."""
    if address.startswith("#"):
        attributes = {"w:anchor": making.name_of(address[1:])}
    else:
        attributes = {"r:id": making.relationship(address)}
    if title:
        attributes["w:tooltip"] = title
    begin = tag("w:hyperlink", {**attributes, "w:history": "1"}, closed=False)
    return [raw(begin), span(words, {"custom-style": "Hyperlink"}), raw("</w:hyperlink>")]


def smart_tag(kind: str, facts: Mapping[str, str]) -> str:
    """The begin of words that something is to be said of in a comment (ISO/IEC 29500-1, 17.5.1.9).

    Elsewhere that is a content control. But Word takes none in a comment, and at one there LibreOffice 7.4 ends without
    having opened the document.
    """
    told = "".join(tag("w:attr", {"w:name": name, "w:val": value}) for name, value in facts.items())
    begin = tag("w:smartTag", {"w:uri": SMART_TAGS, "w:element": kind}, closed=False)
    return f"{begin}<w:smartTagPr>{told}</w:smartTagPr>"


def titles(expansion: str) -> list[str]:
    """An expansion in pieces that Word takes as titles of content controls, one in the other."""
    pieces: list[str] = []
    for word in expansion.split(" "):
        if pieces and len(pieces[-1]) + 1 + len(word) <= LONGEST_TITLE:
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def begin_comment(making: Making, note: Note) -> str:
    """The markup where a comment's words begin."""
    return tag("w:commentRangeStart", {"w:id": str(making.comments[note.id])})


def end_comment(making: Making, note: Note) -> str:
    """The markup where a comment's words end."""
    return tag("w:commentRangeEnd", {"w:id": str(making.comments[note.id])})


def refer_to_comment(making: Making, note: Note) -> str:
    """The mark that the comment hangs on."""
    begin, end = making.bookmark(note.call)
    mark = tag("w:commentReference", {"w:id": str(making.comments[note.id])})
    return f'{begin}<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>{mark}</w:r>{end}'


def call_footnote(making: Making, story: Story, call: FootnoteCall) -> list[Ast]:
    """A call: Word's own the first time; a reference to that one else. Only the text calls footnotes."""
    footnote = making.context.footnotes[call.footnote]
    begin, end = making.bookmark(call.id)
    first = making.first_calls[footnote.id]
    if first == call.id:
        return [raw(begin), {"t": "Note", "c": story.footnote(footnote)}, raw(end)]
    number = f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:t>{footnote.number}</w:t></w:r>'
    code = f'<w:instrText xml:space="preserve"> NOTEREF {making.name_of(first)} \\f \\h </w:instrText>'
    inside = f"{_field('begin')}<w:r>{code}</w:r>{_field('separate')}{number}{_field('end')}"
    return [raw(begin + inside + end)]


def _field(kind: str) -> str:
    return f"<w:r>{tag('w:fldChar', {'w:fldCharType': kind})}</w:r>"
