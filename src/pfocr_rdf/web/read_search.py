"""What the first page, the results of a search and the suggestions show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pfocr_rdf.web.links import Kind, Links
from pfocr_rdf.web.model import HomeView, SearchView

if TYPE_CHECKING:
    from pfocr_rdf.store.search import Search

PAGE_SIZE: Final = 20
SUGGESTIONS: Final = 8
LONGEST: Final = 200
"""Characters of a search that are looked at; nobody types more into the box."""


def home_view(search: Search) -> HomeView:
    """Return the numbers of the first page, all prepared with the store."""
    raise NotImplementedError


def search_view(search: Search, asked: str, kind: Kind | None = None, page: int = 1) -> SearchView:
    """Return one page of results; an empty search has none."""
    raise NotImplementedError


def suggest(search: Search, links: Links, asked: str) -> dict[str, object]:
    """Return the answer of `/api/suggest?q=`: `suggestions` with kind, label, page, figures."""
    found = search.suggest(asked[:LONGEST].strip(), limit=SUGGESTIONS) if asked.strip() else []
    return {
        "suggestions": [
            {
                "kind": str(each.kind),
                "label": each.label,
                "figures": each.figures,
                "page": links.page(Kind(each.kind), each.iri),
            }
            for each in found
        ]
    }
