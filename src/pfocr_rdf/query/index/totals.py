"""How much there is of each kind in a release, by the names that its first page has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pfocr_rdf.rdf import IRI, MENTIONED, Kind

_CLASSES: Final = {
    Kind.FIGURE.plural: (Kind.FIGURE.of_class,),
    "mentions": tuple(kind.mention_class for kind in MENTIONED),
    **{
        kind.plural: (kind.of_class,)
        for kind in (
            Kind.PAPER, Kind.GENE, Kind.CHEMICAL, Kind.DISEASE, Kind.ORGANISM, Kind.JOURNAL
        )
    },
}  # fmt: skip


def totals_of(classes: Mapping[IRI, int], triples: int) -> dict[str, int]:
    """Return the numbers by name.

    Args:
        classes: Entities per class.
        triples: Of the dump.
    """
    totals = {name: sum(classes.get(each, 0) for each in of) for name, of in _CLASSES.items()}
    return {**totals, "triples": triples}
