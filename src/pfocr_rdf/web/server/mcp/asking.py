"""The tools questions, ask and sparql: queries run in processes that are killed at their limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyoxigraph

from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import (
    Parameter,
    Question,
    bind,
    check_values,
    hints,
    near_questions,
    parameters_schema,
    resolve,
    texts_given,
)
from pfocr_rdf.rdf import PAGED, Kind, Prefixes
from pfocr_rdf.web.server.frames import QueryRequest, Reason
from pfocr_rdf.web.server.mcp.answers import (
    AnswerRows,
    JsonObject,
    ToolError,
    fitted,
    fitted_part,
    read_rows,
)
from pfocr_rdf.web.server.mcp.told import CERTAIN, Addresses
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.query_pool import (
    BusyError,
    QueryCrashError,
    QueryPool,
    QueryRefusedError,
    QueryTimeoutError,
)

_JSON: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
_LONGEST_GRAPH: Final = 12_000
"""Characters of Turtle; escaped, they may take twice as many bytes."""
_MOST_NOTES: Final = 10
_TERM: Final = re.compile(r"<([^<>\"{}|^`\\\s]+)>|\b([a-z][a-z0-9-]*):([A-Za-z_][\w-]*)")
_TEXT: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|(?m:(?<![<\w])#[^\n]*$)")
_REPAIRS: Final = {
    Reason.MALFORMED: "Mend what stands at that line and column; only SELECT, ASK, CONSTRUCT and "
    "DESCRIBE are answered, nothing is changed. Prefixes of the release need no declaration; the "
    "resource pfocr://model lists classes and properties.",
    Reason.SERVICE: "Leave out SERVICE and ask the other database by itself, or use a question "
    "that needs none.",
    Reason.TOO_LARGE: "Count, group, or add LIMIT and OFFSET with ORDER BY.",
    Reason.FAILED: "Make the query simpler: fewer nested parts, no property paths without a start.",
    Reason.NOT_ACCEPTABLE: "Ask for a SELECT.",
}
AGAIN: Final = "Ask again in some seconds, or ask for less."
"""What to do when too many ask."""
_ALL_READINGS: Final = (
    "all readings count, also doubtful ones; certain=yes asks for those without doubt"
)
_ONLY_CERTAIN: Final = (
    "a word is read as this alone, matched by symbol or synonym, of an organism of the figure"
)


class Asker:
    """Asks a release.

    Args:
        library: The shipped questions by name.
        index: Of the release.
        search: Of it.
        store: Of it, open for reading: for names.
        prefixes: Of it.
        queries: Where queries run.
        queue: For what follows index and store.
        addresses: Of pages.
        federation: Endpoints that a query may call.
    """

    def __init__(
        self,
        library: Mapping[str, Question],
        index: Index,
        search: Search,
        store: pyoxigraph.Store,
        prefixes: Prefixes,
        queries: QueryPool,
        queue: PageQueue,
        addresses: Addresses,
        federation: Sequence[str],
    ) -> None:
        self._library = library
        self._index = index
        self._search = search
        self._store = store
        self._prefixes = prefixes
        self._queries = queries
        self._queue = queue
        self._addresses = addresses
        self._federation = federation

    def questions(self, given: Mapping[str, Any]) -> JsonObject:
        """Return all questions in short, or those that a text means with their schemas."""
        about = given.get("about", "").strip()
        if about:
            names = [about] if about in self._library else near_questions(self._library, about)
            return fitted({"questions": [_question(self._library[name]) for name in names]})
        listed = [
            {
                "name": each.name,
                "title": each.title,
                "parameters": [parameter.name for parameter in each.parameters],
            }
            for each in self._library.values()
        ]
        return fitted({"questions": listed, "next": "Call questions with a name for its schema."})

    async def ask(self, given: Mapping[str, Any]) -> JsonObject:
        """Return the answer to a question.

        Raises:
            ToolError: It has none.
            UsageError: A value is not one of its parameter.
        """
        name = given["question"]
        question = self._library.get(name)
        if question is None:
            near = near_questions(self._library, name)
            raise ToolError(
                "unknown-question",
                f"There is no question {name[:100]!r}.",
                f"Did you mean {' or '.join(near)}?" if near else "Call questions for all.",
            )
        if missing := [each for each in question.federated if each not in self._federation]:
            raise ToolError(
                "service",
                f"{name} also asks {', '.join(missing)}, which this server does not.",
                "Ask another question; who runs the server can allow it with --federation.",
            )
        values = texts_given(given.get("parameters", {}))
        check_values(question, values)
        resolved = await self._queue.run(
            lambda: resolve(question, values, self._store, self._search)
        )
        bound = bind(question, resolved.values)
        asked = {each.name: _told_value(each, resolved.values) for each in question.parameters}
        answer = await self._rows(bound)
        certainty, answer = await self._with_certainty(question, resolved.values, answer)
        notes = list(resolved.notes)
        if isinstance(answer, AnswerRows) and not answer.rows:
            notes += await self._queue.run(
                lambda: [
                    str(each)
                    for each in hints(question, resolved.values, self._store, self._search)
                ]
            )
        told: JsonObject = {"question": name, "asked": asked}
        return self._told(told | certainty | _noted(notes), answer, given)

    async def _with_certainty(
        self,
        question: Question,
        values: Mapping[str, str | list[str]],
        answer: AnswerRows | bool | str,
    ) -> tuple[JsonObject, AnswerRows | bool | str]:
        """Return what counts in an answer, and the answer with the certainty of each figure.

        A list of figures is asked for once more, of certain readings alone; of other rows the
        numbers would be others, and most take longer.
        """
        if not any(each.name == "certain" for each in question.parameters):
            return {}, answer
        if _is_certain(values.get("certain", "no")):
            return {"certainty": _ONLY_CERTAIN}, answer
        sure = bind(question, {**values, "certain": "yes"})
        if isinstance(answer, bool):
            return {"certainty": _ALL_READINGS, "answer_if_certain": await self._rows(sure)}, answer
        is_list = isinstance(answer, AnswerRows) and "figure" in answer.columns
        if not is_list or "LIMIT" in question.text:
            return {"certainty": _ALL_READINGS}, answer
        assert isinstance(answer, AnswerRows)
        found = await self._rows(sure)
        certain = set(found.column("figure")) if isinstance(found, AnswerRows) else set()
        words = (CERTAIN if each in certain else "doubtful" for each in answer.column("figure"))
        return {"certainty": _ALL_READINGS}, answer.beside("certainty", words)

    async def sparql(self, given: Mapping[str, Any]) -> JsonObject:
        """Return the answer to a query.

        Raises:
            ToolError: It has none.
        """
        query = given["query"]
        answer = await self._rows(query)
        notes: list[str] = []
        if answer is False or (isinstance(answer, AnswerRows) and not answer.rows):
            notes = await self._queue.run(lambda: list(self._unknown_terms(query)))
        return self._told(_noted(notes), answer, given)

    async def _rows(self, query: str) -> AnswerRows | bool | str:
        """Return rows, the answer of ASK, or a graph as Turtle.

        Raises:
            ToolError: The query has no answer.
        """
        try:
            answer = await self._queries.run(QueryRequest(query, _JSON, _TURTLE))
        except QueryRefusedError as error:
            code = error.reason.name.lower().replace("_", "-")
            raise ToolError(code, str(error), _REPAIRS[error.reason]) from error
        except QueryTimeoutError as error:
            raise ToolError(
                "timeout",
                f"The query was ended after {self._queries.seconds:g} seconds.",
                "Start from one IRI or identifier, count less, or use a question of ask.",
            ) from error
        except QueryCrashError as error:
            raise ToolError("crash", str(error), "Ask for less, or nest it less deeply.") from error
        except BusyError as error:
            raise ToolError("busy", str(error), AGAIN) from error
        with answer.body as body:
            content = body.read()
        if answer.media_type == _TURTLE:
            return content.decode()
        return await self._queue.run(lambda: read_rows(content))

    def _told(
        self, told: JsonObject, answer: AnswerRows | bool | str, given: Mapping[str, Any]
    ) -> JsonObject:
        """Return an answer with the part of its rows that was asked for."""
        if isinstance(answer, bool):
            return fitted(told | {"answer": answer})
        if isinstance(answer, str):
            lines = answer.splitlines()
            kept, size = [], 0
            for line in lines:
                size += len(line) + 1
                if size > _LONGEST_GRAPH:
                    break
                kept.append(line)
            told |= {"format": _TURTLE, "lines_total": len(lines), "graph": kept}
            return fitted(told, ("graph",))
        offset, limit = given["offset"], given["limit"]
        rows = answer.rows[offset : offset + limit]
        pages = [self._paged(column) for column in zip(*rows, strict=True)] if rows else []
        columns, shown = list(answer.columns), [list(row) for row in rows]
        for name, column in zip(answer.columns, pages, strict=False):
            if column:
                columns.append(f"{name}_page")
                for row, page in zip(shown, column, strict=True):
                    row.append(page)
        told |= {"columns": columns, "rows_total": len(answer.rows), "rows": shown}
        return fitted_part(told, "rows", offset, len(answer.rows))

    def _paged(self, column: Sequence[object]) -> list[str | None]:
        """Return the pages of the IRIs of a column; none where these are pages, or have none."""
        pages = [self._page(value) if isinstance(value, str) else None for value in column]
        return pages if any(pages) else []

    def _page(self, value: str) -> str | None:
        if not value.startswith(("http://", "https://")):
            return None
        is_figure = self._index.figure_number(value) is not None
        kind = Kind.FIGURE if is_figure else self._index.name(value).kind
        page = self._addresses.page(kind, value) if kind in PAGED else None
        return None if page == value else page

    def _unknown_terms(self, query: str) -> Iterator[str]:
        """Yield a line for each IRI of a query that nothing in the release has."""
        known = self._prefixes.namespaces
        declared = dict(re.findall(r"(?i)\bPREFIX\s+([\w-]*):\s*<([^>]*)>", query))
        body = re.sub(r"(?i)\bPREFIX\s+[\w-]*:\s*<[^>]*>", " ", _TEXT.sub(" ", query))
        seen: set[str] = set()
        for whole, prefix, local in _TERM.findall(body):
            namespace = declared.get(prefix, known.get(prefix, ""))
            iri = whole or (namespace + local if namespace else "")
            if iri and iri not in seen and len(seen) < _MOST_NOTES:
                seen.add(iri)
                if not self._is_used(iri):
                    http = iri.replace("https://schema.org/", "http://schema.org/")
                    hint = f" (its namespace is http: {http})" if http != iri else ""
                    yield f"nothing in this release has <{iri}>{hint}"

    def _is_used(self, iri: str) -> bool:
        try:
            term = pyoxigraph.NamedNode(iri)
        except ValueError:
            return False
        patterns = ((term, None, None), (None, term, None), (None, None, term))
        return any(
            next(iter(self._store.quads_for_pattern(*pattern)), None) is not None
            for pattern in patterns
        )


def _question(question: Question) -> JsonObject:
    """Return a question with the schema of its parameters."""
    return {
        "name": question.name,
        "title": question.title,
        "description": question.description,
        "answers_with": question.form.value,
        "parameters": parameters_schema(question),
        **({"asks_also": list(question.federated)} if question.federated else {}),
        **({"slow": question.slow} if question.slow else {}),
    }


def _is_certain(value: str | Sequence[str]) -> bool:
    texts = [value] if isinstance(value, str) else value
    return [text.strip().lower() for text in texts] == ["yes"]


def _told_value(parameter: Parameter, values: Mapping[str, str | list[str]]) -> object:
    given = values.get(parameter.name, parameter.default)
    is_one = isinstance(given, list) and not parameter.several
    return given[0] if is_one and given else given


def _noted(notes: Sequence[str]) -> JsonObject:
    return {"notes": list(notes[:_MOST_NOTES])} if notes else {}
