"""Which page a node has, and where pages lie: the only place that makes an address.

A server and a static site differ in nothing else. Identifiers in addresses do not depend on
the IRI style of the release, so a link keeps when the style changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

from pfocr_rdf.rdf import IRI, OURS, PAGED, Iris, IriStyle, Kind, figure_iri, is_pmcid, paper_iri

DATA_SUFFIXES: Final = ("ttl", "jsonld", "nt")
"""The RDF of one resource beside its page; a folder of files has the first two."""
LONGEST_KEY: Final = 240
"""Of a resource with files: names end in `.jsonld`, and have 255 bytes at most."""
LISTS_OF_SITES: Final[Mapping[Kind, Sequence[str]]] = {
    Kind.FIGURE: ("year", "order"),
    Kind.GENE: ("tier", "order"),
    Kind.CHEMICAL: ("order",),
    Kind.DISEASE: ("order",),
    Kind.ORGANISM: ("order",),
    Kind.PAPER: ("year", "order"),
}
"""By what the lists of a folder of files are filtered or sorted; a server knows more.

Those of a year are in one order.
"""

_DIGITS = re.compile(r"[1-9][0-9]*")
_HGNC = re.compile(r"HGNC_([1-9][0-9]*)")
_CHEBI = re.compile(r"CHEBI_([1-9][0-9]*)")
_DOID = re.compile(r"DOID_([0-9]+)")
_MESH = re.compile(r"[A-Z][0-9]{5,9}")
_SLUG = re.compile(r"(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")
_WEB = re.compile(r"https?://[^\s<>\"\\^`{|}\x00-\x20]+", re.IGNORECASE)
# U+202A to U+202E, U+2066 to U+2069 and the two marks turn round how an address reads.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def iri_of(kind: Kind, key: str, style: IriStyle) -> IRI | None:
    """Return the IRI of the resource at an address, or None when the key has the wrong form.

    Example:
        >>> iri_of(Kind.GENE, "8600", IriStyle.OBO)
        'http://identifiers.org/ncbigene/8600'
        >>> iri_of(Kind.CHEMICAL, "CHEBI_22984", IriStyle.WIKIPATHWAYS)
        'https://identifiers.org/chebi/CHEBI:22984'
        >>> iri_of(Kind.GENE, "../etc", IriStyle.OBO)
    """
    iris = Iris(style)
    match kind:
        case Kind.FIGURE:
            return figure_iri(key)
        case Kind.PAPER:
            return paper_iri(key) if is_pmcid(key) else None
        case Kind.GENE:
            if found := _HGNC.fullmatch(key):
                return iris.hgnc(found[1])
            return iris.gene(key) if _DIGITS.fullmatch(key) else None
        case Kind.ORGANISM:
            if _DIGITS.fullmatch(key):
                return iris.taxon(key)
            return IRI(f"{OURS}organism/{key}") if _SLUG.fullmatch(key) else None
        case Kind.CHEMICAL | Kind.DISEASE:
            if _MESH.fullmatch(key):
                return iris.mesh(key)
            if kind is Kind.CHEMICAL:
                found = _CHEBI.fullmatch(key)
                return iris.chebi(found[1]) if found else None
            found = _DOID.fullmatch(key)
            return iris.doid(found[1]) if found else None
        case _:
            return None


@lru_cache(maxsize=32_768)
def key_of(kind: Kind, iri: str, style: IriStyle) -> str | None:
    """Return what stands in the address of a resource, or None when it can have no page.

    Example:
        >>> key_of(Kind.DISEASE, "http://purl.obolibrary.org/obo/DOID_162", IriStyle.OBO)
        'DOID_162'
    """
    last = re.split(r"[/#]", iri)[-1]
    guesses: list[str]
    match kind:
        case Kind.FIGURE:
            guesses = [last.removesuffix(".html")]
        case Kind.GENE:
            guesses = [last, f"HGNC_{last.removeprefix('HGNC:')}"]
        case Kind.ORGANISM:
            guesses = [last, last.removeprefix("NCBITaxon_")]
        case Kind.PAPER:
            guesses = [last]
        case _:
            guesses = [last.replace(":", "_")]
    return next((key for key in guesses if iri_of(kind, key, style) == iri), None)


def web_address(value: str) -> str | None:
    """Return a value that a browser may be led to: plain http or https, else None.

    Example:
        >>> web_address("https://doi.org/10.1/x")
        'https://doi.org/10.1/x'
        >>> web_address("javascript:alert(1)")
    """
    if _WEB.fullmatch(value) and not _TURNING.search(value):
        return value
    return None


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of one web place.

    Attributes:
        base: Path or address under which all pages lie; ends in "/".
        style: The IRI style of the release.
        suffix: What ends the name of a page, such as ".html" in a folder of files.
        live: Whether a server answers: searching, suggestions, network and queries.
        files: Address of the folder of the release's files; "": `files` under the base.
        endpoint: Address of a SPARQL endpoint elsewhere; "": of the server, if it is live.
    """

    base: str = "/"
    style: IriStyle = IriStyle.OBO
    suffix: str = ""
    live: bool = True
    files: str = ""
    endpoint: str = ""

    @property
    def data_suffixes(self) -> tuple[str, ...]:
        """In which forms the RDF of a resource can be had."""
        return DATA_SUFFIXES if self.live else DATA_SUFFIXES[:2]

    def home(self) -> str:
        """Return the first page."""
        return self.base

    def about(self) -> str:
        """Return the page on the release and its files."""
        return f"{self.base}about{self.suffix}"

    def search(self, text: str = "", kind: Kind | None = None, page: int = 1) -> str:
        """Return the results of a search; without a text, where its form is sent."""
        asked = {"q": text, "kind": kind.value if kind else "", "page": page if page > 1 else ""}
        given = {name: value for name, value in asked.items() if value}
        return f"{self.base}search{self.suffix}" + (f"?{urlencode(given)}" if given else "")

    def query(self, question: str = "") -> str:
        """Return the query page, with one of the shipped questions opened."""
        return f"{self.base}query{self.suffix}" + (
            f"?{urlencode({'question': question})}" if question else ""
        )

    def question(
        self,
        name: str = "",
        given: Mapping[str, str | Sequence[str]] | None = None,
        suffix: str = "",
    ) -> str:
        """Return the form of a question with its answer, or that as a file; without, all of them.

        Args:
            name: Of the question.
            given: Values by the name of their parameter; "" is left out.
            suffix: Such as `csv`.
        """
        if not name:
            return f"{self.base}q"
        asked = urlencode(
            {name: value for name, value in (given or {}).items() if value}, doseq=True, safe=",:"
        )
        return (
            f"{self.base}q/{name}"
            + (f".{suffix}" if suffix else "")
            + (f"?{asked}" if asked else "")
        )

    def enrich(self, given: Mapping[str, str | Sequence[str]] | None = None) -> str:
        """Return the page of a user's genes, with what its form would send; "" is left out."""
        asked = urlencode(
            {name: value for name, value in (given or {}).items() if value}, doseq=True
        )
        return f"{self.base}enrich" + (f"?{asked}" if asked else "")

    def sparql(self) -> str:
        """Return the endpoint."""
        return self.endpoint or f"{self.base}sparql"

    def suggestions(self) -> str:
        """Return where the search box asks."""
        return f"{self.base}api/suggest"

    def names(self) -> str:
        """Return the folder of names that the search box looks in where no server answers."""
        return f"{self.base}search/"

    def network(self, iri: str, tier: str = "") -> str | None:
        """Return the data of a gene's network, in a tier; "" for the one its page begins with."""
        key = key_of(Kind.GENE, iri, self.style)
        asked = f"?{urlencode({'tier': tier})}" if tier else ""
        return None if key is None else f"{self.base}api/network/{quote(key)}{asked}"

    def static(self, name: str) -> str:
        """Return a file of the folder `static`."""
        return f"{self.base}static/{name}"

    def file(self, name: str) -> str:
        """Return a file of the release."""
        return f"{self.files or f'{self.base}files/'}{quote(name)}"

    def list(
        self, kind: Kind, given: Mapping[str, str] | None = None, page: int = 1, suffix: str = ""
    ) -> str | None:
        """Return a list of all of a kind.

        Args:
            kind: Of what is listed.
            given: How it is filtered and sorted, by the names that its form has.
            page: Which part of it, from 1.
            suffix: Of a file of the whole list; "" for a page.

        Returns:
            None where it is none of a site's: a folder of files has not all of them.

        Example:
            >>> Links().list(Kind.GENE, {"tier": "all"}, 2)
            '/genes?tier=all&page=2'
            >>> Links("./", suffix=".html", live=False).list(Kind.GENE, {"tier": "all"}, 2)
            './genes_all_page2.html'
        """
        given = {name: value for name, value in (given or {}).items() if value}
        plain = f"{self.base}{kind.plural}"
        if self.live:
            given |= {"page": str(page)} if page > 1 else {}
            return (
                plain + (f".{suffix}" if suffix else "") + (f"?{urlencode(given)}" if given else "")
            )
        known = given.keys() <= set(LISTS_OF_SITES[kind])
        if not known or {"year", "order"} <= given.keys() or (suffix and given):
            return None
        parts = (*given.values(), *((f"page{page}",) if page > 1 else ()))
        return "_".join((plain, *parts)) + (f".{suffix}" if suffix else self.suffix)

    def part(self, kind: Kind, iri: str, what: str, suffix: str, tier: str = "") -> str | None:
        """Return a file of what a page lists, None where no server answers.

        Args:
            kind: Of the entity.
            iri: The entity.
            what: `figures`, what is beside it by its plural, or `network`.
            suffix: Of the file.
            tier: In which genes count; "" for the one that its page begins with.
        """
        key = self._key(kind, iri)
        if key is None or not self.live:
            return None
        asked = f"?{urlencode({'tier': tier})}" if tier else ""
        return f"{self.base}{kind.plural}/{quote(key)}/{what}.{suffix}{asked}"

    def page(self, kind: Kind, iri: str, number: int = 1, tier: str = "") -> str | None:
        """Return the page of a resource, or None when its IRI has no form we know.

        Args:
            kind: What it is, as its IRI alone does not always tell.
            iri: The resource, in the style of the release.
            number: Which part of its list of figures, from 1.
            tier: In which genes count; "" for the one that the page begins with.
        """
        key = self._key(kind, iri)
        if key is None:
            return None
        # No key has a sign that an address would have to escape.
        plain = f"{self.base}{kind.plural}/{key}"
        if self.live:
            asked = {"tier": tier, "page": str(number) if number > 1 else ""}
            given = urlencode({name: value for name, value in asked.items() if value})
            return plain + self.suffix + (f"?{given}" if given else "")
        # No key of a kind with several pages ends so.
        parts = (*((tier,) if tier else ()), *((f"page{number}",) if number > 1 else ()))
        return "_".join((plain, *parts)) + self.suffix

    def of_iri(self, iri: str) -> str | None:
        """Return the page of whatever an IRI names, or None when its form is of nothing we know.

        MeSH does not say whether it is a chemical or a disease: the server looks it up.
        """
        kinds = [kind for kind in PAGED if key_of(kind, iri, self.style)]
        if len(kinds) > 1:
            return f"{self.base}resource?{urlencode({'iri': iri})}"
        return self.page(kinds[0], iri) if kinds else None

    def data(self, kind: Kind, iri: str, suffix: str) -> str | None:
        """Return the RDF of a resource: `suffix` is one of `DATA_SUFFIXES`."""
        key = self._key(kind, iri)
        return None if key is None else f"{self.base}{kind.plural}/{key}.{suffix}"

    def _key(self, kind: Kind, iri: str) -> str | None:
        key = key_of(kind, iri, self.style)
        return None if key and len(key) > LONGEST_KEY and not self.live else key

    def patterns(self) -> tuple[tuple[Kind, str, str, str], ...]:
        """Return how IRIs of kinds begin and end, and how the key of their page begins.

        Example:
            >>> Links().patterns()[0][2:]
            ('https://pfocr.wikipathways.org/figures/', '.html')
        """
        samples = (
            (Kind.FIGURE, "", "PMC1__x"),
            (Kind.PAPER, "", "PMC1"),
            (Kind.GENE, "", "1"),
            (Kind.ORGANISM, "", "1"),
            (Kind.CHEMICAL, "CHEBI_", "1"),
            (Kind.DISEASE, "DOID_", "1"),
        )
        out = []
        for kind, start, rest in samples:
            iri = iri_of(kind, start + rest, self.style)
            assert iri is not None, "a sample has the form of a key"
            before, _, after = iri.rpartition(rest)
            out.append((kind, start, before, after))
        return tuple(out)
