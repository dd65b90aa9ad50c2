"""Plain text as people have it: copied from web pages, wrapped by hand, full of characters that Markdown knows."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.manuscript.importing_article import Imported, front_matter
from publisher.manuscript.importing_ast import nodes, read_blocks, words
from publisher.manuscript.importing_text import import_text

FIXTURES = Path(__file__).parents[1] / "fixtures" / "importing"
LONG = "This is a paragraph that goes on for rather longer than any heading would ever think of going on, as they do."


def test_an_opinion_piece_copied_from_a_web_page_comes_out_as_a_person_would_mark_it_up() -> None:
    article = import_text((FIXTURES / "opinion-piece.txt").read_text())
    assert article.title == "A library that closes at five is a library for the few"
    assert article.subtitle.startswith("Penwick’s readers work for a living.")
    assert article.creators == ("Marguerite Tolland",)
    assert article.date == "2024-05-14"
    assert article.lang == "en"
    assert article.subjects == ("Opinion",)
    assert re.findall(r"^#.*$", article.body, re.M) == [
        "## Who comes, and who cannot",
        "## What three more hours would cost",
        "## A fair trial",
    ]
    assert "\n\n- £38,000 for a parking study" in article.body
    assert article.body.count("\n- ") == 3
    assert "tried the door. There" in article.body
    assert "24,900\u00a0residents" in article.body
    assert 'word is not "efficient"' in article.body
    lines = article.body.split("\n")
    assert [lines[(remark.line or 0) - 1] for remark in article.remarks] == ["Share", "Advertisement"]


def test_wrapped_text_is_joined_into_paragraphs_verse_and_items() -> None:
    article = import_text((FIXTURES / "salt-road.txt").read_text())
    assert article.title == "THE KEEPER OF THE SALT ROAD"
    assert article.creators == ("Ann Example",)
    blocks = article.body.strip().split("\n\n")
    assert [block.split("\n")[0][:24] for block in blocks] == [
        "## CHAPTER I. The Road",
        "It was a long road, and ",
        '"You will not like it," ',
        "| The salt is white, the",
        "He had a list of things ",
        "- water for three days, ",
        "* * *",
        "## CHAPTER II. The Keepe",
        "They came to the house a",
    ]
    assert blocks[3].count("\n") == 2
    assert blocks[5].split("\n")[0].endswith("that does not leak when it is dropped")
    assert "pink and *very* still" in blocks[1]
    assert "built of drift-wood and tin" in blocks[-1]


def test_wrapped_text_without_blank_lines_ends_its_paragraphs_at_short_lines() -> None:
    lines = [
        "The ferry left the island at six in the morning, as it had always",
        "done, with four cars, a horse and the post on board.",
        "Nobody on the pier waved to it, since nobody on the pier had come",
        "there for any reason but to look at the fish that the boats brought",
        "in during the night.",
    ]
    assert import_text("\n".join(lines)).body.count("\n\n") == 1


@pytest.mark.parametrize("mark", ["•", "–", "-", "*", "•\t", "‣ "])
def test_lines_that_begin_with_bullets_are_a_list(mark: str) -> None:
    article = import_text(f"Headline here\n{LONG}\n{mark} first thing\n{mark} second thing\n{LONG}")
    assert "\n\n- first thing\n- second thing\n\n" in article.body


def test_bullets_on_lines_of_their_own_go_back_to_their_items() -> None:
    assert (
        "- first thing\n- second" in import_text(f"Headline here\n{LONG}\n•\nfirst thing\n•\nsecond thing\n{LONG}").body
    )


def test_numbered_lines_that_count_are_a_list_and_one_alone_is_not() -> None:
    article = import_text(f"Headline here\n{LONG}\n3. third thing\n4. fourth thing\n{LONG}\n7. {LONG}")
    assert "\n\n3. third thing\n4. fourth thing\n\n" in article.body
    assert f"\n\n7\\. {LONG}" in article.body


def test_short_lines_after_a_colon_are_items_until_a_heading() -> None:
    article = import_text(
        f"Headline here\n{LONG}\nIt needs three things:\na roof;\ntwo staff;\nheating.\nNext part\n{LONG}"
    )
    assert "things:\n\n- a roof;\n- two staff;\n- heating.\n\n## Next part\n\n" in article.body


def test_underlined_lines_are_headings_of_two_levels() -> None:
    parts = [
        "The title of it all\n===================",
        LONG,
        "A part\n======",
        LONG,
        "A smaller part\n--------------",
        LONG,
    ]
    text = "\n\n".join(parts)
    article = import_text(text)
    assert article.title == "The title of it all"
    assert re.findall(r"^#.*$", article.body, re.M) == ["## A part", "### A smaller part"]
    assert "==" not in article.body
    assert "--" not in article.body


def test_a_question_may_be_a_heading_but_a_sentence_is_a_paragraph() -> None:
    article = import_text(f"Headline here\n{LONG}\nWho pays?\n{LONG}\nNobody pays.\n{LONG}")
    assert re.findall(r"^#.*$", article.body, re.M) == ["## Who pays?"]


def test_the_last_line_is_never_a_heading() -> None:
    assert "#" not in import_text(f"Headline here\n{LONG}\nThe editors").body


def test_a_text_that_begins_with_a_paragraph_has_no_title() -> None:
    article = import_text(f"{LONG} {LONG}\n{LONG}")
    assert article.title == ""
    assert article.body.count(LONG) == 3


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe", ("Jane Doe",)),
        ("by jane", ()),
        ("By Jane Doe and Ahmed El-Sayed", ("Jane Doe", "Ahmed El-Sayed")),
        ("By the time we arrived it was late", ()),
        ("Von Jörg Müller", ("Jörg Müller",)),
        ("Par Hélène d’Arcy", ("Hélène d’Arcy",)),
        ("By Ludwig van Beethoven, J. S. Bach", ("Ludwig van Beethoven", "J. S. Bach")),
    ],
)
def test_bylines_name_people(line: str, names: tuple[str, ...]) -> None:
    assert import_text(f"Headline here\n{line}\n{LONG}\n{LONG}").creators == names


@pytest.mark.parametrize(
    ("line", "date", "lang"),
    [
        ("6 June 2023", "2023-06-06", "en"),
        ("Published: June 6, 2023", "2023-06-06", "en"),
        ("Tue 6 Jun 2023 06.00 BST", "2023-06-06", "en"),
        ("2023-06-06", "2023-06-06", "en"),
        ("Publié le 6 juin 2023", "2023-06-06", "fr"),
        ("6. Juni 2023", "2023-06-06", "de"),
        ("Updated 06/07/2023", None, "en"),
        ("31 June 2023", None, "en"),
        ("On 6 June 2023 everything changed forever", None, "en"),
    ],
)
def test_date_lines_give_the_date_if_it_is_certain(line: str, date: str | None, lang: str) -> None:
    assert import_text(f"Headline here\n{line}\n{LONG}\n{LONG}", lang).date == date


def test_what_the_front_matter_says_in_other_words_is_kept_as_a_comment() -> None:
    article = import_text(f"Headline here\nBy Jane Doe, in Carrow\nUpdated 06/07/2023\n{LONG}\n{LONG}")
    front = front_matter(Imported(body="", title="T", asides=article.asides))
    assert "# By Jane Doe, in Carrow\n# Updated 06/07/2023\n" in front
    assert yaml.safe_load(front.replace("---\n", "")) == {"title": "T"}


def test_french_punctuation_keeps_its_spaces_unbreakable() -> None:
    article = import_text("« Où est la gare ? » demanda-t-il ; personne ne répondit .", "fr")
    assert article.body == "«\u00a0Où est la gare\u00a0?\u00a0» demanda-t-il\u00a0; personne ne répondit.\n"


def test_invisible_characters_and_line_ends_of_all_kinds_are_tidied() -> None:
    article = import_text("Head\u00adline here\r\n\u200bOne\u00a0word.\u2028Another.\rThird paragraph.\x0b" + LONG)
    assert article.title == "Headline here"
    assert article.body == f"One word.\n\nAnother.\n\nThird paragraph.\n\n{LONG}\n"


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading",
        "* starred * words *",
        "_under_scored_ and snake_case __init__",
        "[brackets](address) ![picture](x.png) [^1] [@key]",
        "a@b.example @someone",
        "<b>tags</b> <https://x.example> a < b > c",
        "`code` ``` ~~~ ~strike~ ^sup^",
        "$5 and $6, \\alpha, \\\\ and \\",
        "1. one",
        "(a) a; b) b; iv. iv; A.  Smith; #. hash; (@) example",
        "> quoted",
        "| a | b |",
        ": definition",
        "::: plain",
        "--- and -- and ...",
        "+ plus",
        "% percent",
        "&amp; &#65; & co",
        "Table: a caption",
        "{#id .class key=value}",
        "http://x.example/a_b_(c)*d*?e=f&g",
        "    indented like code",
        "text {=html} `x`{=latex}",
        "\\begin{verse} x \\end{verse}",
        "it's 'quoted' and \"double\" 5'10\"",
    ],
)
def test_characters_that_markdown_knows_stay_characters(text: str) -> None:
    article = import_text(f"{LONG} {LONG}\n{text} and so on.\n{LONG}")
    blocks = read_blocks(article.body)
    assert len(blocks) == 3
    kinds = {node["t"] for block in blocks for node in block["c"]}
    assert kinds <= {"Str", "Space", "Quoted", "Emph"}
    assert _bare(words(blocks)) == _bare(f"{LONG} {LONG} {text} and so on. {LONG}")


_PIECES = st.one_of(
    st.sampled_from(list("*_`[](){}<>#+-.!|~^$\\@&:%='\"/?;,0123456789•–—“”’ \t\n\n\u00a0")),
    st.sampled_from(
        [
            "\n\n",
            "\n- ",
            "\n1. ",
            "\n# ",
            "\n    ",
            "\n> ",
            "\n::: ",
            "\n===\n",
            "\n---\n",
            "[^1]: ",
            "By Ann Bo\n",
            " , ",
        ]
    ),
    st.sampled_from(
        ["word", "By Ann Bo\n", "the end.", "and so on", "CHAPTER I", "Share", "2 May 2024", "snake_case", LONG]
    ),
    st.text(max_size=6),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_every_word_of_any_plain_text_survives_in_order(text: str) -> None:
    article = import_text(text)
    front = yaml.safe_load(front_matter(article).replace("---\n", ""))
    read = _bare(_with_numbers(read_blocks(article.body)))
    # Byline and date line stand in the front matter as comments; creators, date and lang say them again.
    told = [article.title, article.subtitle, *article.asides, *article.subjects]
    assert front["title"] == article.title
    opening = _bare(" ".join(told))
    everything = _bare(_visible(text))
    assert Counter(opening) + Counter(read) == Counter(everything)
    assert read == everything[len(opening) :]


def _bare(text: str) -> list[str]:
    """Words: letters and digits. Capital letters count, marks of punctuation do not."""
    return re.findall(r"[^\W_]+", text)


def _visible(text: str) -> str:
    """The text without characters that no one sees: the importer takes them out, and joins what they parted."""
    text = re.sub("[\r\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    return re.sub("[\u00ad\u200b\u2060\ufeff\ufff9-\ufffc\x00-\x08\x0e-\x1f\x7f-\x9f]", "", text)


def _with_numbers(blocks: object) -> str:
    """The words of an AST, with the numbers of ordered lists where a reader sees them."""
    if isinstance(blocks, list):
        return " ".join(_with_numbers(block) for block in blocks)
    assert isinstance(blocks, dict)
    if blocks["t"] == "OrderedList":
        (start, _, _), items = blocks["c"]
        return " ".join(f"{number}. {_with_numbers(item)}" for number, item in enumerate(items, start))
    if blocks["t"] == "BulletList":
        return " ".join(_with_numbers(item) for item in blocks["c"])
    assert not list(nodes(blocks, "Image"))
    assert not list(nodes(blocks, "Note"))
    return words(blocks)
