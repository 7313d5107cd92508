"""The lists of all figures, genes and other entities: pages by count and A to Z, and files.

A folder of files has not all filters that a server has: genes by tier, figures and papers by year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pfocr_rdf.processes import batched
from pfocr_rdf.query.index import ListOrder, digest_of
from pfocr_rdf.rdf import PAGED, Kind, Tier
from pfocr_rdf.web.pages import (
    COLUMNS,
    DATED,
    GENE_FORMATS,
    TABLE_FORMATS,
    FoundList,
    Head,
    ListRequest,
    TableFile,
    list_cells,
    list_rows,
    list_title,
    list_view,
    number,
    table_file,
)
from pfocr_rdf.web.site.inventory import PageRow
from pfocr_rdf.web.site.options import HTML
from pfocr_rdf.web.site.page_maker import PageMaker

LIST_SIZE: Final = 250
"""Rows on one page: more than on the server, as each page is a file."""
_AT_ONCE: Final = 8


class ListPagesJob(NamedTuple):
    """Pages of one list, by number."""

    kind: Kind
    asked: ListRequest
    pages: Sequence[int]


def list_jobs(maker: PageMaker) -> Iterator[ListPagesJob]:
    """Yield all pages of all lists of a site."""
    for kind in PAGED:
        for asked in _requests(maker, kind):
            size = len(maker.lists[kind, asked].numbers)
            pages = range(1, max(1, -(-size // LIST_SIZE)) + 1)
            yield from (ListPagesJob(kind, asked, part) for part in batched(pages, _AT_ONCE))


def put_lists(maker: PageMaker, job: ListPagesJob) -> list[PageRow]:
    """Put pages of a list into the site."""
    found = maker.lists[job.kind, job.asked]
    return [_put_page(maker, found, page) for page in job.pages]


def list_files(maker: PageMaker) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of the files of whole lists."""
    for kind in PAGED:
        found = maker.lists[kind, ListRequest()]
        for format_ in GENE_FORMATS if kind is Kind.GENE else TABLE_FORMATS:
            rows = list_cells(kind, list_rows(maker.index, found, found.numbers))
            table = TableFile(list_title(kind), COLUMNS[kind], rows)
            path = maker.links.paths.list(kind, suffix=format_)
            assert path is not None, "nothing is filtered"
            yield path, b"".join(table_file(table, format_))


def _requests(maker: PageMaker, kind: Kind) -> Iterator[ListRequest]:
    for order in ("", ListOrder.ALPHABET.value):
        tiers = ("", Tier.STRICT.value, Tier.ALL.value) if kind is Kind.GENE else ("",)
        yield from (ListRequest(tier=tier, order=order) for tier in tiers)
    if kind in DATED:
        yield ListRequest(order=ListOrder.NEWEST.value)
        yield from (ListRequest(year=str(year)) for year in maker.index.numbers.years)


def _put_page(maker: PageMaker, found: FoundList, page: int) -> PageRow:
    view = list_view(maker.index, found, page, LIST_SIZE)
    assert view is not None, "its list has so many pages"
    given = found.asked.given
    address = maker.links.absolute.list(found.kind, given, page)
    path = maker.links.paths.list(found.kind, given, page)
    assert address is not None, "sites have it"
    assert path is not None, "sites have it"
    part = f", page {page}" if page > 1 else ""
    head = Head(address, f"{number(view.rows.total)} {list_title(found.kind)}{part}.")

    def make() -> Mapping[str, bytes]:
        return {HTML: maker.top_pages.listed(view, head).encode()}

    mark = digest_of(maker.stamp, repr((view, head)).encode())
    return maker.output.page(path.removesuffix(HTML), mark, make)
