"""What `scale.py` measured and predicts, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from machine import in_words
from tabling import table

_UNITS = ((86_400.0, "days"), (3600.0, "h"), (60.0, "min"), (0.0, "s"))
_SIZES = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (0.0, "kB"))


def scale_tables(results: Mapping[str, Any]) -> str:
    """The tables of docs/explanation/scale.md."""
    fleet, prices = results["fleet"], results["prices"]
    return "\n".join(
        [
            f"Measured on {in_words(results['machine'])}, {results['date']}, load {results['load']:g} at the begin.",
            "",
            "### What an edition costs",
            "",
            *table(("Stage", "Milliseconds of a processor", "and for each word"), "lrr", _stages(results["model"])),
            "",
            *table(("Files", "Kilobytes", "and for each word"), "lrr", _bytes(results["model"])),
            "",
            *_others(results["model"]),
            "",
            "### What many cost",
            "",
            _assumed(fleet, prices),
            "",
            *table(
                ("Editions", "Run", "One machine", "Fleet", "The fleet's limit", "A run", "Output", "Store", "A month"),
                "rlrrlrrrr",
                _sizes(results["predictions"]),
            ),
            "",
            *table(
                ("Editions", "Run", "Twice the workers help up to", "What stops them"),
                "rlrl",
                (
                    (f"{one['editions']:,}", one["pass"], f"{one['workers']:,} of them", one["limit"])
                    for one in results["predictions"]
                ),
            ),
            "",
            "### How good that is",
            "",
            *(_checks(results["checks"]) if results.get("checks") else ["Not checked against real runs yet."]),
        ]
    )


def _assumed(fleet: Mapping[str, Any], prices: Mapping[str, Any]) -> str:
    return (
        f"“One machine” is the one above. The fleet is {fleet['workers']} workers of {fleet['cores']} cores, a shared"
        f" place for the output that takes {fleet['bandwidth'] / 1e9:g} GB and {fleet['requests']:g} files a second and"
        f" answers after {fleet.get('latency', 0) * 1000:g} ms, and a scheduler that needs"
        f" {fleet['scheduler'] * 1000:g} ms for a task: assumed. So are the prices of {prices['day']}, in US"
        f" dollars: {prices['core_hour']:g} for a core an hour, {prices['gigabyte_month']:g} for a gigabyte a month,"
        f" {prices['thousand_writes']:g} for a thousand writes or listings, {prices.get('thousand_reads', 0):g} for a"
        f" thousand reads. A month is that of the output; the store is on the"
        " workers' disks, and may be smaller."
    )


def _stages(model: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    lines = {**model["stages"], "all of it, cold": _sum(model["stages"])}
    lines |= {"with one sentence edited": model["edited"], "with nothing changed": model["unchanged"]}
    for name, line in lines.items():
        yield name, f"{line['fixed'] * 1000:.0f}", f"{line['word'] * 1000:.2f}"


def _bytes(model: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    lines = {**model["formats"], "all of them": _sum(model["formats"]), "the store": model["store"]}
    for name, line in lines.items():
        yield name, f"{line['fixed'] / 1000:.0f}", f"{line['word'] / 1000:.2f}"


def _sum(lines: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {part: sum(line[part] for line in lines.values()) for part in ("fixed", "word")}


def _others(model: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"A command has begun its workers after {model.get('launch', 0.0):.1f} s, and a worker needs"
        f" {model['start']:.1f} s before its first edition. With a task on every core, a task takes its"
        f" core for {model['crowding']:.2f} times the seconds above. An edition costs the catalogue"
        f" {model['catalogue'] * 1000:.2f} ms."
    )
    if "disk" in model:
        yield (
            f"The disk reads {model['disk'] / 1e6:.0f} MB a second of finished editions that are in memory no more,"
            " which a night on one machine does, by assumption, once output and store fill more than half of its"
            " memory."
        )


def _sizes(predictions: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    for one in predictions:
        yield (
            f"{one['editions']:,}",
            one["pass"],
            amount(one["alone"], _UNITS),
            amount(one["fleet"], _UNITS),
            one["fleet limit"],
            f"${one['run']:,.2f}",
            amount(one["output"], _SIZES),
            amount(one["store"], _SIZES),
            f"${one['month']:,.2f}",
        )


def _checks(checks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield from table(
        ("Editions", "What", "Predicted", "Real", "Error"),
        "rlrrr",
        (
            (
                f"{one['editions']:,}",
                one["what"],
                f"{one['predicted']:,.4g}",
                f"{one['real']:,.4g}",
                f"{one['error']:+.0%}",
            )
            for one in checks
        ),
    )


def amount(value: float, units: Sequence[tuple[float, str]]) -> str:
    """A number in the largest unit of which it has two, with two figures or more."""
    size, name = next((size, name) for size, name in units if value >= 2 * size)
    if not size:
        size = 1000.0 if name == "kB" else 1.0
    value /= size
    return f"{value:.0f} {name}" if value >= 10 else f"{value:.1f} {name}"
