"""What is drawn of the bench's results is what stands in the docs."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import draw
import pytest
from machine import slug
from scale_table import amount


@pytest.fixture
def results() -> dict[str, Any]:
    ratio = {"of": "publisher", "to": "plain chain", "at_most": 0.8, "by": "seconds", "ratio": 0.5, "processor": 1.2}
    side = {"seconds": 1.5, "processor": 2.0, "largest": 100.0, "tree": 150.0, "what": "all & more"}
    row = {
        "name": "cold",
        "title": "Cold build",
        "date": "2026-11-30",
        "load": 0.1,
        "facts": {"files": 3},
        "sides": [{"name": "publisher", **side}, {"name": "plain chain", **side}],
        "ratios": [ratio],
    }
    about = {
        "cores": 2,
        "processor": "Some <processor>",
        "memory": 4.0,
        "python": "3.11",
        "publisher": "1.0",
        "packages": {"weasyprint": "70.0"},
        "tools": {"lame": "3.100"},
        "edition": "upstream",
    }
    return {"machine": about, "rows": [row]}


def test_the_docs_are_what_is_drawn_of_the_results_in_the_project() -> None:
    stale = [path.name for path, text in draw.drawn(draw.RESULTS).items() if path.read_text("utf-8") != text]
    assert stale == [], "run python bench/draw.py"


def test_a_table_says_whether_a_target_was_met(results: dict[str, Any]) -> None:
    assert "| Cold build | publisher to plain chain | ≤ 0.8 | 0.5 (1.2) met |" in draw.tables([results])
    missed = copy.deepcopy(results)
    missed["rows"][0]["ratios"][0]["ratio"] = 0.81
    assert "| ≤ 0.8 | 0.81 (1.2) **missed** |" in draw.tables([missed])


def test_machines_stand_side_by_side_and_what_one_lacks_is_said(results: dict[str, Any]) -> None:
    other = copy.deepcopy(results)
    other["machine"]["processor"] = "Other(R) Thing(TM) CPU @ 2 GHz"
    other["rows"][0]["ratios"][0]["ratio"] = 0.9
    other["rows"].append({**copy.deepcopy(results["rows"][0]), "title": "A book"})
    told = draw.tables([results, other])
    assert "| Row | Ratio of | Target | Some <processor> | Other Thing |" in told
    assert "| Cold build | publisher to plain chain | ≤ 0.8 | 0.5 (1.2) met | 0.9 (1.2) **missed** |" in told
    assert "| A book | publisher to plain chain | ≤ 0.8 | not measured | 0.5 (1.2) met |" in told
    assert told.count("\n### ") == 2


def test_the_machine_that_was_measured_last_comes_first(tmp_path: Path, results: dict[str, Any]) -> None:
    later = copy.deepcopy(results)
    later["rows"][0]["date"] = "2026-12-01"
    for name, one in (("2-cores-a", results), ("2-cores-b", later), ("scale", {})):
        (tmp_path / f"{name}.json").write_text(json.dumps(one), encoding="utf-8")
    assert draw.machines(tmp_path) == [later, results]


@pytest.mark.parametrize(
    ("cores", "processor", "named"),
    [
        (2, "Intel(R) Xeon(R) Processor", "2-cores-intel-xeon"),
        (2, "AMD EPYC", "2-cores-amd-epyc"),
        (8, "Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz", "8-cores-intel-core-i7-8550u"),
    ],
)
def test_results_are_named_by_their_machine(cores: int, processor: str, named: str) -> None:
    assert slug({"cores": cores, "processor": processor}) == named


def test_the_table_names_the_machine_and_all_versions(results: dict[str, Any]) -> None:
    told = draw.tables([results])
    assert all(words in told for words in ("2 cores of Some", "Python 3.11", "weasyprint 70.0", "lame 3.100"))


def test_the_picture_says_in_words_what_it_shows(results: dict[str, Any]) -> None:
    root = ET.fromstring(draw.picture(results))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.findtext(f"{space}title")
    assert "publisher to plain chain: 0.5, target at most 0.8" in (root.findtext(f"{space}desc") or "")
    assert "Some <processor>" in "".join(root.itertext())


def test_the_picture_tells_a_missed_target_by_its_shape(results: dict[str, Any]) -> None:
    missed = copy.deepcopy(results)
    missed["rows"][0]["ratios"][0]["at_most"] = 0.4
    # One cross stands in the legend.
    assert draw.picture(results).count("m0 -8l-8 8") == 1
    assert draw.picture(missed).count("m0 -8l-8 8") == 2


def test_a_page_without_the_comments_is_refused() -> None:
    with pytest.raises(ValueError, match="needs"):
        draw.put("# A page\n", "table")


def test_results_are_json_that_names_every_row_once() -> None:
    for results in draw.machines(draw.RESULTS):
        names = [row["name"] for row in results["rows"]]
        assert len(names) == len(set(names)) > 0


def test_results_stand_under_the_name_of_their_machine() -> None:
    for path in draw.RESULTS.glob("*-cores-*.json"):
        assert path.stem == slug(json.loads(path.read_bytes())["machine"])


@pytest.mark.parametrize(
    ("value", "told"), [(90.0, "90 s"), (7200.0, "2.0 h"), (180_000.0, "2.1 days"), (0.4, "0.4 s")]
)
def test_an_amount_is_told_in_a_unit_for_people(value: float, told: str) -> None:
    assert amount(value, ((86_400.0, "days"), (3600.0, "h"), (60.0, "min"), (0.0, "s"))) == told
