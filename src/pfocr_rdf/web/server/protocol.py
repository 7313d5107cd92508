"""SPARQL 1.1 Protocol, for reading: queries by GET, by POST, and a description of the service.

Source: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from pfocr_rdf.web.server.asking import answer_for
from pfocr_rdf.web.server.formats import (
    GRAPHS,
    SHORTCUTS,
    Wanted,
    best,
    content_type,
    wanted,
    wanted_by_names,
)
from pfocr_rdf.web.server.frames import QueryRequest
from pfocr_rdf.web.server.query_pool import QueryPool
from pfocr_rdf.web.server.requests import (
    FORM,
    check_address,
    media_type_of,
    parameters_of,
    read_body,
)
from pfocr_rdf.web.server.service_description import Service

_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_MOST_PARAMETERS: Final = 200
_LONGEST_ACCEPT: Final = 4096
_PIECE: Final = 2**16
_NAMING: Final = ("format", "output", "results")
"""Parameters that stores and their clients name a format with: SPARQLWrapper sends all of them."""
_NO_UPDATES: Final = "This endpoint is for reading: updates are refused."

_Parameters = Sequence[tuple[str, str]]


class _Said(NamedTuple):
    """What a request says, wherever it says it."""

    parameters: _Parameters
    query: str | None


class Sparql:
    """The endpoint.

    Args:
        queries: Answers them.
        service: What the endpoint says of itself, and its graphs.
        max_request: Bytes of a request, of its address or of its body.
        query_page: Where people are sent who open the endpoint in a browser.
    """

    def __init__(
        self, queries: QueryPool, service: Service, max_request: int, query_page: str
    ) -> None:
        self._queries = queries
        self._service = service
        self._max_request = max_request
        self._query_page = query_page

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": "GET, HEAD, POST, OPTIONS"})
        asked = await self._asked(request)
        names = [name for name, _ in asked.parameters]
        if "update" in names:
            raise HTTPException(403, _NO_UPDATES)
        if asked.query is None:
            if request.method == "POST":
                raise HTTPException(400, "The parameter `query` is missing.")
            return self._description(request, asked.parameters)
        return await self._answer(request, asked.query, asked.parameters)

    async def _asked(self, request: Request) -> _Said:
        """Return what a request says.

        Raises:
            HTTPException: It is not in one of the three forms of the protocol.
        """
        check_address(request, self._max_request)
        parameters = _parameters(request.scope["query_string"])
        if request.method != "POST":
            return _Said(parameters, _only(parameters, "query"))
        match media_type_of(request):
            case "application/x-www-form-urlencoded":
                parameters = [
                    *parameters,
                    *_parameters(await read_body(request, self._max_request)),
                ]
                return _Said(parameters, _only(parameters, "query"))
            case "application/sparql-query":
                if any(name == "query" for name, _ in parameters):
                    raise HTTPException(400, "The query stands in the address and in the body.")
                return _Said(parameters, _text(await read_body(request, self._max_request)))
            case "application/sparql-update":
                raise HTTPException(403, _NO_UPDATES)
            case _:
                raise HTTPException(415, f"The Content-Type of a POST must be {_QUERY} or {FORM}.")

    def _description(self, request: Request, parameters: _Parameters) -> Response:
        named, decides = _by_name(parameters)
        media_type = named.graph_as
        if not media_type and not decides:
            media_type = _best(request, ("text/turtle", "text/html", *GRAPHS))
        if not media_type:
            raise HTTPException(
                406, f"The description of this service can be had as one of: {', '.join(GRAPHS)}."
            )
        if media_type == "text/html":
            return RedirectResponse(self._query_page, 303, {"vary": "Accept"})
        content = self._service.description(GRAPHS[media_type])
        headers = {"vary": "Accept", "content-type": content_type(media_type)}
        return Response(content, headers=headers)

    async def _answer(self, request: Request, query: str, parameters: _Parameters) -> Response:
        by_name, decides = _by_name(parameters)
        accepted = by_name if decides else _wanted(request)
        asked_as = Wanted(*(name or other for name, other in zip(by_name, accepted, strict=True)))
        if not any(asked_as):
            raise HTTPException(
                406, "None of the formats you accept can be had; results can be had as "
                "application/sparql-results+json, application/sparql-results+xml, text/csv and "
                "text/tab-separated-values, graphs as text/turtle, application/n-triples, "
                "application/ld+json and application/rdf+xml."
            )  # fmt: skip
        default, named = self._graphs(parameters)
        job = QueryRequest(query, *asked_as, default, named)
        answer = await answer_for(request.receive, self._queries, job)
        if answer is None:
            return Response(status_code=499)  # nobody is there to read it
        headers = {
            "content-type": content_type(answer.media_type),
            "content-length": str(answer.size),
            "cache-control": "no-cache",
            "vary": "Accept",
        }
        if answer.size > _PIECE:
            return StreamingResponse(_pieces(answer.body), headers=headers)
        with answer.body as body:
            return Response(body.read(), headers=headers)

    def _graphs(
        self, parameters: _Parameters
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """Return the data set that a request names, over what the query itself says.

        Source: https://www.w3.org/TR/sparql11-protocol/#dataset
        """
        default = [value for name, value in parameters if name == "default-graph-uri"]
        named = [value for name, value in parameters if name == "named-graph-uri"]
        if not default and not named:
            return None, None
        for value in (*default, *named):
            # A graph that is not there would be an empty one, and the answer a wrong one.
            if value not in self._service.graphs and (
                value in named or value not in self._service.default_names
            ):
                known = (*self._service.default_names, *self._service.graphs)
                raise HTTPException(
                    400,
                    f"There is no such graph: {value[:200]}. A default-graph-uri can be one of "
                    f"{', '.join(known)}; a named-graph-uri one of "
                    f"{', '.join(self._service.graphs)}.",
                )
        merged = ("" if value in self._service.default_names else value for value in default)
        return tuple(merged), tuple(named)


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    with body:
        while piece := body.read(_PIECE):
            yield piece


def _parameters(encoded: bytes) -> list[tuple[str, str]]:
    return parameters_of(encoded, _MOST_PARAMETERS)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise HTTPException(
            400, f"The query is not in UTF-8: {error.reason} at byte {error.start}."
        ) from error


def _only(parameters: _Parameters, name: str) -> str | None:
    values = [value for given, value in parameters if given == name]
    if len(values) > 1:
        raise HTTPException(400, f"The parameter `{name}` is given {len(values)} times.")
    return values[0] if values else None


def _by_name(parameters: _Parameters) -> tuple[Wanted, bool]:
    """Return what the parameters name, and whether only that will do.

    One `format` is a person's choice, to be had or not. Programs send every name that some store
    knows, and what none of ours is says nothing: then the Accept header counts.

    Raises:
        HTTPException: One `format` is all there is, and it is unknown.
    """
    named = [(name, value) for name, value in parameters if name in _NAMING]
    known = wanted_by_names(value for _, value in named)
    decides = len(named) == 1 and named[0][0] == "format"
    if decides and not any(known):
        raise HTTPException(
            400, f"format: expected one of {', '.join(SHORTCUTS)} or a media type of one."
        )
    return known, decides


def _accept(request: Request) -> str:
    accept = ", ".join(request.headers.getlist("accept"))
    if len(accept) > _LONGEST_ACCEPT:
        raise HTTPException(431, f"The Accept header has more than {_LONGEST_ACCEPT:,} bytes.")
    return accept


def _wanted(request: Request) -> Wanted:
    try:
        return wanted(_accept(request))
    except ValueError as error:
        raise HTTPException(400, "The Accept header is malformed.") from error


def _best(request: Request, offers: Sequence[str]) -> str:
    try:
        return best(_accept(request), offers)
    except ValueError as error:
        raise HTTPException(400, "The Accept header is malformed.") from error
