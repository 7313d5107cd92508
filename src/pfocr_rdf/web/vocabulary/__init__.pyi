from .documents import BIOSCHEMAS, SHAPES, VOCABULARY, ShapesView, data_files, shapes_view
from .tables import shipped_model

__all__ = [
    "BIOSCHEMAS",
    "SHAPES",
    "VOCABULARY",
    "ShapesView",
    "data_files",
    "shapes_view",
    "shipped_model",
]
