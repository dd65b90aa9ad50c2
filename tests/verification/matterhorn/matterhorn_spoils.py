"""For each condition of the Matterhorn Protocol that a program can decide, what makes the sample meet it."""

from __future__ import annotations

from typing import Any

import matterhorn_fonts as fonts
from matterhorn_pdf import XMP, Sample, Spoil
from pikepdf import Array, Dictionary, Name


def _operators(*given: str) -> Spoil:
    def spoil(sample: Sample) -> None:
        sample.operators += given
        sample.seal()

    return spoil


def _without(path: str) -> Spoil:
    """The catalogue without an entry, `/MarkInfo/Marked` say."""
    *outer, key = path.strip("/").split("/")

    def spoil(sample: Sample) -> None:
        thing: Any = sample.pdf.Root
        for name in outer:
            thing = thing[f"/{name}"]
        del thing[f"/{key}"]

    return spoil


def _metadata(before: str, after: str) -> Spoil:
    def spoil(sample: Sample) -> None:
        assert before in XMP
        sample.pdf.Root.Metadata.write(XMP.replace(before, after).encode())

    return spoil


def _entry(called: str, key: str, value: Any = None) -> Spoil:
    """An element with another entry, or without it."""

    def spoil(sample: Sample) -> None:
        element = sample.elements[called]
        if value is None:
            del element[f"/{key}"]
        else:
            element[f"/{key}"] = value

    return spoil


def _moved(called: str, into: str) -> Spoil:
    return lambda sample: sample.nest(called, into)


def _named(called: str, role: str) -> Spoil:
    return _entry(called, "S", Name(f"/{role}"))


def _no_language(sample: Sample) -> None:
    """No language for the document; English for its top element, so that everything else is known still."""
    del sample.pdf.Root.Lang
    sample.document.Lang = "en"
    sample.pdf.Root.Metadata.write(XMP.replace("x-default", "en").encode())
    del sample.pdf.Root.Outlines


def language_of_text(sample: Sample) -> None:
    _no_language(sample)
    sample.elements["P"].Lang = ""


def language_of_alternative(sample: Sample) -> None:
    _no_language(sample)
    sample.elements["Figure"].Lang = "und"


def language_of_bookmarks(sample: Sample) -> None:
    outlines = sample.pdf.Root.Outlines
    _no_language(sample)
    sample.pdf.Root.Outlines = outlines


def language_of_annotation(sample: Sample) -> None:
    _no_language(sample)
    sample.elements["Link"].Lang = "not a tag"
    mark = f"/Span <</MCID {sample.elements['Link'].K[0]}>> BDC"
    sample.operators = [line.replace(mark, mark.replace(">>", " /Lang (en)>>")) for line in sample.operators]
    sample.seal()


def language_of_field(sample: Sample) -> None:
    _no_language(sample)
    field(sample, TU="Your name").Lang = ""


def language_of_metadata(sample: Sample) -> None:
    _no_language(sample)
    sample.pdf.Root.Metadata.write(XMP.encode())


def field(sample: Sample, role: str = "Form", **entries: Any) -> Any:
    """A field of a form, in an element; gives the element."""
    element = sample.add(role, sample.document, "field")
    widget = sample.annotate("Widget", element, FT=Name.Tx, T="name", **entries)
    sample.pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
    sample.seal()
    return element


def _layers(**entries: Any) -> Spoil:
    def spoil(sample: Sample) -> None:
        given = {"D": Dictionary(Name="All"), "OCGs": Array(), **entries}
        sample.pdf.Root.OCProperties = Dictionary(**given)

    return spoil


def attachment(sample: Sample) -> Any:
    """An embedded file without a name that every reader understands."""
    stream = sample.pdf.make_stream(b"words")
    return sample.pdf.make_indirect(Dictionary(Type=Name.Filespec, F="words.txt", EF=Dictionary(F=stream)))


def embedded_file(sample: Sample) -> None:
    names = Dictionary(Names=Array(["words.txt", attachment(sample)]))
    sample.pdf.Root.Names = Dictionary(EmbeddedFiles=names)


def attached_file(sample: Sample) -> None:
    _annotation("FileAttachment", Contents="Words", FS=Dictionary(Type=Name.Filespec, F="words.txt"))(sample)


