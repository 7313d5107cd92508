"""Why an answer may be empty: a release has nothing of a name that was asked for.

Such a name is no fault, as another release may have it; but most often it is mistyped, or a
symbol that was renamed, and an empty table would not say so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import pyoxigraph

from pfocr_rdf.query.answers import run_query
from pfocr_rdf.query.questions.header import Question
from pfocr_rdf.query.questions.parameters import ParameterType, terms_of
from pfocr_rdf.rdf import IRI, OA, PFOCR, SCHEMA, Kind, Literal, ntriples_term

_MOST: Final = 3  # names that are proposed
_LOOKED_AT: Final = 50  # of all kinds, of which some are of the kind that is sought
_LEAST_LIKE: Final = 0.7
_IDENTIFIER: Final = re.compile(r"(?:hgnc|ncbigene|chebi|mesh|doid|ncbitaxon):\S+")


class Near(Protocol):
    """An entity whose name is like a text; `matched` is that name, `label` what it is called."""

    @property
    def kind(self) -> str:
        """What it is, by its noun."""

    @property
    def label(self) -> str:
        """What it is called."""

    @property
    def matched(self) -> str:
        """The name that is like the text."""


class CompletionNames(Protocol):
    """Finds names that may have been meant."""

    def suggest(self, text: str, limit: int = 8) -> Sequence[Near]:
        """Return the entities whose names are most like a text, best first."""


class Sought(NamedTuple):
    """What a parameter names.

    Attributes:
        kind: What it is; `CompletionNames` says it by the same noun.
        by: The properties by which a question finds it.
        is_named: Whether `CompletionNames` knows it.
    """

    kind: Kind
    by: tuple[IRI, ...]
    is_named: bool = False


_BY_ANY: Final = (SCHEMA.name, SCHEMA.alternateName, SCHEMA.identifier)
SOUGHT: Final[Mapping[ParameterType, Sought]] = {
    ParameterType.GENE: Sought(Kind.GENE, (SCHEMA.name, SCHEMA.identifier), True),
    ParameterType.ENTREZ: Sought(Kind.GENE, (SCHEMA.identifier,)),
    ParameterType.CHEMICAL: Sought(Kind.CHEMICAL, _BY_ANY, True),
    ParameterType.DISEASE: Sought(Kind.DISEASE, _BY_ANY, True),
    ParameterType.ORGANISM: Sought(Kind.ORGANISM, _BY_ANY, True),
    ParameterType.JOURNAL: Sought(Kind.JOURNAL, (SCHEMA.name, SCHEMA.alternateName)),
    ParameterType.FIGID: Sought(Kind.FIGURE, (SCHEMA.identifier,)),
    ParameterType.PMCID: Sought(Kind.PAPER, (SCHEMA.identifier,)),
}
"""The types of parameters that name something a release has, or has not."""


class Hint(NamedTuple):
    """A value that nothing in a release has; as a text, a line for the one who asked.

    Attributes:
        parameter: Whose value it is.
        kind: What it should name.
        wanted: The value.
        near: Names that may have been meant, the likeliest first, each with why ("").
    """

    parameter: str
    kind: Kind
    wanted: str
    near: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Return it as a line: `parameter gene: this release has no gene 'X' (did you mean Y?)`."""
        listed = _listed(self.near)
        instead = f" (did you mean {listed}?)" if listed else ""
        return (
            f"parameter {self.parameter}: this release has no {self.kind} {self.wanted!r}{instead}"
        )


