"""What lets the full page show plain language in place: each counterpart as markup, beside the blocks that it restates.

Like the times of the sound it stands in a script file of its own, which the page loads only where a reader asks for it:
until then, and without scripts, the full page holds the article alone, and the plain-language page its counterparts.
"""

from __future__ import annotations

import json

from publisher.model.blocks import Figure
from publisher.model.publication import Publication
from publisher.rendering.body import Body

FUNCTION = "publisherPlain"
"""What the page's script calls itself to take the data."""


def plain_script(publication: Publication, body: Body) -> str:
    """The data as a script: for each counterpart the ids of the blocks that it stands for, and its markup.

    Pictures stay where they are: their counterparts restate the words around them.
    """
    pictures = {block.id for block in publication.blocks() if isinstance(block, Figure)}
    entries = []
    for counterpart in publication.counterparts:
        restated = [id for id in counterpart.restates if id not in pictures] or list(counterpart.restates)
        entries.append([restated, str(body.counterpart(counterpart))])
    data = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"{FUNCTION}({as_script(data)});\n"


def as_script(data: str) -> str:
    """JSON as it may stand in any script: U+2028 and U+2029 end a line of an older one, and "</" a script element that
    somebody puts it into."""
    return data.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("</", r"<\/")
