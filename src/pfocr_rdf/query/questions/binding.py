"""Values into a question: the only place where a text that a user typed meets SPARQL.

A value stands in the `VALUES` of its parameter. What is a property stands in the place of
`schema:mentions`, as planners make little of a property that is a variable.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.query.questions.header import Question
from pfocr_rdf.query.questions.parameters import ParameterType, expected_of, terms_of
from pfocr_rdf.rdf import SCHEMA, Term, ntriples_term

_MENTIONS: Final = "schema:mentions"
# A brace within a string is none.
_BLOCK = re.compile(
    r'VALUES \?(?P<name>[a-z][a-z0-9_]*) \{ (?P<values>(?:"(?:[^"\\]|\\.)*"|[^"{}])*?) \}'
    rf"|(?P<way>{_MENTIONS})\b"
)


def bind(question: Question, given: Mapping[str, str | Sequence[str]]) -> str:
    """Return the SPARQL of a question with values in it.

    Args:
        question: The question.
        given: Values by the name of their parameter; those not given have their defaults.

    Raises:
        UsageError: A parameter is unknown, missing or mistyped; one line says what to do.

    Example:
        >>> from pfocr_rdf.query.questions import load_questions
        >>> text = bind(load_questions()["figures-of-gene"], {"gene": "HGNC:11926"})
        >>> 'VALUES ?gene { "hgnc:11926" }' in text
        True
    """
    names = [parameter.name for parameter in question.parameters]
    for name in given:
        if name not in names:
            raise UsageError(
                f"parameter {name}: {question.name} has no such parameter{_instead(name, names)}"
            )
    bound: dict[str, str] = {}
    way = _MENTIONS
    for parameter in question.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            expected, example = expected_of(parameter.type)
            raise UsageError(
                f"parameter {parameter.name}: {question.name} needs it, found none "
                f"(give {expected}, for example {parameter.name}={example})"
            )
        terms = terms_of(parameter, value)
        if parameter.type is ParameterType.TIER and SCHEMA.mentions in terms:
            terms = (SCHEMA.mentions,)  # the others are of it, and would count twice
        if parameter.type is not ParameterType.CERTAIN:
            bound[parameter.name] = _values(terms)
        elif terms != (SCHEMA.mentions,):
            way = _values(terms)
    # In one pass, so that what is put in is never looked into.
    return _BLOCK.sub(
        lambda block: (
            way
            if block["way"]
            else _block(block["name"], bound.get(block["name"], block["values"]))
        ),
        question.text,
    )


def check_defaults(question: Question) -> None:
    """Hold the text of a question to the defaults that its header states.

    Raises:
        InputError: The text lacks the `VALUES` of a parameter, or has other values there; or it
            lacks what the way of mentioning is put in the place of.
    """
    found: dict[str, set[str]] = {}
    for block in _BLOCK.finditer(question.text):
        if not block["way"]:
            found.setdefault(block["name"], set()).add(block["values"])
    for name, default, terms in (
        (p.name, p.default, terms_of(p, p.default) if p.default is not None else ())
        for p in question.parameters
        if p.type is not ParameterType.CERTAIN
    ):
        due = _values(terms) if default is not None else "UNDEF"
        if found.get(name) != {due}:
            raise InputError(
                f"{question.name}.rq: expected `{_block(name, due)}`, "
                f"found {sorted(found.get(name, ())) or 'none'}"
            )
    takes_certain = any(p.type is ParameterType.CERTAIN for p in question.parameters)
    if takes_certain and not any(block["way"] for block in _BLOCK.finditer(question.text)):
        raise InputError(f"{question.name}.rq: expected `{_MENTIONS}` for `certain`, found none")


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return the known name that is nearest to one that is not known; "" when none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return near[0] if near else ""


def _instead(name: str, names: Sequence[str]) -> str:
    if not names:
        return " (it has none)"
    near = did_you_mean(name, names)
    return f" (did you mean {near}?)" if near else f" (it has {', '.join(names)})"


def _block(name: str, values: str) -> str:
    return f"VALUES ?{name} {{ {values} }}"


def _values(terms: Sequence[Term]) -> str:
    return " ".join(map(ntriples_term, terms))
