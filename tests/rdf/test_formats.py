"""All formats say the same triples, whoever reads them; any text survives every one of them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.figures.map.figure import FigureGraph
from pfocr_rdf.rdf import memo
from pfocr_rdf.rdf.formats import FormatName, document, make_format
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.literals import quoted
from pfocr_rdf.rdf.nodes import node, plain
from pfocr_rdf.rdf.ntriples import ntriples_term
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.terms import (
    IRI,
    RDF_LANG_STRING,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_GYEAR,
    XSD_INTEGER,
    BlankNode,
    Literal,
    Node,
    Triple,
)
from pfocr_rdf.rdf.turtle import TurtleFormat
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from tests.support.pathway_pages import Real, all_real, fields, outcome_of, pipeline
from tests.support.readers import FORMATS, GRAPH, oxigraph_triples, rdflib_triples, rendered
from tests.support.referees import jsonld_triples_of, rapper_triples
from tests.support.samples import Sample

PREFIXES = Prefixes(Iris())
SUBJECT = IRI("http://identifiers.org/ncbigene/1")
# rdflib's N-Triples and N-Quads readers split at every line end that Python knows, which the
# formats do not have; so what holds these is read by the others only.
PYTHON_LINE_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
NASTY = [
    '"', "\\", '\\"', "\n", "\r", "\r\n", "\t", "\b", "\f", "'", "'''", '"""', "\x01\x1f\x7f", "a\\u0041",
    "\\n", "\\U00000041", "Ca2+", " ", "", "β", "😀", "\uffff", "\ue000", "e\u0301", "é", "\ufeff",
    "<a>", "@en", "^^<x>", "x:y", "_:b", "http://x/y", "1", "true", "  two  ", "#", ".", ";", *PYTHON_LINE_ENDS,
]  # fmt: skip


def triples_of(nodes: list[Node]) -> set[Triple]:
    return {triple for one in nodes for triple in one.triples()}


def written(nodes: list[Node], name: FormatName, prefixes: Prefixes = PREFIXES) -> bytes:
    format_ = make_format(name, prefixes, GRAPH)
    return document(format_, [format_.nodes(nodes)])


def said(text: str) -> list[Node]:
    """Return a node that says a text."""
    return [Node(SUBJECT, ((SCHEMA.name, (Literal(text),)),))]


@pytest.mark.parametrize("name", FORMATS)
@given(text=TEXT)
def test_any_text_is_read_back_by_pyoxigraph(name: FormatName, text: str) -> None:
    assert oxigraph_triples(written(said(text), name), name) == triples_of(said(text))


@pytest.mark.parametrize("name", FORMATS)
@given(text=TEXT)
def test_any_text_is_read_back_by_rdflib(name: FormatName, text: str) -> None:
    if name in {FormatName.NTRIPLES, FormatName.NQUADS}:
        text = "".join(c for c in text if c not in PYTHON_LINE_ENDS)
    assert rdflib_triples(written(said(text), name), name) == triples_of(said(text))


def nasty_nodes() -> list[Node]:
    return [
        node(IRI(f"{SUBJECT}{n}"), (SCHEMA.name, [Literal(text)])) for n, text in enumerate(NASTY)
    ]


@pytest.mark.whole
def test_nasty_text_is_read_back_by_rapper_and_npm_jsonld(tmp_path: Path) -> None:
    # Rapper drops U+FFFF, which Unicode calls no character.
    nodes = [one for one, text in zip(nasty_nodes(), NASTY, strict=True) if text != "\uffff"]
    for name, syntax in ((FormatName.TURTLE, "turtle"), (FormatName.NTRIPLES, "ntriples")):
        path = tmp_path / f"x{make_format(name, PREFIXES, GRAPH).suffix}"
        path.write_bytes(written(nodes, name))
        assert rapper_triples(path, syntax) == triples_of(nodes)  # type: ignore[arg-type]
    path = tmp_path / "x.jsonld"
    path.write_bytes(written(nodes, FormatName.JSONLD))
    assert jsonld_triples_of([path]) == [triples_of(nodes)]


def test_quoting_leaves_what_needs_none() -> None:
    assert quoted("β 😀 '") == '"β 😀 \'"'
    assert quoted('a"b\\c\nd\x00') == '"a\\"b\\\\c\\nd\\u0000"'


