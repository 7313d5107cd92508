"""What the page of a paper shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.index import FigureItem, Index, end_of
from pfocr_rdf.rdf import DCTERMS, IRI, SCHEMA, Kind, NodeView, doi_iri, is_pmcid
from pfocr_rdf.web.pages.views import PaperView

_PUBMED: Final = "https://pubmed.ncbi.nlm.nih.gov/{}/"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def paper_view(index: Index, iri: str) -> PaperView | None:
    """Return a paper with its figures, or None when the release has no such paper."""
    number = index.entity_number(iri, Kind.PAPER)
    if number is None:
        return None
    figures = index.shown_in(number).figures
    genes = {
        figure: sum(index.kind(each) is Kind.GENE for each in index.mentioned(figure))
        for figure in figures
    }
    items = (item._replace(paper="") for item in index.items(figures, genes=genes))
    return read_paper(index, iri, in_order(items))


def read_paper(index: Index, iri: str, figures: tuple[FigureItem, ...] = ()) -> PaperView | None:
    """Return a paper with these figures, or None when the release says nothing of it."""
    node = index.entity(IRI(iri)) if iri else None
    if node is None:
        return None
    paper = NodeView(node)
    journal, publisher = paper.first(SCHEMA.isPartOf), paper.first(SCHEMA.publisher)
    identifiers = paper.all(SCHEMA.identifier)
    dois = [i.removeprefix("doi:") for i in identifiers if i.startswith("doi:")]
    pmids = [i.removeprefix("pmid:") for i in identifiers if i.startswith("pmid:")]
    pmcids = [i for i in identifiers if is_pmcid(i)]
    return PaperView(
        iri=paper.iri,
        pmcid=pmcids[0] if pmcids else end_of(paper.iri),
        title=paper.first(SCHEMA.name),
        other_titles=paper.all(SCHEMA.alternateName),
        doi=dois[0] if dois else "",
        doi_url=doi_iri(dois[0]) if dois else "",
        pmid=pmids[0] if pmids else "",
        pubmed_url=_PUBMED.format(pmids[0]) if pmids else "",
        url=paper.first(SCHEMA.url),
        year=paper.first(SCHEMA.datePublished),
        citation=paper.first(DCTERMS.bibliographicCitation),
        keywords=paper.all(SCHEMA.keywords),
        journal=index.name(journal).label if journal else "",
        publisher=index.name(publisher).label if publisher else "",
        figures=figures,
    )


def in_order(figures: Iterable[FigureItem]) -> tuple[FigureItem, ...]:
    """Return figures of one paper as it has them: F2 before F10."""
    return tuple(sorted(figures, key=_in_paper))


def _in_paper(figure: FigureItem) -> tuple[str, int, str]:
    digits = figure.number.lstrip(_LETTERS)
    letters = figure.number[: len(figure.number) - len(digits)]
    return letters, int(digits) if digits.isdecimal() else 0, figure.iri
