"""Lists of figures and entities: what is asked, found and taken away; and who stands beside whom.

Numbers are held to the triples of a release, counted with sets, and to the shipped questions.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.index.beside import cosine
from pfocr_rdf.query.index.columns import LETTERS, letter_of, sort_key
from pfocr_rdf.query.questions import bind, load_questions
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.kinds import PAGED, Kind
from pfocr_rdf.rdf.prefixes import Prefixes
from pfocr_rdf.rdf.tiers import Tier
from pfocr_rdf.web.pages.crawling import addresses, robots, sitemap, sitemap_index
from pfocr_rdf.web.pages.links import Links
from pfocr_rdf.web.pages.list_files import (
    COLUMNS,
    ListFormat,
    TableFile,
    list_cells,
    network_file,
    table_file,
)
from pfocr_rdf.web.pages.read_entity import entity_view
from pfocr_rdf.web.pages.read_list import ListRequest, find_list, list_request, list_rows, list_view
from pfocr_rdf.web.pages.read_network import network
from pfocr_rdf.web.pages.read_search import home_view
from pfocr_rdf.web.pages.render import Renderer, gprofiler
from tests.support.page_oracle import Oracle
from tests.support.pages import page, write
from tests.support.web_pages import Page, Shown, exported, faults, text_of

LINKS = Links()
SITE = Links("./", suffix=".html", live=False)
PREFIXES = Prefixes(Iris(IriStyle.OBO))
TP53, MDM2, AKT1 = "7157", "4193", "207"
GENE = "http://identifiers.org/ncbigene/"
TABLE = TableFile("genes", ("id", "name", "figures"), [("a:1", "=1+2", 3), ("a:2", "T\tN\nF", 1)])


def mention(symbol: str, entrez: str, source: str = "hgnc_symbol") -> tuple[str, ...]:
    return (symbol, symbol, source, symbol, entrez)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """TP53 in 12 figures, MDM2 in 6 of these and 1 more, AKT1 in 8 of these and 30 others.

    In half of its own AKT1 is read by a family alone; years, journals and organisms differ.
    """
    pages = {}
    for number in range(43):
        tier = "bioentities_symbol" if number % 2 else "hgnc_symbol"
        genes = (
            *((mention("TP53", TP53),) if number < 12 else ()),
            *((mention("MDM2", MDM2, "hgnc_alias_symbol"),) if 6 <= number < 13 else ()),
            *((mention("AKT1", AKT1, tier),) if number < 8 or number >= 13 else ()),
        )
        figid = f"PMC{1 + number // 3}__f{number}"
        pages[f"_figures/{figid}.md"] = page(
            figid,
            genes,
            year=str(2018 + number // 3 % 3),
            journal_title=("Cell", "É Journal", None)[number // 3 % 3],
            figtitle=("“β-catenin” way", "14-3-3 way", "=cmd", "zinc")[number % 4],
            organisms=("Homo sapiens", "Mus musculus")[number % 2],
        )
        if number % 4 == 0:
            pages[f"_data/{figid}-chemicals.tsv"] = (
                "word\tmesh\tmatch\tname\tchebi\nCa2+\tmesh:D002118\tCa2+\tCalcium\tchebi:22984\n"
            )
    folder = tmp_path_factory.mktemp("lists")
    return exported(folder / "out", write(folder / "in", pages), validate=False)


def test_what_an_address_asks_of_a_list() -> None:
    asked = {"tier": "synonyms", "order": "a-z", "certain": "no", "year": "", "journal": " Cell "}
    assert list_request(Kind.GENE, asked) == ListRequest(journal="Cell", order="a-z")
    assert list_request(Kind.FIGURE, {"kind": "disease"}).but(year="2019") == {
        "kind": "disease",
        "year": "2019",
    }


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (Kind.PAPER, {"tier": "all"}, "tier: expected one of year, organism, journal, order for"),
        (Kind.GENE, {"tier": "any"}, "tier: expected one of strict, synonyms, all, found 'any'"),
        (Kind.GENE, {"order": "newest"}, "order: expected one of count, a-z, found 'newest'"),
        (Kind.FIGURE, {"year": "20x"}, "year: expected a year such as 2019, found '20x'"),
        (Kind.FIGURE, {"year": "²"}, "year: expected a year"),
        (Kind.FIGURE, {"kind": "paper"}, "kind: expected one of gene, chemical, disease"),
        (Kind.GENE, {"certain": "maybe"}, "certain: expected one of yes, no"),
    ],
)
def test_what_no_list_can_be_asked(kind: Kind, given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{message}"):
        list_request(kind, given)


def test_where_lists_are() -> None:
    assert LINKS.list(Kind.GENE, {"tier": "all", "certain": "yes"}, 3, "") == (
        "/genes?tier=all&certain=yes&page=3"
    )
    assert LINKS.list(Kind.GENE, {"year": "2019"}, suffix="csv") == "/genes.csv?year=2019"
    assert SITE.list(Kind.FIGURE, {"year": "2019"}, 2) == "./figures_2019_page2.html"
    assert SITE.list(Kind.FIGURE, {"year": "2019", "order": "a-z"}) is None
    assert SITE.list(Kind.GENE, {"journal": "Cell"}) is None
    assert SITE.list(Kind.GENE, {"tier": "all"}, suffix="tsv") is None
    assert SITE.page(Kind.GENE, f"{GENE}8600", 2, "all") == "./genes/8600_all_page2.html"
    assert LINKS.page(Kind.GENE, f"{GENE}8600", 2, "all") == "/genes/8600?tier=all&page=2"


def test_no_cell_of_a_table_is_run_by_a_spreadsheet() -> None:
    told = {each: b"".join(table_file(TABLE, each)).decode() for each in ListFormat}
    assert told[ListFormat.TSV].splitlines() == [
        "id\tname\tfigures",
        "a:1\t'=1+2\t3",
        "a:2\tT N F\t1",
    ]
    assert list(csv.reader(io.StringIO(told[ListFormat.CSV]))) == [
        ["id", "name", "figures"],
        ["a:1", "'=1+2", "3"],
        ["a:2", "T N F", "1"],
    ]
    assert json.loads(told[ListFormat.JSON])["rows"][0] == {
        "id": "a:1",
        "name": "=1+2",
        "figures": 3,
    }
    assert told[ListFormat.IDS] == "a:1\na:2\n"
    assert told[ListFormat.GMT] == "genes\tgenes\t'=1+2\tT N F\n"
    empty = b"".join(table_file(TABLE._replace(rows=[]), ListFormat.JSON))
    assert json.loads(empty)["rows"] == []


def test_names_are_sorted_without_signs_case_and_accents() -> None:
    names = ["zinc", "“β-catenin”", "Éclair", "14-3-3", "alpha", "…", ""]
    assert sorted(names, key=sort_key) == [
        "",
        "…",
        "14-3-3",
        "alpha",
        "“β-catenin”",
        "Éclair",
        "zinc",
    ]
    assert [LETTERS[letter_of(sort_key(name))] for name in names] == list("ZBE#A##")


def test_the_cosine_has_three_digits() -> None:
    assert cosine(224, 786, 348) == 0.428
    assert cosine(5, 5, 5) == 1.0


def test_sitemaps_and_robots_say_where_pages_are() -> None:
    assert b"<loc>https://x.org/a?b=1&amp;c</loc><lastmod>2026-01-01</lastmod>" in sitemap(
        [("https://x.org/a?b=1&c", "2026-01-01")]
    )
    assert b"<sitemap><loc>https://x.org/1</loc></sitemap>" in sitemap_index(
        [("https://x.org/1", "")]
    )
    said = robots("https://x.org/p/", ["/p/sparql"]).decode()
    assert said.splitlines() == [
        "User-agent: *",
        "Disallow: /p/sparql",
        "Allow: /",
        "Sitemap: https://x.org/p/sitemap.xml",
    ]


def within(oracle: Oracle, iri: str, tier: Tier, *, certain: bool) -> set[str]:
    """Return the figures of a gene, from the triples."""
    figures = oracle.figures_within(Kind.GENE, iri, tier)
    sure = oracle.of[iri]["https://w3id.org/pfocr/vocab#mentionsUnambiguously"]
    return figures & sure if certain else figures


def listed(shown: Shown, kind: Kind, /, **given: str) -> dict[str, int]:
    found = find_list(shown.index, kind, list_request(kind, given))
    return {row.ref.iri: row.counted for row in list_rows(shown.index, found, found.numbers)}


@pytest.mark.whole
def test_lists_of_genes_are_what_the_triples_have(shown: Shown) -> None:
    oracle = Oracle(shown.store)
    genes = oracle.members("http://schema.org/Gene")
    journal = {
        figure: oracle.one(oracle.one(oracle.one(figure, "isPartOf"), "isPartOf"), "name")
        for figure in oracle.members("https://w3id.org/pfocr/vocab#PathwayFigure")
    }
    for tier, certain, year, name in product(
        Tier, ("", "yes"), ("", "2019"), ("", "cell", "é journal")
    ):
        wanted = {}
        for gene in genes:
            figures = within(oracle, gene, tier, certain=bool(certain))
            figures = {f for f in figures if not year or oracle.year(f) == year}
            figures = {f for f in figures if not name or journal[f].casefold() == name}
            if figures or (tier is Tier.ALL and not (certain or year or name)):
                wanted[gene] = len(figures)
        found = listed(shown, Kind.GENE, tier=tier, certain=certain, year=year, journal=name)
        assert found == wanted, (tier, certain, year, name)


@pytest.mark.whole
def test_lists_of_other_kinds_are_what_the_triples_have(shown: Shown) -> None:
    oracle = Oracle(shown.store)
    figures = oracle.members("https://w3id.org/pfocr/vocab#PathwayFigure")
    mouse = next(r.iri for r in (c.ref for c in shown.index.numbers.organisms) if "Mus" in r.label)
    of_mouse = oracle.figures(Kind.ORGANISM, mouse)
    key = LINKS.page(Kind.ORGANISM, mouse)
    assert key is not None
    key = key.rpartition("/")[2]
    for year in ("", "2020"):
        there = [f for f in figures if not year or oracle.year(f) == year]
        papers = dict.fromkeys(oracle.members("http://schema.org/ScholarlyArticle"), 0)
        for figure in there:
            papers[oracle.one(figure, "isPartOf")] += 1
        wanted = {p: n for p, n in papers.items() if n or not year}
        assert listed(shown, Kind.PAPER, year=year) == wanted
        chemicals = oracle.members("http://schema.org/ChemicalSubstance")
        counts = {c: len({*there} & oracle.figures(Kind.CHEMICAL, c)) for c in chemicals}
        assert listed(shown, Kind.CHEMICAL, year=year) == counts
        for tier in Tier:
            genes = {
                f: sum(
                    f in within(oracle, g, tier, certain=False)
                    for g in oracle.members("http://schema.org/Gene")
                )
                for f in there
            }
            assert listed(shown, Kind.FIGURE, year=year, tier=tier) == genes
            only = {f: n for f, n in genes.items() if n and f in of_mouse}
            assert (
                listed(shown, Kind.FIGURE, year=year, tier=tier, kind="gene", organism=key) == only
            )
    with pytest.raises(UsageError, match="organism: expected the NCBI taxon"):
        listed(shown, Kind.FIGURE, organism="1")
    with pytest.raises(UsageError, match="journal: expected the name"):
        listed(shown, Kind.FIGURE, journal="none such")


@pytest.mark.whole
def test_a_list_is_in_the_order_that_is_asked(shown: Shown) -> None:
    def rows(**given: str) -> list[tuple[str, str, int]]:
        found = find_list(shown.index, Kind.FIGURE, list_request(Kind.FIGURE, given))
        return [
            (r.ref.label, r.year, r.counted) for r in list_rows(shown.index, found, found.numbers)
        ]

    labels = [label for label, *_ in rows(order="a-z")]
    assert labels == sorted(labels, key=sort_key)
    years = [int(year) for _, year, _ in rows(order="newest")]
    assert years == sorted(years, reverse=True)
    counts = [count for *_, count in rows()]
    assert counts == sorted(counts, reverse=True)
    view = list_view(
        shown.index, find_list(shown.index, Kind.FIGURE, ListRequest(order="a-z")), 2, 20
    )
    assert view is not None
    assert dict(view.letters) == {"#": 1, "B": 1, "C": 2, "Z": 2}
    last = find_list(shown.index, Kind.FIGURE, ListRequest())
    assert list_view(shown.index, last, 4, 20) is None


@pytest.mark.whole
@pytest.mark.parametrize("links", [LINKS, SITE], ids=["server", "site"])
def test_pages_of_lists_have_no_fault(shown: Shown, links: Links) -> None:
    renderer = Renderer(links)
    for kind in PAGED:
        for asked in (ListRequest(), ListRequest(order="a-z")):
            view = list_view(shown.index, find_list(shown.index, kind, asked), 1, 10)
            assert view is not None
            page_ = Page(renderer.listed(view))
            assert faults(page_) == [], kind
            cells = [text_of(each) for each in page_.root.iterfind(".//{*}tbody/{*}tr/{*}td/{*}a")]
            assert cells == [" ".join(row.ref.label.split()) for row in view.rows.items]
    nothing = find_list(shown.index, Kind.FIGURE, ListRequest(year="1900"))
    view = list_view(shown.index, nothing)
    assert view is not None
    assert "Nothing in this release is so" in renderer.listed(view)


@pytest.mark.whole
def test_who_goes_with_a_gene_comes_before_who_stands_everywhere(shown: Shown) -> None:
    usual = entity_view(shown.index, Kind.GENE, f"{GENE}{TP53}")
    assert usual is not None
    assert [(e.ref.label, e.shared, e.figures, e.cosine) for e in usual.genes] == [
        ("MDM2", 6, 7, 0.655),
        ("AKT1", 4, 19, 0.265),
    ]
    every = entity_view(shown.index, Kind.GENE, f"{GENE}{TP53}", tier=Tier.ALL)
    assert every is not None
    assert [(e.ref.label, e.shared, e.figures) for e in every.genes] == [
        ("MDM2", 6, 7),
        ("AKT1", 8, 38),
    ]
    assert usual.human == ("MDM2", "AKT1")
    strict = entity_view(shown.index, Kind.GENE, f"{GENE}{TP53}", tier=Tier.STRICT)
    assert strict is not None
    assert [e.ref.label for e in strict.genes] == ["AKT1"]
    akt1 = entity_view(shown.index, Kind.GENE, f"{GENE}{AKT1}")
    assert akt1 is not None
    assert [(each.key, each.figures) for each in akt1.switch] == [("", 19), ("all", 38)]
    assert akt1.figures.total == 19


@pytest.mark.whole
def test_home_page_and_questions_give_the_same_numbers(shown: Shown) -> None:
    questions = load_questions()

    def rows(name: str, **given: str) -> Iterator[tuple[str, ...]]:
        found = shown.store.query(bind(questions[name], given))
        assert isinstance(found, pyoxigraph.QuerySolutions)
        for row in found:
            yield tuple(term.value for term in row)

    home = {each.ref.iri: each.count for each in home_view(shown.index.numbers).genes}
    asked = {iri: int(count) for iri, _, count in rows("most-shown-genes")}
    assert home == asked == listed(shown, Kind.GENE)
    for tier, tiers in ((None, ""), (Tier.ALL, "all"), (Tier.STRICT, "symbol")):
        given = {"tiers": tiers} if tiers else {}
        for iri, figures in asked.items():
            view = entity_view(shown.index, Kind.GENE, iri, tier=tier)
            assert view is not None
            assert tier or view.figures.total == figures
            gene = PREFIXES.curie(view.iri) or ""  # type: ignore[arg-type]
            assert [
                (e.ref.iri, e.ref.label, e.shared, e.figures, e.cosine) for e in view.genes
            ] == [
                (other, symbol, int(shared), int(theirs), float(alike))
                for _, other, symbol, shared, theirs, alike in rows(
                    "genes-beside-gene", gene=gene, **given
                )
            ]
            assert {(e.ref.iri, e.shared, e.figures) for e in view.chemicals} == {
                (chemical, int(shared), int(theirs))
                for _, chemical, _, shared, theirs in rows(
                    "chemicals-beside-gene", gene=gene, **given
                )
            }


@pytest.mark.whole
def test_a_network_can_be_taken_into_cytoscape(shown: Shown) -> None:
    found = network(shown.index, LINKS, f"{GENE}{TP53}")
    assert found is not None
    parts = json.loads(b"".join(network_file(PREFIXES, found, "TP53", ListFormat.CX2)))
    assert parts[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert parts[-1] == {"status": [{"success": True}]}
    aspects = {name: part for each in parts[2:-1] for name, part in each.items()}
    assert {each["name"]: each["elementCount"] for each in parts[1]["metaData"]} == {
        name: len(part) for name, part in aspects.items()
    }
    names = {each["id"]: each["v"]["name"] for each in aspects["nodes"]}
    edges = {(names[e["s"]], names[e["t"]]): e["v"]["figures"] for e in aspects["edges"]}
    assert edges == {("TP53", "MDM2"): 6, ("TP53", "AKT1"): 4, ("AKT1", "MDM2"): 1}
    declared = aspects["attributeDeclarations"][0]
    for name in ("nodes", "edges"):
        assert all(each["v"].keys() <= declared[name].keys() for each in aspects[name])
    table = b"".join(network_file(PREFIXES, found, "TP53", ListFormat.TSV)).decode().splitlines()
    assert "TP53\tMDM2\tncbigene:7157\tncbigene:4193\t6" in table
    assert len(table) == 4


@pytest.mark.whole
def test_files_of_lists_have_all_rows(shown: Shown) -> None:
    for kind in PAGED:
        found = find_list(shown.index, kind, ListRequest())
        rows = list_cells(kind, list_rows(shown.index, found, found.numbers))
        table = TableFile("list", COLUMNS[kind], rows)
        told = json.loads(b"".join(table_file(table, ListFormat.JSON)))["rows"]
        assert len(told) == len(found.numbers) == len({each[COLUMNS[kind][0]] for each in told})


@pytest.mark.whole
def test_genes_go_elsewhere_only_where_a_reader_sends_them(shown: Shown) -> None:
    view = list_view(shown.index, find_list(shown.index, Kind.GENE, ListRequest()))
    assert view is not None
    html = Renderer(LINKS).listed(view)
    assert 'action="https://maayanlab.cloud/Enrichr/enrich" method="post"' in html
    assert "organism=hsapiens&amp;query=AKT1%0ATP53%0AMDM2" in html
    assert gprofiler(("A", "B")).endswith("?organism=hsapiens&query=A%0AB")
    assert (
        "fetch("
        not in (Path(__file__).parents[3] / "src/pfocr_rdf/web/pages/static/take.js").read_text()
    )


@pytest.mark.whole
def test_every_page_of_a_server_is_in_its_sitemaps(shown: Shown) -> None:
    found = list(addresses(shown.index, Links("https://x.org/")))
    assert len(found) == len(set(found))
    wanted = ("", "q", "genes", "genes/7157")
    assert {f"https://x.org/{page}" for page in wanted} <= set(found)
    entities = sum(1 for _ in shown.index.paged())
    assert len(found) == 5 + len(PAGED) + entities
