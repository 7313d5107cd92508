"""Every page of the seeds, of a checkout with all tables and of real figures.

They are well formed, lead somewhere, are accessible as far as a parser can see, and say what
the graph says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import pfocr_rdf.web.pages
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.kinds import PAGED, Kind
from pfocr_rdf.rdf.tiers import Tier
from pfocr_rdf.web.pages.citations import RELEASE_CITATIONS
from pfocr_rdf.web.pages.figure_files import FIGURE_FILES
from pfocr_rdf.web.pages.links import DATA_SUFFIXES, Links, iri_of, web_address
from pfocr_rdf.web.pages.list_files import ListFormat
from pfocr_rdf.web.pages.read_entity import entity_view
from pfocr_rdf.web.pages.read_network import network
from pfocr_rdf.web.pages.read_paper import paper_view
from pfocr_rdf.web.pages.read_release import error_view
from pfocr_rdf.web.pages.render import Renderer
from tests.support.pages import checkout
from tests.support.referees import html_faults
from tests.support.samples import Sample
from tests.support.web_pages import XHTML, Page, Shown, exported, faults, members, pages_of, text_of

pytestmark = pytest.mark.whole  # takes long

STATIC = Path(pfocr_rdf.web.pages.__file__).parent / "static"
LINKS = Links()
RANKL = "http://identifiers.org/ncbigene/8600"
SEED = "https://pfocr.wikipathways.org/figures/PMC4168338__10-1055-s-0031-1298276-i430gf01.html"


@pytest.fixture(scope="module")
def seed_graph(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The seeds, exported."""
    return exported(tmp_path_factory.mktemp("seeds") / "out", seeds)


