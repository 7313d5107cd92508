"""The vocabulary and the shapes for people: tables and pages."""

from pfocr_rdf.shipped import ontology_file, shipped_shapes
from pfocr_rdf.web.vocabulary.tables import KindTable, Model, SchemeTable, read_graph

__all__ = ["KindTable", "Model", "SchemeTable", "shipped_model"]


def shipped_model() -> Model:
    """Return the model that this package ships."""
    return Model(read_graph(shipped_shapes()), read_graph([ontology_file()]))
