"""What docs/genes.md shows and counts is what the code does."""

from __future__ import annotations

import doctest
from pathlib import Path

from pfocr_rdf.figures.link.download import HGNC_URL
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.shipped import CACHE_VARIABLE


def test_the_examples_of_genes_md_run(root: Path) -> None:
    result = doctest.testfile(str(root / "docs/genes.md"), module_relative=False)
    assert result.attempted >= 5
    assert result.failed == 0


def test_genes_md_names_the_address_the_variable_and_the_count(root: Path) -> None:
    page = (root / "docs/genes.md").read_text(encoding="utf-8")
    assert f"<{HGNC_URL}>" in page
    assert f"`{CACHE_VARIABLE}`" in page
    assert f"{len(embedded_gene_table()):,} approved genes" in page
