"""Other symbols and names of genes, as the package carries them: for who looks a gene up.

No mention is linked by them but by the alias and previous symbols, which `table` has. Those are
read of the embedded table again, without the table in memory.

Source: HGNC complete set, https://www.genenames.org/download/archive/ (CC0).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from itertools import chain
from typing import Final, NamedTuple

from pfocr_rdf.figures.link.table import COLUMNS
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME, read_table_text

NAMES_FILE: Final = "hgnc_gene_names.tsv.zst"
"""Columns `NAME_COLUMNS` of the approved genes that have any, made by scripts/make_embedded_hgnc.py."""
NAME_COLUMNS: Final = ("hgnc_id", "alias_name", "prev_name")


class OtherNames(NamedTuple):
    """Names of a gene beside its symbol and name, parted by bars.

    Attributes:
        hgnc_id: The number alone.
        aliases: Alias symbols or names.
        previous: Symbols or names that were approved before.
    """

    hgnc_id: str
    aliases: str
    previous: str


def embedded_other_names() -> Iterator[OtherNames]:
    """Yield other symbols, then other names, of the genes that have any."""
    places = [COLUMNS.index(column) for column in ("hgnc_id", "alias_symbol", "prev_symbol")]
    for cells in chain(
        ([cells[place] for place in places] for cells in _rows(EMBEDDED_NAME)), _rows(NAMES_FILE)
    ):
        hgnc_id, aliases, previous = cells
        if aliases or previous:
            yield OtherNames(hgnc_id.removeprefix("HGNC:"), aliases, previous)


def _rows(name: str) -> Iterator[list[str]]:
    with resources.as_file(resources.files("pfocr_rdf").joinpath("data", name)) as path:
        lines = (line for line in read_table_text(path).splitlines() if line[:1] != "#")
    next(lines)
    for line in lines:
        yield line.split("\t")
