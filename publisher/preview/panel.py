"""The panel that pages get: what is being made, what there is to say of the source, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from publisher.model.findings import Severity
from publisher.preview.addresses import EVENTS, SCRIPT, STYLES
from publisher.preview.board import CATALOGUE, Board, Status, counted
from publisher.rendering.templates import Templates
from publisher.store import digest

_NOTHING = Markup("")
WORDS = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Remark"}


@dataclass(frozen=True, slots=True)
class View:
    """What a page is told: the version of its files, one line in words, and the findings as markup.

    `digest` is that of the findings: who has put these away is not shown them again. `grave` says that one of them is
    an error, so that they are shown unasked.
    """

    version: str
    said: str
    panel: Markup = _NOTHING
    digest: str = ""
    grave: bool = False

    def data(self) -> dict[str, str | bool]:
        """As the page's script takes it."""
        told: dict[str, str | bool] = {"version": self.version, "said": self.said, "panel": str(self.panel)}
        return told | {"digest": self.digest, "grave": self.grave}


def view_of(board: Board, name: str, templates: Templates) -> View:
    """What the pages of an edition are told; those of the catalogue are told of all editions."""
    shown = board.status(name)
    if shown is None:
        return View("", "not watched: start the preview without EDITION, or with this one")
    about = board.editions() if name == CATALOGUE else (shown,)
    parts = [status for status in about if status.findings]
    said = "; ".join(filter(None, (_said(status, named=name == CATALOGUE) for status in about))) or "up to date"
    found = [finding for status in parts for finding in status.findings]
    panel = templates.render("preview", "panel.html", parts=parts, named=name == CATALOGUE, words=WORDS).strip()
    told: list[Any] = [[one.severity.value, one.message, one.place] for one in found]
    grave = any(one.severity is Severity.ERROR for one in found)
    return View(shown.version, said, Markup(panel), digest(told), grave)  # noqa: S704 - rendered with escaping


def _said(status: Status, *, named: bool) -> str:
    """One line on an edition; on the catalogue nothing of one that is as it should be."""
    parts: list[str] = []
    if status.failed and status.version:
        parts.append("no new draft can be made, this page is the last good one")
    elif status.failed:
        parts.append("no draft can be made")
    if status.doing:
        parts.append(status.doing)
    elif not (status.failed or named):
        parts.append("up to date")
    if found := counted(status.findings):
        parts.append(found)
    if status.stale and not (named or status.doing):
        parts.append(f"older than the text: {_listed(status.stale)}")
    return f"{status.name}: {', '.join(parts)}" if named and parts else "; ".join(parts)


def _listed(formats: Sequence[str]) -> str:
    names = {"epub": "EPUB", "pdf": "PDF", "daisy": "DAISY", "docx": "DOCX"}
    return ", ".join(names.get(name, name) for name in formats)


def panel_markup(view: View, name: str, templates: Templates) -> str:
    """What is put into a page: the panel, in a tree of its own so that page and panel do not meet, and the script."""
    return templates.render(
        "preview",
        "inject.html",
        view=view,
        events=f"{EVENTS}?edition={quote(name, safe='')}",
        script=SCRIPT,
        styles=STYLES,
    )


def waiting_page(name: str, templates: Templates) -> str:
    """The page that stands in for one that is not made yet."""
    return templates.render("preview", "waiting.html", edition=name)
