"""Lists against the sets of a release: the sets are those of its GMT files, worked out again."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyoxigraph
import pytest
from scipy.stats import fisher_exact, hypergeom  # type: ignore[import-untyped]
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]

import pfocr_rdf
from pfocr_rdf.errors import UsageError
from pfocr_rdf.query.enrichment import (
    ANY,
    Enricher,
    Enrichment,
    EnrichmentOptions,
    NameState,
    to_json,
    to_tsv,
    to_turtle,
)
from pfocr_rdf.query.enrichment.names import NameResolver
from pfocr_rdf.query.index import Index, Search, SetOf
from pfocr_rdf.query.store import StorePlace, ensure_store
from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.tiers import Tier
from pfocr_rdf.release.opened import Release, open_release
from tests.query.index.test_meanings import made_pages
from tests.support.pages import run
from tests.support.samples import Sample

pytestmark = pytest.mark.whole  # releases are made

CLOSE = 1e-9
HUMAN_FILE = "pfocr-20241018-{}gmt-Homo_sapiens.gmt"
SCHEMA = "http://schema.org/"
PFOCR = "https://w3id.org/pfocr/vocab#"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> Release:
    """Pages of every generation, and made ones whose words are those that figures use."""
    folder = tmp_path_factory.mktemp("enrichment")
    made = made_pages(folder / "made")
    run(sample.pages, made, out=folder / "out", also=("gmt",), validate=False, release="r1")
    return open_release(folder / "out")


@pytest.fixture(scope="module")
def place(release: Release) -> StorePlace:
    return ensure_store(release)


@pytest.fixture(scope="module")
def enricher(place: StorePlace) -> Iterator[Enricher]:
    with Enricher.of_file(place.index_file) as enricher:
        yield enricher


@pytest.fixture(scope="module")
def graph(release: Release) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for file in release.dump():
        store.load(path=str(release.path(file)))
    return store


def gmt(release: Release, tier: Tier) -> list[set[str]]:
    """Return the human sets of a tier, as the other form of the release has them."""
    path = release.folder / HUMAN_FILE.format("" if tier is Tier.ALL else f"{tier}-")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [set(line.split("\t")[2:]) for line in lines]


def expected(
    sets: list[set[str]], listed: set[str], universe: set[str] | None = None
) -> list[tuple[float, ...]]:
    """Return overlap, size, p, q, odds ratio of the sets, by scipy and statsmodels."""
    drawn = set().union(*sets) if universe is None else universe
    listed, sets = listed & drawn, [each & drawn for each in sets if each & drawn]
    p = [
        float(hypergeom.sf(len(each & listed) - 1, len(drawn), len(listed), len(each)))
        for each in sets
    ]
    q = multipletests(p, method="fdr_bh")[1]
    rows = []
    for each, one_p, one_q in zip(sets, p, q, strict=True):
        if both := len(each & listed):
            rest = len(drawn) - len(listed) - len(each) + both
            table = [[both, len(listed) - both], [len(each) - both, rest]]
            odds = float(fisher_exact(table, alternative="greater").statistic)
            rows.append((both, len(each), one_p, float(one_q), odds))
    return sorted(rows, key=lambda row: (row[2], -row[0], row[1]))


def found(enricher: Enricher, enrichment: Enrichment) -> list[tuple[float, ...]]:
    return [
        (row.overlap, row.size, row.p, row.q, row.odds_ratio) for row in enricher.told(enrichment)
    ]


def same(one: list[tuple[float, ...]], other: list[tuple[float, ...]]) -> None:
    assert len(one) == len(other)
    for mine, theirs in zip(one, other, strict=True):
        assert mine[:2] == theirs[:2]
        assert mine[2:4] == pytest.approx(theirs[2:4], rel=CLOSE)
        assert mine[4] == pytest.approx(theirs[4], rel=CLOSE, nan_ok=True)


@pytest.mark.parametrize("tier", Tier)
def test_sets_and_statistics_are_those_of_gmt_scipy_and_statsmodels(
    release: Release, enricher: Enricher, tier: Tier
) -> None:
    sets = gmt(release, tier)
    genes = sorted(set().union(*sets))
    listed = set(random.Random(4).sample(genes, min(40, len(genes) // 3)))
    enrichment = enricher.enrich(sorted(listed), EnrichmentOptions(tier=tier))
    assert enrichment.universe == len(genes)
    assert enrichment.tested == len(sets)
    assert {each.iri.rpartition("/")[2] for each in enrichment.taken} == listed
    same(found(enricher, enrichment), expected(sets, listed))


def test_a_background_is_the_universe(release: Release, enricher: Enricher) -> None:
    sets = gmt(release, Tier.ALL)
    genes = sorted(set().union(*sets))
    chance = random.Random(5)
    universe = set(chance.sample(genes, 60))
    listed = {*chance.sample(sorted(universe), 20), *(set(genes) - universe).pop().split()}
    enrichment = enricher.enrich(sorted(listed), EnrichmentOptions(tier=Tier.ALL), sorted(universe))
    assert enrichment.universe == 60
    assert len(enrichment.taken) == 20
    (outside,) = enrichment.of_state(NameState.OUTSIDE)
    assert outside.reason == "not in the background"
    same(found(enricher, enrichment), expected(sets, listed, universe))


def sets_of(graph: pyoxigraph.Store, pattern: str, of: str = "?f") -> dict[str, set[str]]:
    """Return sets by their figures or papers, asked of the graph."""
    sets: defaultdict[str, set[str]] = defaultdict(set)
    rows = graph.query(
        f"PREFIX schema: <{SCHEMA}> PREFIX pfocr: <{PFOCR}> SELECT {of} ?e {{ {pattern} }}"
    )
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    for key, entity in rows:
        sets[key.value].add(entity.value)
    return dict(sets)


HUMAN = "?e schema:taxonomicRange <http://purl.obolibrary.org/obo/NCBITaxon_9606> ."
SYNONYMS = "?f pfocr:mentionsBySymbol|pfocr:mentionsBySynonym ?e ."
SCOPES = {
    "certain": (
        EnrichmentOptions(certain=True),
        f"{SYNONYMS} {HUMAN} ?f pfocr:mentionsUnambiguously ?e .",
        "?f",
    ),
    "certain, strict": (
        EnrichmentOptions(Tier.STRICT, certain=True),
        f"?f pfocr:mentionsBySymbol ?e ; pfocr:mentionsUnambiguously ?e . {HUMAN}",
        "?f",
    ),
    "any organism": (
        EnrichmentOptions(Tier.ALL, ANY),
        "?f schema:mentions ?e . ?e a schema:Gene .",
        "?f",
    ),
    "mouse": (
        EnrichmentOptions(organism="mouse"),
        SYNONYMS + HUMAN.replace("9606", "10090"),
        "?f",
    ),
    "papers": (
        EnrichmentOptions(by=SetOf.PAPER),
        f"?f schema:isPartOf ?p . {SYNONYMS} {HUMAN}",
        "?p",
    ),
}


@pytest.mark.parametrize("name", SCOPES)
def test_every_scope_is_what_the_graph_says(
    enricher: Enricher, graph: pyoxigraph.Store, name: str
) -> None:
    options, pattern, of = SCOPES[name]
    sets = sets_of(graph, pattern, of)
    genes = sorted(set().union(*sets.values()))
    listed = set(random.Random(6).sample(genes, -(-len(genes) // 3)))
    enrichment = enricher.enrich(sorted(listed), options)
    assert (enrichment.universe, enrichment.tested) == (len(genes), len(sets))
    assert {each.iri for each in enrichment.taken} == listed
    rows = {row.iri: row for row in enricher.told(enrichment)}
    shared = {key: {each.iri for each in row.shared} for key, row in rows.items()}
    assert shared == {key: each & listed for key, each in sets.items() if each & listed}
    same(found(enricher, enrichment), expected(list(sets.values()), listed))


def test_with_a_chemical_the_universe_is_of_all_kinds(
    enricher: Enricher, graph: pyoxigraph.Store
) -> None:
    sets = sets_of(
        graph,
        f"{{ {SYNONYMS} {HUMAN} }} UNION {{ ?f schema:mentions ?e . VALUES ?c "
        "{ schema:ChemicalSubstance schema:MedicalCondition } ?e a ?c }",
    )
    enrichment = enricher.enrich(enricher.split("metformin, AMPK\nT2DM"))
    assert [each.kind for each in enrichment.taken] == [Kind.CHEMICAL, Kind.GENE, Kind.DISEASE]
    assert enrichment.kinds == (Kind.GENE, Kind.CHEMICAL, Kind.DISEASE)
    assert enrichment.universe == len(set().union(*sets.values()))
    listed = {each.iri for each in enrichment.taken}
    same(found(enricher, enrichment), expected(list(sets.values()), listed))
    first = next(enricher.told(enrichment))
    assert first.id.endswith("__akt")
    assert [each.label for each in first.shared] == [
        "metformin",
        "PRKAA1",
        "type 2 diabetes mellitus",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "8600", "ncbigene:8600", "NCBIGene:8600", "Entrez:8600", "GeneID:8600", "HGNC:11926",
        "hgnc:11926", "ENSG00000120659", "ENSG00000120659.14", "ensembl:ENSG00000120659", "O14788",
        "UniProtKB:O14788", "O14788-2", "TNFSF11", "tnfsf11", "RANKL", "rank-l", "OPGL", "TRANCE",
        "http://identifiers.org/ncbigene/8600", "https://identifiers.org/ncbigene/8600",
        "<http://purl.uniprot.org/geneid/8600>", "https://identifiers.org/ncbigene:8600",
        "https://www.ncbi.nlm.nih.gov/gene/8600", "http://identifiers.org/hgnc/11926",
        "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:11926",
        "http://identifiers.org/ensembl/ENSG00000120659", "http://purl.uniprot.org/uniprot/O14788",
        "https://www.uniprot.org/uniprotkb/O14788/entry", "https://bioregistry.io/hgnc:11926",
        "http://rdf.ebi.ac.uk/resource/ensembl/ENSG00000120659",
        "TNF superfamily member 11",
    ],
)  # fmt: skip
def test_a_gene_is_known_by_every_name_and_id(enricher: Enricher, text: str) -> None:
    enrichment = enricher.enrich(enricher.split(text))
    assert [(each.text, each.state) for each in enrichment.names] == [(text, NameState.TAKEN)]
    assert [each.label for each in enrichment.taken] == ["TNFSF11"]


def test_what_is_ambiguous_is_shown_and_can_be_chosen(enricher: Enricher) -> None:
    enrichment = enricher.enrich(["AKT", "MTOR"])
    akt, mtor = enrichment.names
    assert (akt.state, mtor.state) == (NameState.AMBIGUOUS, NameState.TAKEN)
    assert {each.label for each in akt.choices} >= {"AKT1", "AKT2"}
    assert [each.label for each in enrichment.taken] == ["MTOR"]
    chosen = enricher.enrich(["AKT", "MTOR"], choices={"AKT": "ncbigene:208"})
    assert [each.label for each in chosen.taken] == ["AKT2", "MTOR"]
    assert chosen.names[0].choices == akt.choices
    # What was no choice is none.
    wrong = enricher.enrich(["AKT"], choices={"AKT": "ncbigene:8600"})
    assert wrong.names[0].state is NameState.AMBIGUOUS


def test_a_report_says_what_became_of_each_name(enricher: Enricher) -> None:
    names = enricher.split("EGFR ErbB1, CAT; nix123\nTrp53\n# TNF\nbreast cancer\n")
    assert names == ["EGFR", "ErbB1", "CAT", "nix123", "Trp53", "breast cancer"]
    states = {each.text: each.state for each in enricher.enrich(names).names}
    assert states == {
        "EGFR": NameState.TAKEN,
        "ErbB1": NameState.AGAIN,
        "CAT": NameState.TAKEN,
        "nix123": NameState.UNKNOWN,
        "Trp53": NameState.OUTSIDE,
        "breast cancer": NameState.TAKEN,
    }


def test_a_symbol_alone_is_that_gene_however_often_others_are_called_so(enricher: Enricher) -> None:
    taken = enricher.enrich(["RANK", "APC", "AR", "CAT"]).taken
    assert [each.label for each in taken if each.kind is Kind.GENE][:2] == ["TNFRSF11A", "APC"]


def test_names_of_an_organism_are_its_own(enricher: Enricher) -> None:
    mouse = enricher.enrich(["Trp53", "p53", "RANKL"], EnrichmentOptions(organism="10090"))
    assert mouse.organism == "Mus musculus"
    assert [each.label for each in mouse.taken] == ["Trp53", "Tnfsf11"]
    any_ = enricher.enrich(["tp53", "TP53", "Trp53"], EnrichmentOptions(organism=ANY))
    assert [each.label for each in any_.taken] == ["tp53", "TP53", "Trp53"]
    assert any_.organism == ""


@pytest.mark.parametrize("organism", ["1", "unicorn", "", "NCBITaxon:999999"])
def test_an_organism_without_genes_is_a_fault(enricher: Enricher, organism: str) -> None:
    with pytest.raises(UsageError, match="expected one whose genes the release has"):
        enricher.enrich(["TP53"], EnrichmentOptions(organism=organism))


def test_an_organism_has_several_spellings(enricher: Enricher) -> None:
    for organism in ("9606", "NCBITaxon:9606", "human", "Homo sapiens"):
        options = EnrichmentOptions(organism=organism)
        assert enricher.enrich(["TP53"], options).organism == "Homo sapiens"
    assert {each.taxon for each in enricher.organisms} >= {"9606", "10090"}


def test_rows_are_in_parts_what_they_are_as_a_whole(enricher: Enricher) -> None:
    enrichment = enricher.enrich(["TP53", "MDM2", "TNF", "IL6"], EnrichmentOptions(Tier.ALL))
    whole = list(enricher.told(enrichment))
    assert len(whole) == enrichment.overlapping > 2
    parts = [list(enricher.told(enrichment, 2, start)) for start in range(0, len(whole), 2)]
    assert [row for part in parts for row in part] == whole
    assert [row.p for row in whole] == sorted(row.p for row in whole)


def told(release: Release, enricher: Enricher, enrichment: Enrichment) -> Mapping[str, bytes]:
    rows = list(enricher.told(enrichment))
    return {
        "tsv": b"".join(to_tsv(enrichment, rows)),
        "json": b"".join(to_json(release, enricher, enrichment, rows)),
        "turtle": b"".join(to_turtle(release, Iris(release.iri_style), enrichment, rows)),
    }


def test_all_forms_say_the_same(release: Release, enricher: Enricher) -> None:
    enrichment = enricher.enrich(["HER2", "MDM2", "AKT", "nix123"])
    texts = told(release, enricher, enrichment)
    data = json.loads(texts["json"])
    assert data["release"] == {"name": "r1", "key": release.key}
    assert data["parameters"] == {
        "tier": "synonyms", "organism": "9606", "certain": False, "by": "figure", "background": 0,
    }  # fmt: skip
    assert [name["state"] for name in data["names"]] == ["taken", "taken", "ambiguous", "unknown"]
    assert data["names"][0]["id"] == "ncbigene:2064"
    assert {"id", "label", "figures", "kind"} == data["names"][2]["choices"][0].keys()
    rows = data["rows"]
    assert {"figid", "overlap", "size", "odds_ratio", "p", "q", "genes"} <= rows[0].keys()
    assert rows[0]["figid"].endswith("__tumour")
    assert rows[0]["genes"] == ["ERBB2", "MDM2"]
    p = [row["p"] for row in rows]
    q = multipletests([*p, *[1.0] * (data["tested"] - len(p))], method="fdr_bh")[1]
    assert [row["q"] for row in rows] == pytest.approx(list(map(float, q[: len(p)])), rel=CLOSE)

    head, *lines = texts["tsv"].decode().splitlines()
    columns = head.split("\t")
    assert columns[:3] == ["figid", "title", "year"]
    for line, row in zip(lines, rows, strict=True):
        cells = dict(zip(columns, line.split("\t"), strict=True))
        assert (cells["figid"], cells["genes"]) == (row["figid"], ",".join(row["genes"]))
        assert float(cells["q"]) == row["q"]

    store = pyoxigraph.Store()
    store.load(texts["turtle"], format=pyoxigraph.RdfFormat.TURTLE)
    answer = store.query(
        """PREFIX oak: <https://w3id.org/oak/class-enrichment/>
        PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX schema: <http://schema.org/>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?figure ?k ?n ?K ?N ?q {
          ?set a oak:ClassEnrichmentResultSet ; prov:wasGeneratedBy ?run ; oak:results ?row .
          ?run prov:used <https://w3id.org/pfocr/release/r1> , ?list , ?parameter .
          <https://w3id.org/pfocr/release/r1> dcterms:identifier ?key .
          ?list a prov:Collection ; schema:name "HER2" ; prov:hadMember <http://identifiers.org/ncbigene/2064> .
          ?parameter schema:name "tier" ; schema:value "synonyms" .
          ?row oak:class_id ?figure ; oak:sample_count ?k ; oak:background_count ?n ;
            oak:sample_total ?K ; oak:background_total ?N ; oak:p_value_adjusted ?q }"""
    )
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    got = {each[0].value: [float(cell.value) for cell in list(each)[1:]] for each in answer}
    assert got == {
        row["iri"]: [row["overlap"], row["size"], data["listed"], data["universe"], row["q"]]
        for row in rows
    }
    assert told(release, enricher, enricher.enrich(["HER2", "MDM2", "AKT", "nix123"])) == texts


def test_papers_go_by_their_pmcids_and_backgrounds_are_told(
    release: Release, enricher: Enricher
) -> None:
    enrichment = enricher.enrich(
        ["TP53"], EnrichmentOptions(by=SetOf.PAPER), ["TP53", "MDM2", "EGFR"]
    )
    texts = told(release, enricher, enrichment)
    rows = json.loads(texts["json"])["rows"]
    assert all(row["pmcid"].startswith("PMC") for row in rows)
    whole = next(row for row in rows if row["size"] == 3)
    assert (whole["overlap"], whole["p"], whole["odds_ratio"]) == (1, 1.0, None)
    assert texts["tsv"].startswith(b"pmcid\t")
    assert b"result:background\n    a prov:Collection" in texts["turtle"]


def test_no_cell_is_a_formula(release: Release, enricher: Enricher) -> None:
    enrichment = enricher.enrich(["TP53"])
    (row,) = enricher.told(enrichment, 1)
    evil = row._replace(title="=HYPERLINK(1)\t\n@x")
    line = b"".join(to_tsv(enrichment, [evil])).decode().splitlines()[1]
    assert line.split("\t")[1] == "'=HYPERLINK(1) @x"


def test_python_asks_in_one_call(release: Release) -> None:
    found = pfocr_rdf.enrich(
        release.folder, "p53, MDM2", tier="strict", background=["TP53", "MDM2"]
    )
    assert found.enrichment.universe == 2
    assert found.enrichment.options.tier is Tier.STRICT
    with pytest.raises(ValueError, match="lenient"):
        pfocr_rdf.enrich(release.folder, ["TP53"], tier="lenient")


def test_the_search_box_knows_ids_as_they_are_pasted(place: StorePlace) -> None:
    search = Search(place.index_file)
    found = search.meanings("https://www.ncbi.nlm.nih.gov/gene/8600")
    assert [each.label for each in found] == ["TNFSF11"]
    search.close()


def test_a_resolver_remembers_no_more_than_it_may(place: StorePlace) -> None:
    index, search = Index(place.index_file), Search(place.index_file)
    resolver = NameResolver(index, search)
    assert resolver.split("TNF " * 3) == ["TNF", "TNF", "TNF"]
    index.close()
    search.close()
