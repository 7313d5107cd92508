"""The pages of genes, chemicals, diseases, organisms and papers, from the index alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from pfocr_rdf.rdf.terms import Node
from pfocr_rdf.rdf.vocabulary import SCHEMA
from pfocr_rdf.web.pages.links import Kind
from pfocr_rdf.web.pages.number_text import plural
from pfocr_rdf.web.pages.read_entity import OTHERS, PARTNERS, shown_entity
from pfocr_rdf.web.pages.read_node import refs
from pfocr_rdf.web.pages.read_paper import in_order, shown_paper
from pfocr_rdf.web.pages.views import CountedRef, EntityView, FigureItem, Head, Paged, PaperView
from pfocr_rdf.web.schema_org import JsonObject, gene_data, organism_data, paper_data
from pfocr_rdf.web.site.figure_pages import sentence
from pfocr_rdf.web.site.gather import TIER_WORDS, digest_of, said
from pfocr_rdf.web.site.lookup import ShownIn, tiers_of, years_of
from pfocr_rdf.web.site.names import Named
from pfocr_rdf.web.site.signposts import entity_links

if TYPE_CHECKING:
    from pfocr_rdf.web.site.ledger import PageRow
    from pfocr_rdf.web.site.lookup import Lookup
    from pfocr_rdf.web.site.page_maker import Desk

PAGE_SIZE: Final = 120
"""Figures in one part of an entity's list: more than on the server, as each part is a file."""
_LISTED: Final = 100
"""Figures that the JSON-LD of an entity names."""
_BESIDE: Final = (
    (Kind.GENE, PARTNERS),
    (Kind.CHEMICAL, OTHERS),
    (Kind.DISEASE, OTHERS),
)

Beside = tuple[tuple[CountedRef, ...], tuple[CountedRef, ...], tuple[CountedRef, ...]]


def put_entity(desk: Desk, number: int, kind: Kind) -> Iterator[PageRow]:
    """Put the pages of an entity into the site, one for each part of its list of figures.

    Args:
        desk: Of this process.
        number: Of the entity in the index.
        kind: Of the entity.
    """
    node, content = desk.lookup.content(number)
    if desk.links.paths.page(kind, node.subject) is None:
        return
    if kind is Kind.PAPER:
        yield _put_paper(desk, number, node, content)
        return
    for view in _views(desk, number, kind, node):
        yield _put_view(desk, number, view, node, content)


def names_of(desk: Desk, number: int, kind: Kind) -> list[Named]:
    """Return the names of an entity for the search box; none of one that has no page."""
    node, _ = desk.lookup.content(number)
    path = desk.links.paths.page(kind, node.subject)
    if path is None:
        return []
    entity, figures = said(node), desk.lookup.figures_of[number]
    label = desk.lookup.name(node.subject).label
    names = (
        label,
        *entity.all(SCHEMA.alternateName),
        *entity.all(SCHEMA.description),
        *(identifier.partition(":")[2] for identifier in entity.all(SCHEMA.identifier)),
    )
    return [Named(name, kind, label, path, figures) for name in dict.fromkeys(names) if name]


def _put_view(desk: Desk, number: int, view: EntityView, node: Node, content: bytes) -> PageRow:
    part = view.figures.page
    is_first = part == 1
    head = _head(desk, view, node)
    path = desk.links.paths.page(view.kind, view.iri, part)
    assert path is not None, "its first page has one"

    def make() -> Mapping[str, bytes]:
        page = {".html": _draw(desk, view)(view, head).encode()}
        return {**page, **desk.documents.entity(node, content)} if is_first else page

    mark = digest_of(desk.stamp, desk.lookup.mark(number), repr((view, head)).encode())
    return desk.output.page(path.removesuffix(".html"), mark, make)


def _put_paper(desk: Desk, number: int, node: Node, content: bytes) -> PageRow:
    view = _paper_view(desk, number, node)
    address = desk.links.absolute.page(Kind.PAPER, view.iri)
    path = desk.links.paths.page(Kind.PAPER, view.iri)
    assert address is not None
    assert path is not None
    figures = [item.iri for item in view.figures]
    head = Head(
        address,
        sentence(f"{plural(len(figures), 'pathway figure')} of: {view.citation or view.title}"),
        entity_links(desk.links.inner, Kind.PAPER, view.iri),
        paper_data(node, figures[:_LISTED], desk.lookup.entity, address),
    )

    def make() -> Mapping[str, bytes]:
        page = desk.pages.paper(view, head)
        return {".html": page.encode(), **desk.documents.entity(node, content)}

    mark = digest_of(desk.stamp, desk.lookup.mark(number), repr((view, head)).encode())
    return desk.output.page(path.removesuffix(".html"), mark, make)


