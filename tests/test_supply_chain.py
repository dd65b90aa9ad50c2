"""What is installed with the publisher is listed, whole, with licences that may be passed on with it."""

from __future__ import annotations

import importlib.util
import json
import re
import stat
import sys
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType
from typing import Any

import cyclonedx
import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

ROOT = Path(__file__).parents[1]


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


sbom, audit = _tool("sbom"), _tool("audit")


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    made: dict[str, Any] = sbom.bill(ROOT / "requirements.lock")
    return made


def _inside(bill: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for one in bill["components"] for part in one.get("components", ())]


def _licences(component: dict[str, Any]) -> list[str]:
    return [one["expression"] for one in component.get("licenses", ())]


def may_be_passed_on(expression: str) -> bool:
    """Whether all of a conjunction, and one of each disjunction, may be passed on under AGPL-3.0-or-later."""
    allowed = set(sbom.KNOWN["compatible"]["licences"])
    every = [part.strip(" ()") for part in expression.split(" AND ")]
    return all(any(one.strip(" ()") in allowed for one in part.split(" OR ")) for part in every)


def test_it_has_the_shape_of_cyclonedx(bill: dict[str, Any]) -> None:
    folder = Path(cyclonedx.__file__).parent / "schema" / "_res"
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in folder.glob("*.schema.json")}
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    known = {schema["$id"].rpartition("/")[2].replace(".SNAPSHOT", ""): schema for schema in schemas.values()}
    registry = registry.with_resources(
        (f"http://cyclonedx.org/schema/{name}", Resource.from_contents(schema)) for name, schema in known.items()
    )
    validator = Draft7Validator(schemas["bom-1.6.SNAPSHOT.schema.json"], registry=registry)
    assert [error.message for error in validator.iter_errors(json.loads(json.dumps(bill)))] == []
    spoilt = json.loads(json.dumps(bill))
    spoilt["components"][0]["type"] = "a thing"
    assert list(validator.iter_errors(spoilt))


def test_it_lists_every_locked_package_with_its_hashes(bill: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    listed = [f"{one['name']}=={one['version']}" for one in bill["components"]]
    assert listed == re.findall(r"^[\w.-]+==[^\s;]+", lock, re.MULTILINE)
    hashes = [one["content"] for component in bill["components"] for one in component["hashes"]]
    assert hashes == re.findall(r"--hash=sha256:([0-9a-f]{64})", lock)
    assert all(one["purl"].startswith("pkg:pypi/") for one in bill["components"])


@pytest.mark.parametrize("name", ["pandoc", "espeak-ng", "espeak-ng-data", "PDFium", "FFmpeg", "LAME", "QPDF"])
def test_it_lists_what_wheels_carry(bill: dict[str, Any], name: str) -> None:
    if sys.platform != "linux" and name in ("FFmpeg", "LAME", "QPDF"):
        pytest.skip("libraries are called otherwise on this system")
    found = [part for part in _inside(bill) if part["name"] == name]
    assert found
    assert all(re.fullmatch(r"[0-9a-f]{64}", part["hashes"][0]["content"]) for part in found)
    if name in ("pandoc", "PDFium"):
        assert re.match(r"\d+\.\d", found[0]["version"])


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are called otherwise on other systems")
def test_nothing_inside_a_wheel_is_unknown(bill: dict[str, Any]) -> None:
    assert [part["name"] for part in _inside(bill) if not _licences(part)] == []


def test_a_library_that_nobody_knows_is_listed_as_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sbom.KNOWN, "part", [one for one in sbom.KNOWN["part"] if one["name"] != "PDFium"])
    unknown = [one for one in sbom.bundled(distribution("pypdfium2")) if one.entry is None]
    assert [Path(one.path).name for one in unknown] in (["libpdfium.so"], ["libpdfium.dylib"], ["pdfium.dll"])


def test_every_licence_is_known_and_may_be_passed_on(bill: dict[str, Any]) -> None:
    here = [one for one in bill["components"] if sbom.installed(one["name"]) is not None]
    assert [one["name"] for one in here if not _licences(one)] == []
    told = {(one["name"], licence) for one in [*here, *_inside(bill)] for licence in _licences(one)}
    assert [one for one in sorted(told) if not may_be_passed_on(one[1])] == []


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ("MIT", True),
        ("MPL-1.1", False),
        ("GPL-2.0-only", False),
        ("GPL-2.0-or-later OR MPL-1.1", True),
        ("MIT AND MPL-1.1", False),
        ("(MIT OR SSPL-1.0) AND BSD-3-Clause", True),
    ],
)
def test_licences_are_weighed_as_they_are_written(expression: str, right: bool) -> None:
    assert may_be_passed_on(expression) is right


def test_the_same_installation_gives_the_same_bytes(bill: dict[str, Any]) -> None:
    assert sbom.bill(ROOT / "requirements.lock") == bill


def _service(folder: Path, says: str, status: int) -> None:
    """A pip-audit that answers what it is told to."""
    program = folder / "pip-audit"
    program.write_text(f"#!/bin/sh\n{says}\nexit {status}\n", encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("says", "ended", "status", "told"),
    [
        ("""echo '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}'""", 0, 0, "0 vulnerabilities"),
        (
            """echo '{"dependencies":[{"name":"a","version":"1","vulns":[{"id":"X-1","fix_versions":["2"]}]}]}'""",
            1,
            1,
            "error: a 1: X-1; mended in 2",
        ),
        ("echo 'no such host' >&2", 1, 2, "could not be asked about every package (no such host)"),
        ("exec tail -f /dev/null", 0, 2, "could not be asked about every package (no answer in 1 seconds)"),
        ("true", 0, 2, "could not be asked about every package (it said nothing)"),
    ],
)
def test_the_audit_says_what_it_knows_and_that_it_could_not_ask(
    says: str,
    ended: int,
    status: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _service(tmp_path, says, ended)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(audit, "_LIMIT", 1 if "tail" in says else 60)
    assert audit.main(("requirements.lock",)) == status
    output = capsys.readouterr()
    assert told in output.out + output.err
