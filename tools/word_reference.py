"""Makes templates/docx/reference.docx, the Word document whose styles and page all others take.

python tools/word_reference.py [FILE]

The document is of our own making: change it here, or open it in Word, change the styles and keep it in an edition's
templates folder. The same script gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from publisher.formats.archive import write_archive

TARGET = Path(__file__).resolve().parents[1] / "templates" / "docx" / "reference.docx"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEXT = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Microsoft YaHei" w:cs="Arial"/>'
CODE = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:eastAsia="Microsoft YaHei" w:cs="Courier New"/>'
INK, DIM, LINK = "1A1A1A", "4A4A4A", "0B4F8A"
"""Colours of words; on white they have contrasts of 17, 8.9 and 8.3 to 1."""

RULE = '<w:{} w:val="single" w:sz="{}" w:space="{}" w:color="4A4A4A"/>'


def spaced(before: int, after: int, line: int = 300) -> str:
    """Space around paragraphs in twentieths of a point; between lines in 240ths of a line."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def style(
    name: str,
    *,
    base: str = "Body Text",
    following: str = "",
    paragraph: str = "",
    run: str = "",
    kind: str = "paragraph",
    builtin: bool = False,
    ui: int = 99,
) -> str:
    """A style; `base` is the one that it differs from. Its id is its name without what ids do not have."""
    custom = "" if builtin else ' w:customStyle="1"'
    parts = [f'<w:style w:type="{kind}"{custom} w:styleId="{identifier(name)}"><w:name w:val="{name}"/>']
    parts += [f'<w:basedOn w:val="{identifier(base)}"/>'] if base else []
    parts += [f'<w:next w:val="{identifier(following)}"/>'] if following else []
    parts += [f'<w:uiPriority w:val="{ui}"/><w:qFormat/>']
    parts += [f"<w:pPr>{paragraph}</w:pPr>"] if paragraph else []
    parts += [f"<w:rPr>{run}</w:rPr>"] if run else []
    return "".join([*parts, "</w:style>"])


def identifier(name: str) -> str:
    """The id of a style of this name, as Word has it in English."""
    return {"annotation text": "CommentText", "annotation reference": "CommentReference"}.get(
        name, "".join(word[0].upper() + word[1:] for word in name.split())
    )


def size(points: float) -> str:
    """The size of letters, of every script."""
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


BOLD, ITALIC = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>"
KEEP = "<w:keepNext/><w:keepLines/>"


