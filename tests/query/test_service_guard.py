"""SERVICE clauses in the text of queries, held against Oxigraph's parser."""

from __future__ import annotations

import time
from typing import NamedTuple

import pyoxigraph
import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from pfocr_rdf.query.service_guard import is_query_text, service_endpoints

STORE = pyoxigraph.Store()
UNKNOWN = "http://127.0.0.1:1/sparql"  # a port that Oxigraph never connects to


def parses(query: str) -> bool:
    """Say whether Oxigraph takes a text for a query; what it answers does not matter."""
    try:
        STORE.query(query)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):
        return True
    return True


def is_clause(before: str, keyword: str, after: str) -> bool:
    """Say whether Oxigraph reads a keyword as one, not as part of a string, comment or name.

    Only then another word in its place makes the text no query any more.
    """
    return parses(before + keyword + after) and not parses(f"{before}servicf{after}")


@pytest.mark.parametrize(
    ("query", "endpoints"),
    [
        ("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", ["http://a/"]),
        ("select*{service<http://a/>{}}", ["http://a/"]),
        ("SELECT * { SERVICE SILENT <http://a/> { } }", ["http://a/"]),
        ("SELECT * { SERVICESILENT<http://a/>{} }", ["http://a/"]),
        ("SELECT * { SERVICE ?where { } }", [None]),
        ("SELECT * { SERVICE $where{ } }", [None]),
        ("PREFIX x: <http://a/> SELECT * { SERVICE x:y { } }", [None]),
        ("PREFIX : <http://a/> SELECT * { SERVICE: { } }", [None]),
        ("PREFIX : <http://a/> SELECT * { SERVICE:y{} }", [None]),
        (
            "SELECT * { SERVICE <http://a/> { SERVICE <http://b/> { } } SERVICE <http://a/> { } }",
            ["http://a/", "http://b/"],
        ),
        ("SELECT * { SERVICE # here\n <http://a/> # and\n { } }", ["http://a/"]),
        ("SELECT * { ?s ?p trueSERVICE<http://a/>{} }", ["http://a/"]),
        ("SELECT * { ?s ?p 1SERVICE<http://a/>{} }", ["http://a/"]),
        ("SELECT * { ?s ?p 1.5e0SERVICE<http://a/>{} }", ["http://a/"]),
        ('SELECT * { VALUES ?x { """x"} SERVICE<http://a/>{} }', ["http://a/"]),
        ("SELECT * { FILTER(?b<?c)SERVICE#>\n?x{} }", [None]),
        ("SELECT * { FILTER(1<2&&3>2) SERVICE <http://a/> {} }", ["http://a/"]),
        ("SELECT * { ?s x:a\\#b ?o . SERVICE <http://a/> { } }", ["http://a/"]),
        ("SELECT * { ?s x:it\\'s ?o . SERVICE <http://a/> { } }", ["http://a/"]),
        ("SELECT * { ?s <http://b/#it's> ?o . SERVICE <http://a/> { } }", ["http://a/"]),
        ("SELECT * { ?s ?p 'a\\'b' . SERVICE <http://a/> { } # '\n}", ["http://a/"]),
        ("SELECT * { SERV\\u0049CE <http://a/> { } }", ["http://a/"]),
        ("SELECT * { SERV\\U00000049CE <http://a/> { } }", ["http://a/"]),
        ("SELECT * { SERVICE <http://\\u0061/> { } }", ["http://a/"]),
        ("BASE <http://b/> SELECT * { SERVICE <a> { } }", ["a"]),
        ("ASK { FILTER EXISTS { SERVICE <http://a/> { } } }", ["http://a/"]),
    ],
)
def test_clauses_are_found(query: str, endpoints: list[str | None]) -> None:
    assert service_endpoints(query) == endpoints


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SELECT ?service ?x { ?service ?p ?x }",
        "SELECT $service { $service ?p ?x }",
        "SELECT * { ?s ?p 'SERVICE <http://a/> { }' }",
        'SELECT * { ?s ?p """SERVICE\n <http://a/> { }""" }',
        'SELECT * { ?s ?p "a\\" SERVICE ?x { " }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://a/> { }",
        "SELECT * { ?s <http://a/SERVICE/b> ?o }",
        "SELECT * { ?s <http://a/service> ?o . ?o <http://a/service> { } }",
        "PREFIX service: <http://a/> SELECT * { ?s service:x ?o }",
        "SELECT * { ?s x:service ?o }",
        "SELECT * { ?s x:a.service ?o }",
        'SELECT * { ?s ?p "x"@service }',
        "SELECT (CONTAINS(STR(?x), 'service') AS ?service) { ?x ?y ?z }",
    ],
)
def test_other_texts_have_none(query: str) -> None:
    assert service_endpoints(query) == []


