"""What a store has before anything is sent, and what of it must not be touched.

The graph of the figures belongs to one release. That of the alignment is shared: releases that
stand side by side have the same one by default, and often the same alignment. One that is there
already is kept as it is; another one belongs to another release, and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pfocr_rdf.errors import LoadError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.graphs import (
    DEFAULT_GRAPH,
    in_graph,
    name_beside,
    other_place,
    shown_graph,
)
from pfocr_rdf.load.journal import LoadEntry, Phase
from pfocr_rdf.load.plan import LoadOptions, PlannedGraph
from pfocr_rdf.load.staging import IS_RELEASE, figure_graphs, is_temporary
from pfocr_rdf.load.verify import count_graph, differences
from pfocr_rdf.processes import batched
from pfocr_rdf.rdf import IRI, read_triples
from pfocr_rdf.release import Release

OWN_ALIGNMENT: Final = (
    "a release in another graph may use it: give this one its own with --alignment-graph, or "
    "leave it out with --no-alignment"
)
_AT_ONCE: Final = 200


def graphs_kept(
    client: StoreClient,
    release: Release,
    parts: tuple[PlannedGraph, ...],
    before: LoadEntry,
    content: str,
) -> frozenset[IRI]:
    """Return the graphs that have all of their part; the others are empty, or only ours.

    Args:
        client: The store.
        release: What is to be loaded.
        parts: Its graphs: that of the figures, and perhaps that of the alignment.
        before: What the journal says of the last load.
        content: Names this release and its graphs in the journal.

    Raises:
        LoadError: A graph has something else, or the figures stand in a named graph too.
    """
    if earlier := earlier_place(client, parts[0].graph):
        raise LoadError(
            f"<{earlier}>: expected no release beside the default graph, found {count_graph(client, earlier):,} triples "
            f"of an earlier load (--replace puts this release in its place, --graph {earlier} loads there)"
        )
    same = before.content == content
    begun = same and before.phase is Phase.LOADING and not before.temporary
    done = same and before.phase is Phase.DONE
    figures, *alignment = parts
    kept = {
        part.graph for part in parts if done and not differences(client, release, part, part.graph)
    }
    found = count_graph(client, figures.graph) if figures.graph not in kept else 0
    if found and not (begun and found <= figures.triples):
        raise LoadError(
            f"{shown_graph(figures.graph)}: expected an empty graph, found {found:,} triples "
            "(swap them for this release with --replace, or name another --graph)"
        )
    for part in alignment:
        found = count_graph(client, part.graph) if part.graph not in kept else 0
        ours = _ours(client, release, part) if 0 < found <= part.triples else 0
        if found and found == ours == part.triples:
            kept.add(part.graph)
        elif found and not (begun and found == ours):
            raise LoadError(
                f"<{part.graph}>: expected the alignment of this release or an empty graph, found "
                f"{found:,} triples that are not the same ({OWN_ALIGNMENT})"
            )
    return frozenset(kept)


def check_replaced(
    client: StoreClient,
    release: Release,
    parts: tuple[PlannedGraph, ...],
    options: LoadOptions,
    say: Callable[[str], None],
) -> None:
    """See that an alignment which is to be replaced belongs to what is replaced.

    Raises:
        LoadError: There are no figures to be replaced, but there is another alignment; or the
            default graph has something that is no release.
    """
    figures, *alignment = parts
    earlier = earlier_place(client, figures.graph)
    if figures.graph == DEFAULT_GRAPH:
        found = count_graph(client, figures.graph)
        if found and not client.count(in_graph(figures.graph, IS_RELEASE)):
            raise LoadError(
                f"the default graph: expected a release or nothing, found {found:,} triples of "
                f"something else (load beside it with --graph {name_beside(figures.graph)})"
            )
    for part in alignment:
        found = count_graph(client, part.graph)
        if not found or (found == part.triples == _ours(client, release, part)):
            continue
        if not earlier and not count_graph(client, figures.graph):
            raise LoadError(
                f"<{part.graph}>: expected no alignment, as {shown_graph(figures.graph)} is empty, found "
                f"{found:,} triples of another ({OWN_ALIGNMENT}; or remove it first)"
            )
        for other in sorted(figure_graphs(client) - {options.graph, earlier}):
            if not is_temporary(other):
                say(
                    f"<{other}> stands beside what is replaced; if its alignment is "
                    f"<{part.graph}>, it will have that of this release ({OWN_ALIGNMENT})"
                )


def earlier_place(client: StoreClient, graph: IRI) -> IRI | None:
    """Return the named graph that still has figures which now belong into the default graph."""
    place = other_place(graph)
    return place if place is not None and count_graph(client, place) else None


def _ours(client: StoreClient, release: Release, part: PlannedGraph) -> int:
    """Return how many triples of a part its graph has."""
    rows = _rows(release, part)
    number = 0
    for some in batched(rows, _AT_ONCE):
        values = f"VALUES (?s ?p ?o) {{ {' '.join(some)} }}"
        number += client.count(f"{values} GRAPH <{part.graph}> {{ ?s ?p ?o }}")
    return number


def _rows(release: Release, part: PlannedGraph) -> Iterator[str]:
    for file in part.files:
        for subject, predicate, value in read_triples(release.path(file)):
            assert isinstance(value, str), "an alignment says only which IRIs mean the same"
            yield f"(<{subject}> <{predicate}> <{value}>)"
