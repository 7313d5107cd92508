"""A batch of pages -> finished bytes per figure, counts and findings; one process's work.

What goes in are file names, what comes out is ready to be written: figures never travel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from pfocr_rdf.exporting.entities import EntityIds, StoredNode
from pfocr_rdf.figures import Mention, Pipeline
from pfocr_rdf.figures.link import Link
from pfocr_rdf.figures.read import FigureSource, InputDigest, read_figure
from pfocr_rdf.rdf import IRI
from pfocr_rdf.release.counts import LinkCounter, ObjectHashes, Tally, object_record


class FigureResult(NamedTuple):
    """One page's finished bytes.

    `figid` is "" when the page was skipped; `pieces` has one piece a format. `tally`,
    `findings` (lines of findings.jsonl), `entities` (ids of nodes) and `objects` (the record
    of its distinct objects) are for the page cache.
    """

    figid: str
    pieces: tuple[bytes, ...]
    triples: int
    tally: bytes
    findings: bytes
    entities: bytes
    objects: bytes


class BatchResult(NamedTuple):
    """A finished batch, in the order of its sources.

    A page that is as it was has None in `figures`. `nodes` are entities that this process has
    not sent before; `tally` is over the pages that are not None.
    """

    figures: tuple[FigureResult | None, ...]
    digests: tuple[InputDigest, ...]
    nodes: tuple[StoredNode, ...]
    tally: Tally


class Before(NamedTuple):
    """What an earlier run made of a page: the hash of what it read, and the figure's figid."""

    digest: str
    figid: str


class FigureBatches:
    """Takes batches of pages through a pipeline."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._ids = EntityIds()
        self._links = LinkCounter(pipeline.mapper.by)
        self._hashes = ObjectHashes()

    def run(
        self,
        sources: Sequence[FigureSource],
        before: Sequence[Before | None] = (),
        taken: Collection[str] = (),
    ) -> BatchResult:
        """Read sources and take them through the pipeline, in their order.

        Args:
            sources: Pages.
            before: For each what an earlier run made of it, if its bytes can be used again.
            taken: Figids that pages of earlier batches have.
        """
        mine: set[str] = set()
        figures: list[FigureResult | None] = []
        digests: list[InputDigest] = []
        nodes: list[StoredNode] = []
        total = Tally()
        for source, earlier in zip_longest(sources, before):
            raw = read_figure(source)
            digests.append(raw.digest)
            if (
                earlier is not None
                and earlier.digest == raw.digest.sha256
                and (not earlier.figid or earlier.figid not in mine)
            ):
                mine.add(earlier.figid)
                figures.append(None)
                continue
            outcome = self.pipeline.figure(raw, lambda figid: figid in mine or figid in taken)
            tally = Tally(ledger=outcome.ledger)
            lines = tally.found(outcome.findings)
            figid, ids, objects = "", b"", b""
            pieces: tuple[bytes, ...] = ()
            if outcome.figure is not None and outcome.graph is not None:
                graph = outcome.graph
                figid = outcome.figure.figid
                mine.add(figid)
                pieces = tuple(format_.figure(graph) for format_ in self.pipeline.formats)
                tally.counts.figures = 1
                said = tally.counts.nodes((graph.figure, *graph.mentions), self._links)
                objects = object_record(said, self._hashes)
                tally.counts.links.update(_answers(graph.links))
                ids, new = self._ids.name(graph.entities)
                nodes += new
            triples = tally.counts.triples
            record = tally.record_bytes()
            figures.append(FigureResult(figid, pieces, triples, record, lines, ids, objects))
            total.add(tally)
        return BatchResult(tuple(figures), tuple(digests), tuple(nodes), total)


def _answers(links: Iterable[tuple[Mention, Link]]) -> Iterator[IRI]:
    for _, link in links:
        answer = link.method or link.reason
        assert answer is not None, "a link has a method or a reason"
        yield answer
