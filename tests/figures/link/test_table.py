"""The HGNC table in memory: parsing, look-ups, and the facts that the linking rules lean on."""

from __future__ import annotations

import dataclasses
import pickle
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.link import table as hgnc
from pfocr_rdf.figures.link.table import (
    COLUMNS,
    GeneTable,
    HgncGene,
    MatchedBy,
    parse_checked,
    parse_hgnc,
)
from pfocr_rdf.figures.link.table_source import EMBEDDED_NAME, read_table_text
from pfocr_rdf.findings import Finding
from tests.support.pathway_pages import hgnc_table
from tests.support.samples import MADE, REAL, Sample

HEADER = "\t".join(COLUMNS)


def row(
    hgnc_id: str,
    symbol: str,
    *,
    status: str = "Approved",
    alias: str = "",
    previous: str = "",
    date: str = "2024-01-31",
    entrez: str = "",
) -> str:
    """One line of a table with the columns in `COLUMNS`."""
    return "\t".join((hgnc_id, symbol, f"{symbol} name", status, alias, previous, date, entrez))


def table_of(*rows: str) -> GeneTable:
    """A small table."""
    return parse_hgnc("\n".join((HEADER, *rows, "")), "file", "t.tsv")


def symbols(genes: tuple[HgncGene, ...]) -> list[str]:
    """Approved symbols, in order."""
    return [gene.symbol for gene in genes]


@pytest.fixture(scope="module")
def text_2024(root: Path) -> str:
    """Text of the embedded table, which is that of 2024 with the columns that are read."""
    return read_table_text(root / "src/pfocr_rdf/data" / EMBEDDED_NAME)


@pytest.fixture(scope="module")
def full(text_2024: str) -> GeneTable:
    """The full table of 2024."""
    return parse_hgnc(text_2024, "file", EMBEDDED_NAME)


# --- parsing ---------------------------------------------------------------------------------


def test_a_row_becomes_a_gene() -> None:
    table = table_of(
        row("HGNC:24086", "A1CF", alias='"ACF|ASP|ACF64"', previous="OLD", entrez="29974")
    )
    assert table.genes == (
        HgncGene("24086", "A1CF", "A1CF name", "29974", ("ACF", "ASP", "ACF64"), ("OLD",)),
    )
    assert table.problems == ()
    assert table.release.genes == len(table) == 1
    assert list(table) == list(table.genes)


def test_the_header_decides_and_extra_columns_are_ignored() -> None:
    lines = (
        "entrez_id\tx\tsymbol\tname\tprev_symbol\talias_symbol\tstatus\tdate_modified\thgnc_id\tz",
        "54\t?\tACP5\tphosphatase\t\tTRAP\tApproved\t2023-01-20\tHGNC:124\t?",
    )
    assert parse_hgnc(lines, "file", "t").genes == (
        HgncGene("124", "ACP5", "phosphatase", "54", ("TRAP",), ()),
    )


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(column: str) -> None:
    header = "\t".join(name for name in COLUMNS if name != column)
    with pytest.raises(InputError, match=rf"^t\.tsv: header: .* {column} missing") as caught:
        parse_hgnc(header + "\n", "file", "t.tsv")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "\n", "<!DOCTYPE html>\n<p>Sign in", "# only a comment"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="hgnc_id, symbol, name"):
        parse_hgnc(text, "file", "t")


def test_only_approved_rows_are_genes_but_all_dates_count() -> None:
    table = table_of(
        row("HGNC:1", "A", date="2020-02-02"),
        row("HGNC:2", "B~withdrawn", status="Entry Withdrawn", date="2021-03-03"),
        row("HGNC:3", "C", date="soon"),
        row("HGNC:4", "D", status="Symbol Withdrawn", date=""),
        row("HGNC:5", "E", status="Merged/Split", date=""),
    )
    assert symbols(table.genes) == ["A", "C"]
    assert table.release.date == "2021-03-03"
    assert table.problems == ()


