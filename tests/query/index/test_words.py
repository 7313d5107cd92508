"""Search, suggestions and numbers of an index, held against the graph that they are of."""

from __future__ import annotations

import string
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pfocr_rdf.errors import InputError
from pfocr_rdf.query.index.folding import folded
from pfocr_rdf.query.index.read import Index
from pfocr_rdf.query.index.words import Search
from pfocr_rdf.query.store import StorePlace, ensure_store, open_triples
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.release.opened import open_release
from tests.support.pages import OPG, TNFSF11, page, run, write
from tests.support.samples import Sample

HOSTILE = "<b>osteo</b> \"quoted\" 'it' & </script> * NEAR( AND OR NOT col: ^ - \x02marked\x03 Sjögren 中文"
PREFIXES = """
PREFIX pfocr: <https://w3id.org/pfocr/vocab#> PREFIX schema: <http://schema.org/>
PREFIX oa: <http://www.w3.org/ns/oa#>
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> StorePlace:
    folder = tmp_path_factory.mktemp("search")
    pages = {
        "a/PMC1__a.md": page(
            "PMC1__a", (TNFSF11, OPG), caption="Osteoclasts need RANKL.", year="2012"
        ),
        "a/PMC1__b.md": page("PMC1__b", (TNFSF11,), caption="Bone resorption", year="2012"),
        "a/PMC2__a.md": page("PMC2__a", (OPG,), caption=HOSTILE, year="2021"),
        "a/PMC3__a.md": page("PMC3__a", caption="Nothing of the kind", organisms="Mus musculus"),
    }
    run(write(folder / "in", pages), out=folder / "out", validate=False)
    return ensure_store(open_release(folder / "out"))


@pytest.fixture(scope="module")
def search(place: StorePlace) -> Iterator[Search]:
    search = Search(place.index_file)
    yield search
    search.close()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> StorePlace:
    folder = tmp_path_factory.mktemp("real")
    run(
        sample.pages,
        out=folder / "out",
        validate=False,
        hgnc=sample.hgnc,
    )
    return ensure_store(open_release(folder / "out"))


def figures(search: Search, text: str) -> set[str]:
    hits = search.find(text, kind=Kind.FIGURE).hits
    return {hit.iri.rpartition("/")[2].removesuffix(".html") for hit in hits}


@pytest.mark.parametrize(
    ("text", "figids"),
    [
        ("osteoclasts", {"PMC1__a"}),
        ("OSTEOCLASTS", {"PMC1__a"}),
        ("osteocl", {"PMC1__a"}),
        ("TNFSF11", {"PMC1__a", "PMC1__b"}),
        ("TNFSF11 TNFRSF11B", {"PMC1__a"}),
        ("bone tnfsf11", {"PMC1__b"}),
        ("PMC1__b", {"PMC1__b"}),
        ("paper PMC1", {"PMC1__a", "PMC1__b"}),
        ("sjogren", {"PMC2__a"}),
        ("中文", {"PMC2__a"}),
        ("figure", {"PMC1__a", "PMC1__b", "PMC2__a", "PMC3__a"}),
        ("osteoclasts nothing", set()),
        ("clasts", set()),
    ],
)
def test_figures_are_found_by_their_words(search: Search, text: str, figids: set[str]) -> None:
    assert figures(search, text) == figids


@pytest.mark.parametrize(
    "text", ["TNFSF11", "tnfsf11", "hgnc:11926", "11926", "ncbigene:8600", "8600"]
)
def test_a_gene_is_found_by_symbol_and_ids(search: Search, text: str) -> None:
    page = search.find(text, kind=Kind.GENE)
    assert [(hit.title, hit.figures) for hit in page.hits] == [("TNFSF11", 2)]


def test_an_entity_of_just_this_name_comes_first(search: Search) -> None:
    first, *others = search.find("tnfsf11").hits
    assert (first.kind, first.iri) == (Kind.GENE, "http://identifiers.org/ncbigene/8600")
    assert {hit.kind for hit in others} == {Kind.FIGURE}


def test_totals_are_of_all_kinds_and_pages(search: Search) -> None:
    page = search.find("pmc1", limit=1)
    assert len(page.hits) == 1
    assert page.totals == {Kind.FIGURE: 2, Kind.PAPER: 1}
    assert search.find("pmc1", kind="paper").totals == page.totals
    found = [hit for at in range(4) for hit in search.find("pmc1", limit=1, offset=at).hits]
    assert found == list(search.find("pmc1").hits)
    assert len(found) == 3


def test_snippets_are_plain_text_in_marked_pieces(search: Search) -> None:
    (hit,) = search.find("script").hits
    assert ("script", True) in hit.snippet
    text = "".join(piece for piece, _ in hit.snippet)
    assert "<b>osteo</b>" in text
    assert "\x02" not in text
    assert [piece for piece, found in hit.snippet if found] == ["script"]
    (hit,) = search.find("marked").hits
    assert [piece for piece, found in hit.snippet if found] == ["marked"]


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "*", "a*", '" OR "', "NEAR(a b)", "title:osteo", "-osteo", "^osteo", "(", ")",
        "AND", "a AND b", "NOT", "{title caption}: x", "\\", "\x00", "a\x00b", "\ud800", "…", "",
        "   ", "%", "_", ";DROP TABLE node", "\U0001f600", "a" * 100_000, "a " * 10_000, "𝒳",
    ],
)  # fmt: skip
def test_what_users_type_is_never_syntax(search: Search, text: str) -> None:
    for kind in (None, *Kind):
        page = search.find(text, kind=kind)
        assert sum(page.totals.values()) >= len(page.hits)
    search.suggest(text)


@given(
    st.text(max_size=40) | st.text(alphabet=string.punctuation + " aosteoTNF\x00\x02", max_size=20)
)
@example('"*')
@example('a\x00"')
def test_no_text_is_a_fault(place: StorePlace, text: str) -> None:
    search = Search(place.index_file)
    search.find(text)
    search.suggest(text)
    search.close()


@given(st.sampled_from(HOSTILE.replace("\x02", " ").replace("\x03", " ").split()))
def test_every_word_of_a_caption_finds_it(place: StorePlace, word: str) -> None:
    search = Search(place.index_file)
    if any(map(str.isalnum, word)):
        assert "PMC2__a" in figures(search, word)
    search.close()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("tnfsf11", "TNFSF11"),
        ("tnfs", "TNFSF11"),
        ("TNFFS11", "TNFSF11"),
        ("TNFSF1l", "TNFSF11"),
        ("tnfrsf11", "TNFRSF11B"),
        ("homo sapiens", "Homo sapiens"),
        ("hmoo sapines", "Homo sapiens"),
        ("musclus", "Mus musculus"),
        ("sapiens", "Homo sapiens"),
        ("HGNC:11926", "TNFSF11"),
    ],
)
def test_suggestions_forgive_typing_errors(search: Search, text: str, label: str) -> None:
    first = search.suggest(text)[0]
    assert first.label == label
    assert first.figures > 0


def test_suggestions_are_of_entities_each_once(search: Search) -> None:
    found = search.suggest("tnf", limit=50)
    assert len({each.iri for each in found}) == len(found)
    assert [each.figures for each in found] == sorted(
        (each.figures for each in found), reverse=True
    )
    assert len(search.suggest("tnf", limit=1)) == 1
    assert search.suggest("zzzzzzzz") == []
    assert search.suggest("") == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Sjögren", "sjogren"),
        (" a \t B ", "a b"),
        ("TNF-α", "tnf-α"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_names_are_compared_without_case_and_accents(text: str, key: str) -> None:
    assert folded(text) == key


def test_threads_may_share_a_search(search: Search) -> None:
    faults: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(50):
                assert figures(search, "osteoclasts") == {"PMC1__a"}
                assert search.suggest("tnfsf11")[0].label == "TNFSF11"
        except AssertionError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


def rows(store: pyoxigraph.Store, query: str) -> list[tuple[str, ...]]:
    answer = store.query(PREFIXES + query)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return [tuple(term.value for term in row) for row in answer]


def number(store: pyoxigraph.Store, query: str) -> int:
    ((value,),) = rows(store, query)
    return int(value)


def pairs(store: pyoxigraph.Store, query: str) -> dict[str, int]:
    return {key: int(value) for key, value in rows(store, query)}


def test_facts_are_those_of_the_graph(place: StorePlace) -> None:
    assert_facts_are_those_of_the_graph(place)


def test_facts_of_real_figures_are_those_of_the_graph(real: StorePlace) -> None:
    assert_facts_are_those_of_the_graph(real)


def assert_facts_are_those_of_the_graph(place: StorePlace) -> None:
    store = open_triples(place)
    facts = Index(place.index_file).numbers
    for name, pattern in {
        "figures": "?s a pfocr:PathwayFigure",
        "papers": "?s a schema:ScholarlyArticle",
        "genes": "?s a schema:Gene",
        "chemicals": "?s a schema:ChemicalSubstance",
        "diseases": "?s a schema:MedicalCondition",
        "organisms": "?s a schema:Taxon",
        "journals": "?s a schema:Periodical",
        "mentions": "?s oa:hasTarget ?figure",
    }.items():
        assert facts.totals[name] == number(store, f"SELECT (COUNT(?s) AS ?n) {{ {pattern} }}")
    assert {str(year): count for year, count in facts.years.items()} == pairs(
        store,
        "SELECT (STR(?year) AS ?y) (COUNT(?f) AS ?n) "
        "{ ?f a pfocr:PathwayFigure ; schema:isPartOf/schema:datePublished ?year } GROUP BY ?year",
    )
    assert list(facts.years) == sorted(facts.years)
    genes = pairs(
        store,
        "SELECT ?g (COUNT(DISTINCT ?f) AS ?n) "
        "{ ?g a schema:Gene . ?f pfocr:mentionsBySymbol|pfocr:mentionsBySynonym ?g } GROUP BY ?g",
    )
    top = {each.ref.iri: each.count for each in facts.top_genes}
    assert sorted(top.values()) == sorted(genes.values())[-50:]
    assert all(genes[iri] == count for iri, count in top.items())
    assert {each.ref.iri: each.count for each in facts.organisms} == pairs(
        store,
        "SELECT ?o (COUNT(DISTINCT ?f) AS ?n) "
        "{ ?f pfocr:organism|pfocr:organismRecognized ?o } GROUP BY ?o",
    )
    for counted, property_ in (
        (facts.tiers, "matchTier"),
        (facts.methods, "identifiedBy"),
        (facts.reasons, "unresolvedReason"),
    ):
        assert {each.concept.iri: each.count for each in counted} == pairs(
            store, f"SELECT ?c (COUNT(?m) AS ?n) {{ ?m pfocr:{property_} ?c }} GROUP BY ?c"
        )
        assert all(
            each.concept.label and not each.concept.label.startswith("http") for each in counted
        )


def test_real_figures_are_found_by_their_titles_and_genes(real: StorePlace) -> None:
    store = open_triples(real)
    search = Search(real.index_file)
    named = "SELECT ?f ?name { ?f a pfocr:PathwayFigure ; schema:name ?name } LIMIT 40"
    for figure, name in rows(store, named):
        found = search.find(name, limit=1000, kind=Kind.FIGURE)
        assert figure in {hit.iri for hit in found.hits}, name
    genes = (
        "SELECT ?g ?name (COUNT(?f) AS ?n) "
        "{ ?g a schema:Gene ; schema:name ?name . ?f schema:mentions ?g } GROUP BY ?g ?name LIMIT 40"
    )
    for gene, name, count in rows(store, genes):
        # Other species may have a gene of the same symbol.
        hits = search.find(name).hits
        same = [hit for hit in hits if hit.title.casefold() == name.casefold()]
        assert list(hits[: len(same)]) == same
        assert [hit.figures for hit in same] == sorted((h.figures for h in same), reverse=True)
        assert (gene, int(count)) in {(hit.iri, hit.figures) for hit in same}


def test_a_file_that_is_no_index_is_one_line(tmp_path: Path) -> None:
    for content in (b"", b"no database at all" * 100):
        (tmp_path / "index.sqlite").write_bytes(content)
        with pytest.raises(InputError, match="expected the index of a release, found"):
            Search(tmp_path / "index.sqlite")
    with pytest.raises(InputError, match="build it again"):
        Search(tmp_path / "none?mode=rwc")
    assert not (tmp_path / "none").exists()
