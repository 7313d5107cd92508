"""The tool enrich: a list of genes against the figures or papers of a release; it blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.enrichment import Enricher, EnrichmentOptions, to_json
from pfocr_rdf.query.index import Meaning, SetOf
from pfocr_rdf.rdf import Kind, Tier
from pfocr_rdf.release import Release
from pfocr_rdf.web.server.mcp.answers import JsonObject, fitted_part
from pfocr_rdf.web.server.mcp.definitions import FEW, MOST_LISTED
from pfocr_rdf.web.server.mcp.told import Addresses


class ListComparer:
    """Compares lists with the sets of a release.

    Args:
        release: What is asked.
        enricher: Of it.
        addresses: Of pages.
    """

    def __init__(self, release: Release, enricher: Enricher, addresses: Addresses) -> None:
        self._release = release
        self._enricher = enricher
        self._addresses = addresses

    def enrich(self, given: Mapping[str, Any]) -> JsonObject:
        """Return the sets that show more of a list than chance would.

        Raises:
            UsageError: The list is too long, or the release has no genes of the organism.
        """
        names = self._enricher.split("\n".join(given["genes"]))
        background = self._enricher.split("\n".join(given.get("background", ())))
        for field, listed in (("genes", names), ("background", background)):
            most = MOST_LISTED[field]
            if len(listed) > most:
                raise UsageError(f"{field}: expected {most:,} names at most, found {len(listed):,}")
        options = EnrichmentOptions(
            Tier(given["tier"]), given["organism"], given["certain"], SetOf(given["by"])
        )
        found = self._enricher.enrich(names, options, background or None, given.get("choices"))
        offset, limit = given["offset"], given["limit"]
        rows = self._enricher.told(found, limit, offset)
        pieces = to_json(self._release, self._enricher, found, rows)
        told: JsonObject = orjson.loads(b"".join(pieces))
        told.pop("release")
        told.pop("background")
        taken = [each for each in told.pop("names") if each["state"] == "taken"]
        told["taken"] = [f"{each['name']} = {each['label']} ({each['id']})" for each in taken]
        told["not_taken"] = [
            _not_taken(each.text, each.state.value, each.reason, each.choices)
            for each in found.names
            if each.state.value != "taken"
        ]
        kind = Kind.FIGURE if options.by is SetOf.FIGURE else Kind.PAPER
        for row in told["rows"]:
            row.pop("ids")
            page = self._addresses.page(kind, row["iri"])
            if page not in (None, row["iri"]):
                row["page"] = page
        told["rows_total"] = found.overlapping
        return fitted_part(told, "rows", offset, found.overlapping, ("taken", "not_taken"))


def _not_taken(text: str, state: str, reason: str, choices: Sequence[Meaning]) -> JsonObject:
    told: JsonObject = {"name": text, "state": state}
    if reason:
        told["reason"] = reason
    if choices:
        told["choices"] = [f"{each.label} <{each.iri}>" for each in choices[:FEW]]
    return told
