"""Manuscripts made up by a grammar, honest and odd: what authors write, and what they write by mistake.

Words come from a short list, so that quotations of commentary mostly stand in the article, and at times more than once.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

WORDS = (
    "the lamp was lit at dawn on 1 February 1811 every ship that passed counted don't naïve “quoted” co-op 3.5% £2m "
    "Ærø łódź 灯台 منارة e\u0301 a\u00adb … — U.S. etc. [sic] x_y_z *star 2*3 <b> & &amp; @home #tag 1. - | ~ ^ $5 \\ `"
).split(" ")

word = st.sampled_from(WORDS)
words = st.lists(word, min_size=1, max_size=9).map(" ".join)
safe = st.lists(st.sampled_from(WORDS[:16]), min_size=1, max_size=6).map(" ".join)
name = st.sampled_from(["a", "b-1", "n-1", "long-name", "Ünï", "a", "x y", ""])
value = st.sampled_from(["en-GB", "fr", "not a language", "", "N C A", "1", "“", "\u202eabc\u202c"])
attribute = st.one_of(
    name.map(lambda one: f"#{one}"),
    st.sampled_from([".abbr", ".decorative", ".plain", ".note", ".long-description", ".unnumbered", ".x"]),
    st.tuples(
        st.sampled_from(["lang", "say", "title", "alt", "on", "in", "by", "kind", "date", "dir", "width"]), value
    ).map(lambda pair: f'{pair[0]}="{pair[1]}"'),
)
attributes = st.lists(attribute, max_size=3).map(lambda all: "{" + " ".join(all) + "}")

Made = st.SearchStrategy[str]


def _around(inner: Made) -> Made:
    """Markup around inlines, at times not closed."""
    marks = st.sampled_from(["*", "**", "_", "~~", "^", "~", "`", "$", '"', "'"])
    return st.one_of(
        st.tuples(marks, inner, st.booleans()).map(lambda made: made[0] + made[1] + (made[0] if made[2] else "")),
        st.tuples(inner, attributes).map(lambda made: f"[{made[0]}]{made[1]}"),
        st.tuples(
            inner, st.sampled_from(["#a", "https://example.org/", "javascript:x", "http://[", "", "../x", "b-1"])
        ).map(lambda made: f"[{made[0]}]({made[1]})"),
        st.tuples(
            inner, st.sampled_from(["picture.png", "../../etc/passwd", "https://x.org/a.png", ""]), attributes
        ).map(lambda made: f"![{made[0]}]({made[1]}){made[2]}"),
        inner.map(lambda made: f"^[{made}]"),
        st.sampled_from(
            ["[^1]", "[^2]", "[@key]", "[-@key, p. 3]", "@key", "<br>", "<b>x</b>", "<script>x</script>", "  \n"]
        ),
    )


inlines = st.lists(st.recursive(words, _around, max_leaves=4), min_size=1, max_size=4).map(" ".join)


def _indented(first: str, rest: str) -> Callable[[str], str]:
    return lambda made: first + made.replace("\n", f"\n{rest}")


def _containers(inner: Made) -> Made:
    many = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        many.map(_indented("> ", "> ")),
        many.map(_indented("- ", "  ")),
        many.map(_indented("1. ", "   ")),
        st.tuples(attributes, many, st.booleans()).map(
            lambda made: f"::: {made[0]}\n{made[1]}\n" + (":::" if made[2] else "")
        ),
        many.map(lambda made: f"::: plain\n{made}\n:::"),
        many.map(_indented("[^1]: ", "    ")),
    )


leaf = st.one_of(
    inlines,
    inlines,
    st.tuples(st.sampled_from(["#", "##", "###", "#######"]), inlines, st.one_of(st.just(""), attributes)).map(
        " ".join
    ),
    st.lists(
        st.lists(safe, min_size=1, max_size=3).map(lambda row: "| " + " | ".join(row) + " |"), min_size=1, max_size=3
    ).map(lambda rows: "\n".join([rows[0], "|---" * rows[0].count("|"), *rows[1:]])),
    st.sampled_from(
        [
            "---",
            "```\ncode\n```",
            "~~~ {.python #a}\nx = 1",
            "<!-- a comment",
            "<!-- one -->",
            "$$x^2$$",
            "",
            "\t\tindented",
        ]
    ),
    inlines.map(lambda made: f": {made}"),
    st.sampled_from(
        ["[^1]: a footnote", "[^2]: one that calls itself [^2]", "[a]: b", "*[HTML]: x", "<div>", "</div>", ":::"]
    ),
)
odd = st.lists(st.recursive(leaf, _containers, max_leaves=5), max_size=6).map("\n\n".join)
honest = st.lists(
    st.one_of(safe, safe, safe.map(lambda made: f"## {made}"), safe.map(lambda made: f"- {made}")), min_size=1
)
blocks = st.one_of(odd, honest.map("\n\n".join))

_yaml = st.one_of(
    safe,
    words.map(lambda made: '"' + made.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.sampled_from(
        [
            "en-GB",
            "2026-11-20",
            "[a, b]",
            "{name: A, role: aut}",
            "|\n  two\n  lines",
            "1",
            "true",
            "null",
            "&a x",
            "*a",
            "!!x y",
            "../../etc/passwd",
            "[[[[]]]]",
            "'",
        ]
    ),
)
_ARTICLE_KEYS = (
    "lang",
    "creators",
    "date",
    "identifier",
    "rights",
    "description",
    "cover",
    "voice",
    "references",
    "subtitle",
    "from",
    "x",
)
_LAYER_KEYS = ("title", "editors", "introduction", "method", "lang", "voice", "references", "x")


def front(keys: tuple[str, ...], first: str) -> Made:
    entries = st.lists(st.tuples(st.sampled_from(keys), _yaml).map(": ".join), max_size=4)
    return st.tuples(entries, st.integers(0, 9)).map(
        lambda made: "\n".join(["---", first, *made[0], "---" if made[1] else "", ""])
    )


article = st.tuples(
    st.one_of(st.just("---\ntitle: A title\nlang: en-GB\n---\n"), front(_ARTICLE_KEYS, "title: A title")), blocks
).map("\n".join)


def _note(made: tuple[str, str, str, str, str, str]) -> str:
    on, id, by, kind, more, body = made
    quoted = on.replace('"', "")
    return f'::: {{#{id or "n-0"} .note on="{quoted}" kind="{kind}" by="{by}" {more}}}\n{body}\n:::'


note = st.tuples(
    st.one_of(safe, safe, words, st.just("")),
    st.one_of(st.integers(1, 99).map(lambda number: f"n-{number}"), name),
    st.sampled_from(["desk", "desk", "desk", "nobody", ""]),
    st.sampled_from(["context", "fact-check", "gossip"]),
    st.one_of(st.just(""), st.just(""), attribute),
    st.one_of(safe, safe, odd),
).map(_note)
commentary = st.tuples(
    st.one_of(
        st.just("---\ntitle: Commentary\neditors:\n  desk: The desk\n---\n"), front(_LAYER_KEYS, "editors: {desk: D}")
    ),
    st.lists(st.one_of(note, note, note, odd), max_size=3).map("\n\n".join),
).map("\n".join)
