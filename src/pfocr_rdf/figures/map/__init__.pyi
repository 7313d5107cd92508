from .entities import CATALOG, creator_node, organism_node, paper_nodes
from .figure import FigureGraph, Mapper

__all__ = [
    "CATALOG",
    "FigureGraph",
    "Mapper",
    "creator_node",
    "organism_node",
    "paper_nodes",
]
