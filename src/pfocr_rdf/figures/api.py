"""The library for notebooks and programs: figures in, graphs out, without the command line.

Example:
    >>> from pfocr_rdf import map_figure, read_figures, to_graph
    >>> figure = next(read_figures("seeds/001_4c02219641b50d7b.txt"))
    >>> graph = to_graph(map_figure(figure))
    >>> len(graph)
    104
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pfocr_rdf.figures.link import GeneTable, Linker, load_gene_table
from pfocr_rdf.figures.map import FigureGraph, Mapper
from pfocr_rdf.figures.model import Figure
from pfocr_rdf.figures.pipeline import decode_raw, log_of
from pfocr_rdf.figures.read import discover, read_figure
from pfocr_rdf.figures.side_tables import read_side_tables
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import (
    PFOCR,
    SCHEMA,
    Iris,
    IriStyle,
    Literal,
    Node,
    Prefixes,
    Subject,
    Triple,
    style_of,
    word_of_most,
)

if TYPE_CHECKING:
    import rdflib


def read_figures(
    *inputs: str | os.PathLike[str],
    on_finding: Callable[[Finding], None] = lambda _: None,
    captions: bool = True,
) -> Iterator[Figure]:
    """Yield the figures of pages, folders, checkouts, archives or records, in path order.

    Args:
        inputs: What to read.
        on_finding: Told of every oddity; a page that cannot be read is one, not an error.
        captions: Whether figures keep their captions.

    Raises:
        InputError: An input cannot be read at all, or holds no page.
    """
    with tempfile.TemporaryDirectory(prefix="pfocr-rdf-") as workspace:
        corpus = discover([Path(each) for each in inputs], Path(workspace))
        read = read_side_tables(corpus, captions=captions)
        for finding in (*corpus.findings, *read.findings):
            on_finding(finding)
        for source in corpus.figures:
            raw = read_figure(source)
            log = log_of(raw)
            figure = decode_raw(raw, read.side_tables, log)
            for finding in log.findings:
                on_finding(finding)
            if figure is not None:
                yield figure


def map_figure(
    figure: Figure, table: GeneTable | None = None, style: IriStyle = IriStyle.OBO
) -> FigureGraph:
    """Return the graph of a figure: the figure, its mentions and their entities.

    A chemical or disease without a name has all the figure's words for it; of several figures
    `to_graph` leaves the one that most of them use, as an export does.

    Args:
        figure: As read.
        table: The HGNC table to link with; None for the cached one, else the embedded one.
        style: Whose spelling of IRIs to use.
    """
    graph, _ = _mapper(table or _default_table(), style).map_figure(figure)
    return graph


def to_graph(graphs: FigureGraph | Iterable[FigureGraph | Node]) -> rdflib.Graph:
    """Return one or several figures' graphs as an rdflib graph.

    Bound are the prefixes of the style that their IRIs are spelled in; of several styles, those
    of the first.
    """
    from pfocr_rdf.shacl import to_rdflib_graph  # noqa: PLC0415 - imports rdflib

    parts = [graphs] if isinstance(graphs, FigureGraph) else graphs
    triples = [
        triple
        for part in parts
        for node in (part.nodes() if isinstance(part, FigureGraph) else (part,))
        for triple in node.triples()
    ]
    graph = to_rdflib_graph(_with_one_label(triples))
    style = style_of(
        term for subject, _, value in triples for term in (subject, value) if isinstance(term, str)
    )
    for prefix, namespace in Prefixes(Iris(style)).namespaces.items():
        # rdflib has its own idea of `schema` (https), and would make ours `schema1`.
        graph.bind(prefix, namespace, replace=True)
    return graph


def _with_one_label(triples: Sequence[Triple]) -> Iterator[Triple]:
    """Leave of the words for what has no name the one that most figures use."""
    figures: defaultdict[Subject, Counter[str]] = defaultdict(Counter)
    for subject, predicate, value in triples:
        if predicate == PFOCR.labelFromFigures and isinstance(value, Literal):
            figures[subject][value.lexical] += 1
    named = {subject for subject, predicate, _ in triples if predicate == SCHEMA.name}
    labels = {
        subject: Literal(word_of_most(words))
        for subject, words in figures.items()
        if subject not in named
    }
    for triple in triples:
        if triple[1] != PFOCR.labelFromFigures or labels.get(triple[0]) == triple[2]:
            yield triple


@lru_cache(maxsize=1)
def _default_table() -> GeneTable:
    return load_gene_table()


@lru_cache(maxsize=4)
def _mapper(table: GeneTable, style: IriStyle) -> Mapper:
    return Mapper(Linker(table), Iris(style))
