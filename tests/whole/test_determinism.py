"""Same input, same bytes: over jobs, places, file orders, hash seeds, clocks and locales."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.release.files import Compression
from tests.support.described import said, said_by
from tests.support.pages import checkout, command, files, many, page, run, triples, write
from tests.support.samples import Sample

ALL = tuple(FormatName)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many(tmp_path_factory.mktemp("many") / "corpus", 200)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("expected") / "out"
    run(corpus, out=out, formats=ALL)
    return files(out)


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("shard_size", [0, 70])
@pytest.mark.whole
def test_any_number_of_jobs(
    tmp_path: Path, corpus: Path, expected: dict[str, bytes], jobs: int, shard_size: int
) -> None:
    run(corpus, out=tmp_path / "o", jobs=jobs, formats=ALL, shard_size=shard_size)
    if not shard_size:
        assert files(tmp_path / "o") == expected
        return
    run(corpus, out=tmp_path / "again", formats=ALL, shard_size=shard_size)
    assert files(tmp_path / "o") == files(tmp_path / "again")
    assert said(tmp_path / "o") == said_by(expected["void.ttl"])


def test_another_place_another_order_of_files(
    tmp_path: Path, corpus: Path, expected: dict[str, bytes]
) -> None:
    moved = tmp_path / "deep" / "er" / "corpus"
    for path in sorted(corpus.rglob("*.*"), reverse=True):
        target = moved / path.relative_to(corpus)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        os.utime(target, (0, 0))
    run(moved, out=tmp_path / "elsewhere", formats=ALL)
    assert files(tmp_path / "elsewhere") == expected


def test_over_an_older_release(tmp_path: Path, corpus: Path, expected: dict[str, bytes]) -> None:
    run(checkout(tmp_path / "c"), out=tmp_path / "o", release="old", shard_size=1)
    for _ in range(2):
        run(corpus, out=tmp_path / "o", formats=ALL)
        assert files(tmp_path / "o") == expected


@pytest.mark.whole
@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "0", "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "20"},
    ],
)
def test_any_hash_seed_in_another_process(
    tmp_path: Path, corpus: Path, expected: dict[str, bytes], environment: dict[str, str]
) -> None:
    done = command(
        "export", "corpus", "-o", tmp_path / "o", "--format", ",".join(ALL), "--jobs", 2,
        cwd=corpus.parent,
        env={**os.environ, **environment, "PFOCR_RDF_CACHE": str(tmp_path / "no-cache")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "o") == expected


@pytest.mark.parametrize("compression", Compression)
def test_compressed_in_another_process(
    tmp_path: Path, compression: Compression, seeds: Path
) -> None:
    run(seeds, out=tmp_path / "a", compression=compression)
    program = (
        "import sys, pathlib\n"
        "from pfocr_rdf import ExportOptions, export\n"
        "from pfocr_rdf.release.files import Compression\n"
        "options = ExportOptions(compression=Compression(sys.argv[3]), jobs=1)\n"
        "export([pathlib.Path(sys.argv[1])], pathlib.Path(sys.argv[2]), options)\n"
    )
    arguments = [sys.executable, "-c", program, str(seeds), str(tmp_path / "b"), compression]
    subprocess.run(arguments, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_inputs_in_any_order(tmp_path: Path, seeds: Path) -> None:
    inputs = [
        checkout(tmp_path / "c"),
        seeds,
        write(tmp_path / "x" / "same", {"PMC7__a.md": page("PMC7__a")}),
        write(tmp_path / "y" / "same", {"PMC7__b.md": page("PMC7__b", year="1999")}),
        write(tmp_path / "z", {"PMC7__a.md": page("PMC7__a")}) / "PMC7__a.md",
    ]
    run(*inputs, out=tmp_path / "o")
    run(*reversed(inputs), out=tmp_path / "p")
    assert files(tmp_path / "o") == files(tmp_path / "p")


def test_an_archive_says_what_its_folder_says(tmp_path: Path, corpus: Path) -> None:
    shutil.make_archive(str(tmp_path / "corpus"), "gztar", corpus.parent, "corpus")
    shutil.make_archive(str(tmp_path / "flat"), "zip", corpus)
    run(corpus, out=tmp_path / "o")
    for name in ("corpus.tar.gz", "flat.zip"):
        run(tmp_path / name, out=tmp_path / name[:4])
        for each in ("pfocr.ttl", "pfocr.jsonld", "alignment.ttl", "void.ttl"):
            assert files(tmp_path / name[:4])[each] == files(tmp_path / "o")[each]


def test_real_figures(tmp_path: Path, sample: Sample) -> None:
    copy = tmp_path / sample.pages.name  # findings name files from it
    shutil.copytree(sample.pages, copy)
    run(sample.pages, sample.pages / "old", out=tmp_path / "o", formats=ALL, shard_size=4)
    run(copy / "old", copy, out=tmp_path / "p", formats=ALL, shard_size=4, jobs=2)
    assert files(tmp_path / "o") == files(tmp_path / "p")
    run(copy, copy / "old", out=tmp_path / "q")
    assert triples(*(tmp_path / "o").glob("pfocr*.ttl")) == triples(tmp_path / "q" / "pfocr.ttl")