def dynamic_form(sample: Sample) -> None:
    data = (
        b"<xdp><config><acrobat><acrobat7><dynamicRender>required</dynamicRender></acrobat7></acrobat></config></xdp>"
    )
    sample.pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Array(["config", sample.pdf.make_stream(data)]))


def _annotation(subtype: str, role: str = "Annot", **entries: Any) -> Spoil:
    def spoil(sample: Sample) -> None:
        element = sample.add(role, sample.document, "annotation") if role else None
        sample.annotate(subtype, element, **entries)
        sample.seal()

    return spoil


def _clip(**entries: Any) -> Spoil:
    def spoil(sample: Sample) -> None:
        clip = Dictionary(Type=Name.MediaClip, S=Name.MCD, D=Dictionary(F="a.mp4"), **entries)
        action = Dictionary(S=Name.Rendition, R=Dictionary(Type=Name.Rendition, S=Name.MR, C=clip))
        _annotation("Screen", Contents="A film", A=action)(sample)

    return spoil


def _tabs(order: str | None) -> Spoil:
    def spoil(sample: Sample) -> None:
        if order is None:
            del sample.page.obj.Tabs
        else:
            sample.page.obj.Tabs = Name(f"/{order}")

    return spoil


def link_outside(sample: Sample) -> None:
    """Its area stands in the paragraph, its words in the Link."""
    area = sample.elements["Link"].K.pop()
    sample.elements["P"].K.append(area)
    sample.annotations[0] = (sample.annotations[0][0], sample.elements["P"])
    sample.seal()


def printers_mark(sample: Sample, *, tag: str) -> None:
    painted = sample.pdf.make_stream(f"{tag}0 0 9 9 re f{' EMC' if tag else ''}".encode())
    painted.Type, painted.Subtype, painted.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    sample.annotate("PrinterMark", None, AP=Dictionary(N=painted))
    sample.seal()


def mark_in_structure(sample: Sample) -> None:
    printers_mark(sample, tag="/Artifact BMC ")
    made, _ = sample.annotations[-1]
    made.StructParent = len(sample.annotations)
    sample.annotations[-1] = (made, sample.elements["P"])
    sample.elements["P"].K.append(Dictionary(Type=Name.OBJR, Obj=made, Pg=sample.page.obj))
    sample.seal()


def form_object(sample: Sample, data: bytes, **entries: Any) -> Any:
    """A form XObject that the page can paint as /X."""
    made = sample.pdf.make_stream(data)
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array([0, 0, 99, 99])
    for key, value in entries.items():
        made[f"/{key}"] = value
    sample.page.obj.Resources.XObject = Dictionary(X=made)
    return made


def reference_object(sample: Sample) -> None:
    form_object(sample, b"", Ref=Dictionary(F="other.pdf", Page=0))
    _operators("/X Do")(sample)


def painted_twice(sample: Sample) -> None:
    made = form_object(sample, b"/Span <</MCID 0>> BDC 0 0 9 9 re f EMC", StructParents=99)
    sample.elements["P"].K.append(Dictionary(Type=Name.MCR, Stm=made, Pg=sample.page.obj, MCID=0))
    _operators("/X Do", "/X Do")(sample)


def lone_heads(sample: Sample) -> None:
    for called in ("H1", "H2"):
        sample.elements[called].S = Name.H


def seventh(sample: Sample) -> None:
    sample.say("H", sample.add("Sect", sample.document))
    sample.seal()


# Fonts


def _composite(change: Any, *, kind: str = "CIDFontType2", codes: str = "<00010002>") -> Spoil:
    """Text in another composite font, changed."""

    def spoil(sample: Sample) -> None:
        font = fonts.composite(sample.pdf, kind=kind)
        change(sample, font, font.DescendantFonts[0])
        sample.use(font, codes)

    return spoil


def cmap(
    sample: Sample, font: Any, *, body: str = "", own: tuple[str, str, int] = ("Adobe", "Identity", 0), **entries: Any
) -> None:
    """An embedded CMap that leaves codes as they are."""
    registry, ordering, supplement = own
    codes = "1 begincodespacerange <0000> <ffff> endcodespacerange 1 begincidrange <0000> <ffff> 0 endcidrange"
    data = f"begincmap {body} {codes} endcmap"
    stream = sample.pdf.make_stream(data.encode(), Type=Name.CMap, CMapName=Name.Own)
    stream.CIDSystemInfo = Dictionary(Registry=registry, Ordering=ordering, Supplement=supplement)
    for key, value in entries.items():
        stream[f"/{key}"] = value
    font.Encoding = stream


