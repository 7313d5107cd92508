"""Pages of every generation and oddity: made ones, and beside the project the real ones.

`tests/pages` is of our own making. Keys, their order, ids, organisms, words and rows of tables
are those of pages of PFOCR, because they are what goes wrong; `INDEX.tsv` says what each page is
odd in. Every sentence is made up: captions, titles, the names of authors, their keywords. The two
tables of genes beside them have true rows of HGNC (CC0), namely all that a word of these pages can
mean. So a test of the made pages holds for the real ones as well, and where those lie in
`../shared` it is run on both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from tests.support.places import TESTS
from tests.support.shared_data import SHARED


class Sample(NamedTuple):
    """A folder laid out as PFOCR's repository, and HGNC's tables of two years.

    Older versions of pages lie in `old`, as `FIGID@old.md`; no run sees them there.
    """

    name: str
    pages: Path
    hgnc: Path
    """The table of November 2024."""
    hgnc_2018: Path

    def __str__(self) -> str:
        """Return the name, for the ids of tests."""
        return self.name


MADE: Final = Sample(
    "made",
    TESTS / "pages",
    TESTS / "pages" / "hgnc_2024-11.tsv",
    TESTS / "pages" / "hgnc_2018-11.tsv",
)
REAL: Final = Sample(
    "real",
    SHARED / "data" / "pfocr-sample",
    SHARED / "data" / "hgnc_complete_set_2024-11.txt.gz",
    SHARED / "data" / "hgnc_complete_set_2018-11.txt.gz",
)
SAMPLES: Final = (MADE, REAL) if SHARED.is_dir() else (MADE,)
"""Those that are here; the best comes last."""
