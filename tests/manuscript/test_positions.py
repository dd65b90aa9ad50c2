"""Every block is told to stand where it stands: line-exact, for every construct of the dialect."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.manuscript import pandoc
from publisher.manuscript.ast_text import plain_words
from publisher.manuscript.positions import Positions
from publisher.model.blocks import Block, CodeBlock, Node, ThematicBreak, Worded, walk
from publisher.model.inlines import Math

CONSTRUCTS = Path(__file__).parents[1] / "editions" / "constructs"

# Each block begins with a word of its own (`L12x`, `L13y`), which stands nowhere else.
EVERYTHING = """\
# L1x heading {#h .c}

L3x paragraph *with* a second
line and "quotes" --- 'so' &amp; caf&eacute;

L6x setext
-----------

- L9x tight
- L10x tight
    - L11x nested
        1. L12x deeper
- [ ] L13x task

-   L15x loose

    L17x second paragraph

-   L19x loose

(@one) L21x example
(@) L22x example

L24x term
:   L25x definition

    L27x more

L29x term
~ L30x definition

> L32x quoted
>
> > L34x quoted twice
> L35 lazily
>
> - L37x item in it

| L39x line block
|   its second line

::: {.aside lang=fr}
L43x inside

::: inner
L46x inside twice
:::
:::

L50x before a table

| L52x | L52y |
|------|------|
| L54x | L54y |
| L55x | L55y |

