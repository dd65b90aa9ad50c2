"""Manuscripts that mean no good, as a table: what each does, and what the command line has to say to it.

They are made when they are asked for, since some are large. `files` are written into the edition's folder, `article.md`
among them; `told` is what the line of the error says after its place, None where the edition is built as it should be:
in all formats, each of which says what the source says.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FRONT = "---\ntitle: Hostile\nlang: en\n---\n\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'

Content = str | bytes | Callable[[Path], None]


@dataclass(frozen=True)
class Hostile:
    """`said` are words that the page holds where it is built; `formats` what is built of a text that would be heard for
    hours (empty: all). `stages` is for how many of them, such as the layout of one PDF or the encoding of one
    recording, the command has the time of the bounds: their sum is looked at, not each."""

    name: str
    body: Callable[[], str | bytes]
    told: str | None
    said: str = ""
    files: Mapping[str, Content] = field(default_factory=dict)
    formats: str = ""
    stages: int = 1

    def write(self, folder: Path) -> None:
        body = self.body()
        files: dict[str, Content] = {
            "article.md": FRONT.encode() + body if isinstance(body, bytes) else FRONT + body,
            **self.files,
        }
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)


def _png(width: int, height: int, bits: int, kind: int, data: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def huge_picture(width: int = 9000, height: int = 9000) -> bytes:
    """The beginning of a picture of 81 million pixels, in a hundred bytes."""
    return _png(width, height, 1, 0, zlib.compress(b""))


def large_picture(width: int = 7000, height: int = 7000) -> bytes:
    """A picture of 49 million black pixels, in 150 kB."""
    packer = zlib.compressobj(6)
    rows = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(height))
    return _png(width, height, 8, 2, rows + packer.flush())


def whole(text: str) -> Mapping[str, Content]:
    """A text in the place of the whole article."""
    return {"article.md": text}


def _bomb() -> str:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    return f"---\ntitle: Bomb\nlang: en\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n{levels}---\n\nWords.\n"


def _picture(
    name: str, content: Content, address: str | None = None
) -> tuple[Callable[[], str], Mapping[str, Content]]:
    return (lambda: f"Words.\n\n![Shown]({address or name})\n"), {name: content}


def _picture_case(name: str, told: str, file: str, content: Content, address: str | None = None) -> Hostile:
    return Hostile(name, lambda: f"Words.\n\n![Shown]({address or file})\n", told, files={file: content})


def _large(path: Path) -> None:
    path.write_bytes(large_picture())


_ROWS = r"too complex: over 2,000 rows in one table; .* `limits: table_rows`"
_TABLE = "| Name | What |\n|---|---|\n" + "".join(f"| row {n} | word |\n" for n in range(1, 1_991))
_DEEP = r"too complex: markup nested over 50 deep; .* `limits: nesting`"

KILLERS = (
    Hostile("twelve nested brackets", lambda: "[" * 12 + "a" + "]" * 12, "too complex: over 8 square brackets"),
    Hostile("25 nested spans", lambda: "[" * 25 + "a" + "]{.x}" * 25, "too complex: over 8 square brackets"),
    Hostile("20,000 brackets", lambda: "[" * 20_000, "too complex: over 8 square brackets"),
    Hostile("brackets that match", lambda: "[" * 9_000 + "]" * 9_000, "too complex: over 8 square brackets"),
    Hostile("pictures in pictures", lambda: "![[]()" * 16_000, "too complex: over 8 square brackets"),
    Hostile("more of them", lambda: "![[]()" * 20_000, "a paragraph of .* `limits: paragraph`"),
    Hostile("50,000 comments", lambda: "<!--" * 50_000, "too complex: comments that are never closed"),
    Hostile("2,000 divisions", lambda: "::: a\n" * 2_000 + "x\n" + ":::\n" * 2_000, _DEEP),
    Hostile("2,000 divisions of HTML", lambda: "<div>\n" * 2_000 + "x", _DEEP),
    Hostile("150 quotations", lambda: "> " * 150 + "x", _DEEP),
    Hostile("60 quotations", lambda: "> " * 60 + "x", _DEEP),
    Hostile("5,000 quotations", lambda: ">" * 5_000 + "x", _DEEP),
    Hostile("500 lists, line by line", lambda: "".join("  " * n + "- a\n" for n in range(500)), _DEEP),
    Hostile("2,000 lists in a line", lambda: "- " * 2_000 + "a", _DEEP),
    Hostile("a footnote of itself", lambda: "a[^1]\n\n[^1]: b[^1]", None, said=">a<"),
    Hostile("two footnotes of each other", lambda: "a[^1]\n\n[^1]: b[^2]\n\n[^2]: c[^1]", None, said=">a<"),
    Hostile(
        "a million rows", lambda: "| a |\n|---|\n" + "| 1 |\n" * 800_000, r"too complex: over 2,000 rows .* `limits: ta"
    ),
    Hostile("rows up to the bound", lambda: _TABLE, None, said=">row 1990<", formats="web,docx"),
    Hostile("rows up to the bound, laid out twice", lambda: _TABLE, None, formats="pdf", stages=2),
    Hostile(
        "rows without bars", lambda: "  a    b\n---  ---\n" + "  1    2\n" * 9_000, r"too complex: over 2,000 rows"
    ),
    Hostile("ten megabytes in a line", lambda: "a" * 10_000_000, r"larger than 5 MB; .* `limits: file_size`"),
    Hostile("four megabytes in a line", lambda: "word " * 800_000, "a paragraph of .* `limits: paragraph`"),
    Hostile("a word of 90,000 letters", lambda: "a" * 90_000, "too complex: a word of .* `limits: word`"),
    Hostile("addresses never closed", lambda: "[a](b" * 15_000, "too complex: links that are never closed"),
    Hostile("angle brackets", lambda: "<" * 50_000, "too complex: signs < that are never followed by >"),
    Hostile("addresses begun", lambda: "<http://a.b/" * 8_000, "too complex: signs < that are never followed by >"),
    Hostile("tags begun", lambda: "<a " * 20_000, "too complex: signs < that are never followed by >"),
    Hostile("few of them, far away", lambda: "a<b " * 200 + "\n\nwords " * 30_000, "too complex: signs < that"),
    Hostile("50,000 ampersands", lambda: "&" * 50_000, "too complex: over 1,000 signs &"),
    Hostile("backticks", lambda: "".join("e" + "`" * n for n in range(200)), "too complex: runs of backticks"),
    Hostile("20,000 targets", lambda: "".join(f"[{n}]: /u\n" for n in range(20_000)) + "\nb", None, said="b"),
    Hostile("emphasis upon emphasis", lambda: "*a _b " * 4_000, None, said="*a _b", formats="web,pdf,docx"),
    Hostile("less of it", lambda: "*a _b " * 60, None, said="*a _b"),
    Hostile("strong within words", lambda: "a**b" * 9_000, "too complex: a word of over .* `limits: word`"),
    Hostile("strong within shorter words", lambda: "a**b" * 900, None, said="<strong>"),
    Hostile("spans within words", lambda: "a[b]{.x}" * 5_000, "too complex: a word of over .* `limits: word`"),
    Hostile("strong across links", lambda: "**x [a*b**c*](d)" * 60, "too complex: over 12 brackets in which emphasis"),
    Hostile("stars in brackets", lambda: "[*] " * 40, "too complex: over 12 brackets in which emphasis"),
    Hostile("quotation marks", lambda: "\"'a " * 2_000, "too complex: quotation marks inside each other"),
    Hostile("apostrophes", lambda: "'a " * 2_500, "too complex: over 500 quotation marks that are never closed"),
    Hostile("citations begun", lambda: "[@a " * 12, "too complex: citations that are never closed"),
    Hostile("spans begun", lambda: "<span>" * 5_000, "too complex: over 200 elements <span>"),
    Hostile("headings alike", lambda: "# h\n\nx\n\n" * 5_000, "too complex: over 2,500 headings of the same words"),
    Hostile("underlines", lambda: "a\n=\n" * 20_000, "too complex: over 2,500 lines that underline"),
    Hostile("tabs", lambda: "a" + "\t" * 90_000, "too complex: over 50,000 tabs"),
    Hostile("dollars", lambda: "$a " * 9_000, None, said="$a", formats="web,pdf,docx"),
    Hostile("fewer dollars", lambda: "$a " * 700, None, said="$a"),
    Hostile("bars", lambda: "|" * 20_000, r"espeak: cannot say .*: it returned silence, 3 times; respell"),
    Hostile("letters that abort a voice", lambda: "s'" * 220, None, said="s\u2019s\u2019"),
    Hostile("a word of 4,900 letters", lambda: "bcdfg" * 980, None, said="bcdfgbcdfg"),
    Hostile("a line that cannot end", lambda: "a" + "." * 20_000, None, said="a…"),
    Hostile("nearly too deep", lambda: "> " * 45 + "x", None, said="<blockquote"),
    Hostile("nearly too large", lambda: "![Shown](a.png)", None, said="Shown", files={"a.png": _large}),
    Hostile("a bomb of aliases", str, "more than 200,000 values once its aliases are followed", files=whole(_bomb())),
    Hostile("colspan", lambda: '<table><tr><td colspan="1000000">a</td></tr></table>', "raw HTML <table> is refused"),
    _picture_case("81 million pixels", r"too complex: picture a.png .* `limits: pixels`", "a.png", huge_picture()),
    _picture_case(
        "a drawing of itself",
        "too complex: picture a.svg has a part that refers to itself",
        "a.svg",
        SVG.format('<g id="a"><use xlink:href="#a"/></g>'),
    ),
)
"""What the engines never come to the end of, or take gigabytes for."""


ACTIVE = (
    Hostile("a script", lambda: "Words.\n\n<script>alert(1)</script>\n", "raw HTML <script"),
    Hostile("an event handler", lambda: 'Words <b onclick="alert(1)">b</b>.', "a script, in onclick, is refused"),
    Hostile("one of a line's end", lambda: 'Words <br onload="alert(1)">b.', "a script, in onload, is refused"),
    Hostile("one of a span's", lambda: 'Words [b]{onmouseover="alert(1)"}.', "a script, in onmouseover, is refused"),
    Hostile("one of a division's", lambda: '::: {onclick="alert(1)"}\nb\n:::', "a script, in onclick, is refused"),
    Hostile("one of a link's", lambda: '<a href="https://a.example" onfocus="a()">b</a>', "a script, in onfocus"),
    Hostile("a frame", lambda: '<iframe src="https://a.example"></iframe>', "raw HTML <iframe"),
    Hostile("an object", lambda: '<object data="a.swf"></object>', "raw HTML <object"),
    Hostile("a form", lambda: "<form><input></form>", "raw HTML <form"),
    Hostile("a style", lambda: "<style>* {display: none}</style>", "raw HTML <style"),
    Hostile("an address that runs", lambda: "Go [there](javascript:alert(1)).", "javascript"),
    Hostile("one in disguise", lambda: "Go [there](JaVa&#x73;cript:alert(1)).", "(?:javascript|JaVascript)"),
    Hostile("an address that holds a page", lambda: "Go [there](data:text/html,a).", "data:"),
    Hostile("a raw block", lambda: "```{=html}\n<script>alert(1)</script>\n```\n", None, said="&lt;script&gt;"),
    Hostile("a template", lambda: "{{ 7 * 7 }} {% include '/etc/passwd' %}", None, said="{{ 7 * 7 }}"),
    _picture_case("a drawing that runs", "image-unsafe|contains a script", "a.svg", SVG.format("<script>a()</script>")),
    _picture_case("one that listens", "has a script in onload", "a.svg", SVG.format('<rect onload="a()"/>')),
    _picture_case(
        "one of entities",
        "declares entities",
        "a.svg",
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&a;</text>"),
    ),
    _picture_case("one that fetches", "refers to http", "a.svg", SVG.format('<image href="http://127.0.0.1/a.png"/>')),
)
"""What would run in a reader's hands."""


