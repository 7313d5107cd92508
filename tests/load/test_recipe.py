"""Recipes: those for stores that are here are run, the others are read."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pyoxigraph
import pytest

from pfocr_rdf.errors import UsageError
from pfocr_rdf.load.graphs import DEFAULT_GRAPH
from pfocr_rdf.load.plan import LoadOptions
from pfocr_rdf.load.recipe import recipe
from pfocr_rdf.load.stores import StoreName
from pfocr_rdf.rdf.formats import FormatName
from pfocr_rdf.rdf.terms import IRI
from pfocr_rdf.release.files import Compression
from pfocr_rdf.release.opened import Release
from tests.support.loads import (
    ALIGNMENT,
    FIGURES,
    as_stores_have_it,
    make_release,
    quads_of,
    triples_of,
)
from tests.support.stores import Jena, StoreServer, virtuoso

pytestmark = pytest.mark.whole  # takes long

FORMATS = [FormatName.TURTLE, FormatName.NTRIPLES]


@pytest.fixture(scope="module", params=[*FORMATS, "it's compressed"])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release in a folder whose name a shell and SQL would misread."""
    folder = tmp_path_factory.mktemp("it's $HOME & more")
    if request.param in FORMATS:
        return make_release(folder, 8, (request.param, FormatName.NQUADS), shard_size=4)
    return make_release(folder, 8, (FormatName.TURTLE,), compression=Compression.GZIP)


def run(script: str, folder: Path, *words: str, **env: object) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-s", *words],
        input=script,
        cwd=folder,
        env={**os.environ, "PATH": path, **{name: str(value) for name, value in env.items()}},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_oxigraph(release: Release, tmp_path: Path) -> None:
    script = recipe(release, StoreName.OXIGRAPH, LoadOptions())
    done = run(script, tmp_path, LOCATION="db")
    assert done.returncode == 0, done.stderr
    store = pyoxigraph.Store.read_only(str(tmp_path / "db"))
    for graph, files in ((FIGURES, ()), (ALIGNMENT, ("alignment.ttl",))):
        quads = store.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(graph))
        content = pyoxigraph.serialize(
            (quad.triple for quad in quads), format=pyoxigraph.RdfFormat.N_TRIPLES
        )
        assert content is not None
        assert quads_of(content) == as_stores_have_it(triples_of(release, *files))
    changed = re.sub(r'(expect_triples "?[^ ]+figures"?) (\d+)', r"\1 999", script)
    wrong = run(changed, tmp_path, LOCATION="db")
    assert wrong.returncode == 3
    assert "expected 999, found" in wrong.stderr


def test_oxigraph_has_the_figures_in_its_default_graph(release: Release, tmp_path: Path) -> None:
    script = recipe(release, StoreName.OXIGRAPH, LoadOptions(graph=DEFAULT_GRAPH))
    done = run(script, tmp_path, LOCATION="db")
    assert done.returncode == 0, done.stderr
    store = pyoxigraph.Store.read_only(str(tmp_path / "db"))
    quads = store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())
    assert sum(1 for _ in quads) == len(triples_of(release))
    assert [name.value for name in store.named_graphs()] == [ALIGNMENT]
    with pytest.raises(UsageError, match="--graph: expected an IRI with this store's --recipe"):
        recipe(release, StoreName.FUSEKI, LoadOptions(graph=DEFAULT_GRAPH))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    """A Virtuoso that may read what tests write."""
    folder = tmp_path_factory.mktemp("virtuoso")
    with virtuoso(folder, allowed=tmp_path_factory.getbasetemp()) as running:
        yield running


def test_virtuoso(release: Release, tmp_path: Path, server: StoreServer) -> None:
    script = recipe(release, StoreName.VIRTUOSO, LoadOptions())
    place = f"127.0.0.1:{server.sql}"
    for _ in range(2):  # the second time replaces what the first one loaded
        done = run(script, tmp_path, SERVER=place)
        assert done.returncode == 0, done.stdout + done.stderr
        assert server.count(FIGURES) == len(triples_of(release))
        assert server.count(ALIGNMENT) == len(triples_of(release, "alignment.ttl"))
    # A file that cannot be loaded is an entry in a table, and a status of success.
    nowhere = script.replace("void.ttl", "voyd.ttl")
    done = run(nowhere, tmp_path, SERVER=place)
    assert done.returncode == 3, done.stdout + done.stderr
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b> .\n")
    first = script.index("ld_dir(")
    swapped = (
        f"{script[:first]}ld_dir('{broken.parent}', 'broken.ttl', '{FIGURES}'); {script[first:]}"
    )
    done = run(swapped, tmp_path, SERVER=place)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "FAILED" in done.stderr


