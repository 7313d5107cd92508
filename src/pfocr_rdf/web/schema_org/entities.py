"""The JSON-LD of the pages of genes, organisms and papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pfocr_rdf.figures.decode import TaxonTable
from pfocr_rdf.rdf import IRI, PFOCR, SCHEMA, SKOS, Node, NodeView
from pfocr_rdf.web.schema_org.facts import Lookup, facts_about
from pfocr_rdf.web.schema_org.parts import CONTEXT, agent, article_identifiers, named, works
from pfocr_rdf.web.schema_org.profiles import JsonObject, Profile, claimed, filled

_TAXONOMY: Final = "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id="
_UNIPROT_TAXON: Final = "http://purl.uniprot.org/taxonomy/"
_OBO_TAXON: Final = "http://purl.obolibrary.org/obo/NCBITaxon_"
_SPECIES: Final = ("species", "http://rs.tdwg.org/ontology/voc/TaxonRank#Species")
_PREFIX: Final = "ncbitaxon:"
_BUILT_IN: Final = TaxonTable()


def gene_data(gene: Node, figures: Sequence[str], entity: Lookup, page: str) -> JsonObject:
    """Return the schema.org JSON-LD of a gene's page.

    Args:
        gene: As the dump has it, with what the alignment says of it.
        figures: The IRIs or addresses of the figures to list; the caller says how many.
        entity: Finds the gene's organism.
        page: The address of the page.
    """
    facts = NodeView(gene)
    identifiers = facts.texts(SCHEMA.identifier)
    return claimed(
        {
            "@context": CONTEXT,
            "@id": facts.iri,
            "@type": "Gene",
            "name": facts.text(SCHEMA.name),
            "alternateName": facts.texts(SCHEMA.alternateName),
            "description": facts.text(SCHEMA.description),
            # The profile takes one; what else is known of the gene is the same thing elsewhere.
            "identifier": identifiers[-1] if identifiers else "",
            "url": facts.iri_of(SCHEMA.url),
            "mainEntityOfPage": page,
            "taxonomicRange": named(facts.iris(SCHEMA.taxonomicRange), entity),
            "encodesBioChemEntity": [
                {"@type": "Protein", "@id": iri} for iri in facts.iris(SCHEMA.encodesBioChemEntity)
            ],
            "sameAs": facts.iris(SKOS.exactMatch),
            "subjectOf": works(figures),
        },
        Profile.GENE,
    )


def organism_data(organism: Node, figures: Sequence[str], entity: Lookup, page: str) -> JsonObject:  # noqa: ARG001 - the four share one form
    """Return the schema.org JSON-LD of an organism's page.

    The rank, which the profile's minimum has, is known for the species of the built-in table
    alone; pages of others do not claim the profile.

    Args:
        organism: As the dump has it.
        figures: The IRIs or addresses of the figures to list; the caller says how many.
        entity: Not asked: an organism names no other entity.
        page: The address of the page.
    """
    facts = NodeView(organism)
    name, identifier = facts.text(SCHEMA.name), facts.text(SCHEMA.identifier)
    taxon_id = identifier.removeprefix(_PREFIX)
    same: list[str] = [_OBO_TAXON + taxon_id, _UNIPROT_TAXON + taxon_id] if taxon_id else []
    return claimed(
        {
            "@context": CONTEXT,
            "@id": facts.iri,
            "@type": "Taxon",
            "name": name,
            "alternateName": facts.texts(SCHEMA.alternateName),
            "identifier": identifier,
            "url": _TAXONOMY + taxon_id if taxon_id else "",
            "mainEntityOfPage": page,
            "taxonRank": list(_SPECIES) if _is_species(name, taxon_id) else [],
            "sameAs": [iri for iri in same if iri != facts.iri],
            "image": facts.iri_of(SCHEMA.image),
            "additionalProperty": [
                {"@type": "PropertyValue", "name": "group", "value": group}
                for group in facts.texts(PFOCR.taxonGroup)
            ],
            "subjectOf": works(figures),
        },
        Profile.TAXON,
    )


def _is_species(name: str, taxon_id: str) -> bool:
    """Say whether the built-in table knows this id under a binomial: those are all species."""
    known = _BUILT_IN.find(name)
    return bool(taxon_id) and known.taxon_id == taxon_id and len(known.name.split()) == 2


def paper_data(paper: Node, figures: Sequence[str], entity: Lookup, page: str) -> JsonObject:
    """Return the schema.org JSON-LD of a paper's page.

    Args:
        paper: As the dump has it.
        figures: The IRIs or addresses of the paper's figures.
        entity: Finds the journal and the publisher.
        page: The address of the page.
    """
    facts = NodeView(paper)
    title = facts.text(SCHEMA.name)
    same = facts.iris(SCHEMA.sameAs)
    return claimed(
        {
            "@context": CONTEXT,
            "@id": facts.iri,
            "@type": "ScholarlyArticle",
            "name": title,
            "headline": title,
            "alternateName": facts.texts(SCHEMA.alternateName),
            "identifier": article_identifiers(facts),
            "url": [*same, *facts.iris(SCHEMA.url)],
            "mainEntityOfPage": page,
            "sameAs": same,
            "datePublished": facts.text(SCHEMA.datePublished),
            "keywords": facts.texts(SCHEMA.keywords),
            "isPartOf": _journal(facts.iri_of(SCHEMA.isPartOf), entity),
            "publisher": agent(facts.iri_of(SCHEMA.publisher), entity),
            "hasPart": works(figures),
        },
        Profile.SCHOLARLY_ARTICLE,
    )


def _journal(iri: IRI | None, entity: Lookup) -> JsonObject | None:
    facts = facts_about(iri, entity)
    if facts is None:
        return None
    return filled(
        {
            "@type": "Periodical",
            "@id": facts.iri,
            "name": facts.text(SCHEMA.name),
            "alternateName": facts.texts(SCHEMA.alternateName),
        }
    )