def _paper_view(desk: Desk, number: int, node: Node) -> PaperView:
    lookup, paper = desk.lookup, said(node)
    named = (paper.one(SCHEMA.isPartOf), paper.one(SCHEMA.publisher))
    names = {each: lookup.name(each) for each in named if each}
    numbers = lookup.shown_in(number).figures
    genes = {
        figure: sum(lookup.kind(each) is Kind.GENE for each in lookup.mentioned(figure))
        for figure in numbers
    }
    items = [item._replace(paper="") for item in lookup.items(numbers, genes=genes)]
    return shown_paper(paper, names, in_order(items))


def _views(desk: Desk, number: int, kind: Kind, node: Node) -> Iterator[EntityView]:
    """Yield the views of an entity, one a part; what the first alone shows is counted once."""
    lookup, entity = desk.lookup, said(node)
    shown = lookup.shown_in(number)
    order = lookup.order(shown)
    tiers = tiers_of(shown) if kind is Kind.GENE else []
    taxa = entity.all(SCHEMA.taxonomicRange)
    first = shown_entity(
        entity,
        kind,
        refs({each: lookup.name(each) for each in taxa}, taxa, Kind.ORGANISM),
        _part(lookup, shown, order, tiers, 1),
        years_of(lookup, shown.figures),
        tiers,
        ((), (), ()) if kind is Kind.ORGANISM else _beside(lookup, number, shown),
        sampled=0,
        candidate_in=shown.candidate_in if kind is Kind.GENE else 0,
    )
    yield first
    for part in range(2, first.figures.pages + 1):
        yield replace(first, figures=_part(lookup, shown, order, tiers, part))


def _part(
    lookup: Lookup, shown: ShownIn, order: Sequence[int], tiers: Sequence[str], part: int
) -> Paged[FigureItem]:
    places = order[(part - 1) * PAGE_SIZE : part * PAGE_SIZE]
    numbers = [shown.figures[place] for place in places]
    notes = {shown.figures[place]: TIER_WORDS[shown.tiers[place]] for place in places}
    items = lookup.items(numbers, notes=notes if tiers else None)
    return Paged(items, len(order), part, PAGE_SIZE)


def _beside(lookup: Lookup, number: int, shown: ShownIn) -> Beside:
    """Return what is mentioned most often in the figures of an entity, by kind."""
    counts: Counter[int] = Counter()
    for figure in shown.figures:
        counts.update(lookup.mentioned(figure))
    counts.pop(number, None)

    def most(kind: Kind, limit: int) -> tuple[CountedRef, ...]:
        of_kind = [(each, count) for each, count in counts.items() if lookup.kind(each) is kind]
        # By IRI where counts are equal, and only those near the top are worth a look at theirs.
        ranked = sorted((count for _, count in of_kind), reverse=True)[:limit]
        near = [
            CountedRef(lookup.ref(each, kind), count)
            for each, count in of_kind
            if count >= ranked[-1]
        ]
        near.sort(key=lambda each: (-each.count, each.ref.iri))
        return tuple(near[:limit])

    genes, chemicals, diseases = (most(kind, limit) for kind, limit in _BESIDE)
    return genes, chemicals, diseases


def _head(desk: Desk, view: EntityView, node: Node) -> Head:
    address = desk.links.absolute.page(view.kind, view.iri, view.figures.page)
    assert address is not None, "it has a path"
    figures = plural(view.figures.total, "pathway figure")
    what = f"{view.name} ({view.description})" if view.description else view.name
    if view.figures.page > 1:
        return Head(address, f"{figures} with {what}, page {view.figures.page}.")
    data: JsonObject | None = None
    listed = [item.iri for item in islice(view.figures.items, _LISTED)]
    if view.kind is Kind.GENE:
        data = gene_data(node, listed, desk.lookup.entity, address)
    elif view.kind is Kind.ORGANISM:
        data = organism_data(node, listed, desk.lookup.entity, address)
    links = entity_links(desk.links.inner, view.kind, view.iri)
    return Head(address, f"{figures} with {what}.", links, data)


def _draw(desk: Desk, view: EntityView) -> Callable[[EntityView, Head], str]:
    return {
        Kind.GENE: desk.pages.gene,
        Kind.CHEMICAL: desk.pages.chemical,
        Kind.DISEASE: desk.pages.disease,
        Kind.ORGANISM: desk.pages.organism,
    }[view.kind]
