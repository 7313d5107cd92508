"""The databases whose ids HGNC states beside a gene, and what a gene is to an entry of each.

HGNC's table has one column a database. What an id of it looks like, the IRI that it becomes in
each style, and the property that leads there stand here once: the table is checked, the
alignment written and its tables made by them.

Source: https://www.genenames.org/help/download/ (columns); https://bioregistry.io (patterns)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA, SKOS


class CrossReference(NamedTuple):
    """A database that HGNC refers to.

    Attributes:
        column: Of HGNC's table.
        prefix: Of CURIEs, as Biolink has it where it has one.
        pattern: Of an id, without that prefix, which the table writes before some.
        predicate: Leads from a gene to an entry.
        spaces: How IRIs begin, in the order of `IriStyle`.
    """

    column: str
    prefix: str
    pattern: str
    predicate: IRI
    spaces: tuple[str, str, str]

    def local(self, written: str) -> str:
        """Return an id without the prefix that the table may have written before it."""
        return written.removeprefix(f"{self.prefix}:")

    def space(self, style: IriStyle) -> IRI:
        """Return how IRIs begin in a style."""
        return IRI(self.spaces[_STYLES.index(style)])


_STYLES: Final = tuple(IriStyle)


def _identifiers_org(name: str, uniprot: str = "") -> tuple[str, str, str]:
    ours, theirs = f"http://identifiers.org/{name}", f"https://identifiers.org/{name}"
    # Where UniProt names no such entries, as those of genes and RNA of RefSeq, it has no spelling.
    return ours, theirs, uniprot or ours


_UNIPROT: Final = "http://purl.uniprot.org/"

CROSS_REFERENCES: Final = (
    CrossReference(
        "ensembl_gene_id",
        "ENSEMBL",
        "ENSG[0-9]{11}",
        SKOS.exactMatch,
        _identifiers_org("ensembl/", "http://rdf.ebi.ac.uk/resource/ensembl/"),
    ),
    CrossReference(
        "uniprot_ids",
        "UniProtKB",
        "(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})",
        SCHEMA.encodesBioChemEntity,
        (_UNIPROT + "uniprot/",) * 3,
    ),
    CrossReference(
        "omim_id", "OMIM", "[1-9][0-9]{5}", SKOS.closeMatch,
        _identifiers_org("mim/", _UNIPROT + "mim/"),
    ),
    CrossReference(
        "refseq_accession", "RefSeq", r"(?:A[CP]|N[CGMPRTW]|X[MPR]|YP)_[0-9]{6}(?:[0-9]{3})?(?:\.[1-9][0-9]*)?",
        PFOCR.referenceSequence, _identifiers_org("refseq/"),
    ),
    CrossReference(
        "mgd_id", "MGI", "[1-9][0-9]*", PFOCR.ortholog,
        _identifiers_org("mgi/MGI:", _UNIPROT + "mgi/"),
    ),
    CrossReference(
        "rgd_id", "RGD", "[1-9][0-9]*", PFOCR.ortholog,
        _identifiers_org("rgd/", _UNIPROT + "rgd/"),
    ),
)  # fmt: skip
"""In the order in which `HgncGene.crossed` has them."""


def cross_reference_iris(crossed: str, style: IriStyle) -> Iterator[tuple[IRI, IRI]]:
    r"""Yield (predicate, IRI) of each id that the HGNC table states of a gene.

    Args:
        crossed: As `HgncGene.crossed`: cells in the order of `CROSS_REFERENCES`, with a tab
            between them, of checked ids with a bar between them.
        style: Of the IRIs.

    Example:
        >>> list(cross_reference_iris("ENSG00000121410\t\t138670", IriStyle.OBO))[1][1]
        'http://identifiers.org/mim/138670'
    """
    for reference, cell in zip(CROSS_REFERENCES, crossed.split("\t"), strict=False):
        for each in cell.split("|") if cell else ():
            yield reference.predicate, IRI(reference.space(style) + reference.local(each))
