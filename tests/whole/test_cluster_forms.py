"""`--also` and files of records with `--engine dask`: the same bytes as on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.errors import OutputError, UsageError
from pfocr_rdf.exporting import run as exporting_run
from pfocr_rdf.exporting.cluster import driver, output
from pfocr_rdf.exporting.cluster.store import Store
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.exporting.options import ExportOptions
from pfocr_rdf.exporting.run import ExportResult
from pfocr_rdf.release import CRATE_FILE
from pfocr_rdf.release.files import Compression
from tests.figures.read.test_records_biothings import document, given
from tests.support.formed import ALL, formed, gene_links, sha256s
from tests.support.pages import assert_complete, files, manifest, many, run
from tests.support.tasks import InTurn


def on_cluster(source: Path, out: str | Path, **options: Any) -> ExportResult:
    options = {"validate": False} | options
    return driver.run([source], out, ExportOptions(**options), lambda _: None, lambda _: InTurn())


@pytest.mark.parametrize("compression", [None, Compression.GZIP])
def test_forms_are_those_of_one_machine(tmp_path: Path, compression: Compression | None) -> None:
    corpus = many(tmp_path / "in", 45)
    one = formed(corpus, tmp_path / "one", compression=compression)
    out = tmp_path / "cluster"
    on_cluster(corpus, out, also=ALL, shard_size=2, compression=compression)
    assert_complete(out)
    entities = [name for name in files(out) if name.startswith("pfocr-entities-")]
    assert len(entities) > 1, "entities lie in several shards"
    expected, got = sha256s(one), sha256s(out)
    assert got.pop(CRATE_FILE) != expected.pop(CRATE_FILE), "it describes other shards"
    assert got == expected
    void = (out / "void.ttl").read_text()
    for name in expected:
        assert f"release/unnamed/{name}> ;" in void, "each form is a distribution"
    assert manifest(out)["options"]["also"] == sorted(ALL)


def test_forms_are_made_where_the_release_is_remote(tmp_path: Path) -> None:
    corpus = many(tmp_path / "in", 12)
    url = "memory://forms/release"
    on_cluster(corpus, url, also=(Form.GMT, Form.ROCRATE), shard_size=5)
    there = Store(url)
    one = formed(corpus, tmp_path / "one", Form.GMT)
    for name in sha256s(one):
        assert there.read(name) == (one / name).read_bytes()
    assert CRATE_FILE in there.listing().files


def test_a_run_that_was_killed_among_the_forms_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, out = many(tmp_path / "in", 9), tmp_path / "out"

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(exporting_run, "write_crate", break_off)
        with pytest.raises(KeyboardInterrupt):
            on_cluster(corpus, out, also=ALL, shard_size=4)
    left = {path.name for path in out.iterdir()}
    assert {"pfocr_edges.jsonl", "figures.parquet", "pfocr.sssom.tsv"} <= left
    on_cluster(corpus, out, also=(Form.KGX,), shard_size=4)
    assert_complete(out)
    assert set(sha256s(out)) == {
        "pfocr_nodes.jsonl",
        "pfocr_edges.jsonl",
        "pfocr_prefix_map.json",
        "pfocr_kgx_metadata.json",
    }
    with pytest.raises(OutputError, match="holds a release"):
        on_cluster(corpus, out, also=ALL)


def test_without_forms_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch = Store.fetch

    def only_parts_of_the_alignment(store: Store, name: str, target: Path) -> None:
        assert "alignment" in name
        fetch(store, name, target)

    monkeypatch.setattr(Store, "fetch", only_parts_of_the_alignment)
    monkeypatch.setattr(output, "read_file", None)
    on_cluster(many(tmp_path / "in", 3), tmp_path / "out")
    assert sha256s(tmp_path / "out") == {}


def test_records_are_read_on_a_cluster(tmp_path: Path) -> None:
    path = given(tmp_path, *(document(f"PMC{i}__a") for i in range(30)))
    out = tmp_path / "out"
    on_cluster(path, out, shard_size=7)
    run(path, out=tmp_path / "one", validate=False)
    assert gene_links(out) == gene_links(tmp_path / "one") != set()
    one, there = (manifest(each)["inputs"] for each in (tmp_path / "one", out))
    assert one == there
    squeezed = tmp_path / "pfocr.ndjson.gz"
    squeezed.write_bytes(b"")
    with pytest.raises(UsageError, match="--engine dask reads no archives"):
        on_cluster(squeezed, tmp_path / "other")
