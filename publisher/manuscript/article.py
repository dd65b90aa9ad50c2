"""Reading Markdown: texts in, blocks with ids, sentences, languages and positions out.

`read_texts` reads the article and the layers of commentary of one edition together, since they share ids, footnote
numbers, references (whose years pandoc's citeproc tells apart as 2000a and 2000b) and pictures:

    draft = read_texts(
        [
            MarkdownText(path="source/upstream/article.md", text=…, first_line=9, lang="en-GB"),
            MarkdownText(path="source/upstream/commentary.md", text=…, first_line=20, lang="en-GB", naming=name),
        ],
        sources=[Source(csl={"id": "doe2000", …}, position=…)],
        resources=Resources(folder),
    )
    article, layer = draft.bodies

Put the article first: its ids, numbers and labels then do not depend on the layers after it (save for references of
the same author and year). The draft's `findings` may hold errors; nothing is raised for them here.

**Divisions.** A text with a `naming` is read as divisions: each fenced division at its top level becomes a `Division`
with its `fence` (position of the opening line, own id, classes, and all other attributes as strings: `on`, `in`,
`kind`, `by`, `date`, `sources`, `title` …). `naming(fence)` is called once for each, in order, and answers the id
that it shall have and that its nodes are named after: the author's `fence.id` where there is one, else `note-1` or
`introduction`. If the answer is not the author's own id, it is made unique. Whatever else stands at the top level
(paragraphs, headings) is listed in `strays` by position and is otherwise left out, for the caller to refuse.
Attributes of a division's fence are never reported as unknown here: they are the caller's. `::: plain` directly inside a division
is a Counterpart of it, not one of its blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

from publisher.manuscript.draft import Body, Division, Draft, Fence, MarkdownText, Naming, Source
from publisher.manuscript.identifiers import Ids
from publisher.manuscript.resources import Resources

__all__ = ["Body", "Division", "Draft", "Fence", "Ids", "MarkdownText", "Naming", "Resources", "Source", "read_texts"]


def read_texts(
    texts: Sequence[MarkdownText],
    *,
    resources: Resources,
    sources: Sequence[Source] = (),
    ids: Ids | None = None,
    lang: str | None = None,
) -> Draft:
    """Read the texts of one edition.

    `lang` is the language that references are worded in (default: the first text's). Raises InputError where a text
    is too deeply nested for pandoc or its reader is unknown, EngineError where pandoc fails.
    """
    raise NotImplementedError