TYPED = [
    Literal("5", XSD_INTEGER), Literal("05", XSD_INTEGER), Literal("-5", XSD_INTEGER),
    Literal("0.98", XSD_DECIMAL), Literal("1", XSD_DECIMAL), Literal(".5", XSD_DECIMAL),
    Literal("1.0", XSD_DECIMAL), Literal("2008", XSD_GYEAR), Literal("2024-10-18", XSD_DATE),
    Literal("x", IRI("https://example.org/datatype")), Literal("chat", RDF_LANG_STRING, "fr"),
]  # fmt: skip


@pytest.mark.parametrize("name", [n for n in FORMATS if n is not FormatName.JSONLD])
def test_datatypes_and_lexical_forms_are_kept(name: FormatName) -> None:
    nodes = [node(SUBJECT, (SCHEMA.name, TYPED))]
    assert oxigraph_triples(written(nodes, name), name) == triples_of(nodes)
    assert rdflib_triples(written(nodes, name), name) == triples_of(nodes)


@pytest.mark.parametrize(
    ("predicate", "value"),
    [(PFOCR.pathwayScore, Literal(text, XSD_DECIMAL)) for text in ("0", "1", "1.0", "0.9789352", "0.0000001")]
    + [(PFOCR.occurrences, Literal(str(n), XSD_INTEGER)) for n in (0, 1, 2**53 - 1, 2**53, 10**30)]
    + [(SCHEMA.datePublished, Literal("2008", XSD_GYEAR))],
)  # fmt: skip
def test_numbers_and_years_in_every_format(predicate: IRI, value: Literal) -> None:
    nodes = [node(SUBJECT, (predicate, [value]))]
    for name in FORMATS:
        assert oxigraph_triples(written(nodes, name), name) == triples_of(nodes), name
        assert rdflib_triples(written(nodes, name), name) == triples_of(nodes), name


def test_blank_nodes_of_others_can_be_shown() -> None:
    assert ntriples_term(BlankNode("b0")) == "_:b0"
    shown = TurtleFormat(PREFIXES).nodes([Node(SUBJECT, ((SCHEMA.name, (BlankNode("b0"),)),))])
    assert b"schema:name _:b0 ." in shown


# --- real figures ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(best_sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Real]:
    groups = all_real(best_sample, seeds, tmp_path_factory.getbasetemp())
    return [one for group in groups.values() for one in group]


@pytest.mark.whole
@pytest.mark.parametrize("name", FORMATS)
def test_real_figures_are_the_same_triples_in_every_format(
    real: list[Real], name: FormatName
) -> None:
    for one in real:
        data = rendered(one.graph, name, PREFIXES)
        expected = triples_of(list(one.graph.nodes()))
        assert oxigraph_triples(data, name) == expected, one.raw.name
        assert rdflib_triples(data, name) == expected, one.raw.name


@pytest.mark.whole
def test_real_figures_are_the_same_triples_to_rapper_and_npm_jsonld(
    real: list[Real], tmp_path: Path
) -> None:
    expected, jsonld = [], []
    for n, one in enumerate(real):
        expected.append(triples_of(list(one.graph.nodes())))
        for name in (FormatName.TURTLE, FormatName.NTRIPLES, FormatName.JSONLD):
            path = tmp_path / f"{n}{make_format(name, PREFIXES, GRAPH).suffix}"
            path.write_bytes(rendered(one.graph, name, PREFIXES))
        assert rapper_triples(tmp_path / f"{n}.ttl", "turtle") == expected[-1]
        assert rapper_triples(tmp_path / f"{n}.nt", "ntriples") == expected[-1]
        jsonld.append(tmp_path / f"{n}.jsonld")
    assert jsonld_triples_of(jsonld) == expected


def graph() -> FigureGraph:
    """Return a figure with a gene, a chemical, a paper and a journal."""
    chemicals = "word\tmesh\tmatch\tname\tchebi\nCa2+\tmesh:D002118\tNA\tcalcium\tchebi:22984\n"
    page = fields(journal_title="PLOS ONE", keywords="a | b", pathway_score="0.9")
    outcome = outcome_of(page, {Kind.CHEMICAL: chemicals})
    assert outcome.graph is not None
    return outcome.graph


