"""The manifest: what it says of the inputs, of the versions, and that it names no place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import pfocr_rdf
from pfocr_rdf.figures.read.sources import InputDigest, InputSummary
from pfocr_rdf.release.manifest import InputHashes
from tests.support.pages import checkout, files, gene_table, manifest, page, run, write


def test_the_books_of_inputs() -> None:
    hashes = InputHashes()
    hashes.add([InputDigest("a", 3, "ab" * 32), InputDigest("b", 5, "cd" * 32)])
    hashes.add([InputDigest("a", 4, "ef" * 32)])
    digest = hashlib.sha256(bytes.fromhex("ab" * 32 + "ef" * 32)).hexdigest()
    assert hashes.record(InputSummary("a", "folder", 2, 1)) == {
        "name": "a",
        "kind": "folder",
        "figures": 2,
        "tables": 1,
        "bytes read": 7,
        "sha256": digest,
    }
    nothing = hashes.record(InputSummary("c", "folder", 0, 0))
    assert (nothing["bytes read"], nothing["sha256"]) == (0, hashlib.sha256().hexdigest())


def hashes(out: Path) -> dict[str, str]:
    return {entry["name"]: entry["sha256"] for entry in manifest(out)["inputs"]}


def full(folder: Path) -> Path:
    return write(checkout(folder), {"_data/PMC9__gone-genes.tsv": gene_table()})


FILES = [
    "_figures/PMC1__a.md",
    "_data/PMC1__b-genes.tsv",
    "_data/PMC1__b-chemicals.tsv",
    "_data/PMC9__gone-genes.tsv",
    "_data/wpid_map.tsv",
    "_data/ndex_map.tsv",
    "_organisms/mus_cookii.md",
]


@pytest.mark.parametrize("changed", FILES)
def test_a_byte_of_the_input_changes_its_hash(tmp_path: Path, changed: str) -> None:
    other = write(tmp_path / "x" / "other", {"PMC5__x.md": page("PMC5__x")})
    run(full(tmp_path / "1" / "c"), other, out=tmp_path / "a")
    again = full(tmp_path / "2" / "c")
    (again / changed).write_bytes((again / changed).read_bytes() + b"\n")
    run(again, other, out=tmp_path / "b")
    before, after = hashes(tmp_path / "a"), hashes(tmp_path / "b")
    assert before["c"] != after["c"]
    assert before["other"] == after["other"]


def test_the_bytes_of_an_input_are_those_of_its_files(tmp_path: Path) -> None:
    root = full(tmp_path / "c")
    run(root, out=tmp_path / "o")
    (entry,) = manifest(tmp_path / "o")["inputs"]
    read = [path for path in root.rglob("*.*") if path.is_file() and path.name != "README.md"]
    assert entry["bytes read"] == sum(path.stat().st_size for path in read)
    assert (entry["kind"], entry["figures"], entry["tables"]) == ("checkout", 3, 3)


@pytest.mark.parametrize("changed", ["_data/PMC1__b-genes.tsv", "_organisms/mus_cookii.md"])
def test_a_page_alone_is_hashed_with_what_belongs_to_it(tmp_path: Path, changed: str) -> None:
    root = checkout(tmp_path / "c")
    run(root / "_figures" / "PMC1__b.md", out=tmp_path / "a")
    (root / changed).write_bytes((root / changed).read_bytes() + b"\n")
    run(root / "_figures" / "PMC1__b.md", out=tmp_path / "b")
    assert hashes(tmp_path / "a") != hashes(tmp_path / "b")


def test_two_pages_of_one_name_have_hashes_of_their_own(tmp_path: Path) -> None:
    first = write(tmp_path / "1", {"x.md": page("PMC1__a")}) / "x.md"
    second = write(tmp_path / "2", {"x.md": page("PMC1__b")}) / "x.md"
    run(first, second, out=tmp_path / "o")
    entries = manifest(tmp_path / "o")["inputs"]
    assert [entry["bytes read"] for entry in entries] == [
        len(page("PMC1__a").encode()),
        len(page("PMC1__b").encode()),
    ]
    assert entries[0]["sha256"] != entries[1]["sha256"]


def test_the_versions(tmp_path: Path, root: Path) -> None:
    run(checkout(tmp_path / "c"), out=tmp_path / "o")
    versions = manifest(tmp_path / "o")["versions"]
    ontology = (root / "ontology" / "pfocr.ttl").read_bytes()
    assert versions["pfocr-rdf"] == pfocr_rdf.__version__
    assert versions["ontology"]["sha256"] == hashlib.sha256(ontology).hexdigest()
    assert f'owl:versionInfo "{versions["ontology"]["version"]}"' in ontology.decode()
    shapes = b"".join(path.read_bytes() for path in sorted((root / "shapes").glob("*.ttl")))
    assert versions["shapes"]["sha256"] == hashlib.sha256(shapes).hexdigest()
    assert set(versions["hgnc"]) >= {"date", "sha256", "genes", "origin", "name"}


def test_it_names_no_place_and_no_time(tmp_path: Path) -> None:
    run(checkout(tmp_path / "c"), out=tmp_path / "o")
    for name, data in files(tmp_path / "o").items():
        assert str(tmp_path).encode() not in data, name
        assert b"/root" not in data
    text = json.dumps(manifest(tmp_path / "o"))
    assert "jobs" not in text


def test_the_options_that_decide_what_the_release_is(tmp_path: Path) -> None:
    root = checkout(tmp_path / "c")
    plain: Callable[[Path], dict[str, object]] = lambda out: manifest(out)["options"]  # noqa: E731
    run(root, out=tmp_path / "o", captions=False, limit=2, shard_size=1, validate=False)
    assert plain(tmp_path / "o") == {
        "formats": ["turtle", "jsonld"],
        "compression": None,
        "iri style": "obo",
        "captions": False,
        "limit": 2,
        "validated": False,
        "also": [],
        "shard size": 1,
        "issued": "",
        "previous": "",
        "download": "",
        "endpoint": "",
    }
