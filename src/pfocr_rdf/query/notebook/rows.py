"""Rows of an answer as plain values, for loops and for the libraries that people compute with.

Those libraries are imported when they are asked for; this package needs none of them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, overload

import pyoxigraph

from pfocr_rdf.errors import UsageError
from pfocr_rdf.rdf import XSD, XSD_DECIMAL, XSD_GYEAR, XSD_INTEGER

if TYPE_CHECKING:
    import networkx as nx  # type: ignore[import-untyped]
    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]

Value = str | int | float | bool | Sequence[str] | None
"""Of a cell: an IRI is a text; None where there is nothing."""

_WHOLE: Final = frozenset({XSD_INTEGER, XSD_GYEAR})
_BROKEN: Final = frozenset({XSD_DECIMAL, XSD + "double", XSD + "float"})
_TRUTH: Final = XSD + "boolean"


class Rows(Sequence[Any]):
    """Rows, each a named tuple of plain values.

    Args:
        columns: Their names.
        rows: Values, in the order of the columns.
        notes: What there is to say of the answer: what a name was taken for, why it is empty.

    Example:
        >>> rows = Rows(["symbol", "figures"], [("TNFSF11", 4), ("FOS", 1)])
        >>> [row.symbol for row in rows if row.figures > 1]
        ['TNFSF11']
    """

    def __init__(
        self, columns: Iterable[str], rows: Iterable[Iterable[Value]], notes: Iterable[str] = ()
    ) -> None:
        self.columns = tuple(columns)
        self.notes = tuple(notes)
        # `rename`: a variable of SPARQL may be called as a keyword of Python is.
        row = namedtuple("Row", self.columns, rename=True)  # type: ignore[misc]  # noqa: PYI024
        self._rows: list[Any] = [row._make(each) for each in rows]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    @overload
    def __getitem__(self, which: int) -> Any: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[Any]: ...
    def __getitem__(self, which: int | slice) -> Any:
        """Return a row, or some of them."""
        return self._rows[which]

    def with_notes(self, notes: Iterable[str]) -> Rows:
        """Return the same rows, with more to say of them."""
        return Rows(self.columns, self._rows, (*self.notes, *notes))

    def __repr__(self) -> str:
        """Say what is in it, as a notebook shows it."""
        return f"<{len(self):,} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str | None:
        """Return the table that a notebook draws; None, and so its text, without pandas."""
        try:
            return str(self.to_pandas()._repr_html_())
        except UsageError:
            return None

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame of pandas.

        Raises:
            UsageError: pandas is not installed.
        """
        return _library("pandas").DataFrame(self._rows, columns=list(self.columns))

    def to_polars(self) -> pl.DataFrame:
        """Return a data frame of polars.

        Raises:
            UsageError: polars is not installed.
        """
        frame: pl.DataFrame = _library("polars").DataFrame(self._by_column(), strict=False)
        return frame

    def to_arrow(self) -> pa.Table:
        """Return a table of Arrow.

        Raises:
            UsageError: pyarrow is not installed.
        """
        return _library("pyarrow").table(self._by_column())

    def to_networkx(self, source: str = "", target: str = "") -> nx.Graph:
        """Return a graph with an edge for each row that has both ends.

        The other columns are attributes of the edge; `rows` says how many rows made it, and of
        those the first decides.

        Args:
            source: Column of one end; default: the first.
            target: Column of the other; default: the second.

        Raises:
            UsageError: There is no such column, or networkx is not installed.
        """
        ends = []
        for place, name in enumerate((source, target)):
            if name and name not in self.columns:
                raise UsageError(f"to_networkx: expected one of {self.columns}, found {name!r}")
            if not name and len(self.columns) <= place:
                raise UsageError("to_networkx: expected two columns, found one")
            ends.append(self.columns.index(name) if name else place)
        graph = _library("networkx").Graph()
        for row in self._rows:
            one, other = (row[each] for each in ends)
            if one is None or other is None:
                continue
            if graph.has_edge(one, other):
                graph[one][other]["rows"] += 1
                continue
            said = {
                name: row[place] for place, name in enumerate(self.columns) if place not in ends
            }
            graph.add_edge(one, other, **{**said, "rows": 1})
        return graph

    def _by_column(self) -> dict[str, list[Value]]:
        return {name: [row[place] for row in self._rows] for place, name in enumerate(self.columns)}


def plain(row: Iterable[object]) -> Iterator[Value]:
    """Yield the values of a row of terms: IRIs and literals as Python has them."""
    for term in row:
        match term:
            case None:
                yield None
            case pyoxigraph.Literal():
                yield _of_literal(term)
            case pyoxigraph.NamedNode():
                yield term.value
            case _:
                yield str(term)


def _of_literal(literal: pyoxigraph.Literal) -> Value:
    kind = literal.datatype.value
    try:
        if kind in _WHOLE:
            return int(literal.value)
        if kind in _BROKEN:
            return float(literal.value)
    except ValueError:  # of a query's own making: nothing of a release is ill-formed
        return literal.value
    return literal.value in ("true", "1") if kind == _TRUTH else literal.value


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(f"{name} is not installed (pip install {name})") from error
