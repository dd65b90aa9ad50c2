"""A fourth engine is a file, that of the manual: put beside the others, it is offered, chosen, heard and verified."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from publisher.build import Order, build_edition
from publisher.narration import voices
from publisher.narration.voices import available_voices, engines, spoken_name, voice_from_name
from publisher.store import Store
from publisher.verification.verdicts import Verdict
from publisher.verify import Request, verify_edition

MINIMAL = Path(__file__).parent.parent / "editions" / "minimal"
PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "add-a-voice.md"


@pytest.fixture
def whistle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "engines"
    folder.mkdir()
    program = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    (folder / "whistle.py").write_text(program, encoding="utf-8")
    monkeypatch.setattr(voices, "__path__", [*voices.__path__, str(folder)])
    voices._modules.cache_clear()
    yield
    voices._modules.cache_clear()
    sys.modules.pop("publisher.narration.voices.whistle", None)


def test_without_the_file_there_are_three() -> None:
    assert list(engines()) == ["espeak", "piper", "gtts"]


@pytest.mark.usefixtures("whistle")
def test_with_it_there_are_four() -> None:
    assert list(engines()) == ["espeak", "piper", "gtts", "whistle"]
    assert "whistle" in [offer.name for offer in available_voices()]
    assert spoken_name(voice_from_name("whistle,pitch=7")) == "Whistle"


@pytest.mark.usefixtures("whistle")
def test_an_edition_is_made_with_it_and_holds(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    order = Order(MINIMAL, tmp_path / "build", store, ("audio",), voice="whistle,pitch=3")
    build_edition(order, lambda *_: None)
    verification = verify_edition(Request(MINIMAL, tmp_path / "build", store=store))
    assert [str(one) for one in verification.findings if one.severity.value == "error"] == []
    assert verification.verdict is Verdict.CONSISTENT
    assert "Whistle" in (tmp_path / "build" / "minimal" / "minimal.vtt").read_text("utf-8")
