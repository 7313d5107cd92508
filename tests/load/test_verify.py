"""Nodes that are read back: every term is what was sent, but for what stores are known to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pfocr_rdf.errors import IntegrityError
from pfocr_rdf.load.client import StoreClient
from pfocr_rdf.load.plan import LoadOptions, plan
from pfocr_rdf.load.slices import TURTLE, Slice
from pfocr_rdf.load.stores import StoreName
from pfocr_rdf.load.verify import (
    Sample,
    comparable,
    sample_differences,
    samples_of,
    shown_term,
)
from pfocr_rdf.rdf.terms import (
    IRI,
    RDF_LANG_STRING,
    XSD,
    XSD_DATE,
    XSD_DECIMAL,
    XSD_GYEAR,
    XSD_INTEGER,
    Literal,
    Term,
)
from pfocr_rdf.rdf.vocabulary import DCAT, DCTYPES, PFOCR, PROV, RDF, SCHEMA
from pfocr_rdf.release.opened import Release
from tests.support.graph_store import GraphStore, Layout, TroubleProxy, graph_store, troubling
from tests.support.loads import load, make_client, make_release
from tests.support.stores import oxigraph, virtuoso

NODE, GRAPH, PROPERTY = IRI("urn:pfocr:n"), IRI("urn:pfocr:g"), IRI("urn:pfocr:p")
ENGLISH = Literal("colour", RDF_LANG_STRING, "en-GB")


@pytest.fixture(scope="module")
def server() -> Iterator[GraphStore]:
    with graph_store(Layout("/data", "/query", "/update")) as running:
        yield running


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("release"), 4)


@pytest.fixture
def proxy(server: GraphStore) -> Iterator[TroubleProxy]:
    server.store.clear()
    with troubling(server.url) as running:
        yield running


def in_turtle(term: Term) -> str:
    if not isinstance(term, Literal):
        return f"<{term}>"
    mark = f"@{term.language}" if term.language else f"^^<{term.datatype}>"
    return f'"{term.lexical}"{mark}'


def found(client: StoreClient, sent: Term, stored: Term) -> list[str]:
    """Return what is said of a store that has made one term of another."""
    # A prefix first, as Virtuoso wants to see that it is Turtle.
    body = f"@prefix void: <urn:v> .\n<{NODE}> <{PROPERTY}> {in_turtle(stored)} .\n"
    with client:
        client.put(GRAPH, Slice(body.encode(), TURTLE, 0))
        return list(sample_differences(client, GRAPH, Sample(NODE, frozenset({(PROPERTY, sent)}))))


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (Literal("0.8150", XSD_DECIMAL), Literal("0.815", XSD_DECIMAL)),
        (Literal("1.0", XSD_DECIMAL), Literal("1", XSD_DECIMAL)),
        (Literal("007", XSD_INTEGER), Literal("7", XSD_INTEGER)),
        (Literal("100", XSD_INTEGER), Literal("100", XSD_INTEGER)),
        (ENGLISH, ENGLISH._replace(language="en-gb")),
        (Literal("2012", XSD_GYEAR), Literal("2012", XSD_GYEAR)),
        (IRI("urn:pfocr:o"), IRI("urn:pfocr:o")),
    ],
)
def test_what_stores_are_known_to_do_is_no_difference(
    server: GraphStore, sent: Term, stored: Term
) -> None:
    assert found(make_client(StoreName.FUSEKI, server.url), sent, stored) == []


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (Literal("2012", XSD_GYEAR), Literal("2012")),
        (Literal("2012", XSD_GYEAR), Literal("2012", XSD_INTEGER)),
        (Literal("2012-02-03", XSD_DATE), Literal("2012-02-03", IRI(XSD + "dateTime"))),
        (Literal("5", XSD_INTEGER), Literal("5", XSD_DECIMAL)),
        (Literal("5"), Literal("5", XSD_INTEGER)),
        (Literal("0.5", XSD_DECIMAL), Literal("0.5", IRI(XSD + "double"))),
        (Literal("0.12345678901234567", XSD_DECIMAL), Literal("0.123456789012346", XSD_DECIMAL)),
        (Literal("1" * 29, XSD_INTEGER), Literal("1" * 28 + "2", XSD_INTEGER)),
        (ENGLISH, Literal("colour")),
        (Literal("colour"), ENGLISH),
        (ENGLISH, ENGLISH._replace(language="en")),
        (Literal("urn:pfocr:o"), IRI("urn:pfocr:o")),
        (IRI("urn:pfocr:o"), Literal("urn:pfocr:o")),
        (Literal("0.50"), Literal("0.5")),
    ],
)
def test_any_other_term_is_a_difference(server: GraphStore, sent: Term, stored: Term) -> None:
    (said,) = found(make_client(StoreName.FUSEKI, server.url), sent, stored)
    shown = shown_term(comparable(stored), 80)
    assert said == f"<{NODE}>: expected no <{PROPERTY}> {shown}, found it"


@pytest.mark.whole
def test_real_stores_do_what_is_known_of_them(tmp_path: Path) -> None:
    """The table of stored_terms, row by row, with the real ones."""
    sent = [
        Literal("0.8150", XSD_DECIMAL),
        Literal("1.0", XSD_DECIMAL),
        Literal("007", XSD_INTEGER),
        ENGLISH,
        Literal("0987", XSD_GYEAR),
        Literal("2012-02-03", XSD_DATE),
        Literal("é ‘quoted’ 信号"),
    ]
    rewritten = 4
    for name, start, auth in (
        (StoreName.OXIGRAPH, oxigraph, ""),
        (StoreName.VIRTUOSO, virtuoso, "dba:dba"),
    ):
        with start(tmp_path / name) as running:
            for number, term in enumerate(sent):
                client = make_client(name, running.url, auth)
                assert found(client, term, term) == []
                ((_, back),) = client.node(GRAPH, NODE)
                assert (back != term) == (number < rewritten), (name, term)
            # What Virtuoso loses is found.
            long = Literal("0.12345678901234567", XSD_DECIMAL)
            lost = found(make_client(name, running.url, auth), long, long)
            assert bool(lost) == (name is StoreName.VIRTUOSO)


@pytest.mark.parametrize(
    ("sent", "stored", "said"),
    [
        (b'"2012"^^xsd:gYear', b'"2012"', '<http://schema.org/datePublished> "2012", found it'),
        (b'"2012"^^xsd:gYear', b"2012", f'"2012"^^<{XSD_INTEGER}>'),
        (b" 0.250 ", b' "0.250" ', '"0.250", found it'),
    ],
)
def test_a_store_that_forgets_a_type_does_not_pass(
    proxy: TroubleProxy, release: Release, sent: bytes, stored: bytes, said: str
) -> None:
    """No count tells it: there are as many triples of each property as there were."""
    content = release.path(release.dump()[0]).read_bytes()
    assert sent in content
    proxy.change = lambda body: body.replace(sent, stored)
    with pytest.raises(IntegrityError) as caught:
        load(release, make_client(StoreName.FUSEKI, proxy.url))
    assert said in str(caught.value)


def test_one_node_of_each_class_is_looked_at(release: Release) -> None:
    figures, _ = plan(release, LoadOptions())
    classes = {
        value
        for sample in samples_of(release, figures)
        for predicate, value in sample.said
        if predicate == RDF.type
    }
    # Those of the data set have more in void.ttl; the last node of a slice may go on elsewhere.
    left = {DCAT.Dataset, DCTYPES.Dataset, PROV.Entity, PROV.Collection, SCHEMA.Organization}
    assert release.class_counts.keys() - left <= classes
    assert {PFOCR.PathwayFigure, PFOCR.GeneMention, SCHEMA.Gene, SCHEMA.ScholarlyArticle} <= classes


@pytest.mark.parametrize(
    ("lexical", "canonical"),
    [
        ("0", "0"),
        ("-0.0", "0"),
        (".50", "0.5"),
        ("+5.", "5"),
        ("100", "100"),
        ("1_0", "1_0"),
        ("NaN", "NaN"),
        ("1e3", "1e3"),
    ],
)
def test_numbers_are_compared_by_value(lexical: str, canonical: str) -> None:
    assert comparable(Literal(lexical, XSD_DECIMAL)) == Literal(canonical, XSD_DECIMAL)


def test_a_term_is_shown_in_one_line() -> None:
    assert shown_term(Literal("a\n b" + "c" * 9), 5) == '"a bcc…"'
    assert shown_term(ENGLISH, 9) == '"colour"@en-GB'
    assert shown_term(Literal("1", XSD_INTEGER), 9) == f'"1"^^<{XSD_INTEGER}>'
    assert shown_term(IRI("urn:x"), 9) == "<urn:x>"
