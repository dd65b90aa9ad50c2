from __future__ import annotations

import gc
from pathlib import Path

import pdf_sample
import pytest

from publisher.formats.pdf import layout
from publisher.formats.pdf.write import write
from publisher.model.findings import EngineError


@pytest.mark.parametrize("failing", [False, True])
def test_garbage_is_looked_for_again_afterwards(failing: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def fit(*_: object) -> None:
        seen.append(gc.isenabled())
        if failing:
            raise EngineError("WeasyPrint", "stopped")

    monkeypatch.setattr(layout, "fit", fit)
    job = pdf_sample.job(pdf_sample.small(), tmp_path, part="print")
    if failing:
        with pytest.raises(EngineError):
            write(job)
    else:
        write(job)
    assert set(seen) == {False}
    assert gc.isenabled()
