"""What an export says about itself: three levels, its files, its counts, its run.

`levels` is in every dump. All else stands in void.ttl alone: a file cannot state its own hash,
nor a graph count itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pfocr_rdf.rdf.formats import document
from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.nodes import node
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import Node, count_triples
from pfocr_rdf.rdf.turtle import TurtleFormat
from pfocr_rdf.rdf.vocabulary import DCAT, DESCRIPTION_NAMESPACES, SKOS
from pfocr_rdf.release.counts.counts import Counts
from pfocr_rdf.release.counts.distinct import DistinctCounts
from pfocr_rdf.release.description.dataset import dataset_nodes, is_in_dump
from pfocr_rdf.release.description.edition import (
    CC0,
    DATASET,
    DESCRIPTION,
    KEYWORDS,
    PAPER,
    RELEASES,
    TITLE,
    WIKIPATHWAYS,
    Edition,
    hgnc_release_iri,
    version_iri,
)
from pfocr_rdf.release.description.files import file_iri, file_nodes
from pfocr_rdf.release.description.graph import alignment_node_of, graph_nodes
from pfocr_rdf.release.description.run import Input, run_nodes, service_nodes
from pfocr_rdf.release.files import WrittenFile

__all__ = [
    "CC0",
    "DATASET",
    "DESCRIPTION",
    "KEYWORDS",
    "PAPER",
    "RELEASES",
    "TITLE",
    "WIKIPATHWAYS",
    "Edition",
    "Input",
    "alignment_node",
    "dataset_nodes",
    "hgnc_release_iri",
    "is_in_dump",
    "version_iri",
    "void_file",
    "void_nodes",
]

_ALIGNMENT = "alignment.ttl"


def void_nodes(
    edition: Edition,
    counts: Counts,
    distinct: DistinctCounts,
    files: Sequence[WrittenFile],
    inputs: Iterable[Input],
    iris: Iris,
) -> Iterator[Node]:
    """Yield all nodes of void.ttl, each subject once.

    Args:
        edition: What the release says of itself.
        counts: Of its graph.
        distinct: Likewise.
        files: All that are to be distributions; those with triples are its dumps, but for
            the alignment.
        inputs: What was read.
        iris: The spelling of the graph's IRIs.
    """
    alignment = [file for file in files if file.name == _ALIGNMENT]
    dumps = [file for file in files if file.triples and file not in alignment]
    distributions = (edition.rdf, *(file_iri(edition, file) for file in files))
    for each in dataset_nodes(edition):
        if each.subject == edition.iri:
            yield node(each.subject, *each.properties, (DCAT.distribution, distributions))
        else:
            yield each
    yield from graph_nodes(edition, counts, distinct, dumps, iris)
    for file in alignment:
        yield alignment_node_of(edition, file)
    yield from file_nodes(edition, files)
    yield from run_nodes(edition, inputs)
    yield from service_nodes(edition)


def void_file(nodes: Iterable[Node], iris: Iris) -> tuple[bytes, int]:
    """Return void.ttl, and how many triples it has."""
    kept = list(nodes)
    turtle = TurtleFormat(Prefixes(iris, DESCRIPTION_NAMESPACES))
    return document(turtle, [turtle.nodes(kept)]), count_triples(kept)


def alignment_node(entrez_id: str, iris: Iris) -> Node:
    """Return a gene's other spellings, as exact matches."""
    return node(iris.gene(entrez_id), (SKOS.exactMatch, iris.spellings_of_gene(entrez_id)))
