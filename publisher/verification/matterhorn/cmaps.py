"""CMaps: from character codes to character identifiers (CIDs) or to Unicode (ISO 32000-1, 9.7.5 and 9.10.3)."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_COLLECTIONS = {
    "GB1": "GB-EUC GBpc-EUC GBK-EUC GBKp-EUC GBK2K UniGB-UCS2 UniGB-UTF16",
    "CNS1": "B5pc HKscs-B5 ETen-B5 ETenms-B5 CNS-EUC UniCNS-UCS2 UniCNS-UTF16",
    "Japan1": "83pv-RKSJ 90ms-RKSJ 90msp-RKSJ 90pv-RKSJ Add-RKSJ EUC Ext-RKSJ UniJIS-UCS2 UniJIS-UCS2-HW UniJIS-UTF16",
    "Korea1": "KSC-EUC KSCms-UHC KSCms-UHC-HW KSCpc-EUC UniKS-UCS2 UniKS-UTF16",
}
IDENTITY = frozenset(("Identity-H", "Identity-V"))
PREDEFINED: dict[str, str] = {
    **{f"{cmap}-{way}": order for order, cmaps in _COLLECTIONS.items() for cmap in cmaps.split() for way in "HV"},
    **dict.fromkeys("HV", "Japan1"),
    **dict.fromkeys(IDENTITY, "Identity"),
}
"""The predefined CMaps and the orderings of the character collections that they belong to (Tables 118 and 119)."""

UNICODE_COLLECTIONS = frozenset(_COLLECTIONS)
"""Orderings of Adobe's collections whose characters are known to every reader."""

TABLES = ("/usr/share/poppler/cMap", "/usr/share/fonts/cmap")
"""Folders in which Debian's package poppler-data keeps the tables of the predefined CMaps, a folder a collection."""

_TOKEN = re.compile(
    rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|/([^\s<>\[\]()/%]+)|([^\s<>\[\]()/%]+)|%[^\r\n]*|\((?:\\.|[^\\)])*\)"
)
_WIDEST = 1 << 16


@dataclass(slots=True)
class CMap:
    """A CMap as read. `spaces` are the ranges of codes by their length in bytes; `singles` and `ranges` what codes
    stand for: bytes (a `ToUnicode` map's UTF-16), or a number (a CID)."""

    spaces: list[tuple[int, int, int]] = field(default_factory=list)
    singles: dict[int, bytes | int] = field(default_factory=dict)
    ranges: list[tuple[int, int, bytes | int]] = field(default_factory=list)
    uses: str = ""
    mode: int = 0
    parent: CMap | None = None

    def cid(self, code: int) -> int | None:
        """The CID of a code; None where neither the CMap nor its parent says anything of it."""
        found = self._find(code)
        if isinstance(found, int):
            return found
        return None if self.parent is None else self.parent.cid(code)

    def unicode(self, code: int) -> str | None:
        """The characters of a code; None where the CMap says nothing of it."""
        found = self._find(code)
        return found.decode("utf-16-be", "replace") if isinstance(found, bytes) else None

    def values(self) -> Iterator[str]:
        """Every text that a `ToUnicode` map gives; of a range the first and the last."""
        for told in self.singles.values():
            if isinstance(told, bytes):
                yield told.decode("utf-16-be", "replace")
        for begin, end, told in self.ranges:
            if isinstance(told, bytes):
                yield told.decode("utf-16-be", "replace")
                yield _raised(told, end - begin).decode("utf-16-be", "replace")

    def split(self, codes: bytes) -> Iterable[int]:
        """A string's codes, by the ranges of codes; two bytes each where none are given."""
        if not self.spaces and self.parent is not None:
            return self.parent.split(codes)
        if not self.spaces and len(codes) % 2 == 0:
            return struct.unpack(f">{len(codes) // 2}H", codes)
        return self._split(codes)

    def _split(self, codes: bytes) -> Iterator[int]:
        lengths = sorted({length for length, _, _ in self.spaces}) or [2]
        at = 0
        while at < len(codes):
            for length in lengths:
                code = int.from_bytes(codes[at : at + length], "big")
                if any(wide == length and _within(code, low, high, wide) for wide, low, high in self.spaces):
                    break
            else:
                length, code = lengths[0], int.from_bytes(codes[at : at + lengths[0]], "big")
            yield code
            at += length

    def _find(self, code: int) -> bytes | int | None:
        if code in self.singles:
            return self.singles[code]
        for begin, end, told in self.ranges[: bisect_right(self.ranges, code, key=lambda found: found[0])][::-1]:
            if begin <= code <= end:
                return told + code - begin if isinstance(told, int) else _raised(told, code - begin)
        return None


