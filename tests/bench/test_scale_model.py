"""The model of many editions: lines through what was measured, and a queue that is played through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scale_model import (
    CLOUD,
    Fleet,
    Line,
    Model,
    Prices,
    Task,
    asking_here,
    cold_tasks,
    first_limit,
    fit,
    nightly_far_tasks,
    nightly_tasks,
    play,
    predict,
)

MODEL = Model(
    stages={"reading": Line(0.5, 0.0), "pdf": Line(1.0, 0.01)},
    unchanged=Line(0.05, 0.0),
    edited=Line(1.0, 0.0),
    formats={"pdf": Line(10_000, 100)},
    files=10,
    store=Line(1_000, 10),
    store_files=Line(5, 1),
    crowding=1.0,
    start=2.0,
    catalogue=0.001,
)
WORDS = [100, 200, 150]


def test_a_line_goes_through_what_lies_on_one() -> None:
    assert fit([(100, 2.0), (200, 3.0), (300, 4.0)]) == Line(pytest.approx(1.0), pytest.approx(0.01))


@pytest.mark.parametrize("points", [[(100, 3.0), (200, 2.0)], [(100, 0.5), (200, 3.0)]])
def test_no_part_of_a_line_is_below_nothing(points: list[tuple[float, float]]) -> None:
    line = fit(points)
    assert line.fixed >= 0
    assert line.word >= 0


def test_a_queue_on_one_core_takes_the_sum_and_on_two_the_half() -> None:
    tasks = [Task(3.0, 0, 0, 100)] * 10
    assert play(tasks, Fleet(1, 1), start=1.0, catalogue=0.0).seconds == pytest.approx(31.0)
    assert play(tasks, Fleet(1, 2), start=1.0, catalogue=0.0).seconds == pytest.approx(16.0)


def test_the_longest_edition_begins_first() -> None:
    tasks = [Task(1.0, 0, 0, 100)] * 4 + [Task(4.0, 0, 0, 400)]
    assert play(tasks, Fleet(1, 2), start=0.0, catalogue=0.0).seconds == pytest.approx(4.0)


def test_what_was_edited_is_not_known_beforehand() -> None:
    tasks = [Task(1.0, 0, 0, 400)] * 4 + [Task(4.0, 0, 0, 100)]
    assert play(tasks, Fleet(1, 2), start=0.0, catalogue=0.0).seconds == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("fleet", "limit"),
    [
        (Fleet(1, 2), "processors"),
        (Fleet(100, 10, bandwidth=1e5), "the place of the output"),
        (Fleet(100, 10, requests=10), "the place of the output"),
        (Fleet(100, 10, scheduler=0.5), "the scheduler"),
    ],
)
def test_the_limit_is_what_is_busy_longest_and_the_run_takes_no_less(fleet: Fleet, limit: str) -> None:
    played = predict(MODEL, 1000, WORDS, fleet, cold_tasks)
    assert played.limit == limit
    assert played.seconds >= max(played.busy.values())
    # What is not the limit is done meanwhile, but for the begin, the end and the catalogue.
    assert played.seconds < 1.2 * max(played.busy.values()) + played.busy["the catalogue"] + 10


def test_a_bundle_of_editions_takes_as_long_as_each_by_itself() -> None:
    tasks = cold_tasks(MODEL, [WORDS[number % 3] for number in range(600)])
    single = play(tasks, Fleet(1, 2), start=0.0, catalogue=0.001)
    bundled = play(tasks[:300], Fleet(1, 2), start=0.0, catalogue=0.001, times=2)
    assert bundled.seconds == pytest.approx(single.seconds, rel=0.01)


def test_a_night_costs_what_changed_and_a_look_at_the_rest() -> None:
    tasks = nightly_tasks(MODEL, [100] * 1000)
    assert sum(task.seconds for task in tasks) == pytest.approx(10 * 1.0 + 990 * 0.05)
    # Every file is read, changed or not, where no record vouches for an edition.
    assert sum(task.bytes for task in tasks) == pytest.approx(MODEL.output(100) * 1010)
    far = nightly_far_tasks(MODEL, [100] * 1000)
    assert sum(task.files for task in far) == pytest.approx(10 * 3 * MODEL.files + 990 * 3)


def test_more_workers_help_until_something_else_is_the_limit() -> None:
    limit, workers = first_limit(MODEL, 100_000, WORDS, CLOUD, cold_tasks)
    assert limit != "processors"
    assert workers > 8
    half, enough, twice = (
        predict(MODEL, 100_000, WORDS, replace(CLOUD, workers=count), cold_tasks).seconds
        for count in (workers // 2, workers, 2 * workers)
    )
    assert enough <= 0.95 * half
    assert twice > 0.95 * enough


def test_a_catalogue_that_takes_long_stops_no_workers_before_it() -> None:
    """It comes after all else, so more workers shorten what is before it."""
    slow = replace(MODEL, catalogue=MODEL.unchanged.fixed / 8)
    limit, workers = first_limit(slow, 100_000, WORDS, replace(CLOUD, workers=1), nightly_far_tasks)
    assert limit == "the catalogue"
    played = predict(slow, 100_000, WORDS, replace(CLOUD, workers=workers // 2), nightly_far_tasks)
    assert played.busy["the catalogue"] > played.busy["processors"]


def test_answers_that_are_waited_for_hold_a_core() -> None:
    tasks = [Task(1.0, 0, 0, 100, answers=5)] * 4
    assert play(tasks, Fleet(1, 2, latency=0.1), start=0.0, catalogue=0.0).seconds == pytest.approx(3.0)
    near, far = (predict(MODEL, 1000, WORDS, fleet, nightly_far_tasks) for fleet in (Fleet(), Fleet(latency=0.02)))
    # Its manifest and what the last catalogue has of it, eight at a time.
    assert far.busy["the catalogue"] - near.busy["the catalogue"] == pytest.approx(1000 * 2 * 0.02 / 8)


def test_few_editions_are_limited_by_something_else_than_many() -> None:
    assert first_limit(MODEL, 4, WORDS, CLOUD, cold_tasks)[0] in {"the longest edition", "starting"}


def test_a_night_waits_for_the_disk_once_the_memory_does_not_hold_what_stands() -> None:
    slow = replace(MODEL, disk=1e5)  # an edition of 150 words has 25,000 bytes, and 2,500 in the store
    few, many = (asking_here(slow, editions, WORDS, 2, 10e6) for editions in (100, 1000))
    assert (few.bandwidth, many.bandwidth) == (float("inf"), 1e5)
    seconds = [predict(slow, 1000, WORDS, one, nightly_tasks).seconds for one in (few, many)]
    assert seconds[1] > 1000 * 25_000 / 1e5 > 2 * seconds[0]


def test_money_is_for_the_whole_fleet_and_each_request() -> None:
    played = play([Task(3600.0, 0, 0, 100)], Fleet(2, 4), start=0.0, catalogue=0.0)
    prices = Prices(core_hour=0.1, thousand_writes=0.01, thousand_reads=0.001)
    assert prices.run(played, Fleet(2, 4), 2000, 3000) == pytest.approx(0.8 + 0.02 + 0.003)
    assert Prices(gigabyte_month=0.02).month(5e9) == pytest.approx(0.1)


def test_a_fleet_without_a_core_is_refused() -> None:
    with pytest.raises(ValueError, match="core"):
        Fleet(1, 0)


def test_a_command_begins_its_workers_after_itself() -> None:
    with_launch = replace(MODEL, launch=0.75)
    near, far = (predict(model, 10, WORDS, Fleet(), cold_tasks).seconds for model in (MODEL, with_launch))
    assert far == pytest.approx(near + 0.75)
