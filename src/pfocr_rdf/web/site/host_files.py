"""What web hosts and crawlers read beside the pages: robots.txt, sitemaps, headers.

Each kind of host is told media types, who may read, and where the data of a page are.

Source: https://httpd.apache.org/docs/2.4/
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from pfocr_rdf.processes import batched
from pfocr_rdf.rdf import PAGED
from pfocr_rdf.web.pages import (
    CITATION_TYPES,
    FIGURE_FILES,
    MOST_ADDRESSES,
    PAGE_POLICY,
    sitemap,
    sitemap_index,
    sitemap_name,
)
from pfocr_rdf.web.site.options import HTML, SiteOptions
from pfocr_rdf.web.site.signposts import LINKSET_TYPE

NOT_FOUND: Final = "404.html"

_MEDIA_TYPES: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "woff2": "font/woff2",
    **FIGURE_FILES,
    **CITATION_TYPES,
}
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def sitemaps(options: SiteOptions, pages: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """Yield the sitemaps and at last their index, each as path and content.

    Args:
        options: Of the site.
        pages: Path from the site's folder and day of each page, "" where no day is known.
    """
    maps: list[tuple[str, str]] = []
    for number, part in enumerate(batched(pages, MOST_ADDRESSES), 1):
        name = sitemap_name(number)
        maps.append((options.base + name, max(day for _, day in part)))
        yield name, sitemap((options.base + path, day) for path, day in part)
    yield "sitemap.xml", sitemap_index(maps)


def policy_for(pages: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a site: that of the server's pages.

    Args:
        pages: HTML of pages that have style elements, which it allows by their hashes.
    """
    styles = (style for html in pages for style in _STYLE.findall(html))
    hashes = (b64encode(sha256(style.encode()).digest()).decode() for style in styles)
    allowed = " ".join(["style-src 'self'", *(f"'sha256-{each}'" for each in hashes)])
    return PAGE_POLICY.replace("style-src 'self'", allowed)


def htaccess(options: SiteOptions, policy: str) -> bytes:
    """Return .htaccess for Apache 2.4, of directives that AllowOverride FileInfo permits.

    Who asks a page for RDF is led to it; every page names its RDF in Link headers.
    """
    kinds = "|".join(kind.plural for kind in PAGED)
    page = rf"^(.*/(?:{kinds})/[^/]+)\{HTML}$"
    types = "".join(f"AddType {type_} .{suffix}\n" for suffix, type_ in _MEDIA_TYPES.items())
    safe = "".join(f'Header set {name} "{value}"\n' for name, value in _SAFE.items())
    lead = "".join(
        f"""\
RewriteCond %{{HTTP_ACCEPT}} {type_.replace("+", "[+]")} [NC]
RewriteCond %{{HTTP_ACCEPT}} !text/html [NC]
RewriteCond %{{REQUEST_FILENAME}} {page}
RewriteCond %1.{suffix} -f
RewriteRule ^(.+)\\{HTML}$ {options.path}$1.{suffix} [R=303,L]
"""
        for suffix, type_ in (("ttl", "text/turtle"), ("jsonld", "application/ld+json"))
    )
    link = "".join(
        f'Header add Link "<{options.base}%{{PFOCR_PAGE}}e.{suffix}>; rel=\\"describedby\\"; '
        f'type=\\"{_MEDIA_TYPES[suffix]}\\"" env=PFOCR_PAGE\n'
        for suffix in ("ttl", "jsonld")
    )
    return f"""\
AddDefaultCharset utf-8
{types}ErrorDocument 404 {options.path}{NOT_FOUND}
<IfModule mod_rewrite.c>
RewriteEngine On
{lead}RewriteCond %{{REQUEST_FILENAME}} {page}
RewriteCond %1.ttl -f
RewriteRule ^(.+)\\{HTML}$ - [E=PFOCR_PAGE:$1]
</IfModule>
<IfModule mod_headers.c>
{safe}Header set Access-Control-Allow-Origin "*"
<FilesMatch "\\{HTML}$">
Header set Content-Security-Policy "{policy}"
Header append Vary Accept
</FilesMatch>
{link}</IfModule>
<IfModule mod_mime.c>
<FilesMatch "^[0-9a-f]{{3}}\\.json$">
ForceType {LINKSET_TYPE}
</FilesMatch>
</IfModule>
""".encode()


def headers(options: SiteOptions, policy: str) -> bytes:
    """Return _headers for Netlify, Cloudflare Pages and hosts that read the same."""
    rules = [
        (
            "/*",
            {**_SAFE, "Access-Control-Allow-Origin": "*", "Content-Security-Policy": policy},
        ),
        *((f"/*.{suffix}", {"Content-Type": type_}) for suffix, type_ in _MEDIA_TYPES.items()),
        ("/linksets/*", {"Content-Type": LINKSET_TYPE}),
    ]
    return "".join(
        f"{options.path.rstrip('/')}{pattern}\n"
        + "".join(f"  {name}: {value}\n" for name, value in given.items())
        for pattern, given in rules
    ).encode()
