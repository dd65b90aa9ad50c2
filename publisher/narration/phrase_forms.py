"""What a language's announcements consist of, and how names, numbers and days are put into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Phrases:
    """The announcements of one language. `lang` is the language that they are said in.

    Placeholders are those of `str.format`; a pair of forms is for one and for several, so a language with more forms
    than two words the second one so that any number may stand in it.
    """

    lang: str
    by: str
    published: str
    published_on: str
    voice: str
    synthetic: str
    plain_edition: str
    plain_title: str
    article_mix: str
    article_title: str
    notes_after_mix: str
    notes_after_title: str
    article: str
    references: str
    notes: str
    plain_notes: str
    footnotes: str
    more: str
    note: str
    note_by: str
    on: str
    dated: str
    note_end: str
    source: str
    sources: str
    footnote: str
    footnote_end: str
    bullet_list: tuple[str, str]
    numbered_list: tuple[str, str]
    nested_list: tuple[str, str]
    list_end: str
    definitions: tuple[str, str]
    done: str
    not_done: str
    quote: str
    pull_quote: str
    quote_end: str
    code: str
    code_in: str
    code_end: str
    figure: str
    figure_end: str
    image: str
    description: str
    table: str
    columns: tuple[str, str]
    rows: tuple[str, str]
    headers: str
    row: str
    empty: str
    end: str
    totals: str
    table_end: str
    struck: str
    struck_end: str
    joiner: str
    kinds: Mapping[str, str]
    roles: Mapping[str, str]
    months: tuple[str, ...] = field(default=())
    date_form: str = "{day} {month} {year}"
    comma: str = ", "

    def mix(self, mix: str) -> tuple[str, str]:
        """How a mix announces itself, and what is put behind the title; the default one says nothing."""
        match mix:
            case "plain":
                return self.plain_edition, self.plain_title
            case "article":
                return self.article_mix, self.article_title
            case "notes-after":
                return self.notes_after_mix, self.notes_after_title
            case _:
                return "", ""

    def count(self, forms: tuple[str, str], number: int) -> str:
        """The form for one or for several, filled in."""
        return forms[0 if number == 1 else 1].format(count=number)

    def joined(self, names: list[str]) -> str:
        """Names as an enumeration: “A, B and C”."""
        named = [self.name(name) for name in names]
        return named[0] if len(named) == 1 else f"{self.comma.join(named[:-1])} {self.joiner} {named[-1]}"

    def name(self, name: str) -> str:
        """A name inside a sentence: “The data desk” is “the data desk” there."""
        return f"the {name[4:]}" if self.lang.startswith("en") and name.startswith("The ") else name

    def day(self, when: date) -> str:
        """A date as it is written in this language."""
        ordinal = {"de": f"{when.day}.", "fr": "1er" if when.day == 1 else str(when.day)}
        day = ordinal.get(self.lang.partition("-")[0], str(when.day))
        return self.date_form.format(day=day, month=self.months[when.month - 1], year=when.year)

    def kind(self, kind: str) -> str:
        """A note's kind in words."""
        return self.kinds.get(kind, kind.replace("-", " "))
