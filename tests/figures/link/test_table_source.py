"""Which table a run uses, how files are opened, and the embedded table."""

from __future__ import annotations

import gzip
import runpy
import sys
from pathlib import Path

import pytest
import zstandard

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.link import table_source as hgnc_choice
from pfocr_rdf.figures.link.table import COLUMNS, GeneTable, is_complete
from pfocr_rdf.figures.link.table_source import (
    EMBEDDED_NAME,
    cached_table,
    embedded_gene_table,
    load_gene_table,
    read_gene_table,
    read_table_text,
)
from pfocr_rdf.shipped import cache_folder
from tests.support.pathway_pages import hgnc_table
from tests.support.samples import MADE, REAL, Sample

ROWS = (
    "\t".join(COLUMNS),
    "HGNC:124\tACP5\tacid phosphatase 5\tApproved\tTRAP\t\t2023-01-20\t54",
    "HGNC:11926\tTNFSF11\tTNF superfamily member 11\tApproved\tRANKL\t\t2023-01-20\t8600",
    "",
)
TEXT = "\n".join(ROWS)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder, not yet made."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(folder))
    return folder


# --- the choice ------------------------------------------------------------------------------


def test_the_given_file_wins_over_the_cache_and_the_cache_over_the_embedded(
    cache: Path, tmp_path: Path
) -> None:
    assert load_gene_table().release.origin == "embedded"
    cache.mkdir()
    (cache / "hgnc_complete_set.txt").write_text(TEXT, encoding="utf-8")
    cached = load_gene_table()
    assert cached.release.origin == "cache"
    assert cached.release.name == "hgnc_complete_set.txt"
    given = tmp_path / "mine.tsv"
    given.write_text(TEXT, encoding="utf-8")
    chosen = load_gene_table(given)
    assert (chosen.release.origin, chosen.release.name) == ("file", "mine.tsv")
    assert load_gene_table(cache=tmp_path / "other").release.origin == "embedded"


def test_the_cache_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == cache
    assert cached_table() == cache / "hgnc_complete_set.txt"
    monkeypatch.setenv("PFOCR_RDF_CACHE", "~/tables")
    assert cache_folder() == Path.home() / "tables"
    for empty in (True, False):
        if empty:
            monkeypatch.setenv("PFOCR_RDF_CACHE", "")
        else:
            monkeypatch.delenv("PFOCR_RDF_CACHE")
        assert cache_folder().name == "pfocr-rdf"
        assert cache_folder().is_absolute()


def test_a_broken_cached_table_stops_the_run_and_says_what_to_do(cache: Path) -> None:
    cache.mkdir()
    (cache / "hgnc_complete_set.txt").write_text("<html>", encoding="utf-8")
    with pytest.raises(InputError, match="pfocr-rdf genes update") as caught:
        load_gene_table()
    assert str(cache) in str(caught.value)


# --- opening files ---------------------------------------------------------------------------


def compressed_in_pieces(data: bytes) -> bytes:
    """Two zstd frames behind each other, as `zstd` and `cat` make them."""
    half = len(data) // 2
    compressor = zstandard.ZstdCompressor()
    return compressor.compress(data[:half]) + compressor.compress(data[half:])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.txt", TEXT.encode()),
        ("t.tsv", TEXT.replace("\n", "\r\n").encode()),
        ("t.txt.gz", gzip.compress(TEXT.encode())),
        ("t.txt.zst", zstandard.compress(TEXT.encode())),
        ("two-frames.zst", compressed_in_pieces(TEXT.encode())),
        ("misnamed.txt", gzip.compress(TEXT.encode())),
    ],
)
def test_plain_and_compressed_files_give_the_same_genes(
    tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    table = load_gene_table(path)
    assert [gene.symbol for gene in table] == ["ACP5", "TNFSF11"]
    assert table.problems == ()
    assert table.release.name == name


def test_a_long_zstd_file_is_read_whole(tmp_path: Path) -> None:
    text = "".join(f"{number * number}\n" for number in range(200_000))
    path = tmp_path / "long.zst"
    path.write_bytes(compressed_in_pieces(text.encode()))
    assert path.stat().st_size > 100_000
    assert read_table_text(path) == text


GZIP = gzip.compress(TEXT.encode())
ZSTD = zstandard.compress(TEXT.encode())


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("cut.gz", GZIP[:-20], "ended before"),
        ("cut.zst", ZSTD[:-5], "ended before"),
        ("damaged.gz", GZIP[:20] + b"\0\0\0\0" + GZIP[24:], "cannot be read"),
        ("damaged.zst", ZSTD[:4] + b"\xff" * 20, "cannot be read"),
        ("latin1.txt", TEXT.encode() + b"\xe9", "expected UTF-8 text, found byte 0xe9"),
        ("page.html", b"<!DOCTYPE html>", "hgnc_id, symbol, .* missing"),
        ("empty.txt", b"", "hgnc_id, symbol, .* missing"),
        ("header.txt", ROWS[0].encode(), "expected approved genes, found none"),
        ("cells.txt", f"{ROWS[0]}\nHGNC:1\n".encode(), "found none; 1 rows"),
    ],
)
def test_a_broken_file_is_an_error_of_one_line_that_names_it(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        load_gene_table(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        load_gene_table(tmp_path / "absent.txt")
    with pytest.raises(InputError, match="Is a directory"):
        load_gene_table(tmp_path)


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress, bytes])
def test_a_file_that_unfolds_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compress: object
) -> None:
    monkeypatch.setattr(hgnc_choice, "MAX_BYTES", 1 << 20)
    path = tmp_path / "bomb"
    assert callable(compress)
    path.write_bytes(compress(bytes(3 << 20)))
    with pytest.raises(InputError, match="found more than 1 MB"):
        load_gene_table(path)


