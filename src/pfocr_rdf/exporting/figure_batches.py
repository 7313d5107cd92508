"""A batch of pages -> finished bytes per figure, counts and findings; one process's work.

What goes in are file names, what comes out is ready to be written: figures never travel.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple, cast

from pfocr_rdf.exporting.entities import EntityIds, StoredNode
from pfocr_rdf.figures import Mention, Pipeline
from pfocr_rdf.figures.link import Link
from pfocr_rdf.figures.map import FigureGraph
from pfocr_rdf.figures.read import FigureSource, InputDigest, read_figure
from pfocr_rdf.rdf import IRI, SCHEMA, Kind, Term, figid_of
from pfocr_rdf.release.counts import (
    Classes,
    ClassOf,
    LinkCounter,
    ObjectHashes,
    Tally,
    object_record,
)


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
                said = tally.counts.nodes(
                    (graph.figure, *graph.mentions), self._links, _classes_in(graph)
                )
                objects = object_record(said, self._hashes)
                tally.counts.links.update(_answers(graph.links))
                ids, new = self._ids.name(graph.entities)
                nodes += new
            triples = tally.counts.triples
            record = tally.record_bytes()
            figures.append(FigureResult(figid, pieces, triples, record, lines, ids, objects))
            total.add(tally)
        return BatchResult(tuple(figures), tuple(digests), tuple(nodes), total)


_SHARED: Final = frozenset(
    (
        *(Kind.CHEMICAL.of_class, Kind.DISEASE.of_class),
        *(Kind.PERSON.of_class, Kind.ORGANIZATION.of_class, SCHEMA.DataCatalog),
    )
)
"""What may have a class elsewhere that it has not here.

A figure may take for a disease what another takes for a chemical, as both have ids of MeSH, and
for a person what another takes for an organization. The description adds to what the catalogue is.
"""


class _Nodes(dict[Term, Classes | None]):
    """The nodes of a figure with their classes; None of what may have others elsewhere."""

    def __missing__(self, term: Term) -> Classes | None:
        """Say what no node of this figure is: another figure, which may be there, or none at all."""
        return None if figid_of(cast("IRI", term)) else ()


def _classes_in(graph: FigureGraph) -> Callable[[IRI], ClassOf]:
    # As `classes_of` has them, which makes sure of it; here are a hundred nodes a figure.
    said = {each.subject: each.properties[0][1] for each in graph.nodes()}
    nodes = _Nodes(cast("dict[Term, Classes]", said))
    for each in graph.entities:
        if each.properties[0][1][0] in _SHARED:
            nodes[each.subject] = None
    # A page gives any address as its licence.
    return lambda predicate: nodes.get if predicate == SCHEMA.license else nodes.__getitem__


def _answers(links: Iterable[tuple[Mention, Link]]) -> Iterator[IRI]:
    for _, link in links:
        answer = link.method or link.reason
        assert answer is not None, "a link has a method or a reason"
        yield answer
