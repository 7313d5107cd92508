"""The article that a figure stands in, as its page tells of it.

Source: design/model.md, "Paper"
"""

from __future__ import annotations

import re

from pfocr_rdf.figures.decode.fields import Fields
from pfocr_rdf.figures.model import Paper
from pfocr_rdf.rdf import iris as iri

_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")


def decode_paper(fields: Fields, pmcid: str) -> Paper:
    """Return the paper; most of its fields are missing in older pages."""
    keywords = fields.prose("keywords")
    return Paper(
        pmcid=pmcid,
        title=fields.prose("papertitle"),
        citation=fields.prose("reftext"),
        year=fields.checked("year", _year, "bad-value", "a year of four digits"),
        doi=fields.checked("doi", iri.doi_of, "bad-identifier", "10.…/…"),
        journal=fields.prose("journal_title"),
        journal_abbreviation=fields.prose("journal_nlm_ta"),
        publisher=fields.prose("publisher_name"),
        keywords=tuple(dict.fromkeys(k.strip() for k in keywords.split(" | ") if k.strip())),
    )


def _year(value: str) -> str | None:
    return value if _YEAR.fullmatch(value) else None
