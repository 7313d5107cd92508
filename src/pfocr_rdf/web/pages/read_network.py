"""A gene and the genes it shares figures with, as a picture takes them: nodes and edges."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from pfocr_rdf.query.index import Beside, Index, beside, shown_within
from pfocr_rdf.rdf import Kind, Tier
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.read_entity import PARTNERS, usual_tier


def network(
    index: Index, links: Links, iri: str, tier: Tier | None = None
) -> dict[str, object] | None:
    """Return the answer of `/api/network/{gene}`, or None when the release has no such gene.

    Args:
        index: Of the release.
        links: Where pages are.
        iri: Of the gene.
        tier: In which genes count; None for the one that the gene's page begins with.

    Returns:
        `nodes`: id, label, page, shared figures, all figures and cosine of each gene, the asked
        one first and marked as `centre`, the others by cosine; `edges`: source, target and in how many of the asked gene's figures
        both stand. At most `read_entity.PARTNERS` neighbours.
    """
    number = index.entity_number(iri, Kind.GENE)
    if number is None:
        return None
    asked = tier or usual_tier(index, Kind.GENE, number)
    figures = shown_within(index, Kind.GENE, number, asked).figures
    partners = beside(index, Kind.GENE, number, asked, {Kind.GENE: PARTNERS})[Kind.GENE]
    centre = Beside(index.ref(number, Kind.GENE), 0, len(figures), 1.0, number)
    nodes: list[dict[str, object]] = [
        {
            "id": each.ref.iri,
            "label": each.ref.label,
            "page": links.page(Kind.GENE, each.ref.iri),
            "figures": each.shared,
            "all": each.figures,
            "cosine": each.cosine,
            "centre": each is centre,
        }
        for each in (centre, *partners)
    ]
    iris = {index.entity_number(each.ref.iri, Kind.GENE): each.ref.iri for each in partners}
    wanted, pairs = frozenset(iris), Counter[tuple[str, str]]()
    for figure in figures:
        others = sorted(
            iris[each] for each in wanted.intersection(index.mentioned_within(figure, asked))
        )
        pairs.update(combinations(others, 2))
    edges: list[dict[str, object]] = [
        {"source": iri, "target": partner.ref.iri, "figures": partner.shared}
        for partner in partners
    ]
    edges += (
        {"source": one, "target": other, "figures": count}
        for (one, other), count in sorted(pairs.items())
    )
    return {"nodes": nodes, "edges": edges}
