"""The compiled engine from outside: targets, components, refusals, and the export's hot loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pfocr_rdf.errors import ShapesError
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.terms import IRI, Literal, Node, Triple
from pfocr_rdf.shacl import (
    Result,
    Shapes,
    UnsupportedShapesError,
    compile_shapes,
    conforms,
    count_severities,
    index_triples,
)
from pfocr_rdf.shacl.names import RDF_TYPE, SH
from pfocr_rdf.shacl.paths import InversePath, SequencePath, ZeroOrMorePath, show_path

EX = "http://example.org/"
HEAD = f"""
@prefix ex: <{EX}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


Parse = Callable[[str], list[Triple]]


def ex(name: str) -> IRI:
    return IRI(EX + name)


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    """Turtle text -> triples, through the real reader."""

    def parsed(text: str) -> list[Triple]:
        path = tmp_path / "graph.ttl"
        path.write_text(HEAD + text, encoding="utf-8")
        return list(read_triples(path))

    return parsed


def found(results: Sequence[Result]) -> list[str]:
    """Each result as `focus component`, for short assertions."""
    return sorted(
        f"{str(r.focus).removeprefix(EX)} "
        f"{r.component.rpartition('#')[2].removesuffix('ConstraintComponent')}"
        for r in results
    )


def run(parse: Parse, shapes: str, data: str) -> list[Result]:
    return compile_shapes(parse(shapes)).validate(index_triples(parse(data)))


def test_a_result_says_all(parse: Parse) -> None:
    """Every field, and the engine's own words where the shape has none."""
    shapes = """ex:S sh:targetClass ex:C ; sh:property ex:P .
        ex:P sh:path [ sh:inversePath ex:p ] ; sh:minCount 1 ; sh:severity sh:Warning ."""
    (result,) = run(parse, shapes, "ex:a a ex:C .")
    assert result == Result(
        focus=ex("a"),
        path=InversePath(ex("p")),
        value=None,
        shape=ex("P"),
        component=IRI("http://www.w3.org/ns/shacl#MinCountConstraintComponent"),
        severity=SH.Warning,
        messages=(Literal("expected at least 1 value"),),
    )
    assert not conforms([result])
    assert count_severities([result, result]) == {SH.Warning: 2}
    assert conforms([])


def test_stated_messages_in_order(parse: Parse) -> None:
    """All values of sh:message, sorted: a graph has no order of its own."""
    shapes = 'ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ; sh:message "b" , "a" , "c"@en .'
    (result,) = run(parse, shapes, "")
    assert [each.lexical for each in result.messages] == ["a", "b", "c"]


def test_a_focus_node_of_two_targets_is_validated_once(parse: Parse) -> None:
    """By classes and by other targets, literals included."""
    shapes = """ex:S sh:targetClass ex:C , ex:D ; sh:targetNode ex:a , 5 ;
        sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:p ; sh:nodeKind sh:BlankNode .
        ex:T sh:targetClass ex:C , ex:D ; sh:nodeKind sh:Literal ."""
    results = run(parse, shapes, "ex:a a ex:C , ex:D ; ex:p 5 , ex:b .")
    assert len(results) == 4
    assert {result.focus for result in results if result.shape == ex("S")} == {
        ex("a"),
        ex("b"),
        Literal("5", IRI("http://www.w3.org/2001/XMLSchema#integer")),
    }


@pytest.mark.parametrize("kind", ["rdfs:Class", "owl:Class", "ex:Meta"])
def test_implicit_class_targets(parse: Parse, kind: str) -> None:
    """A shape that is a class of whatever sort targets its instances."""
    shapes = f"ex:Meta rdfs:subClassOf rdfs:Class . ex:C a {kind} , sh:NodeShape ; sh:closed true ."
    assert found(run(parse, shapes, "ex:a a ex:C . ex:b a ex:D .")) == ["a Closed"]


