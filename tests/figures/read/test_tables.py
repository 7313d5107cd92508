"""Tables are lines and tabs, nothing more: no quoting, no other line end, no lost row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfocr_rdf.figures.read.tables import parse_map, parse_table
from tests.support.samples import Sample


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_last_newline_and_byte_order_mark(end: str, last: str, mark: str) -> None:
    table = parse_table(mark + end.join(["word\tmesh", "NO\tNA", "Na\tmesh:D012964"]) + last, "t")
    assert dict(table.columns) == {"word": 0, "mesh": 1}
    assert table.rows == ((2, ["NO", ""]), (3, ["Na", "mesh:D012964"]))
    assert (table.malformed, table.findings) == (0, ())


@pytest.mark.parametrize(
    "word",
    ['"quoted', 'a "b" c', "l(3)mbt", "tRNA:Arg-TCT-3-1", "P(k)", "'", "#x", " two  blanks ", "Me\r!",
     "\x85", "a\u2028b", "\x0b\x0c\x1c", "\\n", "NAD", "na", "Na", "N/A", "Δ»"],
)  # fmt: skip
def test_any_word_stays_as_it_is(word: str) -> None:
    assert parse_table(f"word\tmatch\n{word}\tx\nx\t{word}\n", "t").rows == (
        (2, [word, "x"]),
        (3, ["x", word]),
    )


@pytest.mark.parametrize("missing", ["", "NA"])
def test_missing_cells_are_empty_wherever_they_stand(missing: str) -> None:
    rows = [[missing, "x", "y"], ["x", missing, "y"], ["x", "y", missing], [missing] * 3]
    text = "a\tb\tc\n" + "".join("\t".join(row) + "\n" for row in rows)
    wanted = [["" if cell == missing else cell for cell in row] for row in rows]
    assert [cells for _, cells in parse_table(text, "t").rows] == wanted


def test_rows_of_another_width_are_findings_with_their_line() -> None:
    table = parse_table("a\tb\n1\n\n1\t2\t3\n1\t2\n", "t.tsv")
    assert table.rows == ((5, ["1", "2"]),)
    assert table.malformed == 3
    assert [(f.code, f.file, f.field, f.value, f.detail) for f in table.findings] == [
        ("row-malformed", "t.tsv", "line 2", "1", "expected 2 cells, found 1"),
        ("row-malformed", "t.tsv", "line 3", "", "expected 2 cells, found 1"),
        ("row-malformed", "t.tsv", "line 4", "1\t2\t3", "expected 2 cells, found 3"),
    ]


def test_nul_is_removed_and_reported() -> None:
    table = parse_table("a\tb\nx\0y\tz\n", "t")
    assert table.rows == ((2, ["xy", "z"]),)
    assert [(f.code, f.field, f.value) for f in table.findings] == [
        ("control-character", "line 2", "U+0000")
    ]


@pytest.mark.parametrize("missing", ["\0", "N\0A"])
def test_a_cell_that_is_missing_without_its_nul_is_missing(missing: str) -> None:
    assert parse_table(f"a\tb\n{missing}\tz\n", "t").rows == ((2, ["", "z"]),)


@pytest.mark.parametrize("text", ["", "\n", "\r\n\n", "\ufeff"])
def test_an_empty_table_has_neither_columns_nor_rows(text: str) -> None:
    table = parse_table(text, "t")
    assert (dict(table.columns), table.rows, table.malformed) == ({}, (), 0)


def test_blanks_around_names_of_columns_say_nothing() -> None:
    table = parse_table("word \t mesh\u00a0\nTNF \tx\n", "t")
    assert table.columns == {"word": 0, "mesh": 1}
    assert table.rows == ((2, ["TNF ", "x"]),)


def test_a_column_that_stands_twice_leaves_no_column_to_trust() -> None:
    table = parse_table("word\tmesh\tword\na\tb\tc\n", "t")
    assert (dict(table.columns), len(table.rows)) == ({}, 1)


def test_a_map_has_two_columns_and_no_header() -> None:
    table = parse_map("PMC1__a\tWP1\nPMC1__b\nPMC1__c\tNA\n", "wpid_map.tsv")
    assert dict(table.columns) == {"figid": 0, "id": 1}
    assert table.rows == ((1, ["PMC1__a", "WP1"]), (3, ["PMC1__c", ""]))
    assert [f.field for f in table.findings] == ["line 2"]


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r\0"), min_size=1, max_size=9)


@given(st.lists(st.tuples(_CELL, _CELL, _CELL), min_size=1, max_size=8))
def test_any_table_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    table = parse_table("x\ty\tz\n" + "".join("\t".join(row) + "\n" for row in rows), "t")
    assert [cells for _, cells in table.rows] == [
        ["" if cell == "NA" else cell for cell in row] for row in rows
    ]


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_no_text_is_an_exception_and_no_line_is_lost(text: str) -> None:
    table = parse_table(text, "t")
    assert len(table.rows) + table.malformed <= text.count("\n")
    assert len([f for f in table.findings if f.code == "row-malformed"]) == table.malformed


def test_real_tables_are_read_whole(sample: Sample) -> None:
    tables = sorted((sample.pages / "_data").glob("*.tsv"))
    assert len(tables) == 19
    for path in tables:
        text = path.read_bytes().decode()
        table = parse_table(text, path.name)
        assert table.findings == ()
        lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")[1:]
        wanted = [["" if c == "NA" else c for c in line.split("\t")] for line in lines]
        assert [cells for _, cells in table.rows] == wanted


def test_the_old_chemicals_table_has_crlf_and_no_last_newline(sample: Sample) -> None:
    name = "PMC6365454__fnins-13-00025-g0002-chemicals.tsv"
    data = (sample.pages / "_data" / name).read_bytes()
    assert b"\r\n" in data
    assert not data.endswith(b"\n")
    rows = parse_table(data.decode(), name).rows
    assert len(rows) == data.count(b"\r\n")
    assert all("\r" not in cell for _, cells in rows for cell in cells)
