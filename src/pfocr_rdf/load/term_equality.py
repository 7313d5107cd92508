"""Which terms count as the same when a store gives back what it was given.

Two terms are the same when they are equal as RDF terms: same IRI; or same text, datatype and
language. A store may do only what is measured of it, and what loses nothing:

| term | what is sent | what comes back | from |
|---|---|---|---|
| xsd:decimal | 0.8150, 1.0 | 0.815, 1 | Oxigraph, Virtuoso |
| xsd:integer | 007 | 7 | Oxigraph, Virtuoso |
| rdf:langString | en-GB | en-gb (a tag has no case) | Oxigraph, Virtuoso |

So numbers of these two types are compared by value, which must be the same to the last digit,
with their type; all else is compared as it is. What loses something (a date that comes back as
a string, a decimal that is cut after 15 digits) is a difference.

Source: RDF 1.1 Concepts, section 3.3, https://www.w3.org/TR/rdf11-concepts/
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from pfocr_rdf.rdf.terms import XSD_DECIMAL, XSD_INTEGER, XSD_STRING, Literal, Term

_NUMBERS: Final = {
    XSD_INTEGER: re.compile(r"[+-]?[0-9]+"),
    XSD_DECIMAL: re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
}
"""Datatypes whose literals a store may write otherwise, and what is one of theirs."""


def comparable(term: Term) -> Term:
    """Return a term as all stores must give it back.

    Example:
        >>> comparable(Literal("0.8150", XSD_DECIMAL)).lexical
        '0.815'
    """
    if not isinstance(term, Literal):
        return term
    number = _NUMBERS.get(term.datatype)
    if number is not None and number.fullmatch(term.lexical):
        return term._replace(lexical=_canonical(term.lexical))
    return term._replace(language=term.language.lower())


def shown_term(term: Term, most: int) -> str:
    """Return a term for people: one line of so many characters of its text at most."""
    if not isinstance(term, Literal):
        return f"<{term}>"
    text = " ".join(term.lexical.split())
    text = f'"{text if len(text) <= most else text[:most] + "…"}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype == XSD_STRING else f"{text}^^<{term.datatype}>"


def _canonical(lexical: str) -> str:
    text = f"{Decimal(lexical):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
