"""Identifiers -> IRIs, each checked against its pattern, in the spelling a user joins with.

Every function returns None for a value that fails its pattern: nothing that is not an
identifier ever becomes an IRI. Patterns are those of the Bioregistry where it has one.

Source: design/model.md, prefixes and `--iri-style`
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote

from pfocr_rdf.rdf.terms import IRI

SITE: Final = "https://pfocr.wikipathways.org/"
FIGURES: Final = SITE + "figures/"
"""What the IRIs of figures and mentions, and no others, begin with."""
OURS: Final = "https://w3id.org/pfocr/"
FIGURES_GRAPH: Final = IRI(OURS + "graph/figures")
PUBMED: Final = "http://identifiers.org/pubmed/"
"""What the IRIs of PubMed records begin with."""
PATHWAYS: Final = "https://identifiers.org/wikipathways/"
NETWORKS: Final = "https://www.ndexbio.org/viewer/networks/"
"""What the IRIs of WikiPathways' pathways and of NDEx' networks begin with."""
ALIGNMENT_GRAPH: Final = IRI(OURS + "graph/alignment")

Parse = Callable[[str], str | None]
"""A pattern check: the identifier in its one form, or None."""

_FIGID = re.compile(r"PMC[0-9]+__[A-Za-z0-9._-]+")
_PMCID = re.compile(r"PMC[0-9]+")
_DIGITS = re.compile(r"[1-9][0-9]*")
_MESH = re.compile(r"[A-Z][0-9]{5,9}")
_PMID = re.compile(r"[1-9][0-9]{0,8}")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# With the revision, as WikiPathways' own file names have it: WP5283_r120.
_WPID = re.compile(r"(WP[1-9][0-9]*)(?:_r?[0-9]+)?")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# PMC has lain at several addresses; what follows the host was mostly the same at all of them.
_PMC_HOST = (
    r"(?i:(?:https?:)?//)?(?i:(?:www\.|m\.|pmc\.)?ncbi\.nlm\.nih\.gov"
    r"|(?:www\.)?pubmedcentral\.(?:nih\.)?gov|(?:www\.)?europepmc\.org)(?::[0-9]{1,5})?"
)
_FIGURE_PATH = re.compile(
    rf"(?:{_PMC_HOST}/+|/*)(?:pmc/+)?articles/+(PMC[0-9]+)/+figure/+([A-Za-z0-9._-]+)/*(?:[?#].*)?"
)
_REDIRECT = re.compile(
    r"(?:https?://pfocr\.wikipathways\.org)?/?(figures/PMC[0-9]+__[A-Za-z0-9._-]+)"
)
_PATH_CHARACTER = r"(?:[A-Za-z0-9._~:/@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_WEB = re.compile(
    rf"https?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?"
    rf"(?:/{_PATH_CHARACTER}*(?:\?(?:{_PATH_CHARACTER}|\?)*)?(?:#(?:{_PATH_CHARACTER}|\?)*)?)?"
)
_SAFE_IN_PATH = "/:@!$&'()*+,;="


class IriStyle(StrEnum):
    """Whose spelling gene, taxon, chemical and disease IRIs follow."""

    OBO = "obo"
    WIKIPATHWAYS = "wikipathways"
    UNIPROT = "uniprot"


class _Spelling(NamedTuple):
    gene: str
    hgnc: str
    taxon: str
    chebi: str
    doid: str
    mesh: str


_OBO = "http://purl.obolibrary.org/obo/"
_SPELLINGS: Final = {
    IriStyle.OBO: _Spelling(
        gene="http://identifiers.org/ncbigene/",
        hgnc="http://identifiers.org/hgnc/",
        taxon=_OBO + "NCBITaxon_",
        chebi=_OBO + "CHEBI_",
        doid=_OBO + "DOID_",
        mesh="http://id.nlm.nih.gov/mesh/",
    ),
    IriStyle.WIKIPATHWAYS: _Spelling(
        gene="https://identifiers.org/ncbigene/",
        hgnc="https://identifiers.org/hgnc/",
        taxon=_OBO + "NCBITaxon_",
        chebi="https://identifiers.org/chebi/CHEBI:",
        doid="https://identifiers.org/doid/DOID:",
        mesh="https://identifiers.org/mesh/",
    ),
    IriStyle.UNIPROT: _Spelling(
        gene="http://purl.uniprot.org/geneid/",
        hgnc="http://purl.uniprot.org/hgnc/HGNC:",
        taxon="http://purl.uniprot.org/taxonomy/",
        chebi=_OBO + "CHEBI_",
        doid=_OBO + "DOID_",
        mesh="http://purl.uniprot.org/mesh/",
    ),
}


class Iris:
    """The IRIs of entities in one style; identifiers come checked by the `..._id` functions.

    Example:
        >>> Iris(IriStyle.OBO).gene("8600")
        'http://identifiers.org/ncbigene/8600'
        >>> Iris(IriStyle.UNIPROT).taxon("9606")
        'http://purl.uniprot.org/taxonomy/9606'
    """

    def __init__(self, style: IriStyle = IriStyle.OBO) -> None:
        self.style = style
        self._as = _SPELLINGS[style]

    def gene(self, entrez_id: str) -> IRI:
        """Return the IRI of an Entrez gene."""
        return IRI(self._as.gene + entrez_id)

    def hgnc(self, hgnc_id: str) -> IRI:
        """Return the IRI of an HGNC entry, from its number."""
        return IRI(self._as.hgnc + hgnc_id)

    def taxon(self, taxon_id: str) -> IRI:
        """Return the IRI of an NCBI taxon."""
        return IRI(self._as.taxon + taxon_id)

    def chebi(self, chebi_id: str) -> IRI:
        """Return the IRI of a ChEBI entry, from its number."""
        return IRI(self._as.chebi + chebi_id)

    def doid(self, doid: str) -> IRI:
        """Return the IRI of a Disease Ontology class, from its number."""
        return IRI(self._as.doid + doid)

    def mesh(self, mesh_id: str) -> IRI:
        """Return the IRI of a MeSH descriptor or supplementary concept."""
        return IRI(self._as.mesh + mesh_id)

    def prefixes(self) -> dict[str, str]:
        """Return the prefixes of entities in this style, by name."""
        out = {"ncbigene": self._as.gene, "hgnc": self._as.hgnc, "mesh": self._as.mesh}
        out["obo"] = _OBO
        if self.style is IriStyle.WIKIPATHWAYS:
            out["chebi"] = "https://identifiers.org/chebi/"
            out["doid"] = "https://identifiers.org/doid/"
        if self.style is IriStyle.UNIPROT:
            out["hgnc"] = "http://purl.uniprot.org/hgnc/"
            out["taxon"] = self._as.taxon
        out["pmc"] = "http://identifiers.org/pmc/"
        return out

    def spellings(self, iri: IRI) -> tuple[IRI, ...]:
        """Return how others spell the IRI of a gene, taxon, chemical or disease of this style.

        Example:
            >>> for other in Iris().spellings(Iris().mesh("D002118")):
            ...     print(other)
            https://identifiers.org/mesh/D002118
            http://purl.uniprot.org/mesh/D002118
            http://identifiers.org/mesh/D002118
            >>> Iris().spellings(IRI("https://w3id.org/pfocr/organism/prion"))
            ()
        """
        for own, others in _OTHERS[self.style].items():
            if iri.startswith(own):
                return tuple([IRI(other + iri[len(own) :]) for other in others])
        return ()

    def respelled(self, iri: IRI) -> IRI:
        """Return an IRI of a gene, taxon, chemical or disease in this style; others as they are.

        Example:
            >>> Iris().respelled(IRI("http://identifiers.org/mesh/D002118"))
            'http://id.nlm.nih.gov/mesh/D002118'
        """
        for own, others in _OTHERS[self.style].items():
            for other in others:
                if iri.startswith(other):
                    return IRI(own + iri[len(other) :])
        return iri


_MORE_SPELLINGS: Final = {"mesh": ("http://identifiers.org/mesh/",)}
"""Spellings that are of no style: PubTator's of MeSH."""


