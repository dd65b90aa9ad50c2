from __future__ import annotations

import pytest
from word_files import EDITIONS, ODD, Word, make


@pytest.fixture(scope="session")
def constructs(tmp_path_factory: pytest.TempPathFactory) -> Word:
    """The edition in which every construct of the dialect stands."""
    return make(EDITIONS / "constructs", tmp_path_factory.mktemp("docx-constructs"))


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Word:
    """The edition in which stands what is hard in Word alone."""
    return make(ODD, tmp_path_factory.mktemp("docx-odd"))
