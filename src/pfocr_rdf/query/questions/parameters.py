r"""What may be asked for, by type: which texts are well formed, and the RDF term each becomes.

A value reaches a query as a term written by our own writer, never as text put between other
text. No value may hold a backslash: stores differ in when they read `\u0022`, and one that
reads it early would end the string there.

How a gene is matched: a symbol against `schema:name`, case included, which is the approved
symbol of a human gene; an HGNC or Entrez id against `schema:identifier`, which names one gene.
A symbol that genes of other organisms share finds those too. Identifiers are literals in the
graph, so that a question is the same for every `--iri-style`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.errors import UsageError
from pfocr_rdf.rdf import (
    IRI,
    PFOCR,
    SCHEMA,
    XSD_GYEAR,
    XSD_INTEGER,
    Literal,
    Term,
    chebi_id,
    doid,
    entrez_id,
    mesh_id,
    taxon_id,
)


class ParameterType(StrEnum):
    """What kind of value a parameter takes."""

    GENE = "gene"
    ENTREZ = "entrez"
    CHEMICAL = "chemical"
    DISEASE = "disease"
    ORGANISM = "organism"
    JOURNAL = "journal"
    MESH = "mesh"
    GO = "go"
    WIKIPATHWAY = "wikipathway"
    FIGID = "figid"
    PMCID = "pmcid"
    YEAR = "year"
    INTEGER = "integer"
    STRING = "string"
    TIER = "tier"
    REASON = "reason"
    CERTAIN = "certain"


class Parameter(NamedTuple):
    """One parameter of a question.

    Attributes:
        name: Also the variable that stands for it in the SPARQL.
        default: As a user would type it; None when a value must be given.
        several: Whether it takes several values, parted by commas or lines, genes also by blanks, or
            given one by one.
    """

    name: str
    type: ParameterType
    description: str
    default: str | None
    several: bool = False


class _Kind(NamedTuple):
    expected: str
    example: str
    term: Callable[[str], Term | None]


_PLAIN = re.compile(r"[^\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,500}")
_SYMBOL = re.compile(r"[^\s,\"<>{}|^`]{1,60}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_YEAR = re.compile(r"[12][0-9]{3}")
_GO = re.compile(r"GO:([0-9]{7})", re.IGNORECASE)
_WPID = re.compile(r"WP[1-9][0-9]*")
_PMCID = re.compile(r"PMC[1-9][0-9]*")
_FIGID = re.compile(
    r"(?:https://pfocr\.wikipathways\.org/figures/)?(PMC[0-9]+__[A-Za-z0-9._-]+?)(?:\.html)?"
)
_HGNC = re.compile(r"hgnc:([1-9][0-9]*)", re.IGNORECASE)
_NCBI_GENE = re.compile(r"(?:ncbigene:)?([1-9][0-9]*)", re.IGNORECASE)
_NCBI_TAXON = re.compile(r"(?:ncbitaxon[:_])?([1-9][0-9]*)", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\n\r\t]")
# What looks like an identifier but is none shall not be looked up as a name.
_GENE_PREFIX = re.compile(r"(?:hgnc|ncbigene|entrez|ncbi|geneid):", re.IGNORECASE)
_TERM_PREFIX = re.compile(r"(?:chebi|mesh|doid|ncbitaxon):", re.IGNORECASE)


def _text(value: str) -> Literal | None:
    return Literal(value) if _PLAIN.fullmatch(value) else None


def _gene(value: str) -> Term | None:
    if match := _HGNC.fullmatch(value):
        return Literal(f"hgnc:{match[1]}")
    if match := _NCBI_GENE.fullmatch(value):
        return Literal(f"ncbigene:{match[1]}")
    if _GENE_PREFIX.match(value) or not _SYMBOL.fullmatch(value):
        return None
    return _text(value)


def _entrez(value: str) -> Term | None:
    match = _NCBI_GENE.fullmatch(value)
    return Literal(match[1]) if match and entrez_id(match[1]) else None


def _named(value: str, checks: dict[str, Callable[[str], str | None]]) -> Term | None:
    prefix = value.partition(":")[0].lower()
    if prefix in checks:
        number = checks[prefix](value)
        return Literal(f"{prefix}:{number}") if number else None
    return None if _TERM_PREFIX.match(value) else _text(value)


def _chemical(value: str) -> Term | None:
    return _named(value, {"chebi": chebi_id, "mesh": mesh_id})


def _disease(value: str) -> Term | None:
    return _named(value, {"doid": doid, "mesh": mesh_id})


def _organism(value: str) -> Term | None:
    match = _NCBI_TAXON.fullmatch(value)
    if match and taxon_id(match[1]):
        return Literal(f"ncbitaxon:{match[1]}")
    return _named(value, {})


def _mesh(value: str) -> Term | None:
    number = mesh_id(value)
    return IRI("http://id.nlm.nih.gov/mesh/" + number) if number else None


def _go(value: str) -> Term | None:
    match = _GO.fullmatch(value)
    return IRI("http://purl.obolibrary.org/obo/GO_" + match[1]) if match else None


def _figid(value: str) -> Term | None:
    match = _FIGID.fullmatch(value)
    return Literal(match[1]) if match else None


def _matching(
    pattern: re.Pattern[str], datatype: IRI | None = None
) -> Callable[[str], Term | None]:
    def term(value: str) -> Term | None:
        if pattern.fullmatch(value) is None:
            return None
        return Literal(value, datatype) if datatype else Literal(value)

    return term


def _one_of(choices: dict[str, IRI]) -> Callable[[str], Term | None]:
    by_lower_case = {name.lower(): iri for name, iri in choices.items()}
    return lambda value: by_lower_case.get(value.lower())


TIERS: Final = {
    "symbol": PFOCR.mentionsBySymbol,
    "synonym": PFOCR.mentionsBySynonym,
    "family": PFOCR.mentionsByFamily,
    "all": SCHEMA.mentions,
}
"""A tier, and the short cut that figures have for it; `all` has keywords too, which have none."""

REASONS: Final = {
    "AmbiguousSymbol": PFOCR.AmbiguousSymbol,
    "AliasOnly": PFOCR.AliasOnly,
    "DoubtfulSymbol": PFOCR.DoubtfulSymbol,
    "UnknownSymbol": PFOCR.UnknownSymbol,
    "NonHumanFigure": PFOCR.NonHumanFigure,
    "NoIdentifier": PFOCR.NoIdentifier,
    "BadIdentifier": PFOCR.BadIdentifier,
}
"""Why a mention has no body."""

CERTAIN: Final = {"yes": PFOCR.mentionsUnambiguously, "no": SCHEMA.mentions}
"""Whether only what is read without doubt counts, and the property that figures have for it."""

_KINDS: Final = {
    ParameterType.GENE: _Kind("an approved symbol, HGNC id or Entrez id", "TNFSF11", _gene),
    ParameterType.ENTREZ: _Kind("an Entrez gene id", "8600", _entrez),
    ParameterType.CHEMICAL: _Kind(
        "a chemical's name, ChEBI id or MeSH id", "mesh:D009243", _chemical
    ),
    ParameterType.DISEASE: _Kind("a disease's name, DOID or MeSH id", "DOID:162", _disease),
    ParameterType.ORGANISM: _Kind(
        "a scientific or common name, or an NCBI taxon id", "ncbitaxon:10090", _organism
    ),
    ParameterType.JOURNAL: _Kind("a journal's title or abbreviation", "PLOS ONE", _text),
    ParameterType.MESH: _Kind("a MeSH id", "D009369", _mesh),
    ParameterType.GO: _Kind("a Gene Ontology id", "GO:0030316", _go),
    ParameterType.WIKIPATHWAY: _Kind("a WikiPathways id", "WP2018", _matching(_WPID)),
    ParameterType.FIGID: _Kind(
        "a figid, or the address of a figure's page", "PMC2374958__bcr1848-1", _figid
    ),
    ParameterType.PMCID: _Kind("a PubMed Central id", "PMC2374958", _matching(_PMCID)),
    ParameterType.YEAR: _Kind("a year of four digits", "2023", _matching(_YEAR, XSD_GYEAR)),
    ParameterType.INTEGER: _Kind("a whole number from 1", "3", _matching(_NUMBER, XSD_INTEGER)),
    ParameterType.STRING: _Kind("text on one line, without backslashes", "osteoclast", _text),
    ParameterType.TIER: _Kind(f"one of {', '.join(TIERS)}", "symbol", _one_of(TIERS)),
    ParameterType.REASON: _Kind(
        f"one of {', '.join(REASONS)}", "AmbiguousSymbol", _one_of(REASONS)
    ),
    ParameterType.CERTAIN: _Kind("yes or no", "yes", _one_of(CERTAIN)),
}


def expected_of(kind: ParameterType) -> tuple[str, str]:
    """Return what a type takes in words, and an example of it."""
    return _KINDS[kind].expected, _KINDS[kind].example


def texts_of(parameter: Parameter, given: str | Sequence[str]) -> list[str]:
    """Return the texts of what a user gave for a parameter, at least one, as `terms_of` parts them."""
    texts = [given] if isinstance(given, str) else list(given)
    if parameter.several:
        texts = [part for text in texts for part in _BETWEEN.split(text)]
    return [text.strip() for text in texts if text.strip()] or [""]


def terms_of(parameter: Parameter, given: str | Sequence[str]) -> tuple[Term, ...]:
    """Return the RDF terms of what a user gave for a parameter.

    Args:
        parameter: The parameter.
        given: One text or several; blanks around a value do not count. The texts of a
            parameter of several values are split at commas.

    Returns:
        At least one term, in the order given, each once.

    Raises:
        UsageError: A value is not of the type, or there are several where one is due.

    Example:
        >>> genes = Parameter("genes", ParameterType.GENE, "symbols or ids", None, several=True)
        >>> [term.lexical for term in terms_of(genes, "TNFSF11, HGNC:11908")]
        ['TNFSF11', 'hgnc:11908']
    """
    values = texts_of(parameter, given)
    kind = _KINDS[parameter.type]
    if len(values) > 1 and not parameter.several:
        raise UsageError(
            f"parameter {parameter.name}: expected one value, found {len(values)} (give it once)"
        )
    terms: dict[Term, None] = {}
    for value in values:
        term = kind.term(value)
        if term is None:
            raise UsageError(
                f"parameter {parameter.name}: expected {kind.expected}, found {value!r} "
                f"(for example {parameter.name}={kind.example})"
            )
        terms[term] = None
    return tuple(terms)
