"""What a call of each tool for assistants costs: processor time of this process and the query's.

    python benchmarks/tool_times.py RELEASE

Tools are called in this process, queries run in one worker process. Each call is made twice, and
the quicker one counts; questions are asked with values that the release has.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from page import replace, table
from places import ROOT, machine

from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.release import open_release
from pfocr_rdf.web.server.frames import Limits
from pfocr_rdf.web.server.mcp import Addresses, Tools
from pfocr_rdf.web.server.mcp.answers import to_text
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.query_pool import QueryPool

_GOAL = 2.0
_LISTED = ["AKT1", "TP53", "EGFR", "MTOR", "PIK3CA", "KRAS", "MYC", "VEGFA", "TNF", "IL6"]
_TICKS = os.sysconf("SC_CLK_TCK")

Row = tuple[str, float, int]


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "mcp.md")
    options = parser.parse_args()
    about = machine()
    figures, rows = asyncio.run(_measured(options.release))
    headers = ("call", "seconds", "bytes", f"under {_GOAL:g} s")
    cells = [
        (name, f"{seconds:.2f}", f"{size:,}", "yes" if seconds < _GOAL else "**no**")
        for name, seconds, size in rows
    ]
    under = f"Processor time, {figures:,} figures. {about}."
    replace(options.out, "tools", table(headers, cells), under)


async def _measured(folder: Path) -> tuple[int, list[Row]]:
    release = open_release(folder)
    place = ensure_store(release)
    index, search = Index(place.index_file), Search(place.index_file)
    style, limits = release.iri_style, Limits(100_000, 2**26, 4096, ())
    async with QueryPool(place.oxigraph, style, limits, 600, 1, lambda: True) as pool:
        tools = Tools(
            release, index, search, open_triples(place), load_questions(), pool,
            PageQueue(1, 600), Addresses.at("https://pfocr.example.org/", style),
        )  # fmt: skip
        rows = [
            await _row(pool, tools, name, what, arguments)
            for name, what, arguments in _calls(index)
        ]
        asked = [
            await _row(pool, tools, "ask", question.name, {"question": question.name})
            for question in load_questions().values()
            if not question.federated
        ]
    asked.sort(key=lambda row: -row[1])
    quick = [row for row in asked if row[1] < _GOAL / 4]
    slowest = asked[: len(asked) - len(quick)]
    summary = (f"ask: {len(quick)} others", max(row[1] for row in quick), max(r[2] for r in quick))
    return len(index.years) - 1, [*rows, *slowest, summary]


def _calls(index: Index) -> list[tuple[str, str, dict[str, Any]]]:
    hub = index.numbers.top_genes[0].ref
    figure = index.figure(1).iri
    count = "SELECT ?g (COUNT(*) AS ?n) { ?f schema:mentions ?g } GROUP BY ?g ORDER BY DESC(?n)"
    return [
        ("find", "RANKL", {"text": "RANKL"}),
        ("find", "signaling pathway", {"text": "signaling pathway"}),
        ("find", "singaling, mistyped", {"text": "singaling"}),
        ("describe", "a figure", {"id": figure}),
        ("describe", f"{hub.label}, the gene of most figures", {"id": hub.iri}),
        ("describe", "human", {"id": "human", "kind": "organism"}),
        ("questions", "all", {}),
        ("enrich", "ten genes", {"genes": _LISTED}),
        ("sparql", "figures per entity", {"query": f"{count} LIMIT 10"}),
        ("release", "", {}),
    ]


async def _row(
    pool: QueryPool, tools: Tools, name: str, what: str, arguments: Mapping[str, Any]
) -> Row:
    """Return what a call costs, and how large its answer is."""
    times, size = [], 0
    for _ in range(2):
        start = _spent(pool)
        answer = await tools.call(name, arguments)
        times.append(_spent(pool) - start)
        size = len(to_text(answer).encode())
    return f"{name}: {what}" if what else name, min(times), size


def _spent(pool: QueryPool) -> float:
    """Return the seconds of a processor that this process and its worker have had."""
    ticks = 0
    for process in pool.processes():
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        ticks += sum(map(int, fields.split()[11:13]))
    return time.process_time() + ticks / _TICKS


if __name__ == "__main__":
    main()