def test_classes_of_nodes_elsewhere(parse: Parse) -> None:
    """class_of answers for nodes outside the index, and only for those."""
    shapes = compile_shapes(
        parse("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:class ex:D ] .")
    )
    index = index_triples(parse("ex:a a ex:C ; ex:p ex:here , ex:there . ex:here ex:q 1 ."))
    asked: list[object] = []

    def class_of(node: object) -> tuple[IRI, ...]:
        asked.append(node)
        return (ex("D"),)

    (result,) = shapes.validate(index, class_of=class_of)
    assert result.value == ex("here")
    assert asked == [ex("there")]
    assert len(shapes.validate(index)) == 2


def test_class_tree_of_data_and_axioms(parse: Parse) -> None:
    """Subclasses of the data count; those of the shapes graph only when passed as axioms."""
    graph = """ex:S sh:targetClass ex:C ; sh:class ex:Top .
        ex:C rdfs:subClassOf ex:Top . ex:Sub rdfs:subClassOf ex:C ."""
    shapes = parse(graph)
    data = index_triples(parse("ex:a a ex:C . ex:b a ex:Sub ."))
    assert found(compile_shapes(shapes).validate(data)) == ["a Class"]
    assert found(compile_shapes(shapes, axioms=shapes).validate(data)) == []
    more = index_triples(parse("ex:a a ex:X . ex:X rdfs:subClassOf ex:Sub ."))
    assert found(compile_shapes(shapes, axioms=shapes).validate(more)) == []
    assert compile_shapes(shapes, axioms=shapes).count_focus_nodes(more) == 1


def test_a_data_graph_leaves_no_trace(parse: Parse) -> None:
    """The class tree of one graph does not hold in the next."""
    shapes = compile_shapes(parse("ex:S sh:targetClass ex:C ; sh:nodeKind sh:Literal ."))
    with_tree = index_triples(parse("ex:a a ex:D . ex:D rdfs:subClassOf ex:C ."))
    without = index_triples(parse("ex:a a ex:D ."))
    counts = [len(shapes.validate(index)) for index in (without, with_tree, without)]
    assert counts == [0, 1, 0]


def test_nodes_of_the_export_are_an_index(parse: Parse) -> None:
    """What the export has at hand is validated as it is."""
    node = Node(ex("a"), ((RDF_TYPE, (ex("C"),)), (ex("p"), (Literal("x"), Literal("y")))))
    shapes = compile_shapes(
        parse("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] .")
    )
    assert found(shapes.validate({node.subject: dict(node.properties)})) == ["a MaxCount"]


def test_details_of_sh_node(parse: Parse) -> None:
    """sh:node gives one result, with the reasons inside; inside sh:not there are none."""
    shapes = """ex:S sh:targetNode ex:a ; sh:node ex:T . ex:T sh:property ex:P , ex:Q .
        ex:P sh:path ex:p ; sh:minCount 1 . ex:Q sh:path ex:q ; sh:minCount 1 .
        ex:U sh:targetNode ex:a ; sh:not [ sh:node ex:T ] ."""
    (result,) = run(parse, shapes, "")
    assert [inner.shape for inner in result.detail] == [ex("P"), ex("Q")]


def test_deactivated(parse: Parse) -> None:
    """Only `true` switches a shape off, and everything conforms to it then."""
    shapes = """ex:S sh:targetNode ex:a ; sh:property ex:P ; sh:not ex:P .
        ex:P sh:path ex:p ; sh:minCount 1 ; sh:deactivated true ."""
    assert found(run(parse, shapes, "")) == ["a Not"]


def test_closed_property_shape(parse: Parse) -> None:
    """The path of a result is the predicate that is too many, the focus node stays."""
    shapes = """ex:S a sh:PropertyShape ; sh:targetNode ex:a ; sh:path ex:p ; sh:closed true ."""
    (result,) = run(parse, shapes, "ex:a ex:p ex:b , 5 . ex:b ex:q 1 .")
    assert (result.focus, result.path) == (ex("a"), ex("q"))


