"""What figures and entities add up to: counts of the graph, the ledger, findings by code.

A tally of one figure is stored as a few hundred bytes, so that a later run can count a figure
that has not changed without looking at it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Self, TypeVar, cast

import orjson

from pfocr_rdf.findings import Counted, Finding, Ledger, Outcome
from pfocr_rdf.rdf import IRI, PFOCR, RDF, SCHEMA, SKOS, Node, PredicateObjects, Range, Term
from pfocr_rdf.release.counts.distinct import PLACES, PREDICATES, RANGES
from pfocr_rdf.release.counts.linksets import LINKSETS, LinkCounter

_BITS: Final = {predicate: 1 << place for predicate, place in PLACES.items()}
_LINKING: Final = sum({_BITS[predicate] for predicate, _ in LINKSETS})
_OUTWARD: Final = frozenset(
    (
        *(RDF.type, SCHEMA.sameAs, SCHEMA.contentUrl, SKOS.exactMatch, SKOS.inScheme),
        *(PFOCR.figureType, PFOCR.wikiPathway, PFOCR.ndexNetwork),
        *(PFOCR.matchTier, PFOCR.identifiedBy, PFOCR.unresolvedReason),
    )
)
_POINTING: Final = sum(
    bit for name, bit in _BITS.items() if RANGES[name] is Range.IRI and name not in _OUTWARD
)
"""What may have a node of the graph as its object; what is `_OUTWARD` never has."""
_OUTCOMES: Final = tuple(Outcome)
_KINDS: Final = tuple(Counted)
_KNOWN: Final = (*SCHEMA, *PFOCR)
"""Classes, methods and reasons; in a record their places here."""
_PLACES: Final = {name: place for place, name in enumerate(_KNOWN)}

Classes = tuple[IRI, ...]
"""All classes of a node, in their order; () of a node that has none."""

ClassOf = Callable[[Term], Classes | None]
"""The classes of an object: () of no node, None if only the whole graph tells them."""

_Key = TypeVar("_Key")


def no_nodes(_: IRI) -> ClassOf:
    """Say of each property that its objects are no nodes of the graph."""
    return lambda _: ()


@dataclass(slots=True)
class Counts:
    """What has been written: triples and subjects by class and predicate, nodes by class, links.

    Attributes:
        figures: Figures.
        triples: Triples.
        subjects: Nodes; each is written once.
        having: By classes and predicate, nodes that have it.
        more: By classes and predicate, triples beyond the first of each node.
        objects: By classes, predicate and a class of the object, triples that name a node.
        open: By classes, predicate and object, triples that `objects` cannot have before the
            classes of the object are known; see `settle`.
        classes: Nodes by class.
        links: Mentions by how they were identified, or why not.
        linked: Triples by linkset, which is a place in `LINKSETS`.
    """

    figures: int = 0
    triples: int = 0
    subjects: int = 0
    having: Counter[tuple[Classes, IRI]] = field(default_factory=Counter)
    more: Counter[tuple[Classes, IRI]] = field(default_factory=Counter)
    objects: Counter[tuple[Classes, IRI, IRI]] = field(default_factory=Counter)
    open: Counter[tuple[Classes, IRI, IRI]] = field(default_factory=Counter)
    classes: Counter[IRI] = field(default_factory=Counter)
    links: Counter[IRI] = field(default_factory=Counter)
    linked: Counter[int] = field(default_factory=Counter)

    @property
    def properties(self) -> dict[IRI, int]:
        """Triples by predicate."""
        return _by_predicate(self.having + self.more)

    @property
    def subjects_of(self) -> dict[IRI, int]:
        """Nodes by predicate that they have."""
        return _by_predicate(self.having)

    def nodes(
        self,
        nodes: Iterable[Node],
        links: LinkCounter,
        known: Callable[[IRI], ClassOf] = no_nodes,
    ) -> dict[Term, int]:
        """Count nodes that have been written.

        Args:
            nodes: Each with its classes as its first property.
            links: Knows other databases.
            known: Returns of a property who knows what its objects are.

        Returns:
            Their objects, each with the predicates it is an object of, as bits.
        """
        by_classes: dict[Classes, list[tuple[PredicateObjects, ...]]] = {}
        for each in nodes:
            predicate, objects = each.properties[0]
            classes = cast("Classes", objects) if predicate == RDF.type else ()
            by_classes.setdefault(classes, []).append(each.properties)
        said: dict[Term, int] = {}
        so_far = said.get
        linked = self.linked
        triples = 0
        for classes, group in by_classes.items():
            if classes:
                self.subjects += len(group)
                for cls in classes:
                    self.classes[cls] += len(group)
            # Counter counts what is hashed in C, and much that a mention says is said by others too.
            having: dict[IRI, int] = {}
            more: dict[IRI, int] = {}
            pointing: dict[IRI, list[Term]] = {}
            pairs = Counter(chain.from_iterable(group))
            for (predicate, objects), times in pairs.items():
                bit = _BITS[predicate]
                having[predicate] = having.get(predicate, 0) + times
                size = len(objects)
                triples += times * size
                if size == 1:
                    term = objects[0]
                    said[term] = so_far(term, 0) | bit
                else:
                    more[predicate] = more.get(predicate, 0) + times * (size - 1)
                    for term in objects:
                        said[term] = so_far(term, 0) | bit
                if bit & _LINKING:
                    for linkset, count in links.count(predicate, objects):
                        linked[linkset] += times * count
                if bit & _POINTING:
                    pointing.setdefault(predicate, []).extend(objects * times)
            _add(self.having, {(classes, predicate): n for predicate, n in having.items()})
            _add(self.more, {(classes, predicate): n for predicate, n in more.items()})
            for predicate, terms in pointing.items():
                self._point(classes, predicate, terms, known(predicate))
        self.triples += triples
        return said

    def _point(
        self, classes: Classes, predicate: IRI, terms: list[Term], class_of: ClassOf
    ) -> None:
        for found, times in Counter(map(class_of, terms)).items():
            if found is None:
                for term in terms:
                    if class_of(term) is None:
                        self.open[classes, predicate, cast("IRI", term)] += 1
            else:
                for cls in found:
                    self.objects[classes, predicate, cls] += times

    def settle(self, classes_of: Callable[[IRI], Classes]) -> None:
        """Count by class what is open.

        Args:
            classes_of: Knows all nodes of the graph that an open triple may name.
        """
        for (classes, predicate, term), times in self.open.items():
            for cls in classes_of(term):
                self.objects[classes, predicate, cls] += times
        self.open.clear()

    def add(self, other: Counts) -> None:
        """Add the counts of another part."""
        self.figures += other.figures
        self.triples += other.triples
        self.subjects += other.subjects
        _add(self.having, other.having)
        _add(self.more, other.more)
        _add(self.objects, other.objects)
        _add(self.open, other.open)
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
        kinds = {
            classes: place
            for place, classes in enumerate(dict.fromkeys(c for c, _ in counts.having))
        }
        return orjson.dumps(
            (
                counts.figures,
                counts.triples,
                counts.subjects,
                [[_PLACES.get(name, name) for name in classes] for classes in kinds],
                [
                    (kinds[key[0]], PLACES[key[1]], n, counts.more.get(key, 0))
                    for key, n in counts.having.items()
                ],
                [
                    (kinds[classes], PLACES[predicate], _PLACES.get(name, name), n)
                    for (classes, predicate, name), n in counts.objects.items()
                ],
                [
                    (kinds[classes], PLACES[predicate], term, n)
                    for (classes, predicate, term), n in counts.open.items()
                ],
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
            figures, triples, subjects, kinds, having, objects, open_, classes, links, linked,
            came_in, outcomes, findings,
        ) = orjson.loads(record)  # fmt: skip
        counts, ledger = self.counts, self.ledger
        counts.figures += figures
        counts.triples += triples
        counts.subjects += subjects
        of_kind = [tuple(map(_name, names)) for names in kinds]
        for kind, place, n, more in having:
            key = of_kind[kind], PREDICATES[place]
            counts.having[key] += n
            if more:
                counts.more[key] += more
        for kind, place, name, n in objects:
            counts.objects[of_kind[kind], PREDICATES[place], _name(name)] += n
        for kind, place, term, n in open_:
            counts.open[of_kind[kind], PREDICATES[place], IRI(term)] += n
        for names, counter in ((classes, counts.classes), (links, counts.links)):
            for name, n in names:
                counter[_name(name)] += n
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


def _name(place: int | str) -> IRI:
    return _KNOWN[place] if isinstance(place, int) else IRI(place)


def _by_predicate(counts: Mapping[tuple[Classes, IRI], int]) -> dict[IRI, int]:
    totals: Counter[IRI] = Counter()
    for (_, predicate), count in counts.items():
        totals[predicate] += count
    return dict(totals)


def _add(counter: Counter[_Key], more: Mapping[_Key, int]) -> None:
    # What Counter.update does, without asking what it was given.
    known = counter.get
    for key, count in more.items():
        counter[key] = known(key, 0) + count
