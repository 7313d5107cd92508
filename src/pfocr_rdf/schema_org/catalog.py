"""The JSON-LD of the landing page: PFOCR as a catalogue, and the release as its data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pfocr_rdf.description import CC0, DATASET
from pfocr_rdf.iri import SITE
from pfocr_rdf.schema_org.parts import (
    CATALOG_NAME,
    CONTEXT,
    MEASURED,
    TECHNIQUES,
    Download,
    publisher_part,
)
from pfocr_rdf.schema_org.profiles import JsonObject, Profile, claimed

DATASET_NAME: Final = "PFOCR pathway figures as linked data"
_DESCRIPTION: Final = (
    "Pathway figures of the biomedical literature, found in PubMed Central, with the genes, "
    "chemicals and diseases that were read in them by optical character recognition"
)
_KEYWORDS: Final = (
    "pathways", "figures", "genes", "chemicals", "diseases", "optical character recognition",
    "PubMed Central", "linked data",
)  # fmt: skip
_SUBJECT: Final[JsonObject] = {
    "@type": "DefinedTerm",
    "@id": "http://edamontology.org/topic_0602",
    "name": "Molecular interactions, pathways and networks",
}
_PAPER: Final[JsonObject] = {
    "@type": "ScholarlyArticle",
    "@id": "https://doi.org/10.1186/s13059-020-02181-2",
    "name": "Pathway information extracted from 25 years of pathway figures",
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
    counted = f"{_DESCRIPTION}; {figures:,} figures" if figures else _DESCRIPTION
    shared: JsonObject = {
        "keywords": list(_KEYWORDS),
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
            "name": DATASET_NAME,
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
            "description": f"{_DESCRIPTION}.",
            "url": SITE,
            "identifier": "pfocr",
            **shared,
            "provider": publisher_part(),
            "about": _SUBJECT,
            "dataset": release,
        },
        Profile.DATA_CATALOG,
    )