def test_values_are_remembered_within_bounds(parse: Parse) -> None:
    """More distinct values than the engine remembers change nothing."""
    shapes = compile_shapes(
        parse('ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:pattern "^v" ] .')
    )
    values = tuple(Literal(f"v{number}") for number in range(60_000))
    assert shapes.validate({ex("a"): {ex("p"): values}}) == []
    assert len(shapes.validate({ex("a"): {ex("p"): (*values, Literal("w"))}})) == 1


def test_combinations_of_objects_are_remembered_not_their_nodes(parse: Parse) -> None:
    """A good node says nothing of one with other objects, nor of what is not looked at."""
    shapes = """ex:S sh:targetClass ex:C ; sh:or (
        [ sh:property [ sh:path ex:p ; sh:maxCount 0 ] , [ sh:path ex:q ; sh:in ( ex:a ex:b ) ] ]
        [ sh:path ex:p ; sh:minCount 1 ; sh:hasValue ex:x ] ) .
        ex:T sh:targetClass ex:C ; sh:not [ sh:property [ sh:path ex:q ; sh:hasValue ex:b ] ] ;
             sh:nodeKind sh:IRI .
        ex:U sh:targetClass ex:C ; sh:not [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ] ."""
    data = """ex:1 a ex:C . ex:2 a ex:C ; ex:q ex:a . ex:3 a ex:C ; ex:q ex:a .
        ex:4 a ex:C ; ex:q ex:c . ex:5 a ex:C ; ex:q ex:c . ex:6 a ex:C ; ex:p ex:y .
        ex:7 a ex:C ; ex:p ex:x , ex:y ; ex:q ex:c . ex:8 a ex:C ; ex:q ex:b . _:9 a ex:C .
        ex:10 a ex:C ; ex:p ex:x , ex:2 . ex:11 a ex:C ; ex:p ex:x , ex:1 ."""
    results = run(parse, shapes, data)
    blank = [result for result in results if not isinstance(result.focus, str)]
    assert [result.component.rpartition("#")[2] for result in blank] == [
        "NodeKindConstraintComponent"
    ]
    rest = [result for result in results if isinstance(result.focus, str)]
    assert found(rest) == ["10 Not", "4 Or", "5 Or", "6 Or", "8 Not"]


BEYOND_OBJECTS = {
    "sh:path ex:p ; sh:class ex:D": ("ex:v a ex:D .", ""),
    "sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ]": (
        "ex:v ex:q 1 .",
        "",
    ),
    "sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ]": ("ex:v ex:q 1 .", ""),
    "sh:path ex:p ; sh:not [ sh:class ex:D ]": ("", "ex:v a ex:D ."),
    "sh:path ex:p ; sh:and ( [ sh:class ex:D ] )": ("ex:v a ex:D .", ""),
    "sh:path ex:p ; sh:or ( [ sh:class ex:D ] )": ("ex:v a ex:D .", ""),
    "sh:path ex:p ; sh:xone ( [ sh:class ex:D ] )": ("ex:v a ex:D .", ""),
    "sh:path ex:p ; sh:closed true": ("", "ex:v ex:q 1 ."),
    "sh:path ex:p ; sh:equals ex:q": ("ex:f ex:q ex:v .", ""),
    "sh:path ex:p ; sh:disjoint ex:q": ("", "ex:f ex:q ex:v ."),
    "sh:path ex:n ; sh:lessThan ex:q": ("ex:f ex:q 5 .", "ex:f ex:q 2 ."),
    "sh:path ex:n ; sh:lessThanOrEquals ex:q": ("ex:f ex:q 5 .", "ex:f ex:q 2 ."),
    "sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:D ] ; sh:qualifiedMinCount 1": (
        "ex:v a ex:D .",
        "",
    ),
    "sh:path ( ex:p ex:q ) ; sh:minCount 1": ("ex:v ex:q 1 .", ""),
    "sh:path [ sh:inversePath ex:q ] ; sh:minCount 1": ("ex:v ex:q ex:f .", ""),
    "sh:property [ sh:path ex:p ; sh:minCount 1 ] ; sh:class ex:D": ("ex:f a ex:D .", ""),
    "sh:property [ sh:path ex:p ; sh:minCount 1 ] ; sh:disjoint ex:p": ("", "ex:f ex:p ex:f ."),
}


