"""Where a figure's time goes: each stage of the pipeline by itself, in one process.

A figure is taken through all stages before the next one, as in an export, with a look at the
clock between two stages; entities, files and processes are not part of it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple, cast

from page import table
from places import Places, say

from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.figure_batches import BatchResult, FigureBatches
from pfocr_rdf.exporting.page_cache import CachedPage, PageCache
from pfocr_rdf.figures import Pipeline, Settings, read_side_tables
from pfocr_rdf.figures.decode import DecodeLog, SideTables, TableText, decode_figure
from pfocr_rdf.figures.link import GeneTable, Linker, load_gene_table
from pfocr_rdf.figures.map import FigureGraph, Mapper
from pfocr_rdf.figures.read import (
    FigureSource,
    discover,
    parse_front_matter,
    parse_table,
    read_figure,
)
from pfocr_rdf.rdf import (
    FIGURES_GRAPH,
    IRI,
    RDF,
    FormatName,
    Iris,
    IriStyle,
    Prefixes,
    Subject,
    Term,
    make_format,
)
from pfocr_rdf.shacl import load_shapes
from pfocr_rdf.shipped import dump_shapes

STAGES = ("read", "YAML", "tables", "decode", "link", "map", "validate", "Turtle", "JSON-LD")
Index = dict[Subject, dict[IRI, tuple[Term, ...]]]


class StageTimes(NamedTuple):
    """Milliseconds per figure: of each stage, of a whole batch, and of writing what it gave."""

    figures: int
    triples: int
    stages: tuple[float, ...]
    batch: float
    write: float


def run_stages(places: Places, figures: int, times: int) -> StageTimes:
    """Measure all stages several times; medians."""
    say(f"stage by stage, {figures:,} figures")
    table_ = load_gene_table(places.hgnc)
    with tempfile.TemporaryDirectory() as workspace:
        corpus = discover([places.corpus(figures)], Path(workspace))
    around = read_side_tables(corpus).side_tables
    every: list[list[float]] = []
    batches: list[float] = []
    writes: list[float] = []
    triples = 0
    for _ in range(times):
        spent, triples = _once(corpus.figures, table_, around)
        every.append([1000 * seconds / figures for seconds in spent])
        settings = Settings(
            table_, around, IriStyle.OBO, (FormatName.TURTLE, FormatName.JSONLD), FIGURES_GRAPH,
            validate=True,
        )  # fmt: skip
        pipeline = Pipeline(settings)
        start = time.perf_counter()
        result = FigureBatches(pipeline).run(corpus.figures)
        batches.append(1000 * (time.perf_counter() - start) / figures)
        writes.append(1000 * _write(pipeline, result) / figures)
    stages = tuple(median(values) for values in zip(*every, strict=True))
    return StageTimes(figures, triples, stages, median(batches), median(writes))


def _write(pipeline: Pipeline, result: BatchResult) -> float:
    """Return the seconds that the dumps and the cache of a batch take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache = PageCache.create(folder / "ledger.sqlite", b"")
        start = time.perf_counter()
        rows = []
        with Dumps(folder, pipeline.formats, None, 0) as dumps:
            for figure, digest in zip(result.figures, result.digests, strict=True):
                assert figure is not None, "nothing is as it was"
                dumps.begin_page()
                places = dumps.figure(figure.pieces, figure.triples)
                rows.append(
                    CachedPage(figure.figid, *digest[:0:-1], figure.figid, places, *figure[3:])
                )
            cache.add(rows, result.nodes)
            dumps.close()
        cache.seal()
        seconds = time.perf_counter() - start
        cache.close()
    return seconds


def _once(
    sources: Sequence[FigureSource], genes: GeneTable, around: SideTables
) -> tuple[list[float], int]:
    """Return the seconds that all figures spend in each stage, and their triples."""
    # All new: what these remember is part of their cost.
    iris = Iris()
    prefixes = Prefixes(iris)
    linker, shapes = Linker(genes), load_shapes(dump_shapes())
    # It asks the linker again, which remembers: only the first time counts as linking.
    mapper = Mapper(linker, iris)
    turtle = make_format(FormatName.TURTLE, prefixes, FIGURES_GRAPH)
    jsonld = make_format(FormatName.JSONLD, prefixes, FIGURES_GRAPH)
    spent = [0.0] * len(STAGES)
    triples = 0
    clock = time.perf_counter
    for source in sources:
        at = [clock()]
        raw = read_figure(source)
        at.append(clock())
        assert raw.page is not None, "a corpus has no page that cannot be read"
        page = parse_front_matter(raw.page, raw.name)
        at.append(clock())
        tables = [TableText(t.kind, parse_table(t.text, t.name), t.name) for t in raw.tables]
        at.append(clock())
        figure = decode_figure(page, tables, around, DecodeLog(raw.name))
        at.append(clock())
        assert figure is not None, "a corpus has no page without a figid"
        for mention in figure.mentions:
            linker.link(mention.statement)
        at.append(clock())
        graph, _ = mapper.map_figure(figure)
        at.append(clock())
        index, classes = as_index(graph)
        shapes.validate(index, class_of=lambda subject, known=classes: known.get(subject, ()))  # type: ignore[misc]
        at.append(clock())
        turtle.figure(graph)
        at.append(clock())
        jsonld.figure(graph)
        at.append(clock())
        for i in range(len(STAGES)):
            spent[i] += at[i + 1] - at[i]
        triples += len(graph)
    return spent, triples


def as_index(graph: FigureGraph) -> tuple[Index, dict[Subject, tuple[IRI, ...]]]:
    """Return what a figure is validated as: itself and its mentions, and its entities' classes."""
    index: Index = {node.subject: dict(node.properties) for node in (graph.figure, *graph.mentions)}
    classes = {
        entity.subject: cast("tuple[IRI, ...]", dict(entity.properties)[RDF.type])
        for entity in graph.entities
    }
    return index, classes  # type: ignore[return-value]


def stage_table(measured: StageTimes) -> str:
    """Return the milliseconds of each stage, and what is left of a batch's."""
    total = measured.batch
    rows = [
        (name, f"{ms:.3f}", f"{ms / total:.0%}")
        for name, ms in zip(STAGES, measured.stages, strict=True)
    ]
    rest = total - sum(measured.stages)
    rows.append(("counting and the rest of a batch", f"{rest:.3f}", f"{rest / total:.0%}"))
    rows.append(("**a whole batch, one process**", f"**{total:.3f}**", "**100%**"))
    rows.append(("write: dumps and page cache, by the parent", f"{measured.write:.3f}", ""))
    return table(("stage", "ms/figure", "share"), rows)
