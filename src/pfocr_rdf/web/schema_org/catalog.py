"""The JSON-LD of the landing page: PFOCR as a catalogue, and the release as its data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pfocr_rdf.rdf import SITE
from pfocr_rdf.release.description import (
    CC0,
    DATASET,
    DESCRIPTION,
    KEYWORDS,
    PAPER,
    PAPER_TITLE,
    TITLE,
)
from pfocr_rdf.web.schema_org.parts import (
    CATALOG_NAME,
    CONTEXT,
    MEASURED,
    TECHNIQUES,
    Download,
    publisher_part,
)
from pfocr_rdf.web.schema_org.profiles import JsonObject, Profile, claimed

_SUBJECT: Final[JsonObject] = {
    "@type": "DefinedTerm",
    "@id": "http://edamontology.org/topic_0602",
    "name": "Molecular interactions, pathways and networks",
}
_PAPER: Final[JsonObject] = {
    "@type": "ScholarlyArticle",
    "@id": PAPER,
    "name": PAPER_TITLE,
    "identifier": "doi:10.1186/s13059-020-02181-2",
    "datePublished": "2020-11-09",
}


def catalog_data(
    page: str,
    *,
    downloads: Sequence[Download] = (),
    version: str = "",
    date: str = "",
    figures: int = 0,
) -> JsonObject:
    """Return the schema.org JSON-LD of a site's landing page.

    Args:
        page: The address of the landing page.
        downloads: The files of the whole graph.
        version: The name of the release, or "".
        date: When it was published, as YYYY-MM-DD, or "".
        figures: How many figures it has.
    """
    counted = f"{DESCRIPTION}; {figures:,} figures" if figures else DESCRIPTION
    shared: JsonObject = {
        "keywords": list(KEYWORDS),
        "license": CC0,
        "isAccessibleForFree": True,
        "creator": publisher_part(),
        "publisher": publisher_part(),
        "citation": _PAPER,
    }
    release = claimed(
        {
            "@id": DATASET,
            "@type": "Dataset",
            "name": TITLE,
            "alternateName": "PFOCR RDF",
            "description": f"{counted}.",
            "url": page,
            "identifier": DATASET,
            **shared,
            "isBasedOn": SITE,
            "includedInDataCatalog": {"@id": SITE},
            "measurementTechnique": list(TECHNIQUES),
            "variableMeasured": list(MEASURED),
            "version": version,
            "datePublished": date,
            "distribution": [file.data() for file in downloads],
        },
        Profile.DATASET,
    )
    return claimed(
        {
            "@context": CONTEXT,
            "@id": SITE,
            "@type": "DataCatalog",
            "name": CATALOG_NAME,
            "alternateName": "PFOCR",
            "description": f"{DESCRIPTION}.",
            "url": SITE,
            "identifier": "pfocr",
            **shared,
            "provider": publisher_part(),
            "about": _SUBJECT,
            "dataset": release,
        },
        Profile.DATA_CATALOG,
    )
