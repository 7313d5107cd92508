"""The statistics are those of scipy and statsmodels, and of whole numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom  # type: ignore[import-untyped]
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

from pfocr_rdf.query.enrichment.statistics import (
    benjamini_hochberg,
    cosine,
    odds_ratio,
    upper_tail,
)

CLOSE = 1e-9


@st.composite
def draws(draw: st.DrawFn, most: int = 30_000) -> tuple[int, int, int, int]:
    """Return what may be found: overlap, universe, list, set."""
    universe = draw(st.integers(1, most))
    listed = draw(st.integers(0, universe) | st.integers(0, min(universe, 500)))
    size = draw(st.integers(0, universe) | st.integers(0, min(universe, 60)))
    least, highest = max(0, listed + size - universe), min(listed, size)
    overlap = draw(st.integers(least, highest) | st.integers(least, min(highest, least + 15)))
    return overlap, universe, listed, size


@given(draws())
def test_the_tail_is_that_of_scipy(found: tuple[int, int, int, int]) -> None:
    overlap, universe, listed, size = found
    expected = float(hypergeom.sf(overlap - 1, universe, listed, size))
    assert upper_tail(*found) == pytest.approx(expected, rel=CLOSE, abs=1e-300)


@given(draws(200))
def test_the_tail_is_the_quotient_of_whole_numbers(found: tuple[int, int, int, int]) -> None:
    overlap, universe, listed, size = found
    ways = sum(
        math.comb(listed, each) * math.comb(universe - listed, size - each)
        for each in range(overlap, min(listed, size) + 1)
    )
    exact = float(Fraction(ways, math.comb(universe, size)))
    assert upper_tail(*found) == pytest.approx(exact, rel=1e-13)


def test_what_cannot_be_less_is_certain_and_what_cannot_be_is_not() -> None:
    assert upper_tail(0, 50, 10, 10) == upper_tail(10, 50, 50, 10) == 1
    assert upper_tail(5, 12, 9, 8) == 1  # five of the set must be in the list
    assert upper_tail(11, 50, 10, 20) == 0
    assert upper_tail(1000, 20_000, 1000, 1000) == 0.0  # smaller than any number


@given(draws(2000))
def test_the_odds_ratio_is_that_of_scipy(found: tuple[int, int, int, int]) -> None:
    overlap, universe, listed, size = found
    table = [
        [overlap, listed - overlap],
        [size - overlap, universe - listed - size + overlap],
    ]
    expected = float(fisher_exact(table, alternative="greater").statistic)
    assert odds_ratio(*found) == pytest.approx(expected, rel=CLOSE, nan_ok=True)


def test_fishers_p_is_the_tail() -> None:
    found = fisher_exact([[3, 7], [5, 985]], alternative="greater").pvalue
    assert upper_tail(3, 1000, 10, 8) == pytest.approx(float(found), rel=CLOSE)


@given(
    st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02, 0.5]), min_size=1, max_size=60),
    st.integers(0, 50),
)
def test_q_is_that_of_statsmodels(p_values: list[float], others: int) -> None:
    expected = multipletests([*p_values, *[1.0] * others], method="fdr_bh")[1]
    found = benjamini_hochberg(p_values, len(p_values) + others)
    assert found == pytest.approx(list(map(float, expected[: len(p_values)])), abs=CLOSE)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 9)), max_size=20, unique_by=lambda e: e[0])
)
def test_equal_p_may_be_told_once(counted: list[tuple[float, int]]) -> None:
    p_values, times = [p for p, _ in counted], [often for _, often in counted]
    whole = [p for p, often in counted for _ in range(often)]
    each = dict(zip(whole, benjamini_hochberg(whole, len(whole) + 3), strict=True))
    found = benjamini_hochberg(p_values, len(whole) + 3, times)
    assert found == pytest.approx([each[p] for p in p_values], abs=1e-15)


def test_the_cosine_is_that_of_two_lists_of_ones_and_noughts() -> None:
    for one, other in product(range(1, 5), range(1, 5)):
        assert cosine(min(one, other), one, other) == pytest.approx(
            min(one, other) / (one**0.5 * other**0.5)
        )
