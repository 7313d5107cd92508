"""SHACL: our engine and pyshacl on the same graphs, whose results must be the same.

pyshacl is given every advantage: graphs and shapes that are rdflib's already, batches of the
size it is best at, and only its validation is timed. Our time includes building the index, and
is that of the first time the engine sees a graph: it remembers good combinations of objects.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import pyshacl
from page import ratio, table
from places import Places, say
from rdflib import RDFS, Graph

from pfocr_rdf.figures.api import read_figures
from pfocr_rdf.figures.link import Linker, load_gene_table
from pfocr_rdf.figures.map import FigureGraph, Mapper
from pfocr_rdf.rdf import OA, PFOCR, SCHEMA, XSD_INTEGER, Iris, Literal, Triple
from pfocr_rdf.shacl import (
    Result,
    ShaclEngine,
    Shapes,
    index_triples,
    load_shapes,
    to_rdflib_graph,
    validate,
)
from pfocr_rdf.shipped import shipped_shapes

_SPOILT = 5


class Engines(NamedTuple):
    """Milliseconds per figure of both engines, for one size of batch."""

    batch: int
    figures: int
    triples: int
    results: int
    ours: float
    pyshacl: float

    @property
    def times_faster(self) -> float:
        """Return the ratio of the two."""
        return self.pyshacl / self.ours


def run_engines(places: Places, figures: int) -> list[Engines]:
    """Compare both engines one figure at a time, and in batches of 50."""
    mapper = Mapper(Linker(load_gene_table(places.hgnc)), Iris())
    graphs = [
        mapper.map_figure(figure)[0]
        for figure in islice(read_figures(places.corpus(figures)), figures)
    ]
    shapes_graph = Graph()
    for file in shipped_shapes():
        shapes_graph.parse(file)
    out = []
    for batch, count in ((1, min(figures, 50)), (50, figures)):
        say(f"SHACL, {count} figures in batches of {batch}")
        out.append(_compare(graphs[:count], batch, load_shapes(), shapes_graph))
    return out


def _compare(graphs: list[FigureGraph], batch: int, shapes: Shapes, shapes_graph: Graph) -> Engines:
    ours = theirs = 0.0
    triples = results = 0
    for start in range(0, len(graphs), batch):
        some = graphs[start : start + batch]
        # As sets: figures of a batch share entities.
        data = list(
            dict.fromkeys(
                triple
                for place, graph in enumerate(some, start)
                for triple in _triples(graph, spoilt=place % _SPOILT == 0)
            )
        )
        triples += len(data)
        begin = time.perf_counter()
        found = shapes.validate(index_triples(data))
        ours += time.perf_counter() - begin
        data_graph = to_rdflib_graph(data) + _classes(shapes_graph)
        begin = time.perf_counter()
        pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none")
        theirs += time.perf_counter() - begin
        expected = validate(data, engine=ShaclEngine.PYSHACL).results
        mine, other = _keys(found), _keys(expected)
        if mine != other:
            sys.exit(f"benchmark: only ours: {mine - other}; only pyshacl's: {other - mine}")
        results += len(found)
    each = 1000 / len(graphs)
    return Engines(batch, len(graphs), triples, results, ours * each, theirs * each)


def _classes(shapes_graph: Graph) -> Graph:
    classes = Graph()
    for triple in shapes_graph.triples((None, RDFS.subClassOf, None)):
        classes.add(triple)
    return classes


def _triples(graph: FigureGraph, *, spoilt: bool) -> Iterator[Triple]:
    """Yield a figure's triples; a spoilt one has faults of several kinds, to be found by both."""
    for node in graph.nodes():
        for subject, predicate, value in node.triples():
            if spoilt and predicate == SCHEMA.isPartOf and node is graph.figure:
                continue
            if spoilt and predicate == PFOCR.occurrences:
                yield subject, predicate, Literal("0", XSD_INTEGER)
            elif spoilt and predicate == OA.hasTarget:
                yield subject, predicate, Literal("the figure")
            else:
                yield subject, predicate, value


def _keys(results: Iterable[Result]) -> Counter[str]:
    """Return what identifies results, as often as each stands."""
    return Counter(repr((r.focus, r.path, r.value, r.component, r.severity)) for r in results)


def engines_table(measured: list[Engines]) -> str:
    """Return both engines side by side."""
    return table(
        ("figures at a time", "figures", "triples/figure", "results, the same", "ours, ms/figure",
         "pyshacl, ms/figure", "ratio"),
        [
            (
                str(m.batch),
                str(m.figures),
                f"{m.triples / m.figures:.0f}",
                f"{m.results:,}",
                f"{m.ours:.3f}",
                f"{m.pyshacl:.1f}",
                ratio(m.times_faster),
            )
            for m in measured
        ],
    )  # fmt: skip
