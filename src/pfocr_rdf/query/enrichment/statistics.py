"""The statistics of an enrichment, of numbers alone.

A list of genes and a set are drawn from one universe. What is asked is how likely so many genes
in common are, if the set were drawn at random.

Source: Fisher's exact test of one side, the upper tail of the hypergeometric distribution;
Benjamini and Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

_ways = lru_cache(4096)(math.comb)  # sets of one size, or with one overlap, are many
_NOTHING_MORE = 1e-18  # of a sum: what is smaller changes no digit of it


def upper_tail(overlap: int, universe: int, listed: int, size: int) -> float:
    """Return the probability of so many genes in common, or more.

    The first term is the quotient of whole numbers, rounded once; each other one follows from the
    one before. The tail without the most likely number is summed, so that nothing cancels.

    Args:
        overlap: Genes of the list in the set.
        universe: All genes.
        listed: Genes of the list.
        size: Genes of the set.

    Example:
        >>> upper_tail(2, 10, 3, 3)  # (3 * 7 + 1) / 120
        0.18333333333333332
        >>> upper_tail(0, 10, 3, 3), upper_tail(4, 10, 3, 3)
        (1.0, 0.0)
    """
    if overlap <= max(0, listed + size - universe):
        return 1.0
    if overlap > min(listed, size):
        return 0.0
    likeliest = (listed + 1) * (size + 1) // (universe + 2)
    if overlap > likeliest:
        return min(1.0, _tail(overlap, universe, listed, size))
    # Seen from the other side: how many of the set are not in the list.
    return 1.0 - _tail(size - overlap + 1, universe, universe - listed, size)


def _tail(overlap: int, universe: int, listed: int, size: int) -> float:
    """Return the sum of the terms from one on, above the likeliest, where they fall."""
    others = universe - listed
    term = _ways(listed, overlap) * _ways(others, size - overlap) / _ways(universe, size)
    total = 0.0
    for each in range(overlap, min(listed, size) + 1):
        total += term
        if term <= total * _NOTHING_MORE:
            break
        term *= (listed - each) * (size - each)
        term /= (each + 1) * (others - size + each + 1)
    return total


def odds_ratio(overlap: int, universe: int, listed: int, size: int) -> float:
    """Return the odds of a gene of the set to be listed, by those of any other gene.

    The sample odds ratio of the table of two by two: infinite where the set or the list holds no
    gene that the other has not, NaN where it says nothing.

    Example:
        >>> odds_ratio(2, 10, 3, 3)
        12.0
    """
    both_or_none = overlap * (universe - listed - size + overlap)
    one_alone = (listed - overlap) * (size - overlap)
    if one_alone:
        return both_or_none / one_alone
    return math.inf if both_or_none else math.nan


def cosine(overlap: int, listed: int, size: int) -> float:
    """Return how alike list and set are, from 0 to 1, whatever the universe.

    Example:
        >>> cosine(2, 4, 4)
        0.5
    """
    return overlap / math.sqrt(listed * size)


def benjamini_hochberg(
    p_values: Sequence[float], tested: int, times: Sequence[int] | None = None
) -> list[float]:
    """Return the q of each p: the false discovery rate at which it is still found.

    Args:
        p_values: In any order; each once where `times` says how often it came.
        tested: How many tests there were in all; those without a p here had 1.
        times: How many tests had each p; None for one each.

    Example:
        >>> benjamini_hochberg([0.01, 0.03, 0.02], 4)
        [0.04, 0.04, 0.04]
    """
    often = [1] * len(p_values) if times is None else times
    rank, least = sum(often), 1.0
    found = [1.0] * len(p_values)
    for place in sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True):
        # Of equal ones the first to be seen has the highest rank, and so the least for all.
        least = min(least, p_values[place] * tested / rank)
        found[place] = least
        rank -= often[place]
    return found
