"""A gene and the genes it shares figures with, as a picture takes them: nodes and edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Final

from pfocr_rdf.rdf.vocabulary import SCHEMA
from pfocr_rdf.web.pages import queries
from pfocr_rdf.web.pages.graph import Graph, node, text
from pfocr_rdf.web.pages.links import Kind, Links
from pfocr_rdf.web.pages.read_entity import read_partners
from pfocr_rdf.web.pages.read_node import read_node, values
from pfocr_rdf.web.pages.views import CountedRef

_PAIRS_IN: Final = 300


def network(graph: Graph, links: Links, iri: str) -> dict[str, object] | None:
    """Return the answer of `/api/network/{gene}`, or None when the graph has no such gene.

    Returns:
        `nodes`: id, label, page and shared figures of each gene, the asked one first and
        marked as `centre`; `edges`: source, target and the number of figures in which both
        stand, of the asked gene's figures: of `_PAIRS_IN` of them between two neighbours. At
        most `read_entity.PARTNERS` neighbours.
    """
    gene = read_node(graph, iri)
    if gene is None or not gene.is_a(SCHEMA.Gene):
        return None
    partners = read_partners(graph, iri)
    label = gene.one(SCHEMA.name) or iri
    nodes: list[dict[str, object]] = [
        {
            "id": iri,
            "label": label,
            "page": links.page(Kind.GENE, iri),
            "figures": 0,
            "centre": True,
        }
    ]
    nodes += (
        {
            "id": partner.ref.iri,
            "label": partner.ref.label,
            "page": links.page(Kind.GENE, partner.ref.iri),
            "figures": partner.count,
            "centre": False,
        }
        for partner in partners
    )
    edges: list[dict[str, object]] = [
        {"source": iri, "target": partner.ref.iri, "figures": partner.count} for partner in partners
    ]
    edges += (
        {"source": one, "target": other, "figures": count}
        for (one, other), count in sorted(_pairs(graph, iri, partners).items())
    )
    return {"nodes": nodes, "edges": edges}


def _pairs(graph: Graph, iri: str, partners: Sequence[CountedRef]) -> Counter[tuple[str, str]]:
    """How often two neighbours stand together in figures of a gene."""
    if not partners:
        return Counter()
    asked = queries.AMONG % (_PAIRS_IN, values(partner.ref.iri for partner in partners))
    beside: dict[str, list[str]] = {}
    for row in graph.rows(asked, this=node(iri)):
        beside.setdefault(text(row, "figure"), []).append(text(row, "other"))
    return Counter(pair for others in beside.values() for pair in combinations(sorted(others), 2))