def test_tdb2(release: Release, tmp_path: Path) -> None:
    jena = Jena(tmp_path / "jena")
    for name in ("tdb2.tdbloader", "tdb2.tdbquery"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\nexec {shlex.join(jena.command)} {name} "$@"\n')
        program.chmod(0o755)
    # One class will do: each question starts a Java machine.
    script = recipe(release, StoreName.FUSEKI, LoadOptions())
    kept = "\n".join(
        line for line in script.splitlines() if not line.startswith('expect_entities "')
    )
    done = run(
        kept + "\n",
        tmp_path,
        LOADER=tmp_path / "tdb2.tdbloader",
        TDBQUERY=tmp_path / "tdb2.tdbquery",
        TMPDIR=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("triples of <") == 2
    assert not list(tmp_path.glob("pfocr-load.*"))


def test_graphdb_gets_quads_of_the_right_graphs(release: Release, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    importrdf = tmp_path / "importrdf"
    importrdf.write_text(
        f'#!/bin/sh\necho "$@" >{kept}/command\nfor f; do :; done\ncp "$WORK"/* {kept}/\n'
    )
    importrdf.chmod(0o755)
    script = recipe(release, StoreName.GRAPHDB, LoadOptions(graph=IRI("urn:pfocr:a&b")))
    done = run(script.replace("WORK=$(", "export WORK; WORK=$("), tmp_path, IMPORTRDF=importrdf)
    assert done.returncode == 0, done.stderr
    command = (kept / "command").read_text().split()
    assert command[:6] == ["load", "-f", "-i", "pfocr", "-m", "parallel"]
    found: dict[str, set[pyoxigraph.Triple]] = {}
    for path in (kept / Path(name).name for name in command[6:]):
        syntax = {".nq": pyoxigraph.RdfFormat.N_QUADS, ".trig": pyoxigraph.RdfFormat.TRIG}
        for quad in pyoxigraph.parse(path.read_bytes(), syntax[path.suffix]):
            assert isinstance(quad.graph_name, pyoxigraph.NamedNode)
            found.setdefault(quad.graph_name.value, set()).add(quad.triple)
    assert {graph: len(triples) for graph, triples in found.items()} == {
        "urn:pfocr:a&b": len(triples_of(release)),
        ALIGNMENT: len(triples_of(release, "alignment.ttl")),
    }


def test_qlever_gets_a_qleverfile(release: Release, tmp_path: Path) -> None:
    script = recipe(release, StoreName.QLEVER, LoadOptions())
    qlever = tmp_path / "qlever"
    qlever.write_text('#!/bin/sh\necho qlever "$@" >>said\n')
    qlever.chmod(0o755)
    curl = tmp_path / "curl"
    curl.write_text("#!/bin/sh\nprintf 'n\\r\\n0\\r\\n'\n")
    curl.chmod(0o755)
    done = run(script, tmp_path, QLEVER=qlever, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 3, "a server that counts nothing is found out"
    assert (tmp_path / "said").read_text().splitlines() == [
        "qlever index",
        "qlever start --port 7001",
    ]
    file = ConfigParser(interpolation=None)
    file.read(tmp_path / "Qleverfile")
    assert file["runtime"]["SYSTEM"] == "native"
    loaded = 0
    for each in json.loads(file["index"]["MULTI_INPUT_JSON"]):
        output = subprocess.run(["sh", "-c", each["cmd"]], capture_output=True, check=True).stdout
        syntax = {"nt": pyoxigraph.RdfFormat.N_TRIPLES, "ttl": pyoxigraph.RdfFormat.TURTLE}
        triples = {quad.triple for quad in pyoxigraph.parse(output, syntax[each["format"]])}
        assert each["graph"] in {FIGURES, ALIGNMENT}
        loaded += len(triples)
    expected = release.triples + len(triples_of(release, "void.ttl", "alignment.ttl"))
    assert loaded == expected


@pytest.mark.parametrize("store", [name for name in StoreName if name is not StoreName.GSP])
def test_every_recipe_is_a_script_that_a_shell_reads(store: StoreName, release: Release) -> None:
    script = recipe(release, store, LoadOptions())
    done = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_no_bulk_loader_reads_is_said(tmp_path: Path) -> None:
    jsonld = make_release(tmp_path / "a", 1, (FormatName.JSONLD,))
    with pytest.raises(UsageError, match="export again with --format ntriples"):
        recipe(jsonld, StoreName.OXIGRAPH, LoadOptions())
    zstd = make_release(tmp_path / "b", 1, compression=Compression.ZSTD)
    with pytest.raises(UsageError, match="--compress gzip"):
        recipe(zstd, StoreName.VIRTUOSO, LoadOptions())
    with pytest.raises(UsageError, match="found gsp"):
        recipe(zstd, StoreName.GSP, LoadOptions())
