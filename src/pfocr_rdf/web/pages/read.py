"""Everything a page needs, by one call per kind of page.

Each function returns None where the graph has no such node; the caller answers 404.
"""

from __future__ import annotations

from pfocr_rdf.web.pages.read_entity import chemical_view, disease_view, gene_view, organism_view
from pfocr_rdf.web.pages.read_figure import figure_view
from pfocr_rdf.web.pages.read_network import network
from pfocr_rdf.web.pages.read_paper import paper_view
from pfocr_rdf.web.pages.read_release import about_view, error_view, query_view
from pfocr_rdf.web.pages.read_search import home_view, search_view, suggest

__all__ = [
    "about_view",
    "chemical_view",
    "disease_view",
    "error_view",
    "figure_view",
    "gene_view",
    "home_view",
    "network",
    "organism_view",
    "paper_view",
    "query_view",
    "search_view",
    "suggest",
]
