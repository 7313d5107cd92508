"""`/q`: the shipped questions as forms, each with its answer, and that answer as files.

A question runs where all queries run, in a worker process that is ended at its limit. Only what
its values mean, and what may have been meant, is looked up here: that follows a name at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pyoxigraph
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query import ROW_WRITERS, Answer, AnswerKind, read_rows, result_set
from pfocr_rdf.query.index import Search
from pfocr_rdf.query.questions import (
    Hint,
    QueryForm,
    Question,
    bind,
    check_values,
    find_question,
    hints,
    resolve,
)
from pfocr_rdf.web.pages import (
    Links,
    QuestionAnswer,
    Renderer,
    question_view,
    questions_view,
    short_values,
)
from pfocr_rdf.web.server.asking import answer_for
from pfocr_rdf.web.server.formats import content_type
from pfocr_rdf.web.server.frames import QueryRequest
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.query_pool import QueryPool
from pfocr_rdf.web.server.requests import check_address, parameters_of
from pfocr_rdf.web.server.responses import page_number

AskedValues = Mapping[str, list[str]]
_MOST_PARAMETERS: Final = 200
_JSON: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
_ROWS: Final = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": _JSON,
    "xml": "application/sparql-results+xml",
    "ttl": _TURTLE,
}
"""How rows can be had by suffix, and of which media type that is."""
_GRAPH: Final = {
    "ttl": _TURTLE,
    "json": "application/ld+json",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
"""Likewise of a graph."""
_MADE_OF_JSON: Final = ("csv", "ttl")  # of rows; Oxigraph's CSV has formulas as they are
_NO_WAIT: Final = "ask"
_NOT_A_VALUE: Final = ("page", _NO_WAIT)


class _Prepared(NamedTuple):
    """The values that are asked for, their SPARQL, and what was taken for what."""

    values: dict[str, str | list[str]]
    text: str
    notes: tuple[str, ...]


class QuestionPages:
    """The pages of the questions.

    Args:
        questions: Those that are shipped.
        queries: Answer them.
        store: Of the release, for what its names are.
        search: Its words.
        links: Where things are.
        renderer: For pages.
        federation: The endpoints that may be asked.
        max_request: Bytes of an address.
    """

    def __init__(
        self,
        questions: Mapping[str, Question],
        queries: QueryPool,
        store: pyoxigraph.Store,
        search: Search,
        links: Links,
        renderer: Renderer,
        federation: Sequence[str],
        max_request: int,
    ) -> None:
        self._questions = questions
        self._queries = queries
        self._store = store
        self._search = search
        self._links = links
        self._renderer = renderer
        self._federation = frozenset(federation)
        self._max_request = max_request

    def routes(self, queue: PageQueue, compressed: Sequence[Middleware]) -> list[Route]:
        """Return what answers at which address.

        Args:
            queue: For what asks the store or the index.
            compressed: Around what may be compressed on its way.
        """

        async def answer(request: Request) -> Response:
            return await self._answer(request, queue)

        return [
            Route("/q", self._list, middleware=compressed),
            Route("/q/{name}", answer, middleware=compressed),
        ]

    def _list(self, _request: Request) -> Response:
        view = questions_view(self._questions.values(), self._links)
        return HTMLResponse(self._renderer.questions(view))

    async def _answer(self, request: Request, queue: PageQueue) -> Response:
        name, _, suffix = request.path_params["name"].partition(".")
        try:
            question = find_question(self._questions, name)
        except UsageError as error:
            raise HTTPException(404, str(error)) from error
        check_address(request, self._max_request)
        sent = parameters_of(request.scope["query_string"], _MOST_PARAMETERS)
        given: dict[str, list[str]] = {}
        for key, value in sent:
            if key not in _NOT_A_VALUE:
                given.setdefault(key, []).append(value)
        if suffix:
            return await self._data(request, queue, question, given, suffix)
        short = short_values(question, given)
        if short != given:
            more = {key: value for key, value in sent if key in _NOT_A_VALUE}
            return RedirectResponse(self._links.question(name, {**short, **more}), 303)
        return await self._page(request, queue, question, given)

    async def _data(
        self,
        request: Request,
        queue: PageQueue,
        question: Question,
        given: AskedValues,
        suffix: str,
    ) -> Response:
        is_graph = question.form is QueryForm.CONSTRUCT
        offers = _GRAPH if is_graph else _ROWS
        media_type = offers.get(suffix)
        if media_type is None:
            raise HTTPException(
                404, f"The answer to {question.name} can be had as .{', .'.join(offers)}."
            )
        try:
            prepared = await queue.run(lambda: self._prepared(question, given))
        except UsageError as error:
            raise HTTPException(400, str(error)) from error
        asked_as = _JSON if not is_graph and suffix in _MADE_OF_JSON else media_type
        body = await self._asked(request, prepared.text, asked_as)
        if body is None:
            return Response(status_code=499)  # nobody is there to read it
        if asked_as != media_type:
            written = _as_csv if suffix == "csv" else result_set
            document = body
            body = await queue.run(lambda: written(read_rows(document)))
        headers = {
            "content-type": content_type(media_type),
            "content-disposition": f'attachment; filename="{question.name}.{suffix}"',
            "cache-control": "no-cache",
        }
        return Response(body, headers=headers)

    async def _page(
        self, request: Request, queue: PageQueue, question: Question, given: AskedValues
    ) -> Response:
        number = page_number(request)
        answer = QuestionAnswer(page=number)
        headers: Mapping[str, str] = {}
        status = 200
        try:
            prepared = await queue.run(lambda: self._prepared(question, given))
        except UsageError as error:
            status, answer = 400, answer._replace(fault=str(error))
        else:
            answer = answer._replace(sparql=prepared.text, notes=prepared.notes)
            waits = question.slow and not given and _NO_WAIT not in request.query_params
            refused = [each for each in question.federated if each not in self._federation]
            if waits:
                answer = answer._replace(waits=True)
            elif refused:
                answer = answer._replace(refused=tuple(refused))
            else:
                is_graph = question.form is QueryForm.CONSTRUCT
                try:
                    body = await self._asked(request, prepared.text, _TURTLE if is_graph else _JSON)
                except HTTPException as error:
                    status, headers = error.status_code, error.headers or {}
                    answer = answer._replace(fault=error.detail)
                else:
                    if body is None:
                        return Response(status_code=499)
                    kept, found = answer, body
                    page = await queue.run(
                        lambda: self._shown(question, given, prepared, kept, found)
                    )
                    return HTMLResponse(page)
        view = question_view(question, given, answer._replace(page=1), self._links)
        assert view is not None, "what was not answered has one page"
        return HTMLResponse(self._renderer.question(view), status, headers)

    def _shown(
        self,
        question: Question,
        given: AskedValues,
        prepared: _Prepared,
        answer: QuestionAnswer,
        body: bytes,
    ) -> str:
        if question.form is QueryForm.CONSTRUCT:
            answer = answer._replace(graph=body.decode())
        else:
            read = read_rows(body)
            if read.kind is AnswerKind.BOOLEAN:
                answer = answer._replace(truth=read.truth())
            else:
                answer = answer._replace(variables=read.variables, rows=list(read.rows()))
        if answer.is_empty:
            answer = answer._replace(hints=self._hints(question, prepared))
        view = question_view(question, given, answer, self._links)
        if view is None:
            raise HTTPException(404, f"This answer has no page {answer.page}.")
        return self._renderer.question(view)

    def _prepared(self, question: Question, given: AskedValues) -> _Prepared:
        check_values(question, given)
        values, notes = resolve(question, given, self._store, self._search)
        return _Prepared(values, bind(question, values), tuple(notes))

    def _hints(self, question: Question, prepared: _Prepared) -> tuple[Hint, ...]:
        return tuple(hints(question, prepared.values, self._store, self._search))

    async def _asked(self, request: Request, text: str, media_type: str) -> bytes | None:
        """Return an answer, None when nobody waits for it."""
        job = QueryRequest(text, media_type, media_type)
        answer = await answer_for(request.receive, self._queries, job)
        if answer is None:
            return None
        with answer.body as body:
            return body.read()


def _as_csv(answer: Answer) -> bytes:
    """Return rows, or a truth, as CSV in which nothing is computed."""
    if answer.kind is AnswerKind.BOOLEAN:
        return b"true\n" if answer.truth() else b"false\n"
    return b"".join(ROW_WRITERS["csv"](answer.variables, answer.rows()))
