"""The shapes: each constraint passes good data, catches bad data, on every engine alike.

`tests/shapes/pass` holds whole graphs. A file of `tests/shapes/fail` is one fault: the graph
it starts from (`# on:`), what it takes away (`# without: subject predicate`), what it adds
(its own triples), and every result that is due (`# expect: focus path component shape`, the
one it was written for first; the path is `-` where it is none or not one predicate).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib import Namespace as RdflibNamespace
from rdflib.collection import Collection
from rdflib.term import Node as RdflibNode

from pfocr_rdf.rdf.terms import IRI, XSD_STRING, BlankNode, Term, Triple
from pfocr_rdf.rdf.terms import Literal as PlainLiteral
from pfocr_rdf.rdf.vocabulary import (
    DESCRIPTION_NAMESPACES,
    DESCRIPTION_PROPERTIES,
    NAMESPACES,
    Property,
    Range,
)
from pfocr_rdf.rdf.vocabulary import PROPERTIES as OF_DUMPS
from pfocr_rdf.shacl.engine import Shapes, compile_shapes
from pfocr_rdf.shacl.graph import index_triples
from pfocr_rdf.shacl.results import Result
from tests.support import referees
from tests.support.places import ROOT
from tests.support.pyshacl_shapes import PreparedShapes

pytestmark = pytest.mark.whole  # takes long

HERE = Path(__file__).parent / "shapes"
DUMP_KINDS = ("dataset", "entity", "figure", "mention", "paper")
KINDS = (*DUMP_KINDS, "void")

SH = RdflibNamespace("http://www.w3.org/ns/shacl#")
SHAPE = RdflibNamespace("https://w3id.org/pfocr/shapes#")
PFOCR = RdflibNamespace(NAMESPACES["pfocr"])
SKOS = RdflibNamespace(NAMESPACES["skos"])

NOT_CONSTRAINTS = {
    RDF.type,
    SH.path,
    SH.property,
    SH.message,
    SH.description,
    SKOS.example,
    SH.severity,
    SH.targetClass,
    SH.targetObjectsOf,
    SH.ignoredProperties,
    SH.qualifiedValueShape,
}
"""What a shape says that is no constraint by itself, and cannot fail."""


class Expected(NamedTuple):
    """One result that a fault must give; "-" for no path or one of several steps."""

    focus: str
    path: str
    component: str
    shape: str


class Case(NamedTuple):
    """A fault: the faulty graph, and all that an engine has to say about it."""

    graph: Graph
    expected: tuple[Expected, ...]


@cache
def shapes() -> Graph:
    graph = Graph()
    for kind in KINDS:
        graph.parse(ROOT / "shapes" / f"{kind}.ttl")
    return graph


@cache
def passing(name: str) -> Graph:
    return Graph().parse(HERE / "pass" / f"{name}.ttl")


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in (HERE / folder).glob("*.ttl"))


@cache
def case(name: str) -> Case:
    text = (HERE / "fail" / f"{name}.ttl").read_text()
    prologue = "\n".join(
        line for line in text.splitlines() if line.startswith(("@prefix", "@base"))
    )

    def terms(line: str) -> list[RdflibNode]:
        # The header is read by the Turtle parser, with the prefixes of the file itself.
        listed = Graph().parse(data=f"{prologue}\n[] a ( {line} ) .", format="turtle")
        return list(Collection(listed, next(listed.objects(None, RDF.type))))

    def headers(key: str) -> Iterator[str]:
        return (m[1] for m in re.finditer(rf"^# {key}: (.+)$", text, re.MULTILINE))

    graph = Graph()
    for triple in passing(next(headers("on")).removesuffix(".ttl")):
        graph.add(triple)
    for line in headers("without"):
        subject, predicate = terms(line)
        assert (subject, predicate, None) in graph, f"{name}: nothing to take away: {line}"
        graph.remove((subject, predicate, None))
    graph.parse(data=text, format="turtle")
    expected = []
    for line in headers("expect"):
        words = line.split(" ")
        focus, component, shape = terms(" ".join((words[0], *words[2:])))
        path = "-" if words[1] == "-" else str(terms(words[1])[0])
        expected.append(Expected(focus_text(focus), path, str(component), str(shape)))
    return Case(graph, tuple(expected))


def focus_text(term: RdflibNode | None) -> str:
    """Return a focus node as `referees` has it: what a property names may be a literal, too."""
    if isinstance(term, Literal):
        return f'"{term}"^^<{term.datatype or XSD.string}>'
    return str(term)


@cache
def prepared() -> PreparedShapes:
    return PreparedShapes(shapes())


def results(data: Graph) -> set[Expected]:
    """Return what pyshacl reports."""
    return of_report(prepared().report(data))


def of_report(report: Graph) -> set[Expected]:
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        found.add(
            Expected(
                focus_text(report.value(result, SH.focusNode)),
                str(path) if isinstance(path, URIRef) else "-",
                str(report.value(result, SH.sourceConstraintComponent)),
                str(report.value(result, SH.sourceShape)),
            )
        )
    return found


def named_shapes(kind: URIRef) -> list[URIRef]:
    found = (s for s in shapes().subjects(RDF.type, kind) if isinstance(s, URIRef))
    return sorted(found)


def parameters(shape: URIRef) -> Iterator[tuple[URIRef, RdflibNode]]:
    """Yield the constraints of one shape: (parameter, value)."""
    for parameter, value in shapes().predicate_objects(shape):
        if parameter not in NOT_CONSTRAINTS:
            assert isinstance(parameter, URIRef)
            yield parameter, value


def component(parameter: URIRef) -> str:
    name = parameter.removeprefix(str(SH))
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"


# ---------------------------------------------------------------- good and bad data


@pytest.mark.parametrize("name", names("pass"))
def test_good_data_conforms(name: str) -> None:
    assert results(passing(name)) == set()


def test_several_figures_in_one_graph_conform() -> None:
    whole = Graph()
    for name in names("pass"):
        if name not in ("uniprot", "wikipathways"):
            for triple in passing(name):
                whole.add(triple)
    assert results(whole) == set()


@pytest.mark.parametrize("name", names("fail"))
def test_a_fault_gives_exactly_its_results(name: str) -> None:
    fault = case(name)
    assert results(fault.graph) == set(fault.expected)


@pytest.mark.parametrize("name", names("fail")[::40])
def test_shapes_that_are_read_once_give_what_pyshacl_says(name: str) -> None:
    graph = case(name).graph
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes())
    assert isinstance(report, Graph)
    assert results(graph) == of_report(report)


def test_the_shapes_are_shacl() -> None:
    conforms, _, text = pyshacl.validate(
        passing("minimal"), shacl_graph=shapes(), meta_shacl=True, allow_warnings=False
    )
    assert conforms, text


def test_every_constraint_has_an_example_that_fails() -> None:
    due = Counter(
        (str(shape), component(parameter))
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in named_shapes(kind)
        for parameter, _ in parameters(shape)
    )
    written = Counter((first.shape, first.component) for first in map(_first, names("fail")))
    assert len(due) > 250
    assert {key: n for key, n in due.items() if written[key] < n} == {}
    assert set(written) <= set(due)


def _first(name: str) -> Expected:
    first = case(name).expected[0]
    # The file is named after what it breaks.
    assert name.startswith(first.shape.removeprefix(str(SHAPE)) + "-"), name
    return first


def test_every_property_shape_has_an_example_that_passes_with_a_value() -> None:
    graphs = [passing(name) for name in names("pass")]
    without = []
    for node in named_shapes(SH.NodeShape):
        classes = list(shapes().objects(node, SH.targetClass))
        naming = list(shapes().objects(node, SH.targetObjectsOf))
        for shape in shapes().objects(node, SH.property):
            path = shapes().value(shape, SH.path)
            if isinstance(path, BNode) or (shape, SH.maxCount, Literal(0)) in shapes():
                continue
            if not any(
                (focus, path, None) in graph
                for graph in graphs
                for focus in (
                    *(node for each in classes for node in graph.subjects(RDF.type, each)),
                    *(node for each in naming for node in graph.objects(None, each)),
                )
            ):
                without.append(shape)
    assert without == []


# ---------------------------------------------------------------- other engines


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """The files of the shapes and of each example, in the order of the examples."""
    folder = tmp_path_factory.mktemp("examples")
    merged = folder / "shapes.ttl"
    shapes().serialize(merged, format="turtle", encoding="utf-8")
    found = []
    for name, graph, _ in examples():
        data = folder / f"{name}.nt"
        graph.serialize(data, format="nt", encoding="utf-8")
        found.append((merged, data))
    return found


@pytest.mark.parametrize("engine", referees.ENGINES)
def test_other_engines_agree(engine: referees.Engine, pairs: list[tuple[Path, Path]]) -> None:
    wanted = {
        name: {_comparable(engine, e.focus, e.path, e.component) for e in expected}
        for name, _, expected in examples()
    }
    answers = referees.js_shacl_of(engine, pairs)
    found = {
        name: {_comparable(engine, r.focus, r.path, r.component) for r in answer}
        for name, answer in zip(wanted, answers, strict=True)
    }
    disagree = {name for name in wanted if found[name] != wanted[name]}
    assert {name: found[name] for name in disagree} == {name: wanted[name] for name in disagree}


def examples() -> Iterator[tuple[str, Graph, tuple[Expected, ...]]]:
    for name in names("pass"):
        yield f"pass-{name}", passing(name), ()
    for name in names("fail"):
        yield f"fail-{name}", *case(name)


def _comparable(
    engine: referees.Engine, focus: str, path: str, violated: str
) -> tuple[str, str, str]:
    # shacl-engine does not say which property a closed shape refuses.
    silent = engine == "shacl-engine" and violated == str(SH.ClosedConstraintComponent)
    return focus, path if path[:1].isalpha() and not silent else "-", violated


@cache
def compiled() -> Shapes:
    return compile_shapes(triples(shapes()))


def triples(graph: Graph) -> Iterator[Triple]:
    for subject, predicate, value in graph:
        node = term(subject)
        assert not isinstance(node, PlainLiteral)
        yield node, IRI(str(predicate)), term(value)


def term(value: RdflibNode) -> Term:
    if isinstance(value, Literal):
        kind = str(value.datatype or (RDF.langString if value.language else XSD_STRING))
        return PlainLiteral(str(value), IRI(kind), value.language or "")
    return BlankNode(str(value)) if isinstance(value, BNode) else IRI(str(value))


def as_expected(result: Result) -> Expected:
    path = result.path if isinstance(result.path, str) else "-"
    focus = result.focus
    if isinstance(focus, PlainLiteral):
        focus = IRI(f'"{focus.lexical}"^^<{focus.datatype}>')
    return Expected(str(focus), path, result.component, str(result.shape))


def test_our_own_engine_agrees() -> None:
    wanted, found = {}, {}
    for name, graph, expected in examples():
        wanted[name] = set(expected)
        found[name] = set(map(as_expected, compiled().validate(index_triples(triples(graph)))))
    disagree = {name for name in wanted if found[name] != wanted[name]}
    assert {name: found[name] for name in disagree} == {name: wanted[name] for name in disagree}


# ---------------------------------------------------------------- how they are written


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_complete_by_itself(kind: str) -> None:
    graph = Graph().parse(ROOT / "shapes" / f"{kind}.ttl")
    used = {s for s in graph.objects(None, SH.property) if isinstance(s, URIRef)}
    assert used == set(graph.subjects(RDF.type, SH.PropertyShape))


def test_one_version_for_all_files() -> None:
    ontology = URIRef("https://w3id.org/pfocr/shapes")
    owl = RdflibNamespace("http://www.w3.org/2002/07/owl#")
    assert len(list(shapes().objects(ontology, owl.versionInfo))) == 1


def test_each_shape_has_one_message_and_one_severity() -> None:
    for shape in (*named_shapes(SH.NodeShape), *named_shapes(SH.PropertyShape)):
        messages = list(shapes().objects(shape, SH.message))
        assert len(messages) == 1, shape
        assert re.fullmatch(r"[A-Z][^\n]*[^.\s]", str(messages[0])), shape
        assert list(shapes().objects(shape, SH.severity)) == [SH.Violation], shape


def test_each_message_names_class_and_property() -> None:
    for node in named_shapes(SH.NodeShape):
        words = str(shapes().value(node, SH.message)).split(" ")[0].rstrip(":")
        for shape in shapes().objects(node, SH.property):
            message = str(shapes().value(shape, SH.message))
            assert message.startswith(words), shape
            path = shapes().value(shape, SH.path)
            if isinstance(path, URIRef):
                assert f" {curie(path)}: " in message, shape


def curie(iri: str) -> str:
    for prefix, base in (NAMESPACES | DESCRIPTION_NAMESPACES).items():
        if iri.startswith(base):
            return f"{prefix}:{iri.removeprefix(base)}"
    raise AssertionError(iri)


TARGETS = {SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target}


@pytest.mark.parametrize("kind", DUMP_KINDS)
def test_every_node_shape_of_a_dump_has_classes_as_target_and_no_other_target(kind: str) -> None:
    graph = Graph().parse(ROOT / "shapes" / f"{kind}.ttl")
    for node in graph.subjects(RDF.type, SH.NodeShape):
        assert TARGETS.intersection(graph.predicates(node)) == {SH.targetClass}, node


def test_every_node_shape_of_void_has_classes_or_values_of_a_property_as_target() -> None:
    graph = Graph().parse(ROOT / "shapes" / "void.ttl")
    for node in graph.subjects(RDF.type, SH.NodeShape):
        targets = TARGETS.intersection(graph.predicates(node))
        assert targets in ({SH.targetClass}, {SH.targetObjectsOf}), node


@pytest.mark.parametrize("name", sorted({*names("pass")} - {"void"}))
def test_no_dump_has_what_the_shapes_of_void_are_about(name: str) -> None:
    """Else an export, which leaves them out, would let pass what a validation refuses."""
    void = compile_shapes(triples(Graph().parse(ROOT / "shapes" / "void.ttl")))
    assert void.count_focus_nodes(index_triples(triples(passing("void")))) > 10
    assert void.count_focus_nodes(index_triples(triples(passing(name)))) == 0


def test_only_what_engines_agree_on() -> None:
    graph = shapes()
    assert {SH.sparql, SH.uniqueLang, SH.languageIn, SH.flags}.isdisjoint(graph.predicates())
    for pattern in map(str, graph.objects(None, SH.pattern)):
        assert not re.search(r"\(\?|\\[a-zA-Z]", pattern), f"{pattern}: not in every dialect"
        assert pattern.isascii(), pattern
    for listed in graph.objects(None, SH["in"]):
        assert all(isinstance(term, URIRef) for term in Collection(graph, listed))
    for shape in graph.subjects(SH.datatype, XSD.gYear):
        assert (shape, SH.pattern, None) in graph
        assert (shape, SH.minInclusive, None) not in graph
    for path in graph.objects(None, SH.path):
        assert all(isinstance(step, URIRef) for step in _steps(path)), "a nested path"


def _steps(path: RdflibNode) -> Iterable[RdflibNode]:
    if isinstance(path, URIRef):
        return [path]
    choices = shapes().value(path, SH.alternativePath)
    return list(Collection(shapes(), choices or path))


# ---------------------------------------------------------------- one vocabulary


RANGES = {
    Range.STRING: XSD.string,
    Range.INTEGER: XSD.integer,
    Range.DECIMAL: XSD.decimal,
    Range.YEAR: XSD.gYear,
    Range.DATE: XSD.date,
    Range.COUNT: XSD.nonNegativeInteger,
    Range.HEX: XSD.hexBinary,
}
PROPERTIES: dict[IRI, Property] = OF_DUMPS | DESCRIPTION_PROPERTIES


def predicates_of_shapes() -> dict[str, list[URIRef]]:
    found: dict[str, list[URIRef]] = {}
    for shape in named_shapes(SH.PropertyShape):
        path = shapes().value(shape, SH.path)
        if isinstance(path, URIRef) and path != RDF.type:
            found.setdefault(str(path), []).append(shape)
    return found


def test_the_shapes_have_exactly_the_properties_of_the_vocabulary() -> None:
    assert set(predicates_of_shapes()) == set(PROPERTIES)


@pytest.mark.parametrize("iri", PROPERTIES)
def test_datatypes_are_those_of_the_vocabulary(iri: str) -> None:
    about = PROPERTIES[next(p for p in PROPERTIES if p == iri)]
    stated = {
        value for s in predicates_of_shapes()[iri] for value in shapes().objects(s, SH.datatype)
    }
    assert stated == ({RANGES[about.range]} if about.range in RANGES else set())


@pytest.mark.parametrize("iri", [p for p in PROPERTIES if not PROPERTIES[p].many])
def test_what_the_vocabulary_says_is_single_is_at_most_one(iri: str) -> None:
    for node in named_shapes(SH.NodeShape):
        at = [
            s
            for s in shapes().objects(node, SH.property)
            if shapes().value(s, SH.path) == URIRef(iri)
        ]
        if at and not _narrows(node):
            counts = {int(str(n)) for s in at for n in shapes().objects(s, SH.maxCount)}
            assert counts <= {0, 1}, node
            assert counts, node


def _narrows(node: URIRef) -> bool:
    """Say whether a shape only narrows shape:Mention, which has the counts."""
    return node in {
        SHAPE.GeneMention,
        SHAPE.ChemicalMention,
        SHAPE.DiseaseMention,
        SHAPE.TermMention,
    }


def test_figure_and_mention_are_closed() -> None:
    assert set(shapes().subjects(SH.closed, Literal(True))) == {SHAPE.Figure, SHAPE.Mention}


def concepts(ontology: Graph, scheme: str) -> set[URIRef]:
    found = ontology.subjects(SKOS.inScheme, PFOCR[scheme])
    return {concept for concept in found if isinstance(concept, URIRef)}


@cache
def the_ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "pfocr.ttl")


@pytest.mark.parametrize(
    ("shape", "scheme"),
    [
        ("Figure-figureType", "FigureTypes"),
        ("Mention-matchTier", "MatchTiers"),
        ("Mention-unresolvedReason", "UnresolvedReasons"),
    ],
)
def test_lists_are_the_concept_schemes(shape: str, scheme: str) -> None:
    assert set(listed(shape)) == concepts(the_ontology(), scheme)


def test_the_classes_of_mentions_share_all_identification_methods() -> None:
    of_classes = {
        name
        for kind in ("Gene", "Chemical", "Disease")
        for name in listed(f"{kind}Mention-identifiedBy")
    }
    assert of_classes == concepts(the_ontology(), "IdentificationMethods")


def listed(shape: str) -> list[RdflibNode]:
    members = next(shapes().objects(SHAPE[shape], SH["in"]))
    return list(Collection(shapes(), members))


MENTIONS = ("GeneMention", "ChemicalMention", "DiseaseMention", "TermMention")


def test_every_rule_about_mentions_is_for_each_of_the_four_classes() -> None:
    """None names pfocr:Mention, which no export states; axioms are not needed to find one."""
    assert PFOCR.Mention not in set(shapes().objects())
    four = {PFOCR[name] for name in MENTIONS}
    of_tiers = set()
    for node in named_shapes(SH.NodeShape):
        targets = set(shapes().objects(node, SH.targetClass))
        if node in (SHAPE.GeneMentionTier, SHAPE.OtherMentionTier):
            of_tiers |= targets
        elif targets & four and node not in [SHAPE[name] for name in MENTIONS]:
            assert targets == four, node
    assert of_tiers == four


def test_lexicons_are_those_of_the_ontology() -> None:
    pattern = str(shapes().value(SHAPE["Mention-lexicon"], SH.pattern))
    assert {str(c) for c in concepts(the_ontology(), "Lexicons")} == {
        f"{PFOCR}{name}"
        for name in re.findall(r"[A-Za-z]+", pattern.split("vocab#(")[1].split(")", maxsplit=1)[0])
    }


def test_the_concepts_of_the_ontology_conform() -> None:
    assert results(the_ontology()) == set()


@pytest.mark.parametrize(
    ("mention", "unknown_tier", "shape"),
    [
        ("gene-0000000000aa", PFOCR.Family, SHAPE.GeneMentionTier),
        ("chemical-00000000000b", None, SHAPE.OtherMentionTier),
    ],
)
def test_each_lexicon_takes_exactly_the_tier_that_the_ontology_gives_it(
    mention: str, unknown_tier: URIRef | None, shape: URIRef
) -> None:
    """All 9 x 4 pairs of a lexicon (or an unknown one) and a tier (or none)."""
    ontology, data = the_ontology(), Graph()
    for triple in passing("figure"):
        data.add(triple)
    base = "https://pfocr.wikipathways.org/figures/PMC1__f1.html#"
    template = list(data.predicate_objects(URIRef(base + mention)))
    tiers = [None, *sorted(concepts(ontology, "MatchTiers"))]
    unknown = URIRef("https://w3id.org/pfocr/lexicon/other-symbol")
    wrong = set()
    for row, lexicon in enumerate([unknown, *sorted(concepts(ontology, "Lexicons"))]):
        due = unknown_tier if lexicon == unknown else ontology.value(lexicon, PFOCR.matchTier)
        for column, tier in enumerate(tiers):
            kind = mention.partition("-")[0]
            made = URIRef(f"{base}{kind}-{row:06x}{column:06x}")
            for predicate, value in template:
                if predicate not in (PFOCR.lexicon, PFOCR.matchTier):
                    data.add((made, predicate, value))
            data.add((made, PFOCR.lexicon, lexicon))
            if tier is not None:
                data.add((made, PFOCR.matchTier, tier))
            if tier != due:
                wrong.add(str(made))
    found = results(data)
    assert {result.shape for result in found} == {str(shape)}
    assert {result.focus for result in found} == wrong
    assert len(wrong) == 9 * 3
