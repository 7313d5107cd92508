"""The table of alignments: valid SSSOM, and the same alignments as the graph's."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.rdf.files import read_triples
from pfocr_rdf.rdf.iris import Iris, IriStyle
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.rdf.vocabulary import PFOCR, RDF, SCHEMA, SKOS
from tests.support import referees
from tests.support.formed import entities_of, formed, said
from tests.support.releases import SharedReleases
from tests.support.samples import Sample

NAME = "pfocr.sssom.tsv"


@pytest.fixture(scope="module")
def sample_out(best_sample: Sample, releases: SharedReleases) -> Path:
    return releases.of_sample(best_sample)


def mappings(path: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return the metadata and the rows of a table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line.removeprefix("#") for line in lines if line.startswith("#")]
    rows = list(csv.DictReader(lines[len(head) :], delimiter="\t"))
    return yaml.safe_load("\n".join(head)), rows


def pairs(path: Path) -> set[tuple[str, str, str]]:
    """Return (subject, predicate, object) of each row, as IRIs."""
    metadata, rows = mappings(path)
    prefixes: dict[str, str] = metadata["curie_map"]

    def expanded(curie: str) -> str:
        prefix, _, local = curie.partition(":")
        return prefixes[prefix] + local

    found = [
        tuple(expanded(row[key]) for key in ("subject_id", "predicate_id", "object_id"))
        for row in rows
    ]
    assert len(found) == len(set(found))
    return {(subject, predicate, object_) for subject, predicate, object_ in found}


@pytest.mark.parametrize("style", IriStyle)
def test_alignments_are_those_of_the_graph(seeds: Path, tmp_path: Path, style: IriStyle) -> None:
    out = formed(seeds, tmp_path / "out", Form.SSSOM, style=style)
    matches = {SKOS.exactMatch, SKOS.closeMatch}
    expected: set[tuple[str, str, str]] = {
        (entity.subject, predicate, value)
        for entity in entities_of(out)
        for predicate, values in said(entity).items()
        if predicate in matches
        for value in values
    }
    respelled = Iris(style).respelled
    expected |= {
        (str(s), str(p), str(o))
        for s, p, o in read_triples(out / "alignment.ttl")
        if respelled(IRI(str(o))) == o  # how others spell it stays there
    }
    assert pairs(out / NAME) == expected
    genes = {subject for subject, predicate, _ in expected if predicate == PFOCR.ortholog}
    assert len(genes) > 140
    assert len(expected) == 1024


def test_alignments_of_real_figures(sample_out: Path) -> None:
    _, rows = mappings(sample_out / NAME)
    close = {
        (row["subject_id"], row["object_id"])
        for row in rows
        if "close" in row["predicate_id"] and row["object_id"].startswith("MESH:")
    }
    expected = {
        (entity.subject.replace("http://purl.obolibrary.org/obo/CHEBI_", "CHEBI:"), f"MESH:{mesh}")
        for entity in entities_of(sample_out)
        if SCHEMA.ChemicalSubstance in said(entity)[RDF.type]
        for match in said(entity).get(SKOS.closeMatch, ())
        for mesh in [match.rpartition("/")[2]]
    }
    assert close == expected != set()
    assert ("CHEBI:22984", "MESH:D002118") in close


def test_metadata_and_columns(seeds: Path, tmp_path: Path) -> None:
    out = formed(seeds, tmp_path / "out", Form.SSSOM, release="2025-09")
    metadata, rows = mappings(out / NAME)
    assert metadata["mapping_set_id"] == "https://w3id.org/pfocr/mappings/2025-09"
    assert metadata["mapping_set_version"] == "2025-09"
    assert metadata["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    used = {row[key].partition(":")[0] for row in rows for key in row if key.endswith("_id")}
    used |= {row["mapping_justification"].partition(":")[0] for row in rows}
    used |= {row["mapping_source"].partition(":")[0] for row in rows}
    assert used <= set(metadata["curie_map"])
    gene = next(row for row in rows if row["subject_id"] == "NCBIGene:8600")
    assert gene == {
        "subject_id": "NCBIGene:8600",
        "subject_label": "TNFSF11",
        "predicate_id": "skos:exactMatch",
        "object_id": "HGNC:11926",
        "mapping_justification": "semapv:BackgroundKnowledgeBasedMatching",
        "mapping_source": "infores:hgnc",
        "comment": "",
    }


def test_a_row_says_by_what_a_gene_is_elsewhere(seeds: Path, tmp_path: Path) -> None:
    _, rows = mappings(formed(seeds, tmp_path / "out", Form.SSSOM) / NAME)
    of_gene = {
        (row["predicate_id"], row["object_id"]): row["mapping_justification"].partition(":")[2]
        for row in rows
        if row["subject_id"] == "NCBIGene:8600"
    }
    stated = "BackgroundKnowledgeBasedMatching"
    assert of_gene == {
        ("skos:exactMatch", "HGNC:11926"): stated,
        ("skos:exactMatch", "ENSEMBL:ENSG00000120659"): stated,
        ("skos:closeMatch", "OMIM:602642"): stated,
        ("schema:encodesBioChemEntity", "UniProtKB:O14788"): stated,
        ("pfocr:referenceSequence", "RefSeq:NM_003701"): stated,
        ("pfocr:ortholog", "MGI:1100089"): stated,
        ("pfocr:ortholog", "RGD:620784"): stated,
    }


@pytest.mark.whole
@pytest.mark.parametrize("style", IriStyle)
def test_sssom_py_finds_it_valid(seeds: Path, tmp_path: Path, style: IriStyle) -> None:
    out = formed(seeds, tmp_path / "out", Form.SSSOM, style=style, release="2025-09")
    assert referees.sssom_faults(out / NAME) == []


@pytest.mark.whole
def test_no_reader_of_sssom_loses_a_row(seeds: Path, tmp_path: Path) -> None:
    """A prefix that spells a known one ends `sssom parse`; a source that is no CURIE loses a row."""
    (tmp_path / "m.sssom.tsv").write_text(
        "#curie_map:\n"
        "#  MESH: https://identifiers.org/mesh/\n"
        "#  uniprot_gene: http://purl.uniprot.org/geneid/\n"
        "#  MONDO: http://purl.obolibrary.org/obo/MONDO_\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "uniprot_gene:8600\tskos:relatedMatch\tMESH:D053245\tsemapv:ManualMappingCuration\n"
        "uniprot_gene:8600\tskos:relatedMatch\tMONDO:0009681\tsemapv:ManualMappingCuration\n"
    )
    mapped = tmp_path / "m.sssom.tsv"
    out = formed(seeds, tmp_path / "out", Form.SSSOM, release="2025-09", mappings=mapped)
    metadata, rows = mappings(out / NAME)
    assert "uniprot_gene" not in metadata["curie_map"]
    assert {row["object_id"] for row in rows if row["comment"]} == {"MESH:D053245", "MONDO:0009681"}
    assert referees.sssom_lost(out / NAME) == []


@pytest.mark.whole
def test_sssom_py_finds_alignments_of_real_figures_valid(sample_out: Path) -> None:
    assert referees.sssom_faults(sample_out / NAME) == []
