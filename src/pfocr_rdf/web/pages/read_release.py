"""What the pages on the release, on queries and on errors show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.findings import CODES, Severity
from pfocr_rdf.query.index import term_labels
from pfocr_rdf.query.questions import SOUGHT, Question, bind
from pfocr_rdf.rdf import DCTERMS, IRI, PAV, RDF, VOID, Iris, Prefixes, read_triples
from pfocr_rdf.release import REPORT_FILE, VOID_FILE, Release, purpose_of
from pfocr_rdf.web.pages.citations import release_citation
from pfocr_rdf.web.pages.views import (
    AboutView,
    Completion,
    Count,
    ErrorView,
    FileItem,
    FindingCount,
    Meant,
    QueryView,
    QuestionItem,
)

_FIRST: Final = "figures-of-gene"
_ADVICE: Final = {
    404: "Search for a gene symbol, a figure's title or a word of its caption.",
    406: "Ask for text/html, text/turtle, application/ld+json or application/n-triples, "
    "or put .ttl, .jsonld or .nt behind the address.",
}


class ReleaseDescription(NamedTuple):
    """What void.ttl says of a release.

    Attributes:
        title: Of the dataset.
        description: Of the dataset.
        license: Its IRI, "" without.
        creator: IRI, "" without.
        classes: IRI of each class and how many entities it has, most first.
        properties: IRIs.
        previous: IRI of the release before it, "" without.
    """

    title: str
    description: str
    license: str
    creator: str
    classes: tuple[tuple[str, int], ...]
    properties: tuple[str, ...]
    previous: str = ""


def read_description(release: Release) -> ReleaseDescription:
    """Return what a release says of itself.

    Raises:
        InputError: Its void.ttl is broken.
    """
    nodes: defaultdict[object, defaultdict[IRI, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in read_triples(release.folder / VOID_FILE):
        nodes[subject][predicate].append(value if isinstance(value, str) else value[0])

    # Classes have partitions too: these are the graph's.
    dataset: Mapping[IRI, list[str]] = next(
        (node for node in nodes.values() if VOID.Dataset in node.get(RDF.type, ())), {}
    )

    def parts(of: IRI) -> Iterator[Mapping[IRI, list[str]]]:
        return (nodes[part] for part in dataset.get(of, ()))

    classes = [
        (term, int(count))
        for part in parts(VOID.classPartition)
        for term in part.get(VOID["class"], ())
        for count in part.get(VOID.entities, ())
    ]
    properties = [t for part in parts(VOID.propertyPartition) for t in part.get(VOID.property, ())]
    title, description, license_, creator = (
        min(dataset.get(predicate, ("",)))
        for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.creator)
    )
    classes.sort(key=lambda each: (-each[1], each[0]))
    previous = (iri for node in nodes.values() for iri in node.get(PAV.previousVersion, ()))
    return ReleaseDescription(
        title,
        description,
        license_,
        creator,
        tuple(classes),
        tuple(sorted(properties)),
        next(previous, ""),
    )


def about_view(description: ReleaseDescription, release: Release) -> AboutView:
    """Return what a release says about itself, and its files."""
    prefixes = Prefixes(Iris(release.iri_style))
    return AboutView(
        name=release.name,
        key=release.key,
        iri_style=release.iri_style.value,
        title=description.title,
        description=description.description,
        license=description.license,
        creator=description.creator,
        triples=release.triples,
        classes=tuple(
            Count(prefixes.curie(IRI(term)) or term, entities, term)
            for term, entities in description.classes
        ),
        files=tuple(
            FileItem(
                file.name,
                file.bytes,
                file.triples,
                file.sha256,
                file.media_type,
                purpose_of(file.name).title,
            )
            for file in release.outputs
        ),
        issued=release.issued,
        previous=description.previous,
        citation=release_citation(release) if release.name else "",
        findings=tuple(_findings(release)),
    )


def _findings(release: Release) -> Iterator[FindingCount]:
    """Yield what the export has found in its input, the gravest first, then the most frequent.

    Raises:
        InputError: The report is broken.
    """
    if release.listed(REPORT_FILE) is None:
        return
    path = release.folder / REPORT_FILE
    try:
        by_code = orjson.loads(path.read_bytes())["findings"]["by code"]
        counts = {str(code): int(count) for code, count in by_code.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: expected the report of an export (export again)") from error
    known = [(CODES[code], code, count) for code, count in counts.items() if code in CODES]
    order = list(Severity)
    known.sort(key=lambda each: (order.index(each[0].severity), -each[2], each[1]))
    for said, code, count in known:
        yield FindingCount(code, said.severity.value, said.meaning, count)


def query_view(
    description: ReleaseDescription,
    questions: Mapping[str, Question],
    release: Release,
    selected: str = "",
    gene: str = "",
) -> QueryView | None:
    """Return the query page, or None when `selected` is no question.

    Each question comes with its defaults, to be changed in the editor. Where none is selected, the
    editor opens with the one on a gene, about a gene that the release has.

    Args:
        description: What the release says of itself.
        questions: Those that are shipped.
        release: Of the page.
        selected: The question in the editor.
        gene: That many figures show, "" for none.
    """
    if selected and selected not in questions:
        return None
    prefixes = Prefixes(Iris(release.iri_style))
    labels = term_labels()

    def completions(terms: Iterable[str]) -> tuple[Completion, ...]:
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
        opening=_opening(questions, selected, gene),
        prefixes=prefixes.namespaces,
        classes=completions(term for term, _ in description.classes),
        properties=completions(description.properties),
        sought={
            parameter.name: SOUGHT[parameter.type].kind.value
            for question in questions.values()
            for parameter in question.parameters
            if parameter.type in SOUGHT and SOUGHT[parameter.type].is_named
        },
    )


def _opening(questions: Mapping[str, Question], selected: str, gene: str) -> str:
    """Return the query that stands in the editor first."""
    if selected:
        return questions[selected].text
    about_gene = questions.get(_FIRST)
    if about_gene is None or not gene:
        return ""
    try:
        return bind(about_gene, {"gene": gene})
    except UsageError:  # a gene without a symbol of its own
        return about_gene.text


def error_view(status: int, message: str = "", guesses: tuple[Meant, ...] = ()) -> ErrorView:
    """Return the page of an error; `message` is one line for the reader, never a traceback."""
    known = HTTPStatus(status)
    advice = _ADVICE.get(status, "")
    return ErrorView(status, known.phrase, message or known.description, advice, guesses)
