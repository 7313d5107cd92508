"""What a load asks of a store: slices put and added, graphs removed, counts, nodes, updates.

Adding triples twice does no harm, so uploads and questions are repeated on broken connections,
429 and 5xx. An update that moves a graph is never repeated here: by then there may be nothing
left to move.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from typing import Final, Self

import requests

from pfocr_rdf.errors import LoadError
from pfocr_rdf.load.address import shown_address
from pfocr_rdf.load.answers import AnswerLostError, check_answer, said_in
from pfocr_rdf.load.graphs import in_graph, parameters_of, shown_graph
from pfocr_rdf.load.slices import Slice
from pfocr_rdf.load.stores import Dialect, Endpoints
from pfocr_rdf.load.transport import Credentials, Transport
from pfocr_rdf.rdf import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Term
from pfocr_rdf.text import one_line

_COUNT: Final = re.compile("[0-9]{1,18}")
_SHOWN: Final = 60
_RESULTS: Final = "application/sparql-results+json"
_CUT_SHORT: Final = ("X-SPARQL-Anytime", "X-SQL-State")
"""Headers by which Virtuoso says that it stopped before it had counted all."""


class StoreClient:
    """A store, as much as a load needs of it. A context manager.

    Args:
        places: Its addresses.
        dialect: What it takes.
        who: None for anybody.
        retries: Tries after the first.
        timeout: Seconds that the store may be silent.
        pause: Seconds before the second retry; each later pause is twice as long, and random
            by one second.
        compress: Whether bodies are compressed where the store takes it.
        say: Told of every retry, in one line.
    """

    def __init__(
        self,
        places: Endpoints,
        dialect: Dialect,
        who: Credentials | None = None,
        *,
        retries: int = 8,
        timeout: float = 600.0,
        pause: float = 1.0,
        compress: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.places = places
        self.dialect = dialect
        self.timeout = timeout
        """Seconds that a swap whose answer was lost may take: as long as one that is answered."""
        self._compress = compress and dialect.gzip
        self._http = Transport(who, retries=retries, timeout=timeout, pause=pause, say=say)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def shown(self) -> str:
        """The address of its graphs, as it may be printed."""
        return shown_address(self.places.graphs)

    def put(self, graph: IRI, piece: Slice) -> None:
        """Make a slice all that a graph has."""
        self._send("PUT", graph, piece, ())

    def post(self, graph: IRI, piece: Slice) -> None:
        """Add a slice to a graph."""
        self._send("POST", graph, piece, self.dialect.switches)

    def delete(self, graph: IRI) -> None:
        """Remove a graph, if it is there."""
        response = self._http.ask("DELETE", self.places.graphs, params=parameters_of(graph))
        if response.status_code != requests.codes.not_found:
            check_answer(response, f"DELETE of {shown_graph(graph)}")

    def count(self, pattern: str) -> int:
        """Return how many solutions a graph pattern has.

        The store is asked to count, because results may be cut (ResultSetMaxRows).
        """
        rows = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "n")
        said = rows[0]["n"]["value"] if len(rows) == 1 else f"{len(rows):,} rows"
        if _COUNT.fullmatch(said) is None:
            url = shown_address(self.places.query)
            raise LoadError(
                f"{url}: expected a number, found {one_line(said[:_SHOWN])!r} "
                "(see whether it is a SPARQL endpoint)"
            )
        return int(said)

    def names(self, pattern: str, variable: str) -> list[str]:
        """Return the distinct values of a variable of a graph pattern."""
        query = f"SELECT DISTINCT ?{variable} WHERE {{ {pattern} }}"
        return sorted(row[variable]["value"] for row in self._select(query, variable))

    def node(self, graph: IRI, subject: IRI) -> list[tuple[IRI, Term]]:
        """Return what a graph says of a node, or as much of it as the store lists."""
        query = f"SELECT ?p ?o WHERE {{ {in_graph(graph, f'<{subject}> ?p ?o')} }}"
        rows = self._select(query, "p", "o")
        return [(IRI(row["p"]["value"]), _term(row["o"])) for row in rows]

    def update(self, text: str, *, again: bool = False) -> None:
        """Run a SPARQL update, once, or `again` where doing it twice does no harm.

        Raises:
            AnswerLostError: It is not known whether it was run.
            LoadError: The store refuses it.
        """
        response = self._http.ask(
            "POST",
            self.places.update,
            again=again,
            data=text.encode(),
            headers={"Content-Type": "application/sparql-update"},
            lost=AnswerLostError,
        )
        check_answer(response, "SPARQL update", lost=AnswerLostError)

    def _select(self, query: str, *variables: str) -> list[dict[str, dict[str, str]]]:
        # As a form: Virtuoso hangs on a body of application/sparql-query.
        response = self._http.ask(
            "POST", self.places.query, data={"query": query}, headers={"Accept": _RESULTS}
        )
        check_answer(response, "SPARQL query")
        url = shown_address(self.places.query)
        if partial := [name for name in _CUT_SHORT if name in response.headers]:
            raise LoadError(
                f"{url}: expected a whole answer, the store stopped before it had "
                f"one ({partial[0]}) (allow it more time for a query: MaxQueryExecutionTime)"
            )
        try:
            rows: list[dict[str, dict[str, str]]] = response.json()["results"]["bindings"]
            # Whoever asked may then take what he asked for from every row.
            if not all(isinstance(row[name]["value"], str) for row in rows for name in variables):
                raise TypeError("a value that is no text")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise LoadError(
                f"{url}: expected SPARQL results in JSON, found "
                f"{said_in(response) or 'nothing'} (see whether it is a SPARQL endpoint)"
            ) from error
        else:
            return rows

    def _send(self, method: str, graph: IRI, piece: Slice, switches: tuple[str, ...]) -> None:
        body = piece.body
        headers = {"Content-Type": piece.media_type}
        if self._compress:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        response = self._http.ask(
            method,
            self.places.graphs,
            params={**parameters_of(graph), **dict.fromkeys(switches, "")},
            data=body,
            headers=headers,
        )
        check_answer(response, f"{method} of {len(body):,} bytes into {shown_graph(graph)}")


def _term(binding: Mapping[str, str]) -> Term:
    """Return a term of SPARQL results in JSON; Virtuoso still has `typed-literal`."""
    value = binding["value"]
    match binding.get("type"):
        case "uri":
            return IRI(value)
        case "bnode":
            return BlankNode(value)
        case _:
            language = binding.get("xml:lang", "")
            datatype = RDF_LANG_STRING if language else binding.get("datatype", XSD_STRING)
            return Literal(value, IRI(datatype), language)
