"""Headers, parameters and binding: what a question's file may say, and what a user may give."""

from __future__ import annotations

import re

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.query.questions import (
    Parameter,
    ParameterType,
    QueryForm,
    bind,
    find_question,
    load_questions,
    parse_question,
)
from pfocr_rdf.query.questions.binding import check_defaults
from pfocr_rdf.query.questions.parameters import expected_of, terms_of
from pfocr_rdf.rdf.terms import IRI, XSD_GYEAR, XSD_INTEGER, Literal
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA

SOURCE = """\
#+ title: "A title: with a colon"
#+ description: One line
#+   and another; default of nothing.
#+ keywords: one, two words
#+ topic: genes
#+ param gene (gene): the gene; default TNFSF11
#+ param years (year, several): some years
#+ endpoint: https://example.org/sparql
#+ slow: for a reason
#+ empty: for another

PREFIX schema: <http://schema.org/>

SELECT ?gene_iri
WHERE {
  VALUES ?gene { "TNFSF11" }
  VALUES ?years { UNDEF }
  ?gene_iri schema:name ?gene .
}
"""
QUESTIONS = load_questions()


def parameter(kind: ParameterType, *, several: bool = False) -> Parameter:
    return Parameter("what", kind, "what is asked", None, several)


# --- header ----------------------------------------------------------------------------------


def test_a_header_is_read() -> None:
    question = parse_question("a-name", SOURCE)
    assert question.name == "a-name"
    assert question.title == "A title: with a colon"
    assert question.description == "One line and another; default of nothing."
    assert question.keywords == ("one", "two words")
    assert question.parameters == (
        Parameter("gene", ParameterType.GENE, "the gene", "TNFSF11"),
        Parameter("years", ParameterType.YEAR, "some years", None, several=True),
    )
    assert question.federated == ("https://example.org/sparql",)
    assert (question.slow, question.empty) == ("for a reason", "for another")
    assert question.text.startswith("PREFIX")
    assert question.text.endswith("}\n")
    assert question.form is QueryForm.SELECT
    assert question.prefixes == {"schema": "http://schema.org/"}
    check_defaults(question)


def test_a_question_of_several_endpoints_lists_them() -> None:
    source = SOURCE.replace("https://example.org/sparql", "[https://a.org/, https://b.org/]")
    assert parse_question("a-name", source).federated == ("https://a.org/", "https://b.org/")


@pytest.mark.parametrize("value", ["NO", "2023", "1:30", "null", "08"])
def test_no_type_is_guessed(value: str) -> None:
    question = parse_question("a-name", SOURCE.replace("for a reason", value))
    assert question.slow == value


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('#+ title: "A title: with a colon"\n', "", "expected `#+ title:`, found none"),
        ('"A title: with a colon"', "A title: bare", "in YAML, found 'title: A title: bare'"),
        ('"A title: with a colon"', '""', "found 'title: '"),
        ('"A title: with a colon"', "[one, two]", "found 'title: one, two'"),
        (SOURCE[: SOURCE.index("PREFIX")], "#+ - title\n", "found '- title'"),
        ("for another", "\x01", "expected a header in YAML, found other characters"),
        ("#+ keywords: one, two words\n", "", "expected `#+ keywords:`, found none"),
        ("#+ topic: genes", "#+ topic: gene", "topic: expected one of genes, chemicals"),
        ("#+ slow: for", "#+ slo: for", "found 'slo: for a reason'"),
        ("#+ slow: for a reason", "#+ title: again", "found 'title: again'"),
        ("#+ slow: for a reason", "#+ slow", "found 'slow'"),
        ("(gene):", "(gen):", "with a type of gene, entrez"),
        ("param gene (gene)", "param gene", "found 'gene'"),
        ("SELECT ?gene_iri\n", "SELECT ?gene_iri\n#+ late: line\n", "all #+ lines at the top"),
        ("SELECT", "INSERT", "SELECT, ASK or CONSTRUCT"),
    ],
)
def test_a_header_that_is_none_is_refused(before: str, after: str, said: str) -> None:
    assert before in SOURCE
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        parse_question("a-name", SOURCE.replace(before, after))
    assert str(caught.value).startswith("a-name.rq: ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('VALUES ?gene { "TNFSF11" }', 'VALUES ?gene { "AKT1" }'),
        ('VALUES ?gene { "TNFSF11" }', 'BIND ("TNFSF11" AS ?gene)'),
        ("VALUES ?years { UNDEF }", ""),
    ],
)
def test_a_text_without_the_default_of_its_header_is_refused(before: str, after: str) -> None:
    with pytest.raises(InputError, match=r"a-name\.rq: expected `VALUES \?"):
        check_defaults(parse_question("a-name", SOURCE.replace(before, after)))