def _other_spellings(style: IriStyle) -> dict[str, tuple[str, ...]]:
    """Return the beginnings of IRIs in a style, each with those of the same things elsewhere."""
    found = {}
    for name, own in _SPELLINGS[style]._asdict().items():
        others = [getattr(spelling, name) for spelling in _SPELLINGS.values()]
        others += _MORE_SPELLINGS.get(name, ())
        found[own] = tuple(other for other in dict.fromkeys(others) if other != own)
    return found


_OTHERS: Final = {style: _other_spellings(style) for style in IriStyle}

_STYLE_OF: Final = {
    namespace: style
    for style, spelling in _SPELLINGS.items()
    for namespace in spelling
    if sum(namespace in each for each in _SPELLINGS.values()) == 1
}
"""The beginnings of IRIs that tell a style; others are of several."""


def style_of(iris: Iterable[IRI]) -> IriStyle:
    """Return the style of the first IRI that tells it, OBO when none does.

    Example:
        >>> style_of([IRI("http://schema.org/Gene"), Iris(IriStyle.UNIPROT).gene("8600")]).value
        'uniprot'
    """
    for iri in iris:
        for namespace, style in _STYLE_OF.items():
            if iri.startswith(namespace):
                return style
    return IriStyle.OBO


def figure_iri(figid: str) -> IRI | None:
    """Return the permanent page of a figure.

    Example:
        >>> figure_iri("PMC4168338__i430gf01")
        'https://pfocr.wikipathways.org/figures/PMC4168338__i430gf01.html'
        >>> figure_iri("PMC1__../etc")
    """
    if _FIGID.fullmatch(figid) is None:
        return None
    return IRI(f"{FIGURES}{figid}.html")


