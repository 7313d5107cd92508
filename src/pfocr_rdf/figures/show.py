"""`pfocr-rdf show`: one figure's graph, or its mentions as rows for people."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.figures.decode import figid_of
from pfocr_rdf.figures.link import GeneTable, Link
from pfocr_rdf.figures.map import mention_iri
from pfocr_rdf.figures.model import Mention
from pfocr_rdf.figures.pipeline import FigureOutcome, Pipeline, Settings
from pfocr_rdf.figures.read import (
    Corpus,
    RawFigure,
    discover,
    is_figure_name,
    parse_front_matter,
    read_figure,
)
from pfocr_rdf.figures.side_tables import read_side_tables
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf import PFOCR, FormatName, NodeView, document, settle_label


class View(StrEnum):
    """How a figure is shown."""

    TABLE = "table"
    TURTLE = "turtle"
    JSONLD = "jsonld"


class ShownMention(NamedTuple):
    """A mention as people read it; "" where there is nothing to say.

    `readings` says as how many things the word is read in the figure, `also` as which other kinds.
    """

    kind: str
    word: str
    matched: str
    symbol: str
    hgnc: str
    entrez: str
    other_id: str
    how: str
    readings: str
    also: str


class Shown(NamedTuple):
    """One figure: its name, title and the organisms its text names, its graph or rows, findings."""

    figid: str
    title: str
    organisms: tuple[str, ...]
    text: str
    rows: tuple[ShownMention, ...]
    findings: tuple[Finding, ...]


def show_figure(target: str, within: Path | None, view: View, table: GeneTable) -> Shown:
    """Return one figure in the view asked for.

    Args:
        target: A page's path, or a figid.
        within: Where to look for a figid: a folder, checkout or archive.
        view: The graph's text, or the mentions' rows.
        table: The HGNC table to link with.

    Raises:
        InputError: The page cannot be read, or is no figure.
        UsageError: A figid without a place to look for it, or that is not there.
    """
    with tempfile.TemporaryDirectory(prefix="pfocr-rdf-") as workspace:
        raw, corpus = _find(target, within, Path(workspace))
        around = read_side_tables(corpus).side_tables
    formats = () if view is View.TABLE else (FormatName(view.value),)
    pipeline = Pipeline(Settings(table, around, formats=formats))
    outcome = pipeline.figure(raw)
    if outcome.figure is None or outcome.graph is None:
        reasons = "; ".join(f"{f.code}: {f.detail or f.value}" for f in outcome.findings)
        raise InputError(f"{target}: is not a figure we can show: {reasons}")
    text = ""
    for format_ in pipeline.formats:
        entities = [settle_label(entity, {}) for entity in outcome.graph.entities]
        pieces = (format_.figure(outcome.graph), format_.nodes(entities))
        text = document(format_, pieces).decode()
    return Shown(
        outcome.figure.figid,
        outcome.figure.title,
        tuple(organism.name for organism in outcome.figure.organisms_in_text),
        text,
        tuple(_rows(outcome)),
        outcome.findings,
    )


def _find(target: str, within: Path | None, workspace: Path) -> tuple[RawFigure, Corpus]:
    path = Path(target)
    if within is None:
        if not path.exists():
            if is_figure_name(target):
                raise UsageError(f"{target}: a figid needs --in INPUT (where to look for it)")
            raise InputError(f"{target}: no such file")
        corpus = discover([path], workspace)
        if len(corpus.figures) > 1:
            raise UsageError(
                f"{target}: holds {len(corpus.figures)} figures (give a FIGID --in it)"
            )
        return read_figure(corpus.figures[0]), corpus
    corpus = discover([within], workspace)
    named = [source for source in corpus.figures if source.stem == target]
    # A page may be named otherwise than its figure; then it has to be read to be found.
    for source in named or corpus.figures:
        raw = read_figure(source)
        if named or (
            raw.page is not None
            and target in raw.page
            and figid_of(parse_front_matter(raw.page, raw.name)) == target
        ):
            return raw, corpus
    raise UsageError(f"{target}: no such figure in {within} (pages there: {len(corpus.figures)})")


def _rows(outcome: FigureOutcome) -> Iterator[ShownMention]:
    assert outcome.graph is not None
    assert outcome.figure is not None
    nodes = {node.subject: NodeView(node) for node in outcome.graph.mentions}
    for mention, link in outcome.graph.links:
        yield _row(mention, link, nodes[mention_iri(outcome.figure, mention.statement)])


def _row(mention: Mention, link: Link, said: NodeView) -> ShownMention:
    statement, gene = mention.statement, link.gene
    ids = []
    if statement.accession:
        prefix = "CHEBI" if statement.kind == "chemical" else "DOID"
        ids.append(f"{prefix}:{statement.accession}")
    if statement.mesh_id:
        ids.append(f"MESH:{statement.mesh_id}")
    answer = (link.method or link.reason or "").removeprefix(PFOCR.base)
    if link.candidates:
        answer += f" ({', '.join(candidate.symbol for candidate in link.candidates)}?)"
    return ShownMention(
        kind=statement.kind.value,
        # A mention made of a keyword has no word of its own to show.
        word=statement.word or ("" if statement.source else statement.symbol),
        matched=statement.match,
        symbol=gene.symbol if gene else statement.symbol,
        hgnc=f"HGNC:{gene.hgnc_id}" if gene and gene.hgnc_id else "",
        entrez=gene.entrez_id if gene else "",
        other_id=" ".join(ids),
        how=answer,
        readings=said.first(PFOCR.readings),
        also=", ".join(
            sorted({iri.partition("#")[2].partition("-")[0] for iri in said.all(PFOCR.alsoReadAs)})
        ),
    )
