from .dataset import dataset_nodes, is_in_dump
from .edition import (
    CC0,
    DATASET,
    DESCRIPTION,
    KEYWORDS,
    PAPER,
    PAPER_TITLE,
    TITLE,
    WIKIPATHWAYS,
    Edition,
    hgnc_release_iri,
    program_iri,
    version_iri,
)
from .graph import ALIGNMENT_TITLE
from .run import FORMATS, RUN_TITLE, Input
from .void import void_file, void_nodes

__all__ = [
    "ALIGNMENT_TITLE",
    "CC0",
    "DATASET",
    "DESCRIPTION",
    "FORMATS",
    "KEYWORDS",
    "PAPER",
    "PAPER_TITLE",
    "RUN_TITLE",
    "TITLE",
    "WIKIPATHWAYS",
    "Edition",
    "Input",
    "dataset_nodes",
    "hgnc_release_iri",
    "is_in_dump",
    "program_iri",
    "version_iri",
    "void_file",
    "void_nodes",
]
