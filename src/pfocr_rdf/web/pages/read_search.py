"""What the first page, the results of a search and the suggestions show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.index import CountedConcept, How, Meaning, Numbers, Ref, Search, is_phrase
from pfocr_rdf.rdf import Kind
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.number_text import number
from pfocr_rdf.web.pages.views import Count, FileItem, HitView, HomeView, Meant, Paged, SearchView

PAGE_SIZE: Final = 20
SUGGESTIONS: Final = 8
_LOOKED_AT: Final = 50  # of all kinds, of which some are of the kind that is sought
LAST_PAGE: Final = 500
"""Nobody reads further, and each page costs all before it."""

_MOST_SURE: Final = 7
_MOST_LIKELY: Final = 5
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
    likely = [] if is_phrase(wanted) else search.meanings(wanted, kind)
    is_sure = bool(likely) and likely[0].how is How.JUST
    shown = likely[: _MOST_SURE if is_sure else _MOST_LIKELY]
    if kind is None:
        found = search.overview(wanted, shown)
    else:
        found = search.find(wanted, PAGE_SIZE, (page - 1) * PAGE_SIZE, kind)
        shown = shown if is_sure else []
    total = found.totals.get(kind, 0) if kind else sum(found.totals.values())
    meant = {each.iri: _meant(each) for each in shown}
    hits = [
        HitView(Ref(hit.kind, hit.iri, hit.title), hit.snippet, hit.figures, meant.get(hit.iri))
        for hit in found.hits
    ]
    if kind is None:
        hits = [HitView(each.ref, (), each.figures, each) for each in meant.values()] + hits
        total = max(total, len(hits))
        hits = hits if page == 1 else []
    images = search.images(hit.ref.iri for hit in hits if hit.ref.kind is Kind.FIGURE)
    hits = [hit._replace(image=images.get(hit.ref.iri, "")) for hit in hits]
    # A word may be mistyped where it is found, too; several words that are found are right.
    may_err = not likely and not (total and " " in wanted)
    guesses = search.near(wanted, kind, _MOST_LIKELY) if may_err else ()
    return SearchView(
        text=wanted,
        kind=kind,
        hits=Paged(tuple(hits), min(total, LAST_PAGE * PAGE_SIZE), page, PAGE_SIZE),
        totals=found.totals,
        guesses=tuple(map(_meant, guesses)),
        is_sure=is_sure,
    )


def near(search: Search, asked: str, kind: Kind) -> tuple[Meant, ...]:
    """Return what may have been meant by a name that nothing of a kind has."""
    found = search.meanings(asked, kind) or search.near(asked, kind)
    return tuple(map(_meant, found[:_MOST_LIKELY]))


def _meant(meaning: Meaning) -> Meant:
    return Meant(
        Ref(meaning.kind, meaning.iri, meaning.label),
        meaning.about,
        meaning.organism,
        meaning.figures,
        meaning.why(number),
    )


def suggest(
    search: Search, links: Links, asked: str, kind: Kind | None = None
) -> dict[str, object]:
    """Return the answer of `/api/suggest?q=`, of one kind or of all.

    Returns:
        `suggestions`, best first: kind, label, page (None without one), number of figures,
        `matched`: the other name that fits, "" where it is the label itself; `organism`, where a
        gene's has to be said; and `reason`: why it is proposed, "" where the label says so.
    """
    limit = SUGGESTIONS if kind is None else _LOOKED_AT
    found = search.suggest(asked, limit=limit) if asked.strip() else []
    found = [each for each in found if kind in (None, each.kind)][:SUGGESTIONS]
    return {
        "suggestions": [
            {
                "kind": each.kind.value,
                "label": each.label,
                "matched": "" if each.matched == each.label else each.matched,
                "organism": each.organism,
                "reason": each.why(number),
                "figures": each.figures,
                "page": links.page(Kind(each.kind), each.iri),
            }
            for each in found
        ]
    }


def _counts(counted: Iterable[CountedConcept]) -> tuple[Count, ...]:
    return tuple(Count(each.concept.label, each.count, each.concept.iri) for each in counted)
