from .entities import CATALOG, creator_node, organism_node, paper_nodes
from .figure import FIGURE_CLASSES, FigureGraph, Mapper, mention_iri
from .joined import join

__all__ = [
    "CATALOG",
    "FIGURE_CLASSES",
    "FigureGraph",
    "Mapper",
    "creator_node",
    "join",
    "mention_iri",
    "organism_node",
    "paper_nodes",
]
