"""Enrichment for notebooks: a folder and a list in, rows out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pfocr_rdf.figures import HUMAN
from pfocr_rdf.query.enrichment.enricher import Enricher
from pfocr_rdf.query.enrichment.model import (
    EnrichedSet,
    Enrichment,
    EnrichmentOptions,
)
from pfocr_rdf.query.index import SetOf
from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.rdf import Tier
from pfocr_rdf.release import open_release


class Enriched(NamedTuple):
    """What became of a list, and the sets that share something with it, the least p first."""

    enrichment: Enrichment
    rows: tuple[EnrichedSet, ...]


def enrich(
    folder: str | os.PathLike[str],
    genes: str | Iterable[str],
    *,
    tier: Tier | str = Tier.SYNONYMS,
    organism: str = HUMAN,
    background: str | Iterable[str] | None = None,
    certain: bool = False,
    by: SetOf | str = SetOf.FIGURE,
    choices: Mapping[str, str] | None = None,
) -> Enriched:
    """Return the figures, or papers, of a release that show more of some genes than chance would.

    The store of the release is built where there is none. Who asks often opens its index once, by
    `pfocr_rdf.query.enrichment.Enricher.of_file`.

    Args:
        folder: Of the release.
        genes: Symbols, other names or ids, also of chemicals and diseases; a text is parted by
            lines, commas and blanks.
        tier: How strictly a gene must be read: "strict", "synonyms" or "all".
        organism: A taxon id or a name; "any" for all.
        background: The universe, written like the list; None: all genes of the sets.
        certain: Only what a figure mentions unambiguously.
        by: "figure" or "paper".
        choices: Of ambiguous names the id that is meant: {"AKT": "ncbigene:207"}.

    Raises:
        InputError: The folder holds no release, or a damaged one.
        UsageError: The release has no genes of the organism.
        ValueError: `tier` or `by` is none of those.
    """
    options = EnrichmentOptions(Tier(tier), organism, certain, SetOf(by))
    place = ensure_store(open_release(folder))
    with Enricher.of_file(place.index_file) as enricher:

        def names(given: str | Iterable[str]) -> Iterable[str]:
            return enricher.split(given) if isinstance(given, str) else given

        told = None if background is None else names(background)
        enrichment = enricher.enrich(names(genes), options, told, choices)
        return Enriched(enrichment, tuple(enricher.told(enrichment)))
