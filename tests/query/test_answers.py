"""Answers, each format read back by somebody else's reader."""

from __future__ import annotations

import csv
import gc
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pyoxigraph
import pytest
import rdflib
from rdflib.query import Result

from pfocr_rdf.errors import QueryError
from pfocr_rdf.query.answers import Answer, AnswerFormat, AnswerKind, run_query, write_answer
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.prefixes import Prefixes

XSD = "http://www.w3.org/2001/XMLSchema#"
HOSTILE = 'a,b\t"c" \\ <d> & \']]>\n\r\n é 中 😀 \x7f</literal>'
ROWS = (AnswerFormat.CSV, AnswerFormat.TSV, AnswerFormat.JSON, AnswerFormat.XML)
GRAPHS = (
    AnswerFormat.TURTLE,
    AnswerFormat.NTRIPLES,
    AnswerFormat.JSONLD,
    AnswerFormat.RDFXML,
)
RDFLIB = {
    AnswerFormat.TURTLE: "turtle",
    AnswerFormat.NTRIPLES: "nt",
    AnswerFormat.JSONLD: "json-ld",
    AnswerFormat.RDFXML: "xml",
}


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    values: list[pyoxigraph.Literal | pyoxigraph.NamedNode] = [
        pyoxigraph.Literal(HOSTILE),
        pyoxigraph.Literal("plain", language="en-gb"),
        pyoxigraph.Literal(7),
        pyoxigraph.Literal("0.5", datatype=pyoxigraph.NamedNode(XSD + "decimal")),
        pyoxigraph.Literal("2012", datatype=pyoxigraph.NamedNode(XSD + "gYear")),
        pyoxigraph.Literal(""),
        pyoxigraph.NamedNode("http://identifiers.org/ncbigene/8600"),
        pyoxigraph.NamedNode("http://a/é?x=1&y='2'"),
    ]
    for number, value in enumerate(values):
        subject = pyoxigraph.NamedNode(f"http://identifiers.org/pmc/PMC{number}")
        store.add(pyoxigraph.Quad(subject, pyoxigraph.NamedNode("http://schema.org/name"), value))
    return store


ALL = """
SELECT ?s ?o ?none ?empty { ?s <http://schema.org/name> ?o OPTIONAL { ?s <http://a/none> ?none } }
ORDER BY ?s
"""
GRAPH = "CONSTRUCT { ?s <http://a/p> ?o } WHERE { ?s <http://schema.org/name> ?o } ORDER BY ?s"


def written(answer: Answer, format_: AnswerFormat, limit: int | None = None) -> bytes:
    out = io.BytesIO()
    write_answer(answer, format_, out, limit=limit)
    return out.getvalue()


def expected(store: pyoxigraph.Store, query: str = ALL) -> list[tuple[Any, ...]]:
    """Return the rows as rdflib spells terms."""
    answer = run_query(store, query)
    return [tuple(None if each is None else term(each) for each in row) for row in answer.rows()]


def term(given: Any) -> rdflib.term.Node:
    if isinstance(given, pyoxigraph.NamedNode):
        return rdflib.URIRef(given.value)
    datatype = given.datatype.value
    if given.language:
        return rdflib.Literal(given.value, lang=given.language)
    if datatype == XSD + "string":
        return rdflib.Literal(given.value)
    return rdflib.Literal(given.value, datatype=rdflib.URIRef(datatype))


@pytest.mark.parametrize("limit", [None, 8, 100])
@pytest.mark.parametrize("format_", [AnswerFormat.JSON, AnswerFormat.XML, AnswerFormat.TSV])
def test_rows_are_read_back_by_rdflib(
    store: pyoxigraph.Store, format_: AnswerFormat, limit: int | None
) -> None:
    # rdflib does not read all escapes that TSV may have; Oxigraph, below, does.
    tsv = format_ is AnswerFormat.TSV
    query = ALL.replace("OPTIONAL", 'FILTER(!CONTAINS(STR(?o), "a,b")) OPTIONAL') if tsv else ALL
    result = Result.parse(
        io.BytesIO(written(run_query(store, query), format_, limit)), format=format_.value
    )
    assert result.vars is not None
    assert [str(name) for name in result.vars] == ["s", "o", "none", "empty"]
    rows = [tuple(row.get(name) for name in result.vars) for row in result.bindings]
    assert rows == expected(store, query)