def test_a_table_without_dates_has_none() -> None:
    assert table_of(row("HGNC:1", "A", date="")).release.date == ""


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (row("HGNC:1", "B"), ("line 3: hgnc_id", "HGNC:1", "expected once")),
        (row("HGNC:2", "A"), ("line 3: symbol", "A", "expected once")),
        (row("HGNC:2", "B", entrez="7"), ("line 3: entrez_id", "7", "expected once")),
        (row("2", "B"), ("line 3: hgnc_id", "2", "expected HGNC: and digits")),
        (row("HGNC:", "B"), ("line 3: hgnc_id", "HGNC:", "expected HGNC: and digits")),
        (row("HGNC:٢", "B"), ("line 3: hgnc_id", "HGNC:٢", "expected HGNC: and digits")),
        (row("HGNC:02", "B"), ("line 3: hgnc_id", "HGNC:02", "expected HGNC: and digits")),
        (row("HGNC:2", ""), ("line 3: symbol", "", "expected an approved symbol")),
        (row("HGNC:2", "B", entrez="8.0"), ("line 3: entrez_id", "8.0", "expected digits")),
        (row("HGNC:2", "B", entrez="1.2E+02"), ("line 3: entrez_id", "1.2E+02", "expected digits")),
        (row("HGNC:2", "B", entrez="08"), ("line 3: entrez_id", "08", "expected digits")),
        (
            row("HGNC:2", "B", status="Aproved"),
            ("line 3: status", "Aproved", "expected Approved or a withdrawn one"),
        ),
        ("HGNC:2\tB\tname\tApproved", ("line 3", "", "expected 8 cells, found 4")),
        (row("HGNC:2", "B") + "\tmore", ("line 3", "", "expected 8 cells, found 9")),
    ],
)
def test_a_row_that_cannot_be_trusted_is_left_out_and_recorded(
    bad: str, why: tuple[str, str, str]
) -> None:
    table = table_of(row("HGNC:1", "A", entrez="7"), bad, row("HGNC:9", "Z", entrez="9"))
    assert symbols(table.genes) == ["A", "Z"]
    assert table.problems == (Finding("hgnc-row-malformed", "t.tsv", *why),)
    assert table.release.left_out == 1


def test_genes_without_an_entrez_id_do_not_clash() -> None:
    table = table_of(row("HGNC:1", "A"), row("HGNC:2", "B"))
    assert len(table) == 2
    assert table.by_entrez("") is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", ()),
        ("A", ("A",)),
        ('"A"', ("A",)),
        ('""', ()),
        ('"A|B"', ("A", "B")),
        ("A|B", ("A", "B")),
        ('"A| B ||A"', ("A", "B")),
        ("A,B", ("A,B",)),
        ("c\u2028d", ("c\u2028d",)),
    ],
)
def test_lists_of_symbols(cell: str, expected: tuple[str, ...]) -> None:
    gene = table_of(row("HGNC:1", "S", alias=cell, previous=cell)).genes[0]
    assert gene.aliases == gene.previous == expected


def test_a_quoted_name_loses_its_quotes() -> None:
    line = row("HGNC:1", "S").replace("S name", '"so ""called"" gene"')
    assert table_of(line).genes[0].name == 'so "called" gene'


def test_line_ends_byte_order_mark_and_text_or_lines_make_no_difference() -> None:
    lines = [HEADER, row("HGNC:1", "A", entrez="5"), row("HGNC:2", "B")]
    text = "\n".join(lines)
    expected = parse_hgnc(text + "\n", "file", "t")
    assert parse_hgnc(lines, "file", "t") == expected
    assert parse_hgnc((f"{line}\n" for line in lines), "file", "t") == expected
    for other in (text, text.replace("\n", "\r\n"), f"\ufeff{text}", f"{text}\n\n"):
        table = parse_hgnc(other, "file", "t")
        assert table.genes == expected.genes
        assert table.problems == ()


def test_a_subset_keeps_the_date_and_hash_of_the_full_table() -> None:
    first = hgnc.SUBSET_LINE.format(date="2024-10-18", sha256="ab" * 32)
    text = "\n".join((first, HEADER, row("HGNC:1", "A", date="2020-01-01"), ""))
    release = parse_hgnc(text, "embedded", "t").release
    assert (release.date, release.subset_of) == ("2024-10-18", "ab" * 32)
    assert release.sha256 != release.subset_of


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters='\t\n\r|"'), min_size=1)
        .map(str.strip)
        .filter(bool),
        unique=True,
    )
)
def test_any_list_of_symbols_survives(aliases: list[str]) -> None:
    joined = "|".join(aliases)
    cell = f'"{joined}"' if len(aliases) > 1 else joined
    table = table_of(row("HGNC:1", "S", alias=cell))
    assert table.genes[0].aliases == tuple(aliases)
    assert all(symbols(table.by_alias(alias)) == ["S"] for alias in aliases)


# --- look-ups --------------------------------------------------------------------------------


