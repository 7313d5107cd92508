"""How the pages ask the graph: SPARQL with bound variables, whoever evaluates it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol, TypeAlias

import pyoxigraph

Term: TypeAlias = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
Row: TypeAlias = dict[str, Term]


class Graph(Protocol):
    """A store that answers SELECT queries."""

    def rows(self, sparql: str, **bindings: Term) -> list[Row]:
        """Return the solutions of a SELECT query, each without its unbound variables.

        Args:
            sparql: A SELECT query of ours, never a reader's.
            bindings: Terms that take the place of variables, which the query must not select;
                by the variable's name without the question mark.
        """


class StoreGraph:
    """The graph in this process.

    Args:
        store: Read-only or in memory: an on-disk store that something writes to has locks.
    """

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store

    def rows(self, sparql: str, **bindings: Term) -> list[Row]:
        """Return the solutions; see `Graph.rows`."""
        solutions = self._store.query(bound(sparql, bindings))
        if not isinstance(solutions, pyoxigraph.QuerySolutions):
            raise TypeError("expected a SELECT query")
        names = [variable.value for variable in solutions.variables]
        return [
            {
                name: term
                for name, term in zip(names, solution, strict=True)
                if isinstance(term, Term)
            }
            for solution in solutions
        ]


def bound(sparql: str, bindings: Mapping[str, Term]) -> str:
    """Return a query with terms in place of variables that it does not select.

    (Oxigraph substitutes only variables that are selected, which in a query that groups they
    cannot be.) A term is written by the store's own writer and cannot end early.

    Example:
        >>> bound("SELECT ?p { ?this ?p ?o }", {"this": node("urn:a")})
        'SELECT ?p { <urn:a> ?p ?o }'
    """
    for name, term in bindings.items():
        # A backslash in a term would mean something in the replacement.
        sparql = re.sub(rf"\?{name}\b", str(term).replace("\\", r"\\"), sparql)
    return sparql


def node(iri: str) -> pyoxigraph.NamedNode:
    """Return an IRI as a term to bind."""
    return pyoxigraph.NamedNode(iri)


def text(row: Row, name: str) -> str:
    """Return a value of a row as text; "" when the row has none."""
    term = row.get(name)
    return "" if term is None else term.value


def number(row: Row, name: str) -> int:
    """Return an integer of a row; 0 when the row has none."""
    value = text(row, name)
    return int(value) if value else 0
