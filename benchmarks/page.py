"""The tables in docs/performance.md: written between markers, the prose around them kept."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """Return a Markdown table; the first columns have words, the others numbers."""
    rule = ["---"] * words + ["---:"] * (len(headers) - words)
    lines = [headers, rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def replace(page: Path, name: str, body: str, under: str) -> None:
    """Put a generated part, with a line under it, between the two markers of its name."""
    start, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    text = page.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        sys.exit(f"benchmark: {page}: expected one part from `{start}` to `{end}`")
    part = f"{start}\n\n{body}\n\n*{under}*\n\n{end}"
    page.write_text(pattern.sub(lambda _: part, text), encoding="utf-8")


def ratio(value: float) -> str:
    """Return how many times faster, with two figures that mean something."""
    return f"{value:.1f}x" if value < 10 else f"{value:.0f}x"
