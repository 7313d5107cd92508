"""A release asked from Python: the rows are those of SPARQL, as libraries of computing take them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib

import pfocr_rdf
from pfocr_rdf.errors import QueryError, UsageError
from pfocr_rdf.query.notebook.askable import AskableRelease
from pfocr_rdf.query.notebook.rows import Rows, plain
from pfocr_rdf.rdf.vocabulary import SCHEMA
from tests.support.pages import run

SEED = "PMC4168338__10-1055-s-0031-1298276-i430gf01"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def release(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> AskableRelease:
    out = tmp_path_factory.mktemp("notebook") / "out"
    run(seeds, out=out, release="r1")
    return pfocr_rdf.open_release(out)


@pytest.fixture
def rows() -> Rows:
    return Rows(
        ("one", "other", "shared", "in"),
        [("A", "B", 3, None), ("A", "B", 2, 0.5), ("A", "C", 1, True), ("A", None, 1, None)],
    )


def test_a_release_is_what_it_was(release: AskableRelease) -> None:
    assert release.name == "r1"
    assert len(list(release.figures())) == 5


def test_a_question_is_answered_by_rows(release: AskableRelease) -> None:
    found = release.ask("figures-of-gene", gene="RANKL")
    gene = "http://identifiers.org/ncbigene/8600"
    assert {row.figure for row in found} == {
        nodes.figure.subject
        for nodes in release.figures()
        if gene in dict(nodes.figure.properties).get(SCHEMA.mentions, ())
    }
    assert {row.gene_iri for row in found} == {gene}
    assert all(isinstance(row.year, int) for row in found)
    assert found.notes == (
        "parameter gene: RANKL is taken for TNFSF11 (RANKL is a word for TNFSF11 in 1 figure)",
    )
    assert release.ask("figures-of-gene", gene="hgnc:11926")[:] == found[:]
    assert release.ask("figures-of-genes", genes=["RANKL", "OPG"])[0].shared == 2


def test_an_empty_answer_says_why(release: AskableRelease) -> None:
    found = release.ask("figures-of-gene", gene="TNFSF1111")
    assert len(found) == 0
    assert "this release has no gene" in found.notes[0]


def test_what_is_no_question_is_said(release: AskableRelease) -> None:
    with pytest.raises(UsageError, match="figures-of-gene"):
        release.ask("figures-of-genee")
    with pytest.raises(UsageError, match="no such parameter"):
        release.ask("figures-of-gene", chemical="x")


def test_a_question_for_a_graph_gives_its_triples(release: AskableRelease) -> None:
    found = release.ask("figure-graph", figid=SEED)
    graph = next(each for each in release.figures() if SEED in each.figure.subject)
    assert found.columns == ("subject", "predicate", "object")
    assert {row.subject for row in found} >= {node.subject for node in graph.mentions}


def test_sparql_gives_rows_a_truth_or_a_graph(release: AskableRelease) -> None:
    counted = release.sparql("SELECT (COUNT(*) AS ?n) { ?figure a pfocr:PathwayFigure }")
    assert isinstance(counted, Rows)
    assert counted[0].n == 5
    assert release.sparql("ASK { ?figure a pfocr:PathwayFigure }") is True
    graph = release.sparql("CONSTRUCT { ?f a ?c } { ?f a ?c . FILTER (?c = pfocr:PathwayFigure) }")
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) == 5
    with pytest.raises(QueryError, match="line 1, column"):
        release.sparql("SELECT")


def test_names_are_found_with_why(release: AskableRelease) -> None:
    first = release.find("RANKL")[0]
    assert (first.label, first.reason) == ("TNFSF11", "RANKL is a word for TNFSF11 in 1 figure")


def test_a_figure_is_what_the_dump_says(release: AskableRelease) -> None:
    for nodes in release.figures():
        figid = nodes.figure.subject.rpartition("/")[2].removesuffix(".html")
        found = release.figure(figid)
        assert found.iri == nodes.figure.subject
        assert (found.paper, len(found.mentions)) == (figid.partition("__")[0], len(nodes.mentions))
        assert found.title
        assert found.year
    with pytest.raises(UsageError, match="none of the id 'x'"):
        release.figure("x")


def test_a_list_is_enriched(release: AskableRelease) -> None:
    found = release.enrich("RANKL, OPG", tier="all")
    assert found.columns[0] == "figid"
    assert (found[0].figid, found[0].overlap, found[0].genes) == (
        SEED, 2, ("TNFSF11", "TNFRSF11B")
    )  # fmt: skip
    assert found.enrichment.overlapping == len(found)
    assert pfocr_rdf.enrich(release.folder, ["RANKL", "OPG"], tier="all")[:] == found[:]
    with pytest.raises(ValueError, match="lenient"):
        release.enrich(["TP53"], tier="lenient")


def test_frames_have_the_rows(rows: Rows) -> None:
    frame = rows.to_pandas()
    assert list(frame.columns) == ["one", "other", "shared", "in"]
    assert frame["shared"].sum() == 7
    assert rows.to_polars().row(0) == ("A", "B", 3, None)
    table = Rows(("a", "b"), [("x", 1), (None, 2)]).to_arrow()
    assert table.to_pydict() == {"a": ["x", None], "b": [1, 2]}
    assert "<table" in str(rows._repr_html_())
    assert repr(rows) == "<4 rows of one, other, shared, in>"


def test_a_network_has_an_edge_for_each_pair(rows: Rows) -> None:
    graph = rows.to_networkx()
    assert dict(graph["A"]["B"]) == {"shared": 3, "in": None, "rows": 2}
    assert set(graph) == {"A", "B", "C"}
    edges = rows.to_networkx("other", "one").edges
    assert set(map(frozenset, edges)) == {frozenset("AB"), frozenset("AC")}
    with pytest.raises(UsageError, match="found 'x'"):
        rows.to_networkx("x")
    with pytest.raises(UsageError, match="two columns"):
        Rows(["a"], [["x"]]).to_networkx()


def test_genes_that_share_figures_are_a_network(release: AskableRelease) -> None:
    found = release.ask("genes-beside-gene", gene="TNFSF11", tiers="all")
    graph = found.to_networkx("symbol", "gene_iri")
    assert graph.number_of_edges() == len(found) > 3


def test_what_is_not_installed_is_said(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pandas", "networkx"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UsageError, match="pip install pandas"):
        rows.to_pandas()
    with pytest.raises(UsageError, match="pip install networkx"):
        rows.to_networkx()
    assert rows._repr_html_() is None


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (pyoxigraph.NamedNode("http://x.org/a"), "http://x.org/a"),
        (pyoxigraph.Literal("a", language="en"), "a"),
        (pyoxigraph.Literal(7), 7),
        (pyoxigraph.Literal("2023", datatype=pyoxigraph.NamedNode(XSD + "gYear")), 2023),
        (pyoxigraph.Literal("0.5", datatype=pyoxigraph.NamedNode(XSD + "decimal")), 0.5),
        (pyoxigraph.Literal("x", datatype=pyoxigraph.NamedNode(XSD + "integer")), "x"),
        (pyoxigraph.Literal(True), True),
        (pyoxigraph.BlankNode("b"), "_:b"),
    ],
)
def test_terms_become_plain_values(term: Any, value: object) -> None:
    assert list(plain([term])) == [value]


def test_a_column_may_be_called_as_a_keyword_is() -> None:
    found = Rows(("from", "to"), [("a", "b")])
    assert found[0].to == "b"
    assert found.columns == ("from", "to")
