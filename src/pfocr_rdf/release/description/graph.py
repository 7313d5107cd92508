"""The graph of a release in numbers: VoID, with its partitions and linksets.

A graph is the same in every format, so it is one node, with a dump a file. Everything counted
was counted while it was written.

Source: VoID, https://www.w3.org/TR/void/; its extension, http://ldf.fi/void-ext;
HCLS, https://www.w3.org/TR/hcls-dataset/, statistics
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pfocr_rdf.rdf import (
    BIOLINK,
    DCAT,
    DCTERMS,
    FIGURES,
    FOAF,
    IRI,
    OURS,
    PAV,
    PROV,
    RDF,
    SD,
    SITE,
    SKOS,
    VOID,
    VOID_EXT,
    Iris,
    Node,
    node,
    plain,
)
from pfocr_rdf.release.counts import LINKSETS, NCBI_GENE, Counts, DistinctCounts, Target, uri_spaces
from pfocr_rdf.release.description.edition import (
    DESCRIPTION,
    WIKIPATHWAYS,
    Edition,
    free,
    issued,
    number,
    program_iri,
    run_iri,
)
from pfocr_rdf.release.description.partitions import partition_links, partition_nodes, short
from pfocr_rdf.release.files import WrittenFile

HCLS: Final = IRI("https://www.w3.org/TR/hcls-dataset/")
_CONFORMS: Final = (HCLS, IRI(OURS + "vocab"), IRI(OURS + "shapes"))
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"


def media_type(name: str) -> IRI:
    """Return the IRI of a media type."""
    return IRI(_MEDIA_TYPES + name)


def graph_nodes(
    edition: Edition,
    counts: Counts,
    distinct: DistinctCounts,
    dumps: Sequence[WrittenFile],
    iris: Iris,
) -> Iterator[Node]:
    """Yield the graph with its counts, and each partition and linkset as a node.

    Args:
        edition: What the release says of itself.
        counts: Of its graph.
        distinct: Likewise.
        dumps: The files that have the graph.
        iris: The spelling of its IRIs.
    """
    graph = edition.rdf
    properties = counts.properties
    linksets = sorted(counts.linked)
    yield node(
        graph,
        (RDF.type, (VOID.Dataset, DCAT.Distribution, SD.Graph)),
        (DCTERMS.title, plain(edition.title)),
        (DCTERMS.description, plain(DESCRIPTION)),
        free(),
        (DCTERMS.creator, (WIKIPATHWAYS,)),
        (DCTERMS.publisher, (WIKIPATHWAYS,)),
        issued(edition.issued),
        (DCTERMS.format, {media_type(file.media_type) for file in dumps}),
        (DCTERMS.conformsTo, _CONFORMS),
        (FOAF.page, (IRI(SITE),)),
        (PAV.version, plain(edition.version)),
        (PAV.createdWith, (program_iri(),)),
        (PROV.wasGeneratedBy, (run_iri(edition),)),
        (DCAT.accessURL, (edition.address(),)),
        (BIOLINK.agent_type, (BIOLINK.image_processing_agent,)),
        (BIOLINK.knowledge_level, (BIOLINK.not_provided,)),
        (VOID.dataDump, [edition.address(file.name) for file in dumps]),
        (VOID.uriSpace, plain(OURS, FIGURES)),
        (VOID.vocabulary, {_namespace(name) for name in (*counts.classes, *properties)}),
        (VOID.triples, (number(counts.triples),)),
        (VOID.entities, (number(counts.subjects),)),
        (VOID.distinctSubjects, (number(counts.subjects),)),
        (VOID.distinctObjects, (number(distinct.objects),)),
        (VOID.classes, (number(len(counts.classes)),)),
        (VOID.properties, (number(len(properties)),)),
        (VOID_EXT.distinctLiterals, (number(distinct.literals),)),
        *partition_links(edition, counts),
        (VOID.subset, [linkset_iri(edition, place) for place in linksets]),
    )
    yield from partition_nodes(edition, counts, distinct)
    for place in linksets:
        yield _linkset(edition, place, counts.linked[place])
    targets = {LINKSETS[place][1] for place in linksets} | {NCBI_GENE}
    spaces = uri_spaces(iris)
    for target in sorted(targets):
        yield node(
            _target_iri(edition, target),
            (RDF.type, (DCAT.Dataset,)),
            (DCTERMS.title, plain(target.title)),
            (FOAF.page, (target.page,)),
            (VOID.uriSpace, plain(spaces[target])),
        )


def alignment_node_of(edition: Edition, file: WrittenFile) -> Node:
    """Return the linkset of the genes' other spellings, which is a file of its own."""
    return node(
        edition.below("alignment"),
        (RDF.type, (VOID.Linkset, SD.Graph)),
        (DCTERMS.title, plain("Other spellings of the genes' IRIs")),
        free(),
        (VOID.dataDump, (edition.address(file.name),)),
        (VOID.subjectsTarget, (edition.rdf,)),
        (VOID.objectsTarget, (_target_iri(edition, NCBI_GENE),)),
        (VOID.linkPredicate, (SKOS.exactMatch,)),
        (VOID.triples, (number(file.triples),)),
    )


def linkset_iri(edition: Edition, place: int) -> IRI:
    """Return the IRI of a linkset by its place in `LINKSETS`."""
    predicate, target = LINKSETS[place]
    return edition.below("rdf", "links", f"{short(predicate)}-{target.name}")


def _linkset(edition: Edition, place: int, links: int) -> Node:
    predicate, target = LINKSETS[place]
    return node(
        linkset_iri(edition, place),
        (RDF.type, (VOID.Linkset,)),
        (DCTERMS.title, plain(f"Links to {target.title} by {short(predicate)}")),
        free(),
        (VOID.subjectsTarget, (edition.rdf,)),
        (VOID.objectsTarget, (_target_iri(edition, target),)),
        (VOID.linkPredicate, (predicate,)),
        (VOID.triples, (number(links),)),
    )


def _target_iri(edition: Edition, target: Target) -> IRI:
    return edition.below("target", target.name)


def _namespace(name: IRI) -> IRI:
    return IRI(name[: max(name.rfind("#"), name.rfind("/")) + 1])
