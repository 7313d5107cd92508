"""Numbers of a release that a home page shows: too slow to count for each visitor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph

from pfocr_rdf.query.store.triples import VOCABULARY_GRAPH
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA

_TOP_GENES: Final = 50
_TOTALS: Final = {
    "figures": (PFOCR.PathwayFigure,),
    "mentions": (PFOCR.GeneMention, PFOCR.ChemicalMention, PFOCR.DiseaseMention, PFOCR.TermMention),
    "papers": (SCHEMA.ScholarlyArticle,),
    "genes": (SCHEMA.Gene,),
    "chemicals": (SCHEMA.ChemicalSubstance,),
    "diseases": (SCHEMA.MedicalCondition,),
    "organisms": (SCHEMA.Taxon,),
    "journals": (SCHEMA.Periodical,),
}

Entry = tuple[str, str, int]
"""IRI, label, number."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted while figures were read: figures per gene, year and organism."""

    genes: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    organisms: Counter[str] = field(default_factory=Counter)


def facts_of(
    store: pyoxigraph.Store,
    tally: Tally,
    classes: Mapping[IRI, int],
    triples: int,
    label: Callable[[str], str],
) -> dict[str, Mapping[str, int] | list[Entry]]:
    """Return the numbers, by the fields of `Facts`.

    Args:
        store: The triples.
        tally: What has been counted already.
        classes: Entities per class.
        triples: Of the dump.
        label: From an IRI to what people call it.
    """

    def most(counts: Counter[str]) -> list[Entry]:
        # A fixed order: the same release gives the same numbers in the same order.
        order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        return [(iri, label(iri), count) for iri, count in order]

    return {
        "totals": totals_of(classes, triples),
        "years": [("", str(year), count) for year, count in sorted(tally.years.items())],
        "top_genes": most(tally.genes)[:_TOP_GENES],
        "organisms": most(tally.organisms),
        "tiers": _concepts(store, PFOCR.matchTier),
        "methods": _concepts(store, PFOCR.identifiedBy),
        "reasons": _concepts(store, PFOCR.unresolvedReason),
    }


def totals_of(classes: Mapping[IRI, int], triples: int) -> dict[str, int]:
    """Return how much there is of each kind, by the names of a home page.

    Args:
        classes: Entities per class.
        triples: Of the dump.
    """
    totals = {name: sum(classes.get(each, 0) for each in kinds) for name, kinds in _TOTALS.items()}
    return {**totals, "triples": triples}


def _concepts(store: pyoxigraph.Store, predicate: IRI) -> list[Entry]:
    """Return how many mentions say each concept, most first, labelled as in the ontology."""
    rows = store.query(
        f"""
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?concept (SAMPLE(?label) AS ?name) (SAMPLE(?count) AS ?mentions) {{
            {{
                SELECT ?concept (COUNT(*) AS ?count) {{ ?mention <{predicate}> ?concept }}
                GROUP BY ?concept
            }}
            OPTIONAL {{ GRAPH <{VOCABULARY_GRAPH}> {{ ?concept skos:prefLabel ?label }} }}
        }}
        GROUP BY ?concept ORDER BY DESC(?mentions) ?concept
        """
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return [
        (
            row["concept"].value,
            row["name"].value if row["name"] else row["concept"].value,
            int(row["mentions"].value),
        )
        for row in rows
        if row["concept"] is not None
    ]
