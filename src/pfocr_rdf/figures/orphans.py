"""What belongs to no figure: tables without a page, map rows without a figure.

It came in, so it is booked and reported like everything else.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from pfocr_rdf.figures.decode.page import Surroundings, TableText
from pfocr_rdf.figures.read.sources import Corpus, InputDigest, Reading, read_text
from pfocr_rdf.figures.read.tables import parse_table
from pfocr_rdf.findings import Counted, Finding, Ledger


class Leftovers(NamedTuple):
    """The books of what is left over, what to say of it, and what was read to know it."""

    ledger: Ledger
    findings: tuple[Finding, ...]
    digests: tuple[InputDigest, ...] = ()


def orphan_tables(corpus: Corpus) -> Leftovers:
    """Read the tables that belong to no page, to count their rows."""
    ledger = Ledger()
    findings: list[Finding] = []
    digests: list[InputDigest] = []
    for kind, file in corpus.orphans:
        reading = Reading()
        text = read_text(file, findings, reading)
        digests.append(reading.digest(file.input))
        if text is not None:
            table = TableText(kind, parse_table(text, file.name), file.name)
            table.skip(ledger, "orphan-table")
            lines = f"{len(table.table.rows) + table.table.malformed} rows"
            findings.append(Finding("orphan-table", file.name, "", "", lines))
    return Leftovers(ledger, tuple(findings), tuple(digests))


def orphan_map_rows(
    corpus: Corpus, around: Surroundings, figids: Container[str], *, limited: bool
) -> Leftovers:
    """Find the map rows that no figure has used.

    Args:
        corpus: For the names of the map files.
        around: Their rows.
        figids: All figures of the run.
        limited: Whether the run was told to stop before the last page; such a row may then
            be of a figure that was not reached.
    """
    ledger = Ledger()
    findings: list[Finding] = []
    for key, rows in (("ndex", around.ndex), ("wpid", around.wikipathways)):
        name = ", ".join(file.name for file in corpus.maps.get(key, ()))
        for figid, value in rows.items():
            if figid in figids:
                continue
            ledger.skipped(Counted.MAP_ROW, "beyond-limit" if limited else "orphan-map-row")
            if not limited:
                findings.append(Finding("orphan-map-row", name, figid, value))
    return Leftovers(ledger, tuple(findings))
