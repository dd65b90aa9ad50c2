"""The sample with every construct, laid out once."""

from __future__ import annotations

from pathlib import Path

import pdf_sample
import pytest
from shared_by_workers import made_once, shared_folder

from publisher.formats.pdf.write import write


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of full.pdf and full-large-print.pdf, which are to be read and not to be changed."""
    folder = shared_folder(tmp_path_factory) / "pdf-sample"
    return made_once(folder, lambda made: write(pdf_sample.job(pdf_sample.full(made), made))) / "out"