@pytest.mark.parametrize("style", IriStyle)
@pytest.mark.parametrize("name", FORMATS)
def test_every_style_is_read_back(style: IriStyle, name: FormatName) -> None:
    by = Iris(style)
    nodes = [
        node(
            by.gene("1"), (RDF.type, [SCHEMA.Gene]), (SCHEMA.sameAs, [by.hgnc("2"), by.taxon("3")])
        ),
        node(by.chebi("4"), (SCHEMA.sameAs, [by.doid("5"), by.mesh("D6")])),
    ]
    assert oxigraph_triples(written(nodes, name, Prefixes(by)), name) == triples_of(nodes)
    assert rdflib_triples(written(nodes, name, Prefixes(by)), name) == triples_of(nodes)


def test_jsonld_is_one_nested_object_a_figure_on_one_line() -> None:
    made = graph()
    data = rendered(made, FormatName.JSONLD, PREFIXES)
    document_ = orjson.loads(data)
    assert isinstance(document_["@context"], dict)
    figure, *entities = document_["@graph"]
    assert figure["@id"] == made.figure.subject
    assert {m["@id"] for m in figure["hasMention"]} == {m.subject for m in made.mentions}
    assert all("hasTarget" not in mention for mention in figure["hasMention"])
    assert len(entities) == len(made.entities)
    assert data.count(b"\n") == 3 + len(entities) + 1
    lines = [line.rstrip(b",") for line in data.splitlines()]
    assert orjson.loads(lines[2]) == figure


def test_jsonld_has_sorted_keys_and_lists_of_types() -> None:
    def check(value: object) -> None:
        if isinstance(value, dict):
            assert list(value) == sorted(value)
            if "@id" in value:
                assert isinstance(value["@type"], list)
        for inner in value.values() if isinstance(value, dict) else value:  # type: ignore[attr-defined]
            if isinstance(inner, (dict, list)):
                check(inner)

    records = orjson.loads(rendered(graph(), FormatName.JSONLD, PREFIXES))["@graph"]
    check(records)
    assert len(records) > 3


def test_a_figure_without_mentions_has_no_list_of_them() -> None:
    outcome = outcome_of(fields(**{"schema-jsonld": None}))
    assert outcome.graph is not None
    (figure, *_) = orjson.loads(rendered(outcome.graph, FormatName.JSONLD, PREFIXES))["@graph"]
    assert "hasMention" not in figure


def test_turtle_is_grouped_figure_by_figure_with_types_first() -> None:
    made = graph()
    text = rendered(made, FormatName.TURTLE, PREFIXES).decode()
    prefixes, figure, *others = text.split("\n\n")
    assert all(line.startswith("@prefix ") for line in prefixes.splitlines())
    assert figure.startswith(f"<{made.figure.subject}>\n    a ")
    assert "pfocr:PathwayFigure" in figure.splitlines()[1]
    subjects = [block.split("\n", 1)[0].strip("<>") for block in others if block]
    mentions = [subject for subject in subjects if "#" in subject]
    assert subjects[: len(mentions)] == mentions == sorted(mentions)
    assert all("\n    a " in block for block in others if block)


def test_an_empty_document_is_valid_in_every_format() -> None:
    for name in FORMATS:
        assert oxigraph_triples(written([], name), name) == set()


def test_pieces_join_to_one_document() -> None:
    nodes = [node(IRI(f"{SUBJECT}{n}"), (SCHEMA.name, plain(str(n)))) for n in range(3)]
    for name in FORMATS:
        format_ = make_format(name, PREFIXES, GRAPH)
        pieces = [format_.nodes(nodes[:1]), b"", format_.nodes(nodes[1:])]
        assert document(format_, pieces) == written(nodes, name)


def test_the_same_figure_is_the_same_bytes_from_another_pipeline() -> None:
    made = graph()
    for name in FORMATS:
        first = rendered(made, name, PREFIXES)
        assert rendered(graph(), name, Prefixes(Iris())) == first
        assert rendered(made, name, pipeline().prefixes) == first
    assert any(OA.hasTarget in dict(mention.properties) for mention in made.mentions)


def test_a_small_memory_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = graph()
    before = [rendered(made, name, PREFIXES) for name in FORMATS]
    monkeypatch.setattr(memo, "_PROPERTIES", 2)
    assert [rendered(made, name, PREFIXES) for name in FORMATS] == before
    shown = memo.memo_of_properties(lambda said: len(said[1]))
    for n in range(9):
        said = SCHEMA.name, tuple(Literal(str(i)) for i in range(n))
        assert shown[said] == shown[said] == n
        assert len(shown) <= 1
