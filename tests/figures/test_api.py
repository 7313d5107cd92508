"""The library as a notebook uses it: figures in, rdflib graphs out."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph, URIRef, Variable
from rdflib.compare import isomorphic

import pfocr_rdf
from pfocr_rdf import (
    ExportOptions,
    GeneTable,
    export,
    load_gene_table,
    map_figure,
    read_figures,
    to_graph,
    validate,
)
from pfocr_rdf.errors import InputError, OutputError, UsageError
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.figures.show import View, show_figure
from pfocr_rdf.findings import Finding
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.vocabulary import PFOCR, SCHEMA

SEED = "001_4c02219641b50d7b.txt"
FIGID = "PMC4168338__10-1055-s-0031-1298276-i430gf01"
FIGURE = URIRef(f"https://pfocr.wikipathways.org/figures/{FIGID}.html")


@pytest.fixture(scope="module")
def table() -> GeneTable:
    return embedded_gene_table()


def test_all_that_is_promised_is_there() -> None:
    for name in pfocr_rdf.__all__:
        assert getattr(pfocr_rdf, name) is not None


def test_a_figure_becomes_a_graph_in_three_lines(seeds: Path, table: GeneTable) -> None:
    figure = next(read_figures(seeds / SEED))
    graph = to_graph(map_figure(figure, table))
    assert (FIGURE, URIRef(SCHEMA.mentions), None) in graph
    assert figure.figid == FIGID
    # The same triples as the command shows.
    shown = show_figure(str(seeds / SEED), None, View.TURTLE, table)
    assert isomorphic(graph, Graph().parse(data=shown.text, format="turtle"))


def test_the_graph_can_be_asked_and_written_with_our_prefixes(
    seeds: Path, table: GeneTable
) -> None:
    graph = to_graph(map_figure(next(read_figures(seeds / SEED)), table))
    word, symbol = Variable("word"), Variable("symbol")
    asked = graph.query(
        "SELECT ?word ?symbol { ?m pfocr:recognizedText ?word ; oa:hasBody/schema:name ?symbol }"
    )
    assert sorted((str(row[word]), str(row[symbol])) for row in asked.bindings) == [
        ("OPG", "TNFRSF11B"),
        ("RANK", "TNFRSF11A"),
        ("RANKL", "TNFSF11"),
    ]
    text = graph.serialize(format="turtle")
    assert "@prefix schema: <http://schema.org/> ." in text
    assert "ncbigene:8600" in text
    assert "ns1:" not in text


def test_figures_come_from_files_folders_and_archives_in_path_order(
    seeds: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "seeds.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(seeds, "pfocr/_figures")
    of_folder = list(read_figures(seeds))
    assert len(of_folder) == 5
    assert of_folder[1].figid == FIGID
    assert [f.figid for f in read_figures(archive)] == [f.figid for f in of_folder]
    assert [f.figid for f in read_figures(*sorted(seeds.iterdir()))] == [f.figid for f in of_folder]
    assert [f.figid for f in read_figures(str(seeds))] == [f.figid for f in of_folder]


def test_oddities_are_handed_over_and_stop_nothing(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("no front matter")
    (tmp_path / "b.md").write_bytes(b"---\nfigid: \xff\n---\n")
    (tmp_path / "c.md").write_bytes((seeds / SEED).read_bytes())
    found: list[Finding] = []
    figures = list(read_figures(tmp_path, on_finding=found.append))
    assert [figure.figid for figure in figures] == [FIGID]
    assert [finding.code for finding in found] == [
        "front-matter-malformed",
        "unreadable-file",
        "text-repaired",
    ]


def test_what_cannot_be_read_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        list(read_figures(tmp_path / "gone"))
    with pytest.raises(InputError, match="found none"):
        list(read_figures(tmp_path))


def test_captions_can_be_left_out(seeds: Path) -> None:
    assert next(read_figures(seeds / SEED)).description
    assert next(read_figures(seeds / SEED, captions=False)).description == ""


def test_a_table_and_a_style_can_be_chosen(seeds: Path, tmp_path: Path) -> None:
    path = tmp_path / "hgnc.tsv"
    path.write_text(
        "hgnc_id\tsymbol\tname\tstatus\talias_symbol\tprev_symbol\tdate_modified\tentrez_id\n"
        "HGNC:11926\tTNFSF11\ta name of our own\tApproved\t\t\t\t8600\n"
    )
    figure = next(read_figures(seeds / SEED))
    graph = to_graph(map_figure(figure, load_gene_table(path), IriStyle.UNIPROT))
    gene = URIRef("http://purl.uniprot.org/geneid/8600")
    assert str(graph.value(gene, URIRef(SCHEMA.description))) == "a name of our own"
    other = URIRef("http://purl.uniprot.org/geneid/8792")
    assert graph.value(other, URIRef(SCHEMA.description)) is None


@pytest.mark.parametrize("style", IriStyle)
@pytest.mark.parametrize("as_nodes", [False, True])
def test_the_prefixes_are_those_of_the_figures_style(
    seeds: Path, table: GeneTable, style: IriStyle, *, as_nodes: bool
) -> None:
    """A prefix of another style is no error in SPARQL: the query finds nothing, without a word."""
    mapped = map_figure(next(read_figures(seeds / SEED)), table, style)
    graph = to_graph(mapped.nodes() if as_nodes else mapped)
    rows = graph.query("SELECT ?symbol { ncbigene:8600 schema:name ?symbol }")
    assert [str(symbol) for (symbol,) in rows] == ["TNFSF11"]  # type: ignore[misc]
    bound = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    assert bound.items() >= Prefixes(Iris(style)).namespaces.items()
    assert "ncbigene:8600 a schema:Gene" in graph.serialize(format="turtle")


def test_without_a_table_the_best_there_is_is_taken(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(tmp_path))
    figure = next(read_figures(seeds / SEED))
    assert map_figure(figure) == map_figure(figure, embedded_gene_table())


@pytest.mark.whole
def test_many_figures_become_one_graph_that_conforms(seeds: Path, table: GeneTable) -> None:
    graphs = [map_figure(figure, table) for figure in read_figures(seeds)]
    graph = to_graph(graphs)
    figures = set(graph.subjects(predicate=None, object=URIRef(PFOCR.PathwayFigure)))
    assert len(figures) == 5
    outcome = validate(graph)
    assert outcome.conforms
    assert outcome.triples == len(graph)
    assert outcome.focus_nodes is not None
    assert outcome.focus_nodes > 5


def test_a_graph_that_was_spoilt_does_not_conform(seeds: Path, table: GeneTable) -> None:
    graph = to_graph(map_figure(next(read_figures(seeds / SEED)), table))
    graph.remove((FIGURE, URIRef(SCHEMA.license), None))
    (result,) = validate(graph).results
    assert result.focus == str(FIGURE)


def test_figures_and_single_nodes_can_be_mixed(seeds: Path, table: GeneTable) -> None:
    mapped = map_figure(next(read_figures(seeds / SEED)), table)
    assert set(to_graph([*mapped.nodes()])) == set(to_graph(mapped))


def test_export_from_python_is_the_export(seeds: Path, tmp_path: Path) -> None:
    steps: list[int] = []
    result = export(
        [str(seeds)],
        str(tmp_path / "out"),
        ExportOptions(jobs=1),
        lambda progress: steps.append(progress.done),
    )
    assert result.folder == tmp_path / "out"
    assert {file.name for file in result.files} == {p.name for p in result.folder.iterdir()} - {
        "ledger.sqlite"
    }
    assert result.report.counts.figures == steps[-1] == 5
    assert not result.has_errors
    written = {quad.triple for quad in pyoxigraph.parse(path=str(result.folder / "pfocr.ttl"))}
    assert len(written) == result.report.counts.triples


def test_export_refuses_what_it_cannot_do(seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(UsageError, match="no input given"):
        export([], out)
    with pytest.raises(UsageError, match=r"expected a list of inputs, found one"):
        export(str(seeds), out)
    with pytest.raises(UsageError, match="no format given"):
        export([seeds], out, ExportOptions(formats=()))
    out.write_text("a file")
    with pytest.raises(OutputError):
        export([seeds], out)
