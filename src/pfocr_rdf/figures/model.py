"""What a page and its tables say, decoded: identifiers checked, nothing yet linked or mapped.

Rows are NamedTuples and not dataclasses: a release has millions, and they are dict keys.
An identifier is a `str`; "" means that the input states none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pfocr_rdf.rdf import IRI, Kind

HUMAN = "9606"


class Statement(NamedTuple):
    """What one row says, without how often: equal statements are one mention.

    `symbol` is the stated gene symbol; for kind TERM it is the keyword, and all else is "".
    `accession` is the ChEBI number of a chemical, the Disease Ontology number of a disease.
    `rejected` holds a stated identifier that failed its pattern.
    """

    kind: Kind
    word: str
    match: str
    source: str
    organism: str
    symbol: str = ""
    entrez_id: str = ""
    mesh_id: str = ""
    accession: str = ""
    rejected: str = ""


class Mention(NamedTuple):
    """A statement, how many rows make it, and where its first row stands."""

    statement: Statement
    occurrences: int
    file: str
    field: str


class Organism(NamedTuple):
    """An organism as named by the input; `taxon_id` is "" when the name has no known id.

    `synonyms` are its names beside the Latin and the common one.
    """

    name: str
    taxon_id: str
    group: str = ""
    common_name: str = ""
    image: IRI | None = None
    synonyms: tuple[str, ...] = ()


class Creator(NamedTuple):
    """Who made a figure's page: a name, and whether it is a person."""

    name: str
    is_person: bool


class Annotation(NamedTuple):
    """One entry of `annotations`: a value and the kind of term it is ("" when not said)."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The article a figure stands in."""

    pmcid: str
    title: str
    citation: str
    year: str
    doi: str
    journal: str
    journal_abbreviation: str
    publisher: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One pathway figure with its mentions; "" or None where the page says nothing.

    `mentions` are the rows. `keyword_mentions` are keywords that no row explains (kind TERM,
    the keyword as symbol), and only filled for a figure without gene rows; `may_be_human`
    says whether they may be looked up in HGNC. `organisms_in_text` are named by the title, the
    caption or the paper's title. `names` are (kind, mesh_id, accession, name) as the lexicons give them.
    """

    figid: str
    iri: IRI
    alias: str
    title: str
    description: str
    image: IRI | None
    page: IRI | None
    license: IRI | None
    creator: Creator | None
    number: str
    type: IRI | None
    filename: str
    score: str
    rank: str
    organisms: tuple[Organism, ...]
    organisms_recognized: tuple[Organism, ...]
    organisms_of_rows: tuple[Organism, ...]
    organisms_in_text: tuple[Organism, ...]
    ndex: IRI | None
    wikipathways: tuple[IRI, ...]
    redirects: tuple[IRI, ...]
    annotations: tuple[Annotation, ...]
    keywords: tuple[str, ...]
    paper: Paper
    mentions: tuple[Mention, ...]
    names: tuple[tuple[Kind, str, str, str], ...]
    keyword_mentions: tuple[Mention, ...]
    may_be_human: bool
