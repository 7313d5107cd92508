"""A gene and the genes it shares figures with, as a picture takes them: nodes and edges."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from pfocr_rdf.query.index import CountedRef, Index
from pfocr_rdf.rdf import Kind
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.read_entity import PARTNERS


def network(index: Index, links: Links, iri: str) -> dict[str, object] | None:
    """Return the answer of `/api/network/{gene}`, or None when the release has no such gene.

    Returns:
        `nodes`: id, label, page and shared figures of each gene, the asked one first and
        marked as `centre`; `edges`: source, target and in how many of the asked gene's figures
        both stand. At most `read_entity.PARTNERS` neighbours.
    """
    number = index.entity_number(iri, Kind.GENE)
    if number is None:
        return None
    figures = index.shown_in(number).figures
    counts = index.count_mentioned(figures)
    del counts[number]
    partners = index.most(counts, Kind.GENE, PARTNERS)
    centre = CountedRef(index.ref(number, Kind.GENE), 0)
    nodes: list[dict[str, object]] = [
        {
            "id": each.ref.iri,
            "label": each.ref.label,
            "page": links.page(Kind.GENE, each.ref.iri),
            "figures": each.count,
            "centre": each is centre,
        }
        for each in (centre, *partners)
    ]
    iris = {index.entity_number(each.ref.iri, Kind.GENE): each.ref.iri for each in partners}
    wanted, pairs = frozenset(iris), Counter[tuple[str, str]]()
    for figure in figures:
        others = sorted(iris[each] for each in wanted.intersection(index.mentioned(figure)))
        pairs.update(combinations(others, 2))
    edges: list[dict[str, object]] = [
        {"source": iri, "target": partner.ref.iri, "figures": partner.count} for partner in partners
    ]
    edges += (
        {"source": one, "target": other, "figures": count}
        for (one, other), count in sorted(pairs.items())
    )
    return {"nodes": nodes, "edges": edges}
