"""The rule of imports: they point down only, formats are strangers to each other, readers to writers.

cli → build and its helpers → formats, verification, catalogue → manuscript, narration, rendering → store, processes
→ interrupting → strangers → holding → model.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import publisher

ROOT = Path(publisher.__file__).parent

LAYERS = (
    {"model"},
    {"holding"},
    {"strangers"},
    {"interrupting"},
    {"store", "processes"},
    {"manuscript", "narration", "rendering"},
    {"formats", "verification", "catalogue"},
)
"""From below. Whatever else stands in publisher/ is of the driving layer above these, and `cli` is above that."""

HEAVY = (
    "av",
    "dask",
    "distributed",
    "ebooklib",
    "fsspec",
    "gtts",
    "jinja2",
    "langcodes",
    "lxml",
    "num2words",
    "numpy",
    "pikepdf",
    "PIL",
    "pydantic",
    "pypandoc",
    "pypdfium2",
    "pyphen",
    "rich",
    "s3fs",
    "soundfile",
    "watchfiles",
    "weasyprint",
    "yaml",
    "ziamath",
)


def _sources() -> dict[str, str]:
    """Every module of the package by its dotted name, and its text."""
    modules = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = ["publisher", *path.relative_to(ROOT).with_suffix("").parts]
        if parts[-1] == "__init__":
            parts.pop()
        modules[".".join(parts)] = path.read_text(encoding="utf-8")
    return modules


def imports_of(name: str, modules: Mapping[str, str], packages: set[str]) -> set[str]:
    """The modules of the package that a module imports, wherever in it the import stands."""
    return {found for found in _imports(name, modules, packages) if found in modules and found != name}


def _imports(name: str, modules: Mapping[str, str], packages: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(modules[name])):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                around = name.split(".")
                parent = around[: len(around) - node.level + (name in packages)]
                base = ".".join([*parent, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                yield whole if whole in modules else base


def _part(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def _layer(name: str) -> int:
    part = _part(name)
    for number, layer in enumerate(LAYERS):
        if part in layer:
            return number
    return len(LAYERS) + (part in {"cli", "__main__", "arguments", "commands"})


def _format(name: str, packages: set[str]) -> str | None:
    """The format that a module belongs to; None for what all formats share."""
    parts = name.split(".")
    folder = ".".join(parts[:3])
    return parts[2] if parts[1:2] == ["formats"] and len(parts) > 2 and folder in packages else None


def violations(modules: Mapping[str, str]) -> list[str]:
    """Every import that breaks the rule, as `importer imports imported: why`."""
    packages = {name.rsplit(".", 1)[0] for name in modules if "." in name}
    graph = {name: imports_of(name, modules, packages) for name in modules}
    found = []
    for name, imported in sorted(graph.items()):
        for other in sorted(imported):
            why = _breaks(name, other, packages)
            if why:
                found.append(f"{name} imports {other}: {why}")
    return found + _readers(graph)


def _breaks(name: str, other: str, packages: set[str]) -> str | None:
    if other == "publisher" or name == "publisher":
        return None
    own, theirs = _layer(name), _layer(other)
    if theirs > own:
        return "it stands above"
    driving = len(LAYERS)
    if own == theirs and _part(name) != _part(other) and own < driving:
        return "it stands beside"
    mine, its = _format(name, packages), _format(other, packages)
    if mine is not None and its is not None and mine != its:
        return "formats never import each other"
    return None


def _readers(graph: Mapping[str, set[str]]) -> list[str]:
    """A format's reader reaches the model, what opens strangers' files, and what no writer reaches: else one mistake
    would cancel itself."""
    writers = [name for name in graph if name.startswith("publisher.formats.") and name.endswith(".write")]
    written = set().union(*(_reach(name, graph) for name in writers)) if writers else set()
    found = []
    for name in sorted(graph):
        if not (name.startswith("publisher.formats.") and name.endswith(".read")):
            continue
        for other in sorted(_reach(name, graph)):
            if other.startswith(("publisher.model", "publisher.strangers", "publisher.holding.confining")) or other in {
                "publisher",
                "publisher.formats",
            }:
                continue
            if _part(other) != "formats":
                found.append(f"{name} reaches {other}: a reader knows the model and nothing else")
            elif other in written:
                found.append(f"{name} reaches {other}: its writer does, too")
    return found


def _reach(name: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        for other in graph[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def test_imports_point_down_only() -> None:
    assert violations(_sources()) == []


def test_the_model_imports_the_standard_library_alone() -> None:
    for name, text in _sources().items():
        if name.startswith("publisher.model"):
            for node in ast.walk(ast.parse(text)):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                for imported in names:
                    top = imported.split(".")[0]
                    assert top in sys.stdlib_module_names or imported.startswith("publisher.model"), (
                        f"{name}: {imported}"
                    )


def test_importing_the_command_line_imports_no_heavy_library() -> None:
    script = f"import sys, publisher.cli; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


CLEAN = {
    "publisher": "",
    "publisher.cli": "from publisher.build import build",
    "publisher.build": "from publisher.formats import FORMATS\nfrom publisher.progress import Tell",
    "publisher.progress": "",
    "publisher.store": "from publisher.model.findings import InputError",
    "publisher.model": "",
    "publisher.model.findings": "",
    "publisher.manuscript": "",
    "publisher.manuscript.reading": "from publisher.model.findings import Finding",
    "publisher.rendering": "",
    "publisher.rendering.body": "from . import words",
    "publisher.rendering.words": "",
    "publisher.formats": "",
    "publisher.formats.document": "from publisher.model import findings",
    "publisher.formats.epub": "",
    "publisher.formats.epub.write": "from publisher.rendering.body import Body\nfrom .package import Package",
    "publisher.formats.epub.package": "",
    "publisher.formats.epub.read": "from publisher.formats.document import read\nimport publisher.model.findings",
    "publisher.formats.pdf": "",
    "publisher.formats.pdf.write": "",
}


def test_a_house_in_order_breaks_no_rule() -> None:
    assert violations(CLEAN) == []


@pytest.mark.parametrize(
    ("module", "planted", "told"),
    [
        ("publisher.model.findings", "import publisher.store", "it stands above"),
        ("publisher.manuscript.reading", "from publisher import formats", "it stands above"),
        ("publisher.manuscript.reading", "def f():\n    from publisher.rendering.body import Body", "it stands beside"),
        ("publisher.rendering.body", "from ..manuscript import reading", "it stands beside"),
        ("publisher.build", "from publisher.cli import main", "it stands above"),
        ("publisher.formats.pdf.write", "from publisher.formats.epub import package", "never import each other"),
        ("publisher.formats.pdf.write", "from ..epub.package import Package", "never import each other"),
        ("publisher.formats.epub.read", "from publisher.rendering.body import Body", "the model and nothing else"),
        ("publisher.formats.epub.read", "from publisher.store import Store", "the model and nothing else"),
        ("publisher.formats.epub.read", "from publisher.formats.epub.package import Package", "its writer does, too"),
        ("publisher.formats.document", "from publisher.rendering import words", "the model and nothing else"),
    ],
)
def test_a_planted_violation_is_caught(module: str, planted: str, told: str) -> None:
    found = violations({**CLEAN, module: f"{CLEAN[module]}\n{planted}\n"})
    assert found
    assert any(told in one for one in found)
    assert all(one.startswith((f"{module} ", "publisher.formats.epub.read ")) for one in found)
