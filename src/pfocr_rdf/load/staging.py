"""Temporary graphs: how they are called, whose they are, and how they go.

A load with `--replace` writes beside the graph that readers see. Its graphs have names that no
other load ever chooses, and only the journal tells which are whose: one that it does not know may
be what another machine is loading right now, and is left alone unless the user says otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Final

from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.graphs import name_beside
from pfocr_rdf.load.plan import LoadOptions, PlannedGraph
from pfocr_rdf.load.verify import count_graph
from pfocr_rdf.rdf import DCAT, IRI, RDF
from pfocr_rdf.release import Release
from pfocr_rdf.release.description import DATASET

IS_RELEASE: Final = f"<{DATASET}> <{RDF.type}> <{DCAT.Dataset}>"
"""What every graph of figures says."""
_STAGING: Final = "/loading-"
_KEY_LENGTH: Final = 8
_TOKEN_BYTES: Final = 4
_AT_ONCE: Final = 100_000
"""Triples that are removed in one transaction; Oxigraph has about 2 kB of memory for each."""


def new_places(parts: Sequence[PlannedGraph], release: Release) -> tuple[IRI, ...]:
    """Return temporary graphs for the parts of a release, by names that nobody else has.

    The same ending stands behind the name of each final graph: the beginning of the release's
    key, for people, and random digits.
    """
    ending = f"{_STAGING}{release.key[:_KEY_LENGTH]}-{secrets.token_hex(_TOKEN_BYTES)}"
    return tuple(IRI(name_beside(part.graph) + ending) for part in parts)


def remove_left(
    client: StoreClient,
    options: LoadOptions,
    own: frozenset[IRI],
    used: frozenset[IRI],
    say: Callable[[str], None],
) -> None:
    """Remove temporary graphs of loads that will not go on.

    Args:
        client: The store.
        options: Of this load.
        own: Those that the journal knows.
        used: Those that this load goes on with.
        say: Told of every graph that is removed, and of those that may be somebody else's.
    """
    others = _temporary(client, options) - own - used
    left = own - used
    if options.remove_temporary:
        left |= others
    else:
        for graph in sorted(others):
            say(
                f"<{graph}> is a temporary graph of another load and was left alone (when none is "
                "running anywhere, --remove-temporary removes it)"
            )
    # Those of figures go last: by them the others are found, should this be interrupted.
    figures = name_beside(options.graph) + _STAGING
    for graph in sorted(left, key=lambda name: (name.startswith(figures), name)):
        say(f"<{graph}> was left by a load that did not end; removing it")
        remove_graph(client, graph)


def figure_graphs(client: StoreClient) -> set[IRI]:
    """Return all graphs that hold figures of some release, temporary ones too.

    They are told by the node of the data set, which every dump has, and void.ttl, which is the
    first to be sent.
    """
    pattern = f"GRAPH ?g {{ {IS_RELEASE} }}"
    return {IRI(name) for name in client.names(pattern, "g")}


def is_temporary(graph: IRI) -> bool:
    """Say whether a graph has the name of a temporary one."""
    return _STAGING in graph


def _temporary(client: StoreClient, options: LoadOptions) -> set[IRI]:
    """Return the temporary graphs beside ours that the store knows, whoever made them.

    The graph of an alignment has no node of the data set, but the same ending.
    """
    figures = name_beside(options.graph) + _STAGING
    beside = options.alignment_graph + _STAGING
    found = {name for name in figure_graphs(client) if name.startswith(figures)}
    alignments = {IRI(beside + name.removeprefix(figures)) for name in found}
    return found | {name for name in alignments if count_graph(client, name)}


def remove_graph(client: StoreClient, graph: IRI) -> None:
    """Remove a graph that nobody reads."""
    if client.dialect.by_difference:
        while found := count_graph(client, graph):
            for _ in range(0, found, _AT_ONCE):
                client.update(
                    f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ SELECT ?s ?p ?o WHERE "
                    f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }} LIMIT {_AT_ONCE} }}",
                    again=True,
                )
    client.delete(graph)
