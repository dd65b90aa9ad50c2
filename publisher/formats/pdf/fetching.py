"""What WeasyPrint may read: the publication's resources, the templates' style sheets and fonts, and nothing else.

An edition may come from a stranger, and what it names must neither reach the network nor other files of the machine.
Everything has an address under `BASE`, whose host cannot exist (https://www.rfc-editor.org/rfc/rfc6761#section-6.4);
all others are refused, and refusals are told as errors by `write`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from fontTools.ttLib import woff2  # type: ignore[import-untyped]
from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

from publisher.formats.pdf.addresses import BASE, FORMULAS, RESOURCES, STYLES, SVG
from publisher.model.findings import PublisherError
from publisher.model.publication import Resource
from publisher.rendering.templates import Templates
from publisher.store import Store, digest, file_digest

_GENERIC = re.compile(
    rb"""(?P<before>font-family\s*[:=]\s*["']?(?:[^;"'<>{}]*,)?\s*)(?P<generic>sans-serif|serif|monospace)(?=\s*["';},<])"""
)
_TEMPLATE_FILES = {
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class Fetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint is not typed
    """Answers from what it was given. `refused` keeps the addresses that it was asked for in vain, `failed` why a file
    could not be read or kept: WeasyPrint would go on without it.

    `formulas` are SVG by file name; `styles` are style sheets made for this document, before templates
    of their name; `generics` are the families that a drawing gets for `sans-serif` and its like.
    """

    def __init__(
        self,
        *,
        resources: Mapping[str, Resource],
        formulas: Mapping[str, str],
        styles: Mapping[str, str],
        generics: Mapping[str, str],
        templates: Templates,
        store: Store,
    ) -> None:
        super().__init__(allowed_protocols=["https"], allow_redirects=False)
        self._resources = resources
        self._formulas = formulas
        self._styles = styles
        self._generics = generics
        self._templates = templates
        self._store = store
        self.refused: list[str] = []
        self.failed: list[OSError | PublisherError] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The bytes behind an address under `BASE`. Raises ValueError, and keeps the address, for any other."""
        parts = urlsplit(url)
        path = unquote(parts.path).removeprefix("/")
        if f"{parts.scheme}://{parts.netloc}/" == BASE and "\0" not in path:
            kind, _, name = path.partition("/")
            try:
                answer = self._answer(f"{kind}/", name)
            except (OSError, PublisherError) as problem:
                self.failed.append(problem)
                raise
            if answer is not None:
                body, media_type = answer
                return URLFetcherResponse(url, body, {"Content-Type": media_type})
        self.refused.append(path if url.startswith(BASE) else url)
        raise ValueError("only the edition's own files may be used")

    def _answer(self, kind: str, name: str) -> tuple[bytes, str] | None:
        if kind == RESOURCES and name in self._resources:
            resource = self._resources[name]
            data = resource.path.read_bytes()
            return self._drawing(data) if resource.media_type == SVG else data, resource.media_type
        if kind == FORMULAS and name in self._formulas:
            return self._formulas[name].encode(), SVG
        if kind == STYLES and name in self._styles:
            return self._styles[name].encode(), "text/css"
        if kind == STYLES and PurePosixPath(name).suffix in _TEMPLATE_FILES:
            path = _inside(self._templates, name)
            if path is not None:
                return (
                    self._font(path) if path.suffix == ".woff2" else (path.read_bytes(), _TEMPLATE_FILES[path.suffix])
                )
        return None

    def _drawing(self, data: bytes) -> bytes:
        """A drawing with our fonts in place of the machine's, where it names a generic family."""

        def stack(match: re.Match[bytes]) -> bytes:
            families = self._generics.get(match["generic"].decode(), "")
            return match["before"] + (families.encode() or match["generic"])

        return _GENERIC.sub(stack, data)

    def _font(self, path: Path) -> tuple[bytes, str]:
        """A font unpacked, which takes longer than everything else about it: the store keeps the result."""

        def unpack(target: Path) -> None:
            with path.open("rb") as packed, target.open("wb") as unpacked:
                woff2.decompress(packed, unpacked)

        kept = self._store.keep(digest("unpacked font", version("fonttools"), file_digest(path)), ".ttf", unpack)
        return kept.read_bytes(), "font/ttf"


def _inside(templates: Templates, name: str) -> Path | None:
    """A template's file, unless its name or a symbolic link leads out of the templates' folders."""
    for folder in templates.folders("pdf"):
        path = (folder / name).resolve()
        if path.is_file():
            return path if path.is_relative_to(folder.resolve()) else None
    return None
