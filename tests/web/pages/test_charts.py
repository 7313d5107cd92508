"""Plots: well-formed SVG with a name and a description, and bars as long as their numbers."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.web.pages import charts
from pfocr_rdf.web.pages.views import Count

SVG = "{http://www.w3.org/2000/svg}"
YEARS = (Count("2010", 5), Count("2012", 10), Count("2013", 1))


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def about(root: ET.Element) -> tuple[str, str]:
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    return title.text or "", description.text or ""


def test_years_say_in_words_what_they_show() -> None:
    title, description = about(parsed(charts.years(YEARS, "y", "Figures per year")))
    assert title == "Figures per year"
    assert description == "16 figures from 2010 to 2013, most in 2012: 10."


def test_a_year_without_figures_keeps_its_place() -> None:
    bars = list(parsed(charts.years(YEARS, "y", "t")).iter(f"{SVG}rect"))
    x = [float(bar.get("x") or 0) for bar in bars]
    assert len(bars) == 3
    assert x[1] - x[0] == pytest.approx(2 * (x[2] - x[1]), abs=0.3)


def test_bars_are_as_high_as_their_numbers() -> None:
    high = [
        float(b.get("height") or 0)
        for b in parsed(charts.years(YEARS, "y", "t")).iter(f"{SVG}rect")
    ]
    assert high[1] == pytest.approx(2 * high[0], rel=0.02)
    assert high[0] == pytest.approx(5 * high[2], rel=0.02)


def test_nothing_has_no_plot() -> None:
    assert charts.years((), "y", "t") == ""
    assert charts.years((Count("unknown", 3),), "y", "t") == ""
    assert charts.shares((), "s", "t") == ""
    assert charts.shares((Count("a", 0),), "s", "t") == ""


def test_a_stray_year_does_not_squeeze_the_others() -> None:
    root = parsed(charts.years((Count("1850", 1), *YEARS), "y", "t"))
    assert len(list(root.iter(f"{SVG}rect"))) == 3


def test_shares_fill_the_whole_width() -> None:
    counts = (Count("Symbol", 1), Count("Synonym", 3))
    root = parsed(charts.shares(counts, "s", "Tiers"))
    one, other = root.iter(f"{SVG}rect")
    assert float(other.get("x") or 0) == pytest.approx(charts.WIDTH / 4, abs=0.1)
    assert float(one.get("width") or 0) + 2 == pytest.approx(charts.WIDTH / 4, abs=0.1)
    assert about(root)[1] == "Symbol: 1 (25 %); Synonym: 3 (75 %)."


@given(
    counts=st.lists(st.tuples(st.text(), st.integers(0, 10**7)), max_size=12),
    title=st.text(alphabet="<>&\"'ab]"),
)
def test_a_plot_is_well_formed_whatever_it_says(counts: list[tuple[str, int]], title: str) -> None:
    shown = [Count(_printable(label), n) for label, n in counts]
    for svg in (charts.shares(shown, "s", title), charts.years(shown, "y", title)):
        if svg:
            assert about(parsed(svg))[0] == title


@given(st.integers(0, 10**9))
def test_a_scale_is_round_and_reaches_the_top(most: int) -> None:
    ticks = charts.scale(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert 2 <= len(ticks) <= 6
    assert str(ticks[1]).rstrip("0") in {"1", "2", "5"}


def _printable(label: str) -> str:
    # XML cannot hold control characters; HTML, which a browser reads here, can.
    return "".join(c for c in label if c.isprintable())