: L57x caption after {#t}

Table: L59x caption before

  L61x    L61y
------  ------
  L63x    L63y
  L64x    L64y

-----------------------
 L67x      L67y
 wrapped   wrapped too
---------- ------------
 L70x      L70y
 more      more

 L73x      L73y
-----------------------

+------+------+
| L77x | L77y |
+======+======+
| L79x | L79y |
| tail |      |
|      | L82y |
+------+------+
| L84x        |
+------+------+

: L87x caption of the grid

L89x calls[^far] twice[^far] and^[L89z in place] and [^near].

[^near]: L91x near body

L93x between footnotes, see [ref] and [text][ref] and [@doe; see @roe].

[^far]: L95x far body

    L97x its second paragraph

    - L99x its list

[ref]: https://example.org/L9999x "A title L9998x"

<!-- L103x is a comment
and is not there -->

L106x after a comment <!-- L107x --> goes on

![L108x caption *here*](pictures/route.svg){#f alt="L9997x alternative"}

![](pictures/dot.gif){.decorative}

$$
L113x = y^2
$$

L116x <b>html</b> and <span lang="fr">span</span> H~2~O

* * *

`L120x code` first

\\*L122x escaped\\*

L124x hard\\
break and [L124w link](https://example.org/a_(b) "L9996x title")

***L127x strong***

"L129x quoted"

L131x last
"""


def line_of(label: str) -> int:
    """The line of EVERYTHING that a label stands on."""
    (line,) = [number for number, text in enumerate(EVERYTHING.split("\n"), start=1) if label in text]
    return line


@pytest.fixture(scope="module")
def everything(markdown: Any) -> list[Node]:
    references = [{"id": "doe", "title": "T", "type": "book"}, {"id": "roe", "title": "U", "type": "book"}]
    draft = markdown.read(EVERYTHING, references=references)
    assert [finding for finding in draft.findings if finding.severity.value == "error"] == []
    return list(markdown.nodes(draft))


def test_every_worded_block_of_every_construct_stands_on_its_own_line(everything: list[Node]) -> None:
    placed = {
        found[1]: node.position.line
        for node in everything
        if isinstance(node, Worded) and (found := re.match(r"\W*(L\d+[a-z])\b", node.text))
    }
    expected = set(re.findall(r"\bL\d+[xyz]\b", EVERYTHING)) - {
        # In titles, attributes, addresses, comments and formulas, which are no block's first words.
        *("L9999x", "L9998x", "L9997x", "L9996x", "L103x", "L107x", "L113x", "L89z"),
    }
    assert set(placed) >= expected
    assert placed == {label: line_of(label) for label in placed}


def test_blocks_without_words_stand_on_their_own_lines(everything: list[Node]) -> None:
    found: dict[str, list[int]] = {}
    for node in everything:
        if not isinstance(node, Worded):
            found.setdefault(type(node).__name__, []).append(node.position.line)
    assert found["ThematicBreak"] == [line_of("* * *")]
    assert found["Group"] == [line_of(".aside"), line_of("::: inner")]
    assert found["Table"] == [line_of("| L52x"), line_of("L61x"), line_of("L67x") - 1, line_of("| L77x") - 1]
    assert found["Figure"] == [line_of("L108x"), line_of("![](")]
    assert found["Quotation"] == [line_of("L32x"), line_of("L34x")]
    assert found["List"] == [line_of(f"L{n}x") for n in (9, 11, 12, 21, 37, 99)]
    assert found["ListItem"] == [line_of(f"L{n}x") for n in (9, 10, 11, 12, 13, 15, 19, 21, 22, 37, 99)]
    assert found["DefinitionList"] == [line_of("L24x")]
    assert found["Definition"] == [line_of("L25x"), line_of("L30x")]


def test_a_displayed_formula_stands_where_its_dollars_stand(everything: list[Node]) -> None:
    formulas = [n for n in everything if isinstance(n, Worded) and any(isinstance(i, Math) for i in n.inlines)]
    assert [formula.position.line for formula in formulas] == [line_of("L113x") - 1]


def test_lines_count_from_the_first_line_of_the_text(markdown: Any) -> None:
    assert markdown.block("\n\nHere.\n", first_line=12).position.line == 14


def test_columns_are_those_of_the_first_word_or_mark(markdown: Any) -> None:
    (listed,) = markdown.blocks("-   one\n-   two\n")
    assert [(item.position.line, item.position.column) for item in listed.items] == [(1, 1), (2, 1)]
    assert [item.blocks[0].position.column for item in listed.items] == [5, 5]


def test_identical_paragraphs_stand_in_their_order(markdown: Any) -> None:
    same = markdown.blocks("The same.\n\nThe same.\n\n\nThe same.\n\nOther.\n\nThe same.\n")
    assert [node.position.line for node in same] == [1, 3, 6, 8, 10]


def test_words_of_a_footnote_that_repeat_the_text_do_not_draw_it_away(markdown: Any) -> None:
    text = "One two three.[^1]\n\n[^1]: One two three.\n\nOne two three.\n\n> One two three.\n"
    draft = markdown.read(text)
    assert [n.position.line for n in markdown.nodes(draft) if isinstance(n, Worded)] == [1, 5, 7, 3]


def test_the_cells_of_a_grid_table_are_told_apart_even_when_they_repeat_each_other(markdown: Any) -> None:
    text = "+---+---+\n| a | a |\n| b | b |\n+---+---+\n| a | c |\n|   | a |\n+---+---+\n"
    table = markdown.block(text)
    placed = [(b.text, b.position.line) for row in table.bodies[0] for cell in row for b in cell.blocks]
    assert placed == [("a b", 2), ("a b", 2), ("a", 5), ("c a", 5)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("~~~ python\n\n\nx = 1\n~~~\n", 1),
        ("```\n# no heading\n- no list\n::: nothing\n```\n", 1),
        ("    <p>\n    ::: x\n    word\n", 1),
        ("- a\n\n  ```\n  inside\n  ```\n", 3),
    ],
)
def test_code_stands_at_its_fence_or_its_first_line(markdown: Any, text: str, line: int) -> None:
    (code,) = [n for n in walk(markdown.blocks(text)) if isinstance(n, CodeBlock)]
    assert code.position.line == line


def test_a_rule_in_code_does_not_stand_for_a_rule(markdown: Any) -> None:
    rules = [n for n in markdown.blocks("```\n***\n```\n\n* * *\n") if isinstance(n, ThematicBreak)]
    assert [rule.position.line for rule in rules] == [5]


def test_every_block_of_the_edition_of_all_constructs_begins_with_words_of_its_line(markdown: Any) -> None:
    source = (CONSTRUCTS / "article.md").read_text(encoding="utf-8")
    lines = source.split("\n")
    begin = lines.index("---", 1) + 1
    draft = markdown.read("\n".join(lines[begin:]), first_line=begin + 1, references=_cited(source))
    checked = 0
    for node in markdown.nodes(draft):
        words = re.findall(r"[^\W_]+", node.text) if isinstance(node, Worded) else []
        if words and not node.text.startswith(("As (", "\ufffc")):
            checked += 1
            assert words[0] in re.findall(r"[^\W_]+", lines[node.position.line - 1]), node
    assert checked > 100


def _cited(source: str) -> list[dict[str, str]]:
    return [{"id": key, "title": key, "type": "book"} for key in re.findall(r"^  - id: (\S+)$", source, re.MULTILINE)]


WORDS = st.lists(st.sampled_from(["ash", "bay", "cat"]), min_size=1, max_size=4).map(" ".join)
FORMS = st.sampled_from(
    ["{}", "- {}", "> {}", "## {}", "1. {}", "| {}", "**{}**", "{}[^{}]", "[{}](https://ash.example)"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FORMS, WORDS, st.integers(1, 3)), min_size=1, max_size=14))
def test_blocks_of_repeated_words_keep_their_order_and_lines(pieces: list[tuple[str, str, int]]) -> None:
    """However often the same few words come again, each block is told to stand on its own line."""
    text, expected = "", []
    for number, (form, words, blank) in enumerate(pieces):
        line = text.count("\n") + 1
        expected.append(line)
        text += form.format(words, number) + "\n" * (blank + 1)
        if "[^" in form:
            text += f"[^{number}]: {words}\n" + "\n" * blank
        # A comment keeps neighbouring lists, quotations and verses apart.
        text += "<!-- -->\n\n"
    blocks, _ = pandoc.read_ast(text)
    positions = Positions(text, blocks, "article.md")
    shown = [block for block in blocks if block["t"] != "RawBlock"]
    assert [positions.of(block).line for block in shown] == expected


@settings(max_examples=40, deadline=None)
@given(st.permutations(list(range(12))), st.randoms(use_true_random=False))
def test_shuffled_documents_are_placed_paragraph_by_paragraph(order: list[int], chance: Any) -> None:
    paragraphs = [" ".join(chance.choice(["the", "of", "lamp", f"w{n}"]) for _ in range(6)) for n in order]
    text = "\n\n".join(paragraphs) + "\n"
    blocks, _ = pandoc.read_ast(text)
    positions = Positions(text, blocks, "article.md")
    assert [positions.of(block).line for block in blocks] == [1 + 2 * n for n in range(12)]
    assert [plain_words(block["c"]) for block in blocks] == paragraphs


def test_a_long_text_of_few_words_is_placed_in_linear_time_and_exactly(markdown: Any) -> None:
    text = "".join(f"{'ash bay ' * (n % 7 + 1)}\n\n" for n in range(3000))
    placed: list[Block] = markdown.blocks(text)
    assert [node.position.line for node in placed] == [1 + 2 * n for n in range(3000)]
