"""Organism pages, map files, and the names that are known without them."""

from __future__ import annotations

import pytest

from pfocr_rdf.figures.decode.log import DecodeLog
from pfocr_rdf.figures.decode.organism_pages import decode_organism, read_map
from pfocr_rdf.figures.decode.taxa import TaxonTable
from pfocr_rdf.figures.model import Organism
from pfocr_rdf.figures.read.frontmatter import parse_front_matter
from pfocr_rdf.figures.read.tables import parse_map
from pfocr_rdf.findings import Counted, Finding, Ledger, Outcome
from tests.support.samples import Sample


def organism(body: str) -> tuple[Organism | None, DecodeLog]:
    log = DecodeLog("o.md", Counted.ORGANISM_LEAF)
    found = decode_organism(parse_front_matter(f"---\n{body}\n---\n", "o.md"), log)
    assert log.ledger.imbalances() == []
    return found, log


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.field) for finding in findings]


@pytest.mark.parametrize(
    ("slug", "expected", "found"),
    [
        ("homo_sapiens",
         Organism("Homo sapiens", "9606", "Primates",  "Homo sapiens",
                  "http://www.ncbi.nlm.nih.gov/Taxonomy/taxi/images/422"), []),  # type: ignore[arg-type]
        ("drosophila_melanogaster",
         Organism("Drosophila melanogaster", "7227", "Invertebrates", "Fruitfly"), []),
        ("aedes_fluviatilis",
         Organism("Aedes fluviatilis", "", "Invetebrates", "Aedes fluviatilis"),
         [("organism-unlinked", "ncbi")]),
        ("acinetobacter_baumannii_atcc_19606__cip_7034__jcm_6841",
         Organism("Acinetobacter baumannii ATCC 19606 CIP 70.34 JCM 6841", "575584", "Bacteria",
                  "Acinetobacter baumannii ATCC 19606 CIP 70.34 JCM 6841"), []),
    ],
)  # fmt: skip
def test_real_pages(
    sample: Sample, slug: str, expected: Organism, found: list[tuple[str, str]]
) -> None:
    path = sample.pages / "_organisms" / f"{slug}.md"
    log = DecodeLog(path.name, Counted.ORGANISM_LEAF)
    assert decode_organism(parse_front_matter(path.read_text(), path.name), log) == expected
    assert codes(log.findings) == found
    assert log.ledger.imbalances() == []


def test_what_is_booked() -> None:
    found, log = organism("latin: Mus musculus\ncommon: Mus  musculus\ntitle: Mouse\nncbi: x\n"
                           "image: no address\ncolour: grey\ngroup: [a]\nlatin: Mus musculus")  # fmt: skip
    assert found == Organism("Mus musculus", "", "", "Mus musculus")
    assert codes(log.findings) == [
        ("duplicate-key", "latin"), ("bad-identifier", "image"), ("bad-identifier", "ncbi"),
        ("field-malformed", "group"), ("organism-unlinked", "ncbi"), ("unknown-field", "colour"),
    ]  # fmt: skip
    assert {(e.path, e.reason) for e in log.entries} >= {
        ("common", "equals-latin"), ("title", "not-mapped"), ("colour", "unknown-field"),
        ("group[0]", "field-malformed"),
    }  # fmt: skip


@pytest.mark.parametrize("body", ["ncbi: 1\ngroup: [a, b]", "latin: NA\nncbi: 1", "latin: [a]"])
def test_a_page_without_a_name_is_skipped(body: str) -> None:
    found, log = organism(body)
    assert found is None
    assert ("field-malformed", "latin") in codes(log.findings)
    assert log.ledger.outcomes[Counted.ORGANISM_PAGE, Outcome.SKIPPED, "field-malformed"] == 1


def test_a_page_that_is_none_is_skipped() -> None:
    found, log = organism("- a")
    assert found is None
    assert codes(log.findings) == [("front-matter-malformed", "")]


