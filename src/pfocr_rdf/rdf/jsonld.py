"""Nodes -> JSON-LD, for publishing: one nested object a figure, an inline context.

One object stands on one line, so that a dump can be cut, searched and compared by line.

Source: JSON-LD 1.1, https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from pfocr_rdf.rdf.context import REVERSE_TARGET, json_keys, make_context
from pfocr_rdf.rdf.memo import memo_of_properties
from pfocr_rdf.rdf.nodes import FigureNodes
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI, XSD_INTEGER, Literal, Node, PredicateObjects, Term
from pfocr_rdf.rdf.vocabulary import OA, PROPERTIES, RDF

_SORTED = orjson.OPT_SORT_KEYS
_SAFE_INTEGER = 2**53


class JsonLdFormat:
    """JSON-LD 1.1."""

    suffix = ".jsonld"
    media_type = "application/ld+json"
    joint = b",\n"

    def __init__(self, prefixes: Prefixes) -> None:
        self._curies = prefixes.curies
        self._context = make_context(prefixes)
        self._members = memo_of_properties(self._member)
        self._keys = {iri: (key, PROPERTIES[iri].many) for iri, key in json_keys(prefixes).items()}

    def header(self) -> bytes:
        """Return the context and the opening of the graph."""
        return b'{"@context":' + orjson.dumps(self._context, option=_SORTED) + b',\n"@graph":[\n'

    def footer(self) -> bytes:
        """Return the end of the document."""
        return b"\n]}\n"

    def figure(self, figure: FigureNodes) -> bytes:
        """Return a figure with its mentions inside."""
        # What a figure says of itself is said once: it would only push out what comes again.
        members = list(map(self._members.make, figure.figure.properties))
        if figure.mentions:
            # Nested in their figure, mentions need not name it.
            mentions = b",".join(
                [self._object(mention, without=OA.hasTarget) for mention in figure.mentions]
            )
            members.append(b'"%b":[%b]' % (REVERSE_TARGET.encode(), mentions))
        return self._braced(figure.figure.subject, members)

    def nodes(self, nodes: Iterable[Node]) -> bytes:
        """Return one object a node."""
        return self.joint.join([self._object(node) for node in nodes])

    def _object(self, node: Node, without: IRI | None = None) -> bytes:
        members = self._members
        shown = [members[said] for said in node.properties if said[0] != without]
        return self._braced(node.subject, shown)

    def _braced(self, subject: IRI, members: list[bytes]) -> bytes:
        # A mention's IRI has no prefix, and is not worth remembering.
        curie = None if "#" in subject else self._curies[subject]
        members.append(b'"@id":' + orjson.dumps(curie or subject))
        # Members begin with their keys, so sorting them sorts by key.
        members.sort()
        return b"{" + b",".join(members) + b"}"

    def _member(self, said: PredicateObjects) -> bytes:
        """Return `"key":value` of a predicate and its objects."""
        predicate, objects = said
        if predicate == RDF.type:
            key, many = "@type", True
        else:
            key, many = self._keys[predicate]
        values = [self._value(term) for term in objects]
        shown = orjson.dumps(values if many or len(values) > 1 else values[0])
        return b'"%b":%b' % (key.encode(), shown)

    def _value(self, term: Term) -> str | int:
        if isinstance(term, Literal):
            # A JSON number would turn a decimal into a double; only integers are safe.
            if term.datatype == XSD_INTEGER and int(term.lexical) < _SAFE_INTEGER:
                return int(term.lexical)
            return term.lexical
        assert isinstance(term, str), "the exporter writes no blank nodes"
        return self._curies[term] or term
