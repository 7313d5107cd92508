"""Nodes that say the same are validated as all others: the same results, in the same order."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfocr_rdf.rdf.terms import IRI, Subject, Term
from pfocr_rdf.shacl.alike import AlikeNodes
from pfocr_rdf.shacl.engine import compile_shapes
from pfocr_rdf.shacl.graph import DataGraph, Properties, index_triples
from pfocr_rdf.shacl.names import RDF_TYPE
from pfocr_rdf.shacl.steps import Out
from tests.support.shacl_cases import CLASSES, NODES, random_data, random_shapes

ROUNDS = 6


def some_classes(random: Random) -> tuple[IRI, ...]:
    return tuple(random.sample(CLASSES, random.randint(1, 2)))


class Data:
    """Nodes of random data, and others that say the same but for some predicates."""

    def __init__(self, random: Random, *, bounds: bool) -> None:
        self.random = random
        index = index_triples(random_data(random, bounds=bounds))
        self.nodes: dict[Subject, dict[IRI, tuple[Term, ...]]] = {
            subject: dict(said) | {RDF_TYPE: some_classes(random)}
            for subject, said in index.items()
        }
        said = [item for node in self.nodes.values() for item in node.items()]
        predicates = sorted({name for name, _ in said} - {RDF_TYPE})
        self.own = frozenset(name for name in predicates if random.random() < 0.4)
        self.terms = list(dict.fromkeys(term for _, objects in said for term in objects))

    def graph(self) -> dict[Subject, Properties]:
        """Some of the nodes, and several that say the same but for their own, in any order."""
        random = self.random
        parts: list[tuple[Subject, Properties]] = [
            (
                IRI(f"http://example.org/like/{number}"),
                self.like(*random.choice([*self.nodes.items()])),
            )
            for number in range(12)
        ]
        parts += [said for said in self.nodes.items() if random.random() < 0.7]
        random.shuffle(parts)
        return dict(parts)

    def like(self, _: Subject, said: Properties) -> Properties:
        return {
            name: tuple(self.random.sample(self.terms, len(objects)))
            if name in self.own
            else objects
            for name, objects in said.items()
        }


def compare(seed: int) -> None:
    random = Random(seed)
    bounds = random.random() < 0.5
    triples = random_shapes(random, bounds=bounds, targets=["class", "class", "class", "subjects"])
    remembering, plain = compile_shapes(triples), compile_shapes(triples)
    data = Data(random, bounds=bounds)
    for _ in range(ROUNDS):
        index = data.graph()
        outside = {node: some_classes(random) for node in NODES if random.random() < 0.8}

        def class_of(
            node: Subject, known: dict[Subject, tuple[IRI, ...]] = outside
        ) -> tuple[IRI, ...]:
            return known.get(node, ())

        expected = plain.validate(index, class_of=class_of)
        assert remembering.validate(index, class_of=class_of, own=data.own) == expected


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1))
def test_what_is_remembered_of_nodes_changes_no_result(seed: int) -> None:
    compare(seed)


def test_random_shapes_leave_verdicts_to_remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would say little: nodes take the short way, some of them with faults."""
    taken: Counter[str] = Counter()
    check = AlikeNodes.check

    def counting(
        self: AlikeNodes, graph: DataGraph, node: Subject, said: Properties, out: Out
    ) -> None:
        verdict = self.verdict_on(said)
        answers = [graph.classes(term) for term in verdict.asked]
        short, found = verdict.answers == answers and bool(verdict.kind.checks), len(out)
        check(self, graph, node, said, out)
        taken["short" if short else "whole"] += 1
        taken["fault"] += short and len(out) > found
        taken["classes differ"] += verdict.answers is not None and not short

    monkeypatch.setattr(AlikeNodes, "check", counting)
    for seed in range(100):
        compare(seed)
    assert min(taken[way] for way in ("short", "whole", "fault", "classes differ")) > 20, taken
