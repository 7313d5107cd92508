"""IRIs of a release -> CURIEs with the prefixes that Biolink prefers.

Other forms name an entity by a CURIE, whatever the IRI style of the release. Biolink has no prefix
for RefSeq; those of OMIM and RGD are of our alignment.

Source: Biolink Model 4.4, `id_prefixes` of its classes and its prefix map.
"""

from __future__ import annotations

from typing import Final

from pfocr_rdf.rdf import (
    CROSS_REFERENCES,
    PATHWAYS,
    PUBMED,
    Iris,
    IriStyle,
    Memo,
    paper_iri,
)

_CACHE_SIZE: Final = 50_000


class Curies:
    """CURIEs of one IRI style.

    Example:
        >>> Curies(IriStyle.UNIPROT).of("http://purl.uniprot.org/geneid/8600")
        'NCBIGene:8600'
        >>> Curies(IriStyle.OBO).of("http://identifiers.org/pmc/PMC4168338")
        'PMC:PMC4168338'
        >>> Curies(IriStyle.OBO).of("https://w3id.org/pfocr/organism/prion")
        ''
    """

    def __init__(self, style: IriStyle) -> None:
        by = Iris(style)
        self._prefixes = (
            (by.gene(""), "NCBIGene:"),
            (by.hgnc(""), "HGNC:"),
            (by.taxon(""), "NCBITaxon:"),
            (by.chebi(""), "CHEBI:"),
            (by.doid(""), "DOID:"),
            (by.mesh(""), "MESH:"),
            # With the letters, as Bioregistry and Babel have it; Biolink's map alone has none.
            (paper_iri(""), "PMC:"),
            *((each.space(style), f"{each.prefix}:") for each in CROSS_REFERENCES),
            (PATHWAYS, "WIKIPATHWAYS:"),
            ("https://doi.org/", "doi:"),
            (PUBMED, "PMID:"),
        )
        self._known = Memo(self._made, _CACHE_SIZE)

    def of(self, iri: str) -> str:
        """Return the CURIE of an entity, "" when it has only an IRI."""
        return self._known[iri]

    def spaces(self) -> dict[str, str]:
        """Return what each prefix stands for."""
        return {prefix.removesuffix(":"): namespace for namespace, prefix in self._prefixes}

    def _made(self, iri: str) -> str:
        for namespace, prefix in self._prefixes:
            if iri.startswith(namespace):
                return prefix + iri[len(namespace) :]
        return ""
