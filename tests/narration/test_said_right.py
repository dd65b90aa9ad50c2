"""Words said as a lexicon has them; what is shown stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from narration_sample import FRONT, LAYER, publication

from publisher.manuscript.reading import read_edition
from publisher.model.narration import Spoken
from publisher.model.publication import Imprint
from publisher.narration.lexicon import Lexicon
from publisher.narration.script import write_script

LEXICON = Lexicon(
    {
        "en": {
            "Bulboaca": "bull-bwah-ka",
            "Siobhan": "/ʃɪˈvɔːn/",
            "NCA": "N C A",
            "New York": "noo york",
            "tsar": "zar",
        },
        "en-US": {"tsar": "czar"},
        "fr": {"Bulboaca": "boulboaca"},
    }
)


def said(text: str, lang: str = "en-GB") -> list[str]:
    return [run.text for run in LEXICON.say(text, lang)]


def test_a_word_is_respelt_with_the_punctuation_around_it() -> None:
    assert said("They met in (Bulboaca), then left.") == ["They met in", "(bull-bwah-ka),", "then left."]


def test_a_possessive_goes_with_its_word() -> None:
    assert said("Bulboaca’s hall") == ["bull-bwah-ka’s", "hall"]


def test_phonemes_stand_alone_and_cover_what_is_shown() -> None:
    text = "When Siobhan spoke, Siobhan’s voice failed"
    runs = LEXICON.say(text, "en")
    phonemes = [run for run in runs if run.ipa]
    assert [run.text for run in phonemes] == ["ʃɪˈvɔːn", "ʃɪˈvɔːn"]
    assert all(text[run.shown_start : run.shown_end] == "Siobhan" for run in phonemes)


def test_only_whole_words_count() -> None:
    assert said("tsarist tsar tsars") == ["tsarist", "zar", "tsars"]


def test_small_letters_also_stand_at_the_begin_of_a_sentence_and_capitals_only_as_they_are() -> None:
    assert said("Tsar") == ["zar"]
    assert said("bulboaca") == ["bulboaca"]


def test_the_longest_entry_wins() -> None:
    lexicon = Lexicon({"en": {"New": "new", "New York": "noo york"}})
    assert [run.text for run in lexicon.say("New York", "en")] == ["noo york"]


def test_the_lexicon_goes_before_the_normaliser() -> None:
    lexicon = Lexicon({"en": {"km": "klicks"}})
    assert [run.text for run in lexicon.say("In km, far.", "en")] == ["In", "klicks,", "far."]


def test_each_language_has_its_own_and_the_narrower_tag_wins() -> None:
    assert said("Bulboaca", "fr-CA") == ["boulboaca"]
    assert said("tsar", "en-US") == ["czar"]
    assert said("Bulboaca", "de") == ["Bulboaca"]


def test_a_word_within_an_address_is_the_address_s() -> None:
    assert said("See https://example.org/a-tsar-of-New-York and example.org/tsar, or write to tsar@example.org.") == [
        *("See", "example dot org", "and", "example dot org,", "or write to", "tsar at example dot org."),
    ]


def test_an_address_itself_can_stand_in_the_lexicon() -> None:
    lexicon = Lexicon({"en": {"example.org": "our site"}})
    assert [run.text for run in lexicon.say("See example.org.", "en")] == ["See", "our site."]


@given(st.text(alphabet="Bulboac tsar’s.,()-3mNCA \u00a0\n", max_size=60))
def test_runs_stand_in_order_inside_the_text(text: str) -> None:
    runs = LEXICON.say(text, "en", 5)
    ends = [5, *(run.shown_end for run in runs)]
    assert all(end <= run.shown_start <= run.shown_end for end, run in zip(ends, runs, strict=False))
    assert ends[-1] <= len(text) + 5


def edition(folder: Path, article: str, lexicon: str, commentary: str = "") -> Path:
    made = folder / "tides"
    made.mkdir(parents=True)
    (made / "article.md").write_text(FRONT + article, encoding="utf-8")
    (made / "lexicon.yaml").write_text(lexicon, encoding="utf-8")
    if commentary:
        (made / "commentary.md").write_text(LAYER + commentary, encoding="utf-8")
    return made


ARTICLE = """
## Bulboaca again

Bulboaca is *Bul*boaca. [Bulboaca]{say="elsewhere"} wins, and `Bulboaca` is code, not Bulboaca’s hall.

| Bulboaca | b |
|---|---|
| 1 | Bulboaca |
"""
NOTE = '::: {#n-one .note on="not Bulboaca’s" kind="context" by="desk" date="2026-11-20"}\nBulboaca once more.\n:::\n'


def test_headings_cells_notes_and_announcements_say_it_right_but_not_what_say_has(tmp_path: Path) -> None:
    folder = edition(tmp_path, ARTICLE, 'en:\n  Bulboaca: "B!"\n', NOTE)
    script = write_script(read_edition(folder, Imprint()).publication)
    lines = [line for chapter in script.chapters for line in chapter.lines]
    said = {line.id: line.said for line in lines}
    assert said["bulboaca-again-s1"] == "B! again"
    assert said["bulboaca-again-1-s1"] == "B! is B!."
    assert said["bulboaca-again-1-s2"] == "elsewhere wins, and Bulboaca is code, not B!’s hall."
    assert said["n-one-1-s1"] == "B! once more."
    assert "B!" in said["n-one-begin"]
    assert not [line.id for line in lines if "Bulboaca" in line.shown and "B!" not in line.said]


def test_without_a_lexicon_nothing_changes(tmp_path: Path) -> None:
    with_one = read_edition(edition(tmp_path / "a", ARTICLE, "fr:\n  mot: autre\n"), Imprint()).publication
    (tmp_path / "b").mkdir()
    without = publication(tmp_path / "b", ARTICLE)
    assert write_script(with_one).chapters[1:] == write_script(without).chapters[1:]


@pytest.mark.parametrize("text", ["", "…", "Siobhan", "Siobhan."])
def test_a_line_of_nothing_but_a_name_is_said(text: str) -> None:
    runs = LEXICON.say(text, "en")
    assert bool(runs) == ("Siobhan" in text)
    assert all(isinstance(run, Spoken) for run in runs)


@pytest.mark.parametrize("mix", ["default", "plain", "article", "notes-after"])
@pytest.mark.parametrize("name", ["source/upstream", "tests/editions/french"])
def test_no_figure_sign_or_address_of_the_editions_is_left_to_a_voice(name: str, mix: str) -> None:
    """Each was read through, word by word; what is left of it here would have been misread by some voice."""
    edition = Path(__file__).parents[2] / name
    script = write_script(read_edition(edition, Imprint()).publication, mix)
    said = [line.said for chapter in script.chapters for line in chapter.lines]
    assert len(said) > 15
    assert [
        words for words in said if re.search(r"(?<![A-Z])\d|[£€$%&§°@#/]|https?:|www\.|\b(?:etc|vs|approx)\.", words)
    ] == []
