"""Property paths: SPARQL's own engine is the oracle, and a written path reads back the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pyoxigraph
from hypothesis import assume, given
from hypothesis import strategies as st

from pfocr_rdf.rdf.terms import IRI, BlankNode, Literal, Triple
from pfocr_rdf.shacl.graph import DataGraph, Subclasses, index_triples
from pfocr_rdf.shacl.paths import (
    AlternativePath,
    InversePath,
    OneOrMorePath,
    Path,
    SequencePath,
    ZeroOrMorePath,
    ZeroOrOnePath,
    compile_path,
    parse_path,
    path_triples,
    show_path,
)

EX = "http://example.org/"
PREDICATES = [IRI(EX + name) for name in "pq"]
NODES = [IRI(EX + name) for name in "abcd"]
UNARY = (InversePath, ZeroOrMorePath, OneOrMorePath, ZeroOrOnePath)


def extended(inner: st.SearchStrategy[Path]) -> st.SearchStrategy[Path]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(SequencePath),
        several.map(AlternativePath),
        *(inner.map(kind) for kind in UNARY),
    )


paths: st.SearchStrategy[Path] = st.recursive(st.sampled_from(PREDICATES), extended, max_leaves=4)
graphs = st.lists(
    st.tuples(
        st.sampled_from(NODES),
        st.sampled_from(PREDICATES),
        st.one_of(st.sampled_from(NODES), st.sampled_from([Literal("x"), Literal("y")])),
    ),
    max_size=10,
)


@given(paths, graphs, st.sampled_from(NODES))
def test_paths_reach_what_sparql_reaches(path: Path, triples: list[Triple], start: IRI) -> None:
    """Each path, inverse ones of every kind included.

    From a node that the graph knows: elsewhere Oxigraph finds nothing, where SPARQL has a
    path of length zero reach the node itself.
    """
    assume(any(start in triple for triple in triples))
    graph = DataGraph(index_triples(triples), Subclasses(()), None)
    found = compile_path(path)(graph, start)
    assert len(found) == len(set(found))
    shown = show_path(path, lambda iri: f"<{iri}>")
    store = pyoxigraph.Store()
    for subject, predicate, value in triples:
        assert isinstance(subject, str)
        store.add(pyoxigraph.Quad(named(subject), named(predicate), oxigraph(value)))
    solutions = store.query(f"SELECT DISTINCT ?v WHERE {{ <{start}> {shown} ?v }}")
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    assert {oxigraph(each) for each in found} == {solution["v"] for solution in solutions}


def named(iri: str) -> pyoxigraph.NamedNode:
    return pyoxigraph.NamedNode(iri)


def oxigraph(term: object) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    if isinstance(term, Literal):
        return pyoxigraph.Literal(term.lexical)
    return named(str(term))


def test_a_path_of_length_zero_needs_no_graph() -> None:
    """SPARQL 1.1, 18.4: it connects any term with itself."""
    graph = DataGraph({}, Subclasses(()), None)
    for kind in (ZeroOrMorePath, ZeroOrOnePath):
        assert compile_path(kind(PREDICATES[0]))(graph, Literal("x")) == (Literal("x"),)


@given(paths)
def test_a_written_path_reads_back(path: Path) -> None:
    """The triples of a report describe the very path."""

    def fresh() -> Iterator[BlankNode]:
        return (BlankNode(f"b{number}") for number in count())

    node, triples = path_triples(path, fresh())
    assert parse_path(index_triples(triples), node) == path
    assert path_triples(path, fresh()) == (node, triples)
