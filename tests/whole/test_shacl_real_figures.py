"""Real figures and the shipped shapes, mutated: the fast engine finds what pyshacl finds.

`HYPOTHESIS_PROFILE=thorough` tries forty times as many cases.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pfocr_rdf.rdf.terms import Triple
from pfocr_rdf.shacl import Shapes, compile_shapes, index_triples
from pfocr_rdf.shacl.reference import validate_with_pyshacl
from tests.support.shacl_cases import summary
from tests.support.shacl_changed import SHAPE_MUTATIONS, changed
from tests.support.shacl_real import Mutation, figures, names_of, shipped, some
from tests.support.shacl_spoilt import DATA_MUTATIONS, spoilt

SLOW = settings(suppress_health_check=[HealthCheck.too_slow])
A_FIGURE = st.integers(0, 10**6)
"""Taken modulo the number of figures, which depends on what lies beside the project."""
FAULTS = some(DATA_MUTATIONS, 6)
CHANGES = some(SHAPE_MUTATIONS, 4)


def figure_of(root: Path, number: int) -> tuple[Triple, ...]:
    every = figures(root)
    return every[number % len(every)]


def test_the_figures_are_real_and_good(root: Path) -> None:
    """As they come from the mapper they conform: whatever is found later, a mutation has made."""
    every = figures(root)
    assert len(every) >= 5
    shapes = compiled_once()
    for graph in every:
        assert 30 < len(graph) < 400
        assert shapes.validate(index_triples(graph)) == []


def compiled(shapes: list[Triple] | tuple[Triple, ...]) -> Shapes:
    return compile_shapes(shapes, axioms=shapes)


@cache
def compiled_once() -> Shapes:
    return compiled(shipped())


@SLOW
@given(number=A_FIGURE, faults=FAULTS)
def test_spoilt_figures_with_the_shipped_shapes(
    root: Path, number: int, faults: list[Mutation]
) -> None:
    """The same results, and the same verdict."""
    data = spoilt(figure_of(root, number), faults)
    mine = compiled_once().validate(index_triples(data))
    theirs = validate_with_pyshacl(data, shipped(), axioms=shipped())
    assert summary(mine) == summary(theirs)


@SLOW
@given(number=A_FIGURE, faults=FAULTS, changes=CHANGES)
def test_spoilt_figures_with_changed_shapes(
    root: Path, number: int, faults: list[Mutation], changes: list[Mutation]
) -> None:
    """Shapes that nobody has written for these figures, but much like those that somebody has."""
    figure = figure_of(root, number)
    data, shapes = spoilt(figure, faults), changed(changes, names_of(figure))
    mine = compiled(shapes).validate(index_triples(data))
    assert summary(mine) == summary(validate_with_pyshacl(data, shapes, axioms=shapes))


@SLOW
@given(
    changes=some(["look", "look", "own", "more", "nest", "alternatives"], 8),
    number=A_FIGURE,
    rounds=st.lists(
        some(["neighbour", "neighbour", "answer", "class", "retarget"], 4), min_size=1, max_size=5
    ),
)
def test_an_engine_remembers_nothing_that_does_not_hold(
    root: Path, changes: list[Mutation], number: int, rounds: list[list[Mutation]]
) -> None:
    """One engine over several graphs in a row finds in each what a new one finds.

    Graphs that are much alike: what is remembered of one comes again in the next, where it may
    stand beside other triples.
    """
    figure = figure_of(root, number)
    shapes = changed(changes, names_of(figure))
    kept = compiled(shapes)
    for faults in [[], *rounds]:
        index = index_triples(spoilt(figure, faults))
        assert kept.validate(index) == compiled(shapes).validate(index)
