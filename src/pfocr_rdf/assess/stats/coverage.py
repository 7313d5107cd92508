"""Counts what the figures of a release show and how it was identified, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pfocr_rdf.rdf import (
    IRI,
    MENTIONED,
    OA,
    PFOCR,
    SCHEMA,
    SKOS,
    FigureNodes,
    Kind,
    Literal,
    Node,
    NodeView,
    classes_of,
    read_triples,
)
from pfocr_rdf.release import Release, read_dump
from pfocr_rdf.shipped import ontology_file

KINDS: Final = {kind.plural: kind.mention_class for kind in MENTIONED}
"""What mentions are of, and their class."""

_ENTITIES: Final = {
    kind.plural: kind.of_class
    for kind in (
        Kind.GENE, Kind.CHEMICAL, Kind.DISEASE, Kind.ORGANISM, Kind.PAPER, Kind.JOURNAL
    )
}  # fmt: skip
_SAID: Final = {
    "a caption": (SCHEMA.description,),
    "a pathway score": (PFOCR.pathwayScore,),
    "an organism": (PFOCR.organism, PFOCR.organismRecognized),
    "a pathway at WikiPathways": (PFOCR.wikiPathway,),
    "a network at NDEx": (PFOCR.ndexNetwork,),
}


@dataclass(slots=True)
class Coverage:
    """The numbers of a release; concepts are counted in mentions.

    Attributes:
        name: Of the release, or "".
        key: SHA-256 of its manifest.
        triples: Of the dump.
        figures: How many there are.
        figures_with: How many have an identified entity of a kind, or say something.
        mentions: Per kind.
        identified: Mentions with a body, per kind.
        methods: Identified mentions per method.
        reasons: Mentions without a body per reason.
        tiers: Mentions per match tier.
        lexicons: Mentions per lexicon.
        entities: Nodes per kind.
        genes_with_hgnc: Genes that HGNC has.
        organisms: Figures per organism, curated or recognised.
        years: Figures per year of their paper.
        labels: What concepts and organisms are called.
    """

    name: str
    key: str
    triples: int
    figures: int = 0
    figures_with: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    identified: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    lexicons: Counter[str] = field(default_factory=Counter)
    entities: Counter[str] = field(default_factory=Counter)
    genes_with_hgnc: int = 0
    organisms: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, iri: str) -> str:
        """Return what something is called; its IRI when nothing says."""
        return self.labels.get(iri, iri)


def coverage_of(release: Release) -> Coverage:
    """Count a release.

    Raises:
        InputError: Its dump cannot be read.
    """
    coverage = Coverage(release.name, release.key, release.triples, labels=_concepts())
    papers: Counter[IRI] = Counter()
    for item in read_dump(release):
        if isinstance(item, FigureNodes):
            _figure(coverage, item, papers)
        else:
            _entity(coverage, item, papers)
    return coverage


def _figure(coverage: Coverage, dumped: FigureNodes, papers: Counter[IRI]) -> None:
    said = NodeView(dumped.figure)
    coverage.figures += 1
    papers.update(said.iris(SCHEMA.isPartOf))
    shown: set[str] = set()
    for mention in dumped.mentions:
        shown |= _mention(coverage, mention)
    for what, predicates in _SAID.items():
        if any(predicate in said for predicate in predicates):
            shown.add(what)
    coverage.figures_with.update(shown)
    coverage.organisms.update({*said.iris(PFOCR.organism), *said.iris(PFOCR.organismRecognized)})


def _mention(coverage: Coverage, mention: Node) -> set[str]:
    """Count a mention, and return the kinds of what it identifies: one or none."""
    said = NodeView(mention)
    classes = classes_of(mention)
    kind = next(name for name, cls in KINDS.items() if cls in classes)
    coverage.mentions[kind] += 1
    for counter, predicate in (
        (coverage.methods, PFOCR.identifiedBy),
        (coverage.reasons, PFOCR.unresolvedReason),
        (coverage.tiers, PFOCR.matchTier),
        (coverage.lexicons, PFOCR.lexicon),
    ):
        counter.update(said.iris(predicate))
    if OA.hasBody not in said:
        return set()
    coverage.identified[kind] += 1
    return {kind}


def _entity(coverage: Coverage, entity: Node, papers: Mapping[IRI, int]) -> None:
    said = NodeView(entity)
    for kind, cls in _ENTITIES.items():
        coverage.entities[kind] += said.is_a(cls)
    if said.is_a(Kind.GENE.of_class):
        coverage.genes_with_hgnc += SKOS.exactMatch in said
    elif said.is_a(Kind.ORGANISM.of_class):
        coverage.labels[entity.subject] = said.text(SCHEMA.name) or entity.subject
    elif said.is_a(SKOS.Concept):
        coverage.labels[entity.subject] = said.text(SKOS.prefLabel) or entity.subject
    elif said.is_a(Kind.PAPER.of_class) and (year := said.text(SCHEMA.datePublished)):
        coverage.years[year] += papers.get(entity.subject, 0)


def _concepts() -> dict[str, str]:
    """Return what the ontology calls its concepts."""
    return {
        str(subject): value.lexical
        for subject, predicate, value in read_triples(ontology_file())
        if predicate == SKOS.prefLabel and isinstance(value, Literal)
    }
