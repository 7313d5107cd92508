"""What figures and entities add up to: counts of the graph, the ledger, findings by code.

A tally of one figure is stored as a few hundred bytes, so that a later run can count a figure
that has not changed without looking at it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Final, Self, TypeVar, cast

import orjson

from pfocr_rdf.findings import Counted, Finding, Ledger, Outcome
from pfocr_rdf.rdf import IRI, PFOCR, RDF, SCHEMA, Node, Term
from pfocr_rdf.release.counts.distinct import PLACES, PREDICATES
from pfocr_rdf.release.counts.linksets import LINKSETS, LinkCounter

_BITS: Final = {predicate: 1 << place for predicate, place in PLACES.items()}
_LINKING: Final = sum({_BITS[predicate] for predicate, _ in LINKSETS})
_OUTCOMES: Final = tuple(Outcome)
_KINDS: Final = tuple(Counted)
_KNOWN: Final = (*SCHEMA, *PFOCR)
"""Classes, methods and reasons; in a record their places here."""
_PLACES: Final = {name: place for place, name in enumerate(_KNOWN)}
_SAID: Final = itemgetter(1)

_Key = TypeVar("_Key")


@dataclass(slots=True)
class Counts:
    """What has been written: triples and subjects by predicate, nodes by class, links.

    Attributes:
        figures: Figures.
        triples: Triples.
        subjects: Nodes; each is written once.
        having: By predicate, nodes that have it.
        more: By predicate, triples beyond the first of each node.
        classes: Nodes by class.
        links: Mentions by how they were identified, or why not.
        linked: Triples by linkset, which is a place in `LINKSETS`.
    """

    figures: int = 0
    triples: int = 0
    subjects: int = 0
    having: Counter[IRI] = field(default_factory=Counter)
    more: Counter[IRI] = field(default_factory=Counter)
    classes: Counter[IRI] = field(default_factory=Counter)
    links: Counter[IRI] = field(default_factory=Counter)
    linked: Counter[int] = field(default_factory=Counter)

    @property
    def properties(self) -> dict[IRI, int]:
        """Triples by predicate."""
        return {predicate: count + self.more[predicate] for predicate, count in self.having.items()}

    def nodes(self, nodes: Iterable[Node], links: LinkCounter) -> dict[Term, int]:
        """Count nodes that have been written.

        Args:
            nodes: Each with its classes as its first property.
            links: Knows other databases.

        Returns:
            Their objects, each with the predicates it is an object of, as bits.
        """
        said: dict[Term, int] = {}
        known = said.get
        having, more, classes, linked = self.having, self.more, self.classes, self.linked
        triples = 0
        # Counter counts what is hashed in C, and most that a mention says is said by others too.
        pairs = Counter(chain.from_iterable(map(_SAID, nodes)))
        for (predicate, objects), times in pairs.items():
            bit = _BITS[predicate]
            having[predicate] = having.get(predicate, 0) + times
            size = len(objects)
            triples += times * size
            if size == 1:
                term = objects[0]
                said[term] = known(term, 0) | bit
            else:
                more[predicate] = more.get(predicate, 0) + times * (size - 1)
                for term in objects:
                    said[term] = known(term, 0) | bit
            if bit & _LINKING:
                for linkset, count in links.count(predicate, objects):
                    linked[linkset] += times * count
            elif predicate == RDF.type:
                self.subjects += times
                for cls in cast("tuple[IRI, ...]", objects):
                    classes[cls] += times
        self.triples += triples
        return said

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        self.figures += other.figures
        self.triples += other.triples
        self.subjects += other.subjects
        _add(self.having, other.having)
        _add(self.more, other.more)
        _add(self.classes, other.classes)
        _add(self.links, other.links)
        _add(self.linked, other.linked)


@dataclass(slots=True)
class Tally:
    """The counts of a part of the graph, its ledger, and how often each code was found."""

    counts: Counts = field(default_factory=Counts)
    ledger: Ledger = field(default_factory=Ledger)
    findings: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add another part."""
        self.counts.add(other.counts)
        self.ledger.add(other.ledger)
        _add(self.findings, other.findings)

    def found(self, findings: Iterable[Finding]) -> bytes:
        """Count findings, and return them as lines of findings.jsonl."""
        lines = []
        for finding in findings:
            self.findings[finding.code] += 1
            lines.append(finding.line())
        return b"".join(lines)

    def record_bytes(self) -> bytes:
        """Return the tally as bytes that `from_record` reads."""
        counts = self.counts
        return orjson.dumps(
            (
                counts.figures,
                counts.triples,
                counts.subjects,
                [PLACES[predicate] for predicate in counts.having],
                [*counts.having.values()],
                [(PLACES[predicate], n) for predicate, n in counts.more.items()],
                [(_PLACES.get(name, name), n) for name, n in counts.classes.items()],
                [(_PLACES.get(name, name), n) for name, n in counts.links.items()],
                [*counts.linked.items()],
                [(_KINDS.index(kind), n) for kind, n in self.ledger.came_in.items()],
                [
                    (_KINDS.index(kind), _OUTCOMES.index(outcome), reason, n)
                    for (kind, outcome, reason), n in self.ledger.outcomes.items()
                ],
                self.findings,
            )
        )

    def add_record(self, record: bytes) -> int:
        """Add what `record_bytes` of this version of the program gave.

        Written without a Tally in between: a run in which nothing has changed does little else.

        Returns:
            How many triples the record counts.
        """
        (
            figures, triples, subjects, places, having, more, classes, links, linked, came_in,
            outcomes, findings,
        ) = orjson.loads(record)  # fmt: skip
        counts, ledger = self.counts, self.ledger
        counts.figures += figures
        counts.triples += triples
        counts.subjects += subjects
        by_predicate = counts.having
        for place, n in zip(places, having, strict=True):
            by_predicate[PREDICATES[place]] += n
        for place, n in more:
            counts.more[PREDICATES[place]] += n
        for names, counter in ((classes, counts.classes), (links, counts.links)):
            for name, n in names:
                counter[_KNOWN[name] if isinstance(name, int) else name] += n
        for linkset, n in linked:
            counts.linked[linkset] += n
        for i, n in came_in:
            ledger.came_in[_KINDS[i]] += n
        for i, j, reason, n in outcomes:
            ledger.outcomes[_KINDS[i], _OUTCOMES[j], reason] += n
        _add(self.findings, findings)
        return int(triples)

    @classmethod
    def from_record(cls, record: bytes) -> Self:
        """Return the tally that was recorded by the same version of this program."""
        tally = cls()
        tally.add_record(record)
        return tally


def _add(counter: Counter[_Key], more: Mapping[_Key, int]) -> None:
    # What Counter.update does, without asking what it was given.
    for key, count in more.items():
        counter[key] += count
