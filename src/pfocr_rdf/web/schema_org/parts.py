"""Pieces that several kinds of page share: who made it, where it is listed, what is named.

A piece has the IRI that the graph gives it and enough beside it to be of use alone; the rest
stands on its own page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pfocr_rdf.rdf import DCTERMS, IRI, PFOCR, RDF, SCHEMA, SITE, NodeView, shown_name
from pfocr_rdf.release.description import WIKIPATHWAYS
from pfocr_rdf.web.schema_org.facts import Lookup, facts_about
from pfocr_rdf.web.schema_org.profiles import JsonObject, filled

CONTEXT: Final = "https://schema.org/"
CATALOG_NAME: Final = "Pathway Figure OCR"
MEASURED: Final = ("genes named", "chemicals named", "diseases named")
TECHNIQUES: Final = ("optical character recognition", "named entity recognition")


class Download(NamedTuple):
    """A file that a page offers; `bytes` is 0 and `sha256` "" where nobody has counted."""

    url: str
    media_type: str
    name: str = ""
    bytes: int = 0
    sha256: str = ""

    def data(self) -> JsonObject:
        """Return the file as a schema:DataDownload."""
        return filled(
            {
                "@type": "DataDownload",
                "name": self.name,
                "contentUrl": self.url,
                "encodingFormat": self.media_type,
                "contentSize": f"{self.bytes} B" if self.bytes else "",
                "sha256": self.sha256,
            }
        )


def downloads_beside(page: str) -> list[JsonObject]:
    """Return the Turtle and JSON-LD that stand beside a page of the static site.

    Example:
        >>> [file["contentUrl"] for file in downloads_beside("https://x.org/figures/a.b.html")]
        ['https://x.org/figures/a.b.ttl', 'https://x.org/figures/a.b.jsonld']
    """
    stem = page.removesuffix(".html")
    return [
        Download(f"{stem}.ttl", "text/turtle").data(),
        Download(f"{stem}.jsonld", "application/ld+json").data(),
    ]


def catalog_part() -> JsonObject:
    """Return PFOCR as the catalogue that a data set is included in."""
    return {"@type": "DataCatalog", "@id": SITE, "name": CATALOG_NAME, "url": SITE}


def organization(iri: IRI, name: str) -> JsonObject:
    """Return an organisation; one of whose site we know its address has it as its IRI."""
    known = iri == WIKIPATHWAYS
    return filled({"@type": "Organization", "@id": iri, "name": name, "url": iri if known else ""})


def publisher_part() -> JsonObject:
    """Return who publishes PFOCR."""
    return organization(WIKIPATHWAYS, "WikiPathways")


def agent(iri: IRI | None, entity: Lookup) -> JsonObject | None:
    """Return the person or organisation of an IRI, or None when it is not known."""
    facts = facts_about(iri, entity)
    if facts is None:
        return None
    made = organization(facts.iri, facts.text(SCHEMA.name))
    return {**made, "@type": _class_of(facts)}


def article(iri: IRI | None, entity: Lookup) -> JsonObject | None:
    """Return the paper that a figure stands in, in short; None when it is not known."""
    facts = facts_about(iri, entity)
    if facts is None:
        return None
    return filled(
        {
            "@type": "ScholarlyArticle",
            "@id": facts.iri,
            "name": facts.text(SCHEMA.name),
            "identifier": article_identifiers(facts),
            "url": facts.iri_of(SCHEMA.url),
            "sameAs": facts.iris(SCHEMA.sameAs),
            "datePublished": facts.text(SCHEMA.datePublished),
        }
    )


def article_identifiers(facts: NodeView) -> list[str]:
    """Return a paper's identifiers as CURIEs: `pmc:PMC…`, `doi:10.…`."""
    return [
        f"pmc:{value}" if value.startswith("PMC") else value
        for value in facts.texts(SCHEMA.identifier)
    ]


def citation_of(iri: IRI | None, entity: Lookup) -> str:
    """Return how to cite a paper, or ""."""
    facts = facts_about(iri, entity)
    return facts.text(DCTERMS.bibliographicCitation) if facts else ""


def named(iris: Iterable[IRI], entity: Lookup) -> list[JsonObject]:
    """Return what is mentioned or shown, each with its class, IRI, name and identifiers."""
    found: list[JsonObject] = []
    for iri in iris:
        facts = facts_about(iri, entity)
        if facts is None:
            found.append({"@id": iri})
            continue
        identifiers = facts.texts(SCHEMA.identifier)
        piece: JsonObject = {
            "@type": _class_of(facts),
            "@id": facts.iri,
            "name": shown_name(facts.text(SCHEMA.name), facts.text(PFOCR.labelFromFigures), ""),
            "identifier": identifiers[0] if len(identifiers) == 1 else identifiers,
            "url": facts.iri_of(SCHEMA.url),
        }
        found.append(filled(piece))
    return found


def works(pages: Sequence[str]) -> list[JsonObject]:
    """Return pages of figures, untyped: a bare data set would fail Google's rules for one."""
    return [{"@id": page} for page in pages]


def _class_of(facts: NodeView) -> str:
    """Return the name of the schema.org class; every entity on a page has one."""
    classes = [iri for iri in facts.iris(RDF.type) if iri.startswith(SCHEMA.base)]
    return classes[0].removeprefix(SCHEMA.base) if classes else "Thing"
