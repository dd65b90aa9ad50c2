"""Editions read from their folders, whole; and every bad input that a folder can hold."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from publisher.manuscript.imprint import read_imprint
from publisher.manuscript.reading import Reading, read_edition
from publisher.model.blocks import Node, Worded, children, walk
from publisher.model.findings import Finding, FindingsError, InputError, Severity
from publisher.model.publication import Anchoring, Counterpart, Creator, Imprint, Publication

EDITIONS = Path(__file__).parents[1] / "editions"
IMPRINT = read_imprint(EDITIONS / "imprint.yaml")[0]
FRONT = "---\ntitle: A title\n---\n\n"
NOTES = "---\neditors: {desk: The desk}\n---\n\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write an edition's files, name by name (`article` for article.md); answers its folder."""

    def writing(**files: str | bytes) -> Path:
        folder = tmp_path / "edition"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            path = folder / f"{name.replace('_', '-')}.md"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return writing


def read(name: str, layers: list[str] | None = None) -> Reading:
    return read_edition(EDITIONS / name, IMPRINT, layers)


def refused(folder: Path) -> list[Finding]:
    with pytest.raises(FindingsError) as caught:
        read_edition(folder, IMPRINT)
    return list(caught.value.findings)


def told(folder: Path) -> list[str]:
    return [str(finding).removeprefix(f"{folder}/") for finding in refused(folder)]


# Whole editions


def test_an_edition_of_a_title_and_a_paragraph_is_whole() -> None:
    publication = read("minimal").publication
    assert publication.name == "minimal"
    assert publication.metadata.title == "A title and a paragraph"
    assert publication.metadata.lang == "en-GB"
    assert publication.metadata.publisher == "The Skerry Press"
    assert publication.metadata.rights == IMPRINT.rights
    assert [node.text for node in publication.blocks() if isinstance(node, Worded)] == [
        "This is the whole of the text."
    ]
    assert publication.layers == ()


def test_the_edition_of_all_constructs_reads_with_the_one_warning_that_it_provokes() -> None:
    reading = read("constructs")
    warnings = [finding.check for finding in reading.findings if finding.severity is Severity.WARNING]
    assert warnings == ["heading-level-skipped"]
    metadata = reading.publication.metadata
    assert metadata.creators == (Creator("Ada Fenwick"), Creator("Bram Okafor", "ill"), Creator("Cara Lindqvist"))
    assert metadata.identifier == "urn:uuid:5f0c2f0e-54a5-4c43-9d1f-8f8f6f0d6b10"
    assert metadata.cover is not None
    assert (metadata.cover.name, metadata.cover.width, metadata.cover.height) == ("pictures/cover.jpg", 800, 1200)
    assert "pictures/cover.jpg" in reading.publication.resources
    assert metadata.subjects == ("lighthouses", "tides", "test material")


def test_every_node_and_sentence_has_an_id_of_its_own() -> None:
    for name in ("constructs", "french", "arabic", "chinese", "minimal"):
        counted = Counter(_ids(read(name).publication))
        assert [id for id, times in counted.items() if times > 1] == []


def test_every_target_lies_where_its_words_stand() -> None:
    for name in ("constructs", "french", "arabic", "chinese"):
        publication = read(name).publication
        nodes = {node.id: node for node in walk(publication.blocks())}
        for note in publication.notes:
            pieces = []
            for one in note.target.ranges:
                node = nodes[one.block]
                assert isinstance(node, Worded)
                pieces.append(node.text[one.start : one.end])
            assert note.target.element in nodes or " ".join(pieces) == note.target.quote


def test_the_notes_of_all_constructs_are_anchored_as_their_edition_means_them() -> None:
    notes = {note.id: note for note in read("constructs").publication.notes}
    assert [notes[id].number for id in ("n-lit", "t-lit", "n-years", "n-wars", "n-wars-again")] == [1, 2, 3, 4, 5]
    assert notes["n-nobody"].target.anchoring is Anchoring.NORMALISED
    assert len(notes["n-sentences"].target.ranges) == 2
    assert notes["n-section"].target.element == "spans"
    assert notes["n-figure"].target.element == "fig-route"
    assert notes["n-cell"].sources == ("gale-1838",)
    assert notes["note-1"].target.quote == "since they were heaviest"
    assert notes["n-cell"].plain is not None
    assert notes["n-cell"].plain.waived == ("42",)
    assert notes["n-counted"].target.ranges[0].start > 0
    assert sorted(note.number for note in notes.values()) == list(range(1, len(notes) + 1))


