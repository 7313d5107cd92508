"""What a store says it has, against what the release is.

Every number is counted by the store: an answer that lists what is there may be cut without a
word (Virtuoso's ResultSetMaxRows), so nothing is ever listed and counted here.
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.plan import Part
from pfocr_rdf.load.samples import sample_differences, samples_of
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import RDF
from pfocr_rdf.release.opened import Release

_SHOWN: Final = 4


def count_graph(client: StoreClient, graph: IRI) -> int:
    """Return how many triples a graph has; 0 for one that is not there."""
    return client.count(f"GRAPH <{graph}> {{ ?s ?p ?o }}")


def differences(client: StoreClient, release: Release, part: Part, graph: IRI) -> list[str]:
    """Return how a graph differs from what it must have; empty when it is proved.

    Triples are counted, and the entities of each class; some nodes are compared whole. Only
    where counts differ are those of each property taken too, which tells what was lost.

    Args:
        client: The store.
        release: What was loaded.
        part: What must be there.
        graph: Where it is; under `--replace` a temporary graph.
    """
    found = count_graph(client, graph)
    said = [] if found == part.triples else [_said("triples", part.triples, found)]
    for name, expected in part.classes.items():
        entities = client.count(f"GRAPH <{graph}> {{ ?s <{RDF.type}> <{name}> }}")
        if entities != expected:
            said.append(_said(f"entities of <{name}>", expected, entities))
    if said:
        for name, expected in part.properties.items():
            triples = client.count(f"GRAPH <{graph}> {{ ?s <{name}> ?o }}")
            if triples != expected:
                said.append(_said(f"triples of <{name}>", expected, triples))
    for sample in samples_of(release, part):
        said.extend(sample_differences(client, graph, sample))
    return said


def in_one_line(said: list[str]) -> str:
    """Return the first differences, and how many more there are."""
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return "; ".join(said[:_SHOWN]) + more


def _said(what: str, expected: int, found: int) -> str:
    return f"expected {expected:,} {what}, found {found:,}"
