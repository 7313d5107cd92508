from . import organism_pages, page, records
from .captions import fitted_description
from .fields import is_missing
from .log import DecodeLog, Entry
from .organism_pages import decode_organism, read_map
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
    "figid_of",
    "fitted_description",
    "is_missing",
    "organism_pages",
    "page",
    "read_map",
    "records",
    "reject_page",
]
