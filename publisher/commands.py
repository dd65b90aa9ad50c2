"""What each command does with its options: arguments in, exit status out. Stages are imported when they are needed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publisher.formats import FORMATS
from publisher.interrupting import INTERRUPTED
from publisher.model.findings import Finding, FindingsError, InputError, PublisherError, errors
from publisher.model.mixes import CHOSEN_MIXES

if TYPE_CHECKING:
    from publisher.build import Built, Order

DONE, FINDINGS = 0, 1
"""Exit statuses; a command that cannot be carried out raises."""


def say(findings: Sequence[Finding], options: argparse.Namespace) -> None:
    """Tell findings as the options ask for it."""
    from publisher.messages import tell

    # What is meant for a program stays free of annotations for another.
    tell(findings, "lines" if getattr(options, "json", False) else getattr(options, "messages", None))


def _folders(options: argparse.Namespace, *, made: bool = False) -> list[Path]:
    """The folders of the editions that were named, each once, or all. Raises InputError where there is none, and for
    two of one name where something is `made` of them."""
    from publisher.build import all_editions, check_names, find_edition

    named = [find_edition(name, options.source) for name in options.editions]
    folders = named or all_editions(options.source)
    if not folders:
        raise InputError(f"no edition in {options.source}; make one with `publisher new NAME`")
    found = list({folder.resolve(): folder for folder in folders}.values())
    if made:
        check_names(found)
    return found


def _layers(options: argparse.Namespace) -> tuple[str, ...] | None:
    if options.layer is None:
        return None
    return tuple(name for name in options.layer if name != "none")


def _formats(listed: str | None) -> tuple[str, ...]:
    if listed is None:
        return FORMATS
    wanted = [name.strip() for name in listed.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise InputError(f"no format {', '.join(unknown) or 'given'}; choose from {', '.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in wanted)


def _mixes(listed: Sequence[str] | None) -> tuple[str, ...] | None:
    """The mixes to make; None for those that the source asks for."""
    if listed is None:
        return None
    wanted = [name.strip() for one in listed for name in one.split(",") if name.strip()]
    always = ("default", "plain", "none")
    unknown = [name for name in wanted if name not in (*CHOSEN_MIXES, *always)]
    if unknown or not wanted:
        raise InputError(f"no mix {', '.join(unknown) or 'given'}; choose from {', '.join(CHOSEN_MIXES)}, or none")
    return tuple(mix for mix in CHOSEN_MIXES if mix in wanted)


def _build(options: argparse.Namespace) -> int:
    if options.executor == "dask" or options.scheduler:
        return _build_on_cluster(options)
    for place in (options.source, options.out):
        _folder_here(place)
    return _build_here(options)


def _folder_here(place: Any) -> None:
    if not isinstance(place, Path):
        raise InputError(f"{place} is an address; add --executor dask --scheduler ADDRESS, or give a folder")


def _build_on_cluster(options: argparse.Namespace) -> int:
    from publisher.cluster.command import Asked, build
    from publisher.cluster.tasks import Choices

    if options.executor != "dask" or not options.scheduler:
        raise InputError("--executor dask and --scheduler ADDRESS go together; add the other one")
    chosen = Choices(
        _formats(options.format),
        options.voice,
        _layers(options),
        options.offline,
        _mixes(options.mix),
        options.opus,
    )
    source, out = str(options.source), str(options.out)
    asked = Asked(options.scheduler, source, out, tuple(options.editions), chosen)
    return build(asked, lambda findings: say(findings, options), as_json=options.json, explain=options.explain)


def _build_here(options: argparse.Namespace) -> int:
    from publisher.build import Order
    from publisher.fingerprint import program
    from publisher.shelving import update_catalogue
    from publisher.store import default_store
    from publisher.summary import summary
    from publisher.tidying import look_after

    formats, mixes = _formats(options.format), _mixes(options.mix)
    store, jobs = default_store(), max(1, options.jobs)
    choices = formats, options.voice, _layers(options), jobs, options.offline, mixes, options.opus
    by = program()
    orders = [Order(folder, options.out, store, *choices, by=by) for folder in _folders(options, made=True)]
    results: list[dict[str, Any]] = []
    status = DONE
    # Closed here: builds that go on beside are not to outlive an interrupt until somebody forgets them.
    with closing(_outcomes(orders, jobs, quiet=options.json)) as outcomes:
        for order, built in zip(orders, outcomes, strict=True):
            results.append(_told(order, built, options))
            if isinstance(built, PublisherError):
                # One edition's failure must not keep the others from being built; the worst status is returned.
                status = max(status, built.exit_status)
    # Told before anything else can fail.
    if options.json:
        print(json.dumps({"editions": results}, ensure_ascii=False, indent=1), flush=True)
    elif len(results) > 1:
        print(summary(results), flush=True)
    if any("error" not in result for result in results):
        update_catalogue(options.out)
        look_after(store)
    return status


def _told(order: Order, built: Built | PublisherError, options: argparse.Namespace) -> dict[str, Any]:
    """Tell what came of an order; the same as data."""
    if isinstance(built, PublisherError):
        say(built.findings, options) if isinstance(built, FindingsError) else print(built, file=sys.stderr)
        return {"name": order.name, "error": str(built)}
    if not options.json:
        say(built.findings, options)
        for reason in built.reasons if options.explain else ():
            print(f"{built.name}: {reason}")
        done = f"{len(built.files)} files in {built.folder}" if built.fresh else "nothing changed"
        print(f"{built.name}: {done}")
    return (
        {"name": built.name, "folder": str(built.folder), "files": built.files, "changed": built.fresh}
        | {"findings": [str(finding) for finding in built.findings]}
        | ({"reasons": [asdict(reason) for reason in built.reasons]} if options.explain else {})
    )


def _outcomes(orders: Sequence[Order], jobs: int, *, quiet: bool) -> Generator[Built | PublisherError, None, None]:
    """What comes of each order, in their order: several side by side, or one by one with all that it has to tell."""
    from publisher.build import build_all, build_edition
    from publisher.failing import as_failure
    from publisher.progress import progress

    if len(orders) > 1 and jobs > 1:
        with progress(f"{len(orders)} editions", quiet=quiet) as tell:
            yield from build_all(orders, tell, jobs)
        return
    for order in orders:
        try:
            with progress(order.name, quiet=quiet) as tell:
                built = build_edition(order, tell)
        except Exception as problem:
            yield as_failure(problem, order.name)
        else:
            yield built


def _verify(options: argparse.Namespace) -> int:
    from publisher.standing import stands

    folders = _folders(options, made=True)
    settings = [_layers(options), options.voice, options.conformance, options.listen]
    if options.changed:
        standing = [folder for folder in folders if stands(folder, options.out, settings)]
        for folder in standing:
            print(f"{folder.name}: consistent, nothing changed since it was verified", file=sys.stderr)
        folders = [folder for folder in folders if folder not in standing]
        if not folders:
            return DONE
    return _verify_now(options, folders, settings)


def _verify_now(options: argparse.Namespace, folders: Sequence[Path], settings: list[Any]) -> int:
    from publisher.standing import CONSISTENT, remember, standing_key
    from publisher.store import default_store
    from publisher.verify import Request, verify_all

    store = default_store()
    choices = _layers(options), options.voice, store, options.conformance, options.listen
    requests = [Request(folder, options.out, *choices) for folder in folders]
    kept = [] if options.against or options.where else folders
    before = [standing_key(folder, options.out, settings, reports=False) for folder in kept]
    result = verify_all(requests, against=options.against, where=options.where)
    for folder, key, data in zip(kept, before, result.data, strict=False):
        # What changed meanwhile was perhaps not what was looked at.
        same = standing_key(folder, options.out, settings, reports=False) == key
        remember(folder, options.out, settings, data["verdict"] if same else f"not {CONSISTENT}: it changed")
    if options.json:
        print(json.dumps({"editions": result.data}, ensure_ascii=False, indent=1))
    else:
        say(result.findings, options)
        print("\n".join(result.lines))
    return FINDINGS if errors(result.findings) else DONE


def _check(options: argparse.Namespace) -> int:
    from publisher.build import read_imprint_of
    from publisher.manuscript.checking import check
    from publisher.manuscript.reading import read_edition

    found: list[Finding] = []
    for folder in _folders(options):
        try:
            imprint, findings = read_imprint_of(folder)
            reading = read_edition(folder, imprint, _layers(options))
            findings = check(reading.publication, (*findings, *reading.findings))
        except FindingsError as problem:
            findings = problem.findings
        found.extend(findings)
        if not options.json:
            say(findings, options)
            print(f"{folder.name}: {_count(findings)}")
    if options.json:
        print(json.dumps({"findings": [_as_data(finding) for finding in found]}, ensure_ascii=False, indent=1))
    return FINDINGS if errors(found) else DONE


def _count(findings: Sequence[Finding]) -> str:
    if not findings:
        return "nothing to report"
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.severity.value] = counts.get(finding.severity.value, 0) + 1
    return ", ".join(f"{number} {severity}{'s' if number > 1 else ''}" for severity, number in sorted(counts.items()))


def _as_data(finding: Finding) -> dict[str, Any]:
    position = finding.position
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": position.path if position else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
    }


def _script(options: argparse.Namespace) -> int:
    from publisher.build import read_imprint_of
    from publisher.manuscript.reading import read_edition
    from publisher.narration.casting import voice_for
    from publisher.narration.printing import script_data, script_lines
    from publisher.narration.script import MIXES, write_script

    if options.mix not in (*MIXES, *CHOSEN_MIXES):
        raise InputError(f"no mix {options.mix}; choose one of {', '.join((*MIXES, *CHOSEN_MIXES))}")
    scripts = []
    for folder in _folders(options):
        imprint, _ = read_imprint_of(folder)
        publication = read_edition(folder, imprint, _layers(options)).publication
        script = write_script(publication, options.mix, voice_for(publication.metadata, options.voice))
        scripts.append({"name": folder.name, **script_data(script)})
        if not options.json:
            lines = [line for chapter in script.chapters for line in chapter.lines]
            print(f"{folder.name}: {len(lines)} lines, {sum(len(line.said.split()) for line in lines)} words")
            print("\n".join(script_lines(script)))
    if options.json:
        print(json.dumps({"editions": scripts}, ensure_ascii=False, indent=1))
    return DONE


def _new(options: argparse.Namespace) -> int:
    from publisher.manuscript.starting import new_edition

    folder = new_edition(options.name, options.source)
    print(f"{folder}: write in article.md and commentary.md, then run `publisher build {options.name}`")
    return DONE


def _import(options: argparse.Namespace) -> int:
    from publisher.manuscript.importing import import_file, read_file
    from publisher.strangers.guarding import guarded

    report = import_file(
        options.file,
        options.name,
        options.source,
        lang=options.lang,
        read=lambda file, lang: guarded(read_file, file, lang, shown=str(file)),
    )
    say(report.findings, options)
    print(f"{report.folder}: {', '.join(report.files)}")
    print(report.advice)
    return DONE


def _voices(options: argparse.Namespace) -> int:
    from publisher.narration.voices import available_voices

    if options.fetch is not None:
        return _fetch_voice(options.fetch)
    offers = _remote_offers(options.remote) if options.remote is not None else available_voices()
    if options.json:
        print(json.dumps({"voices": [asdict(offer) for offer in offers]}, ensure_ascii=False, indent=1))
    else:
        for offer in offers:
            print(f"{offer.name}: {offer.description}" + (f"; {offer.missing}" if offer.missing else ""))
    return DONE


def _fetch_voice(name: str) -> int:
    from publisher.narration.voices.fetching import fetch_voice, voices_folder
    from publisher.progress import progress

    with progress(name, quiet=False) as tell:
        path = fetch_voice(name, voices_folder(), lambda at, of: tell("fetching", at, of))
    print(f"{path}: use it with --voice piper:{name}")
    return DONE


def _remote_offers(lang: str) -> Sequence[Any]:
    from publisher.narration.voices.contract import Offer
    from publisher.narration.voices.fetching import remote_voices

    voices = sorted(remote_voices().values(), key=lambda voice: voice.name)
    found = [voice for voice in voices if voice.lang.lower().startswith(lang.lower())]
    if not found:
        known = ", ".join(sorted({voice.lang for voice in voices}))
        raise InputError(f"Piper has no voice for {lang}; its languages are: {known}")
    return [
        Offer(
            f"piper:{voice.name}",
            f"{voice.lang}, quality {voice.quality}, {voice.size / 1e6:.0f} MB"
            + (f", {voice.speakers} speakers" if voice.speakers > 1 else ""),
            missing=f"fetch it with: publisher voices --fetch {voice.name}",
        )
        for voice in found
    ]


def _preview(options: argparse.Namespace) -> int:
    from publisher.build import Order
    from publisher.forking import load_ahead
    from publisher.formats import loading
    from publisher.holding.here import stays_here
    from publisher.store import default_store

    folders, formats, store = _folders(options), _formats(options.format), default_store()
    layers = _layers(options)
    if not stays_here():
        load_ahead(loading(("web",)))  # what writes the drafts begins with all that it needs
    from publisher.preview.session import ENDED, Request, preview

    def ordered(folder: Path) -> Order:
        return Order(folder, options.out, store, formats, options.voice, layers, offline=options.offline)

    request = Request(
        orders=tuple(map(ordered, folders)),
        out=options.out,
        port=options.port,
        ordered=ordered,
        source=None if options.editions else options.source,
        first=folders[0].name if options.editions else None,
        messages=options.messages,
        open_browser=options.open,
    )
    try:
        preview(request)
    except KeyboardInterrupt:
        print(ENDED, file=sys.stderr)
        return INTERRUPTED
    return DONE


def _completion(options: argparse.Namespace) -> int:
    from publisher.arguments import parser
    from publisher.completing import script

    print(script(parser(), options.shell))
    return DONE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "verify": _verify,
    "check": _check,
    "script": _script,
    "new": _new,
    "import": _import,
    "voices": _voices,
    "preview": _preview,
    "completion": _completion,
}
"""By the names that `publisher.arguments` has for them."""
