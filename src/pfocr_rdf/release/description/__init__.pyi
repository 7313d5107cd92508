from .dataset import dataset_nodes, is_in_dump
from .edition import (
    CC0,
    DATASET,
    DESCRIPTION,
    KEYWORDS,
    PAPER,
    TITLE,
    WIKIPATHWAYS,
    Edition,
    hgnc_release_iri,
    version_iri,
)
from .run import Input
from .void import void_file, void_nodes

__all__ = [
    "CC0",
    "DATASET",
    "DESCRIPTION",
    "KEYWORDS",
    "PAPER",
    "TITLE",
    "WIKIPATHWAYS",
    "Edition",
    "Input",
    "dataset_nodes",
    "hgnc_release_iri",
    "is_in_dump",
    "version_iri",
    "void_file",
    "void_nodes",
]