# --- parameters ------------------------------------------------------------------------------

GOOD = [
    (ParameterType.GENE, "TNFSF11", Literal("TNFSF11")),
    (ParameterType.GENE, "l(3)mbt", Literal("l(3)mbt")),
    (ParameterType.GENE, "tRNA:Arg-TCT-3-1", Literal("tRNA:Arg-TCT-3-1")),
    (ParameterType.GENE, "HGNC:11926", Literal("hgnc:11926")),
    (ParameterType.GENE, "hgnc:11926", Literal("hgnc:11926")),
    (ParameterType.GENE, "ncbigene:8600", Literal("ncbigene:8600")),
    (ParameterType.GENE, " 8600 ", Literal("ncbigene:8600")),
    (ParameterType.ENTREZ, "8600", Literal("8600")),
    (ParameterType.ENTREZ, "NCBIGene:8600", Literal("8600")),
    (ParameterType.CHEMICAL, "CHEBI:22984", Literal("chebi:22984")),
    (ParameterType.CHEMICAL, "MESH:D002118", Literal("mesh:D002118")),
    (ParameterType.CHEMICAL, "2,4-dinitrophenol", Literal("2,4-dinitrophenol")),
    (ParameterType.DISEASE, "DOID:0080600", Literal("doid:0080600")),
    (ParameterType.DISEASE, "mesh:C000657245", Literal("mesh:C000657245")),
    (ParameterType.DISEASE, 'Alzheimer "type"', Literal('Alzheimer "type"')),
    (ParameterType.ORGANISM, "Mus musculus", Literal("Mus musculus")),
    (ParameterType.ORGANISM, "NCBITaxon_10090", Literal("ncbitaxon:10090")),
    (ParameterType.ORGANISM, "10090", Literal("ncbitaxon:10090")),
    (ParameterType.JOURNAL, "PLOS ONE", Literal("PLOS ONE")),
    (ParameterType.MESH, "D009369", IRI("http://id.nlm.nih.gov/mesh/D009369")),
    (ParameterType.MESH, "mesh:D009369", IRI("http://id.nlm.nih.gov/mesh/D009369")),
    (ParameterType.GO, "go:0030316", IRI("http://purl.obolibrary.org/obo/GO_0030316")),
    (ParameterType.WIKIPATHWAY, "WP2018", Literal("WP2018")),
    (ParameterType.FIGID, "PMC1__f.1", Literal("PMC1__f.1")),
    (
        ParameterType.FIGID,
        "https://pfocr.wikipathways.org/figures/PMC1__f.1.html",
        Literal("PMC1__f.1"),
    ),
    (ParameterType.PMCID, "PMC2374958", Literal("PMC2374958")),
    (ParameterType.YEAR, "2023", Literal("2023", XSD_GYEAR)),
    (ParameterType.INTEGER, "3", Literal("3", XSD_INTEGER)),
    (ParameterType.STRING, "wnt / β-catenin 'x'", Literal("wnt / β-catenin 'x'")),
    (ParameterType.TIER, "Symbol", PFOCR.mentionsBySymbol),
    (ParameterType.CERTAIN, "Yes", PFOCR.mentionsUnambiguously),
    (ParameterType.CERTAIN, "no", SCHEMA.mentions),
    (ParameterType.REASON, "aliasonly", PFOCR.AliasOnly),
]
BAD = [
    (ParameterType.GENE, "two words"),
    (ParameterType.GENE, "HGNC:"),
    (ParameterType.GENE, "hgnc:x1"),
    (ParameterType.GENE, "ncbigene:0"),
    (ParameterType.GENE, "entrez:8600"),
    (ParameterType.GENE, ""),
    (ParameterType.GENE, 'a"b'),
    (ParameterType.GENE, "a\\u0022b"),
    (ParameterType.ENTREZ, "TNFSF11"),
    (ParameterType.CHEMICAL, "CHEBI:abc"),
    (ParameterType.CHEMICAL, "DOID:162"),
    (ParameterType.DISEASE, "doid:"),
    (ParameterType.DISEASE, "chebi:1"),
    (ParameterType.ORGANISM, "ncbitaxon:mouse"),
    (ParameterType.JOURNAL, "two\nlines"),
    (ParameterType.MESH, "Neoplasms"),
    (ParameterType.GO, "GO:30316"),
    (ParameterType.WIKIPATHWAY, "2018"),
    (ParameterType.FIGID, "PMC1"),
    (ParameterType.FIGID, "https://example.org/PMC1__f1.html"),
    (ParameterType.PMCID, "2374958"),
    (ParameterType.YEAR, "23"),
    (ParameterType.YEAR, "12023"),
    (ParameterType.INTEGER, "0"),
    (ParameterType.INTEGER, "-1"),
    (ParameterType.INTEGER, "1.5"),
    (ParameterType.STRING, "two\nlines"),
    (ParameterType.STRING, "back\\slash"),
    (ParameterType.STRING, "\ud800"),
    (ParameterType.STRING, "x" * 501),
    (ParameterType.TIER, "strict"),
    (ParameterType.CERTAIN, "maybe"),
    (ParameterType.REASON, "Ambiguous"),
]