def test_names_are_found_whole_whatever_their_case_and_blanks() -> None:
    table = TaxonTable()
    assert table.find(" Homo  sapiens ").taxon_id == "9606"
    assert table.find("homo SAPIENS") == Organism("Homo sapiens", "9606")
    assert table.find("clinical  samples") == Organism("clinical samples", "")
    assert table.find("Homo sapien").taxon_id == ""


def test_pages_add_to_the_table_and_win_but_never_take_an_id_away() -> None:
    table = TaxonTable(
        [Organism("Yeti  ignotus", "77", "Primates"), Organism("Mus musculus", "10090", "Rodents"),
         Organism("Homo sapiens", "", "Primates"), Organism("prion", "", "x")]
    )  # fmt: skip
    assert table.find("Yeti ignotus").taxon_id == "77"
    assert table.find("Mus musculus").group == "Rodents"
    assert table.find("Homo sapiens").taxon_id == "9606"
    assert table.find("prion").group == "x"


def test_common_names_and_synonyms_of_pages_are_names() -> None:
    yeast, _ = organism("latin: Saccharomyces cerevisiae\nncbi: 4932\ncommon: Yeast\n"
                        "synonyms: [baker's yeast, S. cerevisiae]")  # fmt: skip
    assert yeast is not None
    table = TaxonTable([yeast])
    for name in ("Yeast", "yeast", "Baker's yeast", "S.  cerevisiae"):
        assert table.find(name) == yeast
    assert yeast.synonyms == ("baker's yeast", "S. cerevisiae")


def test_synonyms_are_a_list_or_joined_and_booked() -> None:
    found, log = organism("latin: A b\nsynonyms: X y, NA, Z\nsynonym: Z\nncbi: 7")
    assert found is not None
    assert found.synonyms == ("X y", "Z")
    assert [(e.path, e.reason) for e in log.entries] == [("synonym", "repeated")]


def test_a_latin_name_goes_before_a_common_one_and_a_shared_one_names_none() -> None:
    table = TaxonTable(
        [Organism("Yeti ignotus", "77", "", "Homo sapiens"), Organism("Yeti albus", "78", "", "Yeti"),
         Organism("Yeti niger", "79", "", "yeti")]
    )  # fmt: skip
    assert table.find("homo sapiens").taxon_id == "9606"
    assert table.find("Yeti") == Organism("Yeti", "")


def test_built_in_ids_are_those_of_real_tables(sample: Sample) -> None:
    built_in, seen = TaxonTable(), 0
    for path in (sample.pages / "_data").glob("*-genes.tsv"):
        for line in path.read_text().splitlines()[1:]:
            taxon, name = line.split("\t")[:2]
            assert built_in.find(name).taxon_id in {taxon, ""}, name
            seen += built_in.find(name).taxon_id == taxon
    assert seen > 100


def test_map_rows() -> None:
    known: dict[str, tuple[str, ...]] = {}
    ledger, findings = Ledger(), list[Finding]()
    text = "PMC1__a\tWP1\nPMC1__a\tWP1\nPMC1__a\tWP2\nPMC1__b\tNA\n\tWP3\nPMC1__c\n"
    read_map(parse_map(text, "m.tsv"), "m.tsv", known, ledger, findings)
    assert known == {"PMC1__a": ("WP1",)}
    assert codes(findings) == [
        ("row-malformed", "line 6"), ("value-conflict", "line 3"), ("row-malformed", "line 4"),
        ("row-malformed", "line 5"),
    ]  # fmt: skip
    assert ledger.came_in[Counted.MAP_ROW] == 6
    assert dict(ledger.outcomes) == {
        (Counted.MAP_ROW, Outcome.SKIPPED, "row-malformed"): 3,
        (Counted.MAP_ROW, Outcome.SKIPPED, "value-conflict"): 1,
        (Counted.MAP_ROW, Outcome.MERGED, "repeated-row"): 1,
    }
