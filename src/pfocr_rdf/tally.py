"""What figures and entities add up to: counts of the graph, the ledger, findings by code.

A tally of one figure is stored as a few hundred bytes, so that a later run can count a figure
that has not changed without looking at it again.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self, TypeVar, cast

import orjson

from pfocr_rdf.findings import Finding, Kind, Ledger, Outcome
from pfocr_rdf.terms import IRI, Node
from pfocr_rdf.vocabulary import PROPERTIES, RDF

_PREDICATES: Final = (RDF.type, *PROPERTIES)
_OUTCOMES: Final = tuple(Outcome)
_KINDS: Final = tuple(Kind)

_Key = TypeVar("_Key")


@dataclass(slots=True)
class Counts:
    """What has been written: triples by predicate, nodes by class, links by how and why not."""

    figures: int = 0
    triples: int = 0
    subjects: int = 0
    properties: Counter[IRI] = field(default_factory=Counter)
    classes: Counter[IRI] = field(default_factory=Counter)
    links: Counter[IRI] = field(default_factory=Counter)

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Count nodes that have been written."""
        said = [pair for node in nodes for pair in node.properties]
        # Counter counts a list in C, and most predicates have one object.
        self.properties.update([predicate for predicate, _ in said])
        self.triples += len(said)
        for predicate, more in [(p, len(o) - 1) for p, o in said if len(o) > 1]:
            self.properties[predicate] += more
            self.triples += more
        types = Counter([objects for predicate, objects in said if predicate == RDF.type])
        for classes, count in types.items():
            self.subjects += count
            for cls in cast("tuple[IRI, ...]", classes):
                self.classes[cls] += count

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        self.figures += other.figures
        self.triples += other.triples
        self.subjects += other.subjects
        _add(self.properties, other.properties)
        _add(self.classes, other.classes)
        _add(self.links, other.links)


@dataclass(slots=True)
class Tally:
    """The counts of a part of the graph, its books, and how often each code was found."""

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
        record = orjson.dumps(
            (
                (counts.figures, counts.triples, counts.subjects),
                [(i, n) for i, p in enumerate(_PREDICATES) if (n := counts.properties[p])],
                counts.classes,
                counts.links,
                [(_KINDS.index(kind), n) for kind, n in self.ledger.came_in.items()],
                [
                    (_KINDS.index(kind), _OUTCOMES.index(outcome), reason, n)
                    for (kind, outcome, reason), n in self.ledger.outcomes.items()
                ],
                self.findings,
            )
        )
        return zlib.compress(record, 1)

    def add_record(self, record: bytes) -> int:
        """Add what `record_bytes` of this version of the program gave.

        Written without a Tally in between: a run in which nothing has changed does little else.

        Returns:
            How many triples the record counts.
        """
        numbers, properties, classes, links, came_in, outcomes, findings = orjson.loads(
            zlib.decompress(record)
        )
        counts, ledger = self.counts, self.ledger
        figures, triples, subjects = numbers
        counts.figures += figures
        counts.triples += triples
        counts.subjects += subjects
        by_predicate = counts.properties
        for i, n in properties:
            by_predicate[_PREDICATES[i]] += n
        _add(counts.classes, classes)
        _add(counts.links, links)
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
