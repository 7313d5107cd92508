"""The page of a figure with its RDF: from a piece of the dump and the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import SCHEMA
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.read_figure import named_by, shown_figure
from pfocr_rdf.web.pages.read_paper import in_order, shown_paper
from pfocr_rdf.web.pages.views import FigureItem, FigureView, Head, PaperView, TypedLink
from pfocr_rdf.web.schema_org import figure_data
from pfocr_rdf.web.site.gather import digest_of, said
from pfocr_rdf.web.site.neighbours import Neighbour, neighbours
from pfocr_rdf.web.site.signposts import LINKSET_TYPE, figure_links, linkset_path

if TYPE_CHECKING:
    from pfocr_rdf.rdf.nodes import FigureNodes
    from pfocr_rdf.release.reader import Piece
    from pfocr_rdf.web.site.ledger import PageRow
    from pfocr_rdf.web.site.lookup import FigureRow
    from pfocr_rdf.web.site.page_maker import Desk

_SENTENCE: Final = 200  # characters that lists of results show


def put_figure(desk: Desk, number: int, piece: Piece) -> PageRow | None:
    """Put the page of a figure into the site; None when its name is no file's.

    Args:
        desk: Of this process.
        number: Of the figure in the index.
        piece: Of the dump.
    """
    row = desk.lookup.figure(number)
    path = desk.links.paths.page(Kind.FIGURE, row.iri)
    if path is None:
        return None
    siblings = _siblings(desk, number, row)
    alike = neighbours(desk.lookup, number)

    def make() -> Mapping[str, bytes]:
        figure = desk.reader.figure(piece)
        view = _view(desk, figure, siblings, alike)
        page = desk.pages.figure(view, _head(desk, figure, view))
        return {".html": page.encode(), **desk.documents.figure(figure, piece.content)}

    mark = _mark(desk, number, row, siblings, alike)
    return desk.output.page(path.removesuffix(".html"), mark, make)


def _siblings(desk: Desk, number: int, row: FigureRow) -> list[int]:
    if not row.paper:
        return []
    return [each for each in desk.lookup.shown_in(row.paper).figures if each != number]


def _mark(
    desk: Desk, number: int, row: FigureRow, siblings: list[int], alike: list[Neighbour]
) -> bytes:
    """Return a hash of all that the page shows, without making it."""
    lookup = desk.lookup
    return digest_of(
        desk.stamp,
        row.digest,
        b"".join(map(lookup.mark, row.entities)),
        lookup.item_mark(number),
        b"".join(map(lookup.item_mark, siblings)),
        b"".join(lookup.item_mark(each.figure) + each.genes.to_bytes(4, "big") for each in alike),
    )


def _view(
    desk: Desk,
    figure: FigureNodes,
    siblings: list[int],
    alike: list[Neighbour],
) -> FigureView:
    lookup = desk.lookup
    node = said(figure.figure)
    mentions = [said(mention) for mention in figure.mentions]
    names = {iri: lookup.name(iri) for iri in set(named_by(node, mentions))}
    return shown_figure(
        node,
        mentions,
        names,
        desk.concept,
        paper=_paper(desk, node.one(SCHEMA.isPartOf)),
        siblings=in_order(_without_paper(lookup.items(siblings))),
        neighbours=lookup.items([each.figure for each in alike], genes=dict(alike)),
    )


def _paper(desk: Desk, iri: str) -> PaperView | None:
    node = desk.lookup.entity(IRI(iri)) if iri else None
    if node is None:
        return None
    paper = said(node)
    named = (paper.one(SCHEMA.isPartOf), paper.one(SCHEMA.publisher))
    return shown_paper(paper, {each: desk.lookup.name(each) for each in named if each})


def _without_paper(items: tuple[FigureItem, ...]) -> list[FigureItem]:
    """Return figures of one paper as its own list has them."""
    return [item._replace(year="", paper="") for item in items]


def _head(desk: Desk, figure: FigureNodes, view: FigureView) -> Head:
    node = said(figure.figure)
    page = desk.links.absolute.page(Kind.FIGURE, view.iri)
    assert page is not None, "it has a path"
    links = figure_links(
        desk.links.inner,
        view.iri,
        image=view.image_url,
        license_=view.license,
        creator=node.one(SCHEMA.creator),
    )
    linkset = TypedLink("linkset", desk.links.inner.base + linkset_path(view.iri), LINKSET_TYPE)
    data = figure_data(figure, desk.lookup.entity, page)
    return Head(page, sentence(view.caption or view.title), (*links, linkset), data)


def sentence(text: str) -> str:
    """Return the beginning of a text, for lists of results; cut at a word.

    Example:
        >>> sentence("The  caption.")
        'The caption.'
        >>> sentence("word " * 50)[-6:]
        ' word…'
    """
    words = " ".join(text.split())
    if len(words) <= _SENTENCE:
        return words
    room, blank, _ = words[: _SENTENCE - 1].rpartition(" ")
    return f"{room if blank else words[: _SENTENCE - 1]}…"
