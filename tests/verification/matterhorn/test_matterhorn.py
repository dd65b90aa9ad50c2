"""Every condition of the Matterhorn Protocol 1.1 that a program can decide has a file that meets it and no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matterhorn_fonts as fonts
import pikepdf
import pytest
from matterhorn_pdf import Sample
from matterhorn_spoils import COMPANIONS, SPOILS, cmap, field, form_object
from pikepdf import Array, Dictionary, Name
from weasyprint import HTML

from publisher.model.findings import InputError
from publisher.verification.matterhorn.catalogue import BY_NUMBER, CHECKPOINTS, CONDITIONS, Decided
from publisher.verification.matterhorn.checking import CHECKS, failures, features
from publisher.verification.matterhorn.features import FEATURES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "pdf"


def save(sample: Sample, path: Path, **options: Any) -> Path:
    sample.pdf.save(path, **options)
    return path


def numbers(path: Path) -> set[str]:
    return {failure.number for failure in failures(path)}


def test_the_sample_fails_nothing(tmp_path: Path) -> None:
    path = save(Sample(), tmp_path / "valid.pdf")
    assert failures(path) == ()
    assert features(path) == ()


@pytest.mark.parametrize("number", sorted(CHECKS.keys() - {"26-001", "26-002"}), ids=lambda one: f"{one}-error")
def test_each_condition_is_found_where_it_is_met_and_no_other(number: str, tmp_path: Path) -> None:
    sample = Sample()
    SPOILS[number](sample)
    found = failures(save(sample, tmp_path / f"{number}-error.pdf"))
    told = {failure.number: failure.where for failure in found}
    assert number in told
    assert set(told) - {number} == COMPANIONS.get(number, set()), told
    assert all(told.values())


# 26 Security


def _encrypted(path: Path, *, accessible: bool) -> Path:
    allowed = pikepdf.Permissions(accessibility=accessible, extract=False)
    return save(
        Sample(),
        path,
        encryption=pikepdf.Encryption(owner="keeper", user="", R=3, aes=False, metadata=False, allow=allowed),
    )


def test_encryption_that_lets_assistive_technology_in_is_no_fault(tmp_path: Path) -> None:
    assert numbers(_encrypted(tmp_path / "26-002-valid.pdf", accessible=True)) == set()


def test_encryption_that_keeps_assistive_technology_out_is_a_fault(tmp_path: Path) -> None:
    assert numbers(_encrypted(tmp_path / "26-002-error.pdf", accessible=False)) == {"26-002"}


def test_encryption_that_does_not_say_what_is_allowed_is_a_fault(tmp_path: Path) -> None:
    path = _encrypted(tmp_path / "26-001-error.pdf", accessible=True)
    data = path.read_bytes()
    assert data.count(b" /P -") == 1
    path.write_bytes(data.replace(b" /P -", b" /X -"))
    assert numbers(path) == {"26-001"}


def test_a_file_that_is_locked_is_refused(tmp_path: Path) -> None:
    path = save(Sample(), tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="keeper", user="reader"))
    with pytest.raises(InputError, match="is locked with a password; save it without one"):
        failures(path)


def test_a_file_that_is_no_pdf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.pdf"
    path.write_text("words")
    with pytest.raises(InputError, match="is no PDF that can be read"):
        failures(path)


# What looks like a fault and is none


def _hidden_annotation(sample: Sample) -> None:
    sample.annotate("Text", None, F=2)
    sample.seal()


def _annotation_off_the_page(sample: Sample) -> None:
    sample.annotate("Text", None)["/Rect"] = Array([900, 900, 950, 950])
    sample.seal()


def _mapped_by_way_of_another(sample: Sample) -> None:
    sample.elements["P"].S = Name.Verse
    sample.root.RoleMap = Dictionary(Verse=Name.Line, Line=Name.P)


def _cells_that_name_their_heads(sample: Sample) -> None:
    for called, id in (("TH", "left"), ("second TH", "right")):
        del sample.elements[called]["/A"]
        sample.elements[called].ID = id
    for called, id in (("TD", "left"), ("second TD", "right")):
        sample.elements[called].A = Dictionary(O=Name.Table, Headers=Array([id]))


def _scope_by_class(sample: Sample) -> None:
    sample.root.ClassMap = Dictionary(Head=Dictionary(O=Name.Table, Scope=Name.Column))
    del sample.elements["TH"]["/A"]
    sample.elements["TH"].C = Name.Head


def _unseen_text_in_a_font_of_the_readers(sample: Sample) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    sample.page.obj.Resources.Font.G = sample.pdf.make_indirect(font)
    sample.paint(sample.elements["P"], "BT /G 9 Tf 3 Tr (AB) Tj ET")
    sample.seal()


def _numbered_form_painted_once(sample: Sample) -> None:
    made = form_object(sample, b"/Span <</MCID 0>> BDC 0 0 9 9 re f EMC", StructParents=99)
    sample.elements["P"].K.append(Dictionary(Type=Name.MCR, Stm=made, Pg=sample.page.obj, MCID=0))
    sample.operators.append("/X Do")
    sample.seal()


def _form_that_an_element_refers_to(sample: Sample) -> None:
    made = form_object(sample, b"0 0 9 9 re f")
    sample.elements["Figure"].K.append(Dictionary(Type=Name.OBJR, Obj=made, Pg=sample.page.obj))
    sample.operators.append("/X Do")
    sample.seal()


def _parent_tree_in_parts(sample: Sample) -> None:
    whole = sample.root.ParentTree.Nums
    parts = [
        Dictionary(Nums=Array(list(whole)[at : at + 2]), Limits=[at // 2, at // 2]) for at in range(0, len(whole), 2)
    ]
    sample.root.ParentTree = Dictionary(Kids=Array([sample.pdf.make_indirect(part) for part in parts]))


def _embedded_cmap(sample: Sample) -> None:
    font = fonts.composite(sample.pdf)
    cmap(sample, font)
    sample.use(font, "<00010002>")


def _map_from_cids_to_glyphs(sample: Sample) -> None:
    font = fonts.composite(sample.pdf)
    inner = font.DescendantFonts[0]
    inner.CIDToGIDMap = sample.pdf.make_stream(bytes([0, 0, 0, 2, 0, 1]))
    inner.W = Array([1, 1, 700, 2, Array([600])])
    sample.use(font, "<00010002>")


def _font(make: Callable[..., Any], *arguments: Any, **more: Any) -> Callable[[Sample], None]:
    return lambda sample: sample.use(make(sample.pdf, *arguments, **more))


def _described_field(sample: Sample) -> None:
    field(sample).Alt = "Your name"


def _language_of_a_mark(sample: Sample) -> None:
    del sample.pdf.Root.Lang
    del sample.pdf.Root.Outlines
    sample.document.Lang = "en"
    sample.pdf.Root.Metadata.write(sample.pdf.Root.Metadata.read_bytes().replace(b"x-default", b"en-GB"))


VALID: dict[str, Callable[[Sample], None]] = {
    "02-001": _mapped_by_way_of_another,
    "01-005-form": _form_that_an_element_refers_to,
    "01-005-parents": _parent_tree_in_parts,
    "11-001": _language_of_a_mark,
    "15-003-headers": _cells_that_name_their_heads,
    "15-003-class": _scope_by_class,
    "28-002-hidden": _hidden_annotation,
    "28-002-outside": _annotation_off_the_page,
    "28-005": _described_field,
    "30-002": _numbered_form_painted_once,
    "31-006": _embedded_cmap,
    "31-004": _map_from_cids_to_glyphs,
    "31-009-unseen": _unseen_text_in_a_font_of_the_readers,
    "31-012": _font(fonts.postscript, "/A/B"),
    "31-012-none": _font(fonts.postscript),
    "31-014": lambda sample: sample.use(fonts.composite(sample.pdf, kind="CIDFontType0"), "<00010002>"),
    "31-016-drawn": _font(fonts.drawn),
    "31-018": _font(fonts.latin),
    "31-018-mac": _font(fonts.latin, {(1, 0): fonts.LATIN}),
    "31-022": _font(fonts.latin, Encoding=Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[0x41, Name.A])),
    "31-026": _font(fonts.symbols),
    "31-026-one": _font(fonts.symbols, {(1, 0): fonts.LATIN}),
}


@pytest.mark.parametrize("name", VALID, ids=lambda one: f"{one}-valid")
def test_what_is_allowed_is_no_fault(name: str, tmp_path: Path) -> None:
    sample = Sample()
    VALID[name](sample)
    assert {one.number: one.where for one in failures(save(sample, tmp_path / f"{name}-valid.pdf"))} == {}


def test_the_width_of_a_drawn_letter_is_compared(tmp_path: Path) -> None:
    sample = Sample()
    sample.use(fonts.drawn(sample.pdf, width=610))
    assert numbers(save(sample, tmp_path / "31-016-drawn-error.pdf")) == {"31-016"}


# Files of other programs


def test_a_file_that_another_program_made_to_conform_fails_nothing() -> None:
    assert failures(FIXTURES / "typst.pdf") == ()


def test_a_browsers_file_has_the_faults_that_are_known_of_it() -> None:
    assert numbers(FIXTURES / "browser.pdf") >= {"06-001", "28-012"}


def test_the_faults_of_weasyprints_own_tags_are_found(tmp_path: Path) -> None:
    html = """<html lang="en"><title>Lamp</title><style>@page { @top-left { content: "head" } }</style>
    <h1>Lamp</h1><p>Words<a href="#n"><sup>1</sup></a> <img alt="" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'
    width='9' height='9'><path d='M0 0h9v9z'/></svg>"></p><p id="n">A note</p></html>"""
    path = tmp_path / "weasyprint.pdf"
    HTML(string=html).write_pdf(path, pdf_variant="pdf/ua-1")
    assert numbers(path) == {"01-005", "13-004", "28-011"}


