"""Runs a query and writes its answer, in every format that a command or a server offers.

Oxigraph writes whole answers itself where it can. With a limit, rows are written one by one, as
it has no way to stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import BinaryIO, Final, Generic, NamedTuple, TypeVar, cast

import pyoxigraph

from pfocr_rdf.errors import QueryError
from pfocr_rdf.query.rows import ROW_WRITERS, Row, plain_rows, write_pieces
from pfocr_rdf.query.service_guard import service_endpoints
from pfocr_rdf.rdf import NAMESPACES, Iris, Prefixes
from pfocr_rdf.text import one_line

_T = TypeVar("_T")
_Value = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
_SHOWN: Final = 30  # characters
_SYNTAX: Final = re.compile(r"error at ([0-9]+):([0-9]+)")
_DECLARED: Final = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)
_USED: Final = re.compile(r"(?<![\w?$@:/-])([A-Za-z][\w-]*):")
_TEXTS: Final = re.compile(r"<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|#[^\n]*")
_UPDATE: Final = re.compile(
    r"\s*(?:(?:PREFIX\s+[^\s:]*:|BASE)\s*)*"
    r"(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b",
    re.IGNORECASE,
)


class AnswerKind(StrEnum):
    """What a query asks for."""

    ROWS = "SELECT"
    BOOLEAN = "ASK"
    GRAPH = "CONSTRUCT"


class AnswerFormat(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"

    @property
    def media_type(self) -> str:
        """Its media type, without parameters."""
        return _MEDIA_TYPES[self]

    def fits(self, kind: AnswerKind) -> bool:
        """Say whether answers of a kind can be written so."""
        return (self in _GRAPH_FORMATS) == (kind is AnswerKind.GRAPH)


_RESULT_FORMATS: Final = {
    AnswerFormat.CSV: pyoxigraph.QueryResultsFormat.CSV,
    AnswerFormat.TSV: pyoxigraph.QueryResultsFormat.TSV,
    AnswerFormat.JSON: pyoxigraph.QueryResultsFormat.JSON,
    AnswerFormat.XML: pyoxigraph.QueryResultsFormat.XML,
}
_GRAPH_FORMATS: Final = {
    AnswerFormat.TURTLE: pyoxigraph.RdfFormat.TURTLE,
    AnswerFormat.NTRIPLES: pyoxigraph.RdfFormat.N_TRIPLES,
    AnswerFormat.JSONLD: pyoxigraph.RdfFormat.JSON_LD,
    AnswerFormat.RDFXML: pyoxigraph.RdfFormat.RDF_XML,
}
_MEDIA_TYPES: Final = {
    AnswerFormat.TABLE: "text/plain",
    **{name: format_.media_type for name, format_ in _RESULT_FORMATS.items()},
    **{name: format_.media_type for name, format_ in _GRAPH_FORMATS.items()},
}


class Answer(NamedTuple):
    """The answer to a query, of which nothing has been read yet; it can be read once.

    Attributes:
        kind: What was asked for.
        variables: Of the rows, without `?`, in order; empty for the other kinds.
        result: As Oxigraph gives it.
        query: What was asked.
    """

    kind: AnswerKind
    variables: tuple[str, ...]
    result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples
    query: str = ""

    @property
    def default_format(self) -> AnswerFormat:
        """How people like to see it."""
        return AnswerFormat.TURTLE if self.kind is AnswerKind.GRAPH else AnswerFormat.TABLE

    def truth(self) -> bool:
        """Return the answer to ASK."""
        assert isinstance(self.result, pyoxigraph.QueryBoolean)
        return bool(self.result)

    def rows(self) -> Iterator[Row]:
        """Yield the rows of SELECT.

        Raises:
            QueryError: It cannot be answered to its end.
        """
        assert isinstance(self.result, pyoxigraph.QuerySolutions)
        with _explained(self.query):
            for solution in self.result:
                yield tuple(solution)

    def triples(self) -> Iterator[pyoxigraph.Triple]:
        """Yield the triples of CONSTRUCT or DESCRIBE.

        Raises:
            QueryError: It cannot be answered to its end.
        """
        assert isinstance(self.result, pyoxigraph.QueryTriples)
        with _explained(self.query):
            yield from self.result


def run_query(
    store: pyoxigraph.Store,
    query: str,
    *,
    substitutions: Mapping[str, _Value] | None = None,
    prefixes: Mapping[str, str] | None = None,
) -> Answer:
    """Begin to answer a query.

    Args:
        store: Where; its default graph is the default graph of the query.
        query: SPARQL 1.1, one of SELECT, ASK, CONSTRUCT and DESCRIBE.
        substitutions: Values that variables have from the start, by name without `?`; of
            SELECT only variables that it returns.
        prefixes: Those that the query need not declare.

    Raises:
        QueryError: It is no such query, or cannot be answered. The message says where.
    """
    values: dict[pyoxigraph.Variable, _Value] = {
        pyoxigraph.Variable(name): value for name, value in (substitutions or {}).items()
    }
    with _explained(query, known=prefixes or {}):
        result = store.query(
            query, substitutions=values or None, prefixes=dict(prefixes) if prefixes else None
        )
    match result:
        case pyoxigraph.QuerySolutions():
            names = tuple(variable.value for variable in result.variables)
            return Answer(AnswerKind.ROWS, names, result, query)
        case pyoxigraph.QueryBoolean():
            return Answer(AnswerKind.BOOLEAN, (), result, query)
        case _:
            return Answer(AnswerKind.GRAPH, (), result, query)


def read_rows(document: bytes) -> Answer:
    """Return the rows, or the truth, that a document in the JSON of SPARQL results holds.

    Raises:
        QueryError: It is no such document.
    """
    with _explained(""):
        result = pyoxigraph.parse_query_results(document, pyoxigraph.QueryResultsFormat.JSON)
    if isinstance(result, pyoxigraph.QueryBoolean):
        return Answer(AnswerKind.BOOLEAN, (), result)
    names = tuple(variable.value for variable in result.variables)
    return Answer(AnswerKind.ROWS, names, result)


def write_answer(
    answer: Answer,
    format: AnswerFormat,
    out: BinaryIO,
    *,
    limit: int | None = None,
    prefixes: Prefixes | None = None,
) -> bool:
    """Write an answer, and say whether it is all of it.

    Args:
        answer: From `run_query`; it is used up.
        format: One that fits the kind of answer.
        out: Where to.
        limit: Most rows or triples to write; None for all.
        prefixes: For CURIEs in tables and for prefixes of graphs; None for those of an export
            in its default style.

    Returns:
        False when there was more than `limit`.

    Raises:
        QueryError: The format does not fit, or the query cannot be answered to its end; part
            of the answer may have been written then.
    """
    if not format.fits(answer.kind):
        fitting = ", ".join(each for each in AnswerFormat if each.fits(answer.kind))
        raise QueryError(f"format: expected one of {fitting} for {answer.kind}, found {format}")
    prefixes = prefixes or Prefixes(Iris())
    if answer.kind is AnswerKind.BOOLEAN:
        _write_boolean(answer, format, out)
        return True
    if answer.kind is AnswerKind.GRAPH:
        triples = _Limited(answer.triples(), limit)
        if format is AnswerFormat.TURTLE:
            _write_turtle(triples, out, prefixes)
        else:
            pyoxigraph.serialize(triples, out, _GRAPH_FORMATS[format])
        return triples.complete
    # Of XML Oxigraph's writer loses carriage returns; its CSV has formulas as they are.
    if limit is None and format in (AnswerFormat.JSON, AnswerFormat.TSV):
        assert isinstance(answer.result, pyoxigraph.QuerySolutions)
        target = _FaultKeeper(out)
        with _explained(answer.query, target):
            answer.result.serialize(cast("BinaryIO", target), _RESULT_FORMATS[format])
        return True
    rows = _Limited(answer.rows(), limit)
    if format is AnswerFormat.TABLE:
        write_pieces(plain_rows(answer.variables, rows, prefixes), out)
    else:
        write_pieces(ROW_WRITERS[format](answer.variables, rows), out)
    return rows.complete


def _write_turtle(triples: Iterable[pyoxigraph.Triple], out: BinaryIO, prefixes: Prefixes) -> None:
    """Write Turtle with the prefixes in their order; Oxigraph has them in any."""
    out.writelines(
        f"@prefix {name}: <{namespace}> .\n".encode()
        for name, namespace in prefixes.namespaces.items()
    )
    body = cast("BinaryIO", _Body(out, len(prefixes.namespaces)))
    known = dict(prefixes.namespaces)
    pyoxigraph.serialize(triples, body, pyoxigraph.RdfFormat.TURTLE, prefixes=known)


def _write_boolean(answer: Answer, format_: AnswerFormat, out: BinaryIO) -> None:
    assert isinstance(answer.result, pyoxigraph.QueryBoolean)
    if format_ in (AnswerFormat.JSON, AnswerFormat.XML):
        answer.result.serialize(out, _RESULT_FORMATS[format_])
    else:
        out.write(b"true\n" if answer.truth() else b"false\n")


class _Limited(Generic[_T]):
    """The first of some items; `complete` says, at the end, whether they were all."""

    def __init__(self, items: Iterator[_T], limit: int | None) -> None:
        self._items = items
        self._limit = limit
        self.complete = True

    def __iter__(self) -> Iterator[_T]:
        yield from islice(self._items, self._limit)
        if self._limit is not None:
            self.complete = next(self._items, None) is None


class _Body:
    """Leaves the first lines away of what is written to it."""

    def __init__(self, out: BinaryIO, lines: int) -> None:
        self._out = out
        self._lines = lines

    def write(self, piece: bytes) -> int:
        """Write a piece."""
        size = len(piece)
        while self._lines and piece:
            _, end, piece = piece.partition(b"\n")
            self._lines -= len(end)
        self._out.write(piece)
        return size

    def flush(self) -> None:
        """Leave that to whoever opened the file."""


class _FaultKeeper:
    """Where Oxigraph writes to; `fault` keeps what went wrong there apart from its own."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.fault: OSError | None = None

    def write(self, piece: bytes) -> int:
        """Write a piece."""
        try:
            return self._out.write(piece)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        """Leave that to whoever opened the file."""


