"""The formats of answers, and which of them a reader asks for.

Source: https://www.w3.org/TR/sparql11-protocol/#query-success,
https://www.rfc-editor.org/rfc/rfc9110#name-accept
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import mimeparse  # type: ignore[import-untyped]
import pyoxigraph

_Rows = pyoxigraph.QueryResultsFormat
_Graph = pyoxigraph.RdfFormat

ROWS: Final = {
    "application/sparql-results+json": _Rows.JSON,
    "application/sparql-results+xml": _Rows.XML,
    "text/csv": _Rows.CSV,
    "text/tab-separated-values": _Rows.TSV,
    "application/json": _Rows.JSON,
    "application/xml": _Rows.XML,
    "text/xml": _Rows.XML,
}
"""Media types for SELECT and ASK, in order of preference."""

GRAPHS: Final = {
    "text/turtle": _Graph.TURTLE,
    "application/n-triples": _Graph.N_TRIPLES,
    "application/ld+json": _Graph.JSON_LD,
    "application/rdf+xml": _Graph.RDF_XML,
    "application/trig": _Graph.TRIG,
    "application/n-quads": _Graph.N_QUADS,
    "text/n3": _Graph.N3,
    "application/json": _Graph.JSON_LD,
    "application/xml": _Graph.RDF_XML,
    "text/xml": _Graph.RDF_XML,
}
"""Media types for CONSTRUCT, DESCRIBE and descriptions, in order of preference."""

_ROWS_AS: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
_GRAPH_AS: Final = {
    "turtle": "text/turtle",
    "ttl": "text/turtle",
    "ntriples": "application/n-triples",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "json": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "rdf+xml": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "nq": "application/n-quads",
    "n3": "text/n3",
}
SHORTCUTS: Final = tuple(dict.fromkeys((*_ROWS_AS, *_GRAPH_AS)))


class Wanted(NamedTuple):
    """The media types a reader takes for rows and for a graph; "" where it takes none of ours."""

    rows_as: str
    graph_as: str


def best(accept: str, offers: Sequence[str]) -> str:
    """Return the offer a reader likes best, the first of equals, or "" when it takes none.

    Args:
        accept: The Accept header, or "" without one.
        offers: Media types, ours by preference.

    Raises:
        ValueError: The header is malformed.

    Example:
        >>> best("text/*;q=0.5, application/json", ["text/csv", "application/json"])
        'application/json'
        >>> best("text/html", ["text/csv"])
        ''
    """
    if not accept.strip(" \t,"):
        return offers[0]
    # Types are equal whatever their case; the library wants its favourite last.
    return str(mimeparse.best_match(list(reversed(offers)), accept.lower()))


def wanted(accept: str) -> Wanted:
    """Return what an Accept header asks for; see `best`."""
    return Wanted(best(accept, tuple(ROWS)), best(accept, tuple(GRAPHS)))


def wanted_by_names(names: Iterable[str]) -> Wanted:
    """Return what short names or media types ask for: of each kind the first that is known.

    Example:
        >>> wanted_by_names(["csv"])
        Wanted(rows_as='text/csv', graph_as='')
        >>> wanted_by_names(["tab", "tsv", "json"])
        Wanted(rows_as='text/tab-separated-values', graph_as='application/ld+json')
    """
    plain = [name.strip().lower() for name in names]
    rows = (name if name in ROWS else _ROWS_AS.get(name, "") for name in plain)
    graphs = (name if name in GRAPHS else _GRAPH_AS.get(name, "") for name in plain)
    return Wanted(next(filter(None, rows), ""), next(filter(None, graphs), ""))


def faithful(piece: bytes, format_: pyoxigraph.QueryResultsFormat | pyoxigraph.RdfFormat) -> bytes:
    """Return a piece of a document as a reader will read what was meant.

    Oxigraph writes carriage returns bare into XML, where readers make line feeds of them. It
    writes none but those in values.
    """
    is_xml = format_ in (_Rows.XML, _Graph.RDF_XML)
    return piece.replace(b"\r", b"&#13;") if is_xml else piece


def content_type(media_type: str) -> str:
    """Return a media type as the Content-Type of bytes in UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
