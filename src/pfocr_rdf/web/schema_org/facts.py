"""Where makers of pages look up the entities that a figure names."""

from __future__ import annotations

from collections.abc import Callable

from pfocr_rdf.rdf import IRI, Node, NodeView

Lookup = Callable[[IRI], Node | None]
"""The entity of an IRI, or None when the release has none."""


def facts_about(iri: IRI | None, entity: Lookup) -> NodeView | None:
    """Return what an entity says, or None when there is no such entity."""
    node = entity(iri) if iri else None
    return NodeView(node) if node else None