@pytest.mark.parametrize("limit", [None, 8, 100])
@pytest.mark.parametrize("format_", [AnswerFormat.JSON, AnswerFormat.XML, AnswerFormat.TSV])
def test_rows_are_read_back_by_oxigraph(
    store: pyoxigraph.Store, format_: AnswerFormat, limit: int | None
) -> None:
    answer = written(run_query(store, ALL), format_, limit)
    form = pyoxigraph.QueryResultsFormat.from_media_type(format_.media_type)
    read = pyoxigraph.parse_query_results(answer, format=form)
    assert isinstance(read, pyoxigraph.QuerySolutions)
    assert [tuple(row) for row in read] == list(run_query(store, ALL).rows())


@pytest.mark.parametrize("limit", [None, 100])
def test_csv_is_read_back_by_python(store: pyoxigraph.Store, limit: int | None) -> None:
    answer = written(run_query(store, ALL), AnswerFormat.CSV, limit).decode()
    read = list(csv.reader(io.StringIO(answer, newline="")))
    assert read[0] == ["s", "o", "none", "empty"]
    rows = expected(store)
    assert read[1:] == [["" if each is None else str(each) for each in row] for row in rows]


def test_own_rows_are_those_of_oxigraph(store: pyoxigraph.Store) -> None:
    for format_ in (AnswerFormat.CSV, AnswerFormat.JSON):
        whole = written(run_query(store, ALL), format_)
        assert written(run_query(store, ALL), format_, 1000) == whole


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("format_", GRAPHS)
@pytest.mark.parametrize("limit", [None, 8, 100])
def test_graphs_are_read_back_by_rdflib(
    store: pyoxigraph.Store, format_: AnswerFormat, limit: int | None
) -> None:
    graph = rdflib.Graph()
    graph.parse(data=written(run_query(store, GRAPH), format_, limit), format=RDFLIB[format_])
    value = rdflib.URIRef("http://a/p")
    # Oxigraph writes RDF/XML with a bare carriage return, which XML reads as a line end.
    lost = "\r" if format_ is AnswerFormat.RDFXML else ""
    assert {(s, p, str(o).replace(lost, "")) for s, p, o in graph} == {
        (s, value, str(o).replace(lost, "")) for s, o, *_ in expected(store)
    }
    assert {o for _, _, o in graph if "a,b" not in str(o)} == {
        o for _, o, *_ in expected(store) if "a,b" not in str(o)
    }


@pytest.mark.parametrize("format_", [*ROWS, AnswerFormat.TABLE])
def test_a_limit_cuts_rows_and_says_so(store: pyoxigraph.Store, format_: AnswerFormat) -> None:
    for limit, complete in ((0, False), (3, False), (8, True), (9, True)):
        out = io.BytesIO()
        assert write_answer(run_query(store, ALL), format_, out, limit=limit) is complete
        if format_ is AnswerFormat.JSON:
            read = Result.parse(io.BytesIO(out.getvalue()), format="json")
            assert len(read.bindings) == min(limit, 8)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("format_", GRAPHS)
def test_a_limit_cuts_graphs_and_says_so(store: pyoxigraph.Store, format_: AnswerFormat) -> None:
    for limit, complete in ((0, False), (3, False), (8, True), (9, True)):
        out = io.BytesIO()
        assert write_answer(run_query(store, GRAPH), format_, out, limit=limit) is complete
        graph = rdflib.Graph().parse(data=out.getvalue(), format=RDFLIB[format_])
        assert len(graph) == min(limit, 8)