@contextmanager
def _explained(
    query: str, out: _FaultKeeper | None = None, known: Mapping[str, str] = MappingProxyType({})
) -> Iterator[None]:
    """Turn what Oxigraph raises into one line for the one who asked."""
    try:
        yield
    except SyntaxError as error:
        raise QueryError(syntax_fault(query, str(error), known)) from error
    except (OSError, RuntimeError, ValueError) as error:
        if out is not None and out.fault is not None:
            raise out.fault from None
        raise QueryError(_fault(query, error)) from error


def _fault(query: str, error: Exception) -> str:
    said = one_line(str(error))
    asked = service_endpoints(query)
    if asked and isinstance(error, OSError):
        # The store is on disk and whole, so it is the other side of a SERVICE.
        names = ", ".join(
            "a variable's or prefixed one" if each is None else f"<{each}>" for each in asked
        )
        return f"query: SERVICE: expected an answer of the endpoint {names}, found: {said}"
    advice = " (the store is damaged: have it built again)" if "orruption" in said else ""
    return f"query: cannot be answered: {said}{advice}"


def syntax_fault(query: str, said: str, known: Mapping[str, str]) -> str:
    """Return what is wrong with the text of a query, in one line.

    Args:
        query: Which Oxigraph does not take.
        said: By Oxigraph.
        known: Prefixes that it need not declare.
    """
    where = _SYNTAX.match(said)
    if where is None:
        return f"query: expected SPARQL, found: {one_line(said)}"
    line, column = int(where[1]), int(where[2])
    lines = query.splitlines() or [""]
    behind = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    found = (
        repr(behind[:_SHOWN])
        if behind
        else "the end"
        if line >= len(lines)
        else "the end of the line"
    )
    return f"query: line {line}, column {column}: expected SPARQL, found {found}{_hint(query, said, known)}"


def _hint(query: str, said: str, known: Mapping[str, str]) -> str:
    """Return what is probably wrong, in parentheses."""
    text = _TEXTS.sub(" ", query)
    if _UPDATE.match(text):
        return " (the store is read-only: ask with SELECT, ASK, CONSTRUCT or DESCRIBE)"
    declared = {*_DECLARED.findall(text), *known}
    for prefix in _USED.findall(text):
        if prefix not in declared:
            namespace = NAMESPACES.get(prefix, "...")
            return f" (declare the prefix: PREFIX {prefix}: <{namespace}>)"
    if text.count("{") != text.count("}"):
        return f" (it has {text.count('{')} of {{ but {text.count('}')} of }})"
    if "unbound" in said:
        return " (a variable of SELECT is neither in GROUP BY nor given by the pattern)"
    if "IRI parsing" in said:
        return " (an IRI is not well formed: no spaces, and with a scheme such as https:)"
    return ""
