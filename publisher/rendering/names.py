"""Short names for long things: what a list of blocks or a quotation has room for."""

from __future__ import annotations

from publisher.model.blocks import Block, CodeBlock, DefinitionList, Figure, List, Table, Worded, images, walk
from publisher.model.inlines import OBJECT
from publisher.rendering.words import Words


def shorten(words: str, length: int) -> str:
    """Words cut after a whole word, with an ellipsis, where they are longer than `length` characters."""
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > length // 2 else cut).rstrip(" ,.;:–—-") + "…"


def block_name(block: Block, words: Words, length: int = 80) -> str:
    """What a reader would know a block by: its first words, else its kind."""
    kind = _kind(block, words)
    nodes = list(walk(block.caption)) if isinstance(block, Figure | Table) and block.caption else list(walk((block,)))
    for node in nodes:
        if isinstance(node, Worded):
            first = " ".join(node.text.replace(OBJECT, " ").split())
            if first:
                return shorten(f"{kind}: {first}" if kind else first, length)
    for node in nodes:
        for image in images(node):
            if image.alternative:
                return shorten(f"{kind}: {image.alternative}" if kind else image.alternative, length)
    if isinstance(block, CodeBlock) and block.code.strip():
        return shorten(f"{kind}: {block.code.strip().splitlines()[0]}", length)
    return kind or words("unnamed-part")


def _kind(block: Block, words: Words) -> str:
    match block:
        case Figure():
            return words("unnamed-figure")
        case Table():
            return words("unnamed-table")
        case List() | DefinitionList():
            return words("unnamed-list")
        case CodeBlock():
            return words("unnamed-code")
        case _:
            return ""
