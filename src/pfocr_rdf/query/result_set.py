"""Rows as RDF: the vocabulary in which the SPARQL working group wrote down expected results.

Source: https://www.w3.org/2001/sw/DataAccess/tests/result-set
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph

from pfocr_rdf.query.answers import Answer, AnswerKind
from pfocr_rdf.rdf import RDF

_RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE: Final = pyoxigraph.NamedNode(RDF.type)


def result_set(answer: Answer) -> bytes:
    """Return the rows of a SELECT, or the truth of an ASK, as Turtle.

    Args:
        answer: Of one of these; it is used up.

    Raises:
        QueryError: It cannot be read to its end.
    """
    written = pyoxigraph.serialize(
        _triples(answer), format=pyoxigraph.RdfFormat.TURTLE, prefixes={"rs": _RS}
    )
    assert written is not None
    return written


def _triples(answer: Answer) -> Iterator[pyoxigraph.Triple]:
    whole = pyoxigraph.BlankNode("set")
    yield pyoxigraph.Triple(whole, _TYPE, _rs("ResultSet"))
    if answer.kind is AnswerKind.BOOLEAN:
        yield pyoxigraph.Triple(whole, _rs("boolean"), pyoxigraph.Literal(answer.truth()))
        return
    names = [pyoxigraph.Literal(name) for name in answer.variables]
    for name in names:
        yield pyoxigraph.Triple(whole, _rs("resultVariable"), name)
    for place, row in enumerate(answer.rows(), 1):
        solution = pyoxigraph.BlankNode(f"row{place}")
        yield pyoxigraph.Triple(whole, _rs("solution"), solution)
        yield pyoxigraph.Triple(solution, _rs("index"), pyoxigraph.Literal(place))
        for column, (name, value) in enumerate(zip(names, row, strict=True)):
            if isinstance(value, (pyoxigraph.NamedNode, pyoxigraph.BlankNode, pyoxigraph.Literal)):
                binding = pyoxigraph.BlankNode(f"row{place}column{column}")
                yield pyoxigraph.Triple(solution, _rs("binding"), binding)
                yield pyoxigraph.Triple(binding, _rs("variable"), name)
                yield pyoxigraph.Triple(binding, _rs("value"), value)


def _rs(name: str) -> pyoxigraph.NamedNode:
    return pyoxigraph.NamedNode(_RS + name)
