"""How long the silences are, in seconds: by what a line is, and by what ends with it."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.model.narration import PAUSES, Role

_NAMES = {
    Role.ANNOUNCEMENT: "announcement",
    Role.TITLE: "title",
    Role.HEADING: "heading",
    Role.ALTERNATIVE: "alternative",
    Role.CODE: "code",
    Role.REFERENCE: "reference",
}
"""The roles whose silence has a name of its own; all others are sentences."""


class Pauses:
    """The silences of one edition: `own` are those that it sets, by the names of `PAUSES`."""

    def __init__(self, own: Mapping[str, float]) -> None:
        seconds = {**PAUSES, **own}
        self._after = {role: seconds[_NAMES.get(role, "sentence")] for role in Role}
        self.label = seconds["label"]
        """After what only names the next words: a column's header, an item's number."""
        self.block = seconds["paragraph"]
        """After the last sentence of a paragraph, item or caption."""
        self.row = seconds["row"]
        """After a table's row."""
        self.before_heading = seconds["before-heading"]
        self.note = seconds["note"]
        """Before and after a note, a footnote, a figure, a table."""
        self.chapter = seconds["chapter"]
        self.end = seconds["end"]
        """After the very last words."""

    def after(self, role: Role) -> float:
        """After a line of a role, where nothing more ends with it."""
        return self._after[role]