def test_references_of_all_files_are_merged_by_id() -> None:
    publication = read("constructs").publication
    assert sorted(reference.key for reference in publication.references) == [
        "board-register",
        "fenwick-1911",
        "gale-1838",
        "tides-2019",
    ]


def test_reading_twice_gives_the_same() -> None:
    assert read("constructs") == read("constructs")


def test_the_identifier_comes_from_the_base_url_and_the_name() -> None:
    one = read("minimal").publication.metadata.identifier
    assert one.startswith("urn:uuid:")
    assert one == read("minimal").publication.metadata.identifier
    other = read_edition(EDITIONS / "minimal", replace(IMPRINT, base_url="https://other.example/"))
    assert other.publication.metadata.identifier != one


def test_the_imprint_gives_what_the_front_matter_leaves_out() -> None:
    publication = read_edition(EDITIONS / "minimal", Imprint(lang="cy", voice="espeak:cy", rights="R")).publication
    metadata = publication.metadata
    assert (metadata.lang, metadata.voice, metadata.rights) == ("cy", "espeak:cy", "R")
    assert next(publication.blocks()).lang == "cy"


# Layers


def test_an_article_without_its_layers_reads_as_if_they_never_were(tmp_path: Path) -> None:
    shutil.copytree(EDITIONS / "constructs", tmp_path / "constructs")
    for path in (tmp_path / "constructs").glob("commentary*.md"):
        path.unlink()
    never = read_edition(tmp_path / "constructs", IMPRINT).publication
    off = read("constructs", layers=[]).publication
    assert (off.layers, off.notes) == ((), ())
    assert _placeless(off) == _placeless(never)


def test_the_article_is_the_same_with_and_without_its_layers() -> None:
    on, off = read("constructs").publication, read("constructs", layers=[]).publication
    assert on.sections == off.sections
    assert on.counterparts == off.counterparts
    assert on.footnotes == off.footnotes
    assert all(reference in on.references for reference in off.references)


def test_one_layer_of_several_may_be_chosen() -> None:
    publication = read("constructs", layers=["teachers"]).publication
    assert [layer.layer for layer in publication.layers] == ["teachers"]
    assert [(note.id, note.number) for note in publication.notes] == [("t-lit", 1)]
    assert publication.layers[0].introduction is not None
    assert publication.layers[0].introduction.id == "teachers-introduction"


def test_the_main_layer_comes_first() -> None:
    assert [layer.layer for layer in read("constructs").publication.layers] == ["commentary", "teachers"]


def test_a_layer_that_is_not_there_cannot_be_used() -> None:
    with pytest.raises(InputError, match="no layer of commentary pupils; there are commentary, teachers"):
        read("constructs", layers=["pupils"])


# What cannot be read


