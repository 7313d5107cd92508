"""The schema.org JSON-LD of pages, after Google's Dataset rules and Bioschemas' profiles.

One function for each kind of page returns the object that stands in its script element.
`profiles` has what the profiles ask for, `parts` what pages share. Of the front matter of a
PFOCR checkout `block` has what its `schema-jsonld` should say, and `patch` writes it there.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset;
https://bioschemas.org/profiles/
"""

from pfocr_rdf.web.schema_org.catalog import catalog_data
from pfocr_rdf.web.schema_org.entities import gene_data, organism_data, paper_data
from pfocr_rdf.web.schema_org.facts import Lookup
from pfocr_rdf.web.schema_org.figure import figure_data
from pfocr_rdf.web.schema_org.parts import Download
from pfocr_rdf.web.schema_org.profiles import JsonObject, Profile

__all__ = [
    "Download",
    "JsonObject",
    "Lookup",
    "Profile",
    "catalog_data",
    "figure_data",
    "gene_data",
    "organism_data",
    "paper_data",
]
