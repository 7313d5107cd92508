"""Federated questions, run against endpoints on this machine that look like the real ones.

Each endpoint is an HTTP server over a few triples in the shape that the database publishes
(WikiPathways' RDF, UniProt's core ontology, Wikidata's direct properties, MeSH RDF). Only the
address of the `SERVICE` is replaced in the text; nothing leaves the machine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from pfocr_rdf.query.questions import bind
from pfocr_rdf.query.service_guard import service_endpoints
from tests.query.questions.test_rows import (
    HERE,
    QUESTIONS,
    StoreOf,
    answer,
    rows,
)

FEDERATED = [name for name, question in QUESTIONS.items() if question.federated]

WIKIPATHWAYS = """\
@prefix wp: <http://vocabularies.wikipathways.org/wp#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<https://identifiers.org/wikipathways/WP2018_r1> a wp:Pathway ;
    dcterms:identifier "WP2018" ; dc:title "RANKL/RANK signaling"@en .
<https://identifiers.org/wikipathways/WP5283_r1> a wp:Pathway ;
    dcterms:identifier "WP5283" ; dc:title "Cytosolic tRNA synthesis"@en .
<https://identifiers.org/wikipathways/WP1_r1> a wp:Pathway ;
    dcterms:identifier "WP1" ; dc:title "No figure"@en .
<https://identifiers.org/ensembl/ENSG00000120659> a wp:GeneProduct ; rdfs:label "TNFSF11" ;
    dcterms:isPartOf <https://identifiers.org/wikipathways/WP2018_r1> ;
    wp:bdbEntrezGene <https://identifiers.org/ncbigene/8600> .
<https://identifiers.org/ncbigene/8792> a wp:GeneProduct ; rdfs:label "TNFRSF11A" ;
    dcterms:isPartOf <https://identifiers.org/wikipathways/WP2018_r1> ;
    wp:bdbEntrezGene <https://identifiers.org/ncbigene/8792> .
<https://identifiers.org/ncbigene/7189> a wp:GeneProduct ; rdfs:label "TRAF6" ;
    dcterms:isPartOf <https://identifiers.org/wikipathways/WP2018_r1> ;
    wp:bdbEntrezGene <https://identifiers.org/ncbigene/7189> .
<https://identifiers.org/ncbigene/4677> a wp:GeneProduct ; rdfs:label "NARS1" ;
    dcterms:isPartOf <https://identifiers.org/wikipathways/WP5283_r1> ,
        <https://identifiers.org/wikipathways/WP1_r1> ;
    wp:bdbEntrezGene <https://identifiers.org/ncbigene/4677> .
"""
UNIPROT = """\
@prefix up: <http://purl.uniprot.org/core/> .
@prefix taxon: <http://purl.uniprot.org/taxonomy/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix geneid: <http://purl.uniprot.org/geneid/> .
@prefix uniprot: <http://purl.uniprot.org/uniprot/> .

uniprot:O14788 a up:Protein ; up:reviewed true ; up:organism taxon:9606 ;
    up:classifiedWith obo:GO_0030316 ; rdfs:seeAlso geneid:8600 .
uniprot:Q9Y6Q6 a up:Protein ; up:reviewed true ; up:organism taxon:9606 ;
    up:classifiedWith obo:GO_0072674 ; rdfs:seeAlso geneid:8792 .
uniprot:O35235 a up:Protein ; up:reviewed true ; up:organism taxon:10090 ;
    up:classifiedWith obo:GO_0030316 ; rdfs:seeAlso geneid:7189 .
uniprot:A0A000 a up:Protein ; up:reviewed false ; up:organism taxon:9606 ;
    up:classifiedWith obo:GO_0030316 ; rdfs:seeAlso geneid:4772 .
obo:GO_0072674 rdfs:subClassOf obo:GO_0030316 .
geneid:8600 up:database <http://purl.uniprot.org/database/GeneID> .
geneid:8792 up:database <http://purl.uniprot.org/database/GeneID> .
geneid:7189 up:database <http://purl.uniprot.org/database/GeneID> .
geneid:4772 up:database <http://purl.uniprot.org/database/GeneID> .
"""
WIKIDATA = """\
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

wd:Q18030843 wdt:P351 "4313" ; wdt:P688 wd:Q21115397 .
wd:Q421094 wdt:P129 wd:Q21115397 ; wdt:P486 "D000068579" ;
    rdfs:label "marimastat"@en , "Marimastat"@de .
wd:Q000001 wdt:P129 wd:Q21115397 ; wdt:P486 "{mesh}" ; rdfs:label "one of the figure"@en .
wd:Q000002 wdt:P129 wd:Q999 ; wdt:P486 "{mesh}" ; rdfs:label "of another protein"@en .
"""
MESH = """\
@prefix mesh: <http://id.nlm.nih.gov/mesh/> .
@prefix meshv: <http://id.nlm.nih.gov/mesh/vocab#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

mesh:D009369 a meshv:TopicalDescriptor ; rdfs:label "Neoplasms"@en .
mesh:D009370 a meshv:TopicalDescriptor ; rdfs:label "Neoplasms by Histologic Type"@en ;
    meshv:broaderDescriptor mesh:D009369 .
mesh:D008545 a meshv:TopicalDescriptor ; rdfs:label "Melanoma"@en ;
    meshv:broaderDescriptor mesh:D009370 .
mesh:D010051 a meshv:TopicalDescriptor ; rdfs:label "Ovarian Neoplasms"@en ;
    meshv:broaderDescriptor mesh:D009369 .