def styles() -> Iterator[str]:
    """Every style that the writer names, from the most general down."""
    yield (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{TEXT}<w:color w:val="{INK}"/>{size(12)}'
        '<w:lang w:val="en" w:eastAsia="en" w:bidi="en"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
    )
    yield (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr>{spaced(0, 160)}<w:jc w:val="left"/></w:pPr></w:style>'
    )
    yield (
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )
    edges = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="4A4A4A"/>' for edge in _EDGES)
    yield (
        '<w:style w:type="table" w:styleId="Table"><w:name w:val="Table"/><w:basedOn w:val="TableNormal"/>'
        f"<w:qFormat/><w:tblPr><w:tblBorders>{edges}</w:tblBorders></w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/></w:tcPr>'
        "</w:tblStylePr></w:style>"
    )
    yield style("Body Text", base="Normal", builtin=True, ui=1)
    # The items of a list stand close, and what follows them does not.
    yield style("Compact", paragraph=f"{spaced(0, 160)}<w:contextualSpacing/>")
    yield style("TOC Heading", base="Normal", following="Body Text", paragraph=f"<w:keepNext/>{spaced(320, 80, 264)}",
                run=f"{BOLD}{size(14)}", builtin=True, ui=39)  # fmt: skip
    for level in (1, 2):
        indent = f'<w:ind w:left="{284 * (level - 1)}" w:right="0"/>'
        yield style(f"toc {level}", base="Normal", following="Normal", paragraph=f"{spaced(0, 60, 276)}{indent}",
                    builtin=True, ui=39)  # fmt: skip
    yield style("Title", base="Normal", following="Subtitle", paragraph=f"{KEEP}{spaced(240, 120, 240)}",
                run=f"{BOLD}{size(26)}", builtin=True, ui=10)  # fmt: skip
    yield style("Subtitle", base="Normal", following="Body Text", paragraph=f"{KEEP}{spaced(0, 240, 264)}",
                run=f'<w:color w:val="{DIM}"/>{size(16)}', builtin=True, ui=11)  # fmt: skip
    for level, (points, before) in enumerate(
        ((20, 480), (16, 360), (14, 320), (13, 280), (12, 240), (12, 240), (12, 240), (12, 240), (12, 240)), 1
    ):
        yield style(f"heading {level}", base="Normal", following="Body Text", builtin=True, ui=9,
                    paragraph=f'{KEEP}{spaced(before, 120, 264)}<w:outlineLvl w:val="{level - 1}"/>',
                    run=f"{BOLD}{size(points)}")  # fmt: skip
    yield style("Quotation", paragraph=f"{spaced(0, 160)}{_indented(567, 567)}")
    yield style("Verse", paragraph=f"{spaced(0, 160, 276)}{_indented(567)}")
    yield style("Source Code", paragraph=f'<w:keepLines/><w:shd w:val="clear" w:color="auto" w:fill="F4F4F4"/>'
                f"{spaced(60, 200, 264)}", run=f"{CODE}{size(10.5)}")  # fmt: skip
    yield style("Aside", paragraph=f"<w:pBdr>{RULE.format('left', 24, 12)}</w:pBdr>{_indented(284)}")
    yield style("Plain Language", paragraph=spaced(0, 200, 336))
    yield style("Thematic Break", paragraph=f"<w:pBdr>{RULE.format('bottom', 8, 1)}</w:pBdr>{spaced(120, 320, 240)}")
    yield style("Definition Term", following="Definition", paragraph=f"<w:keepNext/>{spaced(120, 0, 276)}", run=BOLD)
    yield style("Definition", paragraph=f"{spaced(0, 120)}{_indented(567)}")
    yield style("Figure", paragraph=f"<w:keepNext/>{spaced(200, 80, 240)}")
    yield style("Caption", base="Normal", builtin=True, paragraph=spaced(0, 200, 276),
                run=f'<w:color w:val="{DIM}"/>{size(11)}', ui=35)  # fmt: skip
    yield style("Figure Caption", base="Caption")
    yield style("Table Caption", base="Caption", paragraph=f"<w:keepNext/>{spaced(200, 80, 276)}")
    yield style("Long Description", paragraph=_indented(284), run=size(11))
    yield style("Table Text", paragraph=spaced(40, 40, 264), run=size(11))
    yield style("Table Heading", base="Table Text", paragraph="<w:keepNext/>", run=BOLD)
    yield style("Table Row Heading", base="Table Text", run=BOLD)
    yield style("Bibliography", base="Normal", builtin=True, paragraph=f"{spaced(0, 120)}{_hanging(567)}", ui=37)
    yield style("footnote text", base="Normal", builtin=True, paragraph=spaced(0, 60, 252), run=size(11))
    yield style("annotation text", base="Normal", builtin=True, paragraph=spaced(0, 80, 252), run=size(11))
    yield style("Edition Line", base="Normal", paragraph=spaced(0, 80), run=f'<w:color w:val="{DIM}"/>{size(11)}')
    yield style("Edition Label", base="Normal", paragraph=f"<w:keepNext/>{spaced(80, 40, 264)}",
                run=f"{BOLD}{size(11)}")  # fmt: skip
    yield style("header", base="Normal", builtin=True, run=size(11))
    yield style("footer", base="Normal", builtin=True, run=size(11))
    plain = "Default Paragraph Font"
    yield style("Hyperlink", base=plain, kind="character", builtin=True,
                run=f'<w:color w:val="{LINK}"/><w:u w:val="single"/>')  # fmt: skip
    yield style("Verbatim Char", base=plain, kind="character", run=f"{CODE}{size(11)}")
    yield style("footnote reference", base=plain, kind="character", builtin=True,
                run='<w:vertAlign w:val="superscript"/>')  # fmt: skip
    yield style("annotation reference", base=plain, kind="character", builtin=True, run=size(8))


_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _indented(left: int, right: int = 0) -> str:
    return f'<w:ind w:left="{left}" w:right="{right}"/>'


def _hanging(by: int) -> str:
    return f'<w:ind w:left="{by}" w:hanging="{by}"/>'


FOOTER = (
    '<w:p><w:pPr><w:pStyle w:val="Footer"/><w:jc w:val="center"/></w:pPr><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
BODY = (
    '<w:body><w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t>The styles of this document are those of every '
    "Word file of the editions that have it in their templates folder.</w:t></w:r></w:p>"
    '<w:sectPr><w:footerReference w:type="default" r:id="rId9"/><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="708" w:footer="708" w:gutter="0"/>'
    "</w:sectPr></w:body>"
)
SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/><w:autoHyphenation w:val="false"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat>"
)
FONTS = "".join(
    f'<w:font w:name="{name}"><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
    for name, family, pitch in (
        ("Calibri", "swiss", "variable"),
        ("Consolas", "modern", "fixed"),
        ("Arial", "swiss", "variable"),
        ("Microsoft YaHei", "swiss", "variable"),
    )
)
PARTS = {
    "document": ("document.main", BODY),
    "styles": ("styles", None),
    "settings": ("settings", SETTINGS),
    "fontTable": ("fontTable", FONTS),
    "footer1": ("footer", FOOTER),
}
ROOTS = {"fontTable": "fonts", "footer1": "ftr"}


def parts() -> dict[str, bytes]:
    """Every part of the package by its name."""
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kinds = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kinds}{kind}+xml"/>' for name, (kind, _) in PARTS.items()
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    relations = "".join(
        f'<Relationship Id="{id}" Type="{OFFICE}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for id, name in (("rId1", "styles"), ("rId2", "settings"), ("rId3", "fontTable"), ("rId9", "footer1"))
    )
    made = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
    }
    for name, (_, inside) in PARTS.items():
        root = ROOTS.get(name, name)
        content = inside if inside is not None else "".join(styles())
        made[f"word/{name}.xml"] = f'<w:{root} xmlns:w="{WORD}" xmlns:r="{OFFICE}">{content}</w:{root}>'
    return {name: (declaration + text).encode() for name, text in made.items()}


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    write_archive(target, parts())
