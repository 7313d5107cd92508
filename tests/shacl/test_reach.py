"""Which shapes can be answered part of a graph by part, and that they then are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.terms import IRI, Subject, Triple
from pfocr_rdf.shacl import Index, Result, Shapes, compile_shapes, index_triples
from pfocr_rdf.shacl.graph import Properties
from pfocr_rdf.shacl.names import RDF_TYPE, SUBCLASS_OF
from pfocr_rdf.shacl.validation import load_shapes
from pfocr_rdf.shipped import dump_shapes
from tests.support.shacl_cases import CLASSES, NODES, PREFIXES, ex, random_data, random_shapes

Compile = Callable[[str], Shapes]


@pytest.fixture
def compiled(tmp_path: Path) -> Compile:
    """Turtle text -> shapes, their class tree taken for an axiom."""

    def compile_text(text: str) -> Shapes:
        path = tmp_path / "shapes.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        triples = list(read_triples(path))
        return compile_shapes(triples, axioms=triples)

    return compile_text


LOOK_OUTSIDE = {
    "sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ]": True,
    "sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:nodeKind sh:IRI ]": True,
    "sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:nodeKind sh:IRI ]": True,
    "sh:property [ sh:path [ sh:alternativePath ( ex:p ( ex:p ex:q ) ) ] ; sh:minCount 1 ]": True,
    "sh:property [ sh:path ( [ sh:zeroOrOnePath ex:p ] ex:q ) ; sh:minCount 1 ]": True,
    "sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ]": True,
    "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ]": True,
    "sh:property [ sh:path ex:p ; sh:or ( [ sh:class ex:D ] [ sh:path ex:q ] ) ]": True,
    "sh:property [ sh:path ex:p ; sh:not [ sh:closed true ] ]": True,
    "sh:property [ sh:path ex:p ; sh:closed true ]": True,
    "sh:property [ sh:path ex:p ; sh:node [ sh:equals ex:q ] ]": True,
    "sh:property [ sh:path ex:p ; sh:node [ sh:disjoint ex:q ] ]": True,
    "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:lessThan ex:r ] ]": True,
    "sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape "
    "[ sh:path ex:q ; sh:minCount 1 ] ]": True,
    "sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape "
    "[ sh:class ex:D ] ; sh:qualifiedValueShapesDisjoint true ] , "
    "[ sh:path [ sh:inversePath ex:r ] ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape "
    "[ sh:path ex:q ; sh:minCount 1 ] ]": True,
    "sh:property [ sh:path ex:p ; sh:class ex:D ; sh:nodeKind sh:IRI ; sh:in ( ex:a ) ]": False,
    "sh:property [ sh:path ex:p ; sh:or ( [ sh:class ex:D ] [ sh:class ex:C ] ) ]": False,
    "sh:property [ sh:path ex:p ; sh:equals ex:q ; sh:disjoint ex:r ]": False,
    "sh:property [ sh:path [ sh:zeroOrOnePath ex:p ] ; sh:minCount 2 ]": False,
    "sh:property [ sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:minCount 2 ]": False,
    "sh:property [ sh:path ( [ sh:inversePath ex:p ] ex:q ) ; sh:minCount 2 ]": False,
    "sh:or ( [ sh:path ex:p ; sh:minCount 1 ] [ sh:property [ sh:path ex:q ] ] )": False,
    "sh:closed true ; sh:equals ex:q": False,
    "sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ; sh:deactivated true ]": False,
}


@pytest.mark.parametrize("constraint", LOOK_OUTSIDE)
def test_what_looks_outside(compiled: Compile, constraint: str) -> None:
    """Whatever reads a triple of a node that a triple of the part leads to."""
    shapes = compiled(f"ex:S sh:targetClass ex:C ; {constraint} .")
    assert shapes.look_outside is LOOK_OUTSIDE[constraint]


BACKWARD = {
    # Of nodes that only their own part refers to: answered; of others: not.
    "[ sh:inversePath ex:p ]": (False, True),
    "[ sh:oneOrMorePath [ sh:inversePath ex:p ] ]": (False, True),
    "[ sh:inversePath ( ex:p [ sh:zeroOrMorePath ex:q ] ) ]": (False, True),
    "[ sh:alternativePath ( ex:p [ sh:inversePath ex:p ] ) ]": (False, True),
    # Who goes away first comes to nodes to which anybody may refer.
    "( ex:p [ sh:inversePath ex:p ] )": (True, True),
    "( [ sh:inversePath ex:p ] ex:q [ sh:inversePath ex:q ] )": (True, True),
    "[ sh:zeroOrMorePath [ sh:alternativePath ( ex:p [ sh:inversePath ex:q ] ) ] ]": (True, True),
    # Back and back again is forward.
    "[ sh:inversePath [ sh:inversePath ex:p ] ]": (False, False),
    "[ sh:inversePath [ sh:zeroOrOnePath [ sh:inversePath ex:p ] ] ]": (False, False),
}


@pytest.mark.parametrize("path", BACKWARD)
def test_paths_back(compiled: Compile, path: str) -> None:
    """Only the whole graph knows all that refers to a node of several parts."""
    shapes = compiled(f"ex:S sh:targetClass ex:C ; sh:property [ sh:path {path} ] .")
    of_own, of_any = BACKWARD[path]
    reason = {ex("S"): "a path back from a node to what refers to it"}
    assert shapes.whole_graph_only([ex("C")]) == (reason if of_own else {})
    assert shapes.whole_graph_only([]) == (reason if of_any else {})


def test_a_path_back_from_what_a_nested_shape_has_reached(compiled: Compile) -> None:
    """Reach goes through nested shapes, whatever nests them."""
    shapes = compiled("""
        ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:or ( [ sh:node ex:T ] ) ] .
        ex:T sh:property [ sh:path [ sh:inversePath ex:q ] ; sh:maxCount 1 ] .
    """)
    assert list(shapes.whole_graph_only([ex("C")])) == [ex("S")]


def test_targets_that_no_part_can_find(compiled: Compile) -> None:
    """A node may be in no part or, as an object, in several."""
    shapes = compiled("""
        ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI .
        ex:T sh:targetObjectsOf ex:p ; sh:nodeKind sh:IRI .
        ex:U sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI .
        ex:V sh:targetSubjectsOf ex:p ; sh:targetClass ex:C ;
             sh:property [ sh:path [ sh:inversePath ex:q ] ] .
    """)
    assert shapes.whole_graph_only([ex("C")]) == {
        ex("S"): "sh:targetNode",
        ex("T"): "sh:targetObjectsOf",
        ex("V"): "a path back from a node to what refers to it",
    }


def test_the_class_tree_decides_who_is_inside(compiled: Compile) -> None:
    """A class is of one part only if its subclasses are."""
    shapes = compiled("""
        ex:D <http://www.w3.org/2000/01/rdf-schema#subClassOf> ex:C .
        ex:S sh:targetClass ex:C ; sh:property [ sh:path [ sh:inversePath ex:p ] ] .
    """)
    assert list(shapes.whole_graph_only([ex("C")])) == [ex("S")]
    assert shapes.whole_graph_only([ex("C"), ex("D")]) == {}


def test_shapes_of_dumps_need_no_more_than_a_figure() -> None:
    """An export pays for nothing else."""
    shapes = load_shapes(dump_shapes())
    assert not shapes.look_outside
    assert shapes.whole_graph_only([]) == {}
    assert load_shapes().whole_graph_only([]), "those of void.ttl need it as a whole"


def answered(shapes: Shapes, data: list[Triple], parts: list[set[Subject]]) -> Counter[Result]:
    """Return the results of all parts, each with what it may know of the others, and no more."""
    whole = index_triples(data)
    found: Counter[Result] = Counter()
    for part in parts:
        mine = {node: said for node, said in whole.items() if node in part}
        found.update(validate_part(shapes, mine, whole))
    return found


def validate_part(shapes: Shapes, mine: Index, whole: Index) -> list[Result]:
    others: Mapping[Subject, Properties] = {
        node: said for node, said in whole.items() if node not in mine
    }
    if shapes.look_outside:
        return shapes.validate(mine, around=others.get)

    def class_of(node: Subject) -> list[IRI]:
        return [cls for cls in others.get(node, {}).get(RDF_TYPE, ()) if isinstance(cls, str)]

    return shapes.validate(mine, class_of=class_of)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.integers(0, 2**32 - 1))
def test_the_parts_together_find_what_the_whole_finds(seed: int) -> None:
    """One part is referred to by itself only, as a figure is; each other node is one by itself."""
    random = Random(seed)
    shapes = compile_shapes(
        random_shapes(random, bounds=True, targets=["class", "class", "class", "subjects"])
    )
    figure = {node for node in NODES if random.random() < 0.5}
    data = [
        (subject, predicate, value)
        for subject, predicate, value in random_data(random, bounds=True)
        if predicate != SUBCLASS_OF and (subject in figure or value not in figure)
    ]
    inside = [
        cls
        for cls in CLASSES
        if all(s in figure for s, predicate, o in data if (predicate, o) == (RDF_TYPE, cls))
    ]
    assume(not shapes.whole_graph_only(inside))
    event(f"looks outside: {shapes.look_outside}")
    parts = [figure, *({node} for node in NODES if node not in figure)]
    assert answered(shapes, data, parts) == Counter(shapes.validate(index_triples(data)))
