"""A gene and the genes it shares figures with, as a picture takes them: nodes and edges."""

from __future__ import annotations

from pfocr_rdf.vocabulary import SCHEMA
from pfocr_rdf.web import queries
from pfocr_rdf.web.graph import Graph, node, number, text
from pfocr_rdf.web.links import Kind, Links
from pfocr_rdf.web.read_entity import read_partners
from pfocr_rdf.web.read_node import read_node, values


def network(graph: Graph, links: Links, iri: str) -> dict[str, object] | None:
    """Return the answer of `/api/network/{gene}`, or None when the graph has no such gene.

    Returns:
        `nodes`: id, label, page and shared figures of each gene, the asked one first and
        marked as `centre`; `edges`: source, target and the number of the asked gene's
        figures in which both stand. At most `read_entity.PARTNERS` neighbours.
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
            "id": ref.iri,
            "label": ref.label,
            "page": links.page(Kind.GENE, ref.iri),
            "figures": count,
            "centre": False,
        }
        for ref, count in partners
    )
    edges: list[dict[str, object]] = [
        {"source": iri, "target": ref.iri, "figures": count} for ref, count in partners
    ]
    if partners:
        others = values(ref.iri for ref, _ in partners)
        edges += (
            {
                "source": text(row, "one"),
                "target": text(row, "other"),
                "figures": number(row, "figures"),
            }
            for row in graph.rows(queries.AMONG % (others, others), this=node(iri))
            if "one" in row
        )
    return {"nodes": nodes, "edges": edges}
