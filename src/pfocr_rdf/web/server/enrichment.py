"""`/enrich`: the page of a user's genes, and its rows as TSV, JSON and Turtle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.enrichment import (
    Enricher,
    Enrichment,
    EnrichmentFormat,
    EnrichmentOptions,
    to_json,
    to_tsv,
    to_turtle,
)
from pfocr_rdf.query.index import SetOf
from pfocr_rdf.rdf import Iris, Tier
from pfocr_rdf.release import Release
from pfocr_rdf.web.pages import (
    MOST_NAMES,
    MOST_OF_BACKGROUND,
    EnrichmentRequest,
    Links,
    Renderer,
    enrich_view,
)
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.requests import read_form

_MOST_PARAMETERS: Final = 500
_DIGITS: Final = 6
_SENT_AS: Final = {
    EnrichmentFormat.TSV: ("text/tab-separated-values; charset=utf-8", "tsv"),
    EnrichmentFormat.JSON: ("application/json", "json"),
    EnrichmentFormat.TURTLE: ("text/turtle; charset=utf-8", "ttl"),
}
_DEFAULTS: Final = EnrichmentOptions()


class EnrichmentPage:
    """The page, and its data.

    Args:
        release: What is served.
        enricher: Of it.
        links: Where things are.
        renderer: For pages.
        max_request: Bytes of a request.
        max_rows: Sets that data may have.
    """

    def __init__(
        self,
        release: Release,
        enricher: Enricher,
        links: Links,
        renderer: Renderer,
        max_request: int,
        max_rows: int,
    ) -> None:
        self._release = release
        self._enricher = enricher
        self._links = links
        self._renderer = renderer
        self._max_request = max_request
        self._max_rows = max_rows

    def route(self, queue: PageQueue, compressed: Sequence[Middleware]) -> Route:
        """Return what answers there; lists are compared a few at a time.

        Args:
            queue: For what asks much of the index.
            compressed: Around what may be compressed on its way.
        """
        compare = queue.for_each(self._compared)

        async def answer(request: Request) -> Response:
            given = await read_form(request, self._max_request, _MOST_PARAMETERS)
            request.state.given = given
            return await compare(request)

        return Route("/enrich", answer, methods=["GET", "POST"], middleware=compressed)

    def _compared(self, request: Request) -> Response:
        given: list[tuple[str, str]] = request.state.given
        asked = _asked(given, request.method)
        name = _last(given, "format")
        if name and name not in tuple(map(str, _SENT_AS)):
            raise HTTPException(400, f"format: expected one of {', '.join(_SENT_AS)}.")
        found: Enrichment | None = None
        fault, status = "", 200
        try:
            found = self._found(asked)
        except UsageError as error:
            fault, status = str(error), 400
        if name:
            if found is None:
                raise HTTPException(400, fault or "genes: expected names of genes, found none.")
            return self._data(EnrichmentFormat(name), found)
        view = enrich_view(self._enricher, self._links, asked, found, fault)
        return HTMLResponse(self._renderer.enrich(view), status)

    def _found(self, asked: EnrichmentRequest) -> Enrichment | None:
        names = self._names("genes", asked.genes, MOST_NAMES)
        if not names:
            return None
        background = self._names("background", asked.background, MOST_OF_BACKGROUND)
        return self._enricher.enrich(names, asked.options, background or None, asked.choices)

    def _names(self, field: str, text: str, most: int) -> list[str]:
        names = self._enricher.split(text)
        if len(names) > most:
            raise UsageError(
                f"{field}: expected {most:,} names at most, found {len(names):,} "
                "(the command `pfocr-rdf enrich` takes any number)"
            )
        return names

    def _data(self, format_: EnrichmentFormat, found: Enrichment) -> Response:
        rows = self._enricher.told(found, self._max_rows)
        pieces: Iterator[bytes]
        match format_:
            case EnrichmentFormat.TSV:
                pieces = to_tsv(found, rows)
            case EnrichmentFormat.JSON:
                pieces = to_json(self._release, self._enricher, found, rows)
            case _:
                pieces = to_turtle(self._release, Iris(self._release.iri_style), found, rows)
        media_type, suffix = _SENT_AS[format_]
        headers = {
            "content-type": media_type,
            "content-disposition": f'attachment; filename="enrichment.{suffix}"',
        }
        return Response(b"".join(pieces), headers=headers)


def _asked(given: Sequence[tuple[str, str]], method: str) -> EnrichmentRequest:
    """Return what a form has sent; of a field that came twice the last counts.

    Raises:
        HTTPException: A field has a value that no form sends.
    """
    number = _last(given, "page") or "1"
    if not (number.isascii() and number.isdigit() and 0 < len(number) <= _DIGITS and int(number)):
        raise HTTPException(400, "page: expected a number from 1.")
    try:
        options = EnrichmentOptions(
            Tier(_last(given, "tier") or _DEFAULTS.tier),
            _last(given, "organism").strip() or _DEFAULTS.organism,
            bool(_last(given, "certain")),
            SetOf(_last(given, "by") or _DEFAULTS.by),
        )
    except ValueError as error:
        raise HTTPException(
            400,
            f"tier: expected one of {', '.join(Tier)}; by: one of {', '.join(SetOf)}.",
        ) from error
    choices = (value.rpartition("=") for name, value in given if name == "choose" and value)
    return EnrichmentRequest(
        _printable(_last(given, "genes")),
        _printable(_last(given, "background")),
        options,
        {text: id_ for text, sign, id_ in choices if sign},
        int(number),
        method.lower() if method == "POST" else "get",
    )


def _last(given: Sequence[tuple[str, str]], name: str) -> str:
    return next((value for each, value in reversed(given) if each == name), "")


def _printable(text: str) -> str:
    """Return a text without control characters, which no page may hold."""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")
