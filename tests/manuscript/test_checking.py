"""`publisher check`: what is missing, hard, lost, bare or empty in a source, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from publisher.manuscript.checking import check
from publisher.manuscript.reading import read_edition
from publisher.manuscript.severities import SEVERITIES, finding
from publisher.model.findings import Finding, Severity
from publisher.model.publication import Imprint
from publisher.model.source import Position

EDITIONS = Path(__file__).parents[1] / "editions"
FRONT = "---\ntitle: A title\nlang: LANG\n---\n\n"
"""Five lines: the body begins on line 6."""

PLAIN = "::: plain\nThe cat sat on the mat.\n:::\n"


def _check(tmp_path: Path, body: str, commentary: str | None = None, lang: str = "en") -> list[tuple[str, int]]:
    return [
        (one.check, one.position.line if one.position else 0) for one in _findings(tmp_path, body, commentary, lang)
    ]


def _findings(tmp_path: Path, body: str, commentary: str | None = None, lang: str = "en") -> tuple[Finding, ...]:
    folder = tmp_path / "edition"
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(folder / "red.png")
    (folder / "article.md").write_text(FRONT.replace("LANG", lang) + body)
    if commentary is not None:
        (folder / "commentary.md").write_text(f"---\neditors:\n  desk: The desk\n---\n\n{commentary}")
    reading = read_edition(folder, Imprint())
    return check(reading.publication, reading.findings)


def test_a_text_with_easy_counterparts_has_no_findings(tmp_path: Path) -> None:
    assert _check(tmp_path, f"The cat sat on the mat.\n\n{PLAIN}\n## A part\n\nThe cat sat.\n\n{PLAIN}") == []


def test_each_block_without_a_counterpart_is_listed(tmp_path: Path) -> None:
    body = f"Text of one.\n\n{PLAIN}\n## A part\n\nText of two.\n\n- an item\n\n* * *\n\n::: pull-quote\nText.\n:::\n"
    assert _check(tmp_path, body) == [("plain-missing", 14), ("plain-missing", 16)]


def test_notes_and_passages_without_counterparts_are_listed(tmp_path: Path) -> None:
    commentary = (
        "::: introduction\nWords of ours.\n:::\n\n"
        '::: {.note #n on="cat sat" by="desk" kind="context"}\nA note.\n:::\n\n'
        '::: {.note #m on="the mat" by="desk" kind="context"}\nA note.\n\n::: plain\nA note.\n:::\n:::\n'
    )
    found = _check(tmp_path, f"The cat sat on the mat.\n\n{PLAIN}", commentary)
    assert found == [("plain-missing", 6), ("plain-missing", 10)]


def test_long_sentences_and_paragraphs_are_found_at_their_paragraph(tmp_path: Path) -> None:
    long = " ".join(["cat"] * 26)
    body = f"The cat.\n\n::: plain\nThe cat. A cat.\n\nThe {long}.\n\nOne. Two. Big. Red. Cat.\n:::\n"
    assert _check(tmp_path, body) == [("plain-sentence-long", 11), ("plain-paragraph-long", 13)]


def test_twenty_five_words_are_not_too_many(tmp_path: Path) -> None:
    long = " ".join(["cat"] * 24)
    assert _check(tmp_path, f"The cat.\n\n::: plain\nThe {long}. The cat. It sat.\n:::\n") == []


def test_mostly_long_sentences_are_pointed_out(tmp_path: Path) -> None:
    long = " ".join(["cat"] * 18)
    assert _check(tmp_path, f"The cat.\n\n::: plain\nThe {long}. A {long}. It sat.\n:::\n") == [
        ("plain-sentences-long", 8)
    ]


def test_a_counterpart_as_hard_as_its_text_is_told_by_level_and_words(tmp_path: Path) -> None:
    hard = "The administration's operational determination necessitates considerable deliberation everywhere here. "
    found = _check(tmp_path, f"Text.\n\n::: plain\n{hard * 4}\n\n{hard * 4}\n:::\n")
    assert found == [("plain-reading-level", 8), ("plain-hard-word", 9)]


def test_short_counterparts_are_judged_together(tmp_path: Path) -> None:
    hard = "The administration's operational determination necessitates considerable deliberation everywhere here."
    body = "\n\n".join(f"Text.\n\n::: plain\n{hard}\n:::" for _ in range(8))
    levels = [found for found in _check(tmp_path, body) if found[0] == "plain-reading-level"]
    assert levels == [("plain-reading-level", 8)]


def test_a_hard_word_needs_to_be_explained_only_once(tmp_path: Path) -> None:
    body = (
        "Text.\n\n::: plain\nImmigration means that people come to live here.\n:::\n\n"
        "Text.\n\n::: plain\nImmigration is good.\n:::\n"
    )
    assert _check(tmp_path, body) == []


def test_what_a_counterpart_loses_is_told_unless_it_is_waived(tmp_path: Path) -> None:
    text = "In May 2022 the minister did not send 45,774 people to Ada Lovett.\n\n"
    found = _check(tmp_path, text + "::: plain\nThe minister sent people away.\n:::\n")
    assert found == [
        ("plain-number-lost", 8),
        ("plain-date-lost", 8),
        ("plain-name-lost", 8),
        ("plain-negation-lost", 8),
    ]


def test_waived_words_are_not_told(tmp_path: Path) -> None:
    text = "In May 2022 the minister did not send 45,774 people to Ada Lovett.\n\n"
    waived = '::: {.plain waive="May; 2022; 45,774; not; Ada Lovett"}\nThe minister sent people away.\n:::\n'
    assert _check(tmp_path, text + waived) == []


def test_citations_need_not_be_restated(tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    folder.mkdir()
    (folder / "article.md").write_text(
        "---\ntitle: T\nreferences:\n  - id: a\n    type: book\n    title: B\n    author: Iris Fenwick\n"
        f"    issued: 1911\n---\n\nThe cat sat on the mat [@a, p. 9].\n\n{PLAIN}"
    )
    reading = read_edition(folder, Imprint())
    assert check(reading.publication, reading.findings) == ()


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("<https://cat.example/x>", "link-bare"),
        ("[https://cat.example](https://cat.example/x)", "link-bare"),
        ("[www.cat.example](https://cat.example/x)", "link-bare"),
        ("[click here](https://cat.example)", "link-vague"),
        ("[here](https://cat.example)", "link-vague"),
        ("[Read more…](https://cat.example)", "link-vague"),
        ("[the cat’s page](https://cat.example)", None),
        ("[![a cat](red.png)](https://cat.example)", None),
    ],
)
def test_links_must_say_where_they_lead(tmp_path: Path, link: str, expected: str | None) -> None:
    found = [one for one, _ in _check(tmp_path, f"the {link} sat on the mat.\n\n{PLAIN}") if "link" in one]
    assert found == ([expected] if expected else [])


def test_links_are_pointed_at_where_they_stand(tmp_path: Path) -> None:
    body = (
        "See [here](https://a.example) and *[here](https://b.example)*,\nalso [here][c] and <https://d.example>.\n\n"
        f"[c]: https://c.example\n\n{PLAIN}"
    )
    found = [one for one in _findings(tmp_path, body) if one.check in ("link-vague", "link-bare")]
    lines = (tmp_path / "edition" / "article.md").read_text("utf-8").split("\n")
    assert [one.check for one in found] == ["link-vague", "link-vague", "link-vague", "link-bare"]
    for one, words in zip(found, ("[here](https://a", "[here](https://b", "[here][c]", "<https://d"), strict=True):
        assert one.position is not None
        assert lines[one.position.line - 1].startswith(words, (one.position.column or 0) - 1)


@pytest.mark.parametrize(
    ("alternative", "expected"),
    [
        ("IMG_1234.jpg", "image-alternative-file-name"),
        ("red.png", "image-alternative-file-name"),
        ("Picture 3", "image-alternative-file-name"),
        ("A picture containing text. Description automatically generated", "image-alternative-generated"),
        ("Picture of a cat", "image-alternative-redundant"),
        ("A cat " * 50, "image-alternative-long"),
        ("A cat sits on a red mat", None),
    ],
)
def test_alternatives_must_say_what_is_shown(tmp_path: Path, alternative: str, expected: str | None) -> None:
    found = [check for check, _ in _check(tmp_path, f'The cat sat.\n\n![](red.png){{alt="{alternative}"}}\n\n{PLAIN}')]
    assert found == ([expected] if expected else [])


def test_a_decorative_picture_needs_no_alternative(tmp_path: Path) -> None:
    assert _check(tmp_path, f"The cat sat.\n\n![](red.png){{.decorative}}\n\n{PLAIN}") == []


def test_a_section_with_nothing_in_it_is_found_and_one_with_parts_is_not(tmp_path: Path) -> None:
    body = f"## Part\n\n### Inner\n\nThe cat sat.\n\n{PLAIN}\n## Empty\n\n## Also empty\n"
    assert _check(tmp_path, body) == [("section-empty", 16), ("section-empty", 18)]


def test_what_the_reading_found_is_reported_and_not_twice(tmp_path: Path) -> None:
    found = _check(tmp_path, f"## Part\n\n#### Deep\n\nThe cat sat.\n\n{PLAIN}")
    assert [check for check, line in found if line == 8] == ["heading-level-skipped"]


def test_findings_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    found = _findings(
        tmp_path,
        "The cat sat on the mat.\n\n[here](https://cat.example)\n",
        '::: {.note #n on="cat sat" by="desk" kind="context"}\nSee [here](https://cat.example).\n:::\n',
    )
    places = [(Path(one.position.path).name, one.position.line) for one in found if one.position]
    assert places == sorted(places)
    assert [name for name, _ in places] == ["article.md"] * 3 + ["commentary.md"] * 2


@pytest.mark.parametrize("edition", ["minimal", "arabic", "french", "chinese", "constructs"])
def test_every_finding_stands_in_the_table_and_points_to_a_line(edition: str) -> None:
    reading = read_edition(EDITIONS / edition, Imprint())
    found = check(reading.publication, reading.findings)
    for one in found:
        assert one.position is not None
        assert "; " in one.message
        if one.check.startswith(("plain-", "link-bare", "section-")):
            assert one.severity is SEVERITIES[one.check]
    assert not [one for one in found if one.severity is Severity.ERROR]


def test_a_check_that_is_not_in_the_table_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        finding("no-such-check", "wrong; mend it", Position("a.md", 1))


def _pointed_at(tmp_path: Path, body: str) -> dict[str, str]:
    """For each check that found something, the rest of the line of the source from the column that it points at."""
    found = _findings(tmp_path, body)
    lines = (tmp_path / "edition" / "article.md").read_text("utf-8").split("\n")
    assert all(one.position and one.position.column for one in found)
    return {one.check: lines[one.position.line - 1][(one.position.column or 1) - 1 :] for one in found if one.position}


def test_pictures_are_pointed_at_by_their_address(tmp_path: Path) -> None:
    red, long = "![A](red.png)", "word " * 60
    body = (
        f"Words {red}{{.decorative}},\nthen {red}{{alt=photo.png}} and {red}{{alt='picture of red'}}.\n\n{PLAIN}\n"
        f"![Red](red.png){{alt='{long}'}}\n\n{PLAIN}"
    )
    assert _pointed_at(tmp_path, body) == {
        "image-alternative-file-name": f"red.png){{alt=photo.png}} and {red}{{alt='picture of red'}}.",
        "image-alternative-redundant": "red.png){alt='picture of red'}.",
        "image-alternative-long": f"red.png){{alt='{long}'}}",
    }


def test_hard_added_and_many_words_are_pointed_at_where_they_stand(tmp_path: Path) -> None:
    many = " ".join(["cat"] * 26)
    plain = f"The cat.\n\nThe cat sat in 1999. It saw Paris,\nor epistemology. See the {many}."
    body = f"The cat.\n\n::: plain\n{plain}\n:::\n"
    assert _pointed_at(tmp_path, body) == {
        "plain-number-added": "1999. It saw Paris,",
        "plain-name-added": "Paris,",
        "plain-hard-word": f"epistemology. See the {many}.",
        "plain-sentence-long": f"See the {many}.",
    }


def test_what_stands_otherwise_in_the_source_is_pointed_at_by_its_block(tmp_path: Path) -> None:
    many = " ".join(["cat"] * 26)
    twice = f"The {many} one. The {many} two."
    body = f"The cat.\n\n::: plain\nIt saw Pa*ris*, it did.\n\n*It* sat. {twice}\n:::\n"
    pointed = _pointed_at(tmp_path, body)
    assert pointed["plain-name-added"] == "::: plain"
    assert pointed["plain-sentence-long"] == f"*It* sat. {twice}"