@pytest.mark.parametrize("constraint", BEYOND_OBJECTS)
def test_what_more_than_objects_decide_is_not_remembered(parse: Parse, constraint: str) -> None:
    """One engine, three graphs in a row: what was good in one is bad in the next."""
    alternatives = f"[ {constraint} ] [ sh:path ex:p ; sh:maxCount 0 ]"
    shapes = compile_shapes(parse(f"ex:S sh:targetClass ex:C ; sh:or ( {alternatives} ) ."))
    same = "ex:f a ex:C ; ex:p ex:v ; ex:n 3 . "
    good, bad = (index_triples(parse(same + more)) for more in BEYOND_OBJECTS[constraint])
    assert [found(shapes.validate(index)) for index in (good, bad, good)] == [[], ["f Or"], []]


def test_a_cyclic_path_ends(parse: Parse) -> None:
    """Zero-or-more over a cycle visits each node once."""
    shapes = """ex:S sh:targetNode ex:a ; sh:property
        [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:minCount 3 ; sh:maxCount 3 ] ."""
    assert run(parse, shapes, "ex:a ex:p ex:b . ex:b ex:p ex:c . ex:c ex:p ex:a .") == []


def test_show_path() -> None:
    """Paths read as in SPARQL."""
    path = SequencePath((InversePath(ex("p")), ZeroOrMorePath(SequencePath((ex("q"), ex("r"))))))
    shown = show_path(path, lambda iri: iri.removeprefix(EX))
    assert shown == "(^p)/((q/r)*)"


UNSUPPORTED = {
    "sh:sparql, sh:select": "ex:S sh:targetNode ex:a ; sh:sparql [ sh:select 'x' ] .",
    "sh:target": "ex:S sh:target [ a sh:SPARQLTarget ; sh:select 'x' ] .",
    "sh:entailment": "<> sh:entailment <http://www.w3.org/ns/entailment/RDFS> .",
    "sh:rule": "ex:S sh:rule [ a sh:TripleRule ] .",
    "sh:ConstraintComponent": "ex:Mine a sh:ConstraintComponent .",
    "sh:minCuont": "ex:S sh:property [ sh:path ex:p ; sh:minCuont 1 ] .",
    "sh:reifierShape": "ex:S sh:path ex:p ; sh:targetNode ex:a ; sh:reifierShape ex:T .",
    "refers to itself": "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] .",
    "look": "ex:S sh:targetNode ex:a ; sh:pattern '(?=a)' .",
}


@pytest.mark.parametrize("named", UNSUPPORTED)
def test_unsupported_is_refused_by_name(parse: Parse, named: str) -> None:
    """With the term and the way out in the message."""
    with pytest.raises(UnsupportedShapesError) as caught:
        compile_shapes(parse(UNSUPPORTED[named]))
    message = str(caught.value)
    expected = named.split(", ") if named != "look" else ["(?= is not part of XPath"]
    assert all(each in message for each in expected)
    assert "use --engine pyshacl" in message
    assert "\n" not in message


