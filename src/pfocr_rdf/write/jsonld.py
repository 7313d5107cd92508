"""Nodes -> JSON-LD, for publishing: one nested object a figure, an inline context.

One object stands on one line, so that a dump can be cut, searched and compared by line.

Source: JSON-LD 1.1, https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from pfocr_rdf.context import REVERSE_TARGET, json_keys, make_context
from pfocr_rdf.mapping import FigureGraph
from pfocr_rdf.prefixes import Prefixes
from pfocr_rdf.terms import IRI, XSD_INTEGER, Literal, Node, Term
from pfocr_rdf.vocabulary import PROPERTIES, RDF

_SORTED = orjson.OPT_SORT_KEYS
_SAFE_INTEGER = 2**53


class JsonLdFormat:
    """JSON-LD 1.1."""

    suffix = ".jsonld"
    media_type = "application/ld+json"
    joint = b",\n"

    def __init__(self, prefixes: Prefixes) -> None:
        self._curie = prefixes.curie
        self._context = make_context(prefixes)
        self._keys = {iri: (key, PROPERTIES[iri].many) for iri, key in json_keys(prefixes).items()}

    def header(self) -> bytes:
        """Return the context and the opening of the graph."""
        return b'{"@context":' + orjson.dumps(self._context, option=_SORTED) + b',\n"@graph":[\n'

    def footer(self) -> bytes:
        """Return the end of the document."""
        return b"\n]}\n"

    def figure(self, graph: FigureGraph) -> bytes:
        """Return a figure with its mentions inside."""
        record = self.record(graph.figure)
        if graph.mentions:
            mentions = [self.record(mention) for mention in graph.mentions]
            for mention in mentions:
                # Nested in their figure, they need not name it.
                del mention["hasTarget"]
            record[REVERSE_TARGET] = mentions
        return orjson.dumps(record, option=_SORTED)

    def nodes(self, nodes: Iterable[Node]) -> bytes:
        """Return one object a node."""
        return self.joint.join(orjson.dumps(self.record(node), option=_SORTED) for node in nodes)

    def record(self, node: Node) -> dict[str, object]:
        """Return a node as a JSON object, keys not yet sorted."""
        record: dict[str, object] = {"@id": self._curie(node.subject) or node.subject}
        for predicate, objects in node.properties:
            if predicate == RDF.type:
                record["@type"] = [self._curie(_iri(term)) or term for term in objects]
                continue
            key, many = self._keys[predicate]
            values = [self._value(term) for term in objects]
            record[key] = values if many or len(values) > 1 else values[0]
        return record

    def _value(self, term: Term) -> object:
        if isinstance(term, Literal):
            # A JSON number would turn a decimal into a double; only integers are safe.
            if term.datatype == XSD_INTEGER and int(term.lexical) < _SAFE_INTEGER:
                return int(term.lexical)
            return term.lexical
        return self._curie(_iri(term)) or term


def _iri(term: Term) -> IRI:
    assert isinstance(term, str), "the exporter writes no blank nodes"
    return term
