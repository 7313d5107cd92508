"""Peer 2: the same figures through pyoxigraph's terms and its serialisers.

Entities are written once, as a graph library would have it; the triples are held in a list,
because two formats are made of them.

Usage, in the folder `benchmarks`: python -m peers.pyoxigraph_script CORPUS HGNC OUT
"""

from __future__ import annotations

import sys
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from peers.figure_triples import PREFIXES, FigureMapper, Terms
from peers.pages import read_hgnc, read_pages

Term = NamedNode | Literal


def _literal(value: str, datatype: Term | None) -> Term:
    assert not isinstance(datatype, Literal)
    return Literal(value, datatype=datatype)


def _triple(parts: tuple[Term, Term, Term]) -> Triple:
    subject, predicate, value = parts
    assert isinstance(subject, NamedNode)
    assert isinstance(predicate, NamedNode)
    return Triple(subject, predicate, value)


def main(corpus: Path, hgnc: Path, out: Path) -> None:
    """Map all figures into one list of triples and serialise it twice."""
    terms: Terms[Term] = Terms(NamedNode, _literal)
    mapper = FigureMapper(terms, read_hgnc(hgnc))
    figures: list[Triple] = []
    entities: dict[tuple[Term, Term, Term], None] = {}
    for page, rows, names in read_pages(corpus):
        own, about = mapper.triples(page, rows, names)
        figures.extend(map(_triple, own))
        entities.update(dict.fromkeys(about))
    figures.extend(map(_triple, sorted(entities, key=str)))
    out.mkdir(parents=True, exist_ok=True)
    serialize(figures, str(out / "figures.ttl"), RdfFormat.TURTLE, prefixes=PREFIXES)
    serialize(figures, str(out / "figures.jsonld"), RdfFormat.JSON_LD, prefixes=PREFIXES)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
