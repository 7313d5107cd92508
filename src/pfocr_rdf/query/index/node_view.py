"""A node asked by predicate."""

from __future__ import annotations

from collections.abc import Mapping

from pfocr_rdf.rdf import IRI, RDF, Node


class NodeView:
    """All that a release says of one node.

    Args:
        properties: Values by predicate, IRIs and texts alike.
    """

    def __init__(self, iri: str, properties: Mapping[str, list[str]]) -> None:
        self.iri = iri
        self._properties = properties

    def one(self, predicate: IRI) -> str:
        """Return the first value of a property in order of its text, "" without one."""
        return min(self._properties.get(predicate, ("",)))

    def all(self, predicate: IRI) -> tuple[str, ...]:
        """Return the values of a property, sorted."""
        return tuple(sorted(self._properties.get(predicate, ())))

    def is_a(self, cls: IRI) -> bool:
        """Say whether the node is of a class."""
        return cls in self._properties.get(RDF.type, ())


def said(node: Node) -> NodeView:
    """Return a node to be asked."""
    return NodeView(
        node.subject,
        {
            predicate: [term if isinstance(term, str) else term[0] for term in objects]
            for predicate, objects in node.properties
        },
    )