def _cid_set(*cids: int) -> Any:
    def change(sample: Sample, _font: Any, inner: Any) -> None:
        bits = sum(0x80 >> cid for cid in cids)
        inner.FontDescriptor.CIDSet = sample.pdf.make_stream(bytes([bits]))

    return change


def _simple(make: Any, *arguments: Any, **more: Any) -> Spoil:
    return lambda sample: sample.use(make(sample.pdf, *arguments, **more))


def unmapped(sample: Sample) -> None:
    """A glyph of which the map to Unicode says nothing, in a formula."""
    font = fonts.composite(sample.pdf)
    font.ToUnicode = sample.pdf.make_stream(fonts.unicode_map({1: "A"}))
    sample.page.obj.Resources.Font.G = font
    sample.paint(sample.elements["Formula"], sample.words("<0002>", "G"))
    sample.seal()


def _unicode(text: str) -> Any:
    def change(sample: Sample, font: Any, _inner: Any) -> None:
        font.ToUnicode = sample.pdf.make_stream(fonts.unicode_map({1: "A", 2: text}))

    return change


def _deleted(key: str) -> Any:
    def change(_sample: Sample, _font: Any, inner: Any) -> None:
        del inner[key]

    return change


def restricted(sample: Sample) -> None:
    sample.use(fonts.composite(sample.pdf, fonts.true_type(licence=2)), "<00010002>")


def _differences(base: str | None, *names: str) -> Any:
    made = Dictionary(Differences=Array([0x41, *(Name(f"/{name}") for name in names)]))
    if base:
        made.BaseEncoding = Name(f"/{base}")
    return made


def no_program(sample: Sample, _font: Any, inner: Any) -> None:
    del inner.FontDescriptor["/FontFile2"]
    del sample


def no_unicode(_sample: Sample, font: Any, _inner: Any) -> None:
    del font.ToUnicode


