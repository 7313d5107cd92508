"""NCBI's table of the papers of PubMed Central: which PubMed record each of them is.

It has some ten million rows, and a release some ten thousand papers. So the rows are not parsed:
PMCIDs are sought in a part of the file at once, and only the lines of the wanted ones are.

Source: https://ftp.ncbi.nlm.nih.gov/pub/pmc/PMC-ids.csv.gz
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.figures.join.sources import Source, open_source

OPTION: Final = "--pmc-ids"
_EXPECTED: Final = "NCBI's PMC-ids.csv with the columns PMCID and PMID"
_PMCID: Final = re.compile(rb"PMC[0-9]+")


class PmcRow(NamedTuple):
    """A row: its line in the file, and what it says as it stands there.

    `pmid` is "" where the paper is not in PubMed, None where the row has not as many cells as
    the header. `doi` is "" without one.
    """

    line: int
    pmid: str | None
    doi: str


def open_pmc_ids(path: Path) -> Source:
    """Open the table.

    Raises:
        InputError: It is none, or is cut short.
    """
    return open_source(OPTION, path, _EXPECTED, _found)


def pmc_rows(source: Source, wanted: Collection[str]) -> dict[str, tuple[PmcRow, ...]]:
    """Return the rows of some papers, by PMCID.

    Args:
        source: The table.
        wanted: PMCIDs.

    Raises:
        InputError: The file cannot be read any more.
    """
    sought = {pmcid.encode() for pmcid in wanted}
    rows: dict[str, list[PmcRow]] = {}
    columns: dict[str, int] = {}
    size = before = 0
    for chunk in source.chunks():
        if not columns:
            header = _cells(chunk[: chunk.index(b"\n")])
            columns, size = {name: place for place, name in enumerate(header)}, len(header)
        for pmcid in sought.intersection(_PMCID.findall(chunk)):
            for line, cells in _lines_with(chunk, pmcid):
                text = pmcid.decode()
                if len(cells) != size:
                    row = PmcRow(before + line, None, "")
                elif cells[columns["PMCID"]] == text:
                    doi = cells[columns["DOI"]] if "DOI" in columns else ""
                    row = PmcRow(before + line, cells[columns["PMID"]], doi)
                else:
                    continue
                rows.setdefault(text, []).append(row)
        before += chunk.count(b"\n")
    return {pmcid: tuple(found) for pmcid, found in rows.items()}


def _found(beginning: bytes) -> str:
    header = _cells(beginning[: beginning.index(b"\n")])
    missing = [name for name in ("PMCID", "PMID") if name not in header]
    if missing:
        return f"a first line without {' and '.join(missing)}"
    return "" if beginning.count(b"\n") > 1 else "no row"


def _lines_with(chunk: bytes, pmcid: bytes) -> list[tuple[int, list[str]]]:
    """Return the lines that have a PMCID: their numbers in a part, from 1, and their cells."""
    found = []
    start = -1
    while (at := chunk.find(pmcid, start + 1)) >= 0:
        start, end = chunk.rfind(b"\n", 0, at) + 1, chunk.index(b"\n", at)
        if not chunk[at + len(pmcid) : at + len(pmcid) + 1].isdigit():
            found.append((chunk.count(b"\n", 0, start) + 1, _cells(chunk[start:end])))
            start = end
        else:
            start = at
    return found


def _cells(line: bytes) -> list[str]:
    text = line.decode(errors="replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return [cell.strip() for row in csv.reader([text]) for cell in row]
