"""What figures become, property by property, and that nothing outside the vocabulary is written."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import export
from pfocr_rdf.figures.link.linker import Gene, Linker
from pfocr_rdf.figures.map import figure as module
from pfocr_rdf.figures.map.entities import gene_node, organism_iri, organism_node, paper_nodes
from pfocr_rdf.figures.map.figure import FigureGraph, Mapper
from pfocr_rdf.figures.model import Organism, Paper
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.iris import OURS, Iris, IriStyle
from pfocr_rdf.rdf.kinds import Kind
from pfocr_rdf.rdf.names import settle_label
from pfocr_rdf.rdf.terms import IRI, Literal, Node
from pfocr_rdf.rdf.vocabulary import (
    BIOLINK,
    DCAT,
    DCTERMS,
    DCTYPES,
    FOAF,
    OA,
    PAV,
    PFOCR,
    PROPERTIES,
    PROV,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SKOS,
    SPDX,
    VOID,
    VOID_EXT,
    Namespace,
    Range,
)
from tests.support.pathway_pages import (
    FIGID,
    FIGURE,
    Real,
    Said,
    all_real,
    embedded,
    fields,
    jsonld,
    lay_out,
    outcome_of,
    shown,
)
from tests.support.readers import oxigraph_triples
from tests.support.samples import Sample

GENES = "organism_id organism_name organism_group word match ncbigene_symbol ncbigene_id source"
CLOSED: tuple[Namespace, ...] = (
    RDF,
    SCHEMA,
    PFOCR,
    OA,
    PROV,
    SKOS,
    DCTERMS,
    VOID,
    DCAT,
    PAV,
    FOAF,
    DCTYPES,
    RDFS,
    SD,
    SPDX,
    BIOLINK,
    VOID_EXT,
)
TERMS = {term for namespace in CLOSED for term in namespace}
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def real(sample: Sample, seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Real]:
    groups = all_real(sample, seeds, tmp_path_factory.getbasetemp())
    return [one for group in groups.values() for one in group]


def genes(*rows: str) -> dict[Kind, str]:
    """Return a genes table; blanks in the rows stand for tabs."""
    lines = [GENES, *rows]
    return {Kind.GENE: "".join(line.replace(" ", "\t") + "\n" for line in lines)}


def graph_of(outcome: object) -> FigureGraph:
    graph = outcome.graph  # type: ignore[attr-defined]
    assert isinstance(graph, FigureGraph)
    return graph


# --- the closed vocabulary -------------------------------------------------------------------


def lint(nodes: list[Node]) -> set[str]:
    """Return what of the nodes is not in the vocabulary, or not as it says there."""
    faults: set[str] = set()
    for node in nodes:
        for predicate, objects in node.properties:
            if predicate == RDF.type:
                faults.update(f"class {o}" for o in objects if o not in TERMS)
                continue
            known = PROPERTIES.get(predicate)
            if known is None:
                faults.add(f"predicate {predicate}")
                continue
            for value in objects:
                if isinstance(value, Literal):
                    found = value.datatype.removeprefix(XSD)
                else:
                    found = "iri"
                    if str(value).startswith(tuple(space.base for space in CLOSED)):
                        faults.update({f"object {value}"} - {f"object {term}" for term in TERMS})
                if found != known.range:
                    faults.add(f"{predicate}: {found}, not {known.range}")
    return faults


def test_the_lint_sees_each_kind_of_fault() -> None:
    made = Node(
        IRI("x:x"),
        (
            (RDF.type, (IRI(SCHEMA.base + "Genee"),)),
            (IRI(SCHEMA.base + "nam"), (Literal("x"),)),
            (PFOCR.lexicon, (IRI(PFOCR.base + "hgncSymbols"),)),
            (SCHEMA.url, (Literal("x"),)),
        ),
    )
    assert lint([made]) == {
        "class http://schema.org/Genee", "predicate http://schema.org/nam",
        "object https://w3id.org/pfocr/vocab#hgncSymbols", f"{SCHEMA.url}: string, not iri",
    }  # fmt: skip


def test_every_term_of_every_real_figure_is_in_the_vocabulary(real: list[Real]) -> None:
    assert lint([node for one in real for node in one.graph.nodes()]) == set()


def test_every_term_of_every_file_of_an_export_is_in_the_vocabulary(
    sample: Sample, tmp_path: Path
) -> None:
    today, _ = lay_out(sample, tmp_path)
    out = export([today], tmp_path / "out", ExportOptions(jobs=1, formats=(FormatName.TURTLE,)))
    for name in ("pfocr.ttl", "alignment.ttl", "void.ttl"):
        triples = oxigraph_triples((out.folder / name).read_bytes(), FormatName.TURTLE)
        assert triples, name
        for _, predicate, value in triples:
            assert predicate in TERMS, (name, predicate)
            if predicate == RDF.type or str(value).startswith(PFOCR.base):
                assert value in TERMS | {PFOCR.base}, (name, value)


def test_properties_of_the_vocabulary_are_terms_of_their_namespaces() -> None:
    assert set(PROPERTIES) <= TERMS
    assert all(known.iri == iri and known.range in Range for iri, known in PROPERTIES.items())


@pytest.mark.parametrize("namespace", CLOSED, ids=lambda namespace: namespace.base)
def test_namespaces_are_closed(namespace: Namespace) -> None:
    with pytest.raises(AttributeError, match="has no term 'nam'"):
        namespace.nam  # noqa: B018 - asking is the test


def test_single_valued_properties_have_one_value(real: list[Real]) -> None:
    for one in real:
        # Of the words for the nameless one is chosen when all figures are known.
        for node in (settle_label(each, {}) for each in one.graph.nodes()):
            for predicate, objects in node.properties:
                assert objects == tuple(dict.fromkeys(objects))
                if predicate != RDF.type and not PROPERTIES[predicate].many:
                    assert len(objects) == 1, (node.subject, predicate)


def test_nothing_in_a_figure_points_nowhere(real: list[Real]) -> None:
    within = (PFOCR.candidate, OA.hasBody, OA.hasTarget, SCHEMA.mentions, SCHEMA.isPartOf, SCHEMA.creator,
              SCHEMA.publisher, SCHEMA.about, PFOCR.organism, PFOCR.organismRecognized,
              PFOCR.organismInText, PFOCR.alsoReadAs, PFOCR.mentionsUnambiguously,
              SCHEMA.taxonomicRange, SCHEMA.includedInDataCatalog, SCHEMA.inDefinedTermSet)  # fmt: skip
    for one in real:
        said = Said(one.graph)
        for predicate in within:
            for value in said.by_predicate.get(predicate, ()):
                assert value in said.by_subject, (one.raw.name, predicate, value)


# --- mentions --------------------------------------------------------------------------------


def test_the_iri_of_a_mention_is_a_function_of_what_it_says() -> None:
    row = "9606 Homo_sapiens Primates RANKL RANKL TNFSF11 8600 ncbigene_synonym"
    mentions = graph_of(outcome_of(fields(), genes(row))).mentions
    said = [
        FIGID,
        "gene",
        "RANKL",
        "RANKL",
        "ncbigene_synonym",
        "9606",
        "TNFSF11",
        "8600",
        "",
        "",
        "",
    ]
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    assert [mention.subject for mention in mentions] == [f"{FIGURE}#gene-{digest}"]
    others = (row.replace("RANKL RANKL", "RANKLR ANKL"), row.replace("9606", "10090"))
    for other in others:
        assert (
            graph_of(outcome_of(fields(), genes(other))).mentions[0].subject != mentions[0].subject
        )


def test_mentions_have_one_type_and_one_target(real: list[Real]) -> None:
    types = set()
    for one in real:
        for mention in one.graph.mentions:
            said = dict(mention.properties)
            assert said[OA.hasTarget] == (one.graph.figure.subject,)
            (of_type,) = said[RDF.type]
            kind = re.fullmatch(r".*#(\w+)-[0-9a-f]{12}", mention.subject)
            assert kind is not None
            assert of_type == f"{PFOCR.base}{kind[1].capitalize()}Mention"
            assert (OA.hasBody in said) != (PFOCR.unresolvedReason in said)
            assert (OA.hasBody in said) == (PFOCR.identifiedBy in said)
            types.add(of_type)
    assert len(types) == 4


def test_a_figure_mentions_what_its_mentions_are_about(real: list[Real]) -> None:
    for one in real:
        said = Said(one.graph)
        assert set(said.of(one.graph.figure.subject, SCHEMA.mentions)) == said.by_predicate.get(
            OA.hasBody, set()
        )


def test_the_strictest_way_of_each_gene_is_stated_once() -> None:
    row = "9606 Homo_sapiens Primates {} X {} {} {}"
    rows = [
        row.format("a", "TNFSF11", 8600, "famplex_relations"),
        row.format("b", "TNFSF11", 8600, "ncbigene_symbol"),
        row.format("c", "TNFSF11", 8600, "ncbigene_synonym"),
        row.format("d", "TNFRSF11A", 8792, "famplex_relations"),
        row.format("e", "TNFRSF11A", 8792, "ncbigene_synonym"),
        row.format("f", "TNFRSF11B", 4982, "unheard_of"),
    ]
    said = Said(outcome_of(fields(), genes(*rows)).graph)
    by_tier = [
        [value.rpartition("/")[2] for value in said.of(FIGURE, predicate)]
        for predicate in (PFOCR.mentionsBySymbol, PFOCR.mentionsBySynonym, PFOCR.mentionsByFamily)
    ]
    assert by_tier == [["8600"], ["8792"], ["4982"]]


@pytest.mark.parametrize(
    ("source", "lexicon", "tier"),
    [
        ("hgnc_symbol", PFOCR.hgncSymbol, PFOCR.Symbol),
        ("ncbigene_symbol", PFOCR.ncbigeneSymbol, PFOCR.Symbol),
        ("hgnc_alias_symbol", PFOCR.hgncAliasSymbol, PFOCR.Synonym),
        ("hgnc_prev_symbol", PFOCR.hgncPrevSymbol, PFOCR.Synonym),
        ("ncbigene_synonym", PFOCR.ncbigeneSynonym, PFOCR.Synonym),
        ("bioentities_symbol", PFOCR.bioentitiesSymbol, PFOCR.Family),
        ("famplex_relations", PFOCR.famplexRelations, PFOCR.Family),
        ("HGNC_symbol", f"{OURS}lexicon/hgnc-symbol", PFOCR.Family),
        ("NA", "", ""),
    ],
)
def test_lexicons_and_tiers(source: str, lexicon: str, tier: str) -> None:
    row = f"9606 Homo_sapiens Primates RANKL RANKL TNFSF11 8600 {source}"
    graph = graph_of(outcome_of(fields(), genes(row)))
    (mention,) = graph.mentions
    said = Said(graph)
    assert said.one(mention.subject, PFOCR.lexicon) == lexicon
    assert said.one(mention.subject, PFOCR.matchTier) == tier


def test_an_unknown_lexicon_of_chemicals_has_no_tier() -> None:
    row = {"word": "x", "source": "CAS", "identifier": "50-00-0"}
    graph = graph_of(outcome_of(fields(chemicals=[row])))
    said = Said(graph)
    assert said.by_predicate[PFOCR.lexicon] == {f"{OURS}lexicon/cas"}
    assert PFOCR.matchTier not in said.by_predicate
    assert said.of(f"{OURS}lexicon/cas", SKOS.notation) == ["CAS"]
    (chemical,) = [m.subject for m in graph.mentions if "#chemical-" in m.subject]
    assert said.one(chemical, PFOCR.unresolvedReason) == PFOCR.BadIdentifier


def test_findings_of_links_name_the_row(seeds: Path) -> None:
    outcome = outcome_of((seeds / "004_be595aa5e10b067e.txt").read_text(), name="004.txt")
    (trap,) = [f for f in outcome.findings if f.value == "TRAP"]
    assert (trap.code, trap.file) == ("ambiguous-symbol", "004.txt")
    assert re.fullmatch(r"schema-jsonld\.keywords\[\d+\]", trap.field)
    assert trap.detail == "could be ACP5, SCYL1, CD40LG"


# --- the figure and what it is part of -------------------------------------------------------


def test_a_figure_says_all_its_page_says() -> None:
    page = fields(
        figid_alias="PMC1000001__F1", redirect_from="/figures/PMC1000001__F1", wpid="WP1",
        ndex="6ae07379-de91-11ea-99da-0ac135e8bacf", pmc_ranked_result_index="17",
        annotations=[{"type": "Pathway Ontology", "value": "apoptosis"}],
    )  # fmt: skip
    graph = graph_of(outcome_of(page))
    assert {
        predicate: [shown(v) for v in values] for predicate, values in graph.figure.properties
    } == {
        RDF.type: [SCHEMA.Dataset, SCHEMA.ImageObject, PFOCR.PathwayFigure],
        SCHEMA.identifier: [FIGID],
        SCHEMA.alternateName: ["PMC1000001__F1"],
        SCHEMA.name: ["A pathway"],
        SCHEMA.description: ["What happens"],
        SCHEMA.url: [FIGURE],
        SCHEMA.contentUrl: ["https://europepmc.org/articles/PMC1000001/bin/fig-1.jpg"],
        SCHEMA.sameAs: ["https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/figure/F1/"],
        SCHEMA.isPartOf: ["http://identifiers.org/pmc/PMC1000001"],
        SCHEMA.keywords: ["TNF"],
        SCHEMA.mentions: ["http://identifiers.org/ncbigene/7124"],
        SCHEMA.license: ["https://creativecommons.org/publicdomain/zero/1.0/"],
        SCHEMA.creator: ["https://www.wikipathways.org/"],
        SCHEMA.includedInDataCatalog: ["https://pfocr.wikipathways.org/"],
        PFOCR.figureNumber: ["F1"],
        PFOCR.figureType: [PFOCR.Figure],
        PFOCR.fileName: ["fig-1.jpg"],
        PFOCR.pathwayScore: ["0.9"],
        PFOCR.pmcResultRank: ["17"],
        PFOCR.organism: ["http://purl.obolibrary.org/obo/NCBITaxon_9606"],
        PFOCR.organismRecognized: ["http://purl.obolibrary.org/obo/NCBITaxon_9606"],
        PFOCR.ndexNetwork: [
            "https://www.ndexbio.org/viewer/networks/6ae07379-de91-11ea-99da-0ac135e8bacf"
        ],
        PFOCR.wikiPathway: ["https://identifiers.org/wikipathways/WP1"],
        PFOCR.redirectsFrom: ["https://pfocr.wikipathways.org/figures/PMC1000001__F1"],
        SCHEMA.about: [f"{OURS}term/pathway-ontology/apoptosis"],
    }
    assert len(graph) == sum(len(list(node.triples())) for node in graph.nodes())


def test_a_paper_with_its_journal_and_publisher() -> None:
    page = fields(doi="10.1234/ABC", journal_title="PLOS ONE", journal_nlm_ta="PLoS One",
                  publisher_name="PLoS", keywords="b | a | b", reftext="Doe J.")  # fmt: skip
    said = Said(outcome_of(page).graph)
    paper = "http://identifiers.org/pmc/PMC1000001"
    assert said.by_subject[paper] == {
        RDF.type: [SCHEMA.ScholarlyArticle],
        SCHEMA.identifier: ["PMC1000001", "doi:10.1234/abc"],
        SCHEMA.name: ["A paper"],
        SCHEMA.url: ["https://pmc.ncbi.nlm.nih.gov/articles/PMC1000001/"],
        SCHEMA.sameAs: ["https://doi.org/10.1234/abc"],
        SCHEMA.isPartOf: [f"{OURS}journal/plos-one"],
        SCHEMA.keywords: ["a", "b"],
        SCHEMA.datePublished: ["2020"],
        SCHEMA.publisher: [f"{OURS}publisher/plos"],
        DCTERMS.bibliographicCitation: ["Doe J."],
    }
    journal = said.by_subject[f"{OURS}journal/plos-one"]
    assert (journal[SCHEMA.name], journal[SCHEMA.alternateName]) == (["PLOS ONE"], ["PLoS One"])
    abbreviated = paper_nodes(Paper("PMC1", "", "", "", "", "", "PLoS One", "", ()))[1]
    assert dict(abbreviated.properties)[SCHEMA.name] == (Literal("PLoS One"),)
    assert SCHEMA.alternateName not in dict(abbreviated.properties)


def test_a_gene_with_and_without_each_id() -> None:
    by = Iris()
    full = dict(gene_node(Gene("8600", "11926", "TNFSF11", "TNF …", "9606"), by).properties)
    assert full[SKOS.exactMatch] == ("http://identifiers.org/hgnc/11926",)
    assert full[SCHEMA.identifier] == (Literal("hgnc:11926"), Literal("ncbigene:8600"))
    only_hgnc = gene_node(Gene("", "372", "AKAP2", "", "9606"), by)
    assert only_hgnc.subject == "http://identifiers.org/hgnc/372"
    assert SKOS.exactMatch not in dict(only_hgnc.properties)
    assert "genenames.org" in str(dict(only_hgnc.properties)[SCHEMA.url])
    fish = dict(gene_node(Gene("405785", "", "tnfa", "", ""), by).properties)
    assert not {SKOS.exactMatch, SCHEMA.taxonomicRange, SCHEMA.description} & set(fish)


def test_organisms_without_a_known_id_get_an_iri_of_ours() -> None:
    assert organism_iri(Organism("prion", ""), Iris()) == f"{OURS}organism/prion"
    made = dict(
        organism_node(Organism("Mus musculus", "10090", "Rodents", "Mouse"), Iris()).properties
    )
    assert made[SCHEMA.alternateName] == (Literal("Mouse"),)
    assert made[PFOCR.taxonGroup] == (Literal("Rodents"),)


def test_creators() -> None:
    block = jsonld(creator={"@type": "Person", "name": "Jane Doe"})
    said = Said(outcome_of(fields(**{"schema-jsonld": block})).graph)
    assert said.of(FIGURE, SCHEMA.creator) == [f"{OURS}creator/jane-doe"]
    assert said.of(f"{OURS}creator/jane-doe", RDF.type) == [SCHEMA.Person]


@pytest.mark.parametrize("style", IriStyle)
def test_each_style_spells_entities_its_own_way_and_nothing_else(style: IriStyle) -> None:
    row = "9606 Homo_sapiens Primates RANKL RANKL TNFSF11 8600 ncbigene_synonym"
    outcome = outcome_of(fields(), genes(row))
    assert outcome.figure is not None
    by = Iris(style)
    graph, _ = Mapper(Linker(embedded()), by).map_figure(outcome.figure)
    said = Said(graph)
    assert said.of(FIGURE, SCHEMA.mentions) == [by.gene("8600")]
    assert said.of(by.gene("8600"), SKOS.exactMatch) == [by.hgnc("11926")]
    assert said.of(by.gene("8600"), SCHEMA.taxonomicRange) == [by.taxon("9606")]
    assert said.of(FIGURE, SCHEMA.isPartOf) == ["http://identifiers.org/pmc/PMC1000001"]
    mine = [mention.subject for mention in graph_of(outcome).mentions]
    assert [mention.subject for mention in graph.mentions] == mine


def test_a_mapper_with_a_small_memory_makes_the_same(
    monkeypatch: pytest.MonkeyPatch, real: list[Real]
) -> None:
    mappers = []
    for size in (1, 100_000):
        monkeypatch.setattr(module, "_CACHE_SIZE", size)
        mappers.append(Mapper(Linker(embedded()), Iris()))
    small, large = mappers
    for one in real[:8]:
        assert one.outcome.figure is not None
        first = small.map_figure(one.outcome.figure)
        assert large.map_figure(one.outcome.figure) == first
