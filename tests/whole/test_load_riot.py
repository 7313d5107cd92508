"""Jena's riot, the strictest reader there is here, over every format of an export."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.release.opened import Release
from tests.support.loads import make_release
from tests.support.stores import Jena


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Every format, of captions that are long, of all scripts and full of markup."""
    return make_release(tmp_path_factory.mktemp("riot"), 12, tuple(FormatName), release="r1")


def test_riot_finds_nothing_in_any_format(release: Release, tmp_path: Path) -> None:
    """Debian's Jena lacks the library that reads JSON, so it sees what Oxigraph makes of that."""
    paths = [release.path(file) for file in release.outputs if file.triples]
    assert {path.suffix for path in paths} == {".ttl", ".nt", ".nq", ".trig", ".jsonld"}
    (jsonld,) = [path for path in paths if path.suffix == ".jsonld"]
    read = pyoxigraph.parse(jsonld.read_bytes(), pyoxigraph.RdfFormat.JSON_LD)
    paths[paths.index(jsonld)] = tmp_path / "jsonld.nq"
    pyoxigraph.serialize(read, str(tmp_path / "jsonld.nq"), pyoxigraph.RdfFormat.N_QUADS)
    done = Jena(tmp_path / "jena").run("riotcmd.riot", "--validate", *paths)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr
    assert "WARN" not in done.stderr


def test_riot_counts_what_the_manifest_says(release: Release, tmp_path: Path) -> None:
    (dump,) = [file for file in release.outputs if file.name == "pfocr.trig"]
    done = Jena(tmp_path / "jena").run("riotcmd.riot", "--count", release.path(dump))
    assert done.returncode == 0, done.stderr
    said = (done.stdout + done.stderr).replace(",", "")
    assert str(dump.triples) in said


def test_riot_finds_what_is_wrong(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<http://example.org/a b> <http://example.org/p> 1 .\n")
    done = Jena(tmp_path / "jena").run("riotcmd.riot", "--validate", broken)
    assert done.returncode != 0