@pytest.fixture
def small() -> GeneTable:
    """Genes that share symbols in all three roles."""
    return table_of(
        row("HGNC:1", "A", alias='"X|Y"', entrez="11"),
        row("HGNC:2", "X", previous="A", entrez="1"),
        row("HGNC:3", "C", alias="X", previous="X", entrez="33"),
        row("HGNC:4", "D", previous="X", alias="11"),
    )


def test_each_look_up_answers_only_what_the_table_says(small: GeneTable) -> None:
    a, x, c, d = small.genes
    assert small.by_entrez("11") is a
    assert small.by_entrez("011") is None
    assert small.by_hgnc_id("3") is c
    assert small.by_hgnc_id("HGNC:3") is None
    assert small.by_symbol("X") is x
    assert small.by_symbol("x") is None
    assert small.by_previous("X") == (c, d)
    assert small.by_previous("none") == ()
    assert small.by_alias("X") == (a, c)
    assert small.by_alias("none") == ()


def test_candidates_go_from_approved_to_alias_each_gene_once(small: GeneTable) -> None:
    found = [(match.gene.symbol, match.how) for match in small.candidates("X")]
    assert found == [
        ("X", MatchedBy.APPROVED),
        ("C", MatchedBy.PREVIOUS),
        ("D", MatchedBy.PREVIOUS),
        ("A", MatchedBy.ALIAS),
    ]
    assert small.candidates("x") == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("HGNC:1", [("A", "hgnc_id")]),
        ("hgnc:1", [("A", "hgnc_id")]),
        ("1", [("X", "entrez_id")]),
        ("ncbigene:33", [("C", "entrez_id")]),
        ("11", [("A", "entrez_id"), ("D", "alias")]),
        (" Y ", [("A", "alias")]),
        ("A", [("A", "approved"), ("X", "previous")]),
        ("HGNC:99", []),
        ("99", []),
        ("HGNC:X", []),
        ("", []),
    ],
)
def test_lookup(small: GeneTable, query: str, expected: list[tuple[str, str]]) -> None:
    assert [(match.gene.symbol, match.how) for match in small.lookup(query)] == expected


def test_a_table_does_not_change_and_can_go_to_another_process(small: GeneTable) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.genes = ()  # type: ignore[misc]
    copy = pickle.loads(pickle.dumps(small))
    assert copy == small
    assert isinstance(copy.genes[0], HgncGene)
    assert copy.candidates("X") == small.candidates("X")


# --- the real table --------------------------------------------------------------------------


def test_the_table_of_2024(full: GeneTable) -> None:
    assert full.release._replace(sha256="", subset_of="") == hgnc.TableRelease(
        "2024-10-18", "", 43882, "file", EMBEDDED_NAME
    )
    assert full.problems == ()
    assert full.by_hgnc_id("11926") == full.by_entrez("8600") == full.by_symbol("TNFSF11")


def test_measured_ambiguity(full: GeneTable) -> None:
    aliases = {alias for gene in full for alias in gene.aliases}
    previous = {symbol for gene in full for symbol in gene.previous}
    assert sum(len(full.by_alias(symbol)) > 1 for symbol in aliases) == 1076
    assert sum(len(full.by_previous(symbol)) > 1 for symbol in previous) == 85
    # Of these 460 and 230, three are the gene's own approved symbol and nobody else's.
    assert sum(full.by_symbol(symbol) is not None for symbol in aliases) == 460
    assert sum(full.by_symbol(symbol) is not None for symbol in previous) == 230
    another = [
        (role, symbol)
        for role, found in (("alias", aliases), ("previous", previous))
        for symbol in found
        if (approved := full.by_symbol(symbol)) is not None
        and any(
            gene is not approved
            for gene in (full.by_alias(symbol) if role == "alias" else full.by_previous(symbol))
        )
    ]
    assert sum(role == "alias" for role, _ in another) == 459
    assert sum(role == "previous" for role, _ in another) == 228


def test_trap_is_an_alias_of_three_genes_and_nothing_else(sample: Sample) -> None:
    table = hgnc_table(sample.hgnc)
    assert table.by_symbol("TRAP") is None
    assert table.by_previous("TRAP") == ()
    assert symbols(table.by_alias("TRAP")) == ["ACP5", "SCYL1", "CD40LG"]
    assert {match.how for match in table.candidates("TRAP")} == {MatchedBy.ALIAS}


