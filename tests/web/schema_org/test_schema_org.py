"""The JSON-LD of pages: what the graph says, in the form that Google and Bioschemas ask for."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
import rdflib.compare
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.figures.decode.captions import LONGEST, SHORTEST, fitted_description
from pfocr_rdf.figures.map.figure import FigureGraph
from pfocr_rdf.rdf.nodes import FigureNodes, node, plain
from pfocr_rdf.rdf.terms import IRI, BlankNode, Literal, Triple
from pfocr_rdf.rdf.vocabulary import PFOCR, RDF, SCHEMA
from pfocr_rdf.shacl.rdflib_terms import to_rdflib_graph
from pfocr_rdf.web.schema_org import (
    JsonObject,
    Profile,
    catalog_data,
    figure_data,
    gene_data,
    organism_data,
    paper_data,
)
from pfocr_rdf.web.schema_org.check import CONTEXT, check_page, page_triples
from pfocr_rdf.web.schema_org.profiles import CONFORMS_TO, claimed
from tests.support import referees
from tests.support.pathway_pages import FIGURE, all_real, fields, outcome_of, real_outcomes
from tests.support.samples import Sample
from tests.support.schema_pages import SITE, Page, entities_of, figure_page, landing_page, pages_of

RANKL = {
    "word": "RANKL",
    "symbol": "RANKL",
    "source": "hgnc_alias_symbol",
    "hgnc_symbol": "TNFSF11",
    "entrez": "8600",
}
VIOLATION = "http://www.w3.org/ns/shacl#Violation"


@pytest.fixture(scope="module")
def graphs(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> list[FigureGraph]:
    found = real_outcomes(seeds, tmp_path_factory.mktemp("work"))
    return [real.graph for real in found]


@pytest.fixture(scope="module")
def pages(graphs: list[FigureGraph]) -> list[Page]:
    return list(pages_of(graphs))


def problems(pages: Iterable[Page]) -> Counter[tuple[str, str]]:
    """Return how often each message was given, with its severity."""
    return Counter(
        (str(result.severity).rpartition("#")[2], result.messages[0].lexical)
        for page in pages
        for result in check_page(page.data)
    )


def test_every_page_of_the_seeds_conforms(pages: list[Page]) -> None:
    kinds = Counter(page.profile for page in pages)
    assert kinds[Profile.DATASET] == 5
    assert min(kinds.values()) >= 5
    assert set(kinds) == set(Profile) - {Profile.DATA_CATALOG}
    assert not [message for severity, message in problems(pages) if severity == "Violation"]


@pytest.mark.whole
def test_every_real_page_conforms(
    sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    real = all_real(sample, seeds, tmp_path_factory.getbasetemp())
    found = list(pages_of(one.graph for group in real.values() for one in group))
    assert len(found) > 700
    assert not [message for severity, message in problems(found) if severity == "Violation"]
    unclaimed = {page.profile for page in found if CONFORMS_TO not in page.data}
    assert unclaimed == {Profile.TAXON}  # organisms whose rank nobody states


def test_pages_say_what_they_conform_to(pages: list[Page]) -> None:
    for page in pages:
        if page.profile is Profile.TAXON and "taxonRank" not in page.data:
            continue
        assert page.data[CONFORMS_TO] == {"@id": page.profile.iri, "@type": "CreativeWork"}
        assert list(page.data)[:4] == ["@context", "@id", "@type", CONFORMS_TO]


def test_what_is_recommended_and_not_said_is_what_the_documentation_lists(
    pages: list[Page], root: Path
) -> None:
    """Nobody knows these of a page of PFOCR; docs/schema-org.md says so, row by row."""
    catalog = Page(node(IRI("x:"), (RDF.type, ())), Profile.DATA_CATALOG, landing_page())
    missing = {
        message.partition(":")[0]
        for severity, message in problems([*pages, catalog])
        if severity in ("Warning", "Info")
    }
    rows = (root / "docs" / "schema-org.md").read_text().splitlines()
    listed = {row.split("`")[1] for row in rows if row.startswith("| `")}
    assert {name for name in missing if name not in listed} == set()


def test_a_figure_says_what_the_graph_says(graphs: list[FigureGraph]) -> None:
    for graph in graphs:
        page = figure_page(graph).data
        said = dict(graph.figure.properties)
        triples = set(page_triples(page))
        figure = graph.figure.subject
        same = (
            SCHEMA.name, SCHEMA.alternateName, SCHEMA.identifier, SCHEMA.keywords, SCHEMA.license,
            SCHEMA.description, SCHEMA.mentions, SCHEMA.creator, SCHEMA.includedInDataCatalog,
            SCHEMA.sameAs,
        )  # fmt: skip
        for predicate in same:
            assert {o for s, p, o in triples if (s, p) == (figure, predicate)} == set(
                said[predicate]
            ), predicate
        organisms = {*said.get(PFOCR.organism, ()), *said.get(PFOCR.organismRecognized, ())}
        assert {o for s, p, o in triples if (s, p) == (figure, SCHEMA.about)} == organisms
        (paper,) = said[SCHEMA.isPartOf]
        assert (figure, IRI(SCHEMA.base + "isBasedOn"), paper) in triples
        (image,) = said[SCHEMA.contentUrl]
        assert (figure, SCHEMA.image, image) in triples


def test_entities_inside_a_figure_are_those_of_the_graph(graphs: list[FigureGraph]) -> None:
    """No name, class or identifier of a gene, paper or journal differs from its node."""
    for graph in graphs:
        entities = entities_of(graph)
        inside: dict[IRI, set[tuple[IRI, object]]] = {}
        for subject, predicate, value in page_triples(figure_page(graph).data):
            if predicate in (SCHEMA.name, RDF.type) and not isinstance(subject, BlankNode):
                inside.setdefault(subject, set()).add((predicate, value))
        inside.pop(graph.figure.subject)
        checked = 0
        for subject, said in inside.items():
            if subject in entities and subject != SITE:
                whole = {(p, o) for _, p, o in entities[subject].triples()}
                assert said <= whole, subject
                checked += 1
        assert checked > 3


def test_downloads_stand_beside_the_page(graphs: list[FigureGraph]) -> None:
    page = figure_page(graphs[0]).data
    stem = str(page["url"]).removesuffix(".html")
    assert page["distribution"] == [
        {"@type": "DataDownload", "contentUrl": f"{stem}.ttl", "encodingFormat": "text/turtle"},
        {
            "@type": "DataDownload",
            "contentUrl": f"{stem}.jsonld",
            "encodingFormat": "application/ld+json",
        },
    ]


def test_a_figure_without_keywords_names_what_it_mentions() -> None:
    block = {"license": "CC0", "keywords": []}
    outcome = outcome_of(fields(genes=[RANKL], **{"schema-jsonld": block}))
    assert outcome.graph is not None
    assert figure_page(outcome.graph).data["keywords"] == ["TNFSF11"]
    bare = outcome_of(fields(**{"schema-jsonld": block}))
    assert bare.graph is not None
    assert figure_page(bare.graph).data["keywords"] == ["pathway figure"]


def test_what_is_not_in_the_release_is_named_by_its_iri() -> None:
    outcome = outcome_of(fields(genes=[RANKL]))
    assert outcome.graph is not None
    page = figure_data(FigureNodes(outcome.graph.figure, ()), lambda _: None, "a.html")
    assert page["mentions"] == [{"@id": "http://identifiers.org/ncbigene/8600"}]
    assert "isBasedOn" not in page
    assert "creator" not in page


def test_a_claim_needs_the_whole_minimum() -> None:
    for profile in Profile:
        whole: JsonObject = dict.fromkeys(profile.minimum, "x")
        assert CONFORMS_TO in claimed(whole, profile)
        for name in profile.minimum:
            assert CONFORMS_TO not in claimed({**whole, name: ""}, profile), name


def organism(name: str, taxon_id: str = "") -> JsonObject:
    taxon = node(
        IRI(f"http://purl.obolibrary.org/obo/NCBITaxon_{taxon_id}" if taxon_id else "x:y"),
        (RDF.type, (SCHEMA.Taxon,)),
        (SCHEMA.identifier, plain(f"ncbitaxon:{taxon_id}" if taxon_id else "")),
        (SCHEMA.name, plain(name)),
    )
    return organism_data(taxon, [], lambda _: None, f"{SITE}o.html")


@pytest.mark.parametrize(
    ("name", "taxon_id", "is_species"),
    [
        ("Homo sapiens", "9606", True),
        ("Mus musculus", "10090", True),
        ("Homo sapiens", "10090", False),  # the id says mouse
        ("Canis lupus familiaris", "9615", False),  # a subspecies
        ("Escherichia coli K-12", "83333", False),  # a strain
        ("Mus cookii", "10098", False),  # not in the table: nobody told us its rank
        ("prion", "", False),
    ],
)
def test_a_rank_is_said_only_where_it_is_known(name: str, taxon_id: str, is_species: bool) -> None:
    page = organism(name, taxon_id)
    assert ("taxonRank" in page) is is_species
    assert (CONFORMS_TO in page) is is_species


def test_an_organism_without_an_id_has_no_address_elsewhere() -> None:
    page = organism("prion")
    assert set(page) == {"@context", "@id", "@type", "name", "mainEntityOfPage"}
    known = organism("Homo sapiens", "9606")
    assert known["sameAs"] == ["http://purl.uniprot.org/taxonomy/9606"]
    assert known["url"] == "https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=9606"


def test_a_gene_is_identified_once_and_the_same_elsewhere() -> None:
    gene = node(
        IRI("http://identifiers.org/ncbigene/8600"),
        (RDF.type, (SCHEMA.Gene,)),
        (SCHEMA.identifier, plain("hgnc:11926", "ncbigene:8600")),
        (SCHEMA.name, plain("TNFSF11")),
        (IRI("http://www.w3.org/2004/02/skos/core#exactMatch"),
         (IRI("http://identifiers.org/hgnc/11926"),)),
    )  # fmt: skip
    page = gene_data(gene, [FIGURE], lambda _: None, f"{SITE}g.html")
    assert page["identifier"] == "ncbigene:8600"
    assert page["sameAs"] == ["http://identifiers.org/hgnc/11926"]
    assert page["subjectOf"] == [{"@id": FIGURE}]
    assert page["mainEntityOfPage"] == f"{SITE}g.html"


def test_a_paper_without_a_title_claims_nothing() -> None:
    paper = node(
        IRI("http://identifiers.org/pmc/PMC1"),
        (RDF.type, (SCHEMA.ScholarlyArticle,)),
        (SCHEMA.identifier, plain("PMC1", "doi:10.1/x")),
    )
    page = paper_data(paper, [FIGURE], lambda _: None, f"{SITE}p.html")
    assert CONFORMS_TO not in page
    assert page["identifier"] == ["pmc:PMC1", "doi:10.1/x"]
    assert page["hasPart"] == [{"@id": FIGURE}]


def test_the_landing_page_is_a_catalogue_with_the_release_in_it() -> None:
    page = landing_page()
    assert not [r for r in check_page(page) if r.severity == VIOLATION]
    release = page["dataset"]
    assert isinstance(release, dict)
    assert release[CONFORMS_TO] == {"@id": Profile.DATASET.iri, "@type": "CreativeWork"}
    assert release["version"] == "2026-11"
    assert release["datePublished"] == "2026-11-21"
    assert "5 figures" in release["description"]
    first = release["distribution"][0]
    assert first["contentSize"] == "1234 B"
    assert first["sha256"] == "0" * 64
    bare = catalog_data(SITE)["dataset"]
    assert isinstance(bare, dict)
    assert "version" not in bare
    assert "distribution" not in bare


@given(st.text(), st.text())
def test_a_description_has_the_length_that_google_takes(caption: str, title: str) -> None:
    fitted = fitted_description(caption, title)
    assert SHORTEST <= len(fitted) <= LONGEST
    assert fitted_description(fitted, title) == fitted


@given(st.text(alphabet="ab .\n", max_size=12), st.integers(380, 2000), st.text(max_size=9000))
def test_long_captions_are_cut_between_words(piece: str, times: int, title: str) -> None:
    caption = piece * times
    fitted = fitted_description(caption, title)
    assert SHORTEST <= len(fitted) <= LONGEST
    assert fitted_description(fitted, title) == fitted
    if SHORTEST <= len(caption.strip()) <= len(caption) <= LONGEST:
        assert fitted == caption
    elif len(" ".join(caption.split())) > LONGEST:
        cut = fitted.removesuffix("…")
        whole = " ".join(caption.split())
        assert whole.startswith(cut)
        assert len(cut) > LONGEST - 250
        assert " " not in whole[LONGEST - 200 : LONGEST - 1] or whole[len(cut)] == " "


def test_a_page_with_another_context_is_refused() -> None:
    with pytest.raises(ValueError, match=r"@context: expected https://schema.org/, found None"):
        page_triples({"@id": "x:y"})
    with pytest.raises(ValueError, match="must be a string"):
        page_triples({"@context": "https://schema.org/", "@type": 5})


def as_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    return to_rdflib_graph(triples)


@pytest.mark.whole
def test_other_json_ld_processors_find_the_same_triples(
    graphs: list[FigureGraph], tmp_path: Path
) -> None:
    """Npm jsonld, which refuses to drop anything, and rdflib read what pyoxigraph reads."""
    data = [figure_page(graph).data for graph in graphs] + [landing_page()]
    files = []
    for number, page in enumerate(data):
        file = tmp_path / f"{number}.jsonld"
        file.write_text(json.dumps({**page, "@context": CONTEXT}))
        files.append(file)
    for file, page in zip(files, data, strict=True):
        ours = rdflib.compare.to_isomorphic(as_graph(page_triples(page)))
        with warnings.catch_warnings():
            # rdflib's own parser uses what rdflib deprecates.
            warnings.simplefilter("ignore", DeprecationWarning)
            theirs = rdflib.Graph().parse(file, format="json-ld")
        assert ours == rdflib.compare.to_isomorphic(theirs)
    for page, found in zip(data, referees.jsonld_triples_of(files), strict=True):
        ours = rdflib.compare.to_isomorphic(as_graph(page_triples(page)))
        assert ours == rdflib.compare.to_isomorphic(as_graph(found))


def test_blank_nodes_are_numbered_so_that_runs_agree() -> None:
    page = landing_page()
    assert page_triples(page) == page_triples(page)
    blank = [s for s, _, _ in page_triples(page) if isinstance(s, BlankNode)]
    assert BlankNode("anon0") in blank


def test_terms_have_the_forms_of_schema_orgs_context() -> None:
    """URLs are IRIs and dates are dates, as the context that browsers fetch has it."""
    release = IRI("https://w3id.org/pfocr/dataset")
    triples = set(page_triples(landing_page()))
    assert (release, SCHEMA.license, IRI("https://creativecommons.org/publicdomain/zero/1.0/")) in (
        triples
    )
    date = Literal("2026-11-21", IRI("http://schema.org/Date"))
    assert (release, SCHEMA.datePublished, date) in triples