@pytest.mark.parametrize(("kind", "text", "term"), GOOD)
def test_a_value_becomes_a_term(kind: ParameterType, text: str, term: object) -> None:
    assert terms_of(parameter(kind), text) == (term,)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_a_mistyped_value_says_what_was_expected(kind: ParameterType, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        terms_of(parameter(kind), text)
    expected, example = expected_of(kind)
    assert f"parameter what: expected {expected}, found {text!r}" in str(caught.value)
    assert f"(for example what={example})" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ParameterType)
def test_each_type_is_tried_and_used_and_has_an_example_that_it_takes(kind: ParameterType) -> None:
    assert kind in {good for good, _, _ in GOOD}
    assert kind in {bad for bad, _ in BAD}
    assert terms_of(parameter(kind), expected_of(kind)[1])
    assert any(kind is p.type for question in QUESTIONS.values() for p in question.parameters)


def test_several_values_are_parted_by_commas_or_given_one_by_one() -> None:
    genes = parameter(ParameterType.GENE, several=True)
    terms = (Literal("A1"), Literal("hgnc:5"), Literal("B2"))
    assert terms_of(genes, "A1, HGNC:5,B2") == terms
    assert terms_of(genes, ["A1", "hgnc:5,", "B2", "A1"]) == terms


def test_one_value_is_not_parted_and_two_are_refused() -> None:
    assert terms_of(parameter(ParameterType.STRING), "Immunity, Innate") == (
        Literal("Immunity, Innate"),
    )
    assert terms_of(parameter(ParameterType.YEAR), ["2020"]) == (Literal("2020", XSD_GYEAR),)
    with pytest.raises(UsageError, match="expected one value, found 2"):
        terms_of(parameter(ParameterType.YEAR), ["2020", "2021"])


# --- binding ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_defaults_give_the_text_as_it_stands(name: str) -> None:
    question = QUESTIONS[name]
    assert bind(question, {}) == question.text


def test_a_value_stands_in_every_place_of_its_parameter() -> None:
    text = bind(QUESTIONS["co-mention-path"], {"gene": "HGNC:1"})
    assert text.count('VALUES ?gene { "hgnc:1" }') == 5
    assert "PTHLH" not in text


