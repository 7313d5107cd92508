"""The table of docs/reliability.md: how many inputs were tried, by kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scripts.fuzz.kinds import KINDS
from scripts.fuzz.trial import Tried

PAGE: Final = Path(__file__).resolve().parent.parent.parent / "docs" / "reliability.md"
START, END = "<!-- generated: inputs -->", "<!-- end: inputs -->"
_PART: Final = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
_ROW: Final = re.compile(r"^\| (?P<name>[^|]+) \| (?P<tried>[0-9,]+) \| (?P<broken>[0-9,]+) \|$", re.MULTILINE)  # fmt: skip


def rows_of(page: str) -> dict[str, tuple[int, int]]:
    """Return how many inputs of each kind were tried, and how many broken, as a page says."""
    part = _PART.search(page)
    return {
        row["name"]: (_number(row["tried"]), _number(row["broken"]))
        for row in _ROW.finditer(part[0] if part else "")
    }


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def drawn(rows: Mapping[str, tuple[int, int]]) -> str:
    """Return the table, under a line of totals."""
    tried, broken = (sum(column) for column in zip(*rows.values(), strict=True))
    lines = [
        START,
        f"Inputs tried: {tried:,}; broken: {broken:,}.",
        "",
        "| input | tried | broken |",
        "|---|--:|--:|",
        *(f"| {name} | {one:,} | {two:,} |" for name, (one, two) in rows.items()),
        END,
    ]
    return "\n".join(lines)


def write(found: Mapping[str, Tried]) -> None:
    """Put what was tried into the page, in the place of the rows of the same kinds."""
    page = PAGE.read_text()
    now = {name: (tried.inputs, tried.times_broken) for name, tried in found.items()}
    rows = rows_of(page) | now
    in_order = {name: rows[name] for name in KINDS if name in rows}
    PAGE.write_text(_PART.sub(lambda _: drawn(in_order), page))
