"""A page and RDF for every figure and entity, by content negotiation or by suffix.

The IRIs of entities are other people's. What is served here are documents about them, so
there is no redirect from thing to document, but from other names of a thing to its address.

Source: https://www.w3.org/TR/cooluris/, https://www.w3.org/TR/swbp-vocab-pub/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.rdf import IRI, PAGED, Iris, Kind, Prefixes, Tier
from pfocr_rdf.version import __version__
from pfocr_rdf.web.pages import (
    FIGURE_FILES,
    Around,
    Links,
    Renderer,
    entity_view,
    figure_files,
    figure_view,
    figures_around,
    near,
    paper_view,
    search_view,
)
from pfocr_rdf.web.server.formats import best, content_type
from pfocr_rdf.web.server.resources import DATA_TYPES, Resources
from pfocr_rdf.web.server.responses import NoSuchName, page_number, wanted_tier

HTML: Final = "text/html"
SUFFIXES: Final = {
    "html": HTML,
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
_SUFFIX_OF: Final = {kind: suffix for suffix, kind in (SUFFIXES | FIGURE_FILES).items()}
_OFFERS: Final = (HTML, *DATA_TYPES)


class LinkedData:
    """The documents of all resources.

    Args:
        resources: What there is.
        index: What the pages show.
        search: Its names.
        links: Where things are.
        renderer: For pages.
        release_key: Names the content of the release.
    """

    def __init__(
        self,
        resources: Resources,
        index: Index,
        search: Search,
        links: Links,
        renderer: Renderer,
        release_key: str,
    ) -> None:
        self._resources = resources
        self._index = index
        self._search = search
        self._links = links
        self._renderer = renderer
        self._version = f"{release_key[:16]}.{__version__}"

    def endpoint(self, kind: Kind) -> Callable[[Request], Response]:
        """Return what answers requests for one kind; it may block, and runs in a thread."""

        def answer(request: Request) -> Response:
            return self._answer(kind, request)

        return answer

    def elsewhere(self, request: Request) -> Response:
        """Lead from an IRI, in the parameter `iri`, to the document about it."""
        iri = request.query_params.get("iri", "")
        # A mention has no document of its own: it stands in that of its figure.
        whole, _, fragment = iri.partition("#")
        for kind in PAGED:
            for candidate in (iri, whole):
                page = self._links.page(kind, candidate)
                if page is not None and self._resources.is_a(kind, candidate):
                    anchor = f"#{quote(fragment)}" if fragment and candidate == whole else ""
                    return RedirectResponse(page + anchor, 303)
        raise HTTPException(404, f"This release has no page about {iri[:200]!r}.")

    def _answer(self, kind: Kind, request: Request) -> Response:
        key = request.path_params["key"]
        media_type = ""
        iri = self._resources.find(kind, key)
        stem, dot, suffix = key.rpartition(".")
        # A figid may hold dots, so what looks like a suffix may be none.
        suffixes = SUFFIXES | FIGURE_FILES if kind is Kind.FIGURE else SUFFIXES
        if iri is None and dot and suffix in suffixes:
            key, media_type = stem, suffixes[suffix]
            iri = self._resources.find(kind, key)
        if iri is None:
            return self._known_as(kind, key, f".{suffix}" if media_type else "", request)
        negotiated = not media_type
        if negotiated:
            media_type = _wanted(request)
        if not media_type:
            raise HTTPException(
                406,
                f"This {kind.value} can be had as {', '.join(_OFFERS)}.",
                {"link": self._alternates(kind, iri, "")},
            )
        return self._document(kind, iri, media_type, request, negotiated=negotiated)

    def _document(
        self, kind: Kind, iri: IRI, media_type: str, request: Request, *, negotiated: bool
    ) -> Response:
        suffix = _SUFFIX_OF[media_type]
        headers = {
            # Weak: the bytes may be compressed on their way.
            "etag": f'W/"{self._version}.{suffix}"',
            "cache-control": "no-cache",
            "link": self._alternates(kind, iri, suffix),
            "content-type": content_type(media_type),
        }
        if suffix in FIGURE_FILES:
            name = f"{iri.rpartition('/')[2].removesuffix('.html')}.{suffix}"
            headers["content-disposition"] = f'attachment; filename="{name}"'
        if negotiated:
            headers["vary"] = "Accept"
            headers["content-location"] = self._address(kind, iri, suffix)
        number, tier = (
            (page_number(request), wanted_tier(request)) if media_type == HTML else (1, None)
        )
        if _is_known(request, headers["etag"]):
            return Response(status_code=304, headers=headers)
        if media_type == HTML:
            content = self._page(kind, iri, number, tier).encode()
        elif suffix in FIGURE_FILES:
            content = self._file(iri, suffix)
        else:
            content = self._resources.document(kind, iri, media_type)
        return Response(content, headers=headers)

    def _page(self, kind: Kind, iri: IRI, number: int, tier: Tier | None) -> str:
        index = self._index
        match kind:
            case Kind.FIGURE:
                if figure := index.figure_number(iri):
                    around = figures_around(index, figure)
                    nodes = self._resources.figure(iri)
                    return self._renderer.figure(figure_view(index, nodes, around))
            case Kind.PAPER:
                if paper := paper_view(index, iri):
                    return self._renderer.paper(paper)
            case _:
                if entity := entity_view(index, kind, iri, number, tier):
                    return self._renderer.entity(entity)
        raise HTTPException(404, f"This {kind.value} has no page {number}.")

    def _file(self, iri: IRI, suffix: str) -> bytes:
        view = figure_view(self._index, self._resources.figure(iri), Around([], []))
        return figure_files(view, Prefixes(Iris(self._links.style)))[suffix]

    def _known_as(self, kind: Kind, key: str, suffix: str, request: Request) -> Response:
        """Lead to what a name means, let choose where it means several, else say what is near."""
        # No name has control characters, which a search would pass over.
        name = key.replace("_", " ") if key.isprintable() else ""
        sure = self._search.sure(name, kind)
        iri: str | None = self._resources.known_as(kind, key)
        if iri is None and len(sure) == 1:
            iri = sure[0].iri
        page = self._links.page(kind, iri) if iri else None
        if page is not None:
            return RedirectResponse(page + suffix, 303)
        if not sure:
            what = f"This release has no {kind.value} {key[:200]!r}."
            raise NoSuchName(404, what, guesses=near(self._search, name, kind))
        pages = [page for each in sure if (page := self._links.page(kind, each.iri))]
        headers = {"link": ", ".join(f'<{page}{suffix}>; rel="alternate"' for page in pages)}
        if _wanted(request) != HTML or suffix:
            lines = "".join(f"{page}{suffix}\n" for page in pages)
            return PlainTextResponse(lines, 300, headers)
        view = search_view(self._search, name, kind)
        return HTMLResponse(self._renderer.search(view), 300, headers)

    def _address(self, kind: Kind, iri: IRI, suffix: str) -> str:
        page = self._links.page(kind, iri)
        assert page is not None, "it was found by its key"
        return f"{page}.{suffix}"

    def _alternates(self, kind: Kind, iri: IRI, shown: str) -> str:
        """Return the Link header: the other forms, and what describes a page."""
        links = []
        for suffix, media_type in SUFFIXES.items():
            if suffix != shown:
                relation = "alternate describedby" if suffix == "ttl" else "alternate"
                address = self._address(kind, iri, suffix)
                links.append(f'<{address}>; rel="{relation}"; type="{media_type}"')
        return ", ".join(links)


def _wanted(request: Request) -> str:
    try:
        return best(", ".join(request.headers.getlist("accept"))[:4096], _OFFERS)
    except ValueError as error:
        raise HTTPException(400, "The Accept header is malformed.") from error


def _is_known(request: Request, etag: str) -> bool:
    """Say whether a reader has this version already (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag.removeprefix("W/") in (
        tag.strip().removeprefix("W/") for tag in known.split(",")
    )
