"""The IRIs and fixed texts of what an export says of itself, and what a release is told."""

from __future__ import annotations

from typing import Final, NamedTuple

from pfocr_rdf.figures.link import TableRelease
from pfocr_rdf.rdf import DCTERMS, FIGURES_GRAPH, IRI, OURS, XSD_DATE, XSD_INTEGER, Literal, Term
from pfocr_rdf.version import __version__

DATASET: Final = IRI(OURS + "dataset")
"""The data set as such, of no version: the summary level of HCLS."""
CC0: Final = IRI("https://creativecommons.org/publicdomain/zero/1.0/")
WIKIPATHWAYS: Final = IRI("https://www.wikipathways.org/")
TITLE: Final = "PFOCR pathway figures as linked data"
DESCRIPTION: Final = (
    "Pathway figures that Pathway Figure OCR found in the literature, with the genes, chemicals "
    "and diseases read in them"
)
KEYWORDS: Final = ("pathways", "figures", "genes", "chemicals", "diseases", "text mining")
PAPER: Final = IRI("https://doi.org/10.1186/s13059-020-02181-2")
PAPER_TITLE: Final = "Pathway information extracted from 25 years of pathway figures"
"""Hanspers et al. 2020, which describes Pathway Figure OCR."""
RELEASES: Final = OURS + "release/"
UNNAMED: Final = "unnamed"
"""The version of a release that was given no name; nobody should cite it."""


class Edition(NamedTuple):
    """What a release says of itself beside what is in it.

    Attributes:
        name: Of the release, or "".
        table: The HGNC table its genes were linked with.
        graph: The named graph of its figures.
        issued: When it was published, YYYY-MM-DD, or "".
        previous: IRI of the version before it, or "".
        download: Address of the folder its files are in, or "" for where w3id.org leads to.
        endpoint: Address of a SPARQL endpoint that has it, or "".
    """

    name: str
    table: TableRelease
    graph: IRI = FIGURES_GRAPH
    issued: str = ""
    previous: str = ""
    download: str = ""
    endpoint: str = ""

    @property
    def version(self) -> str:
        """How this version is called."""
        return self.name or UNNAMED

    @property
    def title(self) -> str:
        """The title, with the release's name when it has one."""
        return f"{TITLE}, {self.name}" if self.name else TITLE

    @property
    def iri(self) -> IRI:
        """The IRI of this version."""
        return version_iri(self.version)

    @property
    def rdf(self) -> IRI:
        """The IRI of the graph of this version, whatever format it is written in."""
        return self.below("rdf")

    def below(self, *path: str) -> IRI:
        """Return an IRI for a part of this version, which only void.ttl describes."""
        return IRI("/".join((self.iri, *path)))

    def address(self, name: str = "") -> IRI:
        """Return where a file of the release can be had, or with "" all of them."""
        return IRI((self.download.rstrip("/") or self.iri) + "/" + name)


def version_iri(version: str) -> IRI:
    """Return the IRI of a version by its name; an IRI is left as it is."""
    return IRI(version if "://" in version else RELEASES + version)


def program_iri() -> IRI:
    """Return the IRI of this version of the program."""
    return IRI(f"{OURS}software/pfocr-rdf/{__version__}")


def run_iri(edition: Edition) -> IRI:
    """Return the IRI of the run that made a release."""
    return edition.below("export")


def hgnc_release_iri(release: TableRelease) -> IRI:
    """Return the IRI of one HGNC table: its date and the start of its hash."""
    return IRI(f"{OURS}hgnc/{release.date or 'undated'}-{release.sha256[:12]}")


def number(value: int) -> Literal:
    """Return a count as a literal."""
    return Literal(str(value), XSD_INTEGER)


PUBLIC: Final = IRI("http://publications.europa.eu/resource/authority/access-right/PUBLIC")
"""Open to everybody; from the list of access rights that DCAT-AP uses."""


def issued(day: str) -> tuple[IRI, tuple[Term, ...]]:
    """Return a day of publication, YYYY-MM-DD; none for ""."""
    return DCTERMS.issued, (Literal(day, XSD_DATE),) if day else ()


def free() -> tuple[IRI, tuple[Term, ...]]:
    """Return the licence of all that is ours."""
    return DCTERMS.license, (CC0,)
