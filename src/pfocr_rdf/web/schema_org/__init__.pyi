from .catalog import catalog_data
from .check import page_triples
from .checkout import CheckedPage, list_pages, patch_pages
from .entities import gene_data, organism_data, paper_data
from .figure import figure_data
from .parts import CONTEXT, Download
from .profiles import JsonObject, Profile

__all__ = [
    "CONTEXT",
    "CheckedPage",
    "Download",
    "JsonObject",
    "Profile",
    "catalog_data",
    "figure_data",
    "gene_data",
    "list_pages",
    "organism_data",
    "page_triples",
    "paper_data",
    "patch_pages",
]
