"""`/q` of a real server: forms that find what people mean, and the same answers as the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.query.questions import QueryForm, Topic, load_questions
from tests.support.command import in_process
from tests.support.pages import OPG, TNFSF11, page, run, write
from tests.support.serving import Serving, serving
from tests.support.web_pages import Page, faults, text_of

AKTS = tuple(
    ("PKB", "PKB", "hgnc_alias_symbol", f"AKT{n}", id_) for n, id_ in ((1, "207"), (2, "208"))
)
HTML = {"accept": "text/html"}
QUESTIONS = load_questions()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("questions")
    pages = {
        "PMC1__a.md": page("PMC1__a", (TNFSF11, OPG), figtitle="=1+1 <b>Bone</b>"),
        "PMC2__a.md": page("PMC2__a", (OPG,)),
        "PMC3__a.md": page("PMC3__a", AKTS),
    } | {f"PMC{n}__a.md": page(f"PMC{n}__a", (OPG,)) for n in range(10, 130)}
    run(write(folder / "in", pages), out=folder / "out", validate=False)
    return folder / "out"


@pytest.fixture(scope="module")
def server(out: Path) -> Iterator[Serving]:
    with serving(out) as server:
        yield server


def html(server: Serving, address: str, status: int = 200) -> str:
    answer = server.client.get(address, headers=HTML, follow_redirects=True)
    assert answer.status_code == status, answer.text
    assert faults(Page(answer.text)) == []
    return answer.text


def shown(server: Serving, address: str, status: int = 200) -> str:
    return text_of(Page(html(server, address, status)).root)


def test_all_questions_stand_under_their_topic(server: Serving) -> None:
    page = html(server, "q")
    for topic in Topic:
        assert topic.value.capitalize() in page
    for name in QUESTIONS:
        assert f'href="/q/{name}"' in page
    assert 'href="/q"' in server.client.get("").text


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_is_a_form_with_its_answer(server: Serving, name: str) -> None:
    text = html(server, f"q/{name}")
    question = QUESTIONS[name]
    for parameter in question.parameters:
        assert f'name="{parameter.name}"' in text
    assert "Show the SPARQL" in text
    assert ("this server asks no other" in text) == bool(question.federated)
    assert ("Ask when you like" in text) == bool(question.slow and not question.federated)


def test_fields_have_types_and_suggestions(server: Serving) -> None:
    gene = html(server, "q/figures-of-gene")
    assert ">Certain readings only</label>" in gene
    assert 'data-kind="gene"' in gene
    assert "<datalist" in gene
    assert '<option selected="">no' in gene or "<option selected>no" in gene
    assert 'type="number" min="1000" max="2999"' in html(server, "q/figures-of-year")
    assert 'type="checkbox" name="tiers" value="family"' in html(
        server, "q/figures-of-gene-by-tier"
    )
    found = server.client.get("api/suggest", params={"q": "RANKL", "kind": "gene"}).json()
    assert [each["label"] for each in found["suggestions"]] == ["TNFSF11"]
    found = server.client.get("api/suggest", params={"q": "RANKL", "kind": "disease"}).json()
    assert found["suggestions"] == []
    assert server.client.get("api/suggest?q=a&kind=nix").status_code == 404


def test_rows_lead_to_pages_and_the_sparql_to_the_editor(server: Serving) -> None:
    text = html(server, "q/figures-of-gene?gene=TNFSF11")
    assert '<a href="/figures/PMC1__a"' in text
    assert ">PMC1__a<" in text
    assert "&lt;b&gt;Bone&lt;/b&gt;" in text
    assert 'href="/query#query=PREFIX%20pfocr' in text
    assert '<a href="/genes/8600"' in text


def test_addresses_are_short(server: Serving) -> None:
    for given, short in (
        ("gene=TNFSF11&certain=no", ""),
        ("gene=+RANKL+&certain=no", "?gene=RANKL"),
        ("gene=&certain=yes", "?certain=yes"),
    ):
        answer = server.client.get(f"q/figures-of-gene?{given}", headers=HTML)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/q/figures-of-gene{short}"
    answer = server.client.get("q/figures-of-genes?genes=TNFSF11%0D%0AOPG+RANKL", headers=HTML)
    assert answer.headers["location"] == "/q/figures-of-genes?genes=TNFSF11,OPG+RANKL"
    text = shown(server, "q/figures-of-genes?genes=TNFSF11,OPG+RANKL")
    assert "OPG is taken for TNFRSF11B" in text


def test_what_people_call_a_gene_is_found_with_a_note(server: Serving) -> None:
    text = shown(server, "q/figures-of-gene?gene=RANKL")
    assert "RANKL is taken for TNFSF11" in text
    assert "1 row" in text


def test_an_empty_answer_says_why_and_offers_what_was_meant(server: Serving) -> None:
    text = html(server, "q/figures-of-gene?gene=TNFSF111")
    assert "This release has no gene “TNFSF111”." in text
    assert '<a href="/q/figures-of-gene"><bdi>TNFSF11</bdi></a>' in text
    text = html(server, "q/figures-of-gene-and-disease?gene=OPG&certain=yes")
    assert "This release has no disease" in text
    text = html(server, "q/figures-of-gene?gene=AKT1&certain=yes")
    assert "has nothing that fits all of it" in text
    assert "Take what may be read otherwise too" in text
    assert "has nothing that fits all of it" in shown(server, "q/figures-of-year?year=1999")


def test_faults_are_told_in_words_above_the_form(server: Serving) -> None:
    text = html(server, "q/figures-of-year?year=abc", 400)
    assert "parameter year: expected a year of four digits, found &#39;abc&#39;" in text
    assert 'value="abc"' in text
    assert "has no such parameter" in shown(server, "q/figures-of-gene?gen=TP53", 400)
    assert "did you mean figures-of-gene?" in shown(server, "q/figure-of-gene", 404)
    answer = server.client.get("q/figures-of-year.csv?year=abc")
    assert (answer.status_code, answer.text[:15]) == (400, "parameter year:")
    assert server.client.get("q/figures-of-gene.docx").status_code == 404
    assert server.client.get("q/figures-of-gene?page=2", headers=HTML).status_code == 404


def test_a_long_answer_has_pages(server: Serving) -> None:
    first = html(server, "q/figures-of-gene?gene=OPG")
    assert "Rows 1 to 100 of 122" in first
    assert "/q/figures-of-gene?gene=OPG&amp;page=2" in first
    assert "Rows 101 to 122 of 122" in shown(server, "q/figures-of-gene?gene=OPG&page=2")


def test_files_say_what_the_command_says(server: Serving, out: Path) -> None:
    for suffix, kind in (("tsv", "text/tab-separated-values"), ("json", "application/sparql-")):
        answer = server.client.get(f"q/figures-of-gene.{suffix}?gene=RANKL")
        assert answer.headers["content-type"].startswith(kind)
        said = in_process(
            *("query", out, "figures-of-gene", "-p", "gene=RANKL", "--format", suffix)
        ).stdout
        assert answer.text == said
    csv = server.client.get("q/figures-of-gene.csv?gene=RANKL")
    assert "'=1+1" in csv.text
    assert csv.headers["content-disposition"] == 'attachment; filename="figures-of-gene.csv"'


def test_rows_can_be_had_in_turtle_and_are_the_same(server: Serving) -> None:
    turtle = server.client.get("q/figures-of-gene.ttl?gene=OPG")
    assert turtle.headers["content-type"].startswith("text/turtle")
    store = pyoxigraph.Store()
    store.load(turtle.content, format=pyoxigraph.RdfFormat.TURTLE)
    rows = store.query(
        "PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> "
        'SELECT ?value { ?row rs:index ?n ; rs:binding [ rs:variable "figure" ; rs:value ?value ] }'
        " ORDER BY ?n"
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    given = server.client.get("q/figures-of-gene.json?gene=OPG").json()["results"]["bindings"]
    assert [row["value"].value for row in rows] == [row["figure"]["value"] for row in given]


def test_yes_or_no_and_graphs_are_answers_too(server: Serving) -> None:
    assert "Yes" in shown(server, "q/genes-together?gene=TNFSF11&other=OPG")
    no = shown(server, "q/genes-together?gene=TNFSF11&other=TP53")
    assert "This release has no gene “TP53”." in no
    for suffix, said in (("csv", "true\n"), ("ttl", "rs:boolean true")):
        answer = server.client.get(f"q/genes-together.{suffix}?gene=TNFSF11&other=OPG")
        assert said in answer.text
    graph = "figure-graph"
    assert QUESTIONS[graph].form is QueryForm.CONSTRUCT
    assert "in Turtle" in shown(server, f"q/{graph}?figid=PMC1__a")
    assert "@prefix" in server.client.get(f"q/{graph}.ttl?figid=PMC1__a").text
    assert json.loads(server.client.get(f"q/{graph}.json?figid=PMC1__a").text)
    assert server.client.get(f"q/{graph}.csv?figid=PMC1__a").status_code == 404


def test_a_slow_question_waits_until_it_is_asked(server: Serving) -> None:
    assert "Ask when you like" in shown(server, "q/coverage")
    assert "Answer" in shown(server, "q/coverage?ask=yes")


def test_the_endpoint_knows_the_prefixes_and_explains_as_the_command_does(
    server: Serving, out: Path
) -> None:
    query = "SELECT ?gene { ?gene a schema:Gene ; schema:name 'TNFSF11' }"
    answer = server.ask(query, headers={"accept": "text/csv"})
    assert answer.text.splitlines()[1:] == ["http://identifiers.org/ncbigene/8600"]
    for wrong in ("SELECT ?g { ?g a foo:Gene }", "SELEC", "SELECT * { ?s ?p ?o "):
        refused = server.ask(wrong)
        assert refused.status_code == 400
        said = in_process("query", out, f"@{write_query(out, wrong)}").stderr
        assert said.strip().removeprefix("error: ") == refused.text.strip()


def write_query(out: Path, text: str) -> Path:
    path = out.parent / "query.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_parameter_is_called_as_what_the_page_takes_itself() -> None:
    names = {p.name for question in QUESTIONS.values() for p in question.parameters}
    assert names.isdisjoint({"page", "ask"})
