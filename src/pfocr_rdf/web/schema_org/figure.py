"""The JSON-LD of a figure's page: a data set by Google's rules and Bioschemas' profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pfocr_rdf.figures.decode import fitted_description
from pfocr_rdf.rdf import PFOCR, SCHEMA, NodeView
from pfocr_rdf.web.schema_org.facts import Lookup
from pfocr_rdf.web.schema_org.parts import (
    CONTEXT,
    MEASURED,
    TECHNIQUES,
    agent,
    article,
    catalog_part,
    citation_of,
    downloads_beside,
    named,
    publisher_part,
)
from pfocr_rdf.web.schema_org.profiles import JsonObject, Profile, claimed

if TYPE_CHECKING:
    from pfocr_rdf.rdf import FigureNodes

_NO_KEYWORDS: Final = ("pathway figure",)


def figure_data(figure: FigureNodes, entity: Lookup, page: str) -> JsonObject:
    """Return the schema.org JSON-LD of a figure's page.

    Args:
        figure: As the dump has it.
        entity: Finds the paper, the creator and what is mentioned; what it does not find is
            only named by its IRI.
        page: The address of the page, which ends in `.html`; `.ttl` and `.jsonld` stand
            beside it.
    """
    facts = NodeView(figure.figure)
    mentions = named(facts.iris(SCHEMA.mentions), entity)
    organisms = named(facts.iris(PFOCR.organism, PFOCR.organismRecognized), entity)
    return claimed(
        {
            **data_set(facts, entity, page),
            "keywords": _keywords(facts, mentions),
            "distribution": downloads_beside(page),
            "about": organisms,
            "mentions": mentions,
        },
        Profile.DATASET,
    )


def data_set(facts: NodeView, entity: Lookup, page: str) -> JsonObject:
    """Return what the JSON-LD of a figure says without its genes, and without a claim.

    Args:
        facts: Of the figure.
        entity: Finds the paper and the creator.
        page: The address of the page.
    """
    name = facts.text(SCHEMA.name)
    paper = facts.iri_of(SCHEMA.isPartOf)
    return {
        "@context": CONTEXT,
        "@id": facts.iri,
        "@type": "Dataset",
        "name": name,
        "alternateName": facts.text(SCHEMA.alternateName),
        "description": fitted_description(facts.text(SCHEMA.description), name),
        "url": page,
        "identifier": facts.text(SCHEMA.identifier),
        "keywords": facts.texts(SCHEMA.keywords),
        "license": facts.iri_of(SCHEMA.license),
        "isAccessibleForFree": True,
        "creator": agent(facts.iri_of(SCHEMA.creator), entity),
        "publisher": publisher_part(),
        "includedInDataCatalog": catalog_part(),
        "isBasedOn": article(paper, entity),
        "citation": citation_of(paper, entity),
        "image": facts.iri_of(SCHEMA.contentUrl),
        "sameAs": facts.iris(SCHEMA.sameAs),
        "measurementTechnique": list(TECHNIQUES),
        "variableMeasured": list(MEASURED),
    }


def _keywords(facts: NodeView, mentions: list[JsonObject]) -> list[object]:
    """Return the figure's keywords; else the names of what it mentions; else what it is."""
    stated: list[object] = [*facts.texts(SCHEMA.keywords)]
    names = list(dict.fromkeys(piece["name"] for piece in mentions if "name" in piece))
    return stated or names or list(_NO_KEYWORDS)
