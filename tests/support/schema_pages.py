"""Every kind of page of real figures, as the JSON-LD that stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pfocr_rdf.figures.map.figure import FigureGraph
from pfocr_rdf.rdf.nodes import FigureNodes, classes_of
from pfocr_rdf.rdf.terms import IRI, Node
from pfocr_rdf.rdf.vocabulary import SCHEMA
from pfocr_rdf.web.schema_org import (
    Download,
    JsonObject,
    Profile,
    catalog_data,
    figure_data,
    gene_data,
    organism_data,
    paper_data,
)

SITE = "https://example.org/pfocr/"
MAKERS = {
    SCHEMA.Gene: (gene_data, Profile.GENE),
    SCHEMA.Taxon: (organism_data, Profile.TAXON),
    SCHEMA.ScholarlyArticle: (paper_data, Profile.SCHOLARLY_ARTICLE),
}


class Page(NamedTuple):
    """The JSON-LD of a page, the node it is of, and the profile of its kind."""

    node: Node
    profile: Profile
    data: JsonObject


def entities_of(graph: FigureGraph) -> dict[IRI, Node]:
    """Return a figure's entities by IRI."""
    return {node.subject: node for node in graph.entities}


def figure_page(graph: FigureGraph) -> Page:
    """Return the page of a figure."""
    figid = graph.figure.subject.rpartition("/")[2]
    data = figure_data(
        FigureNodes(graph.figure, graph.mentions),
        entities_of(graph).get,
        f"{SITE}figures/{figid}",
    )
    return Page(graph.figure, Profile.DATASET, data)


def pages_of(graphs: Iterable[FigureGraph]) -> Iterator[Page]:
    """Yield the pages of figures and of their genes, organisms and papers."""
    for graph in graphs:
        yield figure_page(graph)
        entities = entities_of(graph)
        for number, node in enumerate(graph.entities):
            for kind, (make, profile) in MAKERS.items():
                if kind in classes_of(node):
                    page = f"{SITE}{profile.name.lower()}/{number}.html"
                    data = make(node, [graph.figure.subject], entities.get, page)
                    yield Page(node, profile, data)


def landing_page() -> JsonObject:
    """Return the landing page of a small release."""
    files = [
        Download(f"{SITE}pfocr.ttl.gz", "text/turtle", "The graph", 1234, "0" * 64),
        Download(f"{SITE}pfocr.jsonld.gz", "application/ld+json"),
    ]
    return catalog_data(SITE, downloads=files, version="2026-11", date="2026-11-21", figures=5)
