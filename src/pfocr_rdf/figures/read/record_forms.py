"""What the files of an earlier release hold: a figure a line, which says less than a page.

Source: the documents of https://biothings.ncats.io/pfocr; the files `pfocr-DATE-gmt-ORGANISM.gmt`
and `pfocr-DATE-chemical-gmt-ORGANISM.gmt` of https://data.wikipathways.org/pfocr/. Sets of diseases
are our own.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.rdf import iris as iri

_IMAGE: Final = re.compile(r"\.(?:jpe?g|png|gif|tiff?)$", re.IGNORECASE)


class RecordForm(StrEnum):
    """What a line is; the value is how the manifest names the file."""

    BIOTHINGS = "BioThings documents"
    GENE_SETS = "gene sets (GMT)"
    CHEMICAL_SETS = "chemical sets (GMT)"
    DISEASE_SETS = "disease sets (GMT)"


MISSING: Final = {
    RecordForm.BIOTHINGS: "captions, papers, organisms, keywords, scores, the words that were "
    "read and how strictly they were matched",
    RecordForm.GENE_SETS: "images, captions, papers, keywords, scores, chemicals and diseases, "
    "the words that were read and how strictly they were matched",
    RecordForm.CHEMICAL_SETS: "images, captions, papers, keywords, scores, genes and diseases, "
    "the words that were read",
    RecordForm.DISEASE_SETS: "images, captions, papers, keywords, scores, genes and chemicals, "
    "the words that were read",
}
"""What pages say and a form does not."""


class RecordText(NamedTuple):
    """The text of one line. `text` is None when it is not UTF-8 or cannot be read."""

    form: RecordForm
    name: str
    organism: str
    text: str | None


def figid_in(stated: str) -> str:
    """Return the figid or alias in what a record calls itself, "" when there is none.

    Earlier documents carry the image's suffix, earlier sets several names joined by `%`.

    Example:
        >>> figid_in("PMC4821805__elife-12318-fig1.jpg")
        'PMC4821805__elife-12318-fig1'
        >>> figid_in("Statin pathway%PMC1052008__JCI0524178.f3.jpg%Homo sapiens")
        'PMC1052008__JCI0524178.f3'
        >>> figid_in("WP5283")
        ''
    """
    for part in stated.strip().split("%"):
        figid = _IMAGE.sub("", part.strip())
        if iri.is_figid(figid):
            return figid
    return ""
