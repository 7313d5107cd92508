"""`pfocr-rdf enrich` as its users meet it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph
import pytest

from tests.support.command import flat, in_process
from tests.support.pages import OPG, TNFSF11, page, run, unmeasured, write

pytestmark = pytest.mark.whole  # a release and its store are made

TRAF6 = ("TRAF6", "TRAF6", "hgnc_symbol", "TRAF6", "7189")
AKTS = tuple(
    ("AKT", "AKT", "bioentities_symbol", f"AKT{n}", id_) for n, id_ in ((1, "207"), (2, "208"))
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("enrich")
    pages = {
        "PMC1__a.md": page("PMC1__a", (TNFSF11, OPG), figtitle="Bone"),
        "PMC2__a.md": page("PMC2__a", (TRAF6,), figtitle="Other"),
        "PMC3__a.md": page("PMC3__a", (TRAF6, *AKTS), figtitle="More"),
    }
    run(write(folder / "in", pages), out=folder / "out", validate=False)
    done = in_process("enrich", folder / "out", "TNFSF11")
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_a_table_for_people_and_a_report_beside_it(out: Path) -> None:
    done = in_process("enrich", out, "RANKL", "OPG", "AKT", "nix", "rankl")
    assert done.returncode == 0
    head, row = done.stdout.splitlines()
    assert head.split() == ["figid", "overlap", "odds", "p", "q", "genes", "title"]
    assert row.split()[:2] == ["PMC1__a", "2/2"]
    assert row.split()[-2:] == ["TNFSF11,TNFRSF11B", "Bone"]
    assert done.stderr.splitlines() == [
        "RANKL is a word for TNFSF11 in 1 figure",
        "OPG is a word for TNFRSF11B in 1 figure",
        "AKT may mean AKT1 (ncbigene:207), AKT2 (ncbigene:208) (write the id of the one that is meant)",
        "nix does not count: nothing in the release has this name",
        "rankl does not count: like RANKL",
        "5 names: 2 taken, 1 again, 1 ambiguous, 1 unknown",
        "2 of 3 genes against 3 figures, 1 of which share some",
    ]


def test_one_figure_is_told_as_one(out: Path, tmp_path: Path) -> None:
    (tmp_path / "genes.txt").write_text("TNFSF11 TNFRSF11B\n")
    done = in_process("enrich", out, "RANKL", "--background", tmp_path / "genes.txt")
    told = done.stderr.splitlines()[-1]
    assert told == "1 of 2 genes against 1 figure, 1 of which share some"


def test_what_may_be_meant_is_told_with_ids_to_write(out: Path) -> None:
    done = in_process("enrich", out, "AKT", "--tier", "all")
    assert done.returncode == 0
    assert done.stdout.split() == ["figid", "overlap", "odds", "p", "q", "genes", "title"]
    assert (
        "AKT may mean AKT1 (ncbigene:207), AKT2 (ncbigene:208) "
        "(write the id of the one that is meant)"
    ) in done.stderr
    done = in_process("enrich", out, "ncbigene:208", "--tier", "all", "--format", "tsv")
    assert done.stdout.splitlines()[1].startswith("PMC3__a\t")


def test_a_list_comes_from_a_file_or_stdin(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "﻿TNFSF11,OPG\n# mine\nTRAF6 nix\n"
    (tmp_path / "genes.txt").write_text(text, encoding="utf-8")
    done = in_process("enrich", out, "--genes-from", tmp_path / "genes.txt", "--format", "json")
    names = [name["name"] for name in json.loads(done.stdout)["names"]]
    assert names == ["TNFSF11", "OPG", "TRAF6", "nix"]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
    piped = in_process("enrich", out, "--genes-from", "-", "--format", "json")
    assert piped.stdout == done.stdout


def test_rows_can_be_limited_and_go_to_a_file(out: Path, tmp_path: Path) -> None:
    file = tmp_path / "rows.tsv"
    done = in_process(
        "enrich", out, "TRAF6", "TNFSF11", "--format", "tsv", "--limit", 2, "-o", file
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "only the first 2 of 3 (--limit 0 for all)" in done.stderr
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3


def test_a_background_and_every_option(out: Path, tmp_path: Path) -> None:
    (tmp_path / "all.txt").write_text("TNFSF11 OPG TRAF6 AKT1", encoding="utf-8")
    done = in_process(
        "enrich", out, "TRAF6", "--background", tmp_path / "all.txt", "--by", "paper", "--certain",
        "--organism", "human", "--tier", "strict", "--format", "json",
    )  # fmt: skip
    data = json.loads(done.stdout)
    assert data["universe"] == 4
    assert data["parameters"]["by"] == "paper"
    assert {row["pmcid"] for row in data["rows"]} == {"PMC2", "PMC3"}


def test_turtle_is_turtle(out: Path) -> None:
    done = in_process("enrich", out, "TRAF6", "--format", "turtle")
    quads = list(pyoxigraph.parse(done.stdout.encode(), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(quads) > 40


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "GENE: expected names of genes, found none"),
        (("",), "GENE: expected names of genes, found none"),
        (("--genes-from", "none.txt"), "none.txt: cannot be read: No such file or directory"),
        (("TP53", "--background", "none.txt"), "none.txt: cannot be read"),
        (("TP53", "--organism", "unicorn"), "organism unicorn: expected one whose genes"),
        (("TP53", "--limit", "-1"), "--limit: expected 0 or more, found -1"),
        (("--genes-from", "-", "--background", "-"), "expected stdin once, found twice"),
        (("TP53", "--tier", "lenient"), "'lenient' is not one of"),
        (("TP53", "--by", "journal"), "'journal' is not one of"),
    ],
)
def test_faults_are_one_line_and_exit_with_2(
    out: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = in_process("enrich", out, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in flat(done.stderr)
    if "is not one of" not in said:
        assert len(done.stderr.splitlines()) == 1


def test_a_list_in_another_encoding_is_told(out: Path, tmp_path: Path) -> None:
    (tmp_path / "genes.txt").write_bytes("TNF-α".encode("utf-16"))
    done = in_process("enrich", out, "--genes-from", tmp_path / "genes.txt")
    assert done.returncode == 2
    assert "expected UTF-8, found another encoding" in done.stderr


def test_no_release_is_told(tmp_path: Path) -> None:
    done = in_process("enrich", tmp_path, "TP53")
    assert done.returncode == 2
    assert "expected the folder of an export" in done.stderr


def test_a_closed_pipe_is_no_fault(out: Path) -> None:
    program = f"'{sys.executable}' -m pfocr_rdf enrich '{out}' TRAF6 --format tsv"
    done = subprocess.run(
        ["bash", "-c", f"{program} | head -c 5; echo; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, check=True, env=unmeasured(),
    )  # fmt: skip
    assert done.stdout.splitlines() == ["figid", "0"]
    assert "error" not in done.stderr
