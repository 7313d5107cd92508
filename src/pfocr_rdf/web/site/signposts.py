"""What a page tells programs: FAIR Signposting, as links in its head.

Source: https://signposting.org/FAIR/; RFC 8288 (web linking), RFC 9264 (linksets)
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from pfocr_rdf.query.index import shard_of
from pfocr_rdf.rdf import IRI, PAGED, SCHEMA, Kind
from pfocr_rdf.web.pages import Links, TypedLink, web_address

MEDIA_TYPES: Final = {"ttl": "text/turtle", "jsonld": "application/ld+json"}
LINKSET_TYPE: Final = "application/linkset+json"
ABOUT_PAGE: Final = "https://schema.org/AboutPage"
_FIGURE_TYPES: Final = (ABOUT_PAGE, "https://schema.org/ImageObject", "https://schema.org/Dataset")
_TYPES: Final[dict[Kind, tuple[str, str]]] = {
    kind: (ABOUT_PAGE, f"https://schema.org/{kind.of_class.removeprefix(SCHEMA.base)}")
    for kind in PAGED
    if kind is not Kind.FIGURE
}


def linkset_path(iri: str) -> str:
    """Return where the linkset lies that a figure is in, from the site's folder."""
    return f"linksets/{shard_of(iri):03x}.json"


def figure_links(
    links: Links, iri: str, *, image: str, license_: str, creator: str
) -> tuple[TypedLink, ...]:
    """Return the typed links of a figure's page.

    Args:
        links: Relative for the head of the page, absolute for a linkset.
        iri: Of the figure, which is what is to be cited.
        image: Its address, or "".
        license_: Address of the licence, or "".
        creator: IRI of who made the page, or "".
    """
    return (
        TypedLink("cite-as", iri),
        *_descriptions(links, Kind.FIGURE, iri),
        *(TypedLink("item", image, media_type_of(image)) for image in _web(image)),
        *(TypedLink("license", address) for address in _web(license_)),
        *(TypedLink("author", address) for address in _web(creator)),
        *(TypedLink("type", address) for address in _FIGURE_TYPES),
    )


def entity_links(links: Links, kind: Kind, iri: str) -> tuple[TypedLink, ...]:
    """Return the typed links of the page of an entity."""
    return (
        *_descriptions(links, kind, iri),
        *(TypedLink("type", address) for address in _TYPES[kind]),
    )


def linkset(links: Links, figures: Iterable[tuple[str, str, str, str]]) -> bytes:
    """Return a linkset: the typed links of figures' pages, and back from their descriptions.

    Args:
        links: Absolute.
        figures: IRI, image, licence and creator of each.
    """
    contexts: list[dict[str, object]] = []
    for iri, image, license_, creator in figures:
        page = links.page(Kind.FIGURE, iri)
        if page is None:
            continue
        typed = figure_links(links, iri, image=image, license_=license_, creator=creator)
        contexts.append({"anchor": page, **_by_relation(typed)})
        back = {"describes": [{"href": page, "type": "text/html"}]}
        contexts += (
            {"anchor": link.address, **back} for link in typed if link.relation == "describedby"
        )
    return orjson.dumps({"linkset": contexts}, option=orjson.OPT_APPEND_NEWLINE)


def _by_relation(typed: Iterable[TypedLink]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for relation, address, media_type in typed:
        target = {"href": address, "type": media_type} if media_type else {"href": address}
        found.setdefault(relation, []).append(target)
    return found


def media_type_of(address: str) -> str:
    """Return the media type of an image by its name, "" when that does not tell.

    Example:
        >>> media_type_of("https://europepmc.org/articles/PMC1/bin/x.jpg")
        'image/jpeg'
    """
    return mimetypes.types_map.get("." + address.rpartition(".")[2].lower(), "")


def _descriptions(links: Links, kind: Kind, iri: str) -> Iterator[TypedLink]:
    for suffix in links.data_suffixes:
        if address := links.data(kind, IRI(iri), suffix):
            yield TypedLink("describedby", address, MEDIA_TYPES[suffix])


def _web(address: str) -> tuple[str, ...]:
    """Return an address if a browser may be led there."""
    return (address,) if web_address(address) else ()