@pytest.mark.parametrize("text", ["true", "false"])
def test_booleans(store: pyoxigraph.Store, text: str) -> None:
    query = f"ASK {{ FILTER({text}) }}"
    answer = run_query(store, query)
    assert answer.kind is AnswerKind.BOOLEAN
    assert answer.truth() is (text == "true")
    for format_ in (AnswerFormat.TABLE, AnswerFormat.CSV, AnswerFormat.TSV):
        assert written(run_query(store, query), format_) == f"{text}\n".encode()
    for format_ in (AnswerFormat.JSON, AnswerFormat.XML):
        read = Result.parse(io.BytesIO(written(run_query(store, query), format_)), format=format_)
        assert read.askAnswer is (text == "true")


def test_turtle_has_prefixes_in_their_order(store: pyoxigraph.Store) -> None:
    text = written(run_query(store, GRAPH), AnswerFormat.TURTLE).decode()
    prefixes = [line.split()[1] for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert "pmc:PMC6 <http://a/p> ncbigene:8600" in text
    assert written(run_query(store, GRAPH), AnswerFormat.TURTLE).decode() == text


def test_an_empty_graph_is_turtle_too(store: pyoxigraph.Store) -> None:
    text = written(run_query(store, "DESCRIBE <http://a/none>"), AnswerFormat.TURTLE)
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == 0


def test_tables_are_aligned_and_short(store: pyoxigraph.Store) -> None:
    out = io.BytesIO()
    prefixes = Prefixes(Iris(IriStyle.OBO))
    query = "SELECT ?s ?o { ?s <http://schema.org/name> ?o FILTER(ISIRI(?o) || ISNUMERIC(?o)) }"
    write_answer(
        run_query(store, query + " ORDER BY ?s"), AnswerFormat.TABLE, out, prefixes=prefixes
    )
    assert out.getvalue().decode().splitlines() == [
        "s         o",
        "pmc:PMC2  7",
        "pmc:PMC3  0.5",
        "pmc:PMC6  ncbigene:8600",
        "pmc:PMC7  http://a/é?x=1&y='2'",
    ]


def test_a_table_has_a_line_a_row(store: pyoxigraph.Store) -> None:
    lines = written(run_query(store, ALL), AnswerFormat.TABLE).decode().split("\n")
    assert len(lines) == 1 + 8 + 1
    assert "😀" in lines[1]


def test_a_table_of_many_rows_streams(store: pyoxigraph.Store) -> None:
    query = "SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z . ?d ?e ?f }"
    lines = written(run_query(store, query), AnswerFormat.TABLE).count(b"\n")
    assert lines == 1 + 8**4


@pytest.mark.parametrize(
    ("query", "format_"),
    [(query, each) for query in ("SELECT * { }", "ASK { }") for each in GRAPHS]
    + [("DESCRIBE <http://a/>", each) for each in (*ROWS, AnswerFormat.TABLE)],
)
def test_formats_that_do_not_fit_are_refused(
    store: pyoxigraph.Store, query: str, format_: AnswerFormat
) -> None:
    with pytest.raises(QueryError, match=r"format: expected one of .* for .*, found"):
        written(run_query(store, query), format_)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { ?s ?p", r"line 1, column 17: expected SPARQL, found the end .*1 of \{"),
        ("SELECT *\n{ ?s ?p ?o\n FILTER }", r"line 3, column 10: expected SPARQL, found the end"),
        ("SELECT * { ?s x:a ?o }", r"declare the prefix: PREFIX x: <\.\.\.>"),
        ("SELECT * { ?s oa:hasBody ?o }", r"PREFIX oa: <http://www\.w3\.org/ns/oa#>"),
        ("SELECT * { ?s <a b> ?o }", "an IRI is not well formed"),
        ("SELECT (COUNT(?s) AS ?n) ?p { ?s ?p ?o }", "neither in GROUP BY"),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", "the store is read-only"),
        ("PREFIX x: <http://a/> DELETE WHERE { ?s ?p ?o }", "the store is read-only"),
        ("", "line 1, column 1: expected SPARQL, found the end"),
        ("SELECT (<http://a/f>(1) AS ?x) { }", "cannot be answered: The custom function"),
        ("SELECT * { SERVICE ?x { ?s ?p ?o } }", "cannot be answered: .*service name is unbound"),
    ],
)
def test_faults_say_where_and_what_to_do(store: pyoxigraph.Store, query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        list(run_query(store, query).rows())
    assert "\n" not in str(caught.value)


def test_declared_prefixes_are_not_complained_about(store: pyoxigraph.Store) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(store, "PREFIX x: <http://a/> SELECT * { ?s x:a ?o", prefixes={"y": "http://b/"})
    assert "declare" not in str(caught.value)
    answer = run_query(store, "SELECT * { ?s y:name ?o }", prefixes={"y": "http://schema.org/"})
    assert len(list(answer.rows())) == 8


def test_values_can_be_given_apart_from_the_text(store: pyoxigraph.Store) -> None:
    gene = pyoxigraph.NamedNode("http://identifiers.org/ncbigene/8600")
    answer = run_query(store, "SELECT ?s ?o { ?s ?p ?o }", substitutions={"o": gene})
    assert [str(row[0]) for row in answer.rows()] == ["<http://identifiers.org/pmc/PMC6>"]


def test_a_service_that_cannot_be_reached_is_named(store: pyoxigraph.Store) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_address[1]
    query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/x> {{ ?s ?p ?o }} }}"
    with pytest.raises(QueryError, match=rf"<http://127\.0\.0\.1:{port}/x>, found: ") as caught:
        list(run_query(store, query).rows())
    assert "\n" not in str(caught.value)


