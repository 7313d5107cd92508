"""Validation of nodes that are alike: what they say alike is checked once.

Mentions say few different things, but for the predicates that each has of its own: its figure,
its word. When one of them had no fault, of the others that say the same only the rest is checked,
if the nodes they name have the classes they had. A node with a fault decides nothing, so what is
found, and in which order, is what it would be without this memory.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from pfocr_rdf.rdf import IRI, Memo, Subject, Term
from pfocr_rdf.shacl.compile import compile_shape
from pfocr_rdf.shacl.declared import DeclaredShapes
from pfocr_rdf.shacl.graph import DataGraph, Properties
from pfocr_rdf.shacl.names import RDF_TYPE
from pfocr_rdf.shacl.needs import Needs
from pfocr_rdf.shacl.steps import Check, Out, Shape

_VERDICTS: Final = int(__import__("os").environ.get("TEMPL", "20000"))
"""Of what a full release says of mentions, four of five are among so many; see performance.md."""
_KINDS: Final = 1_000
"""Classes, with the predicates that are said: there are a few."""

ShapesOf = Callable[[tuple[Term, ...]], Sequence[Subject]]
"""Names the shapes that have nodes of some classes as focus nodes, in the order of checking."""

_Said = tuple[tuple[IRI, ...], tuple[tuple[Term, ...] | int, ...]]
"""Predicates, and the objects of each; of those of a node's own, how many."""


class _NodeKind:
    """What nodes of the same classes and predicates have to pass."""

    __slots__ = ("asked", "checks", "rest")

    def __init__(
        self, checks: Sequence[Check], rest: Sequence[Check], asked: Collection[IRI]
    ) -> None:
        self.checks = checks
        self.rest = rest
        self.asked = asked


class _Verdict:
    """What nodes that say the same name, and of which classes that was when one had no fault."""

    __slots__ = ("answers", "asked", "kind")

    def __init__(self, kind: _NodeKind, asked: Sequence[Term]) -> None:
        self.kind = kind
        self.asked = asked
        self.answers: list[Collection[Term]] | None = None


class AlikeNodes:
    """Validates nodes; remembers what those say alike that had no fault.

    Args:
        own: Predicates of which nearly each node says something else; not rdf:type.
        shapes_of: Names the shapes of classes.
        compiled: The shapes.
        declared: Them as they are declared.
    """

    def __init__(
        self,
        own: frozenset[IRI],
        *,
        shapes_of: ShapesOf,
        compiled: Mapping[Subject, Shape],
        declared: DeclaredShapes,
    ) -> None:
        self._own = own
        self._shapes_of = shapes_of
        self._needs = Needs(declared)
        self._compiled = compiled
        self._siblings = declared.siblings
        self._kinds = Memo(self._kind, _KINDS)
        self._verdicts = Memo(self._verdict, _VERDICTS)

    def check(self, graph: DataGraph, node: Subject, said: Properties, out: Out) -> None:
        """Append the results of a node that has classes."""
        verdict = self.verdict_on(said)
        answers = [graph.classes(term) for term in verdict.asked]
        if verdict.answers == answers:
            for check in verdict.kind.rest:
                check(graph, node, out)
            return
        found = len(out)
        for check in verdict.kind.checks:
            check(graph, node, out)
        if len(out) == found:
            verdict.answers = answers

    def verdict_on(self, said: Properties) -> _Verdict:
        """Return what is remembered of the nodes that say the same."""
        own = self._own
        objects = [values if name not in own else len(values) for name, values in said.items()]
        return self._verdicts[tuple(said), tuple(objects)]

    def _verdict(self, said: _Said) -> _Verdict:
        predicates, objects = said
        terms = {
            name: values
            for name, values in zip(predicates, objects, strict=True)
            if not isinstance(values, int)
        }
        kind = self._kinds[terms[RDF_TYPE], predicates]
        asked = [term for predicate in kind.asked for term in terms.get(predicate, ())]
        return _Verdict(kind, asked)

    def _kind(self, of: tuple[tuple[Term, ...], tuple[IRI, ...]]) -> _NodeKind:
        classes, predicates = of
        gaps = self._own.intersection(predicates)
        names = self._shapes_of(classes)
        needs, compiled = self._needs, self._compiled
        rest = [
            compile_shape(cut, compiled, self._siblings.get(name, ())).check
            for name in names
            if (cut := needs.rest(name, gaps)) is not None
        ]
        asked = dict.fromkeys(each for name in names for each in sorted(needs.classes_asked(name)))
        return _NodeKind([compiled[name].check for name in names], rest, tuple(asked))
