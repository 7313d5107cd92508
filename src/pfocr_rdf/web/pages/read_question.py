"""What the pages of questions show: all of them by topic, and one as a form with its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

import pyoxigraph

from pfocr_rdf.query import figid_in, said_number
from pfocr_rdf.query.questions import (
    REASONS,
    SOUGHT,
    TIERS,
    Hint,
    Parameter,
    ParameterType,
    QueryForm,
    Question,
    Topic,
    expected_of,
    texts_of,
)
from pfocr_rdf.rdf import IRI, Iris, Prefixes
from pfocr_rdf.web.pages.links import Links, web_address
from pfocr_rdf.web.pages.views import Paged

ROWS_OF_ANSWER: Final = 100
"""Rows of an answer on a page."""
_LINES_OF_GRAPH: Final = 300
_LONGEST_VALUE: Final = 2000
_CHOICES: Final[Mapping[ParameterType, Sequence[str]]] = {
    ParameterType.CERTAIN: ("no", "yes"),
    ParameterType.TIER: tuple(TIERS),
    ParameterType.REASON: tuple(REASONS),
}
_NUMBERS: Final = {ParameterType.YEAR: (1000, 2999), ParameterType.INTEGER: (1, 999_999_999)}
_FORMATS: Final = {
    QueryForm.SELECT: {"csv": "CSV", "tsv": "TSV", "json": "JSON", "ttl": "Turtle"},
    QueryForm.ASK: {"csv": "CSV", "tsv": "TSV", "json": "JSON", "ttl": "Turtle"},
    QueryForm.CONSTRUCT: {"ttl": "Turtle", "nt": "N-Triples", "json": "JSON-LD"},
}
AskedValues = Mapping[str, str | Sequence[str]]
"""Values by the name of their parameter."""


class LinkItem(NamedTuple):
    """A link by its words."""

    label: str
    address: str


class TopicView(NamedTuple):
    """A topic, and its questions: title, address and description of each."""

    name: str
    questions: tuple[tuple[LinkItem, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionsView:
    """All questions."""

    topics: tuple[TopicView, ...]
    count: int


class FieldItem(NamedTuple):
    """A field of a form.

    Attributes:
        name: Of the parameter.
        about: What it takes.
        values: That it has.
        example: A value it could have.
        several: Whether it takes several.
        choices: All there are, () where any text may be given.
        least: Of a number, None of what is none.
        most: Likewise.
        kind: The noun of what it names, "" where there are no suggestions.
    """

    name: str
    about: str
    values: tuple[str, ...]
    example: str
    several: bool
    choices: tuple[str, ...]
    least: int | None
    most: int | None
    kind: str


class AnswerCell(NamedTuple):
    """A value of an answer: what it says, its page ("" without), and the IRI it stands for."""

    text: str
    page: str
    iri: str
    is_number: bool


class QuestionHint(NamedTuple):
    """A name that the release does not have, and what may have been meant."""

    said: str
    near: tuple[tuple[LinkItem, str], ...]


class QuestionAnswer(NamedTuple):
    """What came of a question.

    Attributes:
        page: Which part of the rows is shown, from 1.
        sparql: That was asked, "" when the values are at fault.
        notes: What was taken for what.
        fault: Why there is no answer.
        waits: Whether it is asked only on demand, as it takes long.
        refused: Endpoints that it needs and the server does not ask.
        variables: Of rows.
        rows: All of them, None where there are none to show.
        truth: Of a question for yes or no.
        graph: In Turtle.
        hints: Why there is nothing.
    """

    page: int = 1
    sparql: str = ""
    notes: tuple[str, ...] = ()
    fault: str = ""
    waits: bool = False
    refused: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    rows: Sequence[Sequence[object]] | None = None
    truth: bool | None = None
    graph: str = ""
    hints: tuple[Hint, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it was answered, and with nothing."""
        has_rows = self.rows is not None and not self.rows
        return has_rows or self.truth is False


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question: its form, and its answer if there is one."""

    name: str
    title: str
    description: str
    topic: str
    federated: tuple[str, ...]
    slow: str
    fields: tuple[FieldItem, ...]
    answer: QuestionAnswer
    edit: str
    hints: tuple[QuestionHint, ...]
    wider: tuple[LinkItem, ...]
    columns: tuple[tuple[str, bool], ...]
    rows: Paged[tuple[AnswerCell, ...]]
    graph: str
    graph_lines: int
    downloads: tuple[LinkItem, ...]
    before: str
    after: str


def questions_view(questions: Iterable[Question], links: Links) -> QuestionsView:
    """Return all questions, by topic."""
    known = tuple(questions)
    topics = (
        TopicView(
            topic.value,
            tuple(
                (LinkItem(each.title, links.question(each.name)), each.description)
                for each in known
                if each.topic is topic
            ),
        )
        for topic in Topic
    )
    return QuestionsView(tuple(topic for topic in topics if topic.questions), len(known))


def short_values(question: Question, given: AskedValues) -> dict[str, list[str]]:
    r"""Return values as an address has them: no blanks, no defaults, a list as one text.

    Example:
        >>> from pfocr_rdf.query.questions import load_questions
        >>> question = load_questions()["figures-of-genes"]
        >>> short_values(question, {"genes": "TP53\nMDM2", "certain": "no"})
        {'genes': ['TP53,MDM2']}
    """
    parameters = {parameter.name: parameter for parameter in question.parameters}
    short: dict[str, list[str]] = {}
    for name, value in given.items():
        parameter = parameters.get(name)
        texts = [value] if isinstance(value, str) else list(value)
        if parameter is not None:
            texts = texts_of(parameter, texts)
            if texts in ([""], _default(parameter)):
                continue
            if parameter.several:
                texts = [",".join(texts)]
        short[name] = texts
    return short


def question_view(
    question: Question, given: AskedValues, answer: QuestionAnswer, links: Links
) -> QuestionView | None:
    """Return the page of a question, or None when its answer has no such part.

    Args:
        question: The question.
        given: Values, as `short_values` has them.
        answer: What came of it.
        links: Where pages are.
    """
    rows = answer.rows or ()
    paged: Paged[tuple[AnswerCell, ...]] = Paged((), len(rows), answer.page, ROWS_OF_ANSWER)
    if answer.page > paged.pages:
        return None
    prefixes = Prefixes(Iris(links.style))
    shown = [
        tuple(_cell(term, links, prefixes) for term in row)
        for row in rows[paged.first - 1 : paged.first - 1 + ROWS_OF_ANSWER]
    ]
    lines = answer.graph.splitlines(keepends=True)

    def at(page: int) -> str:
        return links.question(question.name, {**given, "page": str(page)})

    return QuestionView(
        name=question.name,
        title=question.title,
        description=question.description,
        topic=question.topic.value,
        federated=question.federated,
        slow=question.slow,
        fields=tuple(_field(each, given) for each in question.parameters),
        answer=answer,
        edit=f"{links.query()}#query={quote(answer.sparql, safe='')}" if answer.sparql else "",
        hints=tuple(_hint(question, given, each, links) for each in answer.hints),
        wider=tuple(_wider(question, given, links)) if answer.is_empty and not answer.hints else (),
        columns=tuple(
            (_heading(name), any(row[column].is_number for row in shown))
            for column, name in enumerate(answer.variables)
        ),
        rows=Paged(tuple(shown), len(rows), answer.page, ROWS_OF_ANSWER),
        graph="".join(lines[:_LINES_OF_GRAPH]),
        graph_lines=len(lines),
        downloads=tuple(
            LinkItem(label, links.question(question.name, given, suffix))
            for suffix, label in _FORMATS[question.form].items()
        ),
        before=at(answer.page - 1) if answer.page > 1 else "",
        after=at(answer.page + 1) if answer.page < paged.pages else "",
    )


def _default(parameter: Parameter) -> list[str] | None:
    return None if parameter.default is None else texts_of(parameter, parameter.default)


def _field(parameter: Parameter, given: AskedValues) -> FieldItem:
    value = given.get(parameter.name, parameter.default or "")
    texts = texts_of(parameter, value)
    sought = SOUGHT.get(parameter.type)
    least, most = _NUMBERS.get(parameter.type, (None, None))
    choices = tuple(_CHOICES.get(parameter.type, ()))
    return FieldItem(
        name=parameter.name,
        about=parameter.description,
        values=tuple(text[:_LONGEST_VALUE] for text in texts),
        example=parameter.default or expected_of(parameter.type)[1],
        several=parameter.several,
        choices=choices,
        least=least,
        most=most,
        kind=sought.kind.value if sought is not None and sought.is_named else "",
    )


def _hint(question: Question, given: AskedValues, hint: Hint, links: Links) -> QuestionHint:
    parameter = next(each for each in question.parameters if each.name == hint.parameter)
    texts = texts_of(parameter, given.get(parameter.name, parameter.default or ""))

    def instead(name: str) -> str:
        others = [name if text == hint.wanted else text for text in texts]
        # What was given may be spelled otherwise than it is sought.
        value = others if parameter.several and others != texts else [name]
        return links.question(
            question.name, short_values(question, {**given, parameter.name: value})
        )

    near = tuple((LinkItem(name, instead(name)), reason) for name, reason in hint.near)
    return QuestionHint(f"This release has no {hint.kind} “{hint.wanted}”.", near)


def _wider(question: Question, given: AskedValues, links: Links) -> Iterable[LinkItem]:
    """Yield what the same question asks with fewer conditions."""
    for parameter in question.parameters:
        value = given.get(parameter.name)
        if value is None:
            continue
        others = {name: value for name, value in given.items() if name != parameter.name}
        if parameter.type is ParameterType.CERTAIN:
            address = links.question(question.name, others)
            yield LinkItem("Take what may be read otherwise too", address)
        elif parameter.type is ParameterType.TIER and set(texts_of(parameter, value)) != set(TIERS):
            every = {**others, parameter.name: ",".join(TIERS)}
            yield LinkItem("Take all tiers", links.question(question.name, every))


def _heading(variable: str) -> str:
    """Return a variable as the head of its column: `gene_iri` is `Gene IRI`."""
    words = ["IRI" if word == "iri" else word for word in variable.split("_")]
    return " ".join((words[0][0].upper() + words[0][1:], *words[1:]))


def _cell(term: object, links: Links, prefixes: Prefixes) -> AnswerCell:
    if term is None:
        return AnswerCell("", "", "", False)
    if isinstance(term, pyoxigraph.NamedNode):
        iri = term.value
        page = links.of_iri(iri) or web_address(iri) or ""
        return AnswerCell(figid_in(iri) or prefixes.curie(IRI(iri)) or iri, page, iri, False)
    number = said_number(term).replace(",", "\u202f")
    text = term.value if isinstance(term, pyoxigraph.Literal) else str(term)
    return AnswerCell(number or text, "", "", bool(number))
