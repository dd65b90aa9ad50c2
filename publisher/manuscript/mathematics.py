"""Formulas in words, for those who hear them: read from presentation MathML.

The words are English, French, German or Spanish after the formula's language; other languages get the English words,
which the MathML beside them lets assistive technology say better. Groups that would be unclear by ear are closed in
words ("end fraction"). https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from xml.etree.ElementTree import Element, fromstring

from publisher.manuscript.mathematics_words import Vocabulary, vocabulary

_INVISIBLE = "\u2061\u2062\u2063\u2064\u200b\u200c\u200d\ufeff"
_OPENING = {"(": "open_round", "[": "open_square", "{": "open_curly", "⟨": "open_angle"}
_CLOSING = {")": "close_round", "]": "close_square", "}": "close_curly", "⟩": "close_angle"}
_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "∣": "∣", "‖": "‖", "∥": "∥"}
_KINDS = {
    "{": ("set", "end_set"),
    "|": ("absolute", "end_absolute"),
    "∣": ("absolute", "end_absolute"),
    "‖": ("norm", "end_norm"),
    "∥": ("norm", "end_norm"),
    "⌊": ("floor", "end_floor"),
    "⌈": ("ceiling", "end_ceiling"),
}
_FUNCTIONS = frozenset({"f", "g", "h", "F", "G", "H", "P", "Pr", "φ", "ψ", "Γ"})
_LARGE = {
    "∑": "sum",
    "∏": "product",
    "∐": "coproduct",
    "∫": "integral",
    "∬": "double_integral",
    "∭": "triple_integral",
    "∮": "contour_integral",
    "⋃": "big_union",
    "⋂": "big_intersection",
    "⋁": "big_or",
    "⋀": "big_and",
    "lim": "limit",
    "max": "maximum",
    "min": "minimum",
    "sup": "supremum",
    "inf": "infimum",
}
_ACCENTS = {
    "^": "hat",
    "ˆ": "hat",
    "\u0302": "hat",
    "~": "tilde",
    "˜": "tilde",
    "\u0303": "tilde",
    "¯": "bar",
    "‾": "bar",
    "_": "bar",
    "\u0304": "bar",
    "→": "vector",
    "\u20d7": "vector",
    "˙": "dot",
    "\u0307": "dot",
    "¨": "double_dot",
    "\u0308": "double_dot",
    "⏞": "",
    "⏟": "",
    "︷": "",
    "︸": "",
}
_PRIMES = {"′": "prime", "'": "prime", "″": "double_prime", "‴": "triple_prime"}


def speak(mathml: str, lang: str = "en") -> str:
    """The words that say a formula, given as one `math` element. Never empty: an empty formula says that it is one."""
    words = _Speaker(vocabulary(lang)).say(fromstring(mathml))  # noqa: S314 - pandoc's output
    return " ".join(words.replace(" ,", ",").split()) or vocabulary(lang)["formula"]


class _Speaker:
    def __init__(self, words: Vocabulary) -> None:
        self.words = words

    def say(self, node: Element) -> str:
        parts = list(node)
        match _tag(node):
            case "mi" | "mn" | "mtext" | "ms":
                return self._name("".join(node.itertext()))
            case "mo":
                return self._operator("".join(node.itertext()))
            case "mspace" | "mphantom" | "annotation" | "annotation-xml":
                return ""
            case "mfrac":
                return self._fraction(node, parts)
            case "msqrt":
                return self._closing(self.words["square_root"].format(self._row(parts)), parts, "end_root")
            case "mroot":
                return self._root(parts)
            case "msup":
                return f"{self.say(parts[0])} {self._power(parts[1])}"
            case "msub":
                return self._with_limits(parts[0], parts[1], None)
            case "msubsup" | "munderover":
                return self._with_limits(parts[0], parts[1], parts[2])
            case "munder":
                return self._under(parts)
            case "mover":
                return self._over(parts)
            case "mtable":
                return self._table(parts)
            case "mmultiscripts":
                return self._row(parts)
            case _:
                return self._row(parts)

    def _row(self, parts: Sequence[Element]) -> str:
        if len(parts) > 1 and all(_tag(part) == "mi" and part.get("mathvariant") == "normal" for part in parts):
            # An upright word, such as a unit, that pandoc gives letter by letter.
            return self._name("".join(_content(part) for part in parts))
        spoken: list[str] = []
        index = 0
        while index < len(parts):
            end = _closing_bracket(parts, index)
            if end is not None:
                spoken.append(self._bracketed(parts, index, end))
                index = end
            elif _is_operator(parts[index], "{") and index + 1 < len(parts) and _tag(parts[index + 1]) == "mtable":
                pass  # The brace before the cases of a definition, which is never closed.
            elif _is_operator(parts[index], "-−") and _is_sign(parts, index):
                spoken.append(self.words["negative"])
            else:
                spoken.append(self.say(parts[index]))
            index += 1
        return " ".join(word for word in spoken if word)

    def _bracketed(self, parts: Sequence[Element], begin: int, end: int) -> str:
        """What stands in brackets, in the words for its kind."""
        opening, inner = _content(parts[begin]), parts[begin + 1 : end]
        told = self._row(inner)
        simple = len(inner) == 1 and _is_simple(inner[0])
        if len(inner) == 1 and (_tag(inner[0]) == "mtable" or inner[0].get("linethickness") in ("0", "0pt")):
            return told
        if opening in _KINDS:
            kind, close = _KINDS[opening]
            return self.words[kind].format(told) + ("" if simple else f" {self.words[close]}")
        if opening == "(" and begin and _is_function(parts[begin - 1], simple=simple):
            return f"{self.words['of']} {told}" if simple else f"{self.words['of']} {self._enclosed('(', told, ')')}"
        return self._enclosed(opening, told, _content(parts[end]))

    def _enclosed(self, opening: str, told: str, closing: str) -> str:
        return f"{self._operator(opening)} {told} {self._operator(closing)}"

    def _name(self, text: str) -> str:
        text = text.strip(_INVISIBLE + " \u00a0\u2009\u2005\u2004\u2003")
        if len(text) == 1:
            return self._character(text)
        return self.words.functions.get(text, unicodedata.normalize("NFKC", text))

    def _operator(self, text: str) -> str:
        text = text.strip(_INVISIBLE + " \u00a0")
        if not text:
            return ""
        if text in _LARGE:
            return self.words[_LARGE[text]]
        for brackets in (_OPENING, _CLOSING):
            if text in brackets:
                return self.words[brackets[text]]
        return self.words.operators.get(text) or self._name(text)

    def _character(self, character: str) -> str:
        if character in self.words.operators:
            return self.words.operators[character]
        plain = unicodedata.normalize("NFKC", character)
        name = unicodedata.name(plain[0], "") if plain else ""
        if name.startswith("GREEK") and "LETTER" in name:
            letter = name.partition("LETTER ")[2].removesuffix(" SYMBOL").removeprefix("FINAL ").lower()
            letter = {"lamda": "lambda"}.get(letter, letter)
            return self.words["capital"].format(letter) if "CAPITAL" in name else letter
        if plain.isalnum() or not name:
            return plain
        return plain if unicodedata.category(plain[0])[0] == "P" else name.lower()

    def _fraction(self, node: Element, parts: list[Element]) -> str:
        above, below = (self.say(part) for part in parts)
        if node.get("linethickness") in ("0", "0pt"):
            return self.words["choose"].format(above, below)
        simple = _is_simple(parts[0]) and _is_simple(parts[1])
        return self.words["over" if simple else "fraction"].format(above, below)

    def _root(self, parts: list[Element]) -> str:
        degree = _content(parts[1])
        if degree == "3":
            return self._closing(self.words["cube_root"].format(self.say(parts[0])), parts[:1], "end_root")
        words = self.words["nth_root"].format(self.say(parts[1]), self.say(parts[0]))
        return self._closing(words, parts[:1], "end_root")

    def _closing(self, words: str, parts: Sequence[Element], end: str) -> str:
        return words if len(parts) == 1 and _is_simple(parts[0]) else f"{words} {self.words[end]}"

    def _power(self, exponent: Element) -> str:
        text = _content(exponent)
        if text in _PRIMES:
            return self.words[_PRIMES[text]]
        if text and set(text) == {"′"}:
            return " ".join([self.words["prime"]] * len(text))
        if text in ("2", "3"):
            return self.words["squared" if text == "2" else "cubed"]
        if text in ("∘", "°"):
            return self.words["degrees"]
        if text in ("*", "∗", "⋆"):
            return self.words["star"]
        if text in ("T", "⊤"):
            return self.words["transposed"]
        return self._closing(self.words["power"].format(self.say(exponent)), [exponent], "end_power")

    def _with_limits(self, base: Element, below: Element, above: Element | None) -> str:
        large = _LARGE.get(_content(base))
        if large is None:
            words = self._closing(self.words["index"].format(self.say(base), self.say(below)), [below], "end_index")
            return f"{words} {self._power(above)}" if above is not None else words
        if above is not None:
            return self.words["from_to"].format(self.words[large], self.say(below), self.say(above))
        return self.words["as" if large == "limit" else "over_range"].format(self.words[large], self.say(below))

    def _under(self, parts: list[Element]) -> str:
        accent = _content(parts[1])
        if accent in _ACCENTS:
            return f"{self.say(parts[0])} {self.words[_ACCENTS[accent]]}" if _ACCENTS[accent] else self.say(parts[0])
        return self._with_limits(parts[0], parts[1], None)

    def _over(self, parts: list[Element]) -> str:
        accent = _content(parts[1])
        if accent in _ACCENTS:
            return f"{self.say(parts[0])} {self.words[_ACCENTS[accent]]}" if _ACCENTS[accent] else self.say(parts[0])
        return self.words["with_above"].format(self.say(parts[0]), self.say(parts[1]))

    def _table(self, rows: list[Element]) -> str:
        cells = [[self.say(cell) for cell in row] for row in rows]
        wide = max((len(row) for row in cells), default=0)
        told = "; ".join(
            self.words["row"].format(number, ", ".join(cell or self.words["empty"] for cell in row))
            for number, row in enumerate(cells, start=1)
        )
        return self.words["table"].format(len(cells), wide, told)


@cache
def _tag_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tag(node: Element) -> str:
    return _tag_name(node.tag)


def _is_simple(node: Element) -> bool:
    """Whether a node is one name or number (or several letters of one name), clear by ear without an end."""
    while _tag(node) in ("mrow", "mstyle", "mpadded") and len(node) == 1:
        node = node[0]
    return _tag(node) in ("mi", "mn", "mtext") or (_tag(node) == "mrow" and not len(node))


def _content(node: Element) -> str:
    """The characters of a node that are seen."""
    return "".join(node.itertext()).strip(_INVISIBLE + " \u00a0")


def _is_operator(node: Element, characters: str) -> bool:
    content = _content(node)
    return _tag(node) == "mo" and len(content) == 1 and content in characters


def _closing_bracket(parts: Sequence[Element], begin: int) -> int | None:
    """Where the bracket that opens at `begin` closes; None where none opens, or it never closes."""
    if not _is_operator(parts[begin], "".join(_PAIRS)):
        return None
    opening = _content(parts[begin])
    closing = _PAIRS[opening]
    depth = 0
    for index in range(begin, len(parts)):
        if not _is_operator(parts[index], opening + closing):
            continue
        if opening == closing:
            if index > begin:
                return index
            continue
        depth += 1 if _content(parts[index]) == opening else -1
        if depth == 0:
            return index
    return None


def _is_function(node: Element, *, simple: bool) -> bool:
    """Whether a bracket after a node holds its argument: after f, or any letter if it holds but one name."""
    if _tag(node) == "msup" and _content(node[1]) in _PRIMES:
        node = node[0]
    text = unicodedata.normalize("NFKC", _content(node))
    return _tag(node) == "mi" and (text in _FUNCTIONS or (simple and len(text) == 1 and text.isalpha()))


def _is_sign(parts: Sequence[Element], index: int) -> bool:
    """Whether a minus is a sign and not a subtraction: at the start, or after another operator."""
    if index == 0:
        return True
    before = parts[index - 1]
    text = _content(before)
    return _tag(before) == "mo" and text not in (*_CLOSING, *_PAIRS.values(), "!", "%", "′")
