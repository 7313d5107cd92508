"""The pages of genes, chemicals, diseases, organisms and papers, from the index alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from pfocr_rdf.query.index import digest_of
from pfocr_rdf.rdf import SCHEMA, Kind, Node, NodeView, Tier, facts_of, reconcile
from pfocr_rdf.web.pages import EntityView, Head, entity_views, paper_view, plural
from pfocr_rdf.web.schema_org import JsonObject, gene_data, organism_data, paper_data
from pfocr_rdf.web.site.figure_pages import sentence
from pfocr_rdf.web.site.inventory import PageRow
from pfocr_rdf.web.site.names import Named
from pfocr_rdf.web.site.page_maker import PageMaker
from pfocr_rdf.web.site.signposts import entity_links

PAGE_SIZE: Final = 120
"""Figures in one part of an entity's list: more than on the server, as each part is a file."""
_LISTED: Final = 100
"""Figures that the JSON-LD of an entity names."""


_READ: Final = {
    Tier.STRICT: ", by symbols",
    Tier.SYNONYMS: ", by symbols and synonyms",
    Tier.ALL: ", by all readings",
}


class EntityPagesJob(NamedTuple):
    """Entities of one kind, by number."""

    kind: Kind
    numbers: Sequence[int]


def put_entities(maker: PageMaker, job: EntityPagesJob) -> tuple[list[PageRow], list[Named]]:
    """Put the pages of entities into the site; returns their names for the search box too.

    A list of figures has a page for each of its parts.
    """
    rows = [row for number in job.numbers for row in _put_entity(maker, number, job.kind)]
    if job.kind is Kind.PAPER:
        return rows, []
    return rows, [named for n in job.numbers for named in _names_of(maker, n, job.kind)]


def _put_entity(maker: PageMaker, number: int, kind: Kind) -> Iterator[PageRow]:
    node, content = maker.index.content(number)
    if maker.links.paths.page(kind, node.subject) is None:
        return
    if kind is Kind.PAPER:
        yield _put_paper(maker, number, node, content)
        return
    for view in entity_views(maker.index, kind, number, PAGE_SIZE):
        yield _put_view(maker, number, view, node, content)


def _names_of(maker: PageMaker, number: int, kind: Kind) -> list[Named]:
    """Return the names of an entity for the search box; none of one that has no page."""
    node, _ = maker.index.content(number)
    path = maker.links.paths.page(kind, node.subject)
    if path is None:
        return []
    entity, figures = NodeView(node), maker.index.figures_of[number]
    label = maker.index.name(node.subject).label
    organism = ""
    if kind is Kind.GENE:
        organism = maker.index.organism_said(label, entity.first(SCHEMA.taxonomicRange))
    return [
        Named(key, found.text, found.said, found.score, kind, label, organism, path, figures)
        for key, found in maker.index.names_of(number)
    ]


def _put_view(
    maker: PageMaker, number: int, view: EntityView, node: Node, content: bytes
) -> PageRow:
    part = view.figures.page
    is_first = part == 1 and not view.tier_key
    head = _head(maker, number, view, node)
    path = maker.links.paths.page(view.kind, view.iri, part, view.tier_key)
    assert path is not None, "its first page has one"

    def make() -> Mapping[str, bytes]:
        page = {".html": maker.pages.entity(view, head).encode()}
        return {**page, **maker.documents.entity(node, content)} if is_first else page

    mark = digest_of(maker.stamp, maker.index.mark(number), repr((view, head)).encode())
    return maker.output.page(path.removesuffix(".html"), mark, make)


def _put_paper(maker: PageMaker, number: int, node: Node, content: bytes) -> PageRow:
    view = paper_view(maker.index, node.subject)
    assert view is not None, "it is of the index"
    address = maker.links.absolute.page(Kind.PAPER, view.iri)
    path = maker.links.paths.page(Kind.PAPER, view.iri)
    assert address is not None
    assert path is not None
    figures = [item.iri for item in view.figures]
    head = Head(
        address,
        sentence(f"{plural(len(figures), 'pathway figure')} of: {view.citation or view.title}"),
        entity_links(maker.links.inner, Kind.PAPER, view.iri),
        paper_data(node, figures[:_LISTED], maker.index.entity, address),
    )

    def make() -> Mapping[str, bytes]:
        page = maker.pages.paper(view, head)
        return {".html": page.encode(), **maker.documents.entity(node, content)}

    mark = digest_of(maker.stamp, maker.index.mark(number), repr((view, head)).encode())
    return maker.output.page(path.removesuffix(".html"), mark, make)


def _head(maker: PageMaker, number: int, view: EntityView, node: Node) -> Head:
    address = maker.links.absolute.page(view.kind, view.iri, view.figures.page, view.tier_key)
    assert address is not None, "it has a path"
    figures = plural(view.figures.total, "pathway figure")
    what = f"{view.name} ({view.description})" if view.description else view.name
    if view.tier_key or view.figures.page > 1:
        part = f", page {view.figures.page}" if view.figures.page > 1 else ""
        read = _READ[view.tier] if view.tier_key else ""
        return Head(address, f"{figures} with {what}{read}{part}.")
    data: JsonObject | None = None
    listed = [item.iri for item in islice(view.figures.items, _LISTED)]
    if view.kind is Kind.GENE:
        aligned = maker.index.aligned(number)
        gene = reconcile(node.subject, facts_of((node, aligned)))[0] if aligned else node
        data = gene_data(gene, listed, maker.index.entity, address)
    elif view.kind is Kind.ORGANISM:
        data = organism_data(node, listed, maker.index.entity, address)
    links = entity_links(maker.links.inner, view.kind, view.iri)
    return Head(address, f"{figures} with {what}.", links, data)
