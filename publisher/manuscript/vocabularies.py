"""Closed vocabularies that front matter is checked against: CSL's types and variables, MARC's relators."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CSL_TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage
    """.split()
)
"""https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types"""

CSL_NAMES = frozenset(
    """
    author chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author
    performer producer recipient reviewed-author script-writer series-creator translator
    """.split()
)
"""https://docs.citationstyles.org/en/stable/specification.html#name-variables"""

CSL_DATES = frozenset("accessed available-date event-date issued original-date submitted".split())
"""https://docs.citationstyles.org/en/stable/specification.html#date-variables"""

CSL_VARIABLES = (
    CSL_NAMES
    | CSL_DATES
    | frozenset(
        """
        DOI ISBN ISSN PMCID PMID URL abstract annote archive archive-place archive_collection archive_location
        authority call-number categories chapter-number citation-key citation-label citation-number collection-number
        collection-title container-title container-title-short custom dimensions division edition event event-place
        event-title first-reference-note-number genre id issue journalAbbreviation jurisdiction keyword language
        locator medium note number number-of-pages number-of-volumes original-publisher original-publisher-place
        original-title page page-first part part-title printing publisher publisher-place references reviewed-genre
        reviewed-title scale section shortTitle source status supplement title title-short type version volume
        volume-title volume-title-short year-suffix
        """.split()
    )
)
"""https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables"""

MARC_RELATORS = frozenset(
    """
    abr acp act adi adp aft anl anm ann ant ape apl app aqt arc ard arr art asg asn ato att auc aud aue aui aup aus aut
    bdd bjd bka bkd bkp blw bnd bpd brd brl bsl cad cas ccp chr cli cll clr clt cmm cmp cmt cnd cng cns coe col com con
    cor cos cot cou cov cpc cpe cph cpl cpt cre crp crr crt csl csp cst ctb cte ctg ctr cts ctt cur cwt dbd dbp dfd dfe
    dft dgc dgg dgs dis djo dln dnc dnr dpc dpt drm drt dsr dst dtc dte dtm dto dub edc edd edm edt egr elg elt eng enj
    etr evp exp fac fds fld flm fmd fmk fmo fmp fnd fpy frg gdv gis grt his hnr hst ill ilu ink ins inv isb itr ive ivr
    jud jug kad lbr lbt ldr led lee lel len let lgd lie lil lit lsa lse lso ltg ltr lyr mcp mdc med mfp mfr mka mod mon
    mrb mrk msd mte mtk mup mus mxe nan nrt onp opn org orm osp oth own pad pan pat pbd pbl pdr pfr pht plt pma pmn pnc
    pop ppm ppt pra prc prd pre prf prg prm prn pro prp prs prt prv pta pte ptf pth ptt pup rap rbr rcd rce rcp rdd red
    ren res rev rpc rps rpt rpy rse rsg rsp rsr rst rth rtm rxa sad scl scr sds sec sfx sgd sgn sht sll sng spk spn spy
    srv std stg stl stm stn str swd tad tau tcd tch ths tld tlg tlh tlp trc trl tyd tyg uvp vac vdg vfx vie voc wac wal
    wam wat waw wdc wde win wit wpr wst wts
    """.split()
)
"""https://www.loc.gov/marc/relators/relaterm.html"""

ROLES = {
    "annotator": "ann",
    "artist": "art",
    "author": "aut",
    "collaborator": "ctb",
    "commentator": "cmm",
    "compiler": "com",
    "contributor": "ctb",
    "copy editor": "red",
    "cover designer": "cov",
    "designer": "dsr",
    "editor": "edt",
    "illustrator": "ill",
    "interviewee": "ive",
    "interviewer": "ivr",
    "narrator": "nrt",
    "photographer": "pht",
    "proofreader": "pfr",
    "publisher": "pbl",
    "researcher": "res",
    "reviewer": "rev",
    "translator": "trl",
    "typographer": "tyg",
    "writer": "aut",
}
"""English words for relators that editions often need."""

NOTE_KINDS = ("context", "fact-check", "definition", "aftermath", "perspective")
"""The kinds of note that formats name in words; others are shown as written."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that somebody who wrote `word` may have meant."""
    folded = {name.lower(): name for name in sorted(known, reverse=True)}
    found = difflib.get_close_matches(word.lower(), sorted(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None
