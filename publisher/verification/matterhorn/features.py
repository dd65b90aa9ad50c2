"""What a PDF may hold that only a person can judge: where there is none of it, there is nothing to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pikepdf

from publisher.verification.matterhorn.objects import each, get, name
from publisher.verification.matterhorn.opened import Opened

_HARMLESS = frozenset(("GoTo", "GoToR", "URI"))
_MEDIA = frozenset(("Screen", "Movie", "RichMedia", "3D", "Sound"))


def _actions(file: Opened) -> Iterator[Any]:
    """The actions of the document, its pages and annotations, and those that follow them."""
    waiting: list[Any] = [get(file.root, "/OpenAction"), *_values(get(file.root, "/AA"))]
    waiting.extend(value for page in file.pdf.pages for value in _values(page.obj.get("/AA")))
    for annotation in file.annotations:
        waiting.extend([get(annotation.source, "/A"), *_values(get(annotation.source, "/AA"))])
    for field in file.fields:
        waiting.extend([get(field, "/A"), *_values(get(field, "/AA"))])
    seen = 0
    while waiting and seen < 1_000_000:
        action = waiting.pop()
        if isinstance(action, pikepdf.Dictionary):
            seen += 1
            yield action
            waiting.extend(each(action.get("/Next")))


def _values(thing: Any) -> list[Any]:
    return [value for _, value in thing.items()] if isinstance(thing, pikepdf.Dictionary) else []


def _has_actions(file: Opened) -> bool:
    return any(name(get(action, "/S")) not in _HARMLESS for action in _actions(file))


def _has_scripts(file: Opened) -> bool:
    scripts = get(get(file.root, "/Names"), "/JavaScript") is not None
    return scripts or any(name(get(action, "/S")) == "JavaScript" for action in _actions(file))


def _has_media(file: Opened) -> bool:
    return any(annotation.subtype in _MEDIA for annotation in file.annotations)


def _has_hidden_text(file: Opened) -> bool:
    return any(not shown.rendered for texts in file.contents.texts.values() for shown in texts)


def _has_threads(file: Opened) -> bool:
    return bool(each(get(file.root, "/Threads")))


def _has_forms(file: Opened) -> bool:
    return bool(file.fields) or bool(file.tree.of_type("Form"))


def _has_other_annotations(file: Opened) -> bool:
    return any(annotation.subtype not in ("Link", "Popup") for annotation in file.annotations)


def _has_server_maps(file: Opened) -> bool:
    return any(get(action, "/IsMap") is True for action in _actions(file))


def _has_replaced_figures(file: Opened) -> bool:
    return any(figure.says("/ActualText") for figure in file.tree.of_type("Figure"))


FEATURES: Mapping[str, Callable[[Opened], bool]] = {
    "actions other than following links": _has_actions,
    "annotations other than links": _has_other_annotations,
    "article threads": _has_threads,
    "fields of forms": _has_forms,
    "figures with words in their place": _has_replaced_figures,
    "maps on a server": _has_server_maps,
    "scripts": _has_scripts,
    "sound and film": _has_media,
    "unseen text, as of scanned pages": _has_hidden_text,
}
"""By name, whether a file holds any."""