@pytest.fixture(scope="module")
def all_graph(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Figures with chemicals, diseases, organisms, maps."""
    folder = tmp_path_factory.mktemp("all")
    return exported(folder / "out", checkout(folder / "in"))


@pytest.fixture(scope="module")
def seed_pages(seed_graph: Shown) -> dict[str, Page]:
    """Every page of the seeds, parsed."""
    return {address: Page(html) for address, html in pages_of(seed_graph, LINKS).items()}


@pytest.fixture(scope="module")
def all_pages(all_graph: Shown) -> dict[str, Page]:
    """Every page of the checkout, parsed."""
    return {address: Page(html) for address, html in pages_of(all_graph, LINKS).items()}


def each(pages: dict[str, Page]) -> Iterator[tuple[str, Page]]:
    assert pages
    yield from pages.items()


def test_the_pages_of_all_kinds_are_there(all_pages: dict[str, Page]) -> None:
    assert {address.split("/")[1] for address in all_pages} == {kind.plural for kind in PAGED}


@pytest.mark.parametrize("which", ["seed_pages", "all_pages"])
def test_pages_have_no_fault_that_a_parser_can_see(
    which: str, request: pytest.FixtureRequest
) -> None:
    for address, page in each(request.getfixturevalue(which)):
        assert faults(page) == [], address


def test_pages_are_valid_html(
    seed_pages: dict[str, Page], all_pages: dict[str, Page], tmp_path: Path
) -> None:
    assert faults_of(all_pages | seed_pages, tmp_path) == []


def faults_of(pages: dict[str, Page], folder: Path) -> list[str]:
    """Return what the Nu Html Checker finds in pages."""
    paths = []
    for number, (_, page) in enumerate(each(pages)):
        paths.append(folder / f"{number}.html")
        paths[-1].write_text(page.html, encoding="utf-8")
    return html_faults(paths)


@pytest.mark.parametrize("which", ["seed_pages", "all_pages"])
def test_each_link_leads_somewhere(which: str, request: pytest.FixtureRequest) -> None:
    pages = request.getfixturevalue(which)
    for address, page in each(pages):
        for target in page.addresses():
            assert leads_somewhere(target, page, pages), (address, target)


def leads_somewhere(target: str, page: Page, pages: dict[str, Page]) -> bool:
    """Say whether a link is to a page, file or endpoint of ours, or plainly to the web."""
    parts = urlsplit(target)
    if parts.scheme:
        return web_address(target) == target
    if target.startswith("#"):
        return target[1:] in page.ids()
    path = unquote(parts.path)
    if path.startswith("/static/"):
        return (STATIC / path.removeprefix("/static/")).is_file()
    if path.startswith("/api/network/"):
        return f"/genes/{path.rpartition('/')[2]}" in pages
    if path in {"/", "/about", "/enrich", "/q", "/query", "/search", "/sparql", "/api/suggest"} | {
        f"/{name}" for name in RELEASE_CITATIONS
    }:
        return True
    stem, _, suffix = path.rpartition(".")
    lists = {f"/{kind.plural}" for kind in PAGED}
    if path in lists or (stem in lists and suffix in tuple(ListFormat)):
        return True
    entity, _, what = stem.rpartition("/")
    if what in {*(kind.plural for kind in PAGED), "network"} and suffix in tuple(ListFormat):
        return entity in pages
    suffixes = (*DATA_SUFFIXES, *(FIGURE_FILES if path.startswith("/figures/") else ()))
    return path in pages or (suffix in suffixes and stem in pages)


def test_a_figure_page_says_what_the_graph_says(seed_pages: dict[str, Page]) -> None:
    page = seed_pages["/figures/PMC4168338__10-1055-s-0031-1298276-i430gf01"]
    assert text_of(page.one("h1")) == (
        "Control of osteoclast differentiation by the RANK/RANKL/OPG signal pathway"
    )
    rows = [[text_of(td) for td in tr.iter(f"{XHTML}td")] for tr in page.all("tr")]
    assert [
        "RANKL",
        "TNFSF11",
        "RANKL synonym HGNC alias symbols",
        "stated Entrez identifier stated as TNFSF11",
        "1",
    ] in rows
    marks = {text_of(mark) for mark in page.all("mark")}
    assert {"RANK", "RANKL", "OPG"} <= marks
    assert "https://europepmc.org/articles/PMC4168338/bin/" in page.html
    assert not list(page.all("img"))


def test_an_unresolved_keyword_shows_its_candidates(seed_graph: Shown) -> None:
    found = [
        mention
        for iri in members(seed_graph, Kind.FIGURE)
        if (view := seed_graph.figure(iri))
        for mention in view.mentions
        if mention.stated == "TRAP"
    ]
    assert found
    for mention in found:
        assert mention.entity is None
        assert {ref.label for ref in mention.candidates} == {"ACP5", "SCYL1", "CD40LG"}
        assert mention.reason is not None
        assert mention.reason.label == "ambiguous symbol"


def test_every_mention_is_on_the_page_of_its_figure(
    seed_graph: Shown, seed_pages: dict[str, Page]
) -> None:
    plain = 0
    for iri in members(seed_graph, Kind.FIGURE):
        view = seed_graph.figure(iri)
        assert view is not None
        ids = seed_pages[LINKS.page(Kind.FIGURE, iri) or ""].ids()
        for mention in view.mentions:
            assert mention.iri.rpartition("#")[2] in ids
            plain += mention.is_plain
    assert plain > 0


def test_a_gene_page_counts_its_figures(seed_graph: Shown) -> None:
    view = entity_view(seed_graph.index, Kind.GENE, RANKL, tier=Tier.ALL)
    assert view is not None
    direct = seed_graph.rows(f"SELECT DISTINCT ?f {{ ?f <http://schema.org/mentions> <{RANKL}> }}")
    assert view.figures.total == len(direct) > 1
    assert sum(year.count for year in view.years) == view.figures.total
    assert sum(tier.count for tier in view.tiers) in {0, view.figures.total}
    cosines = [c.cosine for c in view.genes]
    assert cosines == sorted(cosines, reverse=True)
    usual = entity_view(seed_graph.index, Kind.GENE, RANKL)
    assert usual is not None
    assert (usual.tier, usual.tier_key, view.tier_key) == (Tier.SYNONYMS, "", "all")
    assert usual.figures.total == 1, "the others have it among their keywords"
    assert [(each.key, each.figures) for each in view.switch] == [("", 1), ("all", len(direct))]
    assert RANKL not in {c.ref.iri for c in view.genes}
    assert {"NCBI Gene 8600", "HGNC:11926"} <= {i.label for i in view.identifiers}


def test_neighbours_share_as_many_genes_as_they_say(seed_graph: Shown) -> None:
    view = seed_graph.figure(SEED)
    assert view is not None
    assert view.neighbours
    mine = _genes(seed_graph, SEED)
    for item in view.neighbours:
        assert item.iri != SEED
        assert item.genes == len(mine & _genes(seed_graph, item.iri)) > 0


def test_a_network_joins_genes_that_share_figures(seed_graph: Shown) -> None:
    answer = network(seed_graph.index, LINKS, RANKL, Tier.ALL)
    assert answer is not None
    nodes, edges = answer["nodes"], answer["edges"]
    assert isinstance(nodes, list)
    assert isinstance(edges, list)
    assert nodes[0]["centre"] is True
    ids = {each["id"] for each in nodes}
    assert len(ids) == len(nodes)
    assert all({edge["source"], edge["target"]} <= ids for edge in edges)
    shared = {each["id"]: each["figures"] for each in nodes[1:]}
    for edge in edges:
        one, other = edge["source"], edge["target"]
        if one == RANKL:
            assert edge["figures"] == shared[other]
        else:
            together = [
                f
                for f in members(seed_graph, Kind.FIGURE)
                if {RANKL, one, other} <= _genes(seed_graph, f)
            ]
            assert edge["figures"] == len(together)


def test_what_is_not_in_the_graph_has_no_page(seed_graph: Shown) -> None:
    missing = "http://identifiers.org/ncbigene/999999999"
    assert entity_view(seed_graph.index, Kind.GENE, missing) is None
    assert seed_graph.figure(missing) is None
    assert paper_view(seed_graph.index, missing) is None
    assert network(seed_graph.index, LINKS, missing) is None
    assert entity_view(seed_graph.index, Kind.GENE, SEED) is None, "a figure is no gene"
    for page in (0, -1, 99):
        assert entity_view(seed_graph.index, Kind.GENE, RANKL, page) is None


@pytest.mark.parametrize("status", [400, 404, 406, 413, 500, 503])
def test_an_error_page_says_what_happened(status: int) -> None:
    html = Renderer(LINKS).error(error_view(status, "no <b>figure</b> here"))
    page = Page(html)
    assert faults(page) == []
    assert str(status) in text_of(page.one("main"))
    assert "no <b>figure</b> here" in text_of(page.one("main"))


def test_a_static_site_asks_no_server(all_graph: Shown) -> None:
    links = Links(base="/pfocr/", suffix=".html", live=False)
    pages = pages_of(all_graph, links)
    for address, html in pages.items():
        page = Page(html)
        assert address.endswith(".html")
        scripts = {"/pfocr/static/search.js", "/pfocr/static/take.js"}
        assert {each.get("src") for each in page.all("script")} <= scripts
        search, *others = [each.get("action") for each in page.all("form")]
        assert search == "/pfocr/search.html", "a page, whose script reads files"
        assert set(others) <= {"https://maayanlab.cloud/Enrichr/enrich"}, address
        assert faults(page) == []
        for target in set(page.addresses()) - {*scripts, search}:
            path = urlsplit(target).path
            assert urlsplit(target).scheme or not path or path.startswith("/pfocr/"), target
            assert not re.search(r"/(?:api|sparql|search|query)\b", target), (address, target)


@pytest.mark.parametrize("style", IriStyle)
def test_pages_are_found_in_every_iri_style(style: IriStyle, seeds: Path, tmp_path: Path) -> None:
    graph = exported(tmp_path / "out", seeds, style=style)
    links = Links(style=style)
    gene = iri_of(Kind.GENE, "8600", style)
    assert gene is not None
    view = entity_view(graph.index, Kind.GENE, gene)
    assert view is not None
    assert view.genes
    assert all(links.page(c.ref.kind, c.ref.iri) for c in view.genes)
    assert set(pages_of(graph, links)) == set(pages_of(exported(tmp_path / "obo", seeds), LINKS))


def test_real_figures_have_pages_without_fault(sample: Sample, tmp_path: Path) -> None:
    graph = exported(tmp_path / "out", sample.pages)
    pages = {address: Page(html) for address, html in pages_of(graph, LINKS).items()}
    assert len(pages) > 100
    for address, page in pages.items():
        assert faults(page) == [], address
        for target in page.addresses():
            assert leads_somewhere(target, page, pages), (address, target)


def _genes(graph: Shown, figure: str) -> set[str]:
    rows = graph.rows(
        f"SELECT ?g {{ <{figure}> <http://schema.org/mentions> ?g . ?g a <http://schema.org/Gene> }}"
    )
    return {row["g"] for row in rows}


def test_a_figure_page_says_what_else_a_word_is_read_as(tmp_path: Path) -> None:
    row = {"word": "ACE", "source": "MESH", "identifier": "D000085"}
    page = {
        "figid": "PMC1__f1", "figtitle": "ACE in mice", "pmcid": "PMC1", "filename": "f1.jpg",
        "genes": [{"word": "ACE", "symbol": "ACE", "source": "hgnc_symbol", "hgnc_symbol": "ACE", "entrez": "1636"}],
        "chemicals": [row],
        "diseases": [row | {"identifier": "D009369"}, row | {"word": "tumour", "identifier": "D009369"}],
    }  # fmt: skip
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "PMC1__f1.md").write_text(f"---\n{json.dumps(page)}\n---\n")
    pages = pages_of(exported(tmp_path / "out", tmp_path / "in"), LINKS)
    shown = Page(pages["/figures/PMC1__f1"])
    rows = [text_of(row) for row in shown.all("tr")]
    for also in ("a chemical and a disease", "a gene and a disease", "a gene and a chemical"):
        (ace,) = [row for row in rows if f"one of 3 readings, also {also}" in row]
        assert ace.startswith("ACE uncertain "), ace
    (tumour,) = [row for row in rows if row.startswith("tumour ")]
    assert "uncertain" not in tumour
    text = text_of(shown.one("main"))
    assert "3 of 4 are uncertain" in text
    assert re.search(r"Organism, named in its text\s*Mus musculus", text)


def test_a_gene_page_leads_to_what_the_gene_is_elsewhere(seed_pages: dict[str, Page]) -> None:
    page = next(page for address, page in seed_pages.items() if address.endswith("genes/8600"))
    shown = {text_of(link): link.get("href") for link in page.all("a")}
    expected = {
        "Ensembl ENSG00000120659": "https://www.ensembl.org/id/ENSG00000120659",
        "UniProt O14788": "https://www.uniprot.org/uniprotkb/O14788",
        "OMIM 602642": "https://www.omim.org/entry/602642",
        "RefSeq NM_003701": "https://identifiers.org/refseq:NM_003701",
        "Mouse ortholog MGI:1100089": "https://www.informatics.jax.org/marker/MGI:1100089",
        "Rat ortholog RGD:620784": ("https://rgd.mcw.edu/rgdweb/report/gene/main.html?id=620784"),
    }
    assert {label: shown.get(label) for label in expected} == expected
    assert not [href for href in shown.values() if href and "purl.uniprot.org/geneid" in href]


def test_a_reading_is_uncertain_where_the_vocabulary_says_so(seed_graph: Shown) -> None:
    certain = {
        (row["f"], row["e"])
        for row in seed_graph.rows(
            "SELECT ?f ?e { ?f <https://w3id.org/pfocr/vocab#mentionsUnambiguously> ?e }"
        )
    }
    seen = set()
    for iri in members(seed_graph, Kind.FIGURE):
        view = seed_graph.figure(iri)
        assert view is not None
        for mention in view.mentions:
            if mention.entity and not mention.doubts:
                seen.add((iri, mention.entity.iri))
            if mention.entity is None:
                assert mention.doubts[0] == "nothing is named for certain"
    assert seen == certain
