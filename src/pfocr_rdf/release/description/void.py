"""void.ttl put together: all nodes that describe a release, and its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pfocr_rdf.rdf import (
    DCAT,
    DESCRIPTION_NAMESPACES,
    Iris,
    Node,
    Prefixes,
    TurtleFormat,
    count_triples,
    document,
    node,
)
from pfocr_rdf.release.counts import Counts, DistinctCounts
from pfocr_rdf.release.description.dataset import dataset_nodes
from pfocr_rdf.release.description.edition import (
    Edition,
)
from pfocr_rdf.release.description.files import file_iri, file_nodes
from pfocr_rdf.release.description.graph import alignment_nodes, graph_nodes, target_nodes
from pfocr_rdf.release.description.run import Input, run_nodes, service_nodes
from pfocr_rdf.release.files import ALIGNMENT_FILE, WrittenFile


def void_nodes(
    edition: Edition,
    counts: Counts,
    distinct: DistinctCounts,
    files: Sequence[WrittenFile],
    inputs: Iterable[Input],
    iris: Iris,
    aligned: Mapping[int, int],
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
        aligned: Triples of the alignment by linkset, which is a place in `ALIGNED`.
    """
    alignment = [file for file in files if file.name == ALIGNMENT_FILE]
    dumps = [file for file in files if file.triples and file not in alignment]
    distributions = (edition.rdf, *(file_iri(edition, file) for file in files))
    for each in dataset_nodes(edition):
        if each.subject == edition.iri:
            yield node(each.subject, *each.properties, (DCAT.distribution, distributions))
        else:
            yield each
    yield from graph_nodes(edition, counts, distinct, dumps)
    for file in alignment:
        yield from alignment_nodes(edition, file, aligned)
    yield from target_nodes(edition, counts.linked, aligned, iris)
    yield from file_nodes(edition, files)
    yield from run_nodes(edition, inputs)
    yield from service_nodes(edition)


def void_file(nodes: Iterable[Node], iris: Iris) -> tuple[bytes, int]:
    """Return void.ttl, and how many triples it has."""
    kept = list(nodes)
    turtle = TurtleFormat(Prefixes(iris, DESCRIPTION_NAMESPACES))
    return document(turtle, [turtle.nodes(kept)]), count_triples(kept)