@pytest.mark.parametrize(
    ("old", "today"), [("G6PC", "G6PC1"), ("DDX58", "RIGI"), ("SEPT3", "SEPTIN3")]
)
def test_renamed_symbols(sample: Sample, old: str, today: str) -> None:
    before, now = hgnc_table(sample.hgnc_2018), hgnc_table(sample.hgnc)
    assert now.by_symbol(old) is None
    assert symbols(now.by_previous(old)) == [today]
    gene = before.by_symbol(old)
    assert gene is not None
    assert gene.hgnc_id == now.by_previous(old)[0].hgnc_id
    assert before.release.date == "2018-11-07"
    # 1,179 further rows of the whole table are withdrawn entries.
    assert len(before) == {MADE: 463, REAL: 41562}[sample]
    assert before.problems == ()


def test_a_checked_table_is_read_as_any_other(text_2024: str, full: GeneTable) -> None:
    assert parse_checked(text_2024, "file", EMBEDDED_NAME) == full
    copy = pickle.loads(pickle.dumps(full))
    assert copy == full
    assert copy.candidates("TRAP") == full.candidates("TRAP")


@pytest.mark.whole
def test_the_full_table_loads_fast(text_2024: str) -> None:
    times = []
    for _ in range(3):
        start = time.process_time()
        parse_hgnc(text_2024, "file", "t")
        times.append(time.process_time() - start)
    # Some 0.25 s; the bound leaves room for a slow or busy machine.
    assert min(times) < 1.0


# --- ids in other databases ------------------------------------------------------------------

FULL_HEADER = "\t".join((*COLUMNS, *hgnc.REFERENCE_COLUMNS))


def crossed(*cells: str) -> GeneTable:
    """A table of one gene with these ids in other databases."""
    lines = (FULL_HEADER, "\t".join((row("HGNC:1", "A"), *cells)), "")
    return parse_hgnc("\n".join(lines), "file", "t.tsv")


def test_ids_in_other_databases_are_kept_as_one_text() -> None:
    cells = ("ENSG00000206503", "P04439", "142800", "NM_002116.8", "MGI:95896|MGI:95904", "RGD:1")
    quoted = (*cells[:4], f'"{cells[4]}"', cells[5])
    table = crossed(*quoted)
    assert table.genes[0].crossed == "\t".join(cells)
    assert table.problems == ()
    again = pickle.loads(pickle.dumps(table))
    assert again.genes == table.genes
    assert crossed("", "", "", "", "", "").genes[0].crossed == ""


def test_a_table_without_such_columns_is_read() -> None:
    table = table_of(row("HGNC:1", "A"))
    assert table.genes[0].crossed == ""
    assert table.problems == ()
    header = f"{HEADER}\tomim_id"
    some = parse_hgnc(f"{header}\n{row('HGNC:1', 'A')}\t138670\n", "file", "t.tsv")
    assert some.genes[0].crossed == "\t\t138670\t\t\t"


@pytest.mark.parametrize(
    ("place", "bad"),
    [
        (0, "ENSG0000020650"),
        (0, "ENSG00000206503.1"),
        (0, "ensg00000206503"),
        (1, "P0443"),
        (1, "P04439 x"),
        (2, "142800.0"),
        (2, "1.4E+05"),
        (3, "NM_00<2>116"),
        (3, "NR_14440"),
        (4, "MGI:MGI:1"),
        (4, "95896.0"),
        (5, "RGD:"),
        (5, "٢"),
    ],
)
def test_an_id_of_another_form_is_a_finding_and_its_gene_stays(place: int, bad: str) -> None:
    cells = [""] * len(hgnc.REFERENCE_COLUMNS)
    good = ("ENSG00000206503", "P04439", "142800", "NM_002116", "MGI:95896", "RGD:1359403")[place]
    cells[place] = f'"{bad}|{good}"'
    table = crossed(*cells)
    assert table.genes[0].crossed.strip("\t") == good
    (finding,) = table.problems
    assert finding.code == "hgnc-reference-malformed"
    assert (finding.field, finding.value) == (f"line 2: {hgnc.REFERENCE_COLUMNS[place]}", bad)
    assert table.left_out == ()
    assert table.release.left_out == 0


def test_a_full_stop_behind_an_accession_is_dropped() -> None:
    """Two rows of the table of 2024 have one."""
    table = crossed("", "", "", "NM_021728.", "", "")
    assert table.genes[0].crossed.strip("\t") == "NM_021728"
    assert table.problems == ()
