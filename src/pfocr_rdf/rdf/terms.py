"""RDF terms as plain values: the only data that mapping, writing and validating exchange.

A term is a `str` (an IRI), a `Literal` or a `BlankNode`. They hash and compare in C,
which is why they are not dataclasses: a release has about 30 million triples.

Source: RDF 1.1 Concepts, https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, NewType

IRI = NewType("IRI", str)

XSD = "http://www.w3.org/2001/XMLSchema#"
XSD_STRING = IRI(XSD + "string")
XSD_INTEGER = IRI(XSD + "integer")
XSD_DECIMAL = IRI(XSD + "decimal")
XSD_GYEAR = IRI(XSD + "gYear")
XSD_DATE = IRI(XSD + "date")
RDF_LANG_STRING = IRI("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


class Literal(NamedTuple):
    """A literal, kept in the lexical form it was written in.

    `language` is "" unless `datatype` is rdf:langString. Two literals are equal when
    they are the same RDF term: "1"^^xsd:integer and "01"^^xsd:integer differ.
    """

    lexical: str
    datatype: IRI = XSD_STRING
    language: str = ""


class BlankNode(NamedTuple):
    """A blank node of a file we were given; the exporter itself never makes one."""

    label: str


Subject = IRI | BlankNode
Term = IRI | Literal | BlankNode
Triple = tuple[Subject, IRI, Term]


PredicateObjects = tuple[IRI, tuple[Term, ...]]
"""A predicate with its objects, as a node has them."""


class Node(NamedTuple):
    """One subject with all it says: (predicate, objects) pairs in writing order.

    A predicate stands once; its objects are sorted and distinct and never empty.
    """

    subject: IRI
    properties: tuple[PredicateObjects, ...]

    def triples(self) -> Iterator[tuple[IRI, IRI, Term]]:
        """Yield the node as (subject, predicate, object)."""
        for predicate, objects in self.properties:
            for value in objects:
                yield self.subject, predicate, value


def count_triples(nodes: Iterable[Node]) -> int:
    """Return how many triples the nodes hold."""
    return sum(len(objects) for node in nodes for _, objects in node.properties)
