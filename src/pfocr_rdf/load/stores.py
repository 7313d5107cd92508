"""What each store takes, and at which addresses. Measured where a store could be run.

| store | tested with | a body | swap by `MOVE` |
|---|---|---|---|
| Oxigraph | 0.5.13 | gzip or plain | one transaction, in memory: by difference instead |
| Virtuoso | 7.2.5.1 | plain, under 30 MB, a prefix in the first 64 KiB | see docs/load.md |
| others | the conformance server of the tests | plain | one transaction, as their manuals say |

Source: SPARQL 1.1 Graph Store HTTP Protocol, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.errors import UsageError
from pfocr_rdf.load.address import check_address
from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.rdf import FIGURES_GRAPH, IRI


class StoreName(StrEnum):
    """The stores that `load` knows; `gsp` is any other with the Graph Store Protocol."""

    OXIGRAPH = "oxigraph"
    VIRTUOSO = "virtuoso"
    FUSEKI = "fuseki"
    GRAPHDB = "graphdb"
    QLEVER = "qlever"
    GSP = "gsp"


class AuthScheme(StrEnum):
    """How a client says who it is."""

    BASIC = "basic"
    DIGEST = "digest"
    BEARER = "bearer"


class DefaultGraph(StrEnum):
    """What a store does with the default graph, which a query asks that names none.

    `used` has one of its own, and a load goes there unless told otherwise; `possible` has one as
    far as is known, and a load goes there when asked; in `none` it is all graphs together, or not known.
    """

    USED = "used"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one store is spoken to.

    Attributes:
        graphs: Path of the Graph Store Protocol below the store's URL.
        query: Path of SPARQL queries.
        update: Path of SPARQL updates.
        with_auth: What is added to these paths when the client has a password.
        server: How the header `Server` of its answers begins; "" when it says nothing.
        scheme: Of authentication.
        gzip: Whether it takes compressed bodies.
        opening: Whether a body must show by its first line that it is Turtle.
        largest: Bytes that a body may have; 0 for no limit that is known.
        moves: Whether it has SPARQL's MOVE.
        by_difference: Whether it is better told to write only what differs than to MOVE, and
            to remove a graph piece by piece.
        switches: Parameters of a POST that adds to a graph.
        default_graph: What it does with the default graph.
    """

    graphs: str = ""
    query: str = ""
    update: str = ""
    with_auth: str = ""
    server: str = ""
    scheme: AuthScheme = AuthScheme.BASIC
    gzip: bool = False
    opening: bool = False
    largest: int = 0
    moves: bool = True
    by_difference: bool = False
    switches: tuple[str, ...] = ()
    default_graph: DefaultGraph = DefaultGraph.POSSIBLE

    @property
    def graph(self) -> IRI:
        """Where a load puts the figures unless told otherwise."""
        return DEFAULT_GRAPH if self.default_graph is DefaultGraph.USED else FIGURES_GRAPH


DIALECTS: Final = {
    StoreName.OXIGRAPH: Dialect(
        graphs="/store",
        query="/query",
        update="/update",
        server="Oxigraph",
        gzip=True,
        # A MOVE of 470,000 triples took 180 s and 2.3 GB: a transaction is kept in memory.
        by_difference=True,
        # Its bulk loader: several times as fast as a transaction, and a slice that was
        # written in part is simply sent again.
        switches=("no_transaction",),
        default_graph=DefaultGraph.USED,
    ),
    StoreName.VIRTUOSO: Dialect(
        graphs="/sparql-graph-crud",
        query="/sparql",
        update="/sparql",
        with_auth="-auth",
        server="Virtuoso",
        scheme=AuthScheme.DIGEST,
        opening=True,
        largest=30_000_000,
        default_graph=DefaultGraph.NONE,
    ),
    StoreName.FUSEKI: Dialect(
        graphs="/data", query="/query", update="/update", server="Apache Jena Fuseki"
    ),
    StoreName.GRAPHDB: Dialect(
        graphs="/rdf-graphs/service",
        update="/statements",
        server="GraphDB",
        default_graph=DefaultGraph.NONE,
    ),
    StoreName.QLEVER: Dialect(
        scheme=AuthScheme.BEARER, moves=False, default_graph=DefaultGraph.NONE
    ),
    StoreName.GSP: Dialect(),
}


class Endpoints(NamedTuple):
    """The addresses of a store; `query` and `update` are "" when they are not known."""

    graphs: str
    query: str
    update: str


def endpoints(store: StoreName, url: str, sparql: str, *, with_auth: bool) -> Endpoints:
    """Return the addresses of a store.

    Args:
        store: Which kind.
        url: Of the server (oxigraph, virtuoso, qlever), the dataset (fuseki), the repository
            (graphdb) or the graph store itself (gsp).
        sparql: Address of the SPARQL endpoint, or "" where the store's own is meant.
        with_auth: Whether the client has a password.

    Raises:
        UsageError: It is no address, or a graph store without a SPARQL endpoint.

    Example:
        >>> endpoints(StoreName.OXIGRAPH, "http://localhost:7878/", "", with_auth=False).graphs
        'http://localhost:7878/store'
    """
    check_address("--to", url)
    if sparql:
        check_address("--sparql", sparql)
    dialect = DIALECTS[store]
    if store is StoreName.GSP:
        if not sparql:
            raise UsageError(
                "--sparql: expected the address of the SPARQL endpoint, found none (with --store "
                "gsp nothing tells it, and without it the load cannot be proved)"
            )
        return Endpoints(url, sparql, sparql)
    base = url.rstrip("/")
    ending = dialect.with_auth if with_auth else ""
    # Somebody who gives the very address of one of the three means the store.
    for path in (dialect.graphs, dialect.query, dialect.update):
        for known in (path + dialect.with_auth, path):
            if known and base.endswith(known):
                base = base.removesuffix(known)
    return Endpoints(
        base + dialect.graphs + ending,
        sparql or base + dialect.query + ending,
        base + dialect.update + ending,
    )


def store_of(server: str) -> StoreName | None:
    """Return the store that a header `Server` names, or None."""
    for name, dialect in DIALECTS.items():
        if dialect.server and server.startswith(dialect.server):
            return name
    return None
