"""What the pages on the release, on queries and on errors show."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from pfocr_rdf.query.questions.hints import SOUGHT
from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.web.pages import queries
from pfocr_rdf.web.pages.graph import Graph, Row, number, text
from pfocr_rdf.web.pages.views import (
    AboutView,
    Completion,
    Count,
    ErrorView,
    FileItem,
    QueryView,
    QuestionItem,
)

if TYPE_CHECKING:
    from pfocr_rdf.query.questions import Question
    from pfocr_rdf.release.opened import Release

_ADVICE: Final = {
    404: "Search for a gene symbol, a figure's title or a word of its caption.",
    406: "Ask for text/html, text/turtle, application/ld+json or application/n-triples, "
    "or put .ttl, .jsonld or .nt behind the address.",
}


def about_view(graph: Graph, release: Release) -> AboutView:
    """Return what a release says about itself, and its files."""
    rows = graph.rows(queries.DATASET)
    dataset: Row = rows[0] if rows else {}
    prefixes = Prefixes(Iris(release.iri_style))
    return AboutView(
        name=release.name,
        key=release.key,
        iri_style=release.iri_style.value,
        title=text(dataset, "title"),
        description=text(dataset, "description"),
        license=text(dataset, "license"),
        creator=text(dataset, "creator"),
        triples=release.triples,
        classes=tuple(
            Count(prefixes.curie(IRI(term)) or term, number(row, "entities"), term)
            for row in graph.rows(queries.CLASSES)
            if (term := text(row, "term"))
        ),
        files=tuple(
            FileItem(file.name, file.bytes, file.triples, file.sha256, file.media_type)
            for file in release.outputs
        ),
    )


def query_view(
    graph: Graph, questions: Mapping[str, Question], release: Release, selected: str = ""
) -> QueryView | None:
    """Return the query page, or None when `selected` is no question.

    Each question comes with its defaults, to be changed in the editor.
    """
    if selected and selected not in questions:
        return None
    prefixes = Prefixes(Iris(release.iri_style))
    labels = {text(row, "term"): text(row, "label") for row in graph.rows(queries.TERM_LABELS)}

    def completions(query: str) -> tuple[Completion, ...]:
        terms = (text(row, "term") for row in graph.rows(query))
        return tuple(
            Completion(term, prefixes.curie(IRI(term)) or term, labels.get(term, ""))
            for term in terms
        )

    return QueryView(
        questions=tuple(
            QuestionItem(
                question.name,
                question.title,
                question.description,
                question.keywords,
                question.federated,
                question.text,
            )
            for question in questions.values()
        ),
        selected=selected,
        prefixes=prefixes.namespaces,
        classes=completions(queries.CLASSES),
        properties=completions(queries.PROPERTIES),
        sought={
            parameter.name: SOUGHT[parameter.type].kind.value
            for question in questions.values()
            for parameter in question.parameters
            if parameter.type in SOUGHT and SOUGHT[parameter.type].is_named
        },
    )


def error_view(status: int, message: str = "") -> ErrorView:
    """Return the page of an error; `message` is one line for the reader, never a traceback."""
    known = HTTPStatus(status)
    return ErrorView(status, known.phrase, message or known.description, _ADVICE.get(status, ""))