# --- the embedded table ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def full() -> GeneTable:
    """The full table of 2024."""
    return embedded_gene_table()


def test_the_embedded_table_says_what_it_is() -> None:
    release = embedded_gene_table().release
    assert (release.origin, release.name) == ("embedded", "hgnc_genes.tsv.zst")
    assert release.date == "2024-10-18"
    assert release.genes == len(embedded_gene_table()) == 43882
    assert is_complete(release.genes)
    assert (embedded_gene_table().problems, release.left_out) == ((), 0)
    assert embedded_gene_table() is embedded_gene_table(), "it is read once in a process"


def test_the_embedded_table_has_the_genes_of_the_one_it_was_made_of(shared: Path) -> None:
    whole = read_gene_table(shared / "data/hgnc_complete_set_2024-11.txt.gz", "file")
    embedded = embedded_gene_table()
    assert embedded.genes == whole.genes
    assert embedded.release.subset_of == whole.release.sha256
    assert embedded.release.date == whole.release.date


@pytest.mark.whole
def test_the_embedded_table_is_what_the_script_makes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of itself, as the published table is no part of the project; but for its first line."""
    embedded = root / "src/pfocr_rdf/data" / EMBEDDED_NAME
    output = tmp_path / "again.tsv.zst"
    monkeypatch.setattr(sys, "argv", ["script", str(embedded), "--output", str(output)])
    runpy.run_path(str(root / "scripts/make_embedded_hgnc.py"), run_name="__main__")
    assert rows_of(output) == rows_of(embedded)
    assert embedded.stat().st_size < 1_300_000, "of which cross references are 550 kB"


def rows_of(table: Path) -> str:
    return read_table_text(table).partition("\n")[2]


def test_the_script_refuses_a_table_that_was_cut(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tmp_path / "cut.txt"
    cut.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["script", str(cut), "--output", str(tmp_path / "no")])
    with pytest.raises(SystemExit):
        runpy.run_path(str(root / "scripts/make_embedded_hgnc.py"), run_name="__main__")
    assert not (tmp_path / "no").exists()


def test_the_tables_of_made_pages_answer_as_the_whole_one(full: GeneTable) -> None:
    """Their rows are true, and what they say of a word is what the whole tables say."""
    assert_answers_as(hgnc_table(MADE.hgnc), full)


def test_the_older_table_of_made_pages_does_so_too(shared: Path) -> None:
    assert_answers_as(hgnc_table(MADE.hgnc_2018), hgnc_table(REAL.hgnc_2018))


def assert_answers_as(made: GeneTable, full: GeneTable) -> None:
    for gene in made:
        whole = full.by_hgnc_id(gene.hgnc_id)
        assert whole is not None
        assert gene[:4] == whole[:4]
        assert set(gene.aliases) <= set(whole.aliases)
        assert set(gene.previous) <= set(whole.previous)
        # An alias that is left has all its genes, so that none looks unique by accident.
        for symbol in (*gene.aliases, *gene.previous):
            assert [(m.gene.hgnc_id, m.how) for m in made.candidates(symbol)] == [
                (m.gene.hgnc_id, m.how) for m in full.candidates(symbol)
            ]
    # The rule has work to do: some symbols are shared with genes that are left out.
    kept = sum(len(gene.aliases) + len(gene.previous) for gene in made)
    there = sum(
        len(whole.aliases) + len(whole.previous)
        for gene in made
        if (whole := full.by_hgnc_id(gene.hgnc_id)) is not None
    )
    assert kept < there


@pytest.mark.parametrize(
    ("symbol", "expected"),
    [
        ("TRAP", ["ACP5", "SCYL1", "CD40LG"]),
        ("RANKL", ["TNFSF11"]),
        ("OPG", ["TNFRSF11B", "BTF3P11"]),
        ("XS", []),
        ("Ca2+", []),
        ("ATP", []),
    ],
)
def test_seed_symbols_resolve_offline_as_with_the_full_table(
    sample: Sample, symbol: str, expected: list[str]
) -> None:
    full = hgnc_table(sample.hgnc)
    offline = [match.gene.symbol for match in embedded_gene_table().candidates(symbol)]
    assert offline == [match.gene.symbol for match in full.candidates(symbol)]
    assert offline == expected
