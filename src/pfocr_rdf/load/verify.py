"""What a store says it has, against what the release is: counts, and a few nodes term by term.

Every number is counted by the store: an answer that lists what is there may be cut without a
word (Virtuoso's ResultSetMaxRows), so nothing is ever listed and counted here. Counts cannot
tell a text that was cut or read in another encoding from one that is whole, nor an IRI from the
one that Virtuoso makes of a word it cannot read. The nodes with the longest texts and the most
letters beyond ASCII can.

Two terms are the same when they are equal as RDF terms: same IRI; or same text, datatype and
language. A store may do only what is measured of it, and what loses nothing:

| term | what is sent | what comes back | from |
|---|---|---|---|
| xsd:decimal | 0.8150, 1.0 | 0.815, 1 | Oxigraph, Virtuoso |
| xsd:integer | 007 | 7 | Oxigraph, Virtuoso |
| rdf:langString | en-GB | en-gb (a tag has no case) | Oxigraph, Virtuoso |

So numbers of these two types are compared by value, which must be the same to the last digit,
with their type; all else is compared as it is. What loses something (a date that comes back as
a string, a decimal that is cut after 15 digits) is a difference.

Source: RDF 1.1 Concepts, section 3.3, https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import pyoxigraph

from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.graphs import in_graph
from pfocr_rdf.load.plan import PlannedGraph
from pfocr_rdf.load.slices import N_TRIPLES, slices_of
from pfocr_rdf.rdf import (
    DCAT,
    IRI,
    RDF,
    XSD_DECIMAL,
    XSD_INTEGER,
    XSD_STRING,
    Literal,
    Term,
    predicate_of,
    term_of,
)
from pfocr_rdf.release import VOID_FILE, Release
from pfocr_rdf.text import one_line

_DIFFERENCES: Final = 4
_FILES: Final = 4
_NODES: Final = 4
_BYTES: Final = 500_000
_SHOWN: Final = 80

_NUMBERS: Final = {
    XSD_INTEGER: re.compile(r"[+-]?[0-9]+"),
    XSD_DECIMAL: re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
}
"""Datatypes whose literals a store may write otherwise, and what is one of theirs."""


def count_graph(client: StoreClient, graph: IRI) -> int:
    """Return how many triples a graph has; 0 for one that is not there."""
    return client.count(in_graph(graph, "?s ?p ?o"))


def differences(client: StoreClient, release: Release, part: PlannedGraph, graph: IRI) -> list[str]:
    """Return how a graph differs from what it must have; empty when it is proved.

    Triples are counted, and the entities of each class; some nodes are compared whole. Only
    where counts differ are those of each property taken too, which tells what was lost.

    Args:
        client: The store.
        release: What was loaded.
        part: What must be there.
        graph: Where it is; under `--replace` a temporary graph.
    """
    found = count_graph(client, graph)
    said = [] if found == part.triples else [_said("triples", part.triples, found)]
    for name, expected in part.classes.items():
        entities = client.count(in_graph(graph, f"?s <{RDF.type}> <{name}>"))
        if entities != expected:
            said.append(_said(f"entities of <{name}>", expected, entities))
    if said:
        for name, expected in part.properties.items():
            triples = client.count(in_graph(graph, f"?s <{name}> ?o"))
            if triples != expected:
                said.append(_said(f"triples of <{name}>", expected, triples))
    for sample in samples_of(release, part):
        said.extend(sample_differences(client, graph, sample))
    return said


def in_one_line(said: list[str]) -> str:
    """Return the first differences, and how many more there are."""
    more = f"; and {len(said) - _DIFFERENCES} more" if len(said) > _DIFFERENCES else ""
    return "; ".join(said[:_DIFFERENCES]) + more


def _said(what: str, expected: int, found: int) -> str:
    return f"expected {expected:,} {what}, found {found:,}"


class Sample(NamedTuple):
    """A node and all that the release says of it."""

    node: IRI
    said: frozenset[tuple[IRI, Term]]


def samples_of(release: Release, part: PlannedGraph) -> list[Sample]:
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
            said.append((predicate_of(quad), term_of(quad.object)))
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
    number = client.count(in_graph(graph, f"<{sample.node}> ?p ?o"))
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


def comparable(term: Term) -> Term:
    """Return a term as all stores must give it back.

    Example:
        >>> comparable(Literal("0.8150", XSD_DECIMAL)).lexical
        '0.815'
    """
    if not isinstance(term, Literal):
        return term
    number = _NUMBERS.get(term.datatype)
    if number is not None and number.fullmatch(term.lexical):
        return term._replace(lexical=_canonical(term.lexical))
    return term._replace(language=term.language.lower())


def shown_term(term: Term, most: int) -> str:
    """Return a term for people: one line of so many characters of its text at most."""
    if not isinstance(term, Literal):
        return f"<{term}>"
    text = one_line(term.lexical)
    text = f'"{text if len(text) <= most else text[:most] + "…"}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype == XSD_STRING else f"{text}^^<{term.datatype}>"


def _canonical(lexical: str) -> str:
    text = f"{Decimal(lexical):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