def test_a_service_that_answers_is_asked(store: pyoxigraph.Store) -> None:
    # Answers that earlier tests have left must not be collected in the thread of the server:
    # pyoxigraph's may not leave theirs.
    gc.collect()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"v"}}]}}'
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            port = server.server_address[1]
            query = f"SELECT ?x {{ SERVICE <http://127.0.0.1:{port}/x> {{ ?s ?p ?x }} }}"
            assert [str(row[0]) for row in run_query(store, query).rows()] == ['"v"']
        finally:
            server.shutdown()
            thread.join()


def test_what_cannot_be_written_is_no_fault_of_the_query(store: pyoxigraph.Store) -> None:
    class Closed(io.BytesIO):
        def write(self, *_: Any) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    for format_ in ROWS:
        for limit in (None, 100):
            with pytest.raises(BrokenPipeError):
                write_answer(run_query(store, ALL), format_, Closed(), limit=limit)
    with pytest.raises(BrokenPipeError):
        write_answer(run_query(store, GRAPH), AnswerFormat.TURTLE, Closed())


def test_terms_of_rdf_1_2_are_written_as_oxigraph_does(store: pyoxigraph.Store) -> None:
    query = (
        "SELECT (<<( <http://a/> <http://b/> 'x' )>> AS ?t) ('x'@en--ltr AS ?l) (BNODE() AS ?b) {}"
    )
    for format_ in (AnswerFormat.JSON, AnswerFormat.XML):
        form = pyoxigraph.QueryResultsFormat.from_media_type(format_.media_type)
        answer = written(run_query(store, query), format_, 10)
        read = pyoxigraph.parse_query_results(answer, format=form)
        assert isinstance(read, pyoxigraph.QuerySolutions)
        ((triple, literal, blank),) = [tuple(row) for row in read]
        assert str(triple) == '<http://a/> <http://b/> "x"'
        assert str(literal) == '"x"@en--ltr'
        assert isinstance(blank, pyoxigraph.BlankNode)
    assert b"http://a/ http://b/ x,x,_:" in written(run_query(store, query), AnswerFormat.CSV, 10)
