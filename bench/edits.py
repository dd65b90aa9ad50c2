"""Small edits of an edition, as an editor makes them while working: each number gives another one.

They fit every edition: words are added at the end of a sentence, so that what notes comment on stays as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

_FENCE = re.compile(r"^(:{3,})(\s*\S.*)?$")
_TOP, _NOTE = "", "note"


def edit_sentence(text: str, number: int) -> str:
    """An article with one sentence edited: the last one outside of every fenced block. Raises ValueError if none is."""
    return _edited(text, number, _TOP)


def edit_note(text: str, number: int) -> str:
    """A commentary with one sentence of its last note edited. Raises ValueError if there is none."""
    return _edited(text, number, _NOTE)


def edit_voice(text: str, number: int) -> str:
    """An article whose notes are read at another rate. It must have front matter."""
    head, mark, rest = text.removeprefix("---\n").partition("\n---\n")
    if not mark:
        raise ValueError("the article has no front matter to name a voice in")
    return f"---\n{head}\nvoices:\n  note: rate={150 + number}\n---\n{rest}"


def edit_template(edition: Path, number: int) -> None:
    """Give an edition a style sheet of its own for the print PDF, with other margins each time."""
    sheet = Path(__file__).resolve().parents[1] / "templates" / "pdf" / "article.css"
    own = edition / "templates" / "article.css"
    own.parent.mkdir(exist_ok=True)
    own.write_text(f"{sheet.read_text(encoding='utf-8')}\nblockquote {{ margin-left: {10 + number}mm }}\n", "utf-8")


def edit_some(source: Path, each: int) -> int:
    """Have a sentence edited in each so-many-th of the editions under `source`, by name. Returns in how many."""
    articles = sorted(source.glob("*/article.md"))[::each]
    for article in articles:
        article.write_text(edit_sentence(article.read_text("utf-8"), 7), "utf-8")
    return len(articles)


def _edited(text: str, number: int, inside: str) -> str:
    lines = text.split("\n")
    at = max((at for at, where in enumerate(_places(lines)) if where == inside and _ends(lines[at])), default=None)
    if at is None:
        raise ValueError("there is no sentence to edit")
    lines[at] = f"{lines[at][:-1]}, as was said {number} times."
    return "\n".join(lines)


def _ends(line: str) -> bool:
    return bool(re.match(r"[^\W\d_].*[\w)]\.$", line))


def _places(lines: list[str]) -> list[str]:
    """Of each line where it stands: in no fenced block, straight in a note, or anywhere else."""
    places, open_blocks, front = [], [], lines[0] == "---"
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if front:
            places.append("front matter")
            front = number == 0 or line != "---"
        elif fence:
            places.append("fence")
            if fence[2]:
                open_blocks.append(_NOTE if ".note" in fence[2] else "block")
            else:
                open_blocks.pop()
        else:
            places.append(_TOP if not open_blocks else open_blocks[-1] if len(open_blocks) == 1 else "block")
    return places