def figid_of(iri: str) -> str:
    """Return the figid of a figure, from its IRI; "" of another one.

    Example:
        >>> figid_of("https://pfocr.wikipathways.org/figures/PMC4168338__i430gf01.html")
        'PMC4168338__i430gf01'
    """
    if not (iri.startswith(FIGURES) and iri.endswith(".html")):
        return ""
    figid = iri.removeprefix(FIGURES).removesuffix(".html")
    return figid if is_figid(figid) else ""


def pmcid_of(figid: str) -> str:
    """Return the PMCID that a valid figid starts with, split at the first `__`."""
    return figid.partition("__")[0]


def is_figid(value: str) -> bool:
    """Say whether a value has the form of a figid."""
    return _FIGID.fullmatch(value) is not None


def is_pmcid(value: str) -> bool:
    """Say whether a value has the form of a PMCID."""
    return _PMCID.fullmatch(value) is not None


def paper_iri(pmcid: str) -> IRI:
    """Return the IRI of a paper, from its checked PMCID."""
    return IRI("http://identifiers.org/pmc/" + pmcid)


def is_paper(iri: IRI) -> bool:
    """Say whether an IRI is that of a paper."""
    return iri.startswith("http://identifiers.org/pmc/")


def paper_page(pmcid: str) -> IRI:
    """Return the paper's page at PubMed Central."""
    return IRI(f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/")


def figure_page(figlink: str) -> tuple[str, IRI] | None:
    """Return (PMCID, page at PubMed Central) of a figlink, with or without slashes and host.

    Example:
        >>> figure_page("pmc/articles/PMC6970258/figure/F0006/")
        ('PMC6970258', 'https://pmc.ncbi.nlm.nih.gov/articles/PMC6970258/figure/F0006/')
        >>> figure_page("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC13/figure/F1/")
        ('PMC13', 'https://pmc.ncbi.nlm.nih.gov/articles/PMC13/figure/F1/')
    """
    match = _FIGURE_PATH.fullmatch(figlink)
    if match is None:
        return None
    return match[1], IRI(f"https://pmc.ncbi.nlm.nih.gov/articles/{match[1]}/figure/{match[2]}/")


def image_iri(pmcid: str, filename: str) -> IRI | None:
    """Return where the image lies at Europe PMC; some file names repeat the figid's prefix."""
    name = filename.removeprefix(f"{pmcid}__")
    if _FILE_NAME.fullmatch(name) is None:
        return None
    return IRI(f"https://europepmc.org/articles/{pmcid}/bin/{name}")


def redirect_iri(path: str) -> IRI | None:
    """Return the former page that now leads to the figure."""
    match = _REDIRECT.fullmatch(path)
    return IRI(SITE + match[1]) if match else None


def doi_of(value: str) -> str | None:
    """Return a DOI in lower case, without a resolver before it or a full stop behind it.

    Example:
        >>> doi_of("https://doi.org/10.3390/BIOM13071050")
        '10.3390/biom13071050'
        >>> doi_of("10.1002/(SICI)1097-4652(199809)176:3&lt;456::AID-JCP2&gt;3.0.CO;2-N.")
        '10.1002/(sici)1097-4652(199809)176:3<456::aid-jcp2>3.0.co;2-n'
    """
    # Pages of journals write `<` as an entity, and some copies do so twice.
    text = html.unescape(html.unescape(value)) if "&" in value else value
    doi = re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", "", text.strip().lower())
    doi = doi.rstrip(".")
    return doi if _DOI.fullmatch(doi) else None


def pubmed_iri(pmid: str) -> IRI | None:
    """Return the IRI of a PubMed record, None for what is no PMID.

    Example:
        >>> pubmed_iri("22161412"), pubmed_iri("0")
        ('http://identifiers.org/pubmed/22161412', None)
    """
    return IRI(PUBMED + pmid) if _PMID.fullmatch(pmid) else None


def doi_iri(doi: str) -> IRI:
    """Return the IRI of a checked DOI; what the path of an IRI may not hold is percent-encoded.

    Example:
        >>> doi_iri("10.1002/(sici)1<1661::aid#968>3.0.co;2-2")
        'https://doi.org/10.1002/(sici)1%3C1661::aid%23968%3E3.0.co;2-2'
    """
    return IRI("https://doi.org/" + quote(doi, safe=_SAFE_IN_PATH))


def ndex_iri(uuid: str) -> IRI | None:
    """Return the page of an NDEx network; a UUID is one in capitals too."""
    uuid = uuid.lower()
    return IRI(NETWORKS + uuid) if _UUID.fullmatch(uuid) else None


def wikipathways_iri(wpid: str) -> IRI | None:
    """Return a pathway's IRI as WikiPathways itself spells it, whatever its revision.

    Example:
        >>> wikipathways_iri("WP5283_r120")
        'https://identifiers.org/wikipathways/WP5283'
    """
    match = _WPID.fullmatch(wpid)
    return IRI(PATHWAYS + match[1]) if match else None


def web_iri(value: str) -> IRI | None:
    """Return a value that is a plain http(s) address."""
    return IRI(value) if _WEB.fullmatch(value) else None


def entrez_id(value: str) -> str | None:
    """Return a checked Entrez gene id (digits, no leading zero)."""
    return value if _DIGITS.fullmatch(value) else None


taxon_id = entrez_id
"""A checked NCBI taxon id has the same form."""


def mesh_id(value: str) -> str | None:
    """Return a checked MeSH id; `mesh:`, `MESH:` in front is dropped.

    Example:
        >>> mesh_id("mesh:C000657245")
        'C000657245'
    """
    bare = value[5:] if value[:5].lower() == "mesh:" else value
    return bare if _MESH.fullmatch(bare) else None


def chebi_id(value: str) -> str | None:
    """Return the number of a ChEBI id, whatever the case of its prefix.

    Example:
        >>> chebi_id("chebi:22984")
        '22984'
    """
    bare = value[6:] if value[:6].lower() == "chebi:" else value
    return bare if _DIGITS.fullmatch(bare) else None


_DOID = re.compile(r"[0-9]+")


def doid(value: str) -> str | None:
    """Return the number of a Disease Ontology id (some have leading zeros: DOID:0080600)."""
    bare = value[5:] if value[:5].lower() == "doid:" else value
    return bare if _DOID.fullmatch(bare) else None


@lru_cache(maxsize=8192)
def slug(name: str) -> str:
    """Return a name as a path segment: ASCII, lower case, words joined by `-`.

    A name that leaves nothing (all in another script) becomes a short hash of itself, so
    that every name has an IRI.

    Example:
        >>> slug("Acta Pharmaceutica Sinica. B")
        'acta-pharmaceutica-sinica-b'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    letters = sum(c.isalnum() for c in name)
    if sum(map(len, words)) * 2 < letters or not words:
        return "x-" + hashlib.sha256(name.encode()).hexdigest()[:12]
    return "-".join(words)


def our_iri(kind: str, *names: str) -> IRI:
    """Return an IRI of ours for something that has a name but no identifier.

    Example:
        >>> our_iri("journal", "PLOS ONE")
        'https://w3id.org/pfocr/journal/plos-one'
    """
    return IRI(OURS + "/".join((kind, *map(slug, names))))
