from .download import HGNC_URL, status, update
from .linker import Gene, Link, Linker
from .other_names import OtherNames, embedded_other_names
from .table import GeneTable, HgncGene, TableRelease, is_complete
from .table_source import load_gene_table

__all__ = [
    "HGNC_URL",
    "Gene",
    "GeneTable",
    "HgncGene",
    "Link",
    "Linker",
    "OtherNames",
    "TableRelease",
    "embedded_other_names",
    "is_complete",
    "load_gene_table",
    "status",
    "update",
]
