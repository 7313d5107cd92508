"""What belongs to no figure: tables without a page, files that are none, map rows of no figure.

It came in, so it is booked and reported like everything else.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from pfocr_rdf.figures.decode import SideTables, TableText
from pfocr_rdf.figures.read import Corpus, InputDigest, Reading, ReadText, parse_table, read_text
from pfocr_rdf.findings import Counted, Finding, Ledger


class Orphans(NamedTuple):
    """The ledger of what belongs to no figure, what to say of it, and what was read to know it."""

    ledger: Ledger
    findings: tuple[Finding, ...]
    digests: tuple[InputDigest, ...] = ()


def orphan_tables(corpus: Corpus, read: ReadText = read_text) -> Orphans:
    """Read the tables that belong to no page, to count their rows; name what is no table."""
    ledger = Ledger()
    findings: list[Finding] = []
    digests: list[InputDigest] = []
    for kind, file in corpus.orphans:
        reading = Reading()
        text = read(file, findings, reading)
        digests.append(reading.digest(file.input))
        if text is not None:
            table = TableText(kind, parse_table(text, file.name), file.name)
            table.skip(ledger, "orphan-table")
            lines = f"{len(table.table.rows) + table.table.malformed} rows"
            findings.append(Finding("orphan-table", file.name, "", "", lines))
    for file, meant in corpus.unread:
        ledger.read(Counted.DATA_FILE)
        ledger.skipped(Counted.DATA_FILE, "unread-file")
        detail = f"did you mean {meant}?" if meant else "expected FIGID-genes.tsv or the like"
        findings.append(Finding("unread-file", file.name, "", "", detail))
    return Orphans(ledger, tuple(findings), tuple(digests))


def orphan_map_rows(
    corpus: Corpus, side: SideTables, figids: Container[str], *, limited: bool
) -> Orphans:
    """Find the map rows that no figure has used.

    Args:
        corpus: For the names of the map files.
        side: Their rows.
        figids: All figures of the run.
        limited: Whether the run was told to stop before the last page; such a row may then
            be of a figure that was not reached.
    """
    ledger = Ledger()
    findings: list[Finding] = []
    for key, rows in (("ndex", side.ndex), ("wpid", side.wikipathways)):
        name = ", ".join(file.name for file in corpus.maps.get(key, ()))
        for figid, values in rows.items():
            if figid in figids:
                continue
            reason = "beyond-limit" if limited else "orphan-map-row"
            ledger.skipped(Counted.MAP_ROW, reason, len(values))
            if not limited:
                findings += [Finding("orphan-map-row", name, figid, value) for value in values]
    return Orphans(ledger, tuple(findings))
