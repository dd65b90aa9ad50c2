"""A formula of Word's is written in the same line as the MathML of the same formula (ISO/IEC 29500-1, 22.1)."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from lxml import etree

from publisher.formats.docx.formulas_read import M, written
from publisher.manuscript.pandoc import docx_of, formulas_to_mathml
from publisher.verification.formula_lines import in_a_line

FORMULAS = (
    r"d = \sqrt{2Rh}",
    r"\sqrt[3]{x} + f'(x) + x''",
    r"R \approx 6371\,\mathrm{km}",
    r"\sum_{i=1}^{n} A_i \cos\left(\frac{2\pi t}{T_i} + \varphi_i\right).",
    r"\mathbb{R}^n \ni \mathbf{x}, \mathcal{L}",
    r"\int_0^\infty e^{-x^2}\,dx = \int f",
    r"\lim_{x \to 0} \frac{\sin x}{x} = 1",
    r"\hat{a} + \bar{b} + \vec{c} + \tilde d + \dot x + \ddot{x}",
    r"\overline{AB} + \underline{x} + \widehat{abc}",
    r"\underbrace{a+b}_{n}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\begin{cases} 1 & x>0 \\ 0 & \text{otherwise} \end{cases}",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}",
    r"\binom{n}{k} + x_i^2",
    r"\left|\frac{a}{b}\right| + \|x\| + \langle a, b\rangle + \left[ 0, 1 \right)",
    r"\prod_{p} \frac{1}{1-p^{-s}} + \bigcup_{i} A_i",
    r"\operatorname{rank} A + \log_2 n + \max_{x\in S} f(x)",
    r"\overset{!}{=} a \not= b",
    r"\text{speed} = \frac{\text{km}}{\text{h}} 5\%",
    r"{}^{14}C + 10^{-3} + n!",
)


def line_in_word(tex: str) -> str:
    package = docx_of([{"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, tex]}]}])
    with zipfile.ZipFile(BytesIO(package)) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    return written(next(document.iter(f"{M}oMath")))


@pytest.mark.parametrize("tex", FORMULAS)
def test_both_notations_give_the_same_line(tex: str) -> None:
    (mathml,) = formulas_to_mathml([(tex, False)])
    assert mathml is not None
    assert line_in_word(tex) == in_a_line(mathml) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("x^2", "x_2"), ("x^2", "x2"), (r"\frac{a}{b}", "a/b"), (r"\sqrt{ab}", r"\sqrt{a}b"), ("a+b", "a-b"), ("m", "M")],
)
def test_other_formulas_give_other_lines(one: str, other: str) -> None:
    assert line_in_word(one) != line_in_word(other)


def test_a_line_can_be_read() -> None:
    assert line_in_word(r"z = \sum_{i=1}^n \frac{x_i^2}{\sqrt{2}}") == "z=∑_{i=1}^{n}{x_{i}^{2}}/{√[]{2}}"
