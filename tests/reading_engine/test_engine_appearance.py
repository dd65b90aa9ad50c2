"""In light and dark, at ordinary and double size, in a window and on a telephone: nothing is cut off, all can be read.

Contrast is that of WCAG 2.2, https://www.w3.org/TR/WCAG22/#contrast-minimum, as the browser computes the colours.
"""

from __future__ import annotations

from typing import Any

import pytest
from engine_page import OpenBook, Reader

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 780}

COLOURS = """(() => {
    const doc = reader.shown(), { defaultView: view } = doc
    const canvas = doc.createElement('canvas')
    const context = canvas.getContext('2d', { willReadFrequently: true })
    const probe = doc.body.appendChild(doc.createElement('div'))
    probe.style.background = 'Canvas'
    const ground = view.getComputedStyle(probe).backgroundColor
    probe.remove()
    const mix = layers => {
        context.clearRect(0, 0, 1, 1)
        for (const layer of layers) { context.fillStyle = layer; context.fillRect(0, 0, 1, 1) }
        return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }
    const light = ([r, g, b]) => [r, g, b].map(x => x / 255)
        .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
        .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0)
    const poor = [], walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
    let seen = 0
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement
        if (!walker.currentNode.data.trim()) continue
        seen++
        const layers = []
        for (let at = element; at; at = at.parentElement) layers.unshift(view.getComputedStyle(at).backgroundColor)
        const under = mix([ground, ...layers]), over = mix([ground, ...layers, view.getComputedStyle(element).color])
        const [low, high] = [light(under), light(over)].sort((a, b) => a - b)
        if ((high + 0.05) / (low + 0.05) < 4.5) poor.push(`${element.localName}#${element.id} ${over} on ${under}`)
    }
    return { seen, poor, dark: light(mix([ground])) < 0.2 }
})()"""

CUT_OFF = """(() => {
    const doc = reader.shown(), { renderer } = reader.view
    const frame = doc.defaultView.frameElement.getBoundingClientRect()
    // A page's width repeats: what begins in one page or column must end there.
    const pages = renderer.scrolled ? 1 : renderer.pages - 2
    const columns = renderer.scrolled ? 1 : renderer.columnCount
    const width = frame.width / pages / columns
    const out = [], walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
    const look = (rects, name) => {
        for (const { left, right, width: w, height } of rects) {
            if (!w || !height) continue
            const first = Math.floor((left + 0.5) / width), last = Math.floor((right - 0.5) / width)
            if (first !== last || left < -0.5 || right > frame.width + 0.5) out.push(`${name} ${left} to ${right}`)
        }
    }
    // What can be scrolled sideways is not cut off; nor are its words asked for, only the box itself.
    const scrolls = element => ['auto', 'scroll'].includes(doc.defaultView.getComputedStyle(element).overflowX)
    const reached = element => element === doc.body || !scrolls(element) && reached(element.parentElement)
    const asked = element => reached(element) && !(argument.but && element.closest(argument.but))
    let seen = 0
    while (walker.nextNode()) {
        const range = doc.createRange()
        range.selectNodeContents(walker.currentNode)
        if (!walker.currentNode.data.trim() || !asked(walker.currentNode.parentElement)) continue
        seen++
        look(range.getClientRects(), walker.currentNode.data.trim().slice(0, 40))
    }
    for (const box of doc.querySelectorAll('img, math, pre'))
        if (asked(box.parentElement)) look(box.getClientRects(), box.id)
    return { seen, width, out }
})()"""


def documents(reader: Reader) -> list[str]:
    found: list[str] = reader.ask("reader.view.book.sections.map(({ id }) => id)")
    return found


def each_document(reader: Reader) -> Any:
    for document in documents(reader):
        reader.ask("reader.view.goTo(argument)", document)
        reader.until("reader.place.document === argument", document)
        reader.until("reader.shown().fonts.status === 'loaded'")
        yield document


@pytest.mark.parametrize("settings", [{"color_scheme": "light"}, {"color_scheme": "dark"}], ids=["light", "dark"])
@pytest.mark.parametrize("book", ["constructs.epub", "arabic.epub"])
def test_all_words_stand_out_from_the_ground(open_book: OpenBook, book: str, settings: dict[str, Any]) -> None:
    reader = open_book(book)
    words = 0
    for document in each_document(reader):
        colours = reader.ask(COLOURS)
        assert colours["dark"] == (settings["color_scheme"] == "dark"), document
        assert colours["poor"] == [], document
        words += colours["seen"]
    assert words > 50


@pytest.mark.parametrize("settings", [{"viewport": WIDE}, {"viewport": NARROW}], ids=["wide", "narrow"])
@pytest.mark.parametrize("flow", [{}, {"scrolled": 1}], ids=["pages", "scrolled"])
@pytest.mark.parametrize(("book", "size"), [("constructs.epub", 100), ("constructs.epub", 200), ("arabic.epub", 200)])
def test_nothing_is_cut_off(
    open_book: OpenBook, book: str, size: int, flow: dict[str, int], settings: dict[str, Any]
) -> None:
    """Tables alone may be wider than a telephone at double size: else their numbers would be broken in two.

    WCAG asks for neither: 320 CSS pixels at ordinary size, and not of tables, https://www.w3.org/TR/WCAG22/#reflow.
    """
    narrow = settings["viewport"] == NARROW
    frame = {"narrow": 1} if narrow else {}
    but = "table" if narrow and size == 200 else None
    reader = open_book(book, size=size, **flow, **frame)
    for document in each_document(reader):
        laid_out = reader.ask(CUT_OFF, {"but": but})
        assert laid_out["out"] == [], document
    reader.ask("reader.view.goTo(argument)", reader.within("article.xhtml"))
    assert reader.ask("parseFloat(getComputedStyle(reader.shown().querySelector('p')).fontSize)") == 16 * size / 100


LOOSE_CALLS = """(() => {
    const doc = reader.shown(), loose = []
    for (const call of doc.querySelectorAll('sup.call')) {
        const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
        let before = null
        for (let text; (text = walker.nextNode()) && !call.contains(text);) if (text.data.trim()) before = text
        const range = doc.createRange(), end = before.data.trimEnd().length
        range.setStart(before, end - 1)
        range.setEnd(before, end)
        const last = range.getBoundingClientRect(), { left, top } = call.getBoundingClientRect()
        if (left < last.left || Math.abs(top - last.top) > last.height) loose.push(call.textContent)
    }
    return loose
})()"""


@pytest.mark.parametrize("size", [100, 130, 160, 200])
def test_no_call_of_a_note_begins_a_line(open_book: OpenBook, size: int) -> None:
    reader = open_book("constructs.epub", size=size, scrolled=1)
    reader.ask("reader.view.goTo(argument)", reader.within("article.xhtml"))
    reader.until("reader.place.document === argument", reader.within("article.xhtml"))
    for width in (1180, 990, 850, 720, 610):
        reader.page.set_viewport_size({"width": width, "height": 900})
        reader.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert reader.ask(LOOSE_CALLS) == [], width
