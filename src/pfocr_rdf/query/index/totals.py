"""How much there is of each kind in a release, by the names that its first page has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pfocr_rdf.rdf import IRI, PFOCR, SCHEMA

_CLASSES: Final = {
    "figures": (PFOCR.PathwayFigure,),
    "mentions": (PFOCR.GeneMention, PFOCR.ChemicalMention, PFOCR.DiseaseMention, PFOCR.TermMention),
    "papers": (SCHEMA.ScholarlyArticle,),
    "genes": (SCHEMA.Gene,),
    "chemicals": (SCHEMA.ChemicalSubstance,),
    "diseases": (SCHEMA.MedicalCondition,),
    "organisms": (SCHEMA.Taxon,),
    "journals": (SCHEMA.Periodical,),
}


def totals_of(classes: Mapping[IRI, int], triples: int) -> dict[str, int]:
    """Return the numbers by name.

    Args:
        classes: Entities per class.
        triples: Of the dump.
    """
    totals = {name: sum(classes.get(each, 0) for each in of) for name, of in _CLASSES.items()}
    return {**totals, "triples": triples}
