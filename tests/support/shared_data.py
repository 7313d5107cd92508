"""Real figures, HGNC tables and the W3C test suite: where they lie, and what happens without.

They are no part of the project. Without them, what needs them is skipped with one reason, and
under CI=true one test fails, so that a green run has seen real data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.support.places import ROOT

SHARED: Final = (ROOT.parent / "shared").resolve()
PARTS: Final = (
    "data/pfocr-sample",
    "data/hgnc_complete_set_2024-11.txt.gz",
    "data/w3c-shacl-tests",
)
"""What the tests need of it."""


def real_data() -> Path:
    """Return the folder; without it the test that asks is skipped."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real data is not here")
    return SHARED


def missing_parts(folder: Path = SHARED) -> list[str]:
    """Return what is not there of a folder of real data."""
    return [part for part in PARTS if not (folder / part).exists()]
