"""Notes pop up where they are called, with their kind and signature in words, and lead back to each call."""

from __future__ import annotations

from typing import Any

import pytest
from engine_page import OpenBook, Reader

CALLS = """[...reader.shown().querySelectorAll('a[role="doc-noteref"]')].map(call => {
    const note = reader.shown().querySelector(call.getAttribute('href'))
    return { call: call.id, note: note.id, words: note.textContent.replace(/\\s+/g, ' ').trim(), commentary:
        [...note.querySelectorAll('.note-kind, .signed')].map(({ textContent }) => textContent) }
})"""


def calls(reader: Reader) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reader.ask(CALLS)
    assert found
    return found


def press(reader: Reader, identifier: str) -> None:
    reader.go_to(f"article.xhtml#{identifier}")
    reader.press(reader.frame().locator(f'[id="{identifier}"]'))


@pytest.mark.parametrize(("book", "hide_notes"), [("constructs.epub", 0), ("constructs.epub", 1), ("arabic.epub", 1)])
def test_each_call_shows_its_note_in_a_pop_up(open_book: OpenBook, book: str, hide_notes: int) -> None:
    """Also where the reading system takes the notes out of the page, as many do, since the pop-up has them."""
    reader = open_book(book, **({"hide_notes": 1} if hide_notes else {}))
    reader.ask("reader.view.goTo(argument)", reader.within("article.xhtml"))
    reader.until("reader.place.document === argument", reader.within("article.xhtml"))
    found = calls(reader)
    for call in found[:: 1 if hide_notes else 5]:
        press(reader, call["call"])
        reader.until("reader.note?.id === argument", call["note"])
        shown = reader.ask("({ type: reader.note.type, hidden: reader.note.hidden })")
        assert shown == {"type": "footnote", "hidden": True}, "a footnote that need not stand in the page"
        body = reader.note_frame().locator("body")
        # The engine shows what the note holds, not the box round it: that must be on the screen all the same.
        reader.until("reader.note.doc.body.getClientRects()[0].height > 20")
        assert body.evaluate("body => body.textContent.replace(/\\s+/g, ' ').trim()") == call["words"]
        visible = body.inner_text()
        for words in call["commentary"]:
            assert words in visible
        reader.page.locator("#close").click()
        reader.until("reader.note === null")
    kinds = {len(call["commentary"]) for call in found}
    assert 2 in kinds, "commentary, with its kind and signature"
    assert 0 in kinds or book.startswith("arabic"), "footnotes of the author"


def test_the_way_back_out_of_a_pop_up_leads_to_its_call(open_book: OpenBook) -> None:
    reader = open_book("constructs.epub", hide_notes=1)
    press(reader, "n-table-call")
    reader.until("reader.note?.id === 'n-table'")
    reader.ask("reader.view.goTo(0)")
    reader.press(reader.note_frame().locator("a.backlink"))
    reader.until("reader.note === null && reader.place.document.endsWith('article.xhtml')")
    reader.until("reader.seen(reader.shown().getElementById('n-table-call'))")


@pytest.mark.parametrize("book", ["constructs.epub", "arabic.epub"])
def test_without_pop_ups_each_call_leads_to_its_note_and_each_note_back(open_book: OpenBook, book: str) -> None:
    reader = open_book(book, follow=1)
    reader.ask("reader.view.goTo(argument)", reader.within("article.xhtml"))
    reader.until("reader.place.document === argument", reader.within("article.xhtml"))
    for call in calls(reader):
        press(reader, call["call"])
        reader.until("reader.seen(reader.shown().getElementById(argument))", call["note"])
        back = f'[id="{call["note"]}"] a.backlink[href="#{call["call"]}"]'
        way = reader.frame().locator(back)
        assert way.count() == 1, f"{call['note']} leads back to {call['call']}"
        reader.press(way)
        reader.until("reader.seen(reader.shown().getElementById(argument))", call["call"])


def test_a_citation_shows_what_it_cites(open_book: OpenBook) -> None:
    reader = open_book("constructs.epub")
    reader.ask("reader.view.goTo(argument)", reader.within("article.xhtml#citations"))
    reader.until("reader.place.document.endsWith('article.xhtml')")
    cited = reader.ask(
        "[...reader.shown().querySelectorAll('p a[role=\"doc-biblioref\"]')].map(link => link.getAttribute('href'))"
    )
    href = next(href for href in cited if href.startswith("references.xhtml#"))
    reader.press(reader.frame().locator(f'p a[role="doc-biblioref"][href="{href}"]').first)
    reader.until("reader.note?.href === argument", reader.within(href))
    reader.until("reader.note.doc.body.textContent.trim().length > 20")