# The catalogue


def test_the_catalogue_lists_every_condition_of_the_protocol_once() -> None:
    assert len(CONDITIONS) == len(BY_NUMBER) == 137
    assert list(BY_NUMBER) == sorted(BY_NUMBER)
    assert sum(not condition.people for condition in CONDITIONS) == 87
    assert sum(condition.decided is Decided.NOTHING for condition in CONDITIONS) == 2
    assert {condition.checkpoint for condition in CONDITIONS} == set(CHECKPOINTS) == set(range(1, 32))


def test_what_the_catalogue_says_is_decided_from_the_file_has_a_check_and_nothing_else_has() -> None:
    assert {condition.number for condition in CONDITIONS if condition.decided is Decided.FILE} == set(CHECKS)
    assert {condition.number for condition in CONDITIONS if not condition.people} <= set(CHECKS)
    for number, check in CHECKS.items():
        assert (check.__doc__ or "").startswith(number)


def test_what_is_decided_by_absence_names_what_is_absent() -> None:
    assert {one.by for one in CONDITIONS if one.decided is Decided.ABSENT} == set(FEATURES)


FEATURED: dict[str, Callable[[Sample], Any]] = {
    "actions other than following links": lambda sample: _act(sample, Dictionary(S=Name.Named, N=Name.NextPage)),
    "annotations other than links": lambda sample: _annotate(sample, "Text"),
    "article threads": lambda sample: sample.pdf.Root.update({"/Threads": Array([Dictionary()])}),
    "fields of forms": lambda sample: field(sample, TU="Your name"),
    "figures with words in their place": lambda sample: sample.elements["Figure"].update({"/ActualText": "A"}),
    "maps on a server": lambda sample: sample.annotations[0][0].A.update({"/IsMap": True}),
    "scripts": lambda sample: _act(sample, Dictionary(S=Name.JavaScript, JS="app.beep()")),
    "sound and film": lambda sample: _annotate(sample, "Screen"),
    "unseen text, as of scanned pages": _unseen_text_in_a_font_of_the_readers,
}


def _act(sample: Sample, action: Any) -> None:
    sample.pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([sample.page.obj, Name.Fit]), Next=action)


def _annotate(sample: Sample, subtype: str) -> None:
    sample.annotate(subtype, sample.add("Annot", sample.document), Contents="Words")
    sample.seal()


@pytest.mark.parametrize("name", FEATURES)
def test_what_only_people_can_judge_is_seen_where_it_is(name: str, tmp_path: Path) -> None:
    sample = Sample()
    FEATURED[name](sample)
    assert name in features(save(sample, tmp_path / "feature.pdf"))
