"""Sentences cover a block's words, end where sentences end, and never inside what belongs together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.manuscript.sentences import split_sentences
from publisher.model.inlines import (
    Citation,
    Code,
    FootnoteCall,
    Image,
    Inline,
    LineBreak,
    Link,
    Math,
    Span,
    Style,
    Styled,
    Text,
    plain_text,
)


def split(*inlines: Inline, lang: str = "en", lines: bool = False) -> list[str]:
    text = plain_text(inlines)
    return [text[s.start : s.end] for s in split_sentences("p", inlines, lang, lines=lines)]


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("en", ["It cost £3.5m.", "Did Dr. A. B. Fenwick say so?", "Yes!", "He left at 10.30am."]),
        ("en", ["She lives in the U.S. now.", "See No. 10 and p. 3.", "It is St. Kilda."]),
        ("en", ["“It is so.”", "He left."]),
        ("en", ["“Why?” she asked.", "(Nobody knew.)", "So be it…"]),
        ("en", ["Well… perhaps.", "No: never."]),
        ("fr", ["M. Roux est là.", "Que faire ?", "« Rien », dit Mme. Dupont."]),
        ("de", ["Am 3. Mai kam Dr. Meier.", "Er ging."]),
        ("de", ["Es wog 1.250 t.", "Dort lagen Häfen usw.", "Der Wind, z. B. Bft. 7, wehte."]),
        ("fr", ["Des gens, etc.", "Il pesait 1 250 t.", "C’est au 4 de l’av. Foch, c.-à-d. 12 bd. Hugo."]),
        ("en", ["Fish, salt, etc.", "The wind blew."]),
        ("ar", ["كان وحيدًا.", "هل ذهب؟", "نعم."]),
        ("zh", ["你好。", "再见！"]),
        ("el", ["Τι κάνεις;", "Καλά."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(lang: str, sentences: list[str]) -> None:
    joined = ("" if lang == "zh" else " ").join(sentences)
    assert split(Text(joined), lang=lang) == sentences


def test_what_has_no_end_is_divided_between_words() -> None:
    pieces = split(Text("word, and " * 2_000 + "done."))
    assert [len(piece) > 3_990 for piece in pieces[:-1]] == [True] * 5
    assert max(map(len, pieces)) <= 4_000
    assert " ".join(pieces) == "word, and " * 2_000 + "done."
    assert split(Text("a" * 4_900 + " b")) == ["a" * 4_900 + " b"]


def test_a_link_without_end_is_divided_too() -> None:
    assert max(map(len, split(Link((Text("link " * 4_000),), "https://a.example")))) <= 4_000


def test_what_has_no_end_is_not_divided_inside_a_link() -> None:
    words = "word " * 790
    assert split(Text(words), Link((Text("link " * 100),), "https://a.example"), Text("on " * 1_000)) == [
        words.strip(),
        ("link " * 100 + "on " * 1_000)[:4_000].strip(),
    ]


@pytest.mark.parametrize(
    "inline",
    [
        Link((Text("Yes. No. Maybe"),), "https://a.example"),
        Citation((Text("(Doe. Roe. 2000)"),), ("doe",)),
        Code("a. B. C"),
        Span((Text("One. Two"),), say="one two"),
        Span((Text("One. Two"),), expansion="One and two"),
        Span((Text("Un. Deux"),), lang="fr"),
        Styled(Style.EMPHASIS, (Link((Text("Yes. No"),), "https://a.example"),)),
    ],
)
def test_no_sentence_ends_inside_what_belongs_together(inline: Inline) -> None:
    words = plain_text((inline,))
    assert split(Text("First. See "), inline, Text(" there. Last.")) == ["First.", f"See {words} there.", "Last."]


def test_a_sentence_may_end_inside_emphasis() -> None:
    assert split(Styled(Style.STRONG, (Text("One. Two"),)), Text(" more.")) == ["One.", "Two more."]


def test_a_long_passage_in_another_language_has_sentences_of_its_own() -> None:
    passage = "C’est la vie. " * 20
    assert len(split(Span((Text(passage),), lang="fr"))) == 20


def test_footnote_calls_take_no_room_and_pictures_one_place() -> None:
    image = Image("i", "x.png", "x")
    math = Math("m", "x", "<math/>", "x")
    assert split(Text("One."), FootnoteCall("c", "f"), Text(" See "), image, Text(". "), math, Text(" is.")) == [
        "One.",
        "See \ufffc.",
        "\ufffc is.",
    ]


def test_a_break_that_is_asked_for_ends_a_sentence_only_among_lines() -> None:
    lines = (Text("one"), LineBreak(), Text("two"))
    assert split(*lines) == ["one\ntwo"]
    assert split(*lines, lines=True) == ["one", "two"]


def test_marks_alone_go_with_their_neighbour() -> None:
    assert split(Text("— One. ”")) == ["— One. ”"]
    assert split(Text("…")) == ["…"]
    assert split(Text("   ")) == []


def test_ids_count_from_one() -> None:
    assert [s.id for s in split_sentences("b-1", (Text("One. Two."),), "en")] == ["b-1-s1", "b-1-s2"]


PIECES = st.text(alphabet=st.sampled_from("aB. ?!…“”\u00a0\n1(),«»。\ufffcéМ"), min_size=0, max_size=40)
INLINES = st.recursive(
    PIECES.map(Text) | PIECES.map(Code) | st.just(LineBreak()) | st.just(FootnoteCall("c", "f")),
    lambda inner: (
        st.lists(inner, max_size=4)
        .map(tuple)
        .flatmap(
            lambda children: st.sampled_from(
                [Styled(Style.STRONG, children), Span(children, say="x"), Link(children, "https://a.example")]
            )
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "lang", "sentences"),
    [
        ('println!("Hello, world!");', "en", ['println!("Hello, world!");']),
        ("1.2.* := >=1.2.0", "en", ["1.2.* := >=1.2.0"]),
        ("He left.(So did she.)", "en", ["He left.(So did she.)"]),
        ("“没有人，”他说。“是的。”他走了！好。", "zh", ["“没有人，”他说。", "“是的。”", "他走了！", "好。"]),
        ("「誰もいない。」と言った。本当か？はい。", "ja", None),
    ],
)
def test_a_sentence_ends_only_before_a_space_or_in_a_script_without_any(
    text: str, lang: str, sentences: list[str] | None
) -> None:
    found = split(Text(text), lang=lang)
    assert "".join(found) == text
    assert found == sentences if sentences else len(found) > 1


@given(st.lists(INLINES, max_size=5), st.sampled_from(["en", "fr", "de", "zh", "ar", "tlh"]), st.booleans())
def test_sentences_cover_all_words_in_order_without_overlap(inlines: list[Inline], lang: str, lines: bool) -> None:
    text = plain_text(inlines)
    sentences = split_sentences("p", inlines, lang, lines=lines)
    covered = [place for s in sentences for place in range(s.start, s.end)]
    assert covered == sorted(set(covered))
    assert all(character.isspace() for place, character in enumerate(text) if place not in set(covered))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in sentences)
