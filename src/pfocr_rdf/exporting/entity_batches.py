"""A batch of entities -> finished bytes, once all figures are written; one process's work."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.exporting.alignment import AlignedBatch, Aligner
from pfocr_rdf.exporting.dumps import Dumps
from pfocr_rdf.exporting.engine import EntitiesWritten
from pfocr_rdf.exporting.entities import EntityVariants, Lost, reconciled, said_by
from pfocr_rdf.exporting.page_cache import PageCache
from pfocr_rdf.figures import Pipeline, violations
from pfocr_rdf.figures.join import NOTHING_JOINED, Joined
from pfocr_rdf.figures.map import join
from pfocr_rdf.findings import Counted, Finding
from pfocr_rdf.rdf import (
    DCTERMS,
    IRI,
    SCHEMA,
    SKOS,
    Kind,
    Literal,
    Node,
    Subject,
    Term,
    classes_of,
    kind_of,
)
from pfocr_rdf.release import DumpFile
from pfocr_rdf.release.counts import (
    Classes,
    ClassOf,
    LinkCounter,
    ObjectHashes,
    Tally,
    object_record,
)
from pfocr_rdf.shacl import Around, Properties

ENTITIES_AT_ONCE: Final = 500
"""Entities a batch has."""
_LEAVES_OF_A_PAPER: Final = frozenset((SCHEMA.datePublished, DCTERMS.bibliographicCitation))


class EntitiesResult(NamedTuple):
    """Finished entities: how many, one piece a format, their alignment, and their tally.

    `objects` is the record of their distinct objects, `classes` those of all but genes and
    papers, of which there are many and which only figures name.
    """

    entities: int
    pieces: tuple[bytes, ...]
    alignment: AlignedBatch
    genes_with_hgnc: int
    findings: bytes
    tally: Tally
    objects: bytes
    classes: dict[IRI, Classes]


class EntityBatches:
    """Writes entities with the formats and shapes of a pipeline."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self._aligner = Aligner.of(pipeline.settings)
        self._links = LinkCounter(pipeline.mapper.by)
        self._hashes = ObjectHashes()
        self._cache: PageCache | None = None

    def run(
        self, chunk: Sequence[EntityVariants], cache: Path, joined: Joined = NOTHING_JOINED
    ) -> EntitiesResult:
        """Write entities, validated as they are written, and what they are elsewhere.

        Args:
            chunk: What was said of each.
            cache: The cache, to ask it for their neighbours: for the classes and, where the
                shapes look further, for all that is said of them.
            joined: What files of others say of them.
        """
        tally = Tally()
        findings: list[Finding] = []
        nodes: list[Node] = []
        matched = 0
        for facts in chunk:
            node, lost = reconciled(facts)
            node, found = join(node, joined, self.pipeline.mapper.by)
            findings += found
            nodes.append(node)
            for one in lost:
                findings.append(_conflict(one))
                if one.predicate in _LEAVES_OF_A_PAPER:
                    tally.ledger.emitted(Counted.LEAF, -one.stated)
                    tally.ledger.skipped(Counted.LEAF, "entity-conflict", one.stated)
            matched += any(predicate == SKOS.exactMatch for predicate, _ in node.properties)
        shapes = self.pipeline.shapes
        if shapes is not None:
            index: dict[Subject, dict[IRI, tuple[Term, ...]]] = {
                node.subject: dict(node.properties) for node in nodes
            }
            if shapes.look_outside:
                results = shapes.validate(index, around=self._facts_in(cache))
            else:
                results = shapes.validate(index, class_of=self._classes_in(cache))
            findings += violations(results, "", self.pipeline.prefixes.curie)
        said = tally.counts.nodes(nodes, self._links, _open_but_pages(nodes))
        return EntitiesResult(
            len(nodes),
            tuple(format_.nodes(nodes) for format_ in self.pipeline.formats),
            self._aligner.batch(nodes, joined.mappings),
            matched,
            tally.found(findings),
            tally,
            object_record(said, self._hashes),
            {
                node.subject: classes
                for node in nodes
                if kind_of(classes := classes_of(node)) not in (Kind.GENE, Kind.PAPER)
            },
        )

    def close(self) -> None:
        """Let go of the cache."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _opened(self, cache: Path) -> PageCache | None:
        if self._cache is None:
            self._cache = PageCache.open(cache)
        return self._cache

    def _classes_in(self, cache: Path) -> Callable[[Subject], tuple[IRI, ...]]:
        asked = self._opened(cache)

        def classes(subject: Subject) -> tuple[IRI, ...]:
            said = asked.said_of(subject) if asked and isinstance(subject, str) else None
            return classes_of(said_by(IRI(str(subject)), said)) if said else ()

        return classes

    def _facts_in(self, cache: Path) -> Around:
        asked = self._opened(cache)

        def said_of(subject: Subject) -> Properties | None:
            facts = asked.facts_of(subject) if asked and isinstance(subject, str) else None
            return dict(reconciled(facts)[0].properties) if facts else None

        return said_of


def _open_but_pages(nodes: Iterable[Node]) -> Callable[[IRI], ClassOf]:
    """Return what a batch knows of objects: that a page is no node, unless it is its own."""
    subjects = {node.subject for node in nodes}

    def of_page(term: Term) -> Classes | None:
        return None if term in subjects else ()

    return lambda predicate: of_page if predicate == SCHEMA.url else lambda _: None


def write_entities(
    results: Iterable[EntitiesResult],
    dumps: Dumps,
    alignment: DumpFile,
    findings: DumpFile,
    objects: Callable[[bytes], None],
) -> EntitiesWritten:
    """Write finished entities in their order, and return what they are together.

    Args:
        results: Of all batches.
        dumps: For their pieces; finished.
        alignment: For what they are elsewhere.
        findings: For lines.
        objects: Is given the record of each batch's distinct objects.
    """
    tally, genes_with_hgnc, aligned = Tally(), 0, Counter[int]()
    classes: dict[IRI, Classes] = {}
    for result in results:
        dumps.entities(result.pieces, result.entities, result.tally.counts.triples)
        tally.add(result.tally)
        genes_with_hgnc += result.genes_with_hgnc
        alignment.write(result.alignment.content)
        alignment.triples += result.alignment.triples
        aligned += result.alignment.links
        findings.write(result.findings)
        objects(result.objects)
        classes |= result.classes
    return EntitiesWritten(tally, genes_with_hgnc, aligned, classes, dumps.close())


def _conflict(lost: Lost) -> Finding:
    """Return the finding for a value that another one of the same entity excludes."""
    field = re.split("[/#]", lost.predicate)[-1]
    kept, value = (
        term.lexical if isinstance(term, Literal) else str(term) for term in (lost.kept, lost.value)
    )
    return Finding("entity-conflict", lost.subject, field, value, f"kept: {kept}")
