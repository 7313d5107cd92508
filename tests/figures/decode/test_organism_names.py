"""Organisms that a text names: whole words, and what looks like a name but is none."""

from __future__ import annotations

import re

import pytest

from pfocr_rdf.figures.decode.organism_names import NAMES, shipped_names
from pfocr_rdf.figures.decode.taxa import BUILT_IN, TaxonTable
from pfocr_rdf.figures.model import Organism
from pfocr_rdf.shipped import data_rows, export_data_files

PAGES = (
    Organism(
        "Drosophila melanogaster", "7227", common_name="Vinegar fly", synonyms=("Dmel", "dm3")
    ),
    Organism("Aedes fluviatilis", "", common_name="tiger mosquito"),
    Organism("Mus spretus", "10096", common_name="mouse", synonyms=("Algerian mouse",)),
    Organism("Ixodes ricinus", "34613", common_name="tick"),
    Organism("Ixodes scapularis", "6945", common_name="tick"),
)


def found(text: str, *pages: Organism) -> list[str]:
    return [organism.taxon_id for organism in TaxonTable(pages).named_in(text)]


@pytest.mark.parametrize(
    ("text", "taxa"),
    [
        ("Signalling in Homo sapiens and mus  MUSCULUS", ["9606", "10090"]),
        ("Human, HUMANS; the mouse's liver, mice", ["9606", "10090"]),
        ("rat-derived cells of RATS", ["10116"]),
        ("C. elegans, E.coli and S.\u00a0cerevisiae", ["6239", "562", "4932"]),
        ("Escherichia coli K-12", ["83333"]),
        ("budding yeast, fission yeast", ["4932", "4896"]),
        ("fruit flies and Arabidopsis", ["7227", "3702"]),
        ("HIV-1 and SARS-CoV-2 in zebrafish", ["11676", "2697049", "7955"]),
        ("mouse\u2013human chimaeras, human/rat", ["10090", "9606", "10116"]),
        ("guinea pigs", ["10141"]),
        ("a cat, a pig and a turkey", ["9685", "9823", "9103"]),
    ],
)
def test_whole_names_are_found(text: str, taxa: list[str]) -> None:
    assert found(text) == taxa


@pytest.mark.parametrize(
    "text",
    [
        "the ratio of rates, dormouse, humane, mousey, Drosophilae",
        "CAT activity, PIG-A, DOG1, Turkey, e. coli, c. elegans, Cat",
        "human papillomavirus, mouse mammary tumor virus",
        "yeast two-hybrid, yeast extract, horse serum, Chinese hamster ovary cells",
        "naked mole-rats, pig-tailed macaques, deer mice, horse chestnut",
        "anti-mouse IgG, Anti-rabbit, mouse monoclonal antibody, non-human, non human primates",
        "patients, murine and bovine cells, monkeys, clinical samples, RAT1",
        "",
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert found(text) == []


def test_a_longer_name_hides_the_shorter_one_at_its_place_alone() -> None:
    assert found("mouse-ear cress of a mouse, human papillomavirus of a human") == [
        "3702", "10090", "9606",
    ]  # fmt: skip


def test_pages_add_names_and_the_shipped_table_decides() -> None:
    assert found("a VINEGAR fly and Dmel, tiger mosquitoes", *PAGES) == ["7227"]
    assert found("dm3", *PAGES) == ["7227"]
    assert found("DM3", *PAGES) == [], "short names are also symbols"
    assert found("mouse", *PAGES) == ["10090"], "not the page's Mus spretus"
    assert found("Algerian mouse, M. spretus", *PAGES) == ["10096"]
    assert found("a tick", *PAGES) == [], "of two organisms"
    assert found("Aedes fluviatilis", *PAGES) == [], "without a taxon id"


def test_an_organism_is_named_once_and_as_its_page_has_it() -> None:
    (fly,) = TaxonTable(PAGES).named_in("Drosophila", "fruit fly", "D. melanogaster")
    assert fly == PAGES[0]


def test_the_shipped_names_are_of_built_in_species_and_of_one_each() -> None:
    taxa = set(BUILT_IN.values())
    owners: dict[str, str] = {}
    for names in shipped_names():
        assert names.taxon_id in {"", *taxa}
        for name in (*names.in_any_case, *names.as_written):
            assert re.fullmatch(r"[A-Za-z0-9' -]+", name), name
            assert owners.setdefault(name.lower(), names.taxon_id) == names.taxon_id, name
    rows = data_rows(NAMES)
    assert all(len(row) == 3 for row in rows)
    assert NAMES in {path.name for path in export_data_files()}
