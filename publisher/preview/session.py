"""A preview from beginning to end: drafts first, then a draft for every change, until somebody ends it.

One thread, the main one, makes the drafts, one after another. The server's threads only show what the board has; what
they wait for, and what the watch and the whole builds have to tell, comes through the board and a queue.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import traceback
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from signal import SIGINT, SIGTERM

from publisher.build import Built, Order, all_editions
from publisher.interrupting import interruptible
from publisher.messages import tell
from publisher.model.findings import FindingsError, PublisherError
from publisher.preview.addresses import ADDRESS, address_of
from publisher.preview.board import (
    CATALOGUE,
    Board,
    Status,
    Told,
    by_weight,
    counted,
    source_lines,
    told_of,
    told_of_error,
)
from publisher.preview.drafting import Desk, Draft, draft_catalogue
from publisher.preview.serving import Server, Site
from publisher.preview.watching import Scope, Touched, Watch, touched
from publisher.preview.wholes import Outcome, Whole
from publisher.preview.writing import PageWriter
from publisher.rendering.templates import Templates, builtin_templates
from publisher.shelving import update_catalogue

ENDED = "the preview has ended"
DRAFTING, CHECKING = "making a draft", "checking the text"


@dataclass(frozen=True, slots=True)
class Request:
    """What to preview. `orders` are as for builds; `formats` of theirs are those to be made beside the pages.

    `source` is the folder in which new editions count, too, with `ordered` for their orders; None where editions were
    named. `first` is the edition whose address is told, None for the catalogue's. `messages` is how findings are told
    on the terminal.
    """

    orders: tuple[Order, ...]
    out: Path
    port: int
    ordered: Callable[[Path], Order]
    source: Path | None = None
    first: str | None = None
    messages: str | None = None
    open_browser: bool = False


@dataclass(frozen=True, slots=True)
class _Changed:
    """These paths have changed."""

    paths: frozenset[Path]


@dataclass(frozen=True, slots=True)
class _Finished:
    """A whole build has come to its end."""

    order: Order
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Interrupted:
    """Somebody wants the preview to end."""


_Inbox = SimpleQueue[_Changed | _Finished | _Interrupted]


@dataclass
class _Work:
    """What is still to be done, in order."""

    drafts: dict[str, None] = field(default_factory=dict)
    wholes: dict[str, None] = field(default_factory=dict)
    catalogue: bool = True
    listing: bool = False

    def take(self, found: Touched) -> None:
        self.drafts |= dict.fromkeys(sorted(found.editions))
        self.catalogue |= found.catalogue
        self.listing |= found.listing


def preview(request: Request) -> None:
    """Serve and watch until an interrupt (Ctrl-C, or SIGTERM) comes. Nothing of this preview is left behind then.

    Raises KeyboardInterrupt for that, InputError where the port cannot be had or nothing can be watched.
    """
    inbox: _Inbox = SimpleQueue()
    drafts = tempfile.TemporaryDirectory(prefix="publisher-preview-")
    with ended_by_signals(inbox, drafts.cleanup), drafts as scratch:
        session = Session(request, Path(scratch), inbox)
        try:
            session.run()
        finally:
            session.close()


def ended_by_signals(inbox: _Inbox, clear: Callable[[], None]) -> AbstractContextManager[None]:
    """Have SIGTERM end the preview as Ctrl-C does, so that its drafts are cleared away.

    It is told through the inbox, too: an exception that comes in the midst of a library's import or clean-up code can
    be lost there.
    """
    return interruptible(ENDED, (SIGINT, SIGTERM), told=lambda: inbox.put(_Interrupted()), clear=clear)


class Session:
    """One preview. `run` does not come back; `close` ends whatever it has begun."""

    def __init__(self, request: Request, scratch: Path, inbox: _Inbox) -> None:
        self._request = request
        self._scratch = scratch
        self._board = Board()
        self._desks: dict[str, Desk] = {}
        self._about: dict[str, tuple[Told, ...]] = {}
        self._pages = PageWriter()
        self._inbox = inbox
        self._work = _Work()
        self._running: Whole | None = None
        self._watch: Watch | None = None
        self._catalogue = scratch / "catalogue"
        self._catalogue.mkdir()
        site = Site(self._board, (self._catalogue, request.out), Templates())
        self._server = Server(site, request.port)
        self._serving = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._scope = Scope({}, builtin_templates().resolve(), request.out.resolve())

    def run(self) -> None:
        """Serve, watch, make drafts."""
        self._serving.start()
        self._list(self._request.orders)
        self._watch_all()
        self._announce()
        self._draft_catalogue()
        while True:
            self._do()
            self._hear()

    def close(self) -> None:
        """End what is running, and let go of the port."""
        if self._running is not None:
            self._running.end()
        self._pages.end()
        self._board.close()
        if self._watch is not None:
            self._watch.stop()
        if self._serving.is_alive():
            # One that has not begun to serve would be waited for without end.
            self._server.shutdown()
        self._server.server_close()

    def _announce(self) -> None:
        first = self._request.first
        address = f"http://{ADDRESS}:{self._server.port}{address_of((first, '') if first else ('',))}"
        print(f"{address}  (Ctrl-C ends the preview)", flush=True)
        if self._request.open_browser:
            webbrowser.open(address)

    # What there is

    def _list(self, orders: Sequence[Order]) -> None:
        """Take in the editions that are new, and forget those that are gone."""
        for order in orders:
            if order.name not in self._desks:
                desk = Desk(order, self._scratch / "editions" / order.name, self._pages)
                self._desks[order.name] = desk
                there = desk.published()
                self._board.put(_shown(Status(order.name), there) if there else Status(order.name))
                self._work.drafts[order.name] = None
        names = {order.name for order in orders}
        for name in self._desks.keys() - names:
            del self._desks[name]
            self._work.drafts.pop(name, None)
            self._work.wholes.pop(name, None)
        self._board.keep(names)
        folders = {name: desk.order.folder.resolve() for name, desk in self._desks.items()}
        source = self._request.source.resolve() if self._request.source else None
        formats = frozenset(format for order in orders for format in order.formats)
        self._scope = replace(self._scope, editions=folders, source=source, formats=formats)

    def _watch_all(self) -> None:
        """Watch what bears on the editions. Folders that came since are watched from now on."""
        scope = self._scope
        self._request.out.mkdir(parents=True, exist_ok=True)
        deep = {*scope.editions.values(), scope.templates, *([scope.source] if scope.source else [])}
        flat = {scope.out, *(folder.parent for folder in scope.editions.values())}
        before, self._watch = self._watch, None
        self._watch = Watch([*deep], [*flat], lambda paths: self._inbox.put(_Changed(paths)))
        if before is not None:
            before.stop()

    def _hear(self) -> None:
        """Wait for something to happen, and take in all that has."""
        self._take(self._inbox.get())
        while not self._inbox.empty():
            self._take(self._inbox.get())

    def _take(self, message: _Changed | _Finished | _Interrupted) -> None:
        match message:
            case _Interrupted():
                raise KeyboardInterrupt
            case _Changed(paths):
                found = touched(paths, self._scope)
                self._work.take(found)
                # A build of ours that goes into the output says itself when it is done.
                ours = self._running.order.name if self._running else None
                rebuilt = sorted(name for name in found.rebuilt if name != ours and self._desks[name].moved())
                self._work.drafts |= dict.fromkeys(rebuilt)
            case _Finished(order, outcome):
                self._finish(order, outcome)

    # What is done

    def _do(self) -> None:
        """All that is to be done: drafts first, then one whole build, which goes on beside."""
        while True:
            if self._work.listing and self._request.source is not None:
                self._work.listing = False
                before = self._scope.editions
                self._list([self._request.ordered(folder) for folder in all_editions(self._request.source)])
                if self._scope.editions != before:
                    self._watch_all()
            elif self._work.drafts:
                self._draft(next(iter(self._work.drafts)))
            elif self._work.catalogue:
                self._draft_catalogue()
            else:
                break
            while not self._inbox.empty():
                self._take(self._inbox.get())
        self._begin_whole()

    def _draft(self, name: str) -> None:
        del self._work.drafts[name]
        desk, lines = self._desks[name], source_lines()
        self._end_whole(name)
        self._board.doing(name, DRAFTING)
        try:
            draft = desk.draft()
            self._board.change(name, lambda status: replace(_shown(status, draft), doing=CHECKING, failed=False))
            findings = draft.findings()
        except Exception as problem:
            self._failed(name, problem, told_of_error(problem, lines))
            return
        if desk.wants_whole():
            # What an earlier one had to say may be mended, and is said again where it is not.
            self._about.pop(name, None)
            self._work.wholes[name] = None
        told = _once((*told_of(findings, lines), *self._about.get(name, ())))
        self._board.change(name, lambda status: replace(status, doing="", findings=told))
        tell(findings, self._request.messages)
        _say(f"{name}: a draft is made" + (f", {counted(told)}" if told else ""))

    def _failed(self, name: str, problem: Exception, told: tuple[Told, ...]) -> None:
        self._board.change(name, lambda status: replace(status, doing="", failed=True, findings=told))
        if isinstance(problem, FindingsError):
            tell(problem.findings, self._request.messages)
        elif isinstance(problem, PublisherError):
            _say(str(problem))
        else:
            if os.environ.get("PUBLISHER_TRACEBACK"):
                traceback.print_exception(problem)
            _say(f"error: {told[0].message}")
        _say(f"{name}: no draft; the page stays as it was")

    def _draft_catalogue(self) -> None:
        self._work.catalogue = False
        try:
            version = draft_catalogue(self._request.out, self._catalogue)
        except (PublisherError, OSError) as problem:
            _say(str(problem))
            told = told_of_error(problem, source_lines())
            self._board.change(CATALOGUE, lambda status: replace(status, failed=True, findings=told))
        else:
            self._board.put(Status(CATALOGUE, version=version))

    # Whole builds

    def _begin_whole(self) -> None:
        if self._running is not None or not self._work.wholes:
            return
        name = next(iter(self._work.wholes))
        del self._work.wholes[name]
        order = self._desks[name].whole_order()
        self._running = Whole(
            order,
            lambda doing: self._board.doing(name, f"{doing} in the background"),
            lambda outcome: self._inbox.put(_Finished(order, outcome)),
        )

    def _end_whole(self, name: str) -> None:
        if self._running is not None and self._running.order.name == name:
            self._running.end()
            self._running = None

    def _finish(self, order: Order, outcome: Outcome) -> None:
        """Take in what came of a whole build, unless it was ended meanwhile."""
        if self._running is None or self._running.order is not order:
            return
        self._running, name = None, order.name
        self._board.doing(name, "")
        if isinstance(outcome, Built):
            self._about[name] = told_of(outcome.findings, source_lines())
            if order.out == self._request.out:
                update_catalogue(order.out)
                self._work.catalogue = True
            _say(f"{name}: {', '.join(order.formats)} made in the background")
            self._work.drafts[name] = None
        else:
            told = told_of_error(outcome, source_lines())
            self._board.change(name, lambda status: replace(status, findings=_once((*told, *status.findings))))
            _say(str(outcome))


def _shown(status: Status, draft: Draft) -> Status:
    return replace(status, layers=draft.layers, version=draft.version, stale=draft.stale)


def _once(told: Sequence[Told]) -> tuple[Told, ...]:
    """Each of these once, the gravest first."""
    return by_weight(dict.fromkeys(told))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
