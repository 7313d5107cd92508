"""Text of a mention table or a map file -> rows of cells, lossless and unquoted.

Not the csv module: these files have no quoting at all, words hold quotes and every Unicode
line break, and a short row must be told from a long one.

Source: design/input.md, "TSVs"
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pfocr_rdf.findings import Finding

MISSING = frozenset(("", "NA"))
"""What stands for "no value" in a table; `na` and `Na` are words (sodium)."""


class Table(NamedTuple):
    """A table's columns by name, its rows, and what was odd about it.

    Each row is (line number, cells), cells as many as the header's and "" where missing. Names of
    columns have no blanks around them; cells are verbatim.
    `columns` is empty when the file is, or when two columns have one name.
    `malformed` counts the rows that are not in `rows`; each has its finding.
    """

    columns: Mapping[str, int]
    rows: tuple[tuple[int, list[str]], ...]
    malformed: int
    findings: tuple[Finding, ...]


def parse_table(text: str, file: str) -> Table:
    r"""Return the rows below the header line.

    Args:
        text: A whole table; LF or CRLF, with or without a last newline.
        file: The name that findings carry.

    Example:
        >>> table = parse_table("word\tmesh\nNO\tNA\n", "x-chemicals.tsv")
        >>> table.rows
        ((2, ['NO', '']),)
    """
    lines = _lines(text)
    header = [name.strip() for name in lines[0].split("\t")] if lines else []
    columns = {name: i for i, name in enumerate(header)}
    if len(columns) != len(header):
        columns = {}  # which of two columns of one name is meant, nobody can say
    rows, malformed, findings = _rows(lines[1:], 2, len(header), file)
    return Table(columns, rows, malformed, findings)


def parse_map(text: str, file: str) -> Table:
    """Return the rows of a map file: two columns, figid and id, without a header."""
    rows, malformed, findings = _rows(_lines(text), 1, 2, file)
    return Table({"figid": 0, "id": 1}, rows, malformed, findings)


def _lines(text: str) -> list[str]:
    # Not splitlines(): U+0085, U+2028 and form feeds are part of words.
    lines = text.removeprefix("\ufeff").split("\n")
    if "\r" in text:
        lines = [line.removesuffix("\r") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _rows(
    lines: list[str], first: int, width: int, file: str
) -> tuple[tuple[tuple[int, list[str]], ...], int, tuple[Finding, ...]]:
    rows: list[tuple[int, list[str]]] = []
    findings: list[Finding] = []
    malformed = 0
    for number, line in enumerate(lines, first):
        if "\x00" in line:
            findings.append(Finding("control-character", file, f"line {number}", "U+0000"))
            line = line.replace("\x00", "")
        cells = line.split("\t")
        if len(cells) != width:
            detail = f"expected {width} cells, found {len(cells)}"
            findings.append(Finding("row-malformed", file, f"line {number}", line[:200], detail))
            malformed += 1
            continue
        if "NA" in line or "\t\t" in line:
            cells = ["" if cell in MISSING else cell for cell in cells]
        rows.append((number, cells))
    return tuple(rows), malformed, tuple(findings)