NOISE = st.sampled_from(
    [
        " ", "\n", "\t", "# SERVICE\n", "# \" ' < {\n", "#>\n", ". ", " . ",
        "?s ?p ?o . ", "?s ?p 1 . ", "?s ?p true . ", "?s ?p 'x' . ", '?s ?p "x" . ',
        "?s ?p 'it\\'s # { <' . ", '?s ?p "a \\" b" . ', "?s ?p '''a ' b''' . ",
        '?s ?p """a "" b""" . ', "?s ?p '' . ", '?s ?p "" . ', '?s ?p "x"@en . ',
        "?s ?p \"\\u0022\" . ", "?s ?p \"\\\\u0022\" . ", "?s ?p '\\\\' . ",
        "?s <http://b/#it's> ?o . ", "?s <http://b/#> ?o . ", "?s x:a\\#b ?o . ",
        "?s x:it\\'s ?o . ", "?s x:a.b ?o . ", "?s x:a%41 ?o . ", "?s x: ?o . ",
        "?s x:\\~\\<b ?o . ", "FILTER(?a<?b) ", "FILTER(?a<?b&&?c>?d) ", "FILTER(1<2)",
        "FILTER(?a<=?b)", "FILTER(?a>?b) ", "FILTER(?a!=<http://b/>) ", "OPTIONAL { } ",
        "{ } UNION { } ", "BIND('#' AS ?v1) ", "VALUES ?v2 { \"\"\"x\" } ", "VALUES ?v3 { ''''y' } ",
        "VALUES ?v4 { '' \"\" } ", "?s ?p [] . ", "?s ?p () . ", "?s ?p _:b . ", "?s x:a|^x:b* ?o . ",
        "?s ?p true", "?s ?p 1", "?s ?p 1.5", "?s ?p 1e0", "?s ?p ?o", "?s ?p x:a", "?s ?p ''",
        "?s ?p \"\"", "?s ?p <http://b/>", "?service ?p ?o . ", "<<( ?s ?p ?o )>> ?p ?o . ",
        "FILTER EXISTS { ?s ?p '{' } ", "MINUS { ?s ?p \"}\" } ", "GRAPH ?g { } ", "{ SELECT * { } } ",
    ]
)  # fmt: skip
SPACE = st.lists(
    st.sampled_from([" ", "\n", "\r", "\t", "#\n", "# '\n", "#>\n", '# "\r', "# <\n"]), max_size=3
).map("".join)
KEYWORD = st.lists(st.booleans(), min_size=7, max_size=7).map(
    lambda upper: "".join(
        c.upper() if up else c.lower() for c, up in zip("service", upper, strict=True)
    )
)
SILENT = st.sampled_from(["", "SILENT", "silent", "Silent "])
ENDPOINT = st.sampled_from(
    [
        f"<{UNKNOWN}>", "?where", "$where", "x:sparql", ":sparql", "x:a\\#b", "x:a.b", "x:",
        "<http://127.0.0.1:1/\\u0061>", "<http://127.0.0.1:1/it's>", "<http://127.0.0.1:1/#x>",
    ]
)  # fmt: skip
PREFIXES = "PREFIX x: <http://127.0.0.1:1/> PREFIX : <http://127.0.0.1:1/> "


