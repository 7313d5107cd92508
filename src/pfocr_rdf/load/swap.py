"""The moment of `--replace`: temporary graphs take the place of what readers see.

It is one SPARQL update, so one transaction where the store has them. `MOVE` says it best, and
is what most stores get. Oxigraph keeps a transaction in memory and writes slowly in one, so it
is told to remove what the new release lacks and to add what the old one lacked: that costs a
look at every triple and a write only for those that differ.

An update is sent once. Sent twice, either would find nothing to take and empty the release; so
would one that is sent when a temporary graph is no longer whole, which is counted just before.
Whatever is said of the old release when a swap fails has been asked, not concluded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pfocr_rdf.errors import IntegrityError, LoadError
from pfocr_rdf.load.answers import AnswerLostError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.graphs import DEFAULT_GRAPH, in_graph, shown_graph
from pfocr_rdf.load.plan import PlannedGraph
from pfocr_rdf.load.verify import count_graph
from pfocr_rdf.rdf import IRI

_BETWEEN_LOOKS: Final = 1.0

Places = Sequence[tuple[PlannedGraph, IRI]]
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
        is_swapped: Asked when the answer is lost, or says that it failed.
        say: Told when the store has done it all the same.

    Raises:
        IntegrityError: A temporary graph is no longer what was proved; nothing was swapped.
        LoadError: It was refused, or has not happened by the time a query may take.
    """
    before = {part.graph: count_graph(client, part.graph) for part, _ in places}
    _check_whole(client, places)
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
                found = _found(client, places, before, "the swap has not happened yet")
                raise LoadError(
                    f"{error}; {found} (when the store is at rest, run the same command again: it "
                    "looks first)"
                ) from error
            time.sleep(_BETWEEN_LOOKS)
    except LoadError as error:
        try:
            done = is_swapped()
        except LoadError:
            done = False  # what is found then says so
        if not done:
            found = _found(client, places, before, "what was there before is untouched")
            raise LoadError(f"{error}; {found}") from error
        say(f"the store said that it would not swap, and has done it ({error})")


def is_taken(client: StoreClient, part: PlannedGraph, place: IRI) -> bool:
    """Say whether a final graph has all that is still in the temporary one."""
    if not client.dialect.by_difference:
        return count_graph(client, place) == 0
    return client.count(_lacking(place, part.graph)) == 0


def _check_whole(client: StoreClient, places: Places) -> None:
    for part, place in places:
        found = count_graph(client, place)
        if found != part.triples:
            raise IntegrityError(
                f"{client.shown}: {shown_graph(place)}: expected the {part.triples:,} triples that were "
                f"proved there, found {found:,} (something else has written into it; nothing was "
                "swapped, what was there before is untouched; the same command starts over)"
            )


def _found(
    client: StoreClient, places: Places, before: Mapping[IRI, int], when_untouched: str
) -> str:
    """Return what became of a swap that was not confirmed, as the store has it now."""
    try:
        now = {graph: count_graph(client, graph) for graph in before}
        whole = all(count_graph(client, place) == part.triples for part, place in places)
    except LoadError as error:
        return f"whether what was there before is untouched cannot be asked ({error})"
    changed = [
        f"{shown_graph(graph)} had {number:,} triples and has {now[graph]:,}"
        for graph, number in before.items()
        if now[graph] != number
    ]
    if not changed and not whole:
        changed = ["temporary graphs are no longer whole"]
    return f"it has happened in part: {', '.join(changed)}" if changed else when_untouched


def _move(part: PlannedGraph, place: IRI) -> list[str]:
    # Of a graph without triples many stores know nothing, and could not move it.
    is_default = part.graph == DEFAULT_GRAPH
    if not part.triples:
        return [f"DROP SILENT {'DEFAULT' if is_default else f'GRAPH <{part.graph}>'}"]
    return [f"MOVE <{place}> TO {'DEFAULT' if is_default else f'<{part.graph}>'}"]


def _difference(part: PlannedGraph, place: IRI) -> list[str]:
    triple = in_graph(part.graph, "?s ?p ?o")
    return [
        f"DELETE {{ {triple} }} WHERE {{ {_lacking(part.graph, place)} }}",
        f"INSERT {{ {triple} }} WHERE {{ {_lacking(place, part.graph)} }}",
    ]


def _lacking(has: IRI, lacks: IRI) -> str:
    """Return a pattern for the triples of one graph that another lacks."""
    triple = "?s ?p ?o"
    return f"{in_graph(has, triple)} FILTER NOT EXISTS {{ {in_graph(lacks, triple)} }}"