ILL_FORMED = {
    "sh:minCount: expected an xsd:integer": "ex:S sh:path ex:p ; sh:minCount 'x' .",
    "sh:maxCount: expected one value": "ex:S sh:path ex:p ; sh:maxCount 1 , 2 .",
    "sh:maxCount: expected an xsd": "ex:S sh:path ex:p ; sh:maxCount 9999999999999999999 .",
    "sh:minCount: expected sh:path beside it": "ex:S sh:minCount 1 .",
    "sh:datatype: expected an IRI": "ex:S sh:datatype 'x' .",
    "sh:nodeKind: expected one of the six": "ex:S sh:nodeKind sh:Iri .",
    "sh:in: expected a well-formed list": "ex:S sh:in ex:a .",
    "sh:or: expected a well-formed list": "ex:S sh:or [ rdf:first ex:T ] .",
    "sh:and: expected a well": "ex:S sh:and _:l . _:l rdf:first ex:T ; rdf:rest _:l .",
    "sh:closed: expected true or false": "ex:S sh:closed 'yes' .",
    "sh:pattern: expected a string": "ex:S sh:pattern 1 .",
    "sh:minInclusive: expected a literal": "ex:S sh:minInclusive ex:a .",
    "sh:message: expected a string": "ex:S sh:targetNode ex:a ; sh:message 5 .",
    "sh:node: expected a shape": "ex:S sh:node 'x' .",
    "sh:property: expected a shape with sh:path": "ex:S sh:property ex:T .",
    "sh:node: expected a shape without sh:path": "ex:S sh:node [ sh:path ex:p ] .",
    "sh:languageIn: expected a list of strings": "ex:S sh:languageIn ( ex:en ) .",
    "sh:ignoredProperties: expected a list": "ex:S sh:closed true ; sh:ignoredProperties ( 'p' ) .",
    "sh:targetNode: expected an IRI or a literal": "ex:S sh:targetNode [] .",
    "sh:targetClass: expected an IRI": "ex:S sh:targetClass 'C' .",
    "expected an IRI for a shape that is a class": "[] a rdfs:Class , sh:NodeShape .",
    "found one that contains itself": "ex:S sh:path _:p ; sh:minCount 1 . _:p sh:inversePath _:p .",
    "sh:alternativePath: expected a list": "ex:S sh:minCount 1 ; sh:path "
    "[ sh:alternativePath ( ex:p ) ] .",
    "expected one path expression": "ex:S sh:minCount 1 ; sh:path [ ex:p ex:q ] .",
    "expected an IRI or a blank node": "ex:S sh:minCount 1 ; sh:path 'p' .",
}


@pytest.mark.parametrize("message", ILL_FORMED)
def test_ill_formed_is_refused(parse: Parse, message: str) -> None:
    """In one line that names shape and property."""
    with pytest.raises(ShapesError) as caught:
        compile_shapes(parse(ILL_FORMED[message]))
    assert message in str(caught.value)
    assert not isinstance(caught.value, UnsupportedShapesError)
    assert "\n" not in str(caught.value)


def test_a_shape_without_a_name_is_found_by_its_path(parse: Parse) -> None:
    """A blank node's label helps nobody; its path does."""
    with pytest.raises(ShapesError, match=r"shape on <http://example.org/p>: sh:maxCount"):
        compile_shapes(parse("ex:S sh:property [ sh:path ex:p ; sh:maxCount 'x' ] ."))


def test_names_of_all_shapes(parse: Parse) -> None:
    """Shapes without a target are compiled too, so that their faults are found."""
    shapes = compile_shapes(parse("ex:S sh:targetNode ex:a . ex:T a sh:NodeShape ."))
    assert isinstance(shapes, Shapes)
    assert shapes.nodes == (ex("S"), ex("T"))


def test_index_counts_a_triple_once() -> None:
    """Duplicates go, order stays."""
    p, q = ex("p"), ex("q")
    one, two = Literal("1"), Literal("2")
    triples: list[Triple] = [
        (ex("a"), p, one),
        (ex("a"), p, two),
        (ex("a"), p, one),
        (ex("a"), q, one),
        (ex("a"), q, one),
        (ex("a"), p, two),
    ]
    assert index_triples(triples) == {ex("a"): {p: (one, two), q: (one,)}}
