"""Which other databases the graph points into, by which properties: the linksets of VoID.

Every property of figures and entities that has IRIs of another database is listed, with the
databases; and every one of the alignment. A linkset is one property and one of them.

Source: https://www.w3.org/TR/void/#linkset
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pfocr_rdf.rdf import (
    CROSS_REFERENCES,
    IRI,
    NETWORKS,
    PATHWAYS,
    PFOCR,
    SCHEMA,
    SKOS,
    Iris,
    Node,
    Term,
    doi_iri,
    paper_iri,
)
from pfocr_rdf.rdf import PUBMED as PUBMED_SPACE


class Target(NamedTuple):
    """Another database: its name in IRIs of ours, what it is called, and its home page."""

    name: str
    title: str
    page: IRI


NCBI_GENE: Final = Target("ncbigene", "NCBI Gene", IRI("https://www.ncbi.nlm.nih.gov/gene"))
HGNC: Final = Target("hgnc", "HGNC", IRI("https://www.genenames.org/"))
MESH: Final = Target("mesh", "MeSH", IRI("https://id.nlm.nih.gov/mesh/"))
CHEBI: Final = Target("chebi", "ChEBI", IRI("https://www.ebi.ac.uk/chebi/"))
DOID: Final = Target("doid", "Human Disease Ontology", IRI("https://disease-ontology.org/"))
TAXONOMY: Final = Target("ncbitaxon", "NCBI Taxonomy", IRI("https://www.ncbi.nlm.nih.gov/taxonomy"))
PMC: Final = Target("pmc", "PubMed Central", IRI("https://pmc.ncbi.nlm.nih.gov/"))
DOI: Final = Target("doi", "DOI", IRI("https://www.doi.org/"))
PUBMED: Final = Target("pubmed", "PubMed", IRI("https://pubmed.ncbi.nlm.nih.gov/"))
WIKIPATHWAYS: Final = Target("wikipathways", "WikiPathways", IRI("https://www.wikipathways.org/"))
NDEX: Final = Target("ndex", "NDEx", IRI("https://www.ndexbio.org/"))

ENSEMBL: Final = Target("ensembl", "Ensembl", IRI("https://www.ensembl.org/"))
UNIPROT: Final = Target("uniprot", "UniProt", IRI("https://www.uniprot.org/"))
OMIM: Final = Target("omim", "OMIM", IRI("https://www.omim.org/"))
REFSEQ: Final = Target("refseq", "NCBI RefSeq", IRI("https://www.ncbi.nlm.nih.gov/refseq/"))
MGI: Final = Target("mgi", "Mouse Genome Informatics", IRI("https://www.informatics.jax.org/"))
RGD: Final = Target("rgd", "Rat Genome Database", IRI("https://rgd.mcw.edu/"))

TARGETS: Final = (
    NCBI_GENE, HGNC, MESH, CHEBI, DOID, TAXONOMY, PMC, DOI, PUBMED, WIKIPATHWAYS, NDEX,
)  # fmt: skip
"""What the graph points into."""
_OF_HGNC: Final = (ENSEMBL, UNIPROT, OMIM, REFSEQ, MGI, RGD)
"""In the order of `CROSS_REFERENCES`."""

LINKSETS: Final[tuple[tuple[IRI, Target], ...]] = (
    *((SCHEMA.mentions, target) for target in (NCBI_GENE, HGNC, MESH, CHEBI, DOID)),
    (SCHEMA.taxonomicRange, TAXONOMY),
    (PFOCR.organism, TAXONOMY),
    (PFOCR.organismRecognized, TAXONOMY),
    (PFOCR.organismInText, TAXONOMY),
    (SKOS.exactMatch, HGNC),
    (SKOS.closeMatch, MESH),
    (SCHEMA.isPartOf, PMC),
    (SCHEMA.sameAs, DOI),
    (SCHEMA.sameAs, PUBMED),
    (PFOCR.wikiPathway, WIKIPATHWAYS),
    (PFOCR.ndexNetwork, NDEX),
)
"""A property and a database it points into; a linkset is told by its place here."""

_SPELLED: Final = {
    target: Target(f"{target.name}-elsewhere", f"{target.title}, as others spell it", target.page)
    for target in (NCBI_GENE, HGNC, MESH, CHEBI, DOID, TAXONOMY)
}
"""Databases that the graph points into, by the spellings that it does not have."""

ALIGNED: Final[tuple[tuple[IRI, Target], ...]] = (
    *((SKOS.exactMatch, spelled) for spelled in _SPELLED.values()),
    (SKOS.closeMatch, _SPELLED[MESH]),
    *((each.predicate, to) for each, to in zip(CROSS_REFERENCES, _OF_HGNC, strict=True)),
)
"""Likewise of the alignment."""


class LinkCounter:
    """Counts the objects of a node that are in other databases.

    Args:
        iris: How the databases' IRIs are spelled.
    """

    def __init__(self, iris: Iris) -> None:
        spaces = uri_spaces(iris)
        self._ranges: dict[IRI, list[tuple[int, IRI, IRI]]] = {}
        for place, (predicate, target) in enumerate(LINKSETS):
            first = spaces[target]
            ranges = self._ranges.setdefault(predicate, [])
            ranges.append((place, first, IRI(first + chr(sys.maxunicode))))

    def count(self, predicate: IRI, objects: Sequence[Term]) -> list[tuple[int, int]]:
        """Return (linkset, links) of one property of a node.

        Args:
            predicate: One that no linkset has gives none.
            objects: IRIs, sorted, as a node has them.
        """
        found = []
        for place, first, last in self._ranges.get(predicate, ()):
            start = bisect_left(objects, first)
            links = bisect_left(objects, last, start) - start
            if links:
                found.append((place, links))
        return found


class AlignedLinks:
    """Counts the objects of nodes of the alignment by database, whosever spelling they have.

    Args:
        iris: How the release spells what its graph has; others are spelled as others do.
    """

    def __init__(self, iris: Iris) -> None:
        spaces = aligned_spaces(iris)
        self._known: dict[IRI, list[tuple[int, tuple[str, ...]]]] = {}
        for place, (predicate, target) in enumerate(ALIGNED):
            self._known.setdefault(predicate, []).append((place, spaces[target]))

    def count(self, nodes: Iterable[Node]) -> Counter[int]:
        """Return the links of each linkset, by its place in `ALIGNED`.

        What others may add to an alignment need not be of a database that is known here.
        """
        found = Counter[int]()
        for node in nodes:
            for predicate, objects in node.properties:
                for place, spaces in self._known.get(predicate, ()):
                    found[place] += sum(str(each).startswith(spaces) for each in objects)
        return +found


def aligned_spaces(iris: Iris) -> Mapping[Target, tuple[IRI, ...]]:
    """Return how the IRIs begin that the alignment has of each database."""
    own = uri_spaces(iris)
    found = {spelled: iris.spellings(own[target]) for target, spelled in _SPELLED.items()}
    return found | {
        target: (each.space(iris.style),)
        for each, target in zip(CROSS_REFERENCES, _OF_HGNC, strict=True)
    }


def uri_spaces(iris: Iris) -> dict[Target, IRI]:
    """Return how the IRIs of each database begin."""
    return {
        NCBI_GENE: iris.gene(""),
        HGNC: iris.hgnc(""),
        MESH: iris.mesh(""),
        CHEBI: iris.chebi(""),
        DOID: iris.doid(""),
        TAXONOMY: iris.taxon(""),
        PMC: paper_iri(""),
        DOI: doi_iri(""),
        PUBMED: IRI(PUBMED_SPACE),
        WIKIPATHWAYS: IRI(PATHWAYS),
        NDEX: IRI(NETWORKS),
    }
