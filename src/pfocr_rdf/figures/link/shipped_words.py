"""Two small tables of the package that HGNC's does not have, read when they are first asked for.

One has words that figures use for something else than the gene whose symbol they once were, the
other NCBI's own symbols of mitochondrial genes. Both are data, with their sources in their first
lines, so that a curator can correct them without reading code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from pfocr_rdf.shipped import data_rows

OTHER_THINGS: Final = "keywords_of_other_things.tsv"
"""Columns word, kind, meaning, source."""

MITOCHONDRIAL: Final = "ncbi_mitochondrial_symbols.tsv"
"""Columns entrez_id, ncbi_symbol, hgnc_symbol."""


@cache
def other_things() -> Mapping[str, str]:
    """Return what a word means that is no gene's name in most figures, by the word."""
    return MappingProxyType({word: meaning for word, _, meaning, _ in data_rows(OTHER_THINGS)})


@cache
def ncbi_symbols() -> Mapping[str, str]:
    """Return NCBI's symbols of the 37 genes of human mitochondria, by Entrez id."""
    return MappingProxyType(
        {entrez_id: symbol for entrez_id, symbol, _ in data_rows(MITOCHONDRIAL)}
    )
