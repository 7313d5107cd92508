"""SPARQL 1.1 Protocol, over real HTTP against the real command.

Source: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import csv
import io
import json
import socket
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph
import pytest
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.Wrapper import _allowedFormats

from pfocr_rdf.query.questions import as_rdf, load_questions
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.web.server.formats import wanted_by_names
from tests.support.releases import SharedReleases
from tests.support.serving import PATIENCE, Serving, serving, store_of

GRAPH = "https://w3id.org/pfocr/graph/"
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUERY = {"content-type": "application/sparql-query"}
# Texts with all that the formats escape.
ROWS = (
    "PREFIX schema: <http://schema.org/> SELECT ?s ?o ?none WHERE { { ?s schema:name ?o } UNION "
    r"""{ VALUES (?s ?o) { (<urn:a> "q\"u\\o,t;e") (<urn:b> "l\ni\r\nn\te<&>") (<urn:c> "ü→😀"@de)"""
    ' (<urn:d> 7) (<urn:e> "},{") ("[{\\\\" UNDEF) } } }'
)
TRIPLES = (
    "PREFIX schema: <http://schema.org/> CONSTRUCT { ?s schema:name ?o ; schema:text ?text } "
    r"""WHERE { ?s schema:name ?o BIND("q\"u\\o l\ni\r\nn\te<&>]]>ü→😀" AS ?text) }"""
)
ROW_TYPES = {
    "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
    "application/json": pyoxigraph.QueryResultsFormat.JSON,
    "application/sparql-results+xml": pyoxigraph.QueryResultsFormat.XML,
    "application/xml": pyoxigraph.QueryResultsFormat.XML,
    "text/xml": pyoxigraph.QueryResultsFormat.XML,
    "text/tab-separated-values": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPH_TYPES = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    "application/trig": pyoxigraph.RdfFormat.TRIG,
    "application/n-quads": pyoxigraph.RdfFormat.N_QUADS,
    "text/n3": pyoxigraph.RdfFormat.N3,
}


@pytest.fixture(scope="module")
def release(releases: SharedReleases) -> Path:
    return releases.of_everything(formats=tuple(FormatName), release="r1")


@pytest.fixture(scope="module")
def server(release: Path) -> Iterator[Serving]:
    with serving(release, "--timeout", PATIENCE, "--max-request", 20_000) as running:
        yield running


@pytest.fixture(scope="module")
def small(release: Path) -> Iterator[Serving]:
    """A server that gives ten rows, or 3,000 bytes."""
    with serving(release, "--timeout", PATIENCE, "--max-rows", 10, "--max-bytes", 3000) as running:
        yield running


@pytest.fixture(scope="module")
def store(release: Path) -> pyoxigraph.Store:
    return store_of(release / "pfocr.nt", release / "void.ttl")


def rows(answer: httpx.Response, format_: pyoxigraph.QueryResultsFormat) -> Counter[Any]:
    parsed = pyoxigraph.parse_query_results(answer.content, format=format_)
    assert isinstance(parsed, pyoxigraph.QuerySolutions)
    return Counter(tuple(map(str, row)) for row in parsed)


def expected_rows(store: pyoxigraph.Store, query: str) -> Counter[Any]:
    found = store.query(query)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return Counter(tuple(map(str, row)) for row in found)


def triples(content: bytes, format_: pyoxigraph.RdfFormat) -> set[pyoxigraph.Triple]:
    return {quad.triple for quad in pyoxigraph.parse(content, format=format_)}


def constructed(store: pyoxigraph.Store, query: str) -> set[pyoxigraph.Triple]:
    found = store.query(query)
    assert isinstance(found, pyoxigraph.QueryTriples)
    return set(found)


def type_of(answer: httpx.Response) -> str:
    return answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize("accept", ROW_TYPES)
def test_rows_come_in_every_format(server: Serving, store: pyoxigraph.Store, accept: str) -> None:
    answer = server.ask(ROWS, headers={"accept": accept})
    assert (answer.status_code, type_of(answer)) == (200, accept)
    assert rows(answer, ROW_TYPES[accept]) == expected_rows(store, ROWS)
    assert "Accept" in answer.headers["vary"]


def test_rows_come_as_csv(server: Serving, store: pyoxigraph.Store) -> None:
    answer = server.ask(ROWS, headers={"accept": "text/csv"})
    assert (answer.status_code, type_of(answer)) == (200, "text/csv")
    head, *found = csv.reader(io.StringIO(answer.text, newline=""))
    assert head == ["s", "o", "none"]
    solutions = store.query(ROWS)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    assert Counter(map(tuple, found)) == Counter(
        tuple("" if term is None else getattr(term, "value", "") for term in row)
        for row in solutions
    )


@pytest.mark.parametrize("accept", GRAPH_TYPES)
def test_graphs_come_in_every_format(server: Serving, store: pyoxigraph.Store, accept: str) -> None:
    answer = server.ask(TRIPLES, headers={"accept": accept})
    assert (answer.status_code, type_of(answer)) == (200, accept)
    found = triples(answer.content, GRAPH_TYPES[accept])
    assert found == constructed(store, TRIPLES)
    assert len(found) > 20


def test_a_description_of_a_node_is_a_graph(server: Serving) -> None:
    answer = server.ask("DESCRIBE <http://identifiers.org/ncbigene/8600>")
    assert type_of(answer) == "text/turtle"
    assert 'schema:name "TNFSF11"' in answer.text


@pytest.mark.parametrize(
    ("accept", "true", "false"),
    [
        ("application/sparql-results+json", '"boolean":true', '"boolean":false'),
        ("application/sparql-results+xml", "<boolean>true", "<boolean>false"),
        ("text/csv", "true", "false"),
        ("text/tab-separated-values", "true", "false"),
    ],
)
def test_yes_and_no_come_in_every_format(
    server: Serving, accept: str, true: str, false: str
) -> None:
    assert true in server.ask("ASK { ?s ?p ?o }", headers={"accept": accept}).text
    assert false in server.ask("ASK { ?s <urn:no> ?o }", headers={"accept": accept}).text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.2", "application/sparql-results+xml"),
        ("*/*, application/sparql-results+json;q=0", "application/sparql-results+xml"),
        ("text/csv;q=0.5, */*;q=0.1", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("text/turtle, text/csv;q=0.2", "text/csv"),
        ("text/csv; charset=utf-8", "text/csv"),
        (", ,text/csv,", "text/csv"),
    ],
)
def test_the_best_of_what_is_accepted_is_given(server: Serving, accept: str, expected: str) -> None:
    answer = server.ask("SELECT * { } ", headers={"accept": accept})
    assert (answer.status_code, type_of(answer)) == (200, expected)


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "text/turtle"])
def test_what_is_not_accepted_is_not_sent(server: Serving, accept: str) -> None:
    answer = server.ask("SELECT * { }", headers={"accept": accept})
    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.text


def test_a_malformed_accept_header_is_refused(server: Serving) -> None:
    assert server.ask("ASK { }", headers={"accept": "text/csv/x"}).status_code == 400
    assert server.ask("ASK { }", headers={"accept": "text/csv," * 1000}).status_code == 431


@pytest.mark.parametrize(
    ("name", "of_rows", "of_graph"),
    [
        ("json", "application/sparql-results+json", "application/ld+json"),
        ("xml", "application/sparql-results+xml", "application/rdf+xml"),
        ("CSV", "text/csv", ""),
        ("tsv", "text/tab-separated-values", ""),
        ("ttl", "", "text/turtle"),
        ("turtle", "", "text/turtle"),
        ("nt", "", "application/n-triples"),
        ("jsonld", "", "application/ld+json"),
        ("rdf", "", "application/rdf+xml"),
        ("text/csv", "text/csv", ""),
        ("application/n-quads", "", "application/n-quads"),
    ],
)
def test_a_short_name_decides_over_what_is_accepted(
    server: Serving, name: str, of_rows: str, of_graph: str
) -> None:
    for query, expected in (("ASK { }", of_rows), (TRIPLES, of_graph)):
        answer = server.client.get(
            "sparql", params={"query": query, "format": name}, headers={"accept": "image/png"}
        )
        if expected:
            assert (answer.status_code, type_of(answer)) == (200, expected)
        else:
            assert answer.status_code == 406


def test_an_unknown_short_name_is_refused(server: Serving) -> None:
    answer = server.client.get("sparql", params={"query": "ASK { }", "format": "yaml"})
    assert answer.status_code == 400
    assert "csv" in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("return_format", _allowedFormats)
def test_sparqlwrapper_gets_every_format_it_knows(
    server: Serving, return_format: str, method: str
) -> None:
    """It names each format by three parameters, some of them twice, and warns where it will not do.

    Source: SPARQLWrapper 2.0, `_getRequestEncodedParameters`
    """
    for query in ("SELECT * { ?s ?p ?o } LIMIT 2", "ASK { }", TRIPLES):
        wrapper = SPARQLWrapper(str(server.client.base_url.join("sparql")))
        wrapper.setQuery(query)
        wrapper.setReturnFormat(return_format)
        wrapper.setMethod(method)
        with warnings.catch_warnings(record=True) as unsuited:
            warnings.simplefilter("always", RuntimeWarning)
            answer = wrapper.query()
        kind = answer.info()["content-type"].partition(";")[0]
        plain = {"json-ld": "jsonld", "rdf+xml": "rdf"}.get(return_format, return_format)
        of_rows, of_graph = wanted_by_names([plain])
        expected = of_graph if query == TRIPLES else of_rows
        assert kind == expected or (not expected and unsuited), (query, kind)


def test_of_several_names_of_a_format_the_first_known_counts(server: Serving) -> None:
    accept = {"accept": "application/sparql-results+xml"}
    for names, expected in (
        ("format=tab&format=text/tab-separated-values&output=csv", "text/tab-separated-values"),
        ("output=csv", "text/csv"),
        ("results=json&format=xml", "application/sparql-results+json"),
        ("format=yaml&output=toml", "application/sparql-results+xml"),
        ("output=", "application/sparql-results+xml"),
        ("format=turtle&results=nt", "application/sparql-results+xml"),
    ):
        for answer in (
            server.client.get(f"sparql?query=ASK%7B%7D&{names}", headers=accept),
            server.client.post("sparql", content=f"query=ASK%7B%7D&{names}", headers=FORM | accept),
            server.client.post(f"sparql?{names}", content="ASK{}", headers=QUERY | accept),
        ):
            assert (answer.status_code, type_of(answer)) == (200, expected), names
    described = server.client.get("sparql?format=yaml&output=nt", headers={"accept": "text/turtle"})
    assert type_of(described) == "application/n-triples"


def test_the_three_ways_to_ask_are_equal(server: Serving) -> None:
    accept = {"accept": "text/csv"}
    answers = [
        server.ask(ROWS, headers=accept),
        server.client.post("sparql", data={"query": ROWS}, headers=accept),
        server.client.post("sparql", content=ROWS.encode(), headers=QUERY | accept),
        server.client.post(
            "sparql",
            content=ROWS.encode(),
            headers={"content-type": "Application/SPARQL-Query; charset=UTF-8"} | accept,
        ),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1


def test_head_is_get_without_a_body(server: Serving) -> None:
    full = server.ask(ROWS)
    head = server.client.head("sparql", params={"query": ROWS})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == full.headers["content-length"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * {", "line 1, column 11: expected SPARQL, found the end"),
        ("SELECT * { ?s ?p }", "line 1, column 19"),
        ("", "line 1, column 1: expected SPARQL, found the end"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "the store is read-only"),
        ("SELECT * { <relative> ?p ?o }", "an IRI is not well formed"),
        ("SELECT * { ?s nope:p ?o }", "declare the prefix: PREFIX nope:"),
        ("SELECT * { ?s ?p '\x00", "it has 1 of { but 0 of }"),
        ("SELECT * { ?s ?p '\\uD800' }", "line 1, column 26"),
    ],
)
def test_a_malformed_query_is_told_why(server: Serving, query: str, says: str) -> None:
    for answer in (server.ask(query), server.client.post("sparql", data={"query": query})):
        assert answer.status_code == 400
        assert says in answer.text
        assert type_of(answer) == "text/plain"


def test_a_request_that_is_none_is_refused(server: Serving) -> None:
    client = server.client
    assert client.post("sparql", data={"other": "x"}).status_code == 400
    assert client.get("sparql?query=ASK%7B%7D&query=ASK%7B%7D").status_code == 400
    twice = client.post("sparql?query=ASK%7B%7D", content="ASK{}", headers=QUERY)
    assert twice.status_code == 400
    both = client.post("sparql?query=ASK%7B%7D", data={"query": "ASK{}"})
    assert both.status_code == 400
    for wrong in ("text/plain", "multipart/form-data; boundary=x", "application/json", "", ";;;"):
        answer = client.post("sparql", content="ASK{}", headers={"content-type": wrong})
        assert answer.status_code == 415, wrong
        assert "application/sparql-query" in answer.text
    squeezed = QUERY | {"content-encoding": "gzip"}
    assert client.post("sparql", content=b"\x1f\x8b", headers=squeezed).status_code == 415
    many = client.get("sparql?" + "a=b&" * 500)
    assert many.status_code == 400


def test_updates_are_refused(server: Serving) -> None:
    update = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"
    answers = (
        server.client.get("sparql", params={"update": update}),
        server.client.post("sparql", data={"update": update}),
        server.client.post(
            "sparql", content=update, headers={"content-type": "application/sparql-update"}
        ),
    )
    for answer in answers:
        assert answer.status_code == 403
        assert "reading" in answer.text
    assert "false" in server.ask("ASK { <urn:a> ?p ?o }").text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(server: Serving, method: str) -> None:
    answer = server.client.request(method, "sparql")
    assert answer.status_code == 405
    assert {"GET", "HEAD", "POST"} <= set(answer.headers["allow"].replace(",", " ").split())
    assert server.client.request(method, "figures/PMC1__a").status_code == 405
    assert server.client.request("OPTIONS", "sparql").status_code == 204


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /sparql?query=ASK%7B%7D%ff HTTP/1.1\r\n",
        b"GET /sparql?query=ASK%7B%7D&default-graph-uri=%C0%80 HTTP/1.1\r\n",
        (
            b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 8\r\n\r\nASK{}#\xff\xfe"
        ),
        (
            b"POST /sparql HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: 9\r\n\r\nquery=%ff"
        ),
    ],
)
def test_bytes_that_are_no_utf8_are_refused(server: Serving, request_: bytes) -> None:
    head, blank, body = request_.partition(b"\r\n\r\n")
    host = b"Host: x\r\nConnection: close\r\n"
    if not blank:
        head = head.removesuffix(b"\r\n")
    answer = server.raw(head + b"\r\n" + host + b"\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert b"UTF-8" in answer


def counts(server: Serving, **parameters: Any) -> tuple[int, int]:
    """Return how many triples the default graph has, and how many the named graphs."""
    query = (
        "SELECT (COUNT(?d) AS ?default) (COUNT(?n) AS ?named) WHERE "
        "{ { ?s ?p ?o BIND(1 AS ?d) } UNION { GRAPH ?g { ?s ?p ?o } BIND(1 AS ?n) } }"
    )
    answers = [
        server.client.get("sparql", params={"query": query, "format": "json", **parameters}),
        server.client.post(
            "sparql",
            content=query,
            params={"format": "json", **parameters},
            headers=QUERY,
        ),
        server.client.post("sparql", data={"query": query, "format": "json", **parameters}),
    ]
    found = {answer.text for answer in answers}
    assert len(found) == 1, found
    (row,) = json.loads(found.pop())["results"]["bindings"]
    default, named = (
        int(row[name]["value"]) if name in row else 0 for name in ("default", "named")
    )
    return default, named


def test_a_request_may_name_its_data_set(server: Serving, release: Path) -> None:
    alignment = f"{GRAPH}alignment"
    shipped = [f"{GRAPH}{name}" for name in ("vocabulary", "shapes", "questions")]
    aligned = len(store_of(release / "alignment.ttl"))
    everything, named = counts(server)
    turtle = as_rdf(load_questions().values())
    questions = len(list(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE)))
    assert everything == len(store_of(release / "pfocr.nt", release / "void.ttl")) + questions
    assert named > aligned > 0
    assert counts(server, **{"default-graph-uri": alignment}) == (aligned, 0)
    assert counts(server, **{"named-graph-uri": alignment}) == (0, aligned)
    assert counts(server, **{"default-graph-uri": f"{GRAPH}figures"}) == (everything, 0)
    assert counts(server, **{"default-graph-uri": f"{GRAPH}release/r1"}) == (everything, 0)
    each = {"default-graph-uri": [alignment, *shipped], "named-graph-uri": shipped}
    assert counts(server, **each) == (named, named - aligned)


def test_the_data_set_of_the_request_is_over_that_of_the_query(server: Serving) -> None:
    query = f"ASK FROM <{GRAPH}vocabulary> {{ ?s a <http://www.w3.org/2002/07/owl#Ontology> }}"
    named = {"query": query, "default-graph-uri": f"{GRAPH}alignment", "format": "csv"}
    assert server.client.get("sparql", params={"query": query, "format": "csv"}).text == "true"
    assert server.client.get("sparql", params=named).text == "false"


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", ["urn:unknown", "", "not an IRI", "<urn:x>"])
def test_an_unknown_graph_is_refused(server: Serving, parameter: str, graph: str) -> None:
    answer = server.client.get("sparql", params={"query": "ASK {}", parameter: graph})
    assert answer.status_code == 400
    assert f"{GRAPH}alignment" in answer.text


@pytest.mark.parametrize("accept", GRAPH_TYPES)
def test_the_service_describes_itself(server: Serving, release: Path, accept: str) -> None:
    answer = server.client.get("sparql", headers={"accept": accept})
    assert (answer.status_code, type_of(answer)) == (200, accept)
    found = triples(answer.content, GRAPH_TYPES[accept])
    assert triples((release / "void.ttl").read_bytes(), pyoxigraph.RdfFormat.TURTLE) < found
    said = {(t.predicate.value.rpartition("#")[2], getattr(t.object, "value", "")) for t in found}
    assert ("endpoint", f"{server.url}sparql") in said
    assert ("name", f"{GRAPH}alignment") in said
    assert ("resultFormat", "http://www.w3.org/ns/formats/JSON-LD") in said
    assert (
        "feature",
        "http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery",
    ) not in said


def test_the_description_is_for_programs_and_a_page_for_people(server: Serving) -> None:
    assert type_of(server.client.get("sparql")) == "text/turtle"
    named = server.client.get("sparql", params={"format": "nt"})
    assert type_of(named) == "application/n-triples"
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = server.client.get("sparql", headers={"accept": browser})
    assert (answer.status_code, answer.headers["location"]) == (303, "/query")
    assert server.client.get("sparql", headers={"accept": "text/csv"}).status_code == 406


def test_other_sites_may_ask(server: Serving) -> None:
    origin = {"origin": "https://editor.example"}
    for answer in (
        server.ask("ASK {}", headers=origin),
        server.ask("nonsense", headers=origin),
        server.client.get("sparql", headers=origin),
        server.client.get("figures/PMC1__a.ttl", headers=origin),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,x-requested-with",
    }
    preflight = server.client.options("sparql", headers=origin | asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"]
    refused = asked | {"access-control-request-method": "PUT"}
    assert server.client.options("sparql", headers=origin | refused).status_code == 400


def test_a_request_that_is_too_large_is_refused(server: Serving) -> None:
    long = "ASK { }" + " " * 30_000
    fits = "ASK { }" + " " * 19_000
    assert server.client.post("sparql", content=fits, headers=QUERY).status_code == 200
    told = server.client.post("sparql", content=long, headers=QUERY)
    assert told.status_code == 413
    assert "20,000 bytes" in told.text
    assert server.client.post("sparql", data={"query": long}).status_code == 413

    def pieces() -> Iterator[bytes]:
        yield from [b"ASK { }", *[b" " * 1000] * 30]

    assert server.client.post("sparql", content=pieces(), headers=QUERY).status_code == 413
    assert server.ask(fits).status_code == 200
    assert server.ask(long).status_code == 414
    # Far longer than any server reads, without an end.
    hopeless = server.raw(b"GET /sparql?query=" + b"A" * 500_000)
    assert hopeless == b"" or hopeless.startswith(b"HTTP/1.1 4")
    assert server.ask("ASK { }").status_code == 200


REACHING = (
    "SELECT * { SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <%s> { ?s ?p ?o } }",
    "select*{service<%s>{?s ?p ?o}}",
    "SELECT * { BIND(<%s> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "PREFIX e: <%s> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <%s> { ?s ?p ?o } } } } }",
    "SELECT * { FILTER EXISTS { SERVICE <%s> { ?s ?p ?o } } }",
    "SELECT * { # '\n SERVICE <%s> { ?s ?p ?o } # '\n }",
    "SELECT * { FILTER(1 < 2) SERVICE <%s> { ?s ?p ?o } FILTER(3 > 2) }",
    "SELECT * { ?a ?b '''it's''' . SERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <%s> { ?s ?p ?o } }",
    "SELECT * { SERVI\\u0043E <%s> { ?s ?p ?o } }",
    "PREFIX ex: <urn:> SELECT * { ?a ?b ex:a\\#b . SERVICE <%s> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <%s> { ?s ?p ?o } }",
    "DESCRIBE ?s { SERVICE <%s> { ?s ?p ?o } }",
)


@pytest.mark.parametrize("query", REACHING)
def test_no_query_gets_elsewhere(server: Serving, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.2)
        port = other.getsockname()[1]
        answer = server.ask(query % f"http://127.0.0.1:{port}/sparql")
        # What is no SPARQL at all may also be called malformed.
        assert answer.status_code in ({403} if "\\u00" not in query else {400, 403})
        if answer.status_code == 403:
            assert "SERVICE" in answer.text
        with pytest.raises(TimeoutError):
            other.accept()


def test_a_text_that_names_service_asks_nobody(server: Serving) -> None:
    assert server.ask("ASK { ?s ?p 'SERVICE <urn:x> { }' } # SERVICE ?x { }").status_code == 200


def test_listed_endpoints_may_be_asked(server: Serving, release: Path) -> None:
    other = f"{server.url}sparql"
    query = "SELECT ?name { SERVICE <%s> { <http://identifiers.org/ncbigene/8600> ?p ?name } }"
    with serving(release, "--timeout", PATIENCE, "--federation", other) as federated:
        answer = federated.ask(query % other, headers={"accept": "text/csv"})
        assert answer.status_code == 200
        assert "TNFSF11" in answer.text
        for unlisted in (f"{other}?", other.replace("127.0.0.1", "localhost"), f"{other}#x"):
            refused = federated.ask(query % unlisted)
            assert refused.status_code == 403
            assert other in refused.text
        variable = federated.ask(f"SELECT * {{ BIND(<{other}> AS ?e) SERVICE ?e {{ }} }}")
        assert variable.status_code == 403
        described = federated.client.get("sparql").text
        assert "sd:BasicFederatedQuery" in described


def test_an_endpoint_that_is_not_there_is_no_fault_of_ours(release: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/sparql"
    with serving(release, "--timeout", PATIENCE, "--federation", gone) as federated:
        answer = federated.ask(f"SELECT * {{ SERVICE <{gone}> {{ ?s ?p ?o }} }}")
        assert answer.status_code == 500
        assert "could not be answered" in answer.text
        assert federated.ask("ASK { }").status_code == 200


ROW_NAMES = ("json", "xml", "csv", "tsv")


@pytest.mark.parametrize("name", ROW_NAMES)
def test_an_answer_over_the_cap_is_an_error_and_no_part(small: Serving, name: str) -> None:
    query = "SELECT ?s WHERE { ?s ?p ?o } LIMIT %d"
    whole = small.client.get("sparql", params={"query": query % 10, "format": name})
    assert whole.status_code == 200
    over = small.client.get("sparql", params={"query": query % 11, "format": name})
    assert over.status_code == 403
    assert "more than 10 rows" in over.text
    assert "http" not in over.text


def test_a_graph_over_the_cap_is_an_error_and_no_part(small: Serving) -> None:
    query = "CONSTRUCT { ?s a <urn:c> } WHERE { ?s a <http://schema.org/Gene> } LIMIT %d"
    for name in ("ttl", "nt", "jsonld", "rdf"):
        whole = small.client.get("sparql", params={"query": query % 10, "format": name})
        over = small.client.get("sparql", params={"query": query % 11, "format": name})
        assert (whole.status_code, over.status_code) == (200, 403)
        assert "more than 10 triples" in over.text


def test_an_answer_of_too_many_bytes_is_an_error_and_no_part(small: Serving) -> None:
    long = "SELECT (CONCAT(%s) AS ?text) { BIND('" + "x" * 100 + "' AS ?x) }"
    assert small.ask(long % ", ".join(["?x"] * 20)).status_code == 200
    over = small.ask(long % ", ".join(["?x"] * 40))
    assert over.status_code == 403
    assert "more than 3,000 bytes" in over.text


def test_large_answers_come_whole(server: Serving) -> None:
    query = (
        "SELECT ?a ?b { { SELECT ?a { ?a ?p ?o } LIMIT 300 } { SELECT ?b { ?b ?q ?r } LIMIT 300 } }"
    )
    answer = server.ask(query, headers={"accept": "text/csv"})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content) > 2**20
    assert answer.content.count(b"\n") == 300 * 300 + 1


def test_many_readers_at_once_get_what_they_asked(server: Serving) -> None:
    """Fifty readers, each with its own questions."""
    faults: list[object] = []

    def read(number: int) -> None:
        with httpx.Client(timeout=PATIENCE) as client:
            for turn in range(5):
                value = number * 10 + turn
                parameters = urlencode({"query": f"SELECT ({value} AS ?x) {{ }}", "format": "csv"})
                answer = client.get(f"{server.url}sparql?{parameters}")
                if (answer.status_code, answer.text) != (200, f"x\r\n{value}\r\n"):
                    faults.append((answer.status_code, answer.text, value))

    readers = [threading.Thread(target=read, args=(number,)) for number in range(50)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(PATIENCE)
    assert not any(reader.is_alive() for reader in readers)
    assert faults == []


def test_every_answer_has_the_headers_that_keep_a_reader_safe(server: Serving) -> None:
    for path in (
        "", "about", "query", "sparql", f"sparql?query={quote('ASK{}')}", "sparql?query=x", "nix",
        "figures/PMC1__a", "figures/PMC1__a.ttl", "static/style.css", "files/void.ttl", "genes/TNFSF11",
    ):  # fmt: skip
        headers = server.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"], path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        scripts = [part for part in policy.split(";") if part.strip().startswith("script-src")]
        assert all(part.split() == ["script-src", "'self'"] for part in scripts), path
        assert "server" not in headers, path
