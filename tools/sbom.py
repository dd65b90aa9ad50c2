"""`make sbom`: what is installed with the publisher, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).

Every package of requirements.lock with its version, hashes, licence and address as a package URL; and what wheels carry
inside them: programs (pandoc), shared libraries (PDFium, FFmpeg's, espeak-ng), data. What is in a wheel is known by
tools/bundled.toml; what is not is listed as unknown. The same installation gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
KNOWN = tomllib.loads((ROOT / "tools" / "bundled.toml").read_text(encoding="utf-8"))
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_EXTENSION = re.compile(r"\.(?:cpython-[\w-]+|cp\d+-[\w-]+|abi3)\.(?:so|pyd)$")
_MAGIC = (b"\x7fELF", b"MZ\x90\x00", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_DATA = "espeak-ng-data"
_NAMESPACE = uuid.UUID("6c0a2f2e-5a3f-5d0b-9f3e-0d6d1b1e3c11")


@dataclass(frozen=True)
class Locked:
    """A package as the lock file has it; `marker` is the condition under which it is installed."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class Bundled:
    """What a wheel carries: its place in the installation, its digest, its entry in bundled.toml (None: unknown)."""

    path: str
    digest: str
    entry: dict[str, str] | None
    program: bool


def locked(path: Path) -> list[Locked]:
    """The packages of a lock file, in its order."""
    found: list[tuple[str, str, str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if head := _LOCKED.match(line):
            found.append((head[1], head[2], (head[3] or "").strip(), []))
        elif (at := line.find("--hash=sha256:")) >= 0:
            found[-1][3].append(line[at + len("--hash=sha256:") :].split()[0])
    return [Locked(name, version, marker, tuple(hashes)) for name, version, marker, hashes in found]


def installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def licence(name: str, found: Distribution | None) -> str | None:
    """An SPDX expression: that of bundled.toml, else of the package's metadata; None where neither tells one."""
    if name in KNOWN["licences"]:
        return str(KNOWN["licences"][name])
    if found is None:
        return None
    told = found.metadata.get("License-Expression")
    older = found.metadata.get("License", "")
    if told or older in KNOWN["compatible"]["licences"]:
        return str(told or older)
    classes = [
        value.rpartition(" :: ")[2] for value in found.metadata.get_all("Classifier", []) if "License ::" in value
    ]
    named = [KNOWN["classifiers"][one] for one in classes if one in KNOWN["classifiers"]]
    return " AND ".join(sorted(named)) if named and len(named) == len(classes) else None


def bundled(found: Distribution) -> Iterator[Bundled]:
    """The programs, libraries and data that a package's files hold beside its own modules."""
    data: list[str] = []
    for file in sorted(found.files or (), key=str):
        path = Path(str(found.locate_file(file)))
        if _DATA in file.parts and path.is_file():
            data.append(f"{file}\0{_digest(path)}")
            continue
        if path.suffix in (".py", ".pyc", ".pyi") or _EXTENSION.search(path.name) or not path.is_file():
            continue
        with path.open("rb") as opened:
            if opened.read(4) not in _MAGIC:
                continue
        yield Bundled(str(file), _digest(path), _entry(path.name), not re.search(r"\.(so|dylib|dll)\b", path.name))
    if data:
        yield Bundled(_DATA, sha256("\n".join(data).encode()).hexdigest(), _entry(_DATA), program=False)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _entry(name: str) -> dict[str, str] | None:
    plain = name.removesuffix(".exe")
    return next((dict(one) for one in KNOWN["part"] if fnmatchcase(plain, one["file"])), None)


def _version(one: Bundled, found: Distribution) -> str:
    """A part's version: what the program says, what is written beside it, what its file is called; else empty."""
    name = Path(one.path).name
    if one.program and name.startswith("pandoc"):
        program = str(found.locate_file(one.path))
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        return told.stdout.split()[1]
    if name.startswith("libpdfium"):
        told_by = json.loads(Path(str(found.locate_file("pypdfium2_raw/version.json"))).read_text(encoding="utf-8"))
        return ".".join(str(told_by[part]) for part in ("major", "minor", "build", "patch"))
    numbers = re.search(r"\.so\.([\d.]+)$", name)
    return numbers[1] if numbers else ""


def _licences(expression: str | None) -> list[dict[str, Any]]:
    return [{"expression": expression}] if expression else []


def _package(one: Locked, found: Distribution | None) -> dict[str, Any]:
    purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', one.name).lower()}@{one.version}"
    properties = [{"name": "publisher:sha256", "value": value} for value in one.hashes]
    if one.marker:
        properties.append({"name": "publisher:installed-where", "value": one.marker})
    if found is not None and found.version != one.version:
        properties.append({"name": "publisher:licence-as-of", "value": found.version})
    parts = list(bundled(found)) if found is not None and found.version == one.version else []
    told = licence(one.name, found)
    return {
        "type": "library",
        "bom-ref": purl,
        "name": one.name,
        "version": one.version,
        "purl": purl,
        # A lock file has a hash for each of a version's files, of which one is installed.
        "hashes": [{"alg": "SHA-256", "content": value} for value in one.hashes],
        **({"licenses": _licences(told)} if told else {}),
        "properties": properties,
        **({"components": [_part(part, purl, found) for part in parts]} if parts and found is not None else {}),
    }


def _part(one: Bundled, inside: str, found: Distribution) -> dict[str, Any]:
    entry = one.entry or {}
    version = _version(one, found)
    told = entry.get("licence")
    note = entry.get("note", "" if entry else "unknown: tools/bundled.toml has no entry for it")
    kind = "data" if one.path == _DATA else "application" if one.program else "library"
    return {
        "type": kind,
        "bom-ref": f"{inside}#{one.path}",
        "name": entry.get("name", Path(one.path).name),
        **({"version": version} if version else {}),
        "hashes": [{"alg": "SHA-256", "content": one.digest}],
        **({"licenses": _licences(told)} if told else {}),
        "properties": [
            {"name": "publisher:file", "value": one.path},
            *([{"name": "publisher:note", "value": note}] if note else []),
        ],
    }


def bill(lock: Path) -> dict[str, Any]:
    """The whole document. Its serial number is of what it holds, so that it is the same for the same installation."""
    text = (ROOT / "publisher" / "__init__.py").read_text(encoding="utf-8")
    version = re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)[0]
    components = [_package(one, installed(one.name)) for one in locked(lock)]
    own = f"pkg:pypi/concordant-publisher@{version}"
    serial = uuid.uuid5(_NAMESPACE, json.dumps(components, sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "concordant-publisher",
                "version": version,
                "purl": own,
                "licenses": _licences("AGPL-3.0-or-later"),
            },
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": sorted({one["bom-ref"] for one in components})}],
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="make sbom", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "sbom.cdx.json")
    options = parser.parse_args()
    made = bill(ROOT / "requirements.lock")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    inside = [part for one in made["components"] for part in one.get("components", ())]
    unknown = [part["name"] for part in inside if "licenses" not in part]
    print(f"{options.out}: {len(made['components'])} packages, {len(inside)} programs, libraries and data inside them")
    for name in unknown:
        print(f"{name}: warning: is in a wheel and not in tools/bundled.toml; add it", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
