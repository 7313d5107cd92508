"""What a dumped figure says, in the words that the other forms share.

Every form asks the same questions of a figure: which genes, how strictly matched, in which
paper. They are answered once, so that all forms give one answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Final, NamedTuple

from pfocr_rdf.figures.join import Mapping
from pfocr_rdf.rdf import (
    IRI,
    KIND_OF_MENTION,
    OA,
    PFOCR,
    SCHEMA,
    FigureNodes,
    Node,
    NodeView,
    Tier,
    classes_of,
    figid_of,
)

TIERS: Final = tuple(Tier)
_RANKS: Final = {PFOCR.Symbol: 0, PFOCR.Synonym: 1, PFOCR.Family: 2}
_WIDEST: Final = 2


class MentionFacts(NamedTuple):
    """One mention; "" where it says nothing.

    `id` is the fragment of its IRI; `entity`, `lexicon`, `tier`, `method`, `reason` and
    `candidates` are IRIs. `readings` is 0 without a word; `also_read_as` are ids of mentions of
    the same figure. `rank` is 0 for the strictest tier, 2 for the widest and for none.
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
    readings: int
    also_read_as: tuple[str, ...]


class AlignedEntity(NamedTuple):
    """An entity: what the graph says of it, and what the alignment does, if anything.

    `mapped` are a user's mappings of it, `prefixes` those of their CURIEs.
    """

    node: Node
    aligned: Node | None
    mapped: tuple[Mapping, ...] = ()
    prefixes: Map[str, str] = {}


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """A figure and its mentions."""

    figid: str
    iri: IRI
    said: NodeView
    mentions: tuple[MentionFacts, ...]

    @property
    def title(self) -> str:
        """Its title."""
        return self.said.first(SCHEMA.name)

    @property
    def alias(self) -> str:
        """PFOCR's other name of the figure, `PMC4168338__F1`; "" when it has none."""
        return self.said.first(SCHEMA.alternateName)

    @property
    def paper(self) -> str:
        """The IRI of its paper."""
        return self.said.first(SCHEMA.isPartOf)

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
        NodeView(figure),
        tuple([_mention(mention) for mention in mentions]),
    )


def _mention(node: Node) -> MentionFacts:
    said = NodeView(node)
    tier = said.first(PFOCR.matchTier)
    (kind,) = classes_of(node)
    return MentionFacts(
        node.subject.partition("#")[2],
        KIND_OF_MENTION[kind],
        said.first(OA.hasBody),
        said.first(PFOCR.recognizedText),
        said.first(PFOCR.matchedText),
        said.first(PFOCR.statedSymbol),
        said.first(PFOCR.lexicon),
        tier,
        _RANKS.get(IRI(tier), _WIDEST),
        said.first(PFOCR.identifiedBy),
        said.first(PFOCR.unresolvedReason),
        tuple(said.all(PFOCR.candidate)),
        int(said.first(PFOCR.occurrences)),
        int(said.first(PFOCR.readings) or 0),
        tuple([iri.partition("#")[2] for iri in said.all(PFOCR.alsoReadAs)]),
    )


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
