"""The pages of the test editions, read from their Markdown: whole, valid, and linked through."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest
from lxml import etree
from web_sample import build

from publisher.manuscript.imprint import read_imprint
from publisher.manuscript.reading import read_edition
from publisher.model.blocks import Figure, Worded, walk
from publisher.model.publication import Publication

EDITIONS = Path(__file__).resolve().parents[2] / "editions"
NAMES = sorted(path.name for path in EDITIONS.iterdir() if path.is_dir())


@pytest.fixture(scope="module", params=NAMES)
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Publication, Path]:
    imprint, _ = read_imprint(EDITIONS / "imprint.yaml")
    publication = read_edition(EDITIONS / request.param, imprint).publication
    folder = tmp_path_factory.mktemp(request.param)
    build(publication, folder, siblings=())
    return publication, folder


def page(folder: Path, name: str) -> etree._Element:
    etree.fromstring((folder / name).read_bytes())
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False)
    root = parser.parse((folder / name).read_text("utf-8")).getroot()
    assert parser.errors == []
    return root


def words_of(element: etree._Element) -> str:
    if not isinstance(element.tag, str) or element.get("class") == "call":
        return ""
    name = etree.QName(element).localname
    if name in ("math", "img"):
        return "\ufffc"
    if name == "br":
        return "\n"
    return (element.text or "") + "".join(words_of(child) + (child.tail or "") for child in element)


def test_every_word_of_the_edition_stands_on_the_full_page_once(edition: tuple[Publication, Path]) -> None:
    publication, folder = edition
    found = {element.get("id"): element for element in page(folder, "index.html").iter(etree.Element)}
    pictured = {block.id for node in walk(publication.blocks()) if isinstance(node, Figure) for block in node.blocks}
    parts = [
        *publication.blocks(),
        *(block for part in (*publication.notes, *publication.footnotes) for block in part.blocks),
    ]
    for layer in publication.layers:
        for passage in (layer.introduction, layer.method):
            parts.extend(passage.blocks if passage else ())
    for node in walk(parts):
        if isinstance(node, Worded) and node.id not in pictured:
            assert words_of(found[node.id]) == node.text


def test_every_plain_word_stands_on_the_plain_page_once(edition: tuple[Publication, Path]) -> None:
    publication, folder = edition
    found = {element.get("id"): element for element in page(folder, "plain.html").iter(etree.Element)}
    counterparts = [*publication.counterparts, *(note.plain for note in publication.notes if note.plain)]
    for node in walk(block for counterpart in counterparts for block in counterpart.blocks):
        if isinstance(node, Worded):
            assert words_of(found[node.id]) == node.text


def test_ids_are_unique_and_links_lead_somewhere(edition: tuple[Publication, Path]) -> None:
    _, folder = edition
    pages = {name: page(folder, name) for name in ("index.html", "plain.html")}
    ids = {name: [e.get("id") for e in root.iter(etree.Element) if e.get("id")] for name, root in pages.items()}
    for name, root in pages.items():
        assert [id for id, count in Counter(ids[name]).items() if count > 1] == []
        for link in root.iter("a"):
            file, _, fragment = link.get("href").partition("#")
            if ":" not in file:
                assert not fragment or fragment in ids[unquote(file) or name], link.get("href")
        for label in root.xpath("//@aria-labelledby | //@aria-describedby"):
            assert label in ids[name]