DOORS = (
    _picture_case("a picture above", "outside the edition's folder", "b.txt", "", "../../secret.png"),
    _picture_case("one above in disguise", "outside the edition's folder", "b.txt", "", "%2e%2e/%2E%2E/secret.png"),
    _picture_case("one of the machine's", "outside the edition's folder", "b.txt", "", "/etc/passwd"),
    _picture_case("one with its scheme", "picture is remote: file:", "b.txt", "", "file:///etc/passwd"),
    _picture_case("one from elsewhere", "picture is remote: http:", "b.txt", "", "http://127.0.0.1:9/a.png"),
    _picture_case("a pipe", "is no ordinary file", "a.png", os.mkfifo),
    _picture_case(
        "a link out", "leads outside the edition's folder", "a.png", lambda path: path.symlink_to("/etc/passwd")
    ),
    _picture_case("a device", "leads outside", "a.png", lambda path: path.symlink_to("/dev/zero")),
    Hostile("an article that is a pipe", str, "holds no article.md", files={"article.md": os.mkfifo}),
    Hostile(
        "a tag of YAML", str, "the tag .* is not allowed", files=whole("---\ntitle: !!python/name:os.system x\n---\n")
    ),
    Hostile("deep YAML", str, "nested more than 32 deep", files=whole(f"---\ntitle: {'[' * 90}\n---\n")),
)
"""What would let something in."""


TEXTS = (
    Hostile("no UTF-8", lambda: b"caf\xe9\n", "not UTF-8: byte 0xe9 at offset 36"),
    Hostile("a NUL", lambda: "a\0b", "control character"),
    Hostile("an escape", lambda: "a\x1b[31m", "control character"),
    Hostile("a noncharacter", lambda: "a\ufdd0", "noncharacter"),
    Hostile("words turned around", lambda: "if \u202eadmin {", "RIGHT-TO-LEFT OVERRIDE .* has no counterpart"),
    Hostile("words turned and turned back", lambda: "a \u2067b\u2069 c", None, said="a \u2067b\u2069 c"),
    Hostile("nothing", str, "the article is empty", files=whole("")),
)
"""What is no text, or pretends to be another."""

HEARD = (
    # Two hours of speech: one stage reads it aloud, four encode it or pack it with its text, two read all of that back.
    Hostile("rows up to the bound, heard", lambda: _TABLE, None, formats="epub,audio,audiobook,daisy", stages=7),
)
"""For `make endure` alone, since each takes minutes."""
HOSTILE = (*KILLERS, *ACTIVE, *DOORS, *TEXTS, *(HEARD if os.environ.get("PUBLISHER_ENDURE") else ()))
