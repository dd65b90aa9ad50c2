"""The books open in a reading engine, every page of them is shown, and the contents and the page list lead right."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from engine_page import Epub, OpenBook, Reader
from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
BOOKS = ("constructs.epub", "constructs-read-aloud.epub", "arabic.epub", "arabic-read-aloud.epub")


def part(path: str, epub: Epub, book: str) -> etree._Element:
    with zipfile.ZipFile(epub(book)) as container:
        return etree.fromstring(container.read(path))


def spine(epub: Epub, book: str) -> list[str]:
    package = part("EPUB/content.opf", epub, book)
    files = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
    return [f"EPUB/{files[entry.get('idref')]}" for entry in package.iter("{*}itemref")]


def entries(kind: str, epub: Epub, book: str) -> list[tuple[str, str]]:
    """The words and addresses that one of the navigation document's lists holds."""
    lists = part("EPUB/nav.xhtml", epub, book).iter(f"{XHTML}nav")
    [found] = [nav for nav in lists if nav.get(f"{OPS}type") == kind]
    return [("".join(link.itertext()), link.get("href")) for link in found.iter(f"{XHTML}a")]


def turn_to_the_end(reader: Reader) -> list[int]:
    """Turns every page; gives how many pages each document had."""
    return reader.ask("""(async () => {
        const { view } = reader, pages = []
        for (let last; ;) {
            const [{ index }] = view.renderer.getContents(), { page } = view.renderer
            if (last === `${index} ${page}`) return pages
            last = `${index} ${page}`
            pages[index] = (pages[index] ?? 0) + 1
            await view.next()
        }
    })()""")


@pytest.mark.parametrize("book", BOOKS)
def test_a_book_opens_and_every_page_of_its_spine_is_turned_to(epub: Epub, open_book: OpenBook, book: str) -> None:
    reader = open_book(book)
    title = part("EPUB/content.opf", epub, book).findtext(".//{*}title")
    assert reader.page.locator("#title").inner_text() == title
    assert reader.page.title() == title
    pages = turn_to_the_end(reader)
    assert reader.ask("reader.passed") == spine(epub, book), "documents in the order of the spine, each once"
    assert all(pages)
    assert sum(pages) > len(pages) or book.startswith("arabic"), "a book of more than a page each"


@pytest.mark.parametrize("book", ["constructs.epub", "arabic.epub"])
def test_pages_are_turned_in_the_direction_of_the_script(open_book: OpenBook, book: str) -> None:
    reader = open_book(book)
    first = reader.ask("reader.place.document")
    onward, back = ("goLeft", "goRight") if book.startswith("arabic") else ("goRight", "goLeft")
    reader.ask(f"reader.view.{onward}()")
    assert reader.ask("reader.place.document") != first
    reader.ask(f"reader.view.{back}()")
    assert reader.ask("reader.place.document") == first


def heading_at(reader: Reader, href: str) -> str:
    """The words of the heading at an address, or of the document's first heading; note calls are no words of it."""
    return reader.ask(
        """(() => {
            let found = reader.target(argument)
            if (!found?.matches) found = reader.shown().querySelector('h1, h2')
            const copy = found.cloneNode(true)
            for (const call of copy.querySelectorAll('sup.call')) call.remove()
            return `${found.localName}: ${copy.textContent.trim()}`
        })()""",
        href,
    )


@pytest.mark.parametrize("book", ["constructs.epub", "arabic.epub"])
def test_each_entry_of_the_contents_leads_to_its_heading(epub: Epub, open_book: OpenBook, book: str) -> None:
    reader = open_book(book)
    listed = entries("toc", epub, book)
    links = reader.page.locator("#contents a")
    assert [words.strip() for words in links.all_inner_texts()] == [words for words, _ in listed]
    # Backwards, so that none is on the page already for having been read up to.
    for place in reversed(range(len(listed))):
        words, href = listed[place]
        links.nth(place).click()
        document, _, fragment = href.partition("#")
        reader.until("reader.place.document === argument", f"EPUB/{document}")
        if fragment:
            reader.until("reader.seen(reader.target(argument))", f"EPUB/{href}")
            level, _, heading = heading_at(reader, f"EPUB/{href}").partition(": ")
            assert (heading, level[0]) == (words, "h"), href
        # The engine tells of the last heading on the page that is shown.
        assert reader.ask("reader.place.contents") in [later for later, _ in listed[place:]]


@pytest.mark.parametrize("kind", ["loi", "lot"])
def test_the_lists_of_figures_and_tables_lead_to_them(epub: Epub, open_book: OpenBook, kind: str) -> None:
    reader = open_book("constructs.epub")
    listed = entries(kind, epub, "constructs.epub")
    assert listed
    for _, href in reversed(listed):
        reader.go_to(href)
        assert (
            reader.ask("reader.target(argument).localName", f"EPUB/{href}") == {"loi": "figure", "lot": "table"}[kind]
        )


@pytest.mark.parametrize("book", ["constructs.epub", "arabic.epub"])
def test_each_entry_of_the_page_list_leads_to_its_page_break(epub: Epub, open_book: OpenBook, book: str) -> None:
    reader = open_book(book)
    listed = entries("page-list", epub, book)
    links = reader.page.locator("#pages a")
    assert links.all_inner_texts() == [label for label, _ in listed]
    order: list[Any] = []
    for place in reversed(range(len(listed))):
        label, href = listed[place]
        address = f"EPUB/{href}"
        links.nth(place).click()
        reader.until("reader.seen(reader.target(argument))", address)
        target = reader.ask(
            """(() => {
            const mark = reader.target(argument)
            return { role: mark.getAttribute('role'), label: mark.getAttribute('aria-label') ?? mark.textContent }
        })()""",
            address,
        )
        assert target["role"] == "doc-pagebreak", href
        assert label in re.findall(r"[\w-]+", target["label"]), href
        # The engine tells of the last page that begins on what is shown.
        assert reader.ask("reader.place.page") in [later for later, _ in listed[place:]]
        order.insert(0, reader.ask("[reader.view.renderer.getContents()[0].index, reader.view.renderer.page]"))
    assert all(earlier <= later for earlier, later in pairwise(order)), "pages follow one another"
