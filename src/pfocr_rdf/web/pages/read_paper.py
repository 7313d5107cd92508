"""What the page of a paper shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from pfocr_rdf.rdf.iris import is_pmcid
from pfocr_rdf.rdf.vocabulary import DCTERMS, SCHEMA
from pfocr_rdf.web.pages import queries
from pfocr_rdf.web.pages.graph import Graph, node, number, text
from pfocr_rdf.web.pages.read_node import Name, Node, end_of, read_names, read_node
from pfocr_rdf.web.pages.views import FigureItem, PaperView

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def paper_view(graph: Graph, iri: str) -> PaperView | None:
    """Return a paper with its figures, or None when the graph has no such paper."""
    paper = read_paper(graph, iri)
    if paper is None:
        return None
    figures = tuple(
        FigureItem(
            text(row, "figure"),
            text(row, "title"),
            text(row, "number"),
            paper.year,
            "",
            number(row, "genes"),
        )
        for row in graph.rows(queries.FIGURES_OF_PAPER, this=node(iri))
        if "figure" in row
    )
    return replace(paper, figures=in_order(figures))


def read_paper(graph: Graph, iri: str) -> PaperView | None:
    """Return a paper without its figures."""
    paper = read_node(graph, iri)
    if paper is None or not paper.is_a(SCHEMA.ScholarlyArticle):
        return None
    journal, publisher = paper.one(SCHEMA.isPartOf), paper.one(SCHEMA.publisher)
    names = read_names(graph, (named for named in (journal, publisher) if named))
    return shown_paper(paper, names)


def shown_paper(
    paper: Node, names: Mapping[str, Name], figures: tuple[FigureItem, ...] = ()
) -> PaperView:
    """Return the view of a paper; `names` has its journal and publisher."""
    journal, publisher = paper.one(SCHEMA.isPartOf), paper.one(SCHEMA.publisher)
    identifiers = paper.all(SCHEMA.identifier)
    dois = [i.removeprefix("doi:") for i in identifiers if i.startswith("doi:")]
    pmcids = [i for i in identifiers if is_pmcid(i)]
    return PaperView(
        iri=paper.iri,
        pmcid=pmcids[0] if pmcids else end_of(paper.iri),
        title=paper.one(SCHEMA.name),
        other_titles=paper.all(SCHEMA.alternateName),
        doi=dois[0] if dois else "",
        doi_url=paper.one(SCHEMA.sameAs),
        url=paper.one(SCHEMA.url),
        year=paper.one(SCHEMA.datePublished),
        citation=paper.one(DCTERMS.bibliographicCitation),
        keywords=paper.all(SCHEMA.keywords),
        journal=names[journal].label if journal else "",
        publisher=names[publisher].label if publisher else "",
        figures=figures,
    )


def read_siblings(graph: Graph, paper_iri: str, but: str) -> tuple[FigureItem, ...]:
    """Return the figures of a paper, all but one."""
    siblings = (
        FigureItem(text(row, "figure"), text(row, "title"), text(row, "number"), "", "")
        for row in graph.rows(queries.SIBLINGS, this=node(paper_iri))
        if text(row, "figure") != but
    )
    return in_order(siblings)


def in_order(figures: Iterable[FigureItem]) -> tuple[FigureItem, ...]:
    """Return figures of one paper as it has them: F2 before F10."""
    return tuple(sorted(figures, key=_in_paper))


def _in_paper(figure: FigureItem) -> tuple[str, int, str]:
    digits = figure.number.lstrip(_LETTERS)
    letters = figure.number[: len(figure.number) - len(digits)]
    return letters, int(digits) if digits.isdecimal() else 0, figure.iri
