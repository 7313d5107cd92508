"""A node asked by predicate: what it says first, all that it says, and as what kind of term."""

from __future__ import annotations

from typing import Final

from pfocr_rdf.rdf.terms import IRI, Literal, Node, Term
from pfocr_rdf.rdf.vocabulary import RDF

_NONE: Final[tuple[Term, ...]] = ()


class NodeView:
    """A node whose properties are looked up by predicate.

    Example:
        >>> gene = NodeView(Node(IRI("x"), ((IRI("name"), (Literal("TP53"),)),)))
        >>> gene.first(IRI("name")), gene.text(IRI("name")), gene.iris(IRI("name"))
        ('TP53', 'TP53', [])
    """

    __slots__ = ("_properties", "iri")

    def __init__(self, node: Node) -> None:
        self.iri = node.subject
        self._properties = dict(node.properties)

    def __contains__(self, predicate: IRI) -> bool:
        return predicate in self._properties

    def terms(self, predicate: IRI) -> tuple[Term, ...]:
        """Return the objects of a predicate, in their order."""
        return self._properties.get(predicate, _NONE)

    def first(self, predicate: IRI) -> str:
        """Return the first object as text, an IRI or what a literal reads; "" when there is none."""
        terms = self._properties.get(predicate)
        return "" if terms is None else _shown(terms[0])

    def all(self, predicate: IRI) -> tuple[str, ...]:
        """Return all objects as text, in their order."""
        return tuple([_shown(term) for term in self.terms(predicate)])

    def text(self, predicate: IRI) -> str:
        """Return what the first literal reads, "" when there is none."""
        return next(iter(self.texts(predicate)), "")

    def texts(self, predicate: IRI) -> list[str]:
        """Return what the literals read, without their datatypes."""
        return [term.lexical for term in self.terms(predicate) if isinstance(term, Literal)]

    def iri_of(self, predicate: IRI) -> IRI | None:
        """Return the first IRI, None when there is none."""
        return next(iter(self.iris(predicate)), None)

    def iris(self, *predicates: IRI) -> list[IRI]:
        """Return the IRIs of some predicates, each once."""
        found = [
            term
            for predicate in predicates
            for term in self.terms(predicate)
            if isinstance(term, str)
        ]
        return list(dict.fromkeys(found))

    def is_a(self, of_class: IRI) -> bool:
        """Say whether the node is of a class."""
        return of_class in self.terms(RDF.type)


def _shown(term: Term) -> str:
    return term.lexical if isinstance(term, Literal) else str(term)