mesh:D006973 a meshv:TopicalDescriptor ; rdfs:label "Hypertension"@en .
"""
# A chemical that a figure of the sample shows beside MMP2.
BESIDE_MMP2 = "D000255"


class Fixture(NamedTuple):
    """What stands in for an endpoint, and the release that the question is run on."""

    turtle: str
    release: str


FIXTURES = {
    "https://sparql.wikipathways.org/sparql": WIKIPATHWAYS,
    "https://sparql.uniprot.org/sparql": UNIPROT,
    "https://query.wikidata.org/sparql": WIKIDATA.replace("{mesh}", BESIDE_MMP2),
    "https://id.nlm.nih.gov/mesh/sparql": MESH,
}
RELEASE_OF = {
    "mesh-diseases": "sample",
    "uniprot-process-figures": "seeds",
    "wikidata-drugs-of-gene": "sample",
    "wikipathways-figures": "seeds",
    "wikipathways-of-gene": "sample",
}


class Endpoint(ThreadingHTTPServer):
    """Answers SPARQL queries, however they are sent, and keeps them."""

    daemon_threads = True

    def __init__(self, turtle: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.store = pyoxigraph.Store()
        self.store.load(turtle, format=RdfFormat.TURTLE)
        self.queries: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"


class Handler(BaseHTTPRequestHandler):
    """The query operation of the SPARQL protocol, answered as JSON."""

    server: Endpoint

    def do_GET(self) -> None:
        self._answer(parse_qs(urlsplit(self.path).query)["query"][0])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        self._answer(parse_qs(body)["query"][0] if is_form else body)

    def _answer(self, query: str) -> None:
        self.server.queries.append(query)
        results = self.server.store.query(query)
        assert isinstance(results, pyoxigraph.QuerySolutions)
        body = results.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read the queries; the terminal need not."""


@pytest.fixture(scope="module")
def endpoints() -> Iterator[dict[str, Endpoint]]:
    """Start an endpoint for each address that questions ask."""
    started = {address: Endpoint(turtle) for address, turtle in FIXTURES.items()}
    threads = [threading.Thread(target=each.serve_forever) for each in started.values()]
    for thread in threads:
        thread.start()
    try:
        yield started
    finally:
        for each in started.values():
            each.shutdown()
            each.server_close()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("name", FEDERATED)
@pytest.mark.whole
def test_a_federated_question_has_the_rows_that_are_expected(
    name: str, store_of: StoreOf, endpoints: dict[str, Endpoint], *, update_golden: bool
) -> None:
    question = QUESTIONS[name]
    text = bind(question, {})
    for address in question.federated:
        text = text.replace(f"<{address}>", f"<{endpoints[address].url}>")
        endpoints[address].queries.clear()
    found = answer(store_of(RELEASE_OF[name]), text)
    assert all(endpoints[address].queries for address in question.federated)
    path = HERE / f"{name}.federated.tsv"
    if update_golden:
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")
    assert len(rows(found, question.form)) > 1


@pytest.mark.parametrize("name", FEDERATED)
def test_what_is_sent_holds_the_parameter_so_that_little_comes_back(
    name: str, store_of: StoreOf, endpoints: dict[str, Endpoint]
) -> None:
    question = QUESTIONS[name]
    (address,) = question.federated
    text = bind(question, {}).replace(f"<{address}>", f"<{endpoints[address].url}>")
    endpoints[address].queries.clear()
    store_of("seeds").query(text)
    (sent,) = endpoints[address].queries
    (parameter,) = (each for each in question.parameters if each.name != "certain")
    assert parameter.default is not None
    assert parameter.default.rpartition(":")[2] in sent


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_header_names_the_endpoints_of_the_text(name: str) -> None:
    question = QUESTIONS[name]
    assert tuple(service_endpoints(question.text)) == question.federated


def test_there_is_a_question_for_each_of_the_databases() -> None:
    asked = {address for question in QUESTIONS.values() for address in question.federated}
    assert asked == set(FIXTURES)


def column(path: Path, number: int) -> list[str]:
    return [line.split("\t")[number] for line in path.read_text().splitlines()[1:]]


def test_figures_of_a_pathway_are_ranked_by_the_genes_they_show() -> None:
    # Of TNFSF11, TNFRSF11A and TRAF6, the seeds show all three in three figures and two in two.
    assert column(HERE / "wikipathways-figures.federated.tsv", 2) == ["3", "3", "3", "2", "2"]


def test_proteins_count_only_when_reviewed_and_human() -> None:
    # TNFSF11 has the term and TNFRSF11A one below it; TRAF6 is a mouse's, NFATC1 not reviewed.
    assert column(HERE / "uniprot-process-figures.federated.tsv", 2) == ["2"] * 5


def test_descriptors_below_others_are_found() -> None:
    names = column(HERE / "mesh-diseases.federated.tsv", 1)
    assert names == ['"Melanoma"@en', '"Neoplasms"@en', '"Ovarian Neoplasms"@en']


def test_a_drug_without_figures_is_listed_too() -> None:
    path = HERE / "wikidata-drugs-of-gene.federated.tsv"
    assert column(path, 1) == ['"one of the figure"@en', '"marimastat"@en']
    assert column(path, 3) == ["1", "0"]


def test_a_pathway_has_the_figure_it_was_made_from() -> None:
    path = HERE / "wikipathways-of-gene.federated.tsv"
    assert column(path, 0) == ['"WP1"', '"WP5283"']
    assert [bool(figure) for figure in column(path, 2)] == [False, True]
