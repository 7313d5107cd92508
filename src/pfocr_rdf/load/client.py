"""A store over HTTP: who asks, what is tried again, and what every other answer means.

A body is always bytes, never a generator: requests then sends its length. Without one it would
be sent chunked, which Virtuoso answers with 201 and stores nothing.

Adding triples twice does no harm, so uploads and questions are repeated on broken connections,
429 and 5xx. An update that moves a graph is never repeated here: by then there may be nothing
left to move.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3.util import Retry

from pfocr_rdf.errors import LoadError
from pfocr_rdf.load.slices import Slice
from pfocr_rdf.load.stores import AuthScheme, Dialect, Endpoints
from pfocr_rdf.terms import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Term
from pfocr_rdf.version import __version__

_CONNECT: Final = 10.0
_LONGEST_PAUSE: Final = 60.0
_AGAIN: Final = (408, 429, 500, 502, 503, 504)
_MUCH_SAID: Final = 300
_RESULTS: Final = "application/sparql-results+json"
_TAG: Final = re.compile(r"<[!/a-zA-Z][^>]*>")
_CUT_SHORT: Final = ("X-SPARQL-Anytime", "X-SQL-State")
"""Headers by which Virtuoso says that it stopped before it had counted all."""

_KNOWN_WORDS: Final = {
    "SR325": "raise TransactionAfterImageLimit in virtuoso.ini, as docs/load.md says",
    "No space left on device": "make room on the store's disk and run the same command again",
}
"""Words of a store that say more than its status."""

_ADVICE: Final = {
    400: "the store does not take these data; its own words are above",
    401: "give --auth USER:PASSWORD, and --auth-scheme if the store wants another",
    403: "this user, or a read-only server, may not do it: give another --auth",
    404: "see whether --to and --store are right",
    405: "see whether --to and --store are right, and whether the store is read-only",
    413: "give a smaller --slice-size",
    415: "see whether --store is right",
    501: "see whether --store is right",
    507: "the store has no room: make some and run the same command again",
}


class AnswerLostError(LoadError):
    """Nobody knows whether the store did what it was asked for, or is still at it."""


class Credentials(NamedTuple):
    """Who asks. `user` is "" for a token."""

    user: str
    secret: str
    scheme: AuthScheme


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _Patience(Retry):
    """urllib3's retry that says what it waits for, and waits a minute a time at most."""

    def __init__(self, *args: Any, say: Callable[[str], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self.say = say

    def new(self, **options: Any) -> Self:
        return super().new(say=self.say, **options)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        left = super().increment(method, url, response, error, _pool, _stacktrace)
        said = f"answered {response.status}" if response is not None else _innermost(error)
        self.say(f"the store {said}; trying again, {left.total} more times at most")
        return left

    def get_retry_after(self, response: Any) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, _LONGEST_PAUSE)


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
        self._timeouts = (_CONNECT, timeout)
        self._compress = compress and dialect.gzip
        again = _Patience(
            total=retries,
            backoff_factor=pause,
            backoff_jitter=min(pause, 1.0),
            backoff_max=_LONGEST_PAUSE,
            status_forcelist=_AGAIN,
            allowed_methods=None,
            redirect=0,
            raise_on_status=False,
            say=say,
        )
        self._patient = _session(who, HTTPAdapter(max_retries=again))
        self._once = _session(who, HTTPAdapter(max_retries=0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._patient.close()
        self._once.close()

    def put(self, graph: IRI, piece: Slice) -> None:
        """Make a slice all that a graph has."""
        self._send("PUT", graph, piece, ())

    def post(self, graph: IRI, piece: Slice) -> None:
        """Add a slice to a graph."""
        self._send("POST", graph, piece, self.dialect.switches)

    def delete(self, graph: IRI) -> None:
        """Remove a graph, if it is there."""
        place = self.places.graphs
        response = self._ask(self._patient, "DELETE", place, params={"graph": graph})
        if response.status_code != requests.codes.not_found:
            _check(response, f"DELETE of <{graph}>")

    def count(self, pattern: str) -> int:
        """Return how many solutions a graph pattern has.

        The store is asked to count, because results may be cut (ResultSetMaxRows).
        """
        (row,) = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "n")
        return int(row["n"]["value"])

    def names(self, pattern: str, variable: str) -> list[str]:
        """Return the distinct values of a variable of a graph pattern."""
        query = f"SELECT DISTINCT ?{variable} WHERE {{ {pattern} }}"
        return sorted(row[variable]["value"] for row in self._select(query, variable))

    def node(self, graph: IRI, subject: IRI) -> list[tuple[IRI, Term]]:
        """Return what a graph says of a node, or as much of it as the store lists."""
        query = f"SELECT ?p ?o WHERE {{ GRAPH <{graph}> {{ <{subject}> ?p ?o }} }}"
        rows = self._select(query, "p", "o")
        return [(IRI(row["p"]["value"]), _term(row["o"])) for row in rows]

    def update(self, text: str, *, again: bool = False) -> None:
        """Run a SPARQL update, once, or `again` where doing it twice does no harm.

        Raises:
            AnswerLostError: It is not known whether it was run.
            LoadError: The store refuses it.
        """
        response = self._ask(
            self._patient if again else self._once,
            "POST",
            self.places.update,
            data=text.encode(),
            headers={"Content-Type": "application/sparql-update"},
            lost=AnswerLostError,
        )
        _check(response, "SPARQL update", lost=AnswerLostError)

    def _select(self, query: str, *variables: str) -> list[dict[str, dict[str, str]]]:
        # As a form: Virtuoso hangs on a body of application/sparql-query.
        response = self._ask(
            self._patient,
            "POST",
            self.places.query,
            data={"query": query},
            headers={"Accept": _RESULTS},
        )
        _check(response, "SPARQL query")
        if partial := [name for name in _CUT_SHORT if name in response.headers]:
            raise LoadError(
                f"{self.places.query}: expected a whole answer, the store stopped before it had "
                f"one ({partial[0]}) (allow it more time for a query: MaxQueryExecutionTime)"
            )
        try:
            rows: list[dict[str, dict[str, str]]] = response.json()["results"]["bindings"]
            # Whoever asked may then take what he asked for from every row.
            assert all(row[name]["value"] is not None for row in rows for name in variables)
        except (ValueError, KeyError, TypeError) as error:
            raise LoadError(
                f"{self.places.query}: expected SPARQL results in JSON, found "
                f"{_said(response) or 'nothing'} (see whether it is a SPARQL endpoint)"
            ) from error
        else:
            return rows

    def _send(self, method: str, graph: IRI, piece: Slice, switches: tuple[str, ...]) -> None:
        body = piece.body
        headers = {"Content-Type": piece.media_type}
        if self._compress:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        response = self._ask(
            self._patient,
            method,
            self.places.graphs,
            params={"graph": graph, **dict.fromkeys(switches, "")},
            data=body,
            headers=headers,
        )
        _check(response, f"{method} of {len(body):,} bytes into <{graph}>")

    def _ask(
        self,
        session: requests.Session,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        lost: type[LoadError] = LoadError,
    ) -> requests.Response:
        try:
            # A redirected POST becomes a GET, and its body is lost with a status of success.
            return session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise lost(
                f"{url}: expected an answer, {_innermost(error)} (see whether the store runs "
                "there; the same command then goes on where it was)"
            ) from error


def server_of(url: str, timeout: float = 60.0) -> str:
    """Return what a server calls itself, "" when it does not.

    Raises:
        LoadError: It does not answer.
    """
    with requests.Session() as session:
        try:
            response = session.get(
                url, timeout=(_CONNECT, timeout), allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            raise LoadError(
                f"{url}: expected an answer, {_innermost(error)} (see whether the store runs there)"
            ) from error
        with response:
            return response.headers.get("Server", "")


def _session(who: Credentials | None, adapter: HTTPAdapter) -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"pfocr-rdf/{__version__}"
    if who is not None:
        match who.scheme:
            case AuthScheme.BASIC:
                user, secret = who.user.encode(), who.secret.encode()
                session.auth = HTTPBasicAuth(user, secret)
            case AuthScheme.DIGEST:
                session.auth = HTTPDigestAuth(who.user, who.secret)
            case AuthScheme.BEARER:
                session.auth = _Bearer(who.secret)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _check(response: requests.Response, what: str, lost: type[LoadError] = LoadError) -> None:
    """Raise LoadError for every answer that is not a success."""
    status = response.status_code
    if 200 <= status < 300:
        return
    url = response.url.partition("?")[0]
    if 300 <= status < 400:
        to = response.headers.get("Location", "")
        raise LoadError(
            f"{url}: {what}: expected a store, found a redirection to {to} (give its address)"
        )
    advice = _ADVICE.get(status, "see the store's log; the same command goes on where it was")
    text = _said(response)
    advice = next((known for word, known in _KNOWN_WORDS.items() if word in text), advice)
    said = f": {text}" if text else ""
    # Of a proxy: what stands behind it may have done it all the same.
    kind = lost if status in {502, 503, 504} else LoadError
    raise kind(f"{url}: {what}: expected success, found {status}{said} ({advice})")


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


def _said(response: requests.Response) -> str:
    """Return the beginning of what a server says, in one line."""
    content = response.content[: 4 * _MUCH_SAID].decode("utf-8", "replace")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        content = _TAG.sub(" ", content)
    text = " ".join("".join(c if c.isprintable() else " " for c in content).split())
    return text if len(text) <= _MUCH_SAID else text[:_MUCH_SAID] + "…"


def _innermost(error: BaseException | None) -> str:
    """Return the innermost cause in one line, without object addresses and pool names."""
    cause = error
    while cause is not None:
        parts = (getattr(cause, "reason", None), *cause.args)
        inner = next((part for part in parts if isinstance(part, Exception)), None)
        if inner is None:
            break
        cause = inner
    text = " ".join(str(cause).split())
    with suppress(ValueError):
        text = text[text.index(": ") + 2 :] if text.startswith(("HTTP", "<")) else text
    return f"said nothing: {text}" if text else "said nothing"
