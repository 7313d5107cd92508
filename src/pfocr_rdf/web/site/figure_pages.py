"""The page of a figure with its RDF: from a piece of the dump and the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pfocr_rdf.query.index import Index, digest_of
from pfocr_rdf.rdf import SCHEMA, FigureNodes, Kind, NodeView
from pfocr_rdf.release import Piece
from pfocr_rdf.web.pages import (
    Around,
    FigureView,
    Head,
    TypedLink,
    figure_files,
    figure_view,
    figures_around,
)
from pfocr_rdf.web.schema_org import figure_data
from pfocr_rdf.web.site.inventory import PageRow
from pfocr_rdf.web.site.page_maker import PageMaker
from pfocr_rdf.web.site.signposts import LINKSET_TYPE, figure_links, linkset_path

_SENTENCE: Final = 200  # characters that lists of results show


class FigurePagesJob(NamedTuple):
    """Figures that follow each other in the dump, and the number of the first."""

    first: int
    pieces: Sequence[Piece]


def put_figures(maker: PageMaker, job: FigurePagesJob) -> list[PageRow]:
    """Put the pages of figures into the site, save those whose names are no file's."""
    rows = (_put_figure(maker, number, p) for number, p in enumerate(job.pieces, job.first))
    return [row for row in rows if row is not None]


def _put_figure(maker: PageMaker, number: int, piece: Piece) -> PageRow | None:
    index = maker.index
    path = maker.links.paths.page(Kind.FIGURE, index.figure(number).iri)
    if path is None:
        return None
    around = figures_around(index, number)

    def make() -> Mapping[str, bytes]:
        figure = maker.reader.figure(piece)
        view = figure_view(index, figure, around)
        page = maker.pages.figure(view, _head(maker, figure, view))
        files = figure_files(view, maker.prefixes)
        return {
            ".html": page.encode(),
            **maker.documents.figure(figure, piece.content),
            **{f".{suffix}": content for suffix, content in files.items()},
        }

    mark = digest_of(maker.stamp, *_shown(index, number, around))
    return maker.output.page(path.removesuffix(".html"), mark, make)


def _shown(index: Index, number: int, around: Around) -> tuple[bytes, ...]:
    """Return hashes of all that the page of a figure shows, without making it."""
    row = index.figure(number)
    return (
        row.digest,
        b"".join(map(index.mark, row.entities)),
        index.item_mark(number),
        b"".join(map(index.item_mark, around.siblings)),
        b"".join(index.item_mark(a.figure) + a.genes.to_bytes(4, "big") for a in around.alike),
    )


def _head(maker: PageMaker, figure: FigureNodes, view: FigureView) -> Head:
    node = NodeView(figure.figure)
    page = maker.links.absolute.page(Kind.FIGURE, view.iri)
    assert page is not None, "it has a path"
    links = figure_links(
        maker.links.inner,
        view.iri,
        image=view.image_url,
        license_=view.license,
        creator=node.first(SCHEMA.creator),
    )
    linkset = TypedLink("linkset", maker.links.inner.base + linkset_path(view.iri), LINKSET_TYPE)
    data = figure_data(figure, maker.index.entity, page)
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
