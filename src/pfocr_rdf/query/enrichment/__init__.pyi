from .enricher import Enricher
from .forms import COLUMNS, EnrichmentFormat, id_column, to_json, to_tsv, to_turtle
from .model import ANY, EnrichedSet, Enrichment, EnrichmentOptions
from .names import ListedName, NameState

__all__ = [
    "ANY",
    "COLUMNS",
    "EnrichedSet",
    "Enricher",
    "Enrichment",
    "EnrichmentFormat",
    "EnrichmentOptions",
    "ListedName",
    "NameState",
    "id_column",
    "to_json",
    "to_tsv",
    "to_turtle",
]
