"""What readers of pages share: links to nodes by their names, and identifiers with their pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pfocr_rdf.query.index import Index, Ref
from pfocr_rdf.rdf import CROSS_REFERENCES, IRI, SKOS, Iris, Kind, Node, NodeView
from pfocr_rdf.web.pages.views import ExternalId

_PAGES: Final = {
    "ncbigene": "https://www.ncbi.nlm.nih.gov/gene/%s",
    "hgnc": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:%s",
    "chebi": "https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:%s",
    "mesh": "https://meshb.nlm.nih.gov/record/ui?ui=%s",
    "doid": "https://disease-ontology.org/term/DOID:%s/",
    "ncbitaxon": "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=%s",
}
_REFERRED: Final = {
    "ENSEMBL": ("Ensembl %s", "https://www.ensembl.org/id/%s"),
    "UniProtKB": ("UniProt %s", "https://www.uniprot.org/uniprotkb/%s"),
    "OMIM": ("OMIM %s", "https://www.omim.org/entry/%s"),
    "RefSeq": ("RefSeq %s", "https://identifiers.org/refseq:%s"),
    "MGI": ("Mouse ortholog MGI:%s", "https://www.informatics.jax.org/marker/MGI:%s"),
    "RGD": ("Rat ortholog RGD:%s", "https://rgd.mcw.edu/rgdweb/report/gene/main.html?id=%s"),
}
"""How ids of the databases that HGNC refers to are shown, and their pages."""
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


def ids_elsewhere(entity: NodeView, aligned: Node | None, iris: Iris) -> tuple[ExternalId, ...]:
    """Return what the alignment leads to from an entity, with pages, by database.

    Other spellings of what the page already shows are passed over.

    Args:
        entity: As the dump has it.
        aligned: As the alignment has it, if it does.
        iris: The spelling of the release.
    """
    shown = (entity.iri, *entity.all(SKOS.exactMatch), *entity.all(SKOS.closeMatch))
    spelled = {other for iri in shown for other in iris.spellings(IRI(iri))}
    found = [
        _reference(str(value), iris)
        for _, values in (aligned.properties if aligned else ())
        for value in values
        if value not in spelled
    ]
    return tuple(each for _, each in sorted(found, key=lambda each: each[0]))


def _reference(iri: str, iris: Iris) -> tuple[int, ExternalId]:
    for place, reference in enumerate(CROSS_REFERENCES):
        space = reference.space(iris.style)
        if iri.startswith(space):
            label, page = _REFERRED[reference.prefix]
            local = iri.removeprefix(space)
            return place, ExternalId(label % local, page % local)
    return len(CROSS_REFERENCES), ExternalId(iri, iri)


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
