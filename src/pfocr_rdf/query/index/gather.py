"""What pages and search show of a figure or entity elsewhere, taken from its piece of the dump.

A page of a gene lists figures, a figure's page lists its neighbours, and entities stand behind
the figures in a dump. So the whole release is read once for what is needed of others, which is
little: names, years, words, who mentions whom, and hashes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from pfocr_rdf.errors import InputError
from pfocr_rdf.query.index.folding import key_of
from pfocr_rdf.query.index.model import TIER_WORDS, TIERS, NameIs, end_of
from pfocr_rdf.rdf import (
    DCAT,
    DCTERMS,
    IRI,
    OA,
    PAGED,
    PFOCR,
    RDF,
    SCHEMA,
    SKOS,
    FigureNodes,
    Kind,
    Literal,
    Node,
    NodeView,
    Term,
    kind_of,
    shown_name,
)
from pfocr_rdf.release import Piece, Reader
from pfocr_rdf.text import one_line

DIGEST: Final = 16
"""Bytes of a hash: by chance two are equal once in 2^64 pages."""

# Addresses, terms of the vocabulary and other people's entities. Whatever else is an IRI is
# taken for an entity of the release that a page may show.
_NO_ENTITIES: Final = frozenset(
    (
        RDF.type, SCHEMA.url, SCHEMA.contentUrl, SCHEMA.image, SCHEMA.sameAs, SCHEMA.license,
        PFOCR.figureType, PFOCR.ndexNetwork, PFOCR.wikiPathway, PFOCR.redirectsFrom,
        PFOCR.matchTier, PFOCR.identifiedBy, PFOCR.unresolvedReason, OA.hasTarget, PFOCR.alsoReadAs,
        SKOS.exactMatch, SKOS.closeMatch, SKOS.inScheme, DCAT.dataset,
    )
)  # fmt: skip


class IndexedFigure(NamedTuple):
    """What other pages show of a figure, and what its own page depends on.

    Attributes:
        iri: Of the figure.
        title: Of the figure.
        number: In its paper, "" without.
        paper: IRI of the paper, "" without.
        image: Address of the image, "" without.
        license: Address of the licence, "" without.
        creator: IRI, "" without.
        digest: Hash of all that is said of it.
        mentioned: IRIs of the entities that it mentions, those of the strictest tier first.
        tiers: Of each of those the place in `TIER_WORDS`.
        certain: Of each of those 1 where it is mentioned unambiguously, else 0.
        organisms: IRIs, curated or recognised.
        candidates: IRIs of genes that a word of it may mean.
        entities: IRIs of all entities that its page may call by name.
        identifiers: That it is found by.
        caption: In which words are found.
        words: That it uses for entities, each with its IRI, in one spelling.
    """

    iri: str
    title: str
    number: str
    paper: str
    image: str
    license: str
    creator: str
    digest: bytes
    mentioned: tuple[IRI, ...]
    tiers: bytes
    certain: bytes
    organisms: tuple[str, ...]
    candidates: tuple[str, ...]
    entities: tuple[str, ...]
    identifiers: tuple[str, ...]
    caption: tuple[str, ...]
    words: tuple[tuple[str, str], ...]


class EntityFacts(NamedTuple):
    """What pages show of an entity.

    Attributes:
        iri: Of the entity.
        kind: Of its page, None when it has none.
        name: What it is called, see `shown_name`; "" without.
        year: Of a paper, "" without.
        journal: IRI of that of a paper, "" without.
        digest: Hash of all that is said of it.
        entities: IRIs of the entities that it refers to.
        content: Its text in the dump.
        names: That the release has of it, and what each is.
        descriptions: Longer names, or texts.
        organism: IRI of that of a gene, "" without.
        citation: Of a paper, "" without.
        keywords: Of a paper.
    """

    iri: str
    kind: Kind | None
    name: str
    year: str
    journal: str
    digest: bytes
    entities: tuple[str, ...]
    content: bytes
    names: tuple[tuple[str, NameIs], ...]
    descriptions: tuple[str, ...]
    organism: str
    citation: str
    keywords: tuple[str, ...]


class Gathered(NamedTuple):
    """What was taken from some pieces; of mentions only how many there are of each concept."""

    figures: list[IndexedFigure]
    entities: list[EntityFacts]
    tiers: Counter[str]
    methods: Counter[str]
    reasons: Counter[str]


def gather(reader: Reader, pieces: Sequence[Piece]) -> Gathered:
    """Return what is needed of some pieces, in their order.

    Raises:
        InputError: The dump is damaged.
    """
    found = Gathered([], [], Counter(), Counter(), Counter())
    counters = {
        PFOCR.matchTier: found.tiers,
        PFOCR.identifiedBy: found.methods,
        PFOCR.unresolvedReason: found.reasons,
    }
    for piece in pieces:
        try:
            item = reader.figure(piece) if piece.is_figure else reader.entity(piece)
        except (ValueError, KeyError, SyntaxError) as error:
            start = piece.content[:60].decode(errors="replace")
            raise InputError(
                f"the dump: {start!r}: expected a figure or entity as an export writes it, "
                f"found {one_line(str(error))} (export again)"
            ) from error
        if not isinstance(item, FigureNodes):
            found.entities.append(_entity(item, piece))
            continue
        candidates: set[str] = set()
        words: dict[tuple[str, str], str] = {}
        for mention in item.mentions:
            for predicate, objects in mention.properties:
                if predicate in counters:
                    counters[predicate].update(map(str, objects))
                elif predicate == PFOCR.candidate:
                    candidates.update(map(str, objects))
            for body, word in _words_of(mention):
                words.setdefault((body, key_of(word)), word)
        used = tuple((body, word) for (body, key), word in words.items() if key)
        found.figures.append(_figure(item, tuple(sorted(candidates)), used, piece))
    return found


def digest_of(*parts: bytes) -> bytes:
    """Return a hash of byte strings; they are told apart by their lengths."""
    hashed = hashlib.blake2b(digest_size=DIGEST)
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big"))
        hashed.update(part)
    return hashed.digest()


def _words_of(mention: Node) -> Iterator[tuple[str, str]]:
    """Yield an entity and a word for it, as a mention has them."""
    said = dict(mention.properties)
    for body in said.get(OA.hasBody, ()):
        for word in chain(said.get(PFOCR.recognizedText, ()), said.get(PFOCR.statedSymbol, ())):
            if isinstance(word, Literal):
                yield str(body), word.lexical


def _figure(
    item: FigureNodes,
    candidates: tuple[str, ...],
    words: tuple[tuple[str, str], ...],
    piece: Piece,
) -> IndexedFigure:
    node, mentions = item.figure, item.mentions
    figure = NodeView(node)
    objects = dict(node.properties)
    mentioned = [term for term in objects.get(SCHEMA.mentions, ()) if isinstance(term, str)]
    tier_of: dict[Term, int] = {
        entity: number
        for number, predicate in reversed(list(enumerate(TIERS)))
        for entity in objects.get(IRI(predicate), ())
    }
    certain = {*objects.get(PFOCR.mentionsUnambiguously, ())}
    untiered = len(TIER_WORDS) - 1
    mentioned.sort(
        key=lambda entity: tier_of.get(entity, untiered)
    )  # those of one keep their order
    return IndexedFigure(
        node.subject,
        figure.first(SCHEMA.name),
        figure.first(PFOCR.figureNumber),
        figure.first(SCHEMA.isPartOf),
        figure.first(SCHEMA.contentUrl),
        figure.first(SCHEMA.license),
        figure.first(SCHEMA.creator),
        digest_of(piece.content),
        tuple(mentioned),
        bytes(tier_of.get(entity, untiered) for entity in mentioned),
        bytes(entity in certain for entity in mentioned),
        tuple({*figure.all(PFOCR.organism), *figure.all(PFOCR.organismRecognized)}),
        candidates,
        tuple(sorted(set(_entities_of(chain((node,), mentions))))),
        (*figure.all(SCHEMA.identifier), *figure.all(SCHEMA.alternateName)),
        figure.all(SCHEMA.description),
        words,
    )


def _entity(node: Node, piece: Piece) -> EntityFacts:
    entity = NodeView(node)
    kind = kind_of(entity.all(RDF.type))
    label = entity.first(PFOCR.labelFromFigures)
    return EntityFacts(
        node.subject,
        kind if kind in PAGED else None,
        shown_name(entity.first(SCHEMA.name), label, ""),
        entity.first(SCHEMA.datePublished),
        entity.first(SCHEMA.isPartOf) if kind is Kind.PAPER else "",
        digest_of(piece.content),
        tuple(sorted(set(_entities_of((node,))))),
        piece.content,
        (
            *((name, NameIs.LABEL) for name in entity.all(SCHEMA.name)),
            *((name, NameIs.LABEL) for name in filter(None, (label,))),
            *((name, NameIs.COMMON) for name in entity.all(SCHEMA.alternateName)),
            *((name, NameIs.LONG) for name in entity.all(SCHEMA.description)),
            *((name, NameIs.IDENTIFIER) for name in entity.all(SCHEMA.identifier)),
            *((end_of(iri), NameIs.IDENTIFIER) for iri in entity.all(SKOS.closeMatch)),
        ),
        entity.all(SCHEMA.description),
        entity.first(SCHEMA.taxonomicRange),
        " · ".join(entity.all(DCTERMS.bibliographicCitation)),
        entity.all(SCHEMA.keywords),
    )


def _entities_of(nodes: Iterator[Node] | Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        for predicate, objects in node.properties:
            if predicate not in _NO_ENTITIES and isinstance(objects[0], str):
                yield from map(str, objects)
