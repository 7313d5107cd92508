"""What an export says about itself: the data set, the HGNC table behind it, its counts.

Source: VoID, https://www.w3.org/TR/void/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pfocr_rdf.hgnc import GeneTable, TableRelease
from pfocr_rdf.iri import OURS, Iris
from pfocr_rdf.nodes import node, plain
from pfocr_rdf.terms import IRI, XSD_DATE, XSD_INTEGER, Literal, Node
from pfocr_rdf.vocabulary import DCAT, DCTERMS, PFOCR, PROV, RDF, SCHEMA, SKOS, VOID

DATASET: Final = IRI(OURS + "dataset")
FIGURES_GRAPH: Final = IRI(OURS + "graph/figures")
ALIGNMENT_GRAPH: Final = IRI(OURS + "graph/alignment")
CC0: Final = IRI("https://creativecommons.org/publicdomain/zero/1.0/")
_WIKIPATHWAYS: Final = IRI("https://www.wikipathways.org/")
_HGNC: Final = IRI("https://www.genenames.org/")


def hgnc_release_iri(release: TableRelease) -> IRI:
    """Return the IRI of one HGNC table: its date and the start of its hash."""
    return IRI(f"{OURS}hgnc/{release.date or 'undated'}-{release.sha256[:12]}")


def dataset_nodes(release: TableRelease, name: str) -> tuple[Node, ...]:
    """Return the data set and the HGNC table it was linked with.

    Args:
        release: The HGNC table that was used.
        name: The release's name, or "" when it has none.
    """
    used = hgnc_release_iri(release)
    changed = f", last changed {release.date}" if release.date else ""
    origin = " (the small table that pfocr-rdf carries)" if release.origin == "embedded" else ""
    return (
        node(
            DATASET,
            (RDF.type, (VOID.Dataset, DCAT.Dataset)),
            (DCTERMS.title, plain("PFOCR pathway figures as linked data")),
            (
                DCTERMS.description,
                plain(
                    "Pathway figures that Pathway Figure OCR found in the literature, with the "
                    "genes, chemicals and diseases read in them"
                ),
            ),
            (DCTERMS.license, (CC0,)),
            (DCTERMS.creator, (_WIKIPATHWAYS,)),
            (DCAT.version, plain(name)),
            (PROV.wasDerivedFrom, (used,)),
        ),
        node(
            used,
            (RDF.type, (PROV.Entity, DCAT.Dataset)),
            (
                DCTERMS.title,
                plain(f"HGNC gene table, {release.genes} genes{changed}{origin}"),
            ),
            (DCTERMS.license, (CC0,)),
            (DCTERMS.creator, (_HGNC,)),
            (DCTERMS.issued, [Literal(release.date, XSD_DATE)] if release.date else ()),
            (DCTERMS.identifier, plain(f"sha256:{release.sha256}")),
        ),
    )


def void_nodes(
    dataset: Iterable[Node],
    triples: int,
    entities: int,
    classes: Mapping[IRI, int],
    properties: Mapping[IRI, int],
) -> Iterator[Node]:
    """Yield the data set's description with its exact counts, one partition a node."""
    first, *others = dataset
    yield node(
        first.subject,
        *first.properties,
        (VOID.triples, (_count(triples),)),
        (VOID.entities, (_count(entities),)),
        (VOID.uriSpace, plain(OURS)),
        (VOID.vocabulary, (IRI(PFOCR.base), IRI(SCHEMA.base))),
        (VOID.classPartition, [_partition("class", name) for name in classes]),
        (VOID.propertyPartition, [_partition("property", name) for name in properties]),
    )
    yield from others
    for name, count in sorted(classes.items()):
        yield node(
            _partition("class", name),
            (VOID["class"], (name,)),
            (VOID.entities, (_count(count),)),
        )
    for name, count in sorted(properties.items()):
        yield node(
            _partition("property", name),
            (VOID.property, (name,)),
            (VOID.triples, (_count(count),)),
        )


def alignment_node(entrez_id: str, iris: Iris) -> Node:
    """Return a gene's other spellings, as exact matches."""
    return node(iris.gene(entrez_id), (SKOS.exactMatch, iris.spellings_of_gene(entrez_id)))


def describe_table(table: GeneTable) -> str:
    """Return which HGNC table was used, in a few words for people."""
    release = table.release
    date = f", last changed {release.date}" if release.date else ""
    return f"{release.origin} table of {release.genes} genes{date}"


def _count(number: int) -> Literal:
    return Literal(str(number), XSD_INTEGER)


def _partition(kind: str, name: IRI) -> IRI:
    base = name.rstrip("#/")
    local = base[max(base.rfind("#"), base.rfind("/")) + 1 :]
    space = {SCHEMA.base: "schema", PFOCR.base: "pfocr"}.get(name[: -len(local)], "")
    if not space:
        space = base[: -len(local)].rstrip("#/").rpartition("/")[2].replace("#", "-") or "other"
    return IRI(f"{DATASET}/{kind}/{space}-{local}")
