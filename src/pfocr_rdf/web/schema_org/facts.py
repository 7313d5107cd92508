"""What a node of the graph says, asked by property: the form that makers of pages need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pfocr_rdf.rdf.terms import IRI, Literal, Node, Term

Lookup = Callable[[IRI], Node | None]
"""The entity of an IRI, or None when the release has none."""

_NONE: Final[tuple[Term, ...]] = ()


class Facts:
    """A node whose properties are looked up by name.

    Example:
        >>> gene = Facts(Node(IRI("x"), ((IRI("name"), (Literal("TP53"),)),)))
        >>> gene.text(IRI("name")), gene.iris(IRI("sameAs"))
        ('TP53', [])
    """

    __slots__ = ("_said", "iri")

    def __init__(self, node: Node) -> None:
        self.iri = node.subject
        self._said = dict(node.properties)

    def texts(self, predicate: IRI) -> list[str]:
        """Return the literals of a property, without their datatypes."""
        return [term.lexical for term in self._terms(predicate) if isinstance(term, Literal)]

    def text(self, predicate: IRI) -> str:
        """Return the first literal of a property, or ""."""
        return next(iter(self.texts(predicate)), "")

    def iris(self, *predicates: IRI) -> list[IRI]:
        """Return the IRIs of properties, each once."""
        found = [
            IRI(term)
            for predicate in predicates
            for term in self._terms(predicate)
            if isinstance(term, str)
        ]
        return list(dict.fromkeys(found))

    def iri_of(self, predicate: IRI) -> IRI | None:
        """Return the first IRI of a property, or None."""
        return next(iter(self.iris(predicate)), None)

    def _terms(self, predicate: IRI) -> tuple[Term, ...]:
        return self._said.get(predicate, _NONE)


def facts_about(iri: IRI | None, entity: Lookup) -> Facts | None:
    """Return the facts of an entity, or None when there is no such entity."""
    node = entity(iri) if iri else None
    return Facts(node) if node else None
