"""Nodes -> N-Triples and N-Quads, one statement a line.

Source: https://www.w3.org/TR/n-triples/, https://www.w3.org/TR/n-quads/
"""

from __future__ import annotations

from collections.abc import Iterable

from pfocr_rdf.rdf.literals import quoted
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.rdf.terms import IRI, XSD_STRING, BlankNode, Literal, Node, Term


def ntriples_term(term: Term) -> str:
    """Return a term as N-Triples writes it.

    Example:
        >>> ntriples_term(Literal("0.98", IRI("http://www.w3.org/2001/XMLSchema#decimal")))
        '"0.98"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    if isinstance(term, Literal):
        if term.language:
            return f"{quoted(term.lexical)}@{term.language}"
        if term.datatype == XSD_STRING:
            return quoted(term.lexical)
        return f"{quoted(term.lexical)}^^<{term.datatype}>"
    return f"_:{term.label}" if isinstance(term, BlankNode) else f"<{term}>"


class NTriplesFormat:
    """N-Triples."""

    suffix = ".nt"
    media_type = "application/n-triples"
    joint = b""
    end = " .\n"

    def header(self) -> bytes:
        """Return nothing: the format has no header."""
        return b""

    def footer(self) -> bytes:
        """Return nothing: the format has no footer."""
        return b""

    def figure(self, figure: FigureNodes) -> bytes:
        """Return a figure and its mentions."""
        return self.nodes((figure.figure, *figure.mentions))

    def nodes(self, nodes: Iterable[Node]) -> bytes:
        """Return nodes in the order given."""
        end = self.end
        return "".join(
            f"<{node.subject}> <{predicate}> {ntriples_term(value)}{end}"
            for node in nodes
            for predicate, objects in node.properties
            for value in objects
        ).encode()


class NQuadsFormat(NTriplesFormat):
    """N-Quads: every statement in the one named graph."""

    suffix = ".nq"
    media_type = "application/n-quads"

    def __init__(self, graph: IRI) -> None:
        self.end = f" <{graph}> .\n"
