"""What readers of pages share: links to nodes by their names, and identifiers with their pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.index import Index, Ref
from pfocr_rdf.rdf import Kind
from pfocr_rdf.web.pages.views import ExternalId

_PAGES: Final = {
    "ncbigene": "https://www.ncbi.nlm.nih.gov/gene/%s",
    "hgnc": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:%s",
    "chebi": "https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:%s",
    "mesh": "https://meshb.nlm.nih.gov/record/ui?ui=%s",
    "doid": "https://disease-ontology.org/term/DOID:%s/",
    "ncbitaxon": "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=%s",
}
_SHOWN: Final = {
    "ncbigene": "NCBI Gene %s",
    "hgnc": "HGNC:%s",
    "chebi": "CHEBI:%s",
    "mesh": "MeSH %s",
    "doid": "DOID:%s",
    "ncbitaxon": "NCBI Taxonomy %s",
}


def refs(index: Index, iris: Iterable[str], kind: Kind) -> tuple[Ref, ...]:
    """Return links to nodes in order of their names; `kind` is for those without a class."""
    names = {iri: index.name(iri) for iri in set(iris)}
    found = (Ref(name.kind or kind, iri, name.label) for iri, name in names.items())
    return tuple(sorted(found, key=lambda ref: (ref.label.casefold(), ref.iri)))


def external_ids(identifiers: Iterable[str]) -> tuple[ExternalId, ...]:
    """Return identifiers such as `hgnc:11926` as they are written, with their pages.

    Example:
        >>> external_ids(["hgnc:11926"])[0].label
        'HGNC:11926'
    """
    out = []
    for identifier in identifiers:
        prefix, _, local = identifier.partition(":")
        if prefix in _PAGES and local.isalnum() and local.isascii():
            out.append(ExternalId(_SHOWN[prefix] % local, _PAGES[prefix] % local))
        else:
            out.append(ExternalId(identifier, ""))
    return tuple(out)
