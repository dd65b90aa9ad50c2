"""Formulas in words."""

from __future__ import annotations

import pytest

from publisher.manuscript.mathematics import speak
from publisher.manuscript.mathematics_words import vocabulary
from publisher.manuscript.pandoc import formulas_to_mathml

SAID = {
    r"x": "x",
    r"x^2": "x squared",
    r"x^3": "x cubed",
    r"x^n": "x to the power n",
    r"x^{n+1}": "x to the power n plus 1 end power",
    r"a_i": "a sub i",
    r"a_{ij}^2": "a sub i j end sub squared",
    r"\frac{a}{b}": "a over b",
    r"\frac{a+1}{b}": "the fraction a plus 1 over b end fraction",
    r"\binom{n}{k}": "n choose k",
    r"\sqrt{x}": "the square root of x",
    r"\sqrt{2Rh}": "the square root of 2 R h end root",
    r"\sqrt[3]{x}": "the cube root of x",
    r"\sqrt[n]{x}": "the root of degree n of x",
    r"\sum_{i=1}^{n} i": "the sum from i equals 1 to n of i",
    r"\prod_i a_i": "the product over i of a sub i",
    r"\int_0^\infty x\,dx": "the integral from 0 to infinity of x d x",
    r"\lim_{x \to 0} x": "the limit as x to 0 of x",
    r"-x - 1": "minus x minus 1",
    r"a = -b": "a equals minus b",
    r"\pi \approx 3.14": "pi is about 3.14",
    r"\Delta x \le \epsilon": "capital delta x is at most epsilon",
    r"x \in \mathbb{R}": "x in the real numbers",
    r"f(x)": "f of x",
    r"f''(x)": "f double prime of x",
    r"z(t)": "z of t",
    r"f(x+1)": "f of open bracket x plus 1 close bracket",
    r"a(b+c)": "a open bracket b plus c close bracket",
    r"|x|": "the absolute value of x",
    r"\{1, 2\}": "the set 1, 2 end set",
    r"\lfloor x \rfloor": "the floor of x",
    r"\sin x": "sine x",
    r"\vec{v} \cdot \hat{n}": "v vector times n hat",
    r"90^\circ": "90 degrees",
    r"5\,\mathrm{km}": "5 km",
    r"\text{CO}_2": "CO sub 2",
    r"A^T": "A transposed",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": "table of 2 rows and 2 columns: row 1: 1, 2; row 2: 3, 4; end table",
    r"P \Rightarrow Q": "P implies Q",
    r"": "empty formula",
}


@pytest.fixture(scope="module")
def mathml() -> dict[str, str]:
    found = formulas_to_mathml([(tex, False) for tex in SAID])
    return {tex: math for tex, math in zip(SAID, found, strict=True) if math is not None}


@pytest.mark.parametrize("tex", SAID)
def test_formulas_are_said_in_english(mathml: dict[str, str], tex: str) -> None:
    assert speak(mathml[tex], "en-GB") == SAID[tex]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "la fraction x au carré plus 1 sur racine carrée de y fin de fraction"),
        ("de-AT", "Bruch x Quadrat plus 1 durch Wurzel aus y Ende Bruch"),
        ("es", "la fracción x al cuadrado más 1 entre raíz cuadrada de y fin de fracción"),
        ("ar", "the fraction x squared plus 1 over the square root of y end fraction"),
    ],
)
def test_other_languages_have_their_own_words_or_english_ones(lang: str, said: str) -> None:
    (math,) = formulas_to_mathml([(r"\frac{x^2+1}{\sqrt{y}}", True)])
    assert math is not None
    assert speak(math, lang) == said


@pytest.mark.parametrize("lang", ["fr", "de", "es"])
def test_every_phrase_of_a_language_takes_as_many_words_as_in_english(lang: str) -> None:
    english, own = vocabulary("en"), vocabulary(lang)
    assert {key: own[key].count("{}") for key in own.phrases} == {
        key: english[key].count("{}") for key in english.phrases
    }


def test_formulas_that_tex_does_not_know_are_none() -> None:
    assert formulas_to_mathml([(r"\frac{a", False), ("x", False)])[0] is None
    assert formulas_to_mathml([]) == []
