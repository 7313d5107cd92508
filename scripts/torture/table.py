"""The table of docs/reliability.md: how many faults were tried, by command and kind."""

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
    """Return the cells of one command: faults tried of those there are, hit and broken."""
    possible, tried = Counter(each.group for each in faults), Counter[str]()
    hit = broken = 0
    for verdict in verdicts:
        tried[verdict.fault.group] += 1
        hit += bool(verdict.hit)
        broken += bool(verdict.broken)
    cells = [f"{tried[name]:,} of {possible[name]:,}" for name in _COLUMNS]
    return " | ".join([*cells, f"{tried.total():,}", f"{hit:,}", f"{broken:,}"])


def rows_of(page: str) -> dict[str, str]:
    """Return the cells of each command as a page has them."""
    part = _PART.search(page)
    return {m["name"]: m["cells"] for m in _ROW.finditer(part[0])} if part else {}


def drawn(rows: Mapping[str, str]) -> str:
    """Return the table, with a line of totals."""
    totals = [
        sum(int(cells.split(" | ")[place].replace(",", "")) for cells in rows.values())
        for place in (-3, -2, -1)
    ]
    head = " | ".join(["command", *_COLUMNS, "tried", "hit", "broken"])
    lines = [
        START,
        f"Faults tried: {totals[0]:,}; the run came to the call in {totals[1]:,}; broken: {totals[2]:,}.",
        "",
        f"| {head} |",
        f"|{'|'.join(['---', *['--:'] * (len(_COLUMNS) + 3)])}|",
        *(f"| `{name}` | {cells} |" for name, cells in rows.items()),
        END,
    ]
    return "\n".join(lines)


def write(rows: dict[str, str]) -> None:
    """Put rows into the page, in the place of those of the same commands."""
    page = PAGE.read_text()
    table = drawn(rows_of(page) | rows)
    PAGE.write_text(_PART.sub(lambda _: table, page))
