"""The graph of a release in numbers: VoID, with its partitions and linksets.

A graph is the same in every format, so it is one node, with a dump a file. Everything counted
was counted while it was written.

Source: VoID, https://www.w3.org/TR/void/; its extension, http://ldf.fi/void-ext;
HCLS, https://www.w3.org/TR/hcls-dataset/, statistics
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    VOID,
    VOID_EXT,
    Iris,
    Node,
    node,
    plain,
)
from pfocr_rdf.release.counts import (
    ALIGNED,
    LINKSETS,
    NCBI_GENE,
    Counts,
    DistinctCounts,
    Target,
    aligned_spaces,
    uri_spaces,
)
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

ALIGNMENT_TITLE: Final = "What genes, chemicals, diseases and organisms are elsewhere"
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
) -> Iterator[Node]:
    """Yield the graph with its counts, and each partition and linkset as a node.

    Args:
        edition: What the release says of itself.
        counts: Of its graph.
        distinct: Likewise.
        dumps: The files that have the graph.
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
        iri = linkset_iri(edition, place)
        yield _linkset(edition, iri, LINKSETS[place], counts.linked[place])


def target_nodes(
    edition: Edition, linked: Collection[int], aligned: Collection[int], iris: Iris
) -> Iterator[Node]:
    """Yield the databases that linksets point into.

    Args:
        edition: What the release says of itself.
        linked: The linksets of the graph, as places in `LINKSETS`.
        aligned: Those of the alignment, as places in `ALIGNED`.
        iris: The spelling of the graph's IRIs.
    """
    own, elsewhere = uri_spaces(iris), aligned_spaces(iris)
    spaces: dict[Target, Sequence[IRI]] = {NCBI_GENE: (own[NCBI_GENE],)}
    spaces |= {target: (own[target],) for target in (LINKSETS[place][1] for place in linked)}
    spaces |= {target: elsewhere[target] for target in (ALIGNED[place][1] for place in aligned)}
    for target, found in sorted(spaces.items()):
        yield node(
            _target_iri(edition, target),
            (RDF.type, (DCAT.Dataset,)),
            (DCTERMS.title, plain(target.title)),
            (FOAF.page, (target.page,)),
            (VOID.uriSpace, plain(*found)),
        )


def alignment_nodes(
    edition: Edition, file: WrittenFile, aligned: Mapping[int, int]
) -> Iterator[Node]:
    """Yield the graph of the alignment, which is a file of its own, and its linksets.

    Args:
        edition: What the release says of itself.
        file: Which it is.
        aligned: Triples by linkset, which is a place in `ALIGNED`.
    """
    graph = edition.below("alignment")
    linksets = {
        place: edition.below("alignment", "links", _linkset_name(ALIGNED[place]))
        for place in sorted(aligned)
    }
    yield node(
        graph,
        (RDF.type, (SD.Graph,)),
        (DCTERMS.title, plain(ALIGNMENT_TITLE)),
        free(),
        (VOID.dataDump, (edition.address(file.name),)),
        (VOID.triples, (number(file.triples),)),
        (VOID.subset, tuple(linksets.values())),
    )
    for place, iri in linksets.items():
        yield _linkset(edition, iri, ALIGNED[place], aligned[place])


def linkset_iri(edition: Edition, place: int) -> IRI:
    """Return the IRI of a linkset by its place in `LINKSETS`."""
    return edition.below("rdf", "links", _linkset_name(LINKSETS[place]))


def _linkset_name(linkset: tuple[IRI, Target]) -> str:
    predicate, target = linkset
    return f"{short(predicate)}-{target.name}"


def _linkset(edition: Edition, iri: IRI, linkset: tuple[IRI, Target], links: int) -> Node:
    predicate, target = linkset
    return node(
        iri,
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
