"""What Welsh, Arabic and Chinese voices would misread."""

from __future__ import annotations

import pytest

from publisher.narration.speaking import say


@pytest.mark.parametrize(
    ("lang", "text", "said"),
    [
        ("zh-Hans", "渡口的灯在1811年2月1日点亮。", ["渡口的灯在", "一八一一年", "2月1日点亮。"]),
        ("zh", "它亮了140年，误差5%。", ["它亮了140年，误差", "百分之5", "。"]),
        ("zh", "水是25℃。", ["水是", "25摄氏度", "。"]),
        ("cy", "mae 28% yn costio £3,500.", ["mae", "28 y cant", "yn costio", "3,500 punt."]),
        ("ar", "ارتفع 28% في عام ١٩٩٠.", ["ارتفع", "28 بالمئة", "في عام ١٩٩٠."]),
        ("ar", "ارتفع ٢٨٪ أمس.", ["ارتفع", "٢٨ بالمئة", "أمس."]),
        ("nl", "het is 5%", ["het is 5%"]),
    ],
)
def test_signs_and_years_are_said_in_words(lang: str, text: str, said: list[str]) -> None:
    runs = say(text, lang)
    assert [run.text for run in runs] == said
    assert [text[run.shown_start : run.shown_end].strip() for run in runs if run.text in text] == [
        run.text for run in runs if run.text in text
    ]


@pytest.mark.parametrize(
    ("lang", "name"), [("es", "corazón rojo"), ("it", "cuore rosso"), ("pt-BR", "coração vermelho"), ("zh", "红心")]
)
def test_pictures_are_named_in_their_language(lang: str, name: str) -> None:
    assert [run.text for run in say("❤️❤️", lang)] == [name]
