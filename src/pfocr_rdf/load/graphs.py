"""How a graph of a store is named: in a request, in SPARQL, to people; the default one has no IRI.

The default graph of a store is what a query asks that names no graph. In Oxigraph and Jena it is
a graph of its own; in Virtuoso and GraphDB it is all graphs together and nothing can be put there.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/#direct-graph-identification,
https://www.w3.org/TR/sparql11-update/#graphManagement
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.rdf import FIGURES_GRAPH, IRI

DEFAULT_GRAPH: Final = IRI("default")
"""Stands for the default graph among names of graphs; no IRI, so no graph is called so."""


def in_graph(graph: IRI, pattern: str) -> str:
    """Return a graph pattern as it is asked of a graph.

    Example:
        >>> in_graph(DEFAULT_GRAPH, "?s ?p ?o"), in_graph(IRI("urn:g"), "?s ?p ?o")
        ('?s ?p ?o', 'GRAPH <urn:g> { ?s ?p ?o }')
    """
    return pattern if graph == DEFAULT_GRAPH else f"GRAPH <{graph}> {{ {pattern} }}"


def parameters_of(graph: IRI) -> dict[str, str]:
    """Return the parameters of a request of the Graph Store Protocol."""
    return {"default": ""} if graph == DEFAULT_GRAPH else {"graph": graph}


def shown_graph(graph: IRI) -> str:
    """Return a graph for people."""
    return "the default graph" if graph == DEFAULT_GRAPH else f"<{graph}>"


def name_beside(graph: IRI) -> IRI:
    """Return the IRI that names of temporary graphs begin with."""
    return FIGURES_GRAPH if graph == DEFAULT_GRAPH else graph


def other_place(graph: IRI) -> IRI | None:
    """Return the named graph of a load that went there before this store had it in the default one."""
    return FIGURES_GRAPH if graph == DEFAULT_GRAPH else None
