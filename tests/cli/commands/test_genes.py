"""`pfocr-rdf genes` and its verbs as their users meet them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pfocr_rdf.figures.link.table import COLUMNS
from pfocr_rdf.figures.link.table_source import embedded_gene_table
from tests.cli.conftest import Run
from tests.figures.link.test_download import (
    Answer,
    Server,
)
from tests.support.command import Ran


@pytest.mark.parametrize(
    ("query", "rows", "verdict"),
    [
        ("TNFSF11", ["TNFSF11 HGNC:11926 8600 approved"], "An approved symbol: "),
        (
            "OPG",
            ["TNFRSF11B HGNC:11909 4982 previous", "BTF3P11 HGNC:1126 690 alias"],
            "An alias, or ambiguous: ",  # a previous symbol, and another gene's alias
        ),
        (
            "TRAP",
            ["ACP5 HGNC:124 54 alias", "SCYL1 HGNC:14372 57410 alias"],
            "An alias, or ambiguous: ",
        ),
        ("TP53", ["TP53 HGNC:11998 7157 approved"], "An approved symbol: "),
        ("HGNC:11926", ["TNFSF11 HGNC:11926 8600"], "An id: "),
        ("ncbigene:8600", ["TNFSF11 HGNC:11926 8600"], "An id: "),
    ],
)
def test_lookup_shows_every_gene_it_could_be(
    run: Run, query: str, rows: list[str], verdict: str
) -> None:
    ran = run("genes", "lookup", query)
    assert ran.code == 0
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0] == "symbol HGNC Entrez matched as name"
    for row, line in zip(rows, lines[1:], strict=False):
        assert line.startswith(row)
    assert lines[-1].startswith(verdict)


@pytest.mark.parametrize(
    ("query", "verdict"),
    [
        (
            "OLD",
            "A previous symbol of one gene: a keyword among the gene symbols is linked to IRF6.",
        ),
        ("LPS", "A previous symbol of IRF6, but figures use it for lipopolysaccharide: a keyword is not linked, the gene is its candidate."),
    ],
)  # fmt: skip
def test_lookup_says_what_an_export_makes_of_a_previous_symbol(
    run: Run, tmp_path: Path, query: str, verdict: str
) -> None:
    table = tmp_path / "hgnc.tsv"
    row = ("HGNC:6121", "IRF6", "interferon", "Approved", "", "LPS|OLD", "", "3664")
    table.write_text("\n".join(map("\t".join, (COLUMNS, row))))
    ran = run("genes", "lookup", query, "--hgnc", table)
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == verdict


def test_lookup_of_what_no_gene_has_exits_with_2(run: Run) -> None:
    ran = run("genes", "lookup", "XYZZY")
    assert (ran.code, ran.out) == (2, "")
    assert "XYZZY: no gene of the embedded HGNC table has this symbol or id" in ran.err


def test_status_names_the_embedded_table_while_there_is_no_other(run: Run) -> None:
    genes = len(embedded_gene_table())
    ran = run("genes", "status")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"no table in the cache: exports use the embedded one of {genes:,} genes (2024-10-18); "
        "`pfocr-rdf genes update` downloads a newer one\n"
    )


def test_update_fetches_the_table_and_status_shows_it(
    run: Run, server: Server, cache: Path
) -> None:
    server.answers = [Answer(headers=(("ETag", '"v1"'),)), Answer(304, b"")]
    path = cache / "hgnc_complete_set.txt"
    first = run("genes", "update", "--url", server.url)
    said = f"HGNC table of 2024-10-18 {{}}: 1,200 genes, {path}\n"
    assert first == Ran(0, said.format("downloaded"), "")
    assert path.is_file()
    assert run("genes", "update", "--url", server.url) == Ran(0, said.format("is current"), "")
    assert server.requests[1]["If-None-Match"] == '"v1"'
    shown = run("genes", "status")
    assert (shown.code, shown.err) == (0, "")
    status = dict(line.split(maxsplit=1) for line in shown.out.splitlines())
    assert status["path"] == str(path)
    assert status["genes"] == "1200"
    assert status["url"] == server.url
    assert status["warning"].startswith("the HGNC table hgnc_complete_set.txt has 1,200 approved")
    with path.open("a") as file:
        file.write("HGNC:11998\tTP53\ttumor prot")
    cut = run("genes", "status").out
    assert re.search(r"^left out +line 1202: expected 8 cells, found 3$", cut, re.MULTILINE)
    lookup = run("genes", "lookup", "G7")
    assert "that pfocr-rdf carries" not in lookup.err, "the cached table is used"
    assert "1,200 approved genes" in lookup.err
    assert "HGNC:7" in lookup.out


def test_an_update_that_fails_exits_with_2_and_says_what_to_do(run: Run, server: Server) -> None:
    server.answers = [Answer(404, b"")]
    ran = run("genes", "update", "--url", server.url)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: HGNC table: {server.url}: ")
    assert "--hgnc FILE" in ran.err