def test_no_such_edition(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no edition .*nothing; give the name of a folder under source/") as caught:
        read_edition(tmp_path / "nothing", IMPRINT)
    assert caught.value.exit_status == 2


def test_a_folder_without_an_article(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no article\.md; write one"):
        read_edition(tmp_path, IMPRINT)


@pytest.mark.parametrize("name", ["article", "commentary"])
def test_a_file_that_is_not_utf8_is_named_with_its_byte(write: Callable[..., Path], name: str) -> None:
    folder = write(**{"article": f"{FRONT}Text.", name: b"---\ntitle: caf\xe9\n---\n"})
    with pytest.raises(InputError) as caught:
        read_edition(folder, IMPRINT)
    assert f"{name}.md:2" in str(caught.value)
    assert "offset 14" in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_file_is_told_in_one_line(write: Callable[..., Path], text: str) -> None:
    assert told(write(article=text)) == [
        "article.md:1: error: the article is empty; write its front matter (--- title: … ---) and its text"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "<!-- to be written -->\n"])
def test_an_article_of_front_matter_alone_is_told(write: Callable[..., Path], text: str) -> None:
    (fault,) = told(write(article=f"---\ntitle: x\n---\n{text}"))
    assert fault == "article.md:4: error: the article holds no text; write it after the front matter"


def test_front_matter_that_is_not_yaml(write: Callable[..., Path]) -> None:
    (fault,) = told(write(article="---\ntitle: a: b\n---\nText."))
    assert fault.startswith("article.md:2:9: error: not YAML")


def test_faults_in_the_front_matter_of_all_files_are_told_at_once(write: Callable[..., Path]) -> None:
    faults = told(write(article="---\ntitle: x\nlang: english\n---\nText.", commentary="---\neditors: 5\n---\n"))
    assert [fault.split(" ")[0] for fault in faults] == ["article.md:3:1:", "commentary.md:2:1:"]


def test_a_cover_that_is_missing(write: Callable[..., Path]) -> None:
    (fault,) = told(write(article="---\ntitle: x\ncover: no.png\n---\nText."))
    assert fault.startswith("article.md:3:1: error: ")
    assert "no.png" in fault


def test_a_cover_without_an_alternative_is_a_warning(write: Callable[..., Path]) -> None:
    folder = write(article="---\ntitle: x\ncover: lamp.svg\n---\nText.")
    (folder / "lamp.svg").write_bytes((EDITIONS / "constructs/pictures/route.svg").read_bytes())
    (finding,) = read_edition(folder, IMPRINT).findings
    assert (finding.check, finding.severity) == ("cover-alternative", Severity.WARNING)


def test_ids_given_twice_across_files(write: Callable[..., Path]) -> None:
    notes = f'{NOTES}::: {{#own .note on="Text" kind="context"}}\nx\n:::\n'
    (fault,) = refused(write(article=f"{FRONT}## Own {{#own}}\n\nText.", commentary=notes))
    assert fault.check == "duplicate-id"
    assert fault.position is not None
    assert (Path(fault.position.path).name, fault.position.line) == ("commentary.md", 5)
    assert ":5" in fault.message


@pytest.mark.parametrize(
    ("on", "check", "said"),
    [
        ("not there", "anchor-orphaned", "the article does not say “not there”"),
        ("twice", "anchor-ambiguous", "“twice” stands 2 times (line 5"),
    ],
)
def test_notes_on_words_that_are_not_there_or_there_twice(
    write: Callable[..., Path], on: str, check: str, said: str
) -> None:
    notes = f'{NOTES}::: {{#n .note on="{on}" kind="context"}}\nx\n:::\n'
    (fault,) = refused(write(article=f"{FRONT}It stands twice, twice.", commentary=notes))
    assert fault.check == check
    assert said in fault.message
    assert fault.position is not None
    assert (Path(fault.position.path).name, fault.position.line) == ("commentary.md", 5)


def test_an_unclosed_note_is_told_with_the_line_of_its_opening(write: Callable[..., Path]) -> None:
    notes = f'{NOTES}::: {{#n .note on="Text" kind="context"}}\nx\n\nmore\n'
    faults = told(write(article=f"{FRONT}Text.", commentary=notes))
    assert any(fault.startswith("commentary.md:5") and "error" in fault for fault in faults)


def test_text_outside_divisions_is_told_with_its_line(write: Callable[..., Path]) -> None:
    (fault,) = told(write(article=f"{FRONT}Text.", commentary=f"{NOTES}\nStray words.\n\n<!-- a comment is none -->\n"))
    assert fault.startswith("commentary.md:6:1: error: text outside a division; put it inside")


def test_a_footnote_in_a_note_is_told_with_its_line(write: Callable[..., Path]) -> None:
    notes = f'{NOTES}::: {{#n .note on="Text" kind="context"}}\nx^[y]\n:::\n'
    (fault,) = told(write(article=f"{FRONT}Text.", commentary=notes))
    assert fault.startswith("commentary.md:6")
    assert "a footnote in a commentary" in fault


def test_references_of_one_id_that_differ_are_told_with_both_places(write: Callable[..., Path]) -> None:
    references = "references:\n  - {id: a, type: book, title: %s}\n"
    folder = write(
        article=f"---\ntitle: x\n{references % 'One'}---\nText.", commentary=f"---\n{references % 'Two'}---\n"
    )
    (fault,) = told(folder)
    assert fault == (
        f"commentary.md:3:5: error: another reference, at {folder}/article.md:4:5, has the id a; "
        "make them the same or rename one"
    )


def test_warnings_and_errors_come_in_the_order_of_files_and_lines(write: Callable[..., Path]) -> None:
    faults = told(
        write(
            article="---\ntitle: x\ncolour: red\n---\nText. ![](no.png)",
            commentary=f'{NOTES}::: {{#n .note on="none" kind="contxt"}}\nx\n:::\n',
        )
    )
    places = [fault.split(" ")[0] for fault in faults]
    assert places[0] == "article.md:3:1:"
    assert [place.split(":")[0] for place in places] == sorted(place.split(":")[0] for place in places)
    assert len(faults) == len(set(faults))


def test_notes_may_cite_and_need_no_plain_counterpart(write: Callable[..., Path]) -> None:
    notes = (
        "---\neditors: {desk: The desk}\nreferences: [{id: doe, type: book, title: T, author: J. Doe, issued: 2001}]\n"
        '---\n::: {#n .note on="Text" kind="context" sources="doe"}\nAs it says [@doe].\n:::\n'
    )
    publication = read_edition(write(article=f"{FRONT}Text.", commentary=notes), IMPRINT).publication
    (note,) = publication.notes
    (block,) = note.blocks
    assert isinstance(block, Worded)
    assert "2001" in block.text
    assert note.plain is None


# Helpers


def _ids(publication: Publication) -> list[str]:
    """All ids of nodes and sentences."""
    roots: list[Node] = [*publication.blocks(), *publication.counterparts, *publication.footnotes, *publication.notes]
    for layer in publication.layers:
        roots += [passage for passage in (layer.introduction, layer.method) if passage]
    ids: list[str] = [reference.id for reference in publication.references]
    ids += [note.call for note in publication.notes]
    for root in roots:
        held = () if list(children(root)) else getattr(root, "blocks", ())
        plain = getattr(root, "plain", None)
        more = (plain, *plain.blocks) if isinstance(plain, Counterpart) else ()
        for node in walk([root, *held, *more]):
            ids.append(node.id)
            if isinstance(node, Worded):
                ids += [sentence.id for sentence in node.sentences]
    return ids


def _placeless(publication: Publication) -> str:
    """All of a publication but the folder that it was read from."""
    folder = {str(Path(resource.path).parent.parent) for resource in publication.resources.values()}
    folder |= {str(Path(next(publication.blocks()).position.path).parent)}
    text = repr(publication)
    for one in sorted(folder, key=len, reverse=True):
        text = text.replace(one, "")
    return text


def test_a_formula_among_the_words_of_a_target_is_quoted_in_words(write: Callable[..., Path]) -> None:
    article = "---\ntitle: T\n---\n\n# Of $x^2$ {#h}\n\nThe area is $x^2$ here.\n"
    note = '::: {.note on="%s" kind="context" by="d"}\nA note.\n:::\n'
    commentary = f"---\neditors: {{d: Desk}}\n---\n\n{note % '#h'}\n{note % 'The area is here'}"
    folder = write(article=article, commentary=commentary)
    notes = read_edition(folder, IMPRINT).publication.notes
    assert [note.target.quote for note in notes] == ["Of x squared", "The area is x squared here"]


def test_a_note_whose_attributes_cannot_be_read_is_told_at_its_fence(write: Callable[..., Path]) -> None:
    commentary = (
        '---\neditors: {d: Desk}\n---\n\n::: {.note on="Ash" suffix=" bay" kind="context" by="d"}\nA note.\n:::\n'
    )
    (told_of,) = told(write(article="---\ntitle: T\n---\n\nAsh bay.\n", commentary=commentary))
    assert told_of.startswith("commentary.md:5:1: error: ::: with attributes that cannot be read; write")
