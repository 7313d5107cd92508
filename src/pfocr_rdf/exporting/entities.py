"""Genes, papers and all else that figures share: each written once, at the end.

Figures come in a stream and their entities again and again. A node is named by a hash of what
it says, so that a figure's entities are a few numbers, and is stored once, in the page cache's
database, which sorts them: memory stays flat.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.rdf import (
    IRI,
    PFOCR,
    Bounded,
    Literal,
    Node,
    Seen,
    Term,
    facts_of,
    is_paper,
    reconcile,
    settle_label,
)

_REMEMBERED: Final = 30_000
"""About as many genes, taxa and the like as a release has; papers come once and go."""
_SENT: Final = 2_000
"""Enough for papers, whose figures follow one another; a node sent twice does no harm."""


class StoredNode(NamedTuple):
    """A node under the hash of what it says, a signed 64-bit number."""

    id: int
    subject: str
    said: bytes


class Variant(NamedTuple):
    """What figures said of an entity in one way, and how many of them."""

    said: bytes
    stated: int


class EntityVariants(NamedTuple):
    """All that was said of one entity."""

    subject: IRI
    variants: tuple[Variant, ...]


class Lost(NamedTuple):
    """A value that could not be kept because another one is, and how often it was stated."""

    subject: IRI
    predicate: IRI
    value: Term
    kept: Term
    stated: int


def stored(node: Node) -> StoredNode:
    """Return a node as it is stored."""
    said = orjson.dumps(
        [(predicate, [_coded(term) for term in objects]) for predicate, objects in node.properties]
    )
    return StoredNode(id_of(node.subject.encode(), said), node.subject, said)


def id_of(subject: bytes, said: bytes) -> int:
    """Return the hash that names what is said of a subject."""
    digest = hashlib.blake2b(b"%b\0%b" % (subject, said), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def said_by(subject: IRI, said: bytes) -> Node:
    """Return the node that `stored` was given."""
    return Node(
        subject,
        tuple(
            (IRI(predicate), tuple(_decoded(code) for code in objects))
            for predicate, objects in orjson.loads(said)
        ),
    )


def reconciled(facts: EntityVariants) -> tuple[Node, tuple[Lost, ...]]:
    """Return an entity's one node, and what was said of it but could not be kept."""
    nodes = [said_by(facts.subject, variant.said) for variant in facts.variants]
    if len(nodes) == 1:
        return settle_label(nodes[0], {}), ()
    node, lost = reconcile(facts.subject, facts_of(nodes))
    node = settle_label(node, _figures_of_words(facts, nodes))
    kept = {predicate: objects[0] for predicate, objects in node.properties}
    return node, tuple(
        Lost(
            facts.subject,
            predicate,
            value,
            kept[predicate],
            sum(
                variant.stated
                for variant, one in zip(facts.variants, nodes, strict=True)
                if (predicate, value) in ((p, v) for p, vs in one.properties for v in vs)
            ),
        )
        for predicate, value in lost
    )


def _figures_of_words(facts: EntityVariants, nodes: Sequence[Node]) -> Counter[str]:
    """Return how many figures use each word for an entity; a figure states one variant of it."""
    figures = Counter[str]()
    for variant, one in zip(facts.variants, nodes, strict=True):
        for predicate, words in one.properties:
            if predicate == PFOCR.labelFromFigures:
                for word in words:
                    assert isinstance(word, Literal), "labels are literals"
                    figures[word.lexical] += variant.stated
    return figures


class EntityIds:
    """Names the nodes of figures, and says which of them have not been named before."""

    def __init__(self) -> None:
        self._known = Bounded[IRI, tuple[Node, int]](_REMEMBERED)
        self._sent = Seen[int](_SENT)

    def name(self, nodes: Sequence[Node]) -> tuple[bytes, list[StoredNode]]:
        """Return the ids of nodes, as an array of 64-bit numbers, and the new nodes."""
        ids = array("q")
        new = []
        known, sent = self._known, self._sent
        for node in nodes:
            remembered = known.get(node.subject)
            # Genes and organisms are made once a process, so most are the very same object.
            if remembered is not None and (remembered[0] is node or remembered[0] == node):
                ids.append(remembered[1])
                continue
            one = stored(node)
            if not is_paper(node.subject):
                known[node.subject] = node, one.id
            ids.append(one.id)
            if one.id not in sent:
                sent.add(one.id)
                new.append(one)
        return ids.tobytes(), new


def ids_of(packed: bytes) -> Iterable[int]:
    """Return the ids that `EntityIds.name` packed."""
    ids = array("q")
    ids.frombytes(packed)
    return ids


def _coded(term: Term) -> str | tuple[str, str]:
    return (term.lexical, term.datatype) if isinstance(term, Literal) else str(term)


def _decoded(code: str | list[str]) -> Term:
    return IRI(code) if isinstance(code, str) else Literal(code[0], IRI(code[1]))
