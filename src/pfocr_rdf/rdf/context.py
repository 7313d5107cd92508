"""The JSON-LD context, made from the closed vocabulary; `ontology/context.jsonld` is its text.

Run `python -m pfocr_rdf.rdf.context > ontology/context.jsonld` after a change of the vocabulary;
a test holds the file against it.

Source: JSON-LD 1.1, https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

import sys
from typing import Final

import orjson

from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, PROPERTIES, SCHEMA, Range

REVERSE_TARGET: Final = "hasMention"
"""A figure's mentions nest inside it under this key: oa:hasTarget, read backwards."""

_COERCION: Final = {
    Range.IRI: "@id",
    Range.INTEGER: "xsd:integer",
    Range.DECIMAL: "xsd:decimal",
    Range.YEAR: "xsd:gYear",
    Range.DATE: "xsd:date",
}
_PLAIN_KEYS: Final = (SCHEMA.base, PFOCR.base, OA.base)


def json_keys(prefixes: Prefixes) -> dict[IRI, str]:
    """Return the JSON key of each property: its bare name for schema, pfocr and oa."""
    keys: dict[IRI, str] = {}
    for iri in PROPERTIES:
        curie = prefixes.curie(iri)
        assert curie is not None, iri
        plain = iri.startswith(_PLAIN_KEYS)
        keys[iri] = curie.partition(":")[2] if plain else curie
    return keys


def make_context(prefixes: Prefixes) -> dict[str, object]:
    """Return the context of an export with these prefixes."""
    context: dict[str, object] = {"@version": 1.1, **prefixes.namespaces}
    for iri, key in json_keys(prefixes).items():
        _, kind, many = PROPERTIES[iri]
        term: dict[str, object] = {"@id": prefixes.curie(iri)}
        if kind in _COERCION:
            term["@type"] = _COERCION[kind]
        if many:
            term["@container"] = "@set"
        context[key] = term if len(term) > 1 else term["@id"]
    context[REVERSE_TARGET] = {"@reverse": prefixes.curie(OA.hasTarget), "@container": "@set"}
    return context


def context_text() -> bytes:
    """Return `ontology/context.jsonld`."""
    document = {"@context": make_context(Prefixes(Iris()))}
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, option=options)


if __name__ == "__main__":
    sys.stdout.buffer.write(context_text())
