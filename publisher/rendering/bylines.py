"""Who made an edition, in the words of its language."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.model.publication import Publication
from publisher.rendering.words import Words


def bylines(publication: Publication, words: Words) -> Iterator[tuple[str, str]]:
    """Who made the edition, a line a role with its name: “By …”, “Illustrator: …”, “With commentary by …”."""
    by_role: dict[str, list[str]] = {}
    for creator in publication.metadata.creators:
        by_role.setdefault(creator.role, []).append(creator.name)
    for role, names in by_role.items():
        joined = words("separator").join(names)
        label = words.role(role)
        yield role, words("by", names=joined) if role == "aut" else f"{label}: {joined}" if label else joined
    editors = dict.fromkeys(editor.name for layer in publication.layers for editor in layer.editors)
    if editors:
        yield "commentary", words("commentary-by", names=words("separator").join(editors))