class Query(NamedTuple):
    """A text around a keyword that may be one, or stand in a string or comment."""

    before: str
    keyword: str
    after: str


@st.composite
def queries(draw: st.DrawFn) -> Query:
    before = "".join(draw(st.lists(NOISE, max_size=6)))
    clause = draw(SPACE) + draw(SILENT) + draw(SPACE) + draw(ENDPOINT) + draw(SPACE)
    after = "".join(draw(st.lists(NOISE, max_size=3)))
    return Query(f"{PREFIXES}SELECT * {{ {before}", draw(KEYWORD), f"{clause}{{ }}{after} }}")


@given(queries())
@example(Query('SELECT * { VALUES ?v { """x" } ', "SERVICE", f"<{UNKNOWN}>{{ }} }}"))
@example(Query("SELECT * { FILTER(?a<?b)", "SERVICE", "#>\n?x{ } }"))
@example(Query("SELECT * { ?s ?p true", "SERVICE", "?x{ } }"))
def test_no_clause_that_oxigraph_reads_is_missed(query: Query) -> None:
    if is_clause(*query):
        event("a clause")
        assert service_endpoints("".join(query)), query


PIECES = st.sampled_from(
    [
        *"<>{}()[].;,'\"\\#?$:@^|&!=*+-/ \n\r\t", "SERVICE", "service", "SILENT", "SELECT", "ASK",
        f"<{UNKNOWN}>", "?x", "x:", ":", "a", "1", "true", '"""', "'''", "FILTER", "EXISTS",
        "{ }", "\\u0049", "\\u0022", "VALUES", "BIND", "AS", "\\#", "%41", "x:a", "''", '""',
        "?s ?p ", " . ", "FILTER(?a<?b)", "?x ", "x:p ",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=8))
def test_no_clause_is_missed_in_rubble(before: list[str], after: list[str]) -> None:
    query = Query(
        f"{PREFIXES}SELECT * {{ {''.join(before)}",
        "SERVICE",
        f"<{UNKNOWN}>{{ }}{''.join(after)} }}",
    )
    if is_clause(*query):
        event("a clause")
        assert UNKNOWN in service_endpoints("".join(query)), query


def test_the_property_can_tell_clauses_from_other_text() -> None:
    after = f"<{UNKNOWN}>{{ }} }}"
    for before in ("SELECT * { ", "SELECT * { ?s ?p true", 'SELECT * { VALUES ?v { """x" } '):
        assert is_clause(before, "SERVICE", after)
    for before in ("SELECT * { # ", "SELECT * { ?s ?p ?o", "SELECT * { ?s ?", "SELECT * { ?s x:a"):
        assert not is_clause(before, "SERVICE", after + "\n}")


@pytest.mark.whole
@pytest.mark.parametrize(
    "unit",
    [
        "a", "service", '"SERVICE#"', "\\'", "\\'''", "a:", "a.b:", "<a", "<a>", '"a', "'", '"',
        "SERVICE  ", "SERVICE#\n", "'''\"\"\"", "SERVICE ?x ", "?service ", "{", "\\u0049",
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["SERVICE ", "SERVICE '''", 'SERVICE "', "SERVICE <"])
def test_no_text_takes_long(start: str, unit: str) -> None:
    begin = time.process_time()
    service_endpoints(start + unit * (100_000 // len(unit)))
    assert time.process_time() - begin < 20


def test_a_text_with_too_many_readings_counts_as_one_with_a_clause() -> None:
    assert service_endpoints("SERVICE " + "a" * 1_000_000) == [None]


@pytest.mark.parametrize(
    ("text", "is_query"),
    [
        ("SELECT * { }", True),
        ("ask{}", True),
        ("DESCRIBE <http://a/>", True),
        ("# a comment\nPREFIX x: <http://a/> DESCRIBE x:y", True),
        ("nonsense { }", True),
        ("figures-of-gene", False),
        ("select-genes", True),
        ("describe", True),
        ("", False),
    ],
)
def test_queries_are_told_from_names(text: str, is_query: bool) -> None:
    assert is_query_text(text) is is_query
