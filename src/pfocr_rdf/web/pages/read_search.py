"""What the first page, the results of a search and the suggestions show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.index import CountedConcept, Numbers, Ref, Search
from pfocr_rdf.rdf import Kind
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.views import Count, FileItem, Hit, HomeView, Paged, SearchView

PAGE_SIZE: Final = 20
SUGGESTIONS: Final = 8
LAST_PAGE: Final = 500
"""Nobody reads further, and each page costs all before it."""

_GENES: Final = 15
_ORGANISMS: Final = 15
_SHOWN: Final = ("figures", "papers", "genes", "chemicals", "diseases", "mentions", "triples")


def home_view(numbers: Numbers, files: tuple[FileItem, ...] = ()) -> HomeView:
    """Return the first page of a release with these numbers, and files to download."""
    totals = numbers.totals
    return HomeView(
        totals=tuple(Count(name, totals[name]) for name in _SHOWN if totals.get(name)),
        years=tuple(Count(str(year), count) for year, count in numbers.years.items()),
        genes=numbers.top_genes[:_GENES],
        tiers=_counts(numbers.tiers),
        organisms=numbers.organisms[:_ORGANISMS],
        methods=_counts(numbers.methods),
        reasons=_counts(numbers.reasons),
        files=files,
    )


def search_view(search: Search, asked: str, kind: Kind | None = None, page: int = 1) -> SearchView:
    """Return one page of results; an empty search has none, one that finds nothing has guesses.

    Args:
        search: The index.
        asked: What was typed.
        kind: Only this kind.
        page: From 1; after `LAST_PAGE` there is nothing.
    """
    wanted = asked.strip()
    page = min(max(page, 1), LAST_PAGE)
    found = search.find(wanted, PAGE_SIZE, (page - 1) * PAGE_SIZE, kind)
    totals = {Kind(each): count for each, count in found.totals.items()}
    total = totals.get(kind, 0) if kind else sum(totals.values())
    hits = tuple(
        Hit(Ref(Kind(hit.kind), hit.iri, hit.title), hit.snippet, hit.figures) for hit in found.hits
    )
    guesses = () if total or not wanted else search.suggest(wanted, limit=4)
    return SearchView(
        text=wanted,
        kind=kind,
        hits=Paged(hits, min(total, LAST_PAGE * PAGE_SIZE), page, PAGE_SIZE),
        totals=totals,
        guesses=tuple(Ref(Kind(guess.kind), guess.iri, guess.label) for guess in guesses),
    )


def suggest(search: Search, links: Links, asked: str) -> dict[str, object]:
    """Return the answer of `/api/suggest?q=`.

    Returns:
        `suggestions`, best first: kind, label, page (None without one), number of figures,
        and `matched`: the other name that was typed, "" where it is the label itself.
    """
    found = search.suggest(asked, limit=SUGGESTIONS) if asked.strip() else []
    return {
        "suggestions": [
            {
                "kind": each.kind.value,
                "label": each.label,
                "matched": "" if each.matched == each.label else each.matched,
                "figures": each.figures,
                "page": links.page(Kind(each.kind), each.iri),
            }
            for each in found
        ]
    }


def _counts(counted: Iterable[CountedConcept]) -> tuple[Count, ...]:
    return tuple(Count(each.concept.label, each.count, each.concept.iri) for each in counted)
