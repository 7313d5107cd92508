"""Terms of Oxigraph <-> ours, without a change of lexical form.

Source: https://pyoxigraph.readthedocs.io/en/stable/model.html
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import pyoxigraph

from pfocr_rdf.rdf.terms import IRI, RDF_LANG_STRING, XSD_STRING, BlankNode, Literal, Term, Triple

# Oxigraph names a node without a label by a random number in hexadecimal.
_ANONYMOUS: Final = re.compile(r"[a-f][0-9a-f]{23,31}|anon[0-9]+")


def term_of(given: object) -> Term:
    """Return a term of ours. IRIs are interned, as a graph repeats its predicates and nodes.

    Args:
        given: Of Oxigraph; no triple term, which RDF 1.1 does not have.
    """
    if isinstance(given, pyoxigraph.NamedNode):
        return IRI(sys.intern(given.value))
    if isinstance(given, pyoxigraph.Literal):
        return Literal(given.value, IRI(sys.intern(given.datatype.value)), given.language or "")
    assert isinstance(given, pyoxigraph.BlankNode), "RDF 1.1 has no triple terms"
    return BlankNode(given.value)


def predicate_of(quad: pyoxigraph.Quad) -> IRI:
    """Return the predicate of a quad."""
    return IRI(sys.intern(quad.predicate.value))


def triples_of(
    quads: Iterable[pyoxigraph.Quad], name: Callable[[str, int], str] | None = None
) -> Iterator[Triple]:
    """Yield the triples of quads; blank nodes without a label are numbered in their order.

    Args:
        quads: As parsed.
        name: Makes another label of a blank node's, and of how many were before it.

    Raises:
        ValueError: A triple term, which RDF 1.1 does not have.
    """
    labels: dict[str, BlankNode] = {}

    def blank(label: str) -> BlankNode:
        node = labels.get(label)
        if node is None:
            node = labels[label] = BlankNode(named(label, len(labels)))
        return node

    named = name or _numbered

    def term(given: object) -> Term:
        if isinstance(given, pyoxigraph.Triple):
            raise ValueError("expected RDF 1.1, found a triple term")  # noqa: TRY004 - of the file
        found = term_of(given)
        return blank(found.label) if isinstance(found, BlankNode) else found

    for quad in quads:
        subject = term(quad.subject)
        assert not isinstance(subject, Literal), "a parser yields no literal subjects"
        yield subject, predicate_of(quad), term(quad.object)


def _numbered(label: str, before: int) -> str:
    return label if _ANONYMOUS.fullmatch(label) is None else f"anon{before}"


def oxigraph_term(
    term: Term,
) -> pyoxigraph.NamedNode | pyoxigraph.Literal | pyoxigraph.BlankNode:
    """Return a term as Oxigraph has it."""
    if isinstance(term, BlankNode):
        return pyoxigraph.BlankNode(term.label)
    if not isinstance(term, Literal):
        return pyoxigraph.NamedNode(term)
    if term.datatype == RDF_LANG_STRING:
        return pyoxigraph.Literal(term.lexical, language=term.language)
    if term.datatype == XSD_STRING:
        return pyoxigraph.Literal(term.lexical)
    return pyoxigraph.Literal(term.lexical, datatype=pyoxigraph.NamedNode(term.datatype))
