from __future__ import annotations

import pickle

import pytest

from publisher.model.findings import EngineError, Finding, FindingsError, InputError, PublisherError, Severity, errors
from publisher.model.source import Position

PLACE = Position("article.md", 3, 7)
FINDING = Finding("anchor-orphaned", Severity.ERROR, "no such words; quote others", PLACE)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError("no edition x; there are: y"), "error: no edition x; there are: y"),
        (InputError("too complex; shorten it", PLACE), "article.md:3:7: error: too complex; shorten it"),
        (EngineError("espeak", "said nothing", PLACE), "article.md:3:7: error: espeak: said nothing"),
        (FindingsError([FINDING]), "article.md:3:7: error: no such words; quote others"),
    ],
)
def test_errors_are_told_with_their_place_even_from_another_process(error: PublisherError, told: str) -> None:
    travelled = pickle.loads(pickle.dumps(error))
    assert (str(error), str(travelled), type(travelled)) == (told, told, type(error))
    assert travelled.__dict__ == error.__dict__


def test_only_errors_fail_a_command() -> None:
    warning = Finding("link-bare", Severity.WARNING, "an address as link; write words")
    assert errors([warning, FINDING]) == (FINDING,)
    assert str(warning) == "warning: an address as link; write words"
