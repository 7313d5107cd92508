from . import organism_pages, page, records
from .captions import fitted_description
from .fields import is_missing, is_no_name
from .log import DecodeLog, Entry
from .organism_names import shipped_names
from .organism_pages import (
    decode_organism,
    disagreements,
    read_map,
    reject_organism,
    shared_names,
)
from .page import SideTables, TableText, decode_figure, figid_of, reject_page
from .records import decode_records
from .taxa import TaxonTable

__all__ = [
    "DecodeLog",
    "Entry",
    "SideTables",
    "TableText",
    "TaxonTable",
    "decode_figure",
    "decode_organism",
    "decode_records",
    "disagreements",
    "figid_of",
    "fitted_description",
    "is_missing",
    "is_no_name",
    "organism_pages",
    "page",
    "read_map",
    "records",
    "reject_organism",
    "reject_page",
    "shared_names",
    "shipped_names",
]
