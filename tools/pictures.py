"""Takes the README's pictures from what `make all` built: each format as its reader meets it.

    python tools/pictures.py [BUILT-FOLDER]

Needs Chromium (the tests' set-up installs it) for the web pages and the EPUB's page; the PDF's pages are drawn from the
files themselves.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PAPER, INK, RULE = "#f4f1ea", "#1d1d1b", "#c9c2b4"
PANEL = (420, 560)


def screenshot(
    browser: Browser,
    page: Path,
    width: int,
    height: int,
    scroll_to: str = "",
    *,
    style: str = "",
    dark: bool = False,
    use: Callable[[Page], None] | None = None,
) -> Image.Image:
    """A page of the web as a picture, scrolled to where something is to be seen; `style` is added to its own, and `use`
    does with it what a reader would before."""
    context = browser.new_context(
        bypass_csp=True,  # Waiting evaluates text, which the page forbids.
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    tab = context.new_page()
    tab.goto(page.as_uri())
    if use:
        use(tab)
    if style:
        tab.add_style_tag(content=style)
    if scroll_to:
        tab.locator(scroll_to).first.scroll_into_view_if_needed()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        tab.screenshot(path=path)
        context.close()
        return Image.open(path).convert("RGB")


def listen(tab: Page) -> None:
    """Have the player read, until a word of the article's own text is marked."""
    tab.locator("[data-part=play]").click()
    tab.wait_for_function("() => document.querySelector('.sounding') !== null")
    sentence = tab.locator(".text p > [id$='-s1']").nth(2)
    sentence.scroll_into_view_if_needed()
    sentence.click(position={"x": 4, "y": 4})
    tab.wait_for_function("() => [...(CSS.highlights.get('word') ?? [])].join('').length > 4")
    tab.locator("[data-part=play]").click()


def explain(tab: Page) -> None:
    """Have the plain-language page say what a word means."""
    word = tab.locator(".text section a.term").nth(2)
    word.evaluate("(word) => word.scrollIntoView({ block: 'center' })")
    word.click()


def epub_page(browser: Browser, epub: Path, width: int, height: int) -> Image.Image:
    """The first document of an EPUB that holds a section, as a reading system would show it on a small screen."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(epub) as archive:
        archive.extractall(folder)
        documents = sorted(Path(folder).rglob("*.xhtml"))
        article = next(path for path in documents if "<section" in path.read_text(encoding="utf-8"))
        # Reading systems put a margin around the page; a browser does not.
        return screenshot(browser, article, width, height, style="html { padding: 1.5em }")


def pdf_page(pdf: Path, number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    page = document[min(number, len(document) - 1)]
    picture = page.render(scale=2).to_pil().convert("RGB")
    document.close()
    return picture


def overview(panels: list[tuple[str, Image.Image]]) -> Image.Image:
    """The formats side by side, each under its name."""
    gap, label = 24, 36
    width = gap + len(panels) * (PANEL[0] + gap)
    sheet = Image.new("RGB", (width, PANEL[1] + label + 2 * gap), PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=22)
    for number, (name, picture) in enumerate(panels):
        left, top = gap + number * (PANEL[0] + gap), gap + label
        draw.text((left, gap - 4), name, fill=INK, font=font)
        scale = PANEL[0] / picture.width
        shown = picture.resize((PANEL[0], round(picture.height * scale)), Image.Resampling.LANCZOS)
        sheet.paste(shown.crop((0, 0, PANEL[0], min(PANEL[1], shown.height))), (left, top))
        draw.rectangle([left - 1, top - 1, left + PANEL[0], top + PANEL[1]], outline=RULE)
    return sheet


def main() -> int:
    built = Path(sys.argv[1] if len(sys.argv) > 1 else "build/upstream").resolve()
    name = built.name
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        notes = screenshot(browser, built / "index.html", 1280, 860, "aside.note")
        phone = screenshot(browser, built / "plain.html", 390, 520)
        book = epub_page(browser, built / f"{name}.epub", 420, 560)
        reading = [
            ("Listening, on a phone", screenshot(browser, built / "index.html", 420, 560, dark=True, use=listen)),
            ("A hard word explained", screenshot(browser, built / "plain.html", 420, 560, use=explain)),
            ("The catalogue", screenshot(browser, built.parent / "index.html", 420, 560)),
        ]
        browser.close()
    overview(reading).save(PICTURES / "reading.png", optimize=True)
    page = pdf_page(built / f"{name}.pdf", 1)
    notes.resize((1280, 860), Image.Resampling.LANCZOS).save(PICTURES / "commentary.png", optimize=True)
    large = pdf_page(built / f"{name}-large-print.pdf", 2)
    overview([("PDF", page), ("Large print", large), ("EPUB", book), ("Plain language", phone)]).save(
        PICTURES / "formats.png", optimize=True
    )
    print(f"pictures in {PICTURES.name}: {', '.join(sorted(path.name for path in PICTURES.glob('*.png')))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
