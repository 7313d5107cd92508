"""Questions as RDF for other editors, and the command that lists them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import typer
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL
from rdflib.plugins.sparql import prepareQuery
from typer.testing import CliRunner

from pfocr_rdf.cli.commands.queries import queries
from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.questions import as_rdf, load_questions, parse_question
from pfocr_rdf.rdf.terms import IRI
from tests.support.places import ROOT

QUESTIONS = load_questions()
ENDPOINT = IRI("https://example.org/sparql")
# SIB's collections have the https spelling; our figures have the http one.
SCHEMA = Namespace("https://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SPEX = Namespace("https://purl.expasy.org/sparql-examples/ontology#")
QUERY = Namespace("https://w3id.org/pfocr/query/")
TEXT = {form: SH[form] for form in ("select", "ask", "construct")}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(data=as_rdf(QUESTIONS.values(), ENDPOINT), format="turtle")


def test_every_question_is_an_executable(graph: Graph) -> None:
    found = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert found == {QUERY[name] for name in QUESTIONS}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_as_rdf_what_its_file_says(name: str, graph: Graph) -> None:
    question, subject = QUESTIONS[name], QUERY[name]
    kind = SH[f"SPARQL{question.form.capitalize()}Executable"]
    assert set(graph.objects(subject, RDF.type)) == {SH.SPARQLExecutable, kind}
    texts = [(p, o) for p in TEXT.values() for o in graph.objects(subject, p)]
    assert texts == [(TEXT[question.form], Literal(question.text))]
    (comment,) = graph.objects(subject, RDFS.comment)
    assert comment == Literal(f"{question.title}. {question.description}", lang="en")
    assert set(graph.objects(subject, SCHEMA.keywords)) == set(map(Literal, question.keywords))
    assert set(graph.objects(subject, SCHEMA.target)) == {URIRef(ENDPOINT)}
    others = set(graph.objects(subject, SPEX.federatesWith))
    assert others == set(map(URIRef, question.federated))


def test_the_declared_prefixes_are_those_of_the_texts(graph: Graph) -> None:
    (prefixes,) = set(graph.objects(None, SH.prefixes))
    assert (prefixes, RDF.type, OWL.Ontology) in graph
    declared = {
        str(graph.value(each, SH.prefix)): graph.value(each, SH.namespace)
        for each in graph.objects(prefixes, SH.declare)
    }
    for name, question in QUESTIONS.items():
        for prefix, namespace in question.prefixes.items():
            assert declared[prefix] == Literal(namespace, datatype=XSD.anyURI), name
    used = {prefix for question in QUESTIONS.values() for prefix in question.prefixes}
    assert set(declared) == used


@pytest.mark.whole
def test_a_text_without_its_prologue_runs_with_the_declared_prefixes(graph: Graph) -> None:
    namespaces = {
        str(graph.value(each, SH.prefix)): str(graph.value(each, SH.namespace))
        for each in graph.objects(None, SH.declare)
    }
    for question in QUESTIONS.values():
        bare = re.sub(r"(?m)^PREFIX .*\n", "", question.text)
        prepareQuery(bare, initNs=namespaces)


def test_there_are_no_blank_nodes_and_no_name_is_taken_twice(graph: Graph) -> None:
    assert not any(isinstance(node, BNode) for node in graph.all_nodes())
    assert "prefixes" not in QUESTIONS


def test_two_collections_can_be_merged(graph: Graph) -> None:
    names = list(QUESTIONS)
    halves = (names[::2], names[1::2])
    merged = Graph()
    for half in halves:
        merged.parse(data=as_rdf([QUESTIONS[n] for n in half], ENDPOINT), format="turtle")
    assert set(merged) == set(graph)


@pytest.mark.parametrize("odd", ["'''", "\\", "it's'", '"', "\\'", "''''"])
def test_odd_texts_come_back_as_they_are(odd: str) -> None:
    source = (
        f"#+ title: {json.dumps(odd)}\n#+ description: {json.dumps(odd)}\n#+ keywords: k\n#+ topic: genes\n\n"
        f"ASK {{ ?s ?p ?o }}\n# {odd}\n"
    )
    question = parse_question("odd", source)
    trimmed = question._replace(text=question.text.rstrip("\n"))
    graph = Graph().parse(data=as_rdf([question, trimmed._replace(name="odd2")], ENDPOINT))
    assert graph.value(QUERY["odd"], SH.ask) == Literal(question.text)
    assert graph.value(QUERY["odd2"], SH.ask) == Literal(trimmed.text)
    assert graph.value(QUERY["odd"], RDFS.comment) == Literal(f"{odd}. {odd}", lang="en")


def test_no_questions_are_a_graph_too() -> None:
    assert len(Graph().parse(data=as_rdf([], ENDPOINT), format="turtle")) == 1


# --- the command -----------------------------------------------------------------------------

app = typer.Typer()
app.command()(queries)


def run(*arguments: str) -> str:
    """Run the command and return what it prints."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def fault(*arguments: str) -> str:
    """Run the command and return why it refuses."""
    with pytest.raises(UsageError) as caught:
        CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_all_are_listed_by_topic() -> None:
    topic, listed = "", {}
    for line in run().splitlines():
        if line.endswith(":"):
            topic = line.removesuffix(":").lower()
        elif line.startswith("  ") and not line.startswith("   "):
            name, title = line.strip().split("  ", 1)
            listed[name] = topic
            assert QUESTIONS[name].title.startswith(title.strip())
    assert listed == {name: question.topic.value for name, question in QUESTIONS.items()}
    assert "gene=" not in run()
    assert "TNFSF11" in run("figures-of-gene")
    assert run("--format", "text").splitlines()[0].split("\t") == [
        "ambiguous-symbols",
        QUESTIONS["ambiguous-symbols"].title,
    ]


