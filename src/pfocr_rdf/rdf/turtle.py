"""Nodes -> Turtle and TriG, for reading: prefixes, one block a subject, objects sorted.

Source: https://www.w3.org/TR/turtle/, https://www.w3.org/TR/trig/
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pfocr_rdf.rdf.literals import quoted
from pfocr_rdf.rdf.memo import memo_of_properties
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.rdf.ntriples import ntriples_term
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import (
    IRI,
    XSD_DECIMAL,
    XSD_INTEGER,
    XSD_STRING,
    Literal,
    Node,
    PredicateObjects,
    Term,
)
from pfocr_rdf.rdf.vocabulary import RDF

# Only numbers that rdflib reads in the digits they have stand bare: it makes 5 of 05, 0.5 of
# .5, and of 0.0000001 an "1E-7" that is no xsd:decimal.
_INTEGER = re.compile(r"0|-?[1-9][0-9]*")
_DECIMAL = re.compile(r"[+-]?(?!0+\.000000)[0-9]+\.[0-9]+")
_ON_ONE_LINE = 4
_INDENT = "\n        "


class TurtleFormat:
    """Turtle."""

    suffix = ".ttl"
    media_type = "text/turtle"
    joint = b""

    def __init__(self, prefixes: Prefixes) -> None:
        self.prefixes = prefixes
        self._curies = prefixes.curies
        self._lines = memo_of_properties(self._line)

    def header(self) -> bytes:
        """Return the prefixes."""
        lines = (f"@prefix {p}: <{ns}> .\n" for p, ns in self.prefixes.namespaces.items())
        return ("".join(lines) + "\n").encode()

    def footer(self) -> bytes:
        """Return nothing: a Turtle document just ends."""
        return b""

    def figure(self, figure: FigureNodes) -> bytes:
        """Return a figure and, after it, its mentions."""
        # What a figure says of itself is said once: it would only push out what comes again.
        own = self._block(figure.figure, map(self._lines.make, figure.figure.properties))
        return (own + self._blocks(figure.mentions)).encode()

    def nodes(self, nodes: Iterable[Node]) -> bytes:
        """Return one block a node, in the order given."""
        return self._blocks(nodes).encode()

    def _blocks(self, nodes: Iterable[Node]) -> str:
        lines = self._lines
        return "".join(
            [self._block(node, [lines[said] for said in node.properties]) for node in nodes]
        )

    def _block(self, node: Node, lines: Iterable[str]) -> str:
        body = " ;\n".join(lines)
        subject = node.subject
        # A mention's IRI has no prefix, and is not worth remembering.
        shown = f"<{subject}>" if "#" in subject else self._term(subject)
        return f"{shown}\n{body} .\n\n"

    def _line(self, said: PredicateObjects) -> str:
        predicate, objects = said
        verb = "a" if predicate == RDF.type else self._term(predicate)
        shown = list(map(self._term, objects))
        if len(shown) <= _ON_ONE_LINE:
            return f"    {verb} {' , '.join(shown)}"
        return f"    {verb}{_INDENT}" + f" ,{_INDENT}".join(shown)

    def _term(self, term: Term) -> str:
        if isinstance(term, Literal):
            lexical, datatype, language = term
            if datatype == XSD_STRING:
                return quoted(lexical)
            if (datatype == XSD_INTEGER and _INTEGER.fullmatch(lexical)) or (
                datatype == XSD_DECIMAL and _DECIMAL.fullmatch(lexical)
            ):
                return lexical
            if language:
                return f"{quoted(lexical)}@{language}"
            return f"{quoted(lexical)}^^{self._curies[datatype] or f'<{datatype}>'}"
        if isinstance(term, str):
            return self._curies[term] or f"<{term}>"
        return ntriples_term(term)


class TriGFormat(TurtleFormat):
    """TriG: the Turtle of the export inside its one named graph."""

    suffix = ".trig"
    media_type = "application/trig"

    def __init__(self, prefixes: Prefixes, graph: IRI) -> None:
        super().__init__(prefixes)
        self.graph = graph

    def header(self) -> bytes:
        """Return the prefixes and the opening of the graph."""
        return super().header() + f"<{self.graph}> {{\n\n".encode()

    def footer(self) -> bytes:
        """Return the end of the graph."""
        return b"}\n"
