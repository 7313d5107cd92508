"""Rows are counted exactly by the bytes of a result, however it is cut and whatever it holds."""

from __future__ import annotations

from itertools import pairwise

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.web.server.row_counter import row_counter

FORMATS = (
    pyoxigraph.QueryResultsFormat.JSON,
    pyoxigraph.QueryResultsFormat.XML,
    pyoxigraph.QueryResultsFormat.CSV,
    pyoxigraph.QueryResultsFormat.TSV,
)
# Made of what the formats are made of.
NASTY = st.text(alphabet='"\\,{}[]<>\n\r\t:?aü', max_size=12) | st.sampled_from(
    ["<result>", '},{"', "[{", ",{", "\\", '"', '""', "\\\\\\", "\r\n", "</result><result>"]
)
TERM = NASTY.map(pyoxigraph.Literal) | st.just(pyoxigraph.NamedNode("urn:a"))


@pytest.mark.parametrize("format_", FORMATS, ids=str)
@given(
    terms=st.lists(st.tuples(TERM, TERM | st.none()), max_size=8),
    cuts=st.lists(st.integers(0, 2000), max_size=20),
)
def test_rows_are_counted_by_bytes(
    format_: pyoxigraph.QueryResultsFormat,
    terms: list[tuple[pyoxigraph.Literal, pyoxigraph.Literal | None]],
    cuts: list[int],
) -> None:
    rows = " ".join(f"({one} {'UNDEF' if two is None else two})" for one, two in terms)
    result = pyoxigraph.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {rows} }} }}")
    assert isinstance(result, pyoxigraph.QuerySolutions)
    written = result.serialize(format=format_)
    assert written is not None
    counter = row_counter(format_)
    places = sorted({0, len(written), *(cut for cut in cuts if cut < len(written))})
    seen = [counter.add(written[start:end]) for start, end in pairwise(places)]
    assert seen[-1] == len(terms)
    assert seen == sorted(seen)


@pytest.mark.parametrize("format_", FORMATS, ids=str)
def test_a_byte_at_a_time_is_enough(format_: pyoxigraph.QueryResultsFormat) -> None:
    values = r'"a\\\\\"},{\"" "<result>" "x\ny" UNDEF <urn:a> 7'
    result = pyoxigraph.Store().query(f"SELECT ?a {{ VALUES ?a {{ {values} }} }}")
    assert isinstance(result, pyoxigraph.QuerySolutions)
    written = result.serialize(format=format_)
    assert written is not None
    counter = row_counter(format_)
    assert [counter.add(bytes([byte])) for byte in written][-1] == 6


@pytest.mark.parametrize("format_", FORMATS, ids=str)
def test_backslashes_without_end_cost_no_more_than_others(
    format_: pyoxigraph.QueryResultsFormat,
) -> None:
    counter = row_counter(format_)
    piece = b"\\" * 8191
    for _ in range(3000):
        counter.add(piece)
