"""The lists that the package has beside HGNC's table: whole, with sources, and true of HGNC."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from pfocr_rdf.figures.link.shipped_words import (
    MITOCHONDRIAL,
    OTHER_THINGS,
    ncbi_symbols,
    other_things,
)
from pfocr_rdf.figures.link.table import GeneTable
from pfocr_rdf.shipped import export_data_files
from tests.support.pathway_pages import hgnc_table
from tests.support.samples import REAL


@pytest.fixture(scope="module")
def tables(shared: Path) -> tuple[GeneTable, GeneTable]:
    """HGNC's tables of 2024 and 2018."""
    return hgnc_table(REAL.hgnc), hgnc_table(REAL.hgnc_2018)


def lines_of(name: str) -> list[str]:
    return resources.files("pfocr_rdf").joinpath("data", name).read_text("utf-8").splitlines()


def test_the_words_of_other_things_are_one_each_with_kind_meaning_and_source() -> None:
    body = [line for line in lines_of(OTHER_THINGS) if not line.startswith("#")]
    assert body[0] == "word\tkind\tmeaning\tsource"
    rows = [line.split("\t") for line in body[1:]]
    assert len(other_things()) == len(rows)
    assert {len(row) for row in rows} == {4}
    assert {row[1] for row in rows} == {"chemical", "disease", "family", "other"}
    assert {row[3] for row in rows} == {"table", "usage"}
    assert all(cell == cell.strip() != "" for row in rows for cell in row)
    assert {"LPS", "CO", "COPD", "NO", "FTD"} <= other_things().keys()


def test_all_37_genes_of_mitochondria_are_there() -> None:
    rows = [line.split("\t") for line in lines_of(MITOCHONDRIAL) if line[0].isdigit()]
    assert len(ncbi_symbols()) == len(set(ncbi_symbols().values())) == len(rows) == 37
    assert {row[2][:3] for row in rows} == {"MT-"}
    of_proteins = [row for row in rows if not re.match("TRN|RNR", row[1])]
    assert (len(of_proteins), len([row for row in rows if row[1][:3] == "TRN"])) == (13, 22)


def test_the_lists_say_where_they_are_from_and_decide_what_an_export_writes() -> None:
    for name in (OTHER_THINGS, MITOCHONDRIAL):
        assert lines_of(name)[0].startswith("# ")
        assert name in [path.name for path in export_data_files()]


def test_ncbis_symbols_are_those_of_hgncs_genes(tables: tuple[GeneTable, GeneTable]) -> None:
    table = tables[0]
    rows = [line.split("\t") for line in lines_of(MITOCHONDRIAL) if line[0].isdigit()]
    for entrez_id, symbol, of_hgnc in rows:
        gene = table.by_entrez(entrez_id)
        assert gene is not None
        assert gene.symbol == of_hgnc
        assert symbol not in gene.previous
    named = [g.entrez_id for g in table if g.symbol.startswith("MT-") and g.entrez_id]
    assert set(named) == ncbi_symbols().keys()


def test_every_word_of_usage_was_a_symbol_once_and_is_none_now(
    tables: tuple[GeneTable, GeneTable],
) -> None:
    for line in lines_of(OTHER_THINGS):
        if line.endswith("\tusage"):
            word = line.partition("\t")[0]
            assert any(t.by_previous(word) for t in tables), word
            assert tables[0].by_symbol(word) is None, word
