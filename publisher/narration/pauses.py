"""How long the silences are, in seconds: by what a line is, and by what ends with it."""

from __future__ import annotations

from publisher.model.narration import Role

LONGEST = 2.4
"""No silence is longer: a listener takes more for the end, or for a fault."""

AFTER: dict[Role, float] = {
    Role.ANNOUNCEMENT: 0.35,
    Role.TITLE: 0.9,
    Role.HEADING: 0.9,
    Role.PARAGRAPH: 0.3,
    Role.ITEM: 0.3,
    Role.CELL: 0.3,
    Role.QUOTATION: 0.3,
    Role.CAPTION: 0.3,
    Role.ALTERNATIVE: 0.4,
    Role.CODE: 0.25,
    Role.NOTE: 0.3,
    Role.FOOTNOTE: 0.3,
    Role.REFERENCE: 0.7,
}
"""After a line of each role, where nothing more ends with it."""

LABEL = 0.12
"""After what only names the next words: a column's header, an item's number."""
BLOCK = 0.65
"""After the last sentence of a paragraph, item or caption."""
ROW = 0.5
"""After a table's row."""
BEFORE_HEADING = 1.3
NOTE = 0.9
"""Before and after a note, a footnote, a figure, a table."""
CHAPTER = 1.8
END = 1.0
"""After the very last words."""
