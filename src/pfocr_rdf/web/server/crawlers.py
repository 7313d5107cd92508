"""`/robots.txt` and `/sitemap.xml`: what crawlers may read, and where the pages are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pfocr_rdf.query.index import Index
from pfocr_rdf.web.pages import (
    MOST_ADDRESSES,
    Links,
    addresses,
    robots,
    sitemap,
    sitemap_index,
    sitemap_name,
)
from pfocr_rdf.web.server.page_queue import PageQueue

_CLOSED: Final = ("sparql", "api/", "search", "enrich", "resource", "*?")
"""What is computed for each reader: queries, searches, lists that are filtered."""
_XML: Final = "application/xml"
_DIGITS: Final = 4


class Crawlers:
    """What crawlers read.

    Args:
        index: Of the release.
        links: Absolute.
        path: Of the first page on its host.
    """

    def __init__(self, index: Index, links: Links, path: str) -> None:
        self._index = index
        self._links = links
        self._path = path

    def routes(self, queue: PageQueue, compressed: Sequence[Middleware]) -> list[Route]:
        """Return what answers at which address; all may block, and run in threads.

        Args:
            queue: For what asks much of the index.
            compressed: Around what may be compressed on its way.
        """
        return [
            Route("/robots.txt", self.robots),
            Route("/sitemap.xml", queue.for_each(self.sitemaps), middleware=compressed),
            Route("/sitemap-{number}.xml", queue.for_each(self.sitemap), middleware=compressed),
        ]

    def robots(self, _request: Request) -> Response:
        """Return robots.txt."""
        closed = [self._path + each for each in _CLOSED]
        return Response(robots(self._links.base, closed), media_type="text/plain")

    def sitemaps(self, _request: Request) -> Response:
        """Return the list of sitemaps."""
        pages = sum(1 for _ in addresses(self._index, self._links))
        numbers = range(1, -(-pages // MOST_ADDRESSES) + 1)
        maps = ((self._links.base + sitemap_name(number), "") for number in numbers)
        return Response(sitemap_index(maps), media_type=_XML)

    def sitemap(self, request: Request) -> Response:
        """Return one of them."""
        given = request.path_params["number"]
        is_number = given.isascii() and given.isdigit() and len(given) <= _DIGITS
        first = (int(given) - 1) * MOST_ADDRESSES if is_number else -1
        pages = islice(addresses(self._index, self._links), max(first, 0), None)
        part = [(page, "") for page in islice(pages, MOST_ADDRESSES)]
        if first < 0 or not part:
            raise HTTPException(404, f"There is no sitemap {given[:50]!r}.")
        return Response(sitemap(part), media_type=_XML)
