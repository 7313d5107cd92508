"""What crawlers read: robots.txt and sitemaps, of a server and of a site.

Source: https://www.rfc-editor.org/rfc/rfc9309; https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from pfocr_rdf.query.index import Index
from pfocr_rdf.rdf import PAGED
from pfocr_rdf.web.pages.links import Links

MOST_ADDRESSES: Final = 50_000
"""Of one sitemap, by its protocol."""

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def robots(base: str, closed: Sequence[str] = ()) -> bytes:
    """Return robots.txt: everybody may read all, save paths that are computed for each reader.

    Args:
        base: Address of the first page; ends in "/".
        closed: Paths from the root of the host.
    """
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    return f"User-agent: *\n{rules}Allow: /\nSitemap: {base}sitemap.xml\n".encode()


def sitemap(pages: Iterable[tuple[str, str]]) -> bytes:
    """Return a sitemap of pages: the address of each and its day, "" where none is known."""
    return _document("urlset", (_entry("url", *page) for page in pages))


def sitemap_index(maps: Iterable[tuple[str, str]]) -> bytes:
    """Return the list of sitemaps: the address of each and its day, "" where none is known."""
    return _document("sitemapindex", (_entry("sitemap", *each) for each in maps))


def sitemap_name(number: int) -> str:
    """Return the name of a sitemap, from 1."""
    return f"sitemap-{number}.xml"


def addresses(index: Index, links: Links) -> Iterator[str]:
    """Yield the addresses of all pages that a server has, save parts of lists and searches.

    Args:
        index: Of the release.
        links: Absolute.
    """
    yield from (links.home(), links.about(), links.question(), links.query(), links.enrich())
    for kind in PAGED:
        yield from filter(None, (links.list(kind),))
    for kind, iri in index.paged():
        yield from filter(None, (links.page(kind, iri),))


def _document(name: str, entries: Iterable[str]) -> bytes:
    return f"{_XML}<{name} {_NAMESPACE}>\n{''.join(entries)}</{name}>\n".encode()


def _entry(name: str, address: str, day: str) -> str:
    since = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<{name}><loc>{escape(address)}</loc>{since}</{name}>\n"
