"""The knowledge graph in KGX: of Biolink's classes and slots, whole, and what the figures say."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.rdf.iris import IriStyle
from pfocr_rdf.rdf.vocabulary import OA, PFOCR, RDF, SCHEMA
from tests.support.formed import entities_of, figures_of, formed, records, said
from tests.support.places import TESTS
from tests.support.releases import SharedReleases
from tests.support.samples import Sample

TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
}
CURIE = re.compile(r"[A-Za-z]+:\S+")


@pytest.fixture(scope="module")
def biolink() -> dict[str, Any]:
    path = TESTS / "support" / "biolink.json"
    classes: dict[str, Any] = json.loads(path.read_bytes())["classes"]
    return classes


@pytest.fixture(scope="module")
def seeds_out(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return formed(seeds, tmp_path_factory.mktemp("kgx") / "out", Form.KGX)


@pytest.fixture(scope="module")
def sample_out(sample: Sample, releases: SharedReleases) -> Path:
    return releases.of_sample(sample)


def graph(out: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return records(out / "pfocr_nodes.jsonl"), records(out / "pfocr_edges.jsonl")


DEPRECATED = {"qualifiers"}
"""Slots that Biolink 4.4.6 has and calls deprecated, of those that were ours."""


def faults(record: dict[str, Any], classes: dict[str, Any]) -> list[str]:
    """Return what a record has that its Biolink class does not allow."""
    (category,) = record["category"]
    of_class = classes[category.removeprefix("biolink:")]
    found = [f"lacks {slot}" for slot in of_class["required"] if slot not in record]
    for slot, value in record.items():
        allowed = of_class["slots"].get(slot)
        if allowed is None:
            found.append(f"{slot}: no slot of {category}")
            continue
        if slot in DEPRECATED:
            found.append(f"{slot}: deprecated")
        values = value if isinstance(value, list) else [value]
        if "type" in allowed and not isinstance(value, TYPES[allowed["type"]]):
            found.append(f"{slot}: expected {allowed['type']}, found {value!r}")
        if "enum" in allowed and not set(values) <= set(allowed["enum"]):
            found.append(f"{slot}: {value!r} is not of its enumeration")
    return found


def check(out: Path, classes: dict[str, Any]) -> None:
    nodes, edges = graph(out)
    assert nodes
    assert edges
    for record in (*nodes, *edges):
        assert faults(record, classes) == [], record
        assert all(value not in ("", [], None) for value in record.values()), record
    ids = [node["id"] for node in nodes]
    assert len(ids) == len(set(ids))
    known = set(ids)
    assert all(CURIE.fullmatch(id_) for id_ in known)
    for edge in edges:
        assert edge["subject"] in known, "a dangling edge"
        assert edge["object"] in known, "a dangling edge"
        assert edge["publications"]
        assert set(edge["publications"]) <= known
    assert all(node["name"] for node in nodes)
    check_beside(out, nodes, edges)
    assert len({edge["id"] for edge in edges}) == len(edges)
    triples = Counter((edge["subject"], edge["predicate"], edge["object"]) for edge in edges)
    assert set(triples.values()) == {1}
    for node in nodes:
        assert node.get("taxon") in (None, *known)


def check_beside(out: Path, nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> None:
    """Hold the prefix map and the metadata against the nodes and edges."""
    prefixes = json.loads((out / "pfocr_prefix_map.json").read_bytes())
    assert len({prefix.lower() for prefix in prefixes}) == len(prefixes)
    ids = {node["id"]: node["iri"] for node in nodes}
    for curie, iri in ids.items():
        prefix, _, local = curie.partition(":")
        assert prefixes[prefix] + local == iri
    used = {value for edge in edges for value in edge.get("has_attribute", ())}
    assert {value.partition(":")[0] for value in used} <= set(prefixes)
    metadata = json.loads((out / "pfocr_kgx_metadata.json").read_bytes())
    assert metadata["prefixes"] == prefixes
    assert metadata["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert metadata["nodes"] == {
        "count": len(nodes),
        "by": Counter(category for node in nodes for category in node["category"]),
    }
    assert metadata["edges"] == {
        "count": len(edges),
        "by": Counter(edge["predicate"] for edge in edges),
    }


def test_the_seeds_are_valid_biolink(seeds_out: Path, biolink: dict[str, Any]) -> None:
    check(seeds_out, biolink)


def test_real_figures_are_valid_biolink(sample_out: Path, biolink: dict[str, Any]) -> None:
    check(sample_out, biolink)


def test_the_check_finds_faults(biolink: dict[str, Any]) -> None:
    edge = {"id": "x:1", "category": ["biolink:Association"], "subject": "a:1", "object": "a:2"}
    assert "lacks predicate" in faults(edge, biolink)
    whole = edge | {
        "predicate": "biolink:part_of",
        "knowledge_level": "not_provided",
        "agent_type": "image_processing_agent",
    }
    assert faults(whole, biolink) == []
    assert faults(whole | {"tier": "all"}, biolink)
    assert faults(whole | {"qualifiers": ["x:1"]}, biolink)
    assert faults(whole | {"agent_type": "a robot"}, biolink)
    assert faults(whole | {"publications": "PMC:1"}, biolink)


def test_a_gene_of_the_first_seed(seeds_out: Path) -> None:
    nodes, edges = graph(seeds_out)
    (gene,) = (node for node in nodes if node["id"] == "NCBIGene:8600")
    assert gene == {
        "id": "NCBIGene:8600",
        "category": ["biolink:Gene"],
        "name": "TNFSF11",
        "iri": "http://identifiers.org/ncbigene/8600",
        "xref": [
            "HGNC:11926",
            "ENSEMBL:ENSG00000120659",
            "OMIM:602642",
            "UniProtKB:O14788",
            "RefSeq:NM_003701",
        ],
        "provided_by": ["infores:pfocr"],
        "symbol": "TNFSF11",
        "full_name": "TNF superfamily member 11",
        "taxon": "NCBITaxon:9606",
    }
    figure = "PFOCR:PMC4168338__10-1055-s-0031-1298276-i430gf01.html"
    (edge,) = (e for e in edges if (e["subject"], e["object"]) == (figure, "NCBIGene:8600"))
    assert edge.pop("id").startswith("urn:uuid:")
    assert edge == {
        "category": ["biolink:InformationContentEntityToNamedThingAssociation"],
        "subject": figure,
        "predicate": "biolink:mentions",
        "object": "NCBIGene:8600",
        "primary_knowledge_source": "infores:pfocr",
        "knowledge_level": "not_provided",
        "agent_type": "image_processing_agent",
        "publications": ["PMC:PMC4168338"],
        "has_attribute": [
            "pfocrvocab:Synonym",
            "pfocrvocab:hgncAliasSymbol",
            "pfocrvocab:readings=1",
            "pfocrvocab:mentionsUnambiguously",
        ],
        "supporting_text": ["RANKL"],
        "evidence_count": 1,
    }


def test_edges_are_what_the_figures_mention(sample_out: Path) -> None:
    _, edges = graph(sample_out)
    got = {
        (edge["subject"], edge["object"])
        for edge in edges
        if edge["agent_type"] == "image_processing_agent"
    }
    prefixes = {
        "http://identifiers.org/ncbigene/": "NCBIGene:",
        "http://purl.obolibrary.org/obo/CHEBI_": "CHEBI:",
        "http://purl.obolibrary.org/obo/DOID_": "DOID:",
        "http://id.nlm.nih.gov/mesh/": "MESH:",
    }
    expected = set()
    for dumped in figures_of(sample_out):
        facts = said(dumped.figure)
        for entity in facts.get(SCHEMA.mentions, ()):
            (curie,) = (
                prefix + entity.removeprefix(namespace)
                for namespace, prefix in prefixes.items()
                if entity.startswith(namespace)
            )
            expected.add((f"PFOCR:{facts[SCHEMA.identifier][0]}.html", curie))
    assert got == expected
    assert {prefix for _, object_ in got for prefix in [object_.partition(":")[0]]} == {
        "NCBIGene",
        "CHEBI",
        "DOID",
        "MESH",
    }


def test_attributes_keep_tiers_and_lexicons(sample_out: Path) -> None:
    _, edges = graph(sample_out)
    got = {(e["subject"], e["object"]): set(e.get("has_attribute", ())) for e in edges}
    seen = 0
    for dumped in figures_of(sample_out):
        figid = said(dumped.figure)[SCHEMA.identifier][0]
        for mention in dumped.mentions:
            facts = said(mention)
            if facts[RDF.type] == [PFOCR.GeneMention] and OA.hasBody in facts:
                gene = facts[OA.hasBody][0].rpartition("/")[2]
                concepts = facts.get(PFOCR.lexicon, []) + facts.get(PFOCR.matchTier, [])
                named = {concept.replace(PFOCR.base, "pfocrvocab:") for concept in concepts}
                about = got[f"PFOCR:{figid}.html", f"NCBIGene:{gene}"]
                assert named <= about
                sure = said(dumped.figure).get(PFOCR.mentionsUnambiguously, ())
                assert ("pfocrvocab:mentionsUnambiguously" in about) == (
                    facts[OA.hasBody][0] in sure
                )
                if PFOCR.readings in facts:
                    (count,) = (int(q[20:]) for q in about if q.startswith("pfocrvocab:readings="))
                    assert 1 <= count <= int(facts[PFOCR.readings][0])
                seen += len(named)
    assert seen > 100


def test_every_entity_with_a_class_of_biolink_is_a_node(sample_out: Path) -> None:
    nodes, _ = graph(sample_out)
    counts = Counter(node["category"][0] for node in nodes)
    classes = Counter(said(entity)[RDF.type][0] for entity in entities_of(sample_out))
    assert counts["biolink:Gene"] == classes[SCHEMA.Gene]
    assert counts["biolink:ChemicalEntity"] == classes[SCHEMA.ChemicalSubstance]
    assert counts["biolink:Disease"] == classes[SCHEMA.MedicalCondition]
    figures = sum(1 for _ in figures_of(sample_out))
    assert counts["biolink:Publication"] == classes[SCHEMA.ScholarlyArticle] + figures
    # Organisms without a known id have no CURIE.
    assert 0 < counts["biolink:OrganismTaxon"] < classes[SCHEMA.Taxon]


@pytest.mark.parametrize("style", IriStyle)
def test_ids_do_not_depend_on_the_iri_style(
    seeds: Path, tmp_path: Path, seeds_out: Path, style: IriStyle
) -> None:
    out = formed(seeds, tmp_path / "out", Form.KGX, style=style)
    (nodes, edges), (expected, same) = graph(out), graph(seeds_out)
    assert edges == same
    for node in (*nodes, *expected):
        node.pop("iri")
    assert sorted(nodes, key=lambda node: str(node["id"])) == sorted(
        expected, key=lambda node: str(node["id"])
    )


def test_words_of_several_kinds_and_organisms_in_texts_are_attributes(tmp_path: Path) -> None:
    page = {
        "figid": "PMC1__f1", "figtitle": "ACE in mice", "pmcid": "PMC1", "filename": "f1.jpg",
        "genes": [{"word": "ACE", "symbol": "ACE", "source": "hgnc_symbol", "hgnc_symbol": "ACE", "entrez": "1636"}],
        "chemicals": [{"word": "ACE", "source": "MESH", "identifier": "D000085"}],
    }  # fmt: skip
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "PMC1__f1.md").write_text(f"---\n{json.dumps(page)}\n---\n")
    _, edges = graph(formed(tmp_path / "in", tmp_path / "out", Form.KGX))
    attributes = {edge["object"]: edge.get("has_attribute") for edge in edges}
    of_word = ["pfocrvocab:readings=2", "pfocrvocab:alsoReadAs"]
    assert attributes["NCBIGene:1636"] == ["pfocrvocab:Symbol", "pfocrvocab:hgncSymbol", *of_word]
    assert attributes["MESH:D000085"] == ["pfocrvocab:mesh", *of_word]
    assert attributes["NCBITaxon:10090"] == ["pfocrvocab:organismInText"]
