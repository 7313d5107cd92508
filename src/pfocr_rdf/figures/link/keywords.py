"""What speaks against a keyword being the gene whose symbol it is.

PFOCR lists keywords in one order: gene symbols, then chemical words, then disease words. So a
keyword that is an approved symbol vouches for all before it, and none for what stands behind the
last of them. There, and for words that name something else in most figures, a symbol that a gene
had once is no evidence: `LPS` was IRF6's, `COPD` ARCN1's.

Source: design/input.md, "Generations of front matter"; docs/genes.md has the measurement.
"""

from __future__ import annotations

from collections.abc import Sequence

from pfocr_rdf.figures.link.shipped_words import other_things
from pfocr_rdf.figures.link.table import GeneTable


def genes_end(keywords: Sequence[str], table: GeneTable) -> int:
    """Return how many keywords, from the first, are the gene symbols of a figure.

    Args:
        keywords: In the order of the page, without those that its rows explain.
        table: Knows which of them are approved symbols; the last one ends the run.
    """
    by_symbol = table.by_symbol
    for place in range(len(keywords), 0, -1):
        keyword = keywords[place - 1]
        if by_symbol(keyword) is not None and not _is_letter(keyword):
            return place
    return 0


def doubt_of(keyword: str, *, approved: bool, among_genes: bool) -> str:
    """Return why a keyword that is one gene's symbol may not be that gene, or "".

    Args:
        keyword: An approved symbol, or the previous symbol of one gene alone.
        approved: Which of the two it is.
        among_genes: Whether it stands before the end of the gene symbols.
    """
    if _is_letter(keyword):
        return "a single letter"
    if approved:
        return ""
    meaning = other_things().get(keyword)
    if meaning is not None:
        return f"figures use it for {meaning}"
    return "" if among_genes else "it stands behind the gene symbols"


def _is_letter(keyword: str) -> bool:
    return len(keyword) == 1