def _within(code: int, low: int, high: int, length: int) -> bool:
    """Whether each byte of a code lies between those of the range's ends."""
    ends = zip(*(value.to_bytes(length, "big") for value in (low, code, high)), strict=True)
    return all(least <= byte <= most for least, byte, most in ends)


def _raised(text: bytes, by: int) -> bytes:
    """A range's text, its last unit raised."""
    last = int.from_bytes(text[-2:], "big") + by
    return text[:-2] + (last % _WIDEST).to_bytes(2, "big") if text else text


def predefined(called: str) -> CMap | None:
    """The table of a predefined CMap, complete with those that it uses, where this machine has it; else None."""
    return _predefined(called, TABLES)


@cache
def _predefined(called: str, folders: tuple[str, ...]) -> CMap | None:
    path = next((path for folder in folders for path in sorted(Path(folder).glob(f"*/{called}"))), None)
    if path is None:
        return None
    table = read_cmap(path.read_bytes())
    if table.uses:
        table.parent = _predefined(table.uses, folders)
    return table if table.parent is not None or not table.uses else None


def read_cmap(data: bytes) -> CMap:
    """A CMap's stream, as far as it can be understood."""
    made = CMap()
    kept: list[tuple[str, bytes]] = []
    for found in _TOKEN.finditer(data):
        digits, opening, closing, called, word = found.groups()
        if digits is not None:
            packed = b"".join(digits.split())
            kept.append(("code", bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode())))
        elif opening or closing:
            kept.append(("[" if opening else "]", b""))
        elif called is not None:
            kept.append(("name", called))
        elif word is not None:
            _word(made, word.decode("latin-1"), kept)
    made.ranges.sort(key=lambda one: one[0])
    return made


def _word(made: CMap, word: str, kept: list[tuple[str, bytes]]) -> None:
    """An operator takes what stands before it; anything else is kept for the next."""
    match word:
        case "endcodespacerange":
            codes = [value for kind, value in kept if kind == "code"]
            made.spaces.extend(
                (len(low), int.from_bytes(low, "big"), int.from_bytes(high, "big"))
                for low, high in zip(codes[::2], codes[1::2], strict=False)
            )
        case "endbfchar" | "endcidchar":
            for code, told in _grouped(kept, 2):
                made.singles[_number(code)] = _told(told)
        case "endbfrange" | "endcidrange":
            _ranges(made, kept)
        case "usecmap" if kept and kept[-1][0] == "name":
            made.uses = kept[-1][1].decode("latin-1")
        case "def":
            if len(kept) > 1 and kept[-2] == ("name", b"WMode") and kept[-1][1].isdigit():
                made.mode = int(kept[-1][1])
        case _ if word.startswith("begin"):
            pass
        case _:
            kept.append(("word", word.encode("latin-1")))
            return
    kept.clear()


def _ranges(made: CMap, kept: list[tuple[str, bytes]]) -> None:
    at = 0
    while at + 2 < len(kept):
        begin, end = _number(kept[at]), _number(kept[at + 1])
        at += 2
        if kept[at][0] != "[":
            made.ranges.append((begin, end, _told(kept[at])))
            at += 1
            continue
        at += 1
        while at < len(kept) and kept[at][0] != "]":
            made.singles[begin] = _told(kept[at])
            begin += 1
            at += 1
        at += 1


def _grouped(kept: list[tuple[str, bytes]], size: int) -> Iterator[tuple[tuple[str, bytes], ...]]:
    plain = [one for one in kept if one[0] in ("code", "word", "name")]
    yield from zip(*(plain[start::size] for start in range(size)), strict=False)


def _number(token: tuple[str, bytes]) -> int:
    return int.from_bytes(token[1], "big") if token[0] == "code" else int(token[1]) if token[1].isdigit() else -1


def _told(token: tuple[str, bytes]) -> bytes | int:
    return token[1] if token[0] == "code" else _number(token)
