"""Whether the JSON-LD of a page conforms to the profiles that it claims, and to Google's rules.

Pages name schema.org's context, which is never fetched: for a check its place is taken by
`CONTEXT`, which says the same of the terms that pages use. All terms are in
http://schema.org/, those that only a URL can be the value of are IRIs, dates are dates.

Source: https://schema.org/docs/jsonldcontext.jsonld; shapes/bioschemas/
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import orjson
import pyoxigraph

from pfocr_rdf.rdf import SITE, Triple, triples_of
from pfocr_rdf.shacl import Result, Shapes, index_triples, load_shapes
from pfocr_rdf.shipped import bioschemas_shapes
from pfocr_rdf.web.schema_org.parts import CONTEXT as REMOTE
from pfocr_rdf.web.schema_org.profiles import JsonObject

_URLS: Final = "contentUrl image isBasedOn isPartOf license mainEntityOfPage sameAs url".split()
_DATES: Final = "dateCreated dateModified datePublished".split()
CONTEXT: Final[Mapping[str, object]] = {
    "@vocab": "http://schema.org/",
    **{name: {"@type": "@id"} for name in _URLS},
    **{name: {"@type": "Date"} for name in _DATES},
}


def page_triples(page: JsonObject, base: str = SITE) -> list[Triple]:
    """Return the triples of a page's JSON-LD, expanded with `CONTEXT`.

    Args:
        page: With schema.org's context.
        base: What relative addresses are resolved against.

    Raises:
        ValueError: It has another context, or is no JSON-LD.
    """
    if page.get("@context") != REMOTE:
        raise ValueError(f"@context: expected {REMOTE}, found {page.get('@context')}")
    text = orjson.dumps({**page, "@context": CONTEXT})
    try:
        return list(triples_of(pyoxigraph.parse(text, pyoxigraph.RdfFormat.JSON_LD, base_iri=base)))
    except SyntaxError as error:
        raise ValueError(str(error)) from error


def check_page(page: JsonObject) -> list[Result]:
    """Return what the shapes of shapes/bioschemas/ find in a page's JSON-LD.

    Violations are of what a profile or Google requires, warnings of what a profile recommends,
    infos of what Google recommends.

    Raises:
        ValueError: It is not JSON-LD with schema.org's context.
    """
    return _shapes().validate(index_triples(page_triples(page)))


@cache
def _shapes() -> Shapes:
    return load_shapes(bioschemas_shapes())
