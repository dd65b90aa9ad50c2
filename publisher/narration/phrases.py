"""What the narration says of its own: announcements, in the edition's language where there is a table for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Phrases:
    """The announcements of one language. `lang` is the language that they are said in.

    Placeholders are those of `str.format`; a pair of forms is for one and for several.
    """

    lang: str
    by: str
    published: str
    published_on: str
    voice: str
    synthetic: str
    plain_edition: str
    plain_title: str
    article: str
    references: str
    notes: str
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

    def count(self, forms: tuple[str, str], number: int) -> str:
        """The form for one or for several, filled in."""
        return forms[0 if number == 1 else 1].format(count=number)

    def joined(self, names: list[str]) -> str:
        """Names as an enumeration: “A, B and C”."""
        named = [self.name(name) for name in names]
        return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} {self.joiner} {named[-1]}"

    def name(self, name: str) -> str:
        """A name inside a sentence: “The data desk” is “the data desk” there."""
        return f"the {name[4:]}" if self.lang.startswith("en") and name.startswith("The ") else name

    def day(self, when: date) -> str:
        """A date as it is written in this language."""
        ordinal = {"de": f"{when.day}.", "fr": "1er" if when.day == 1 else str(when.day)}
        return f"{ordinal.get(self.lang.partition('-')[0], str(when.day))} {self.months[when.month - 1]} {when.year}"

    def kind(self, kind: str) -> str:
        """A note's kind in words."""
        return self.kinds.get(kind, kind.replace("-", " "))


_ENGLISH = Phrases(
    lang="en",
    by="{role} {names}.",
    published="Published by {publisher}.",
    published_on="Published by {publisher} on {date}.",
    voice="This recording is read by a synthetic voice, {voice}.",
    synthetic="{voice} (synthetic voice)",
    plain_edition="The edition in plain language.",
    plain_title="in plain language",
    article="The article",
    references="References",
    notes="Notes",
    footnotes="Footnotes",
    more="Further notes",
    note="Note {number}, {kind}",
    note_by="by {name}",
    on="on the words “{quote}”",
    dated="{date}",
    note_end="End of note.",
    source="Source: {sources}.",
    sources="Sources: {sources}.",
    footnote="Footnote {number}.",
    footnote_end="End of footnote.",
    bullet_list=("List of one item.", "List of {count} items."),
    numbered_list=("Numbered list of one item.", "Numbered list of {count} items."),
    nested_list=("List inside, of one item.", "List inside, of {count} items."),
    list_end="End of list.",
    definitions=("One term and its definition.", "{count} terms and their definitions."),
    done="Done:",
    not_done="Not done:",
    quote="Quotation.",
    pull_quote="Highlighted words.",
    quote_end="End of quotation.",
    code="Code.",
    code_in="Code, {language}.",
    code_end="End of code.",
    figure="Figure.",
    figure_end="End of figure.",
    image="image:",
    description="Description of the figure.",
    table="Table with {columns} and {rows}.",
    columns=("one column", "{count} columns"),
    rows=("one row", "{count} rows"),
    headers="Column headings.",
    row="Row {number}.",
    empty="empty.",
    end="End of the edition.",
    totals="Last rows of the table.",
    table_end="End of table.",
    struck="struck out:",
    struck_end="end of struck out",
    joiner="and",
    kinds={
        "context": "context",
        "fact-check": "fact check",
        "definition": "definition",
        "aftermath": "what happened next",
        "perspective": "perspective",
    },
    roles={"aut": "By", "edt": "Edited by", "ill": "Illustrated by", "trl": "Translated by", "nrt": "Read by"},
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
)