def test_one_is_shown_with_its_parameters_and_text() -> None:
    shown = run("figures-of-gene-by-tier")
    question = QUESTIONS["figures-of-gene-by-tier"]
    assert shown.startswith(f"{question.name}: {question.title}\n")
    assert question.description in shown
    assert "tier, several" in shown
    assert shown.endswith(question.text)
    assert run(question.name, "--format", "text") == question.text
    assert "https://sparql.uniprot.org/sparql" in run("uniprot-process-figures")
    assert QUESTIONS["coverage"].slow in run("coverage")


def test_keywords_choose() -> None:
    names = [
        line.split("\t")[0] for line in run("-k", "Federated", "--format", "text").splitlines()
    ]
    assert names == [name for name, question in QUESTIONS.items() if question.federated]
    both = run("-k", "federated", "-k", "gene set", "--format", "text")
    assert [line.split("\t")[0] for line in both.splitlines()] == ["wikipathways-figures"]


def test_they_are_given_as_data() -> None:
    records = json.loads(run("--format", "json"))
    assert [record["name"] for record in records] == list(QUESTIONS)
    (record,) = json.loads(run("figures-of-genes", "--format", "json"))
    assert record["parameters"][0]["several"] is True
    assert record["text"] == QUESTIONS["figures-of-genes"].text
    turtle = run("coverage", "--format", "turtle", "--endpoint", ENDPOINT)
    assert turtle.encode() == as_rdf([QUESTIONS["coverage"]], ENDPOINT)
    assert "http://localhost:7878/sparql" in run("--format", "turtle")


def test_faults_say_what_to_do() -> None:
    assert "did you mean coverage?" in fault("coverag")
    assert "keywords: " in fault("-k", "nothing")
    assert "expected an address" in fault("--format", "turtle", "--endpoint", "<script>")


# --- the table of docs/query.md --------------------------------------------------------------


@pytest.mark.whole
def test_the_page_lists_the_questions(*, update_golden: bool) -> None:
    script = [sys.executable, str(ROOT / "scripts" / "list-questions")]
    if update_golden:
        subprocess.run(script, check=True)
    done = subprocess.run([*script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (ROOT / "docs" / "query.md").read_text(encoding="utf-8")
    assert [name for name in QUESTIONS if f"`{name}`" not in page] == []
