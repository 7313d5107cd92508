"""Peer 1: figures to Turtle and JSON-LD by way of one rdflib graph, as most scripts do.

Usage, in the folder `benchmarks`: python -m peers.rdflib_script CORPUS HGNC OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from peers.figure_triples import PREFIXES, FigureMapper, Terms
from peers.pages import read_hgnc, read_pages


def _literal(value: str, datatype: Node | None) -> Node:
    assert datatype is None or isinstance(datatype, URIRef)
    return Literal(value, datatype=datatype)


def main(corpus: Path, hgnc: Path, out: Path) -> None:
    """Map all figures into one graph and serialise it twice."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    terms: Terms[Node] = Terms(URIRef, _literal)
    mapper = FigureMapper(terms, read_hgnc(hgnc))
    for page, rows, names in read_pages(corpus):
        for part in mapper.triples(page, rows, names):
            for triple in part:
                graph.add(triple)
    out.mkdir(parents=True, exist_ok=True)
    graph.serialize(out / "figures.ttl", format="turtle", encoding="utf-8")
    context = {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix != "rdf"}
    graph.serialize(out / "figures.jsonld", format="json-ld", context=context, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
