"""YAML as plain data: bounded, positioned, nothing constructed."""

from __future__ import annotations

import pytest

from publisher.manuscript.yaml_data import MAX_DEPTH, MAX_NODES, read_yaml
from publisher.model.findings import FindingsError
from publisher.model.source import Position


def refusal(text: str, first_line: int = 1) -> tuple[str, str]:
    with pytest.raises(FindingsError) as caught:
        read_yaml(text, "a.md", first_line)
    (finding,) = caught.value.findings
    return finding.check, str(finding)


def test_scalars_are_read_as_people_mean_them() -> None:
    text = "a: [1, -20, no, 003, 1.10, 2026-11-20, true, ~, '5', 0x1F, 1_000]\nb:\nc: |\n  x\n  y\n"
    assert read_yaml(text, "a.md").value == {
        "a": [1, -20, "no", "003", "1.10", "2026-11-20", True, None, "5", "0x1F", "1_000"],
        "b": None,
        "c": "x\ny\n",
    }


def test_nothing_is_an_empty_mapping() -> None:
    assert read_yaml("", "a.md").value == {}
    assert read_yaml("# a comment\n", "a.md").value == {}


def test_every_key_and_item_has_its_place() -> None:
    data = read_yaml("title: x\nlist:\n  - name: y\n    role: z\n", "a.md", first_line=2)
    assert data.place(("title",)) == Position("a.md", 2, 1)
    assert data.place(("list", 0)) == Position("a.md", 4, 5)
    assert data.place(("list", 0, "role")) == Position("a.md", 5, 5)
    assert data.place(("list", 0, "nothing", "such")) == Position("a.md", 4, 5)


def test_aliases_are_followed() -> None:
    assert read_yaml("a: &x [1, 2]\nb: *x", "a.md").value == {"a": [1, 2], "b": [1, 2]}


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    rows += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    check, message = refusal("\n".join(rows))
    assert check == "yaml-limit"
    assert f"{MAX_NODES:,} values" in message
    assert message.startswith("a.md:6:")


def test_an_alias_of_itself_is_refused() -> None:
    assert refusal("a: &a [*a]")[0] == "yaml-syntax"


def test_deep_nesting_is_refused() -> None:
    assert refusal("a: " + "[" * 100_000)[0] == "yaml-limit"
    read_yaml("a: " + "[" * (MAX_DEPTH - 2) + "]" * (MAX_DEPTH - 2), "a.md")


def test_too_much_yaml_is_refused() -> None:
    assert refusal("a: " + "x" * 1_000_001)[0] == "yaml-limit"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b: c", "a.md:7:5"),
        ("a: 1\n b: 2", "a.md:8:2"),
        ("a: 1\nb:\n\t- 2", "a.md:9:1"),
        ("a: 1: 2", "a.md:7:5"),
        ("a: [b\nc: d", "a.md:7:4"),
        ("a: 'b\nc: d", "a.md:7:4"),
        ("\ta: b", "a.md:7:1"),
        ("a: *b", "a.md:7:4"),
        ("@a: b", "a.md:7:1"),
        ("a: \x07", "a.md:7:4"),
        ('a: "\\0"', "a.md:7:4"),
        ("a: 1\n---\nb: 2", "a.md:8:1"),
    ],
)
def test_what_is_not_yaml_is_told_with_line_and_column(text: str, place: str) -> None:
    check, message = refusal(text, first_line=7)
    assert check == "yaml-syntax"
    assert message.startswith(f"{place}: error: ")
    assert "; " in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: T\n subtitle: S", "a.md:2:2: error: not YAML (indented further than the line above); begin it below"),
        ("a:\n\t- b", "a.md:2:1: error: not YAML (a tab); indent with spaces"),
        ("a:\n  b: c\n    d: e", "a.md:3:5: error: not YAML (indented further than the line above); begin it below"),
        ("a: b: c", "a.md:1:5: error: not YAML (mapping values are not allowed in this context); put quotes round"),
        ("a: b\n  c d: e: f", "a.md:2:6: error: not YAML (mapping values are not allowed in this context); put quotes"),
    ],
)
def test_what_authors_get_wrong_most_is_told_in_their_words(text: str, told: str) -> None:
    assert refusal(text)[1].startswith(told)


@pytest.mark.parametrize("text", ["- a", "just words", "? [a]\n: b"])
def test_only_mappings_with_words_as_keys_are_taken(text: str) -> None:
    assert refusal(text)[0] == "yaml-mapping"


def test_a_key_written_twice_is_refused() -> None:
    assert refusal("a: 1\nb: 2\na: 3") == ("yaml-duplicate-key", "a.md:3:1: error: the key a stands twice; keep one")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!str", "!own"])
def test_tags_are_refused(tag: str) -> None:
    assert refusal(f"a: {tag} x")[0] == "yaml-tag"
