"""`pfocr-rdf show` as its users meet it."""

from __future__ import annotations

import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pyoxigraph
import pytest

from tests.cli.conftest import Run

SEED = "001_4c02219641b50d7b.txt"
FIGID = "PMC4168338__10-1055-s-0031-1298276-i430gf01"


def test_show_is_a_table_of_the_mentions(run: Run, seeds: Path) -> None:
    ran = run("show", seeds / SEED)
    assert ran.code == 0
    title, head, *rows = (re.split(r"  +", line) for line in ran.out.splitlines())
    assert title[0] == FIGID
    # What no row has is no column.
    names = ["kind", "word", "matched", "symbol", "hgnc", "entrez", "how", "readings"]
    assert head == names
    assert ["gene", "RANKL", "RANKL", "TNFSF11", "HGNC:11926", "8600", "StatedEntrez", "1"] in rows
    assert len(rows) == 3
    assert f"\ntext-repaired: {SEED}: papertitle: RANK" in ran.err
    assert "WARNING: linked with the HGNC table of 2024-10-18" in ran.err


def test_show_as_a_graph_is_the_graph(run: Run, seeds: Path) -> None:
    turtle = run("show", seeds / SEED, "--format", "turtle")
    jsonld = run("show", seeds / SEED, "--format", "jsonld")
    assert (turtle.code, jsonld.code) == (0, 0)
    one, two = (
        {quad.triple for quad in pyoxigraph.parse(text, syntax)}
        for text, syntax in (
            (turtle.out, pyoxigraph.RdfFormat.TURTLE),
            (jsonld.out, pyoxigraph.RdfFormat.JSON_LD),
        )
    )
    assert len(one) > 50
    assert one == two


@pytest.fixture(params=["folder", "checkout", "tar.gz", "zip"])
def corpus(request: pytest.FixtureRequest, seeds: Path, tmp_path: Path) -> Path:
    """The first seeds in each layout there is; the pages are not named by their figids."""
    root = tmp_path / "corpus"
    if request.param == "folder":
        shutil.copytree(seeds, root)
        return root
    shutil.copytree(seeds, root / "_figures")
    if request.param == "checkout":
        return root
    path = tmp_path / f"corpus.{request.param}"
    if request.param == "zip":
        with zipfile.ZipFile(path, "w") as zipped:
            for page in (root / "_figures").iterdir():
                zipped.write(page, f"pfocr/_figures/{page.name}")
    else:
        with tarfile.open(path, "w:gz") as tar:
            tar.add(root, "pfocr")
    return path


def test_show_finds_a_figid_in_any_input(run: Run, corpus: Path) -> None:
    ran = run("show", FIGID, "--in", corpus)
    assert ran.code == 0
    assert ran.out.startswith(f"{FIGID}  Control of osteoclast")


def test_show_says_what_it_cannot_show(run: Run, seeds: Path, root: Path) -> None:
    for arguments, said in (
        ((FIGID,), f"{FIGID}: a figid needs --in INPUT (where to look for it)"),
        (("gone.md",), "gone.md: no such file"),
        ((seeds,), f"{seeds}: holds 5 figures (give a FIGID --in it)"),
        (("PMC1__f1", "--in", seeds), f"PMC1__f1: no such figure in {seeds} (pages there: 5)"),
        ((FIGID, "--in", "gone"), "gone: No such file or directory (give a file or folder)"),
        ((root / "LICENSE",), "is not a figure we can show: front-matter-malformed: "),
    ):
        ran = run("show", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert len(ran.err.splitlines()) == 1
