"""IRIs of the databases that HGNC refers to: of the full table, all of them, in every style."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.rdf.cross_references import CROSS_REFERENCES, cross_reference_iris
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.vocabulary import ALIGNMENT_PROPERTIES, PFOCR, SCHEMA, SKOS

# Written out once more, by what each database says of its ids.
_ACCESSION = r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}"
_REFSEQ = r"refseq/[ANXY][A-Z]_(\d{6}|\d{9})(\.\d+)?"
FORMS = {
    IriStyle.OBO: [
        (SKOS.exactMatch, r"http://identifiers\.org/ensembl/ENSG\d{11}", 41_244),
        (SCHEMA.encodesBioChemEntity, rf"http://purl\.uniprot\.org/uniprot/({_ACCESSION})", 20_300),
        (SKOS.closeMatch, r"http://identifiers\.org/mim/\d{6}", 17_300),
        (PFOCR.referenceSequence, rf"http://identifiers\.org/{_REFSEQ}", 42_300),
        (PFOCR.ortholog, r"http://identifiers\.org/mgi/MGI:\d+", 24_000),
        (PFOCR.ortholog, r"http://identifiers\.org/rgd/\d+", 18_900),
    ],
    IriStyle.WIKIPATHWAYS: [
        (SKOS.exactMatch, r"https://identifiers\.org/ensembl/ENSG\d{11}", 41_244),
        (SCHEMA.encodesBioChemEntity, rf"http://purl\.uniprot\.org/uniprot/({_ACCESSION})", 20_300),
        (SKOS.closeMatch, r"https://identifiers\.org/mim/\d{6}", 17_300),
        (PFOCR.referenceSequence, rf"https://identifiers\.org/{_REFSEQ}", 42_300),
        (PFOCR.ortholog, r"https://identifiers\.org/mgi/MGI:\d+", 24_000),
        (PFOCR.ortholog, r"https://identifiers\.org/rgd/\d+", 18_900),
    ],
    IriStyle.UNIPROT: [
        (SKOS.exactMatch, r"http://rdf\.ebi\.ac\.uk/resource/ensembl/ENSG\d{11}", 41_244),
        (SCHEMA.encodesBioChemEntity, rf"http://purl\.uniprot\.org/uniprot/({_ACCESSION})", 20_300),
        (SKOS.closeMatch, r"http://purl\.uniprot\.org/mim/\d{6}", 17_300),
        (PFOCR.referenceSequence, rf"http://identifiers\.org/{_REFSEQ}", 42_300),
        (PFOCR.ortholog, r"http://purl\.uniprot\.org/mgi/\d+", 24_000),
        (PFOCR.ortholog, r"http://purl\.uniprot\.org/rgd/\d+", 18_900),
    ],
}


@pytest.mark.parametrize("style", IriStyle)
def test_every_iri_of_the_full_table_has_its_form(style: IriStyle) -> None:
    forms = [(predicate, re.compile(form)) for predicate, form, _ in FORMS[style]]
    found = Counter[int]()
    for gene in embedded_gene_table():
        for predicate, iri in cross_reference_iris(gene.crossed, style):
            (place,) = (n for n, (p, f) in enumerate(forms) if p == predicate and f.fullmatch(iri))
            found[place] += 1
    assert all(found[n] >= least for n, (_, _, least) in enumerate(FORMS[style])), found
    assert len(found) == len(CROSS_REFERENCES)


def test_what_a_gene_is_elsewhere() -> None:
    gene = embedded_gene_table().by_symbol("TP53")
    assert gene is not None
    assert list(cross_reference_iris(gene.crossed, IriStyle.OBO)) == [
        (SKOS.exactMatch, "http://identifiers.org/ensembl/ENSG00000141510"),
        (SCHEMA.encodesBioChemEntity, "http://purl.uniprot.org/uniprot/P04637"),
        (SKOS.closeMatch, "http://identifiers.org/mim/191170"),
        (PFOCR.referenceSequence, "http://identifiers.org/refseq/NM_000546"),
        (PFOCR.ortholog, "http://identifiers.org/mgi/MGI:98834"),
        (PFOCR.ortholog, "http://identifiers.org/rgd/3889"),
    ]
    assert list(cross_reference_iris("", IriStyle.OBO)) == []


def test_all_lead_by_properties_of_the_alignment() -> None:
    assert {each.predicate for each in CROSS_REFERENCES} <= set(ALIGNMENT_PROPERTIES)
