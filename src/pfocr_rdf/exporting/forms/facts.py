"""What a dumped figure says, in the words that the other forms share.

Every form asks the same questions of a figure: which genes, how strictly matched, in which
paper. They are answered once, so that all forms give one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from pfocr_rdf.exporting.forms.curies import figid_of
from pfocr_rdf.rdf.kinds import KIND_OF_MENTION
from pfocr_rdf.rdf.nodes import FigureNodes, classes_of
from pfocr_rdf.rdf.terms import IRI, Literal, Node, Term
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, SCHEMA

Said = Mapping[IRI, tuple[Term, ...]]
"""What a node says, by predicate."""


class Tier(StrEnum):
    """PFOCR's names of how strict a file is; each includes those before it.

    A gene whose mention has no tier (an earlier release says none, a keyword has none) is
    only in `all`.
    """

    STRICT = "strict"
    SYNONYMS = "synonyms"
    ALL = "all"


TIERS: Final = tuple(Tier)
_RANKS: Final = {PFOCR.Symbol: 0, PFOCR.Synonym: 1, PFOCR.Family: 2}
_WIDEST: Final = 2


class MentionFacts(NamedTuple):
    """One mention; "" where it says nothing.

    `id` is the fragment of its IRI; `entity`, `lexicon`, `tier`, `method`, `reason` and
    `candidates` are IRIs. `rank` is 0 for the strictest tier, 2 for the widest and for none.
    """

    id: str
    kind: str
    entity: str
    word: str
    match: str
    symbol: str
    lexicon: str
    tier: str
    rank: int
    method: str
    reason: str
    candidates: tuple[str, ...]
    occurrences: int


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """A figure and its mentions."""

    figid: str
    iri: IRI
    said: Said
    mentions: tuple[MentionFacts, ...]

    @property
    def title(self) -> str:
        """Its title."""
        return one(self.said, SCHEMA.name)

    @property
    def alias(self) -> str:
        """PFOCR's other name of the figure, `PMC4168338__F1`; "" when it has none."""
        return one(self.said, SCHEMA.alternateName)

    @property
    def paper(self) -> str:
        """The IRI of its paper."""
        return one(self.said, SCHEMA.isPartOf)

    def entities(self, kind: str) -> dict[str, int]:
        """Return the entities that mentions of a kind are of, each with its strictest rank."""
        found: dict[str, int] = {}
        for mention in self.mentions:
            if mention.kind == kind and mention.entity:
                rank = found.get(mention.entity, _WIDEST)
                found[mention.entity] = min(rank, mention.rank)
        return found


def figure_facts(dumped: FigureNodes) -> FigureFacts:
    """Return what a dumped figure says."""
    figure, mentions = dumped.figure, dumped.mentions
    return FigureFacts(
        figid_of(figure.subject),
        figure.subject,
        dict(figure.properties),
        tuple([_mention(mention) for mention in mentions]),
    )


def _mention(node: Node) -> MentionFacts:
    said: Said = dict(node.properties)
    tier = one(said, PFOCR.matchTier)
    (kind,) = classes_of(node)
    return MentionFacts(
        node.subject.partition("#")[2],
        KIND_OF_MENTION[kind],
        one(said, OA.hasBody),
        one(said, PFOCR.recognizedText),
        one(said, PFOCR.matchedText),
        one(said, PFOCR.statedSymbol),
        one(said, PFOCR.lexicon),
        tier,
        _RANKS.get(IRI(tier), _WIDEST),
        one(said, PFOCR.identifiedBy),
        one(said, PFOCR.unresolvedReason),
        tuple(all_of(said, PFOCR.candidate)),
        int(one(said, PFOCR.occurrences)),
    )


def one(said: Said, predicate: IRI) -> str:
    """Return the one value of a predicate as text, "" when there is none."""
    values = said.get(predicate)
    if values is None:
        return ""
    value = values[0]
    return value.lexical if isinstance(value, Literal) else str(value)


def all_of(said: Said, predicate: IRI) -> list[str]:
    """Return the values of a predicate as text, in their order."""
    return [
        value.lexical if isinstance(value, Literal) else str(value)
        for value in said.get(predicate, ())
    ]


def numbers(curies: Iterable[str], prefix: str) -> list[str]:
    """Return the local ids of CURIEs that have a prefix, numbers by their size.

    Example:
        >>> numbers(["NCBIGene:8792", "HGNC:1", "NCBIGene:4982"], "NCBIGene:")
        ['4982', '8792']
    """
    found = [curie.removeprefix(prefix) for curie in curies if curie.startswith(prefix)]
    return sorted(found, key=lambda id_: (len(id_), id_))


def local_name(iri: str) -> str:
    """Return the last part of a concept's IRI: `hgncAliasSymbol`, `Synonym`."""
    return iri.removeprefix(PFOCR.base) if iri.startswith(PFOCR.base) else iri.rpartition("/")[2]
