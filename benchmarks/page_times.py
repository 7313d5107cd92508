"""What a page of the server costs: processor time to read what it shows, and to draw it.

    python benchmarks/page_times.py RELEASE

The release needs `pfocr.jsonld`. Pages are made in this process, each once; the genes that are in
most figures are made three times, and the quickest counts.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from page import replace, table
from places import ROOT, machine

from pfocr_rdf.query.index import Index
from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.rdf import IRI, Iris, Kind, Prefixes
from pfocr_rdf.release import open_release
from pfocr_rdf.web.pages import (
    Links,
    Renderer,
    entity_view,
    figure_view,
    figures_around,
    paper_view,
)
from pfocr_rdf.web.server.resources import Resources

_PAGES = 200
_GOAL_MS = 40


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "serve.md")
    options = parser.parse_args()
    about, release = machine(), open_release(options.release)
    place = ensure_store(release)
    index, style = Index(place.index_file), release.iri_style
    resources = Resources(open_triples(place), style, Prefixes(Iris(style)))
    draw = Renderer(Links(style=style), release.name)

    def figure(number: int) -> str:
        nodes = resources.figure(IRI(index.figure(number).iri))
        return draw.figure(figure_view(index, nodes, figures_around(index, number)))

    def paper(number: int) -> str:
        view = paper_view(index, index.content(number)[0].subject)
        assert view is not None
        return draw.paper(view)

    def entity(kind: Kind) -> Callable[[int], str]:
        def page(number: int) -> str:
            view = entity_view(index, kind, index.content(number)[0].subject)
            assert view is not None
            return draw.entity(view)

        return page

    figures = range(1, len(index.years))
    rows = [_row("figures", _times(figure, _some(figures)))]
    rows.append(_row("papers", _times(paper, _some(list(index.of_kind(Kind.PAPER))))))
    genes = _some(list(index.of_kind(Kind.GENE)))
    rows.append(_row("genes", _times(entity(Kind.GENE), genes)))
    for hub in index.numbers.top_genes[:3]:
        number = index.entity_number(hub.ref.iri, Kind.GENE)
        assert number is not None
        runs = [_times(entity(Kind.GENE), [number]) for _ in range(3)]
        name = f"{hub.ref.label}, in {hub.count:,} figures"
        rows.append(_row(name, min(runs), goal=True))
    headers = ("pages", "ms, half of them", "ms, the slowest", f"under {_GOAL_MS} ms")
    under = f"Processor time, {len(figures):,} figures, {_PAGES} pages of a kind. {about}."
    replace(options.out, "pages", table(headers, rows), under)


def _some(numbers: Sequence[int]) -> list[int]:
    return random.Random(1).sample(numbers, min(_PAGES, len(numbers)))


def _times(make: Callable[[int], str], numbers: Sequence[int]) -> list[float]:
    """Return the milliseconds that each page took."""
    times = []
    for number in numbers:
        start = time.process_time()
        make(number)
        times.append(1000 * (time.process_time() - start))
    return times


def _row(name: str, times: Sequence[float], *, goal: bool = False) -> tuple[str, ...]:
    met = ("yes" if max(times) < _GOAL_MS else "**no**") if goal else ""
    return name, f"{median(times):.1f}", f"{max(times):.1f}", met


if __name__ == "__main__":
    main()
