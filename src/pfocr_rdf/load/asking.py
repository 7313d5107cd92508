"""How to ask a store that has been loaded: where data lie in named graphs, the questions name none.

Stores differ in what they ask without a graph: Oxigraph and Fuseki a default graph of its own;
Virtuoso and GraphDB all graphs they have, those of others too. The protocol
has parameters that make some graphs the default one for a request, which all of them know.

Source: https://www.w3.org/TR/sparql11-protocol/#dataset
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from pfocr_rdf.load.graphs import DEFAULT_GRAPH


def data_set(graphs: Sequence[str]) -> list[tuple[str, str]]:
    """Return the parameters of a request that asks a release: its graphs, the figures first.

    None where the figures are in the default graph: then all is as the questions expect it.

    Example:
        >>> data_set(["urn:figures", "urn:alignment"])
        [('default-graph-uri', 'urn:figures'), ('named-graph-uri', 'urn:alignment')]
    """
    first, *others = graphs
    if first == DEFAULT_GRAPH:  # a request that names one graph has no other, not even this
        return []
    return [("default-graph-uri", first), *(("named-graph-uri", graph) for graph in others)]


def how_to_ask(query: str, graphs: Sequence[str], question: str = "figures-of-gene") -> str:
    """Return a line for a shell that asks a store a question.

    Args:
        query: Address of its SPARQL endpoint.
        graphs: That were loaded, the figures first.
        question: Of the library.

    Example:
        >>> how_to_ask("http://localhost:7878/query", ["urn:x"], "coverage").partition(" | ")[2]
        'curl http://localhost:7878/query --data-urlencode query@- --data-urlencode default-graph-uri=urn:x'
    """
    said = [f"--data-urlencode {shlex.quote(f'{name}={iri}')}" for name, iri in data_set(graphs)]
    asked = f"pfocr-rdf queries {question} --format text"
    return f"{asked} | curl {shlex.quote(query)} {' '.join(['--data-urlencode query@-', *said])}"