def hints(
    question: Question,
    given: Mapping[str, str | Sequence[str]],
    store: pyoxigraph.Store,
    names: CompletionNames,
) -> Iterator[Hint]:
    """Yield each value that nothing in a release has, with names that are near.

    Args:
        question: What was asked.
        given: Values by parameter, as `bind` has taken them; defaults are looked at too.
        store: Of the release.
        names: Of the release.
    """
    for parameter in question.parameters:
        sought = SOUGHT.get(parameter.type)
        value = given.get(parameter.name, parameter.default)
        if sought is None or value is None:
            continue
        for term in terms_of(parameter, value):
            assert isinstance(term, Literal), "what is sought is named by a text"
            wanted = term.lexical
            if parameter.type is ParameterType.ENTREZ:
                wanted = f"ncbigene:{wanted}"
            if not is_there(store, sought, wanted):
                near = _first(_near(store, sought, wanted, names))
                yield Hint(parameter.name, sought.kind, wanted, near)


def is_there(store: pyoxigraph.Store, sought: Sought, wanted: str) -> bool:
    """Say whether a release has what a text names."""
    return run_query(
        store,
        f"ASK {{ VALUES ?wanted {{ {_literal(wanted)} }} "
        f"?it {_path(sought.by)} ?wanted ; a <{sought.kind.of_class}> }}",
    ).truth()


def _near(
    store: pyoxigraph.Store, sought: Sought, wanted: str, names: CompletionNames
) -> Iterator[tuple[str, str]]:
    """Yield what may have been meant and why, best first; some of it may come twice."""
    if _IDENTIFIER.fullmatch(wanted):
        return
    if sought.is_named:
        for called in _called(store, sought, wanted):
            yield called, f"{wanted} in figures"
        for near in names.suggest(wanted, _LOOKED_AT):
            if near.kind == sought.kind:
                yield near.label, "" if near.matched == near.label else near.matched
    elif SCHEMA.name in sought.by:
        for name in _alike(store, sought, wanted):
            yield name, ""


def _called(store: pyoxigraph.Store, sought: Sought, word: str) -> Iterator[str]:
    """Yield the names of what figures call by a word, most often meant first."""
    said = _path((PFOCR.statedSymbol, PFOCR.recognizedText))
    answer = run_query(
        store,
        f"""SELECT (COALESCE(?name, ?id) AS ?called) {{
          {{ SELECT ?it (COUNT(?mention) AS ?times) {{
              VALUES ?word {{ {_literal(word)} }}
              ?mention {said} ?word ; <{OA.hasBody}> ?it
            }} GROUP BY ?it }}
          ?it a <{sought.kind.of_class}> .
          OPTIONAL {{ ?it <{SCHEMA.name}> ?name }}
          OPTIONAL {{ ?it <{SCHEMA.identifier}> ?id }}
        }} ORDER BY DESC(?times) ?called""",
    )
    yield from _texts(answer.rows())


def _alike(store: pyoxigraph.Store, sought: Sought, wanted: str) -> Iterator[str]:
    """Yield names like a text, of a kind of which there are few and `CompletionNames` has none."""
    answer = run_query(
        store,
        f"SELECT DISTINCT ?name {{ ?it a <{sought.kind.of_class}> ; {_path(sought.by)} ?name }}",
    )
    by_key = {name.casefold(): name for name in sorted(_texts(answer.rows()))}
    for key in difflib.get_close_matches(wanted.casefold(), by_key, _MOST, _LEAST_LIKE):
        yield by_key[key]


def _texts(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for (term,) in rows:
        if isinstance(term, pyoxigraph.Literal):
            yield term.value


def _first(near: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the first of some names, each once."""
    reasons: dict[str, str] = {}
    for name, reason in near:
        reasons.setdefault(name, reason)
        if len(reasons) == _MOST:
            break
    return tuple(reasons.items())


def _listed(near: Iterable[tuple[str, str]]) -> str:
    """Return names as a sentence has them: `a (why), b or c`."""
    *others, last = [f"{name} ({reason})" if reason else name for name, reason in near] or [""]
    return f"{', '.join(others)} or {last}" if others else last


def _literal(text: str) -> str:
    return ntriples_term(Literal(text))


def _path(predicates: Iterable[IRI]) -> str:
    return "|".join(f"<{predicate}>" for predicate in predicates)
