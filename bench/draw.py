"""Draws the measured: the tables of docs/reference/speed.md and docs/explanation/scale.md, and docs/pictures/speed.svg.

    python bench/draw.py

Of all machines in bench/results; the picture is of the one that was measured last. Tables stand in their pages between
two comments; what is around them is written by hand. Nothing is measured here, so the same results give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import log10
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from machine import in_words, processor_name, versions
from scale_table import scale_tables
from tabling import table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
SCALE = RESULTS / "scale.json"
PAGE = ROOT / "docs" / "reference" / "speed.md"
SCALE_PAGE = ROOT / "docs" / "explanation" / "scale.md"
PICTURE = ROOT / "docs" / "pictures" / "speed.svg"
_BEGIN, _END = "<!-- begin: bench/draw.py -->", "<!-- end: bench/draw.py -->"

Rows = Sequence[Mapping[str, Any]]


Results = Mapping[str, Any]


def tables(measured: Sequence[Results]) -> str:
    """The results as Markdown: the machines, their ratios side by side with the targets, what each side cost."""
    names = [processor_name(one["machine"]) for one in measured]
    return "\n".join(
        [
            *(
                f"- **{name}**: {in_words(one['machine'])}, {_days(one)}, with {versions(one['machine'])}; the edition"
                f" is `{one['machine']['edition']}`."
                for name, one in zip(names, measured, strict=True)
            ),
            "",
            *table(("Row", "Ratio of", "Target", *names), f"llr{'r' * len(names)}", _ratios(measured)),
            *(line for name, one in zip(names, measured, strict=True) for line in _machine(name, one["rows"])),
        ]
    )


def _machine(name: str, rows: Rows) -> Iterator[str]:
    yield from ("", f"### {name}", "")
    yield from table(
        ("Row", "Side", "Seconds", "Processor s", "Largest process", "All processes", "What it is"),
        "llrrrrl",
        _costs(rows),
    )
    yield ""
    yield from table(("Row", "Begun at (UTC)", "Load", "Program", "More"), "llrll", _about(rows))


def _days(results: Results) -> str:
    days = sorted({row["date"] for row in results["rows"]})
    return " to ".join({days[0]: 0, days[-1]: 0})


def _ratios(measured: Sequence[Results]) -> Iterator[Sequence[str]]:
    """A line for each ratio that was measured anywhere."""
    of = [{(row["title"], _of(one)): one for row in results["rows"] for one in row["ratios"]} for results in measured]
    for title, what in dict.fromkeys(key for one in of for key in one):
        here = [one.get((title, what)) for one in of]
        at_most = next(one["at_most"] for one in here if one)
        yield title, what, f"≤ {at_most:g}" if at_most else "", *(_told(one) if one else "not measured" for one in here)


def _told(one: Mapping[str, Any]) -> str:
    work = f"({one['processor']:g})" if "processor" in one else ""
    return " ".join(filter(None, [f"{one['ratio']:g}", work, _verdict(one)]))


def _of(one: Mapping[str, Any]) -> str:
    by = {"seconds": "", "processor": ", processor time", "largest": ", memory of the largest process"}
    by["seconds an edition"] = ", for an edition"
    against = f"the slowest of {one['to']}" if one["by"] == "slowest step" else one["to"]
    return f"{one['of']} to {against}{by.get(one['by'], '')}"


def _verdict(one: Mapping[str, Any]) -> str:
    if not one["at_most"]:
        return ""
    return "met" if one["ratio"] <= one["at_most"] else "**missed**"


def _costs(rows: Rows) -> Iterator[Sequence[str]]:
    for row in rows:
        for side in row["sides"]:
            tree = f"{side['tree']:.0f} MiB" if side["tree"] else ""
            yield (
                row["title"],
                side["name"],
                f"{side['seconds']:.2f}",
                f"{side['processor']:.2f}",
                f"{side['largest']:.0f} MiB",
                tree,
                side["what"],
            )


def _about(rows: Rows) -> Iterator[Sequence[str]]:
    for row in rows:
        facts = "; ".join(f"{name}: {fact}" for name, fact in row["facts"].items())
        yield row["title"], _when(row), f"{row['load']:g}", row.get("program", ""), facts


def put(page: str, between: str) -> str:
    """A page with another text between its two comments. Raises ValueError where they are not there, once each."""
    if page.count(_BEGIN) != 1 or page.count(_END) != 1:
        raise ValueError(f"the page needs {_BEGIN} and {_END} once, each on a line of its own")
    return re.sub(
        f"{re.escape(_BEGIN)}.*{re.escape(_END)}", lambda _: f"{_BEGIN}\n\n{between}\n\n{_END}", page, flags=re.DOTALL
    )


_WIDE, _LEFT, _RIGHT, _TOP, _STEP = 360, 14, 346, 96, 46
"""The picture in units that are pixels on a narrow phone."""
_LEAST, _MOST = 0.01, 100.0


def picture(results: Results) -> str:
    """The ratios on a logarithmic scale, each with its target; shapes tell what is what, so it needs no colour."""
    rows: Rows = results["rows"]
    marks = [(row["title"], one) for row in rows for one in row["ratios"]]
    height = _TOP + _STEP * len(marks) + 78
    said = "; ".join(
        f"{title}, {_of(one)}: {one['ratio']:g}" + (f", target at most {one['at_most']:g}" if one["at_most"] else "")
        for title, one in marks
    )
    about = results["machine"]
    below = (
        in_words(about),
        f"publisher {about['publisher']}, WeasyPrint {about['packages'].get('weasyprint', '')}",
        f"measured {_days(results)}",
    )
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {height}" role="img" aria-labelledby="t d"'
        ' font-family="system-ui, sans-serif" font-size="13" fill="#111">',
        '<title id="t">Time of publisher as a ratio to plain tools</title>',
        f'<desc id="d">{escape(said)}.</desc>',
        f'<rect width="{_WIDE}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" font-size="15" font-weight="bold">Ratios by the clock; less is better</text>',
        *_legend(),
        *_axis(height - 74),
        *(part for number, (title, one) in enumerate(marks) for part in _mark(_TOP + _STEP * number, title, one)),
        *(
            f'<text x="{_LEFT}" y="{height - 42 + 16 * number}" font-size="11">{escape(line)}</text>'
            for number, line in enumerate(below)
        ),
        "</svg>",
    ]
    return "\n".join(body) + "\n"


def _at(ratio: float) -> float:
    """Where a ratio stands across the picture."""
    clamped = min(max(ratio, _LEAST), _MOST)
    return round(_LEFT + (_RIGHT - _LEFT) * log10(clamped / _LEAST) / log10(_MOST / _LEAST), 1)


def _legend() -> Iterator[str]:
    yield _dot(_LEFT + 6, 42) + f'<text x="{_LEFT + 18}" y="46">measured</text>'
    yield _diamond(_LEFT + 102, 42) + f'<text x="{_LEFT + 114}" y="46">target, at most</text>'
    yield _cross(_LEFT + 232, 42) + f'<text x="{_LEFT + 244}" y="46">target missed</text>'


def _axis(bottom: float) -> Iterator[str]:
    for value in (0.01, 0.1, 1, 10, 100):
        x, wide = _at(value), ' stroke-width="2"' if value == 1 else ' stroke-dasharray="2 3"'
        anchor = "start" if value == _LEAST else "end" if value == _MOST else "middle"
        yield f'<path d="M{x} 76V{bottom}" stroke="#555"{wide}/>'
        yield f'<text x="{x}" y="70" text-anchor="{anchor}" font-size="11">{value:g}</text>'


def _mark(y: float, title: str, one: Mapping[str, Any]) -> Iterator[str]:
    x, line = _at(one["ratio"]), y + 24
    # White around the words keeps the lines of the scale out of them.
    halo = 'stroke="#fff" stroke-width="4" paint-order="stroke"'
    name = f'<tspan font-weight="bold">{escape(title)}</tspan><tspan font-size="11"> to {escape(_short(one))}</tspan>'
    yield f'<text x="{_LEFT}" y="{y + 10}" {halo}>{name}</text>'
    yield f'<text x="{_RIGHT}" y="{y + 10}" text-anchor="end" font-weight="bold" {halo}>{one["ratio"]:g}</text>'
    yield f'<path d="M{_at(1)} {line}H{x}" stroke="#111" stroke-width="3"/>'
    if one["at_most"]:
        yield _diamond(_at(one["at_most"]), line)
    yield _cross(x, line) if _verdict(one) == "**missed**" else _dot(x, line)


def _short(one: Mapping[str, Any]) -> str:
    if one["by"] == "slowest step":
        return "the slowest tool"
    to = {"plain tools, like for like": "plain tools"}.get(one["to"], one["to"])
    return f"{to}{ {'processor': ', processor', 'largest': ', memory'}.get(one['by'], '') }"


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="6" fill="#00529b" stroke="#fff"/>'


def _diamond(x: float, y: float) -> str:
    return f'<path d="M{x} {y - 8}l7 8l-7 8l-7 -8z" fill="#fff" stroke="#111" stroke-width="2"/>'


def _cross(x: float, y: float) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="7" fill="#fff" stroke="#111" stroke-width="2"/>'
        f'<path d="M{x - 4} {y - 4}l8 8m0 -8l-8 8" stroke="#111" stroke-width="2"/>'
    )


def machines(folder: Path) -> list[Results]:
    """What was measured on each machine, the last one first."""
    found = [json.loads(path.read_bytes()) for path in sorted(folder.glob("*-cores-*.json"))]
    return sorted(found, key=lambda results: max(map(_when, results["rows"])), reverse=True)


def _when(row: Mapping[str, Any]) -> str:
    return f"{row['date']} {row.get('time', '')}".strip()


def drawn(folder: Path) -> dict[Path, str]:
    """Every file that is drawn, as it should stand."""
    measured = machines(folder)
    files = {PAGE: put(PAGE.read_text("utf-8"), tables(measured)), PICTURE: picture(measured[0])}
    if SCALE.is_file():
        files[SCALE_PAGE] = put(SCALE_PAGE.read_text("utf-8"), scale_tables(json.loads(SCALE.read_bytes())))
    return files


def main() -> int:
    for path, text in drawn(RESULTS).items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
