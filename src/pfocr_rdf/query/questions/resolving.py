"""Names that people use, in the place of those by which a question finds: `gene=RANKL`.

A value that the release has stays as it is. Any other is looked up among the words of figures,
aliases, common names and ids; where it has one meaning, that is asked for, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import pyoxigraph

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.answers import run_query
from pfocr_rdf.query.index import Meaning
from pfocr_rdf.query.questions.binding import bind
from pfocr_rdf.query.questions.header import Question
from pfocr_rdf.query.questions.hints import SOUGHT, Sought, is_there
from pfocr_rdf.query.questions.parameters import Parameter, expected_of, terms_of, texts_of
from pfocr_rdf.rdf import SCHEMA, Kind, Literal

Values = Mapping[str, str | Sequence[str]]
_NAMED: Final = {kind: sought for kind, sought in SOUGHT.items() if sought.is_named}


class MeantNames(Protocol):
    """Says what a name means."""

    def sure(self, text: str, kind: Kind) -> Sequence[Meaning]:
        """Return what has just this name, the surest first."""


class Resolved(NamedTuple):
    """Values to be asked for, and a line for each that is not as it was given."""

    values: dict[str, str | list[str]]
    notes: list[str]


def check_values(question: Question, given: Values) -> None:
    """Hold values to their parameters, but for names that may be resolved yet.

    Raises:
        UsageError: As `bind`.
    """
    examples = {
        parameter.name: expected_of(parameter.type)[1]
        for parameter in question.parameters
        if parameter.type in _NAMED and parameter.name in given
    }
    bind(question, {**given, **examples})


def resolve(
    question: Question, given: Values, store: pyoxigraph.Store, names: MeantNames
) -> Resolved:
    """Return values by which a question finds what was meant.

    Args:
        question: What is asked.
        given: Values by parameter.
        store: Of the release.
        names: Of the release.
    """
    values: dict[str, str | list[str]] = {
        name: value if isinstance(value, str) else list(value) for name, value in given.items()
    }
    notes: list[str] = []
    for parameter in question.parameters:
        sought = _NAMED.get(parameter.type)
        if sought is None or parameter.name not in given:
            continue
        asked = []
        for text in _named(store, parameter, sought, given[parameter.name], names):
            known = _is_known(store, parameter, sought, text)
            meant = [] if known else names.sure(text, sought.kind)
            found = _identifier(store, meant[0].iri) if len(meant) == 1 else ""
            asked.append(found or text)
            if found:
                why = f" ({meant[0].reason})" if meant[0].reason else ""
                notes.append(
                    f"parameter {parameter.name}: {text} is taken for {meant[0].label}{why}"
                )
        values[parameter.name] = asked
    return Resolved(values, notes)


def _named(
    store: pyoxigraph.Store,
    parameter: Parameter,
    sought: Sought,
    given: str | Sequence[str],
    names: MeantNames,
) -> Iterator[str]:
    """Yield what was given, of several names parted at blanks where each word is one."""

    def is_name(text: str) -> bool:
        return _is_known(store, parameter, sought, text) or bool(names.sure(text, sought.kind))

    for text in texts_of(parameter, given):
        words = text.split()
        if parameter.several and len(words) > 1 and not is_name(text) and all(map(is_name, words)):
            yield from words
        else:
            yield text


def _is_known(store: pyoxigraph.Store, parameter: Parameter, sought: Sought, text: str) -> bool:
    try:
        terms = terms_of(parameter, text)
    except UsageError:
        return False
    return all(
        isinstance(term, Literal) and is_there(store, sought, term.lexical) for term in terms
    )


def _identifier(store: pyoxigraph.Store, iri: str) -> str:
    answer = run_query(
        store, f"SELECT ?id {{ <{iri}> <{SCHEMA.identifier}> ?id }} ORDER BY DESC(?id)"
    )
    found = (term for (term,) in answer.rows())
    return next((term.value for term in found if isinstance(term, pyoxigraph.Literal)), "")
