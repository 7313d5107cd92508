"""A few nodes of a release, to be read back from a store term by term.

Counts cannot tell a text that was cut or read in another encoding from one that is whole, nor
an IRI from the one that Virtuoso makes of a word it cannot read. The nodes with the longest
texts and the most letters beyond ASCII can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import pyoxigraph

from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.plan import Part
from pfocr_rdf.load.slices import N_TRIPLES, slices_of
from pfocr_rdf.load.term_equality import comparable, shown_term
from pfocr_rdf.rdf.terms import IRI, Literal, Term
from pfocr_rdf.rdf.vocabulary import DCAT, RDF
from pfocr_rdf.release.opened import VOID_FILE, Release

_FILES: Final = 4
_NODES: Final = 4
_BYTES: Final = 500_000
_SHOWN: Final = 80


class Sample(NamedTuple):
    """A node and all that the release says of it."""

    node: IRI
    said: frozenset[tuple[IRI, Term]]


def samples_of(release: Release, part: Part) -> list[Sample]:
    """Return some nodes of a graph: of a few files, those with most bytes of text.

    Of each class one is among them, so that terms of every type are.
    """
    files = [file for file in part.files if file.triples and file.name != VOID_FILE]
    chosen = files[:: max(1, len(files) // _FILES)][:_FILES]
    found: list[Sample] = []
    for file in chosen:
        piece = next(slices_of(release.path(file), _BYTES))
        syntax = (
            pyoxigraph.RdfFormat.N_TRIPLES
            if piece.media_type == N_TRIPLES
            else pyoxigraph.RdfFormat.TURTLE
        )
        nodes: dict[IRI, list[tuple[IRI, Term]]] = {}
        for quad in pyoxigraph.parse(piece.body, syntax):
            assert isinstance(quad.subject, pyoxigraph.NamedNode), "a release has no blank nodes"
            said = nodes.setdefault(IRI(quad.subject.value), [])
            said.append((IRI(quad.predicate.value), _term(quad.object)))
        # Two nodes of the data set have more in void.ttl; the last node may go on elsewhere.
        whole = list(nodes)[:-1] or list(nodes)
        kept = [name for name in whole if (RDF.type, DCAT.Dataset) not in nodes[name]]
        kept.sort(key=lambda name: -_weight(nodes[name]))
        found += [Sample(name, frozenset(nodes[name])) for name in _chosen(kept, nodes)]
    return found


def sample_differences(client: StoreClient, graph: IRI, sample: Sample) -> Iterator[str]:
    """Yield how a node differs in a store from what it must be.

    A store may write a number in its own way, and it may list only some of many triples; how
    many there are it is asked apart.
    """
    expected = {(name, comparable(value)) for name, value in sample.said}
    found = {(name, comparable(value)) for name, value in client.node(graph, sample.node)}
    for name, value in sorted(found - expected, key=str):
        yield f"<{sample.node}>: expected no <{name}> {shown_term(value, _SHOWN)}, found it"
    number = client.count(f"GRAPH <{graph}> {{ <{sample.node}> ?p ?o }}")
    if number != len(expected):
        yield f"<{sample.node}>: expected {len(expected):,} triples, found {number:,}"


def _chosen(names: list[IRI], nodes: Mapping[IRI, list[tuple[IRI, Term]]]) -> Iterator[IRI]:
    """Yield the first names, and of each class the first that has it."""
    classes: set[Term] = set()
    for number, name in enumerate(names):
        its = {value for predicate, value in nodes[name] if predicate == RDF.type}
        if number < _NODES or its - classes:
            yield name
        classes |= its


def _weight(said: list[tuple[IRI, Term]]) -> int:
    """Return how many bytes of text a node has; a letter beyond ASCII has several."""
    return sum(len(value.lexical.encode()) for _, value in said if isinstance(value, Literal))


def _term(term: object) -> Term:
    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, IRI(term.datatype.value), term.language or "")
    assert isinstance(term, pyoxigraph.NamedNode), "a release has no blank nodes"
    return IRI(term.value)