def test_a_way_of_mentioning_stands_in_every_place_of_it() -> None:
    question = QUESTIONS["co-mention-path"]
    text = bind(question, {"certain": "yes"})
    way = f"<{PFOCR.mentionsUnambiguously}>"
    assert text.count(way) == question.text.count("schema:mentions") > 0
    assert "schema:mentions" not in text


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        (
            "figures-of-gene",
            {"gen": "TNFSF11"},
            "parameter gen: figures-of-gene has no such parameter (did you mean gene?)",
        ),
        (
            "gene-pairs-new-in-year",
            {"colour": "red"},
            "parameter colour: gene-pairs-new-in-year has no such parameter (it has year, least, certain)",
        ),
        (
            "coverage",
            {"gene": "TNFSF11"},
            "parameter gene: coverage has no such parameter (it has none)",
        ),
        (
            "figures-of-year",
            {"year": "23"},
            "parameter year: expected a year of four digits, found '23' (for example year=2023)",
        ),
    ],
)
def test_what_cannot_be_bound_says_what_to_do(name: str, values: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        bind(QUESTIONS[name], values)
    assert str(caught.value) == said


def test_a_missing_value_says_which() -> None:
    question = parse_question("a-name", SOURCE)
    with pytest.raises(UsageError) as caught:
        bind(question, {"gene": "AKT1"})
    assert str(caught.value) == (
        "parameter years: a-name needs it, found none "
        "(give a year of four digits, for example years=2023)"
    )
    assert "VALUES ?years { " in bind(question, {"years": ["2020", "2021"]})


def test_an_unknown_question_says_which_is_near() -> None:
    assert find_question(QUESTIONS, "coverage").name == "coverage"
    with pytest.raises(UsageError, match=r"did you mean figures-of-gene\?"):
        find_question(QUESTIONS, "figure-of-gene")
    said = r"did you mean renamed-symbols or symbols-of-gene\? `pfocr-rdf queries` lists"
    with pytest.raises(UsageError, match=said):
        find_question(QUESTIONS, "renamed")
    with pytest.raises(UsageError, match=r"xyz: no such question \(`pfocr-rdf queries` lists"):
        find_question(QUESTIONS, "xyz")


NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            '" } DROP ALL #',
            'x" } ?s ?p ?o } #',
            "VALUES ?year { 1 }",
            'VALUES ?words { "x" }',
            "\\",
            "\\u0022",
            "'''",
            '"""',
            "x\r\ny",
            "a > b",
            "${x} {{y}} \\1 \\g<0>",
        ]
    ),
)


@given(NASTY)
def test_no_text_reaches_the_query_but_as_one_literal(value: str) -> None:
    question = QUESTIONS["figures-by-title"]
    store = pyoxigraph.Store()
    store.load(
        "@prefix schema: <http://schema.org/> . <urn:x:1> a <https://w3id.org/pfocr/vocab#"
        'PathwayFigure> ; schema:name "osteoclast" .',
        format=pyoxigraph.RdfFormat.TURTLE,
    )
    try:
        text = bind(question, {"words": value})
    except UsageError:
        return
    block = re.compile(r'VALUES \?words \{ "(?:[^"\\\n]|\\.)*" \}')
    assert block.sub("", text, count=1) == block.sub("", question.text, count=1)
    results = store.query(text)
    assert isinstance(results, pyoxigraph.QuerySolutions)
    assert len(list(results)) == (value.strip().lower() in "osteoclast")
    prepareQuery(text)


def test_a_value_that_looks_like_another_parameter_is_left_alone() -> None:
    source = SOURCE.replace("param gene (gene)", "param gene (string)")
    question = parse_question("a-name", source)
    text = bind(question, {"gene": "VALUES ?years { 1 }", "years": "2020"})
    assert 'VALUES ?gene { "VALUES ?years { 1 }" }' in text
    assert 'VALUES ?years { "2020"^^<http://www.w3.org/2001/XMLSchema#gYear> }' in text
