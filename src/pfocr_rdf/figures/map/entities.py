"""Genes, papers, taxa, chemicals, diseases and the rest -> one node each.

Source: design/model.md, "Entities"
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pfocr_rdf.figures.link import Gene
from pfocr_rdf.figures.model import HUMAN, Annotation, Creator, Organism, Paper
from pfocr_rdf.rdf import (
    DCTERMS,
    IRI,
    PFOCR,
    RDF,
    SCHEMA,
    SKOS,
    XSD_GYEAR,
    Iris,
    Kind,
    Literal,
    Node,
    node,
    plain,
    present,
)
from pfocr_rdf.rdf import iris as iri

CATALOG: Final = node(
    IRI(iri.SITE),
    (RDF.type, (SCHEMA.DataCatalog,)),
    (SCHEMA.name, plain("Pathway Figure OCR")),
    (SCHEMA.url, (IRI(iri.SITE),)),
)
_KNOWN_CREATORS: Final = {"WikiPathways": IRI("https://www.wikipathways.org/")}


def gene_iri(gene: Gene, by: Iris) -> IRI:
    """Return a gene's IRI: by Entrez id, or by HGNC id where it has none."""
    return by.gene(gene.entrez_id) if gene.entrez_id else by.hgnc(gene.hgnc_id)


def gene_node(gene: Gene, by: Iris) -> Node:
    """Return a gene; a human one of the HGNC table is matched to its HGNC entry."""
    subject = gene_iri(gene, by)
    if gene.entrez_id:
        page = f"https://www.ncbi.nlm.nih.gov/gene/{gene.entrez_id}"
    else:
        page = f"https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:{gene.hgnc_id}"
    hgnc = by.hgnc(gene.hgnc_id) if gene.hgnc_id else None
    return node(
        subject,
        (RDF.type, (Kind.GENE.of_class,)),
        (
            SCHEMA.identifier,
            plain(
                f"ncbigene:{gene.entrez_id}" if gene.entrez_id else "",
                f"hgnc:{gene.hgnc_id}" if gene.hgnc_id else "",
            ),
        ),
        (SCHEMA.name, plain(gene.symbol)),
        (SCHEMA.description, plain(gene.name)),
        (SCHEMA.url, (IRI(page),)),
        (SCHEMA.taxonomicRange, present(by.taxon(gene.taxon_id) if gene.taxon_id else None)),
        (SKOS.exactMatch, present(hgnc if hgnc != subject else None)),
    )


def term_iri(kind: Kind, mesh_id: str, accession: str, by: Iris) -> IRI:
    """Return the IRI of a chemical (ChEBI, else MeSH) or disease (DOID, else MeSH)."""
    if not accession:
        return by.mesh(mesh_id)
    return by.chebi(accession) if kind is Kind.CHEMICAL else by.doid(accession)


def term_node(
    kind: Kind, mesh_id: str, accession: str, name: str, by: Iris, words: Iterable[str] = ()
) -> Node:
    """Return a chemical or disease; a second id is a close match, as the lexicons are not ours.

    Args:
        kind: Which of the two.
        mesh_id: Of MeSH, "" without.
        accession: Of ChEBI or the Disease Ontology, "" without.
        name: As a lexicon has it, "" without.
        by: Makes IRIs.
        words: That figures use for one without a name.
    """
    prefix = "chebi" if kind is Kind.CHEMICAL else "doid"
    return node(
        term_iri(kind, mesh_id, accession, by),
        (RDF.type, (kind.of_class,)),
        (SCHEMA.identifier, plain(f"{prefix}:{accession}" if accession else f"mesh:{mesh_id}")),
        (SCHEMA.name, plain(name)),
        (PFOCR.labelFromFigures, plain(*words)),
        (SKOS.closeMatch, present(by.mesh(mesh_id) if accession and mesh_id else None)),
    )


def organism_iri(organism: Organism, by: Iris) -> IRI:
    """Return a taxon's IRI, or one of ours for a name without a known id."""
    if organism.taxon_id:
        return by.taxon(organism.taxon_id)
    return iri.our_iri("organism", organism.name)


