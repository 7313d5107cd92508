"""The moment of `--replace`: temporary graphs take the place of what readers see.

It is one SPARQL update, so one transaction where the store has them. `MOVE` says it best, and
is what most stores get. Oxigraph keeps a transaction in memory and writes slowly in one, so it
is told to remove what the new release lacks and to add what the old one lacked: that costs a
look at every triple and a write only for those that differ.

An update is sent once. Sent twice, either would find nothing to take and empty the release.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from pfocr_rdf.errors import LoadError
from pfocr_rdf.load.client import AnswerLostError, StoreClient
from pfocr_rdf.load.plan import Part
from pfocr_rdf.load.proof import count_graph
from pfocr_rdf.terms import IRI

_BETWEEN_LOOKS: Final = 1.0
_AT_ONCE: Final = 100_000
"""Triples that are removed in one transaction; Oxigraph has about 2 kB of memory for each."""

Places = Sequence[tuple[Part, IRI]]
"""Each part with its temporary graph."""


def swap(
    client: StoreClient,
    places: Places,
    is_swapped: Callable[[], bool],
    say: Callable[[str], None],
) -> None:
    """Put temporary graphs, which were proved, in the place of the final ones.

    Args:
        client: The store.
        places: What goes where.
        is_swapped: Asked when the answer is lost.
        say: Told that it was.

    Raises:
        LoadError: It was refused, or has not happened by the time a query may take.
    """
    statements = [
        text
        for part, place in places
        for text in (
            _difference(part, place) if client.dialect.by_difference else _move(part, place)
        )
    ]
    try:
        client.update(" ;\n".join(statements))
    except AnswerLostError as error:
        say(f"the answer to the swap was lost ({error}); looking what became of it")
        deadline = time.monotonic() + client.timeout
        while not is_swapped():
            if time.monotonic() > deadline:
                raise LoadError(
                    f"{error}; the swap has not happened yet (when the store is at rest, run the "
                    "same command again: it looks first)"
                ) from error
            time.sleep(_BETWEEN_LOOKS)
    except LoadError as error:
        raise LoadError(f"{error}; what was there before is untouched") from error


def is_taken(client: StoreClient, part: Part, place: IRI) -> bool:
    """Say whether a final graph has all that is still in the temporary one."""
    if not client.dialect.by_difference:
        return count_graph(client, place) == 0
    return client.count(_lacking(place, part.graph)) == 0


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


def _move(part: Part, place: IRI) -> list[str]:
    # Of a graph without triples many stores know nothing, and could not move it.
    if not part.triples:
        return [f"DROP SILENT GRAPH <{part.graph}>"]
    return [f"MOVE <{place}> TO <{part.graph}>"]


def _difference(part: Part, place: IRI) -> list[str]:
    triple = f"GRAPH <{part.graph}> {{ ?s ?p ?o }}"
    return [
        f"DELETE {{ {triple} }} WHERE {{ {_lacking(part.graph, place)} }}",
        f"INSERT {{ {triple} }} WHERE {{ {_lacking(place, part.graph)} }}",
    ]


def _lacking(has: IRI, lacks: IRI) -> str:
    """Return a pattern for the triples of one graph that another lacks."""
    return f"GRAPH <{has}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ GRAPH <{lacks}> {{ ?s ?p ?o }} }}"
