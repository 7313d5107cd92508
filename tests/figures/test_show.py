"""One figure for people: each row says what was read, what it is, and how that is known."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pfocr_rdf.errors import InputError, UsageError
from pfocr_rdf.figures.link.table import GeneTable
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from pfocr_rdf.figures.show import ShownMention, View, show_figure

HEADER = (
    "organism_id\torganism_name\torganism_group\tword\tmatch\tncbigene_symbol\tncbigene_id\t"
    "source\tcount_direct\tcount_synonym\tcount_match"
)


@pytest.fixture(scope="module")
def table() -> GeneTable:
    return embedded_gene_table()


def test_a_keyword_stands_as_its_own_word(seeds: Path, table: GeneTable) -> None:
    shown = show_figure(str(seeds / "004_be595aa5e10b067e.txt"), None, View.TABLE, table)
    rows = {row.word: row for row in shown.rows}
    assert rows["TRAF6"] == ShownMention(
        "gene", "TRAF6", "", "TRAF6", "HGNC:12036", "7189", "", "ApprovedSymbol", "", ""
    )
    assert rows["TRAP"] == ShownMention(
        "term",
        "TRAP",
        "",
        "TRAP",
        "",
        "",
        "",
        "AmbiguousSymbol (ACP5, SCYL1, CD40LG?)",
        "",
        "",
    )
    assert rows["Ca2+"].how == "UnknownSymbol"
    assert {finding.code for finding in shown.findings} == {"ambiguous-symbol", "unknown-symbol"}
    assert shown.text == ""


@pytest.fixture
def checkout(seeds: Path, tmp_path: Path) -> Path:
    """A checkout of one figure with all three tables."""
    root = tmp_path / "pfocr"
    (root / "_figures").mkdir(parents=True)
    (root / "_data").mkdir()
    (root / "_organisms").mkdir()
    page = (seeds / "004_be595aa5e10b067e.txt").read_text(encoding="utf-8")
    figid = "PMC10377020__biomolecules-13-01050-g002"
    (root / "_figures" / f"{figid}.md").write_text(page, encoding="utf-8")
    genes = [
        HEADER,
        "9606\tHomo sapiens\tMammals\tRANKL\tRANKL\tTNFSF11\t8600\tncbigene_synonym\t1\tNA\t1",
        "10090\tMus musculus\tMammals\tMast\tMAST\tSpg21\t27965\tncbigene_synonym\t1\tNA\t1",
        "9606\tHomo sapiens\tMammals\tX\tX\tTNFSF11\tE8600\tncbigene_symbol\t1\tNA\t1",
    ]
    chemicals = [
        "word\tmesh\tmatch\tname\tchebi",
        "Ca2+\tmesh:D002118\tCA2+\tCalcium\tchebi:22984",
        "NO\tNA\tNA\tNA\tNA",
    ]
    diseases = ["word\tmesh\tmatch\tname\tdoid", "tumour\tNA\tTUMOUR\tcancer\tDOID:162"]
    for kind, lines in (("genes", genes), ("chemicals", chemicals), ("diseases", diseases)):
        path = root / "_data" / f"{figid}-{kind}.tsv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_rows_of_tables_show_what_they_state(checkout: Path, table: GeneTable) -> None:
    (page,) = (checkout / "_figures").iterdir()
    shown = show_figure(page.stem, checkout, View.TABLE, table)
    assert set(shown.rows) == {
        ShownMention(
            "gene", "RANKL", "RANKL", "TNFSF11", "HGNC:11926", "8600", "", "StatedEntrez", "1", ""
        ),
        ShownMention("gene", "Mast", "MAST", "Spg21", "", "27965", "", "StatedEntrez", "1", ""),
        ShownMention("gene", "X", "X", "TNFSF11", "", "", "", "BadIdentifier (TNFSF11?)", "1", ""),
        ShownMention(
            "chemical",
            "Ca2+",
            "CA2+",
            "",
            "",
            "",
            "CHEBI:22984 MESH:D002118",
            "StatedChebi",
            "1",
            "",
        ),
        ShownMention("chemical", "NO", "", "", "", "", "", "NoIdentifier", "1", ""),
        ShownMention("disease", "tumour", "TUMOUR", "", "", "", "DOID:162", "StatedDoid", "1", ""),
    }


def test_a_page_of_a_checkout_brings_its_tables_along(checkout: Path, table: GeneTable) -> None:
    (page,) = (checkout / "_figures").iterdir()
    by_path = show_figure(str(page), None, View.TABLE, table)
    by_figid = show_figure(page.stem, checkout, View.TABLE, table)
    assert by_path.rows == by_figid.rows
    assert by_path.title == by_figid.title


def test_a_page_may_be_named_otherwise_than_its_figure(checkout: Path, table: GeneTable) -> None:
    (page,) = (checkout / "_figures").iterdir()
    figid = page.stem
    # A page that only names the figid somewhere is not the figure.
    decoy = page.with_name("a.md")
    decoy.write_text(f"---\nfigid: PMC1__f1\ncaption: see {figid}\n---\n", encoding="utf-8")
    shutil.move(page, page.with_name("b.md"))
    shown = show_figure(figid, checkout, View.TABLE, table)
    assert shown.figid == figid


def test_what_cannot_be_shown_is_an_error(checkout: Path, table: GeneTable, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^PMC1__f1: no such figure in .* \(pages there: 1\)$"):
        show_figure("PMC1__f1", checkout, View.TABLE, table)
    with pytest.raises(UsageError, match="needs --in INPUT"):
        show_figure("PMC1__f1", None, View.TABLE, table)
    with pytest.raises(InputError, match=r"^PMC1 f1: no such file$"):
        show_figure("PMC1 f1", None, View.TABLE, table)
    nameless = tmp_path / "x.md"
    nameless.write_text("---\nfigid: ../etc\n---\n", encoding="utf-8")
    with pytest.raises(InputError, match="is not a figure we can show: bad-figid: expected PMC"):
        show_figure(str(nameless), None, View.TABLE, table)


@pytest.mark.parametrize("view", [View.TURTLE, View.JSONLD])
def test_the_graph_has_the_figure_once_and_its_entities(
    checkout: Path, table: GeneTable, view: View
) -> None:
    (page,) = (checkout / "_figures").iterdir()
    text = show_figure(page.stem, checkout, view, table).text
    assert text.count("TNF superfamily member 11") == 1
    assert "CHEBI_22984" in text
    assert text.endswith("\n")
