"""Real figures and whole HGNC tables: where they lie, and what happens without.

They are no part of the project, and a public clone has none: there tests run on pages of our own
making (see `samples`), and what needs whole tables or releases is skipped with one reason. Where
the folder is, all its parts must be, so that a green run beside it has seen real data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.support.places import ROOT

SHARED: Final = (ROOT.parent / "shared").resolve()
PARTS: Final = (
    "data/pfocr-sample",
    "data/hgnc_complete_set_2018-11.txt.gz",
    "data/hgnc_complete_set_2024-11.txt.gz",
    "data/pfocr_2021_figids.jsonl.gz",
    "data/pfocr_2021_figures.jsonl.gz",
    "data/pfocr_2021_genes.jsonl.gz",
    "tools/make_corpus.py",
)
"""What the tests need of it."""


def real_data() -> Path:
    """Return the folder; without it the test that asks is skipped."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of whole HGNC tables and releases of PFOCR")
    return SHARED


def missing_parts(folder: Path = SHARED) -> list[str]:
    """Return what is not there of a folder of real data."""
    return [part for part in PARTS if not (folder / part).exists()]