SPOILS: dict[str, Spoil] = {
    "01-003": _operators("/Span <</MCID 1>> BDC", "/Artifact BMC", "0 0 9 9 re f", "EMC", "EMC"),
    "01-004": _operators("/Artifact BMC", "/Span <</MCID 1>> BDC", "0 0 9 9 re f", "EMC", "EMC"),
    "01-005": _operators("0 0 9 9 re f"),
    "01-007": lambda sample: sample.pdf.Root.MarkInfo.update({"/Suspects": True}),
    "02-001": _named("P", "Verse"),
    "02-003": lambda sample: sample.root.update({"/RoleMap": Dictionary(Verse=Name.Line, Line=Name.Verse)}),
    "02-004": lambda sample: sample.root.update({"/RoleMap": Dictionary(Quote=Name.P)}),
    "06-001": _without("/Metadata"),
    "06-002": _metadata("<pdfuaid:part>1</pdfuaid:part>", ""),
    "06-003": _metadata("A title", " "),
    "07-001": _without("/ViewerPreferences/DisplayDocTitle"),
    "07-002": lambda sample: sample.pdf.Root.ViewerPreferences.update({"/DisplayDocTitle": False}),
    "09-004": lambda sample: sample.add("P", sample.elements["TR"]),
    "09-005": _moved("LBody", "L"),
    "09-006": _moved("TOCI", "Document"),
    "09-007": _moved("RT", "P"),
    "09-008": _moved("last WP", "P"),
    "10-001": _composite(_unicode("")),
    "11-001": language_of_text,
    "11-002": language_of_alternative,
    "11-003": language_of_bookmarks,
    "11-004": language_of_annotation,
    "11-005": language_of_field,
    "11-006": language_of_metadata,
    "13-004": _entry("Figure", "Alt", " "),
    "14-002": _named("H1", "H2"),
    "14-003": _named("H2", "H3"),
    "14-006": lone_heads,
    "14-007": seventh,
    "15-003": _entry("TH", "A"),
    "15-005": _entry("second TH", "A", Dictionary(O=Name.Table, Scope=Name.Column, ColSpan=2)),
    "17-002": _entry("Formula", "Alt"),
    "17-003": unmapped,
    "19-003": _entry("Note", "ID"),
    "19-004": _entry("second note", "ID", "note-1"),
    "20-001": _layers(Configs=Array([Dictionary()])),
    "20-002": _layers(D=Dictionary(Name="")),
    "20-003": _layers(D=Dictionary(Name="All", AS=Array())),
    "21-001": embedded_file,
    "25-001": dynamic_form,
    "28-002": _annotation("Text", "P", Contents="A remark"),
    "28-004": _annotation("Text"),
    "28-005": field,
    "28-006": _annotation("Hologram"),
    "28-007": _annotation("TrapNet", Contents="Traps"),
    "28-008": _tabs(None),
    "28-009": _tabs("R"),
    "28-010": lambda sample: field(sample, "P", TU="Your name"),
    "28-011": link_outside,
    "28-012": lambda sample: (sample.annotations[0][0].update({"/Contents": ""}), _entry("Link", "Alt", "A")(sample)),
    "28-014": _clip(Alt=Array(["", "A ship"])),
    "28-015": _clip(CT="video/mp4"),
    "28-016": attached_file,
    "28-017": mark_in_structure,
    "28-018": lambda sample: printers_mark(sample, tag=""),
    "30-001": reference_object,
    "30-002": painted_twice,
    "31-001": _composite(lambda sample, font, _: cmap(sample, font, own=("Own", "Identity", 0))),
    "31-002": _composite(lambda sample, font, _: cmap(sample, font, own=("Adobe", "Own", 0))),
    "31-003": _composite(lambda sample, font, _: cmap(sample, font, own=("Adobe", "Identity", 1))),
    "31-004": _composite(lambda _sample, _font, inner: inner.update({"/CIDToGIDMap": Name.Other})),
    "31-005": _composite(_deleted("/CIDToGIDMap")),
    "31-006": _composite(lambda _sample, font, _: font.update({"/Encoding": Name("/Own-H")})),
    "31-007": _composite(lambda sample, font, _: cmap(sample, font, body="/WMode 1 def")),
    "31-008": _composite(lambda sample, font, _: cmap(sample, font, body="/Own-H usecmap")),
    "31-009": _composite(no_program),
    "31-010": restricted,
    "31-011": _composite(lambda sample, font, _: (_unicode("B")(sample, font, _), font)[0], codes="<0009>"),
    "31-012": _simple(fonts.postscript, "/A"),
    "31-013": _simple(fonts.postscript, "/A/B/C"),
    "31-014": _composite(_cid_set(0, 1)),
    "31-015": _composite(_cid_set(0, 1, 2, 3)),
    "31-016": _composite(lambda _sample, _font, inner: inner.W[1].__setitem__(1, 610)),
    "31-017": _simple(fonts.latin, {(0, 3): fonts.LATIN}),
    "31-018": _simple(fonts.latin, {(3, 1): {0x41: "A"}}),
    "31-019": lambda sample: sample.use(_changed(fonts.latin(sample.pdf), "/Encoding")),
    "31-020": lambda sample: sample.use(fonts.latin(sample.pdf, Encoding=_differences(None, "A", "B"))),
    "31-021": lambda sample: sample.use(fonts.latin(sample.pdf, Encoding=Name.StandardEncoding)),
    "31-022": lambda sample: sample.use(
        fonts.latin(sample.pdf, Encoding=_differences("WinAnsiEncoding", "A", "B", "odd"))
    ),
    "31-023": lambda sample: sample.use(
        fonts.latin(sample.pdf, {(1, 0): fonts.LATIN}, Encoding=_differences("WinAnsiEncoding", "A", "B"))
    ),
    "31-024": _simple(fonts.symbols, Encoding=Name.WinAnsiEncoding),
    "31-025": _simple(fonts.symbols, {}),
    "31-026": _simple(fonts.symbols, {(3, 1): fonts.LATIN, (1, 0): fonts.LATIN}),
    "31-027": _composite(no_unicode),
    "31-028": _composite(_unicode("\0")),
    "31-029": _composite(_unicode("\ufeff")),
    "31-030": _composite(_unicode("B"), codes="<0000>"),
}


def _changed(font: Any, key: str) -> Any:
    del font[key]
    return font


COMPANIONS = {
    "17-003": {"10-001"},
    "28-006": {"28-004"},
    "31-017": {"31-018"},
    "31-025": {"31-011", "31-030"},
    "31-027": {"10-001"},
    "31-011": {"10-001"},
    "31-030": {"10-001"},
}
"""What cannot but be met along with a condition."""
