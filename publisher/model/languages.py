"""What formats must know of a language: which way it is written."""

from __future__ import annotations

from typing import Literal

_RTL_SCRIPTS = frozenset(
    "adlm arab aran armi avst chrs cprt elym hatr hebr hung khar lydi mand mani mend merc mero narb nbat nkoo ougr "
    "palm phli phlp phnx prti rohg samr sarb sogd sogo syrc thaa yezi".split()
)
_RTL_LANGUAGES = frozenset(
    "ar aeb arc ary arz apc acm acw afb ajp ars azb bal bcc bgn bqi ckb dv fa glk hbo he iw ji khw ks lrc luz mzn nqo "
    "pes pnb prs ps pbt sam sd skr sdh syr tmr ug ur xmn yi".split()
)


def direction(lang: str) -> Literal["ltr", "rtl"]:
    """The base direction of a language given as a BCP 47 tag: by its script where the tag names one, else by the
    script that the language is mostly written in. https://www.w3.org/International/questions/qa-html-dir"""
    primary, *rest = lang.lower().split("-")
    for subtag in rest:
        if len(subtag) == 1:
            break
        if len(subtag) == 4 and subtag.isalpha():
            return "rtl" if subtag in _RTL_SCRIPTS else "ltr"
    return "rtl" if primary in _RTL_LANGUAGES else "ltr"