_FRENCH = Phrases(
    lang="fr",
    by="{role} {names}.",
    published="Publié par {publisher}.",
    published_on="Publié par {publisher} le {date}.",
    voice="Cet enregistrement est lu par une voix de synthèse, {voice}.",
    synthetic="{voice} (voix de synthèse)",
    plain_edition="L’édition en langage clair.",
    plain_title="en langage clair",
    article="L’article",
    references="Références",
    notes="Notes",
    footnotes="Notes de bas de page",
    more="Autres notes",
    note="Note {number}, {kind}",
    note_by="par {name}",
    on="sur les mots « {quote} »",
    dated="le {date}",
    note_end="Fin de la note.",
    source="Source : {sources}.",
    sources="Sources : {sources}.",
    footnote="Note de bas de page {number}.",
    footnote_end="Fin de la note de bas de page.",
    bullet_list=("Liste d’un élément.", "Liste de {count} éléments."),
    numbered_list=("Liste numérotée d’un élément.", "Liste numérotée de {count} éléments."),
    nested_list=("Liste imbriquée d’un élément.", "Liste imbriquée de {count} éléments."),
    list_end="Fin de la liste.",
    definitions=("Un terme et sa définition.", "{count} termes et leurs définitions."),
    done="Fait :",
    not_done="À faire :",
    quote="Citation.",
    pull_quote="En exergue.",
    quote_end="Fin de la citation.",
    code="Code.",
    code_in="Code, {language}.",
    code_end="Fin du code.",
    figure="Figure.",
    figure_end="Fin de la figure.",
    image="image :",
    description="Description de la figure.",
    table="Tableau de {columns} et {rows}.",
    columns=("une colonne", "{count} colonnes"),
    rows=("une ligne", "{count} lignes"),
    headers="En-têtes des colonnes.",
    row="Ligne {number}.",
    empty="vide.",
    end="Fin de l’édition.",
    totals="Dernières lignes du tableau.",
    table_end="Fin du tableau.",
    struck="barré :",
    struck_end="fin du texte barré",
    joiner="et",
    kinds={
        "context": "contexte",
        "fact-check": "vérification",
        "definition": "définition",
        "aftermath": "la suite",
        "perspective": "point de vue",
    },
    roles={"aut": "Par", "edt": "Édité par", "ill": "Illustré par", "trl": "Traduit par", "nrt": "Lu par"},
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
)

_GERMAN = Phrases(
    lang="de",
    by="{role} {names}.",
    published="Herausgegeben von {publisher}.",
    published_on="Herausgegeben von {publisher} am {date}.",
    voice="Diese Aufnahme liest eine künstliche Stimme, {voice}.",
    synthetic="{voice} (künstliche Stimme)",
    plain_edition="Die Ausgabe in einfacher Sprache.",
    plain_title="in einfacher Sprache",
    article="Der Artikel",
    references="Literatur",
    notes="Anmerkungen",
    footnotes="Fußnoten",
    more="Weitere Anmerkungen",
    note="Anmerkung {number}, {kind}",
    note_by="von {name}",
    on="zu den Worten „{quote}“",
    dated="{date}",
    note_end="Ende der Anmerkung.",
    source="Quelle: {sources}.",
    sources="Quellen: {sources}.",
    footnote="Fußnote {number}.",
    footnote_end="Ende der Fußnote.",
    bullet_list=("Liste mit einem Punkt.", "Liste mit {count} Punkten."),
    numbered_list=("Nummerierte Liste mit einem Punkt.", "Nummerierte Liste mit {count} Punkten."),
    nested_list=("Unterliste mit einem Punkt.", "Unterliste mit {count} Punkten."),
    list_end="Ende der Liste.",
    definitions=("Ein Begriff und seine Erklärung.", "{count} Begriffe und ihre Erklärungen."),
    done="Erledigt:",
    not_done="Offen:",
    quote="Zitat.",
    pull_quote="Hervorgehoben.",
    quote_end="Ende des Zitats.",
    code="Quelltext.",
    code_in="Quelltext, {language}.",
    code_end="Ende des Quelltexts.",
    figure="Abbildung.",
    figure_end="Ende der Abbildung.",
    image="Bild:",
    description="Beschreibung der Abbildung.",
    table="Tabelle mit {columns} und {rows}.",
    columns=("einer Spalte", "{count} Spalten"),
    rows=("einer Zeile", "{count} Zeilen"),
    headers="Spaltenköpfe.",
    row="Zeile {number}.",
    empty="leer.",
    end="Ende der Ausgabe.",
    totals="Letzte Zeilen der Tabelle.",
    table_end="Ende der Tabelle.",
    struck="durchgestrichen:",
    struck_end="Ende des Durchgestrichenen",
    joiner="und",
    kinds={
        "context": "Hintergrund",
        "fact-check": "Faktencheck",
        "definition": "Begriff",
        "aftermath": "wie es weiterging",
        "perspective": "Sichtweise",
    },
    roles={"aut": "Von", "edt": "Herausgeber:", "ill": "Bilder:", "trl": "Übersetzung:", "nrt": "Stimme:"},
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
)

_TABLES = {"en": _ENGLISH, "fr": _FRENCH, "de": _GERMAN}


def phrases_for(lang: str) -> Phrases:
    """The announcements of a language, in its own variety; English ones, said in English, where there are none."""
    table = _TABLES.get(lang.partition("-")[0].lower())
    return replace(table, lang=lang) if table is not None else _ENGLISH
