"""NCBI's table of the papers of PubMed Central: which PubMed record each of them is.

It has some ten million rows, and a release some ten thousand papers. So the rows are not parsed:
PMCIDs are sought in a part of the file at once, and only the lines of the wanted ones are.

Source: https://ftp.ncbi.nlm.nih.gov/pub/pmc/PMC-ids.csv.gz
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
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
    sought = {pmcid.encode(): pmcid for pmcid in wanted}
    rows: dict[str, tuple[PmcRow, ...]] = {}
    columns: dict[str, int] = {}
    size = before = 0
    for chunk in source.chunks():
        if not columns:
            header = _cells(chunk[: chunk.index(b"\n")])
            columns, size = {name: place for place, name in enumerate(header)}, len(header)
        for line, pmcid, text in _lines_with(chunk, sought):
            cells = _cells(text)
            if len(cells) != size:
                row = PmcRow(before + line, None, "")
            elif cells[columns["PMCID"]] == pmcid:
                doi = cells[columns["DOI"]] if "DOI" in columns else ""
                row = PmcRow(before + line, cells[columns["PMID"]], doi)
            else:
                continue
            rows[pmcid] = (*rows.get(pmcid, ()), row)
        before += chunk.count(b"\n")
    return rows


def _found(beginning: bytes) -> str:
    header = _cells(beginning[: beginning.index(b"\n")])
    missing = [name for name in ("PMCID", "PMID") if name not in header]
    if missing:
        return f"a first line without {' and '.join(missing)}"
    return "" if beginning.count(b"\n") > 1 else "no row"


def _lines_with(chunk: bytes, sought: Mapping[bytes, str]) -> Iterator[tuple[int, str, bytes]]:
    """Yield the lines that have sought PMCIDs: number in a part, from 1, the PMCID, and the line."""
    line, last = 1, 0
    seen: set[str] = set()
    for found in _PMCID.finditer(chunk):
        pmcid = sought.get(found[0])
        if pmcid is None:
            continue
        start = chunk.rfind(b"\n", 0, found.start()) + 1
        if start != last:
            line, last, seen = line + chunk.count(b"\n", last, start), start, set()
        if pmcid not in seen:
            seen.add(pmcid)
            yield line, pmcid, chunk[start : chunk.index(b"\n", start)]


def _cells(line: bytes) -> list[str]:
    text = line.decode(errors="replace").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    return [cell.strip() for row in csv.reader([text]) for cell in row]
