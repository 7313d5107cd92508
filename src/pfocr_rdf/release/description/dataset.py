"""The catalogue, the data set, this version of it, and its HGNC table: what every dump says.

The data set as such and its version are two levels of the HCLS profile; the third, the graph in
its formats, counts and hashes the dump and so can only stand beside it, in void.ttl.

Source: HCLS, https://www.w3.org/TR/hcls-dataset/; DCAT 3, https://www.w3.org/TR/vocab-dcat-3/
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.figures.link import TableRelease
from pfocr_rdf.rdf import (
    DCAT,
    DCTERMS,
    DCTYPES,
    FOAF,
    IRI,
    OURS,
    PAV,
    PROV,
    RDF,
    SCHEMA,
    SITE,
    Node,
    node,
    plain,
)
from pfocr_rdf.release.description.edition import (
    DATASET,
    DESCRIPTION,
    KEYWORDS,
    PAPER,
    PUBLIC,
    RELEASES,
    TITLE,
    WIKIPATHWAYS,
    Edition,
    free,
    hgnc_release_iri,
    issued,
)

_HGNC: Final = IRI("https://www.genenames.org/")


def dataset_nodes(edition: Edition) -> tuple[Node, ...]:
    """Return the catalogue, the data set, its version, and the HGNC table of that."""
    return _catalogue(), _dataset(edition), _version(edition), _table(edition.table)


def is_in_dump(subject: str, predicate: IRI) -> bool:
    """Say whether a triple of void.ttl stands in every dump, too.

    Args:
        subject: Of the triple.
        predicate: Likewise.
    """
    if subject.startswith(RELEASES):
        return "/" not in subject.removeprefix(RELEASES) and predicate != DCAT.distribution
    return subject in (SITE, DATASET) or subject.startswith(OURS + "hgnc/")


def _catalogue() -> Node:
    """Return what a data catalogue says; its name and address every figure's entities say."""
    return node(
        IRI(SITE),
        (RDF.type, (SCHEMA.DataCatalog, DCAT.Catalog)),
        (SCHEMA.name, plain("Pathway Figure OCR")),
        (SCHEMA.url, (IRI(SITE),)),
        (DCTERMS.title, plain("Pathway Figure OCR")),
        (DCTERMS.description, plain("Figures of pathways, found and read by machine")),
        (DCTERMS.publisher, (WIKIPATHWAYS,)),
        (DCAT.dataset, (DATASET,)),
    )


def _dataset(edition: Edition) -> Node:
    return node(
        DATASET,
        (RDF.type, (DCTYPES.Dataset, DCAT.Dataset)),
        (DCTERMS.title, plain(TITLE)),
        (DCTERMS.description, plain(DESCRIPTION)),
        free(),
        (DCTERMS.accessRights, (PUBLIC,)),
        (DCTERMS.publisher, (WIKIPATHWAYS,)),
        (DCTERMS.references, (PAPER,)),
        (DCAT.keyword, plain(*KEYWORDS)),
        (FOAF.page, (IRI(SITE),)),
        (PAV.hasCurrentVersion, (edition.iri,)),
    )


def _version(edition: Edition) -> Node:
    return node(
        edition.iri,
        (RDF.type, (DCTYPES.Dataset, DCAT.Dataset, PROV.Collection)),
        (DCTERMS.title, plain(edition.title)),
        (DCTERMS.description, plain(DESCRIPTION)),
        free(),
        (DCTERMS.accessRights, (PUBLIC,)),
        (DCTERMS.creator, (WIKIPATHWAYS,)),
        (DCTERMS.publisher, (WIKIPATHWAYS,)),
        issued(edition.issued),
        (DCTERMS.references, (PAPER,)),
        (DCTERMS.isVersionOf, (DATASET,)),
        (DCAT.version, plain(edition.version)),
        (DCAT.keyword, plain(*KEYWORDS)),
        (FOAF.page, (IRI(SITE),)),
        (PAV.version, plain(edition.version)),
        (PAV.previousVersion, (IRI(edition.previous),) if edition.previous else ()),
        (PROV.wasDerivedFrom, (hgnc_release_iri(edition.table),)),
    )


def _table(release: TableRelease) -> Node:
    changed = f", last changed {release.date}" if release.date else ""
    origin = " (the one that pfocr-rdf carries)" if release.origin == "embedded" else ""
    return node(
        hgnc_release_iri(release),
        (RDF.type, (PROV.Entity, DCAT.Dataset)),
        (DCTERMS.title, plain(f"HGNC gene table, {release.genes} genes{changed}{origin}")),
        free(),
        (DCTERMS.creator, (_HGNC,)),
        issued(release.date),
        (DCTERMS.identifier, plain(f"sha256:{release.sha256}")),
    )
