"""The table of docs/reliability.md: where faults were tried, by command and kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from scripts.torture.faults import GROUPS, SIGNALLED, Fault
from scripts.torture.trial import Verdict

PAGE: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "reliability.md"
START, END = "<!-- generated: faults -->", "<!-- end: faults -->"
_PART: Final = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
_COLUMNS: Final = (*GROUPS, SIGNALLED)
_ROW: Final = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<cells>.+) \|$", re.MULTILINE)


def row(faults: Iterable[Fault], verdicts: Iterable[Verdict]) -> str:
    """Return the cells of one command: sites tried of those there are; faults, hit and broken."""
    possible = {place for each in faults for place in each.places(each.sites)}
    tried: set[str] = set()
    count = hit = broken = 0
    for verdict in verdicts:
        tried |= verdict.fault.places(verdict.sites) & possible
        count += 1
        hit += bool(verdict.hit)
        broken += bool(verdict.broken)
    of_group = [Counter(place.partition(":")[0] for place in some) for some in (tried, possible)]
    cells = [
        f"{of_group[0][name]:,} of {of_group[1][name]:,}" if of_group[1][name] else ""
        for name in _COLUMNS
    ]
    return " | ".join(
        [*cells, f"{len(tried):,} of {len(possible):,}", f"{count:,}", f"{hit:,}", f"{broken:,}"]
    )


def rows_of(page: str) -> dict[str, str]:
    """Return the cells of each command as a page has them."""
    part = _PART.search(page)
    return {m["name"]: m["cells"] for m in _ROW.finditer(part[0])} if part else {}


def drawn(rows: Mapping[str, str]) -> str:
    """Return the table, with a line of totals."""
    columns = list(zip(*(cells.split(" | ") for cells in rows.values()), strict=True))
    tried, hit, broken = (sum(_number(cell) for cell in column) for column in columns[-3:])
    sites = [sum(_number(cell.split(" of ")[part]) for cell in columns[-4]) for part in (0, 1)]
    head = " | ".join(["command", *_COLUMNS, "all sites", "faults", "hit", "broken"])
    lines = [
        START,
        f"Distinct sites tried: {sites[0]:,} of {sites[1]:,}.",
        f"Faults: {tried:,}; the run came to the call in {hit:,}; broken: {broken:,}.",
        "",
        f"| {head} |",
        f"|{'|'.join(['---', *['--:'] * (len(_COLUMNS) + 4)])}|",
        *(f"| `{name}` | {cells} |" for name, cells in rows.items()),
        END,
    ]
    return "\n".join(lines)


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))


def write(rows: dict[str, str]) -> None:
    """Put rows into the page, in the place of those of the same commands."""
    page = PAGE.read_text()
    table = drawn(rows_of(page) | rows)
    PAGE.write_text(_PART.sub(lambda _: table, page))
