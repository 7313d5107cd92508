"""Lists of all figures, genes and other entities, and what pages list, as pages and as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.index import Index, beside, shown_within
from pfocr_rdf.rdf import IRI, PAGED, Kind, Prefixes, Tier
from pfocr_rdf.web.pages import (
    COLUMNS,
    GENE_FORMATS,
    MEDIA_TYPES,
    NETWORK_FORMATS,
    TABLE_FORMATS,
    FoundList,
    Links,
    ListFormat,
    Renderer,
    TableFile,
    beside_table,
    figures_table,
    find_list,
    list_cells,
    list_request,
    list_rows,
    list_title,
    list_view,
    network,
    network_file,
    table_file,
    usual_tier,
)
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.requests import parameters_of
from pfocr_rdf.web.server.resources import Resources
from pfocr_rdf.web.server.responses import page_number, wanted_tier

_MOST_PARAMETERS: Final = 50
_NETWORK: Final = "network"
_FIGURES: Final = "figures"
_LISTED: Final = {kind.plural: kind for kind in (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE)}


class Lists:
    """What is listed.

    Args:
        index: Of the release.
        resources: What there is.
        prefixes: Of the release.
        links: Where things are.
        renderer: For pages.
    """

    def __init__(
        self,
        index: Index,
        resources: Resources,
        prefixes: Prefixes,
        links: Links,
        renderer: Renderer,
    ) -> None:
        self._index = index
        self._resources = resources
        self._prefixes = prefixes
        self._links = links
        self._renderer = renderer

    def routes(self, queue: PageQueue, compressed: Sequence[Middleware]) -> Iterator[Route]:
        """Yield what answers at which address; all may block, and run in threads.

        Args:
            queue: For what asks much of the index.
            compressed: Around what may be compressed on its way.
        """
        for kind in PAGED:
            answers = {
                f"/{kind.plural}": self._page(kind),
                f"/{kind.plural}.{{suffix}}": self._file(kind),
            }
            if kind is not Kind.FIGURE:
                answers[f"/{kind.plural}/{{key}}/{{what}}.{{suffix}}"] = self._part(kind)
            for path, answer in answers.items():
                yield Route(path, queue.for_each(answer), middleware=compressed)

    def _page(self, kind: Kind) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            number = page_number(request)
            view = list_view(self._index, self._found(kind, request), number)
            if view is None:
                raise HTTPException(404, f"This list has no page {number}.")
            return HTMLResponse(self._renderer.listed(view))

        return answer

    def _file(self, kind: Kind) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            format_ = _format(request, GENE_FORMATS if kind is Kind.GENE else TABLE_FORMATS)
            found = self._found(kind, request)
            rows = list_cells(kind, list_rows(self._index, found, found.numbers))
            table = TableFile(list_title(kind), COLUMNS[kind], rows)
            return _sent(table_file(table, format_), kind.plural, format_)

        return answer

    def _part(self, kind: Kind) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            key, what = request.path_params["key"], request.path_params["what"]
            iri = self._resources.find(kind, key)
            number = None if iri is None else self._index.entity_number(iri, kind)
            if iri is None or number is None:
                raise HTTPException(404, f"This release has no list of {kind.value} {key[:200]!r}.")
            tier = wanted_tier(request) or usual_tier(self._index, kind, number)
            name, entity = f"{key}-{what}", self._index.ref(number, kind)
            if what == _NETWORK and kind is Kind.GENE:
                format_ = _format(request, NETWORK_FORMATS)
                return _sent(self._network(iri, number, tier, format_), name, format_)
            if what in _LISTED and kind in _LISTED.values():
                of = _LISTED[what]
                format_ = _format(request, GENE_FORMATS if of is Kind.GENE else TABLE_FORMATS)
                found = beside(self._index, kind, number, tier, {of: None})[of]
                table = beside_table(self._prefixes, entity, of, found)
                return _sent(table_file(table, format_), name, format_)
            if what == _FIGURES:
                format_ = _format(request, TABLE_FORMATS)
                shown = shown_within(self._index, kind, number, tier)
                table = figures_table(self._index, entity, shown)
                return _sent(table_file(table, format_), name, format_)
            raise HTTPException(
                404, f"The page of {kind.value} {key[:200]!r} lists no {what[:100]!r}."
            )

        return answer

    def _network(self, iri: IRI, number: int, tier: Tier, format_: ListFormat) -> Iterator[bytes]:
        found = network(self._index, self._links, iri, tier)
        assert found is not None, "it has a number"
        title = f"Genes beside {self._index.ref(number, Kind.GENE).label} in pathway figures"
        return network_file(self._prefixes, found, title, format_)

    def _found(self, kind: Kind, request: Request) -> FoundList:
        asked = dict(parameters_of(request.scope["query_string"], _MOST_PARAMETERS))
        asked.pop("page", None)
        try:
            return find_list(self._index, kind, list_request(kind, asked))
        except UsageError as error:
            raise HTTPException(400, f"{error}.") from error


def _format(request: Request, known: Sequence[ListFormat]) -> ListFormat:
    suffix = request.path_params["suffix"]
    if suffix not in tuple(map(str, known)):
        raise HTTPException(
            404, f"This list can be had as {', '.join(known)}, not {suffix[:50]!r}."
        )
    return ListFormat(suffix)


def _sent(pieces: Iterator[bytes], name: str, format_: ListFormat) -> Response:
    headers = {
        "content-type": MEDIA_TYPES[format_],
        "content-disposition": f'attachment; filename="pfocr-{name}.{format_}"',
    }
    return Response(b"".join(pieces), headers=headers)