@lru_cache(maxsize=16384)
def organism_node(organism: Organism, by: Iris) -> Node:
    """Return an organism; also one whose name is no species, under an IRI of ours."""
    others = (organism.common_name, *organism.synonyms)
    other_names = dict.fromkeys(name for name in others if name != organism.name)
    return node(
        organism_iri(organism, by),
        (RDF.type, (Kind.ORGANISM.of_class,)),
        (SCHEMA.identifier, plain(f"ncbitaxon:{organism.taxon_id}" if organism.taxon_id else "")),
        (SCHEMA.alternateName, plain(*other_names)),
        (SCHEMA.name, plain(organism.name)),
        (SCHEMA.image, present(organism.image)),
        (PFOCR.taxonGroup, plain(organism.group)),
    )


HUMAN_ORGANISM: Final = Organism("Homo sapiens", HUMAN)


def paper_nodes(paper: Paper) -> list[Node]:
    """Return a paper, with its journal and publisher where they are named."""
    journal = paper.journal or paper.journal_abbreviation
    journal_iri = iri.our_iri("journal", journal) if journal else None
    publisher_iri = iri.our_iri("publisher", paper.publisher) if paper.publisher else None
    nodes = [
        node(
            iri.paper_iri(paper.pmcid),
            (RDF.type, (Kind.PAPER.of_class,)),
            (SCHEMA.identifier, plain(paper.pmcid, f"doi:{paper.doi}" if paper.doi else "")),
            (SCHEMA.name, plain(paper.title)),
            (SCHEMA.url, (iri.paper_page(paper.pmcid),)),
            (SCHEMA.sameAs, present(iri.doi_iri(paper.doi) if paper.doi else None)),
            (SCHEMA.isPartOf, present(journal_iri)),
            (SCHEMA.keywords, plain(*paper.keywords)),
            (SCHEMA.datePublished, [Literal(paper.year, XSD_GYEAR)] if paper.year else ()),
            (SCHEMA.publisher, present(publisher_iri)),
            (DCTERMS.bibliographicCitation, plain(paper.citation)),
        )
    ]
    if journal_iri:
        short = paper.journal_abbreviation
        nodes.append(
            node(
                journal_iri,
                (RDF.type, (Kind.JOURNAL.of_class,)),
                (SCHEMA.alternateName, plain(short if short != journal else "")),
                (SCHEMA.name, plain(journal)),
            )
        )
    if publisher_iri:
        nodes.append(
            node(
                publisher_iri,
                (RDF.type, (Kind.ORGANIZATION.of_class,)),
                (SCHEMA.name, plain(paper.publisher)),
            )
        )
    return nodes


def creator_node(creator: Creator) -> Node:
    """Return who made the page."""
    return node(
        _KNOWN_CREATORS.get(creator.name) or iri.our_iri("creator", creator.name),
        (RDF.type, ((Kind.PERSON if creator.is_person else Kind.ORGANIZATION).of_class,)),
        (SCHEMA.name, plain(creator.name)),
    )


def annotation_nodes(annotation: Annotation) -> list[Node]:
    """Return an annotation as a defined term, first, and the set of terms it belongs to."""
    nodes = []
    term_set = iri.our_iri("termset", annotation.type) if annotation.type else None
    nodes.append(
        node(
            iri.our_iri("term", annotation.type or "annotation", annotation.value),
            (RDF.type, (Kind.TERM.of_class,)),
            (SCHEMA.name, plain(annotation.value)),
            (SCHEMA.inDefinedTermSet, present(term_set)),
        )
    )
    if term_set:
        nodes.append(
            node(
                term_set,
                (RDF.type, (Kind.TERM_SET.of_class,)),
                (SCHEMA.name, plain(annotation.type)),
            )
        )
    return nodes


def lexicon_node(source: str) -> Node:
    """Return a lexicon that the ontology does not know, under an IRI of ours."""
    return node(
        iri.our_iri("lexicon", source),
        (RDF.type, (Kind.LEXICON.of_class, SKOS.Concept)),
        (SKOS.inScheme, (PFOCR.Lexicons,)),
        (SKOS.notation, plain(source)),
        (SKOS.prefLabel, plain(source)),
    )
