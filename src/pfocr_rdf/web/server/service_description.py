"""What the endpoint says of itself: a SPARQL service description with the release's VoID.

Source: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph

from pfocr_rdf.rdf import (
    DESCRIPTION_NAMESPACES,
    FIGURES_GRAPH,
    IRI,
    NAMESPACES,
    OURS,
    RDF,
    Prefixes,
)
from pfocr_rdf.release import VOID_FILE, Release
from pfocr_rdf.release.description import DATASET, FORMATS
from pfocr_rdf.web.server.formats import GRAPHS, ROWS, faithful

SD: Final = DESCRIPTION_NAMESPACES["sd"]
_VOID: Final = NAMESPACES["void"]


class Service:
    """The description of one endpoint.

    Args:
        release: What is served.
        endpoint: Its address.
        graphs: The named graphs of the store.
        prefixes: For formats that have them.
        federates: Whether SERVICE is allowed.

    Attributes:
        graphs: The named graphs, in order.
        default_names: What `default-graph-uri` may call the default graph.
    """

    def __init__(
        self,
        release: Release,
        endpoint: IRI,
        graphs: Iterable[str],
        prefixes: Prefixes,
        *,
        federates: bool,
    ) -> None:
        self.graphs = tuple(sorted(graphs))
        names = [FIGURES_GRAPH]
        if release.name:
            names.append(IRI(f"{OURS}graph/release/{release.name}"))
        self.default_names = tuple(names)
        self._prefixes = {**prefixes.namespaces, "sd": SD}
        void = (release.folder / VOID_FILE).read_bytes()
        parsed = pyoxigraph.parse(void, format=pyoxigraph.RdfFormat.TURTLE)
        self._triples = [quad.triple for quad in parsed]
        self._triples += _service(endpoint, self.graphs, federates=federates)

    def description(self, format_: pyoxigraph.RdfFormat) -> bytes:
        """Return the description in a format."""
        written = pyoxigraph.serialize(self._triples, format=format_, prefixes=self._prefixes)
        assert written is not None
        return faithful(written, format_)


def _service(
    endpoint: str, graphs: Iterable[str], *, federates: bool
) -> Iterator[pyoxigraph.Triple]:
    service = f"{endpoint}#service"
    yield _triple(service, RDF.type, SD + "Service")
    yield _triple(service, SD + "endpoint", endpoint)
    yield _triple(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    if federates:
        yield _triple(service, SD + "feature", SD + "BasicFederatedQuery")
    for name in sorted(_format_names()):
        yield _triple(service, SD + "resultFormat", FORMATS + name)
    yield _triple(service, SD + "defaultDataset", f"{endpoint}#dataset")
    yield _triple(f"{endpoint}#dataset", RDF.type, SD + "Dataset")
    yield _triple(f"{endpoint}#dataset", SD + "defaultGraph", DATASET)
    yield _triple(DATASET, RDF.type, SD + "Graph")
    yield _triple(DATASET, _VOID + "sparqlEndpoint", endpoint)
    for number, graph in enumerate(graphs, 1):
        named = f"{endpoint}#graph-{number}"
        yield _triple(f"{endpoint}#dataset", SD + "namedGraph", named)
        yield _triple(named, RDF.type, SD + "NamedGraph")
        yield _triple(named, SD + "name", graph)


def _format_names() -> set[str]:
    """Return the formats of answers by their names at W3C."""
    iris = {format_.iri for format_ in ROWS.values()} | {format_.iri for format_ in GRAPHS.values()}
    return {iri.rpartition("/")[2] for iri in iris}


def _triple(subject: str, predicate: str, value: str) -> pyoxigraph.Triple:
    node = pyoxigraph.NamedNode
    return pyoxigraph.Triple(node(subject), node(predicate), node(value))
