"""What one paragraph of a Word document says: its words by language, what is marked on them, what stands among them.

ISO/IEC 29500-1, 17.3 (paragraphs and runs), 17.13 (bookmarks, comments), 17.16 (fields), 20.4 (drawings).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from publisher.formats.docx.formulas_read import M, written
from publisher.formats.docx.said_read import Field, Leading, Open, Piece, Said, Seen
from publisher.formats.docx.styles_read import Styles, W, val

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SVG = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VML = "{urn:schemas-microsoft-com:vml}"
_GONE = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "pPr", "sdtPr", "sdtEndPr", "smartTagPr", "rubyPr", "rt")
)
"""What no reader is shown: words that were taken out, and properties."""
_SILENT_FIELDS = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "XE", "TC", "SEQ"))
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_MARKS = ("footnote reference", "endnote reference", "annotation reference")
"""Styles of signs that call notes: they are none of the words."""


@dataclass
class _Mark:
    """A bookmark: what had been said where it begins and where it ends (None: it has not)."""

    name: str
    began: int
    ended: int | None = None


class ParagraphReader:
    """Reads one paragraph."""

    def __init__(self, paragraph: etree._Element, styles: Styles, style: str, opened: Open, *, code: bool) -> None:
        self.paragraph = paragraph
        self.styles = styles
        self.style = style
        self.opened = opened
        self.code = code
        self.said = Said()
        self.marks: dict[str, _Mark] = {}
        self.events = 0
        self.group: tuple[str, str, int] | None = None
        self.struck: int | None = None
        properties = paragraph.find(f"{W}pPr")
        self.lang = self._lang_of_mark(properties)

    def read(self) -> Said:
        """Everything in the paragraph."""
        for child in self.paragraph:
            self._any(child)
        self._regroup("", strike=False)
        self._name()
        return self.said

    def _lang_of_mark(self, properties: etree._Element | None) -> str:
        """The language of the paragraph: that of its mark."""
        own = properties.find(f"{W}rPr") if properties is not None else None
        text = "".join(one.text or "" for one in self.paragraph.iter(f"{W}t"))
        backwards = properties is not None and val(properties.find(f"{W}bidi")) not in ("0", "false", "off")
        backwards = backwards and properties is not None and properties.find(f"{W}bidi") is not None
        return self._language(own, (self.style,), text, rtl=backwards)

    def _language(self, own: etree._Element | None, ids: tuple[str, ...], text: str, *, rtl: bool) -> str:
        script = "bidi" if rtl else "eastAsia" if _EAST_ASIAN.search(text) else "val"
        return self.styles.lang(own, ids, script) or self.styles.lang(own, ids, "val")

    # What stands in a paragraph ------------------------------------------------------------------------------------

    def _any(self, element: etree._Element) -> None:
        name = str(element.tag)
        if name in _GONE:
            return
        match name.removeprefix(W):
            case "r":
                self._run(element)
            case "bookmarkStart":
                self._mark(element)
            case "bookmarkEnd":
                if (mark := self.marks.get(val(element, "id"))) is not None:
                    mark.ended = self.events
            case "commentRangeStart":
                self.opened.comments.append(val(element, "id"))
                if all(mark.ended is not None for mark in self.marks.values()):
                    self.opened.waiting.append(val(element, "id"))
            case "commentRangeEnd":
                self._close_comment(val(element, "id"))
            case "hyperlink":
                self._hyperlink(element)
            case "fldSimple":
                self._simple_field(element)
            case "sdt":
                self._control(element)
            case "smartTag":
                self._smart_tag(element)
            case _ if name in (f"{M}oMath", f"{M}oMathPara"):
                self._formula(element)
            case _ if name == f"{_MC}AlternateContent":
                self._alternate(element)
            case _:
                for child in element:
                    self._any(child)

    def _alternate(self, element: etree._Element) -> None:
        chosen = element.find(f"{_MC}Choice")
        chosen = element.find(f"{_MC}Fallback") if chosen is None else chosen
        for child in chosen if chosen is not None else ():
            self._among_run(child, None) if element.getparent().tag == f"{W}r" else self._any(child)  # type: ignore[union-attr]

    def _mark(self, element: etree._Element) -> None:
        name = val(element, "name")
        self.marks[val(element, "id")] = _Mark(name, self.events)
        # A comment that begins before a place, and not in it or after words, is on the element there.
        for comment in self.opened.waiting:
            self.opened.whole[comment] = name
            self.said.whole.append((comment, name))
        self.opened.waiting.clear()

    def _close_comment(self, comment: str) -> None:
        if comment in self.opened.comments:
            self.opened.comments.remove(comment)

    def _name(self) -> None:
        """Which bookmark is the paragraph's own: the first that all its words are in."""
        around = [mark for mark in self.marks.values() if mark.began == 0]
        own = next((mark for mark in around if mark.ended is not None and mark.ended == self.events), None)
        if own is None or not (self.events or own.ended == 0):
            return
        names = [mark.name for mark in around]
        if self.events == 0:
            own = around[-1]  # nothing is said, so that all of them hold all of it
        self.said.own = own.name
        self.said.before = tuple(names[: names.index(own.name)])

    # Runs ------------------------------------------------------------------------------------------------------------

    def _run(self, run: etree._Element) -> None:
        properties = run.find(f"{W}rPr")
        style = val(properties.find(f"{W}rStyle")) if properties is not None else ""
        for child in run:
            if child is not properties:
                self._among_run(child, properties, style)

    def _among_run(self, child: etree._Element, properties: etree._Element | None, style: str = "") -> None:
        match str(child.tag).removeprefix(W):
            case "t":
                self._say(child.text or "", properties, style)
            case "tab" | "ptab":
                self._say("\t" if self.code else " ", properties, style)
            case "br" | "cr":
                self._break(child, properties, style)
            case "noBreakHyphen":
                self._say("\u2011", properties, style)
            case "softHyphen":
                self._say("\u00ad", properties, style)
            case "sym":
                self._say(_symbol(child), properties, style)
            case "fldChar":
                self._field_sign(val(child, "fldCharType"))
            case "instrText":
                if self.opened.fields and not self.opened.fields[-1].shown:
                    self.opened.fields[-1].code += child.text or ""
            case "footnoteReference" | "endnoteReference" | "commentReference" as kind:
                self._refer(child, kind)
            case "drawing":
                self._drawing(child, properties, style)
            case "pict" | "object":
                self._old_picture(child, properties, style)
            case "ruby":
                for inner in child.iterfind(f"{W}rubyBase/{W}r"):
                    self._run(inner)
            case _ if child.tag == f"{_MC}AlternateContent":
                self._alternate(child)
            case _:
                return

    def _silent(self) -> bool:
        """Whether words here belong to a field's instruction, or to one that shows no words of the text."""
        return any(not one.shown or one.name in _SILENT_FIELDS for one in self.opened.fields)

    def _say(self, text: str, properties: etree._Element | None, style: str) -> None:
        if not text or self._silent() or self.styles.name(style) in _MARKS:
            if text and self.opened.fields and self.opened.fields[-1].name == "NOTEREF":
                self.opened.fields[-1].code += f" ={text}"
            if text and not self._silent() and self.said.links and self.said.links[-1].kind == "custom":
                self._custom_number(text)
            return
        ids = (style, self.style) if style else (self.style,)
        rtl = self.styles.switched(properties, ids, "rtl")
        lang = self._language(properties, ids, text, rtl=rtl) or self.lang
        if not text.strip():
            lang = self.said.pieces[-1].lang if self.said.pieces else self.lang
        hidden = self.styles.switched(properties, ids, "vanish")
        raised = val(properties.find(f"{W}vertAlign")) if properties is not None else ""
        raised = {"superscript": "^", "subscript": "_"}.get(raised, "")
        self._regroup(raised, strike=self.styles.switched(properties, ids, "strike"))
        if text.strip():
            self.opened.waiting.clear()
            self.events += 1
        self.said.pieces.append(Piece(text, lang, hidden, tuple(self.opened.comments)))

    def _custom_number(self, text: str) -> None:
        call = self.said.links[-1]
        self.said.links[-1] = Leading(text, "footnote", call.target, call.before, call.id)

    def _regroup(self, raised: str, *, strike: bool) -> None:
        """Keep together what is raised, lowered or struck out, however many runs it is in."""
        now = len(self.said.pieces)
        if self.group is not None and self.group[0] != raised:
            sign, before, since = self.group
            said = " ".join("".join(piece.text for piece in self.said.pieces[since:]).split())
            self.said.facts += [("script", f"{before} {sign}{said}")] if said else []
            self.group = None
        if raised and self.group is None:
            self.group = (raised, self._last_word(), now)
        if self.struck is not None and not strike:
            said = " ".join("".join(piece.text for piece in self.said.pieces[self.struck :]).split())
            self.said.facts += [("struck", said)] if said else []
            self.struck = None
        if strike and self.struck is None:
            self.struck = now

    def _last_word(self, *, within: bool = False) -> str:
        said = self.said.text
        return said.split()[-1] if said.strip() and (within or not said[-1].isspace()) else ""

    def _break(self, element: etree._Element, properties: etree._Element | None, style: str) -> None:
        if val(element, "type") in ("page", "column"):
            return
        if not self.code and (word := self._last_word(within=True)):
            self.said.facts.append(("line", word))
        self._say("\n", properties, style)

    # Links, fields, calls --------------------------------------------------------------------------------------------

    def _enclosing(self) -> str | None:
        """The name of the innermost bookmark that is open."""
        return next((mark.name for mark in reversed(self.marks.values()) if mark.ended is None), None)

    def _within(self, element: etree._Element) -> str:
        """Read what is in an element; the words in it."""
        before = len(self.said.pieces)
        for child in element:
            self._any(child)
        return " ".join("".join(piece.text for piece in self.said.pieces[before:]).split())

    def _hyperlink(self, element: etree._Element) -> None:
        before = self.said.text
        anchor, outside = val(element, "anchor"), element.get(f"{R}id", "")
        text = self._within(element)
        title = val(element, "tooltip")
        target = f"{outside}\n{anchor}" if outside else f"#{anchor}"
        self.said.links.append(Leading(text, "outside" if outside else "inside", target, before, None, title))

    def _simple_field(self, element: etree._Element) -> None:
        self.opened.fields.append(Field(val(element, "instr"), shown=True, began=len(self.said.pieces)))
        for child in element:
            self._any(child)
        self._end_field()

    def _field_sign(self, kind: str) -> None:
        fields = self.opened.fields
        if kind == "begin":
            fields.append(Field(began=len(self.said.pieces)))
        elif kind == "separate" and fields:
            fields[-1].shown = True
        elif kind == "end" and fields:
            self._end_field()

    def _end_field(self) -> None:
        ended = self.opened.fields.pop()
        since = min(ended.began, len(self.said.pieces))
        text = " ".join("".join(piece.text for piece in self.said.pieces[since:]).split())
        before = "".join(piece.text for piece in self.said.pieces[:since])
        words = re.findall(r'"[^"]*"|\S+', ended.code.partition(" =")[0])
        if ended.name == "NOTEREF" and len(words) > 1:
            number = ended.code.partition(" =")[2]
            self.said.links.append(Leading(number, "again", words[1], self.said.text, self._enclosing()))
        elif ended.name == "HYPERLINK" and text:
            address = next((word.strip('"') for word in words[1:] if not word.startswith("\\")), "")
            kind = "inside" if "\\l" in words and words.index("\\l") == 1 else "address"
            self.said.links.append(Leading(text, kind, f"#{address}" if kind == "inside" else address, before))

    def _refer(self, element: etree._Element, kind: str) -> None:
        number = val(element, "id")
        if kind == "commentReference":
            self.said.links.append(Leading("", "comment", number, self.said.text, self._enclosing()))
            return
        self.events += 1
        custom = val(element, "customMarkFollows") in ("1", "true", "on")
        story = kind.removesuffix("Reference")
        self.said.links.append(Leading("", "custom" if custom else story, number, self.said.text, self._enclosing()))

    # Controls, formulas, pictures ------------------------------------------------------------------------------------

    def _control(self, element: etree._Element) -> None:
        """A content control: a box to tick, words that its title explains, or just words."""
        properties, content = element.find(f"{W}sdtPr"), element.find(f"{W}sdtContent")
        title = val(properties.find(f"{W}alias")) if properties is not None else ""
        box = properties.find(f"{W14}checkbox") if properties is not None else None
        if content is None:
            return
        if box is not None:
            ticked = box.find(f"{W14}checked")
            on = ticked is not None and ticked.get(f"{W14}val", "1") in ("1", "true")
            run = content.find(f"{W}r/{W}rPr")
            lang = self._language(run, (self.style,), title, rtl=self.styles.switched(run, (self.style,), "rtl"))
            self.said.seen.append(Seen("box", title, lang or self.lang, self._enclosing(), ticked=on))
            return
        titles = [title]
        while len(inner := [one for one in content if one.tag != f"{W}sdtPr"]) == 1 and inner[0].tag == f"{W}sdt":
            named = inner[0].find(f"{W}sdtPr/{W}alias")
            deeper = inner[0].find(f"{W}sdtContent")
            if named is None or deeper is None:
                break
            titles.append(val(named))
            content = deeper
        words = self._within(content)
        if title and words:
            self.said.facts.append(("expansion", f"{words}: {' '.join(titles)}"))

    def _smart_tag(self, element: etree._Element) -> None:
        """What stands for a content control in comments, which can hold none."""
        facts = {val(one, "name"): val(one) for one in element.iterfind(f"{W}smartTagPr/{W}attr")}
        if val(element, "element") == "checkbox":
            run = element.find(f"{W}r/{W}rPr")
            named, on = facts.get("title", ""), facts.get("checked") == "1"
            lang = self._language(run, (self.style,), named, rtl=self.styles.switched(run, (self.style,), "rtl"))
            self.said.seen.append(Seen("box", named, lang or self.lang, self._enclosing(), ticked=on))
            return
        words = self._within(element)
        if words and (title := facts.get("title")):
            self.said.facts.append(("expansion", f"{words}: {title}"))

    def _formula(self, element: etree._Element) -> None:
        run = element.find(f".//{W}rPr")
        lang = self.styles.lang(run, (), "val") if run is not None and run.find(f"{W}lang") is not None else self.lang
        formulas = [element] if element.tag == f"{M}oMath" else element.findall(f"{M}oMath")
        for formula in formulas:
            self._object(Seen("formula", written(formula), lang, self._enclosing()))

    def _object(self, seen: Seen) -> None:
        self.events += 1
        self.opened.waiting.clear()
        self.said.pieces.append(Piece(" ", self.lang, False, tuple(self.opened.comments)))
        self.said.seen.append(seen)

    def _drawing(self, element: etree._Element, properties: etree._Element | None, style: str) -> None:
        self.said.boxes += element.iter(f"{W}txbxContent")
        about = next(element.iter(f"{_WP}docPr"), None)
        if about is None or about.get("hidden") in ("1", "true"):
            return
        quiet = any(one.get("val") in ("1", "true") for one in about.iter(_DECORATIVE))
        blip = next(element.iter(f"{_A}blip"), None)
        drawn = next(element.iter(f"{_SVG}svgBlip"), None)
        shown = drawn if drawn is not None else blip
        media = shown.get(f"{R}embed", "") if shown is not None else ""
        ids = (style, self.style) if style else (self.style,)
        lang = self._language(properties, ids, "", rtl=self.styles.switched(properties, ids, "rtl")) or self.lang
        text = "" if quiet else about.get("descr", "")
        self._object(Seen("picture", text, lang, about.get("name"), media, about.get("title", "")))

    def _old_picture(self, element: etree._Element, properties: etree._Element | None, style: str) -> None:
        """A picture or a text box of older versions of Word."""
        self.said.boxes += element.iter(f"{W}txbxContent")
        data = next(element.iter(f"{_VML}imagedata"), None)
        if data is not None:
            shape = data.getparent()
            text = shape.get("alt", "") if shape is not None else ""
            ids = (style, self.style) if style else (self.style,)
            lang = self.styles.lang(properties, ids, "val") or self.lang
            self._object(Seen("picture", text, lang, None, data.get(f"{R}id", "")))


def _symbol(element: etree._Element) -> str:
    """A sign of a font of symbols; those of private use are told as Word shows them elsewhere: not at all."""
    code = val(element, "char")
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
