"""Formulas: MathML with attributes of ours, or a picture of it for engines that cannot set MathML.

The picture is SVG of outlines only (`ziamath`, STIX Two Math), sized in em of the text around it and hung on its
baseline. The same formula gives the same bytes.
"""

from __future__ import annotations

import re
import warnings
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from publisher.model.findings import EngineError
from publisher.model.inlines import Math
from publisher.rendering.markup import Attributes, element

MATHML = "http://www.w3.org/1998/Math/MathML"

_SIZE = 24
"""The size, in SVG units an em, at which formulas are drawn."""

_OPENING = re.compile(r"""\s*<math\b((?:[^>"']|"[^"]*"|'[^']*')*?)(/?)>""")
_OURS = re.compile(r"""\s(?:xmlns|id|alttext|display)\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a picture: `svg` is the file's text; `width`, `height` and `depth` (below the baseline) are em."""

    svg: str
    width: float
    height: float
    depth: float

    @property
    def style(self) -> str:
        """The CSS that gives an `img` of it the size and place of the words around it."""
        return f"width:{self.width:.3f}em;height:{self.height:.3f}em;vertical-align:{-self.depth:.3f}em"

    @property
    def address(self) -> str:
        """A data: address of it."""
        return "data:image/svg+xml;base64," + b64encode(self.svg.encode()).decode("ascii")


def with_attributes(mathml: str, attributes: Attributes) -> Markup:
    """A `math` element with its namespace and attributes of ours instead of its own."""
    found = _OPENING.match(mathml)
    if found is None:
        raise EngineError("pandoc", f"no MathML: {mathml[:40]}")
    kept = _OURS.sub("", found[1]).rstrip()
    opening = str(element("math", {"xmlns": MATHML, **attributes})).removesuffix("></math>")
    return Markup(f"{opening}{kept}{found[2]}>{mathml[found.end() :].rstrip()}")  # noqa: S704 - MathML of our own making


@lru_cache(maxsize=512)
def draw_formula(mathml: str) -> Formula:
    """A formula drawn. Raises EngineError where ziamath cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ziamath finds its font in a way that Python gives up
        from ziamath.zmath import Math as Drawing  # noqa: PLC0415 - fonts are read: only a book with formulas pays

    try:
        drawn = Drawing(mathml, size=_SIZE)
        svg = drawn.svg()
    except Exception as problem:  # whatever a formula upsets it with
        raise EngineError("ziamath", f"cannot draw the formula {mathml[:60]}: {problem}") from problem
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"', svg)
    if box is None:
        raise EngineError("ziamath", f"drew no size for the formula {mathml[:60]}")
    _, top, width, height = (float(value) for value in box.groups())
    return Formula(svg, width / _SIZE, height / _SIZE, (top + height) / _SIZE)


def formula_image(math: Math, id: str | None, source: Callable[[Math], str] | None) -> Markup:
    """An `img` of a formula, its spoken words as the alternative."""
    formula = draw_formula(math.mathml)
    return element(
        "img",
        {
            "class": "math display" if math.display else "math",
            "id": id,
            "src": source(math) if source else formula.address,
            "alt": math.spoken,
            "style": formula.style,
        },
    )
