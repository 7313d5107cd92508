"""The RO-Crate: every file with its hash, and what RO-Crate 1.2 asks of a crate."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

from pfocr_rdf.exporting.forms.crate import published
from pfocr_rdf.exporting.forms.names import Form
from pfocr_rdf.figures.link.table import TableRelease
from pfocr_rdf.release.description import Edition
from pfocr_rdf.release.files import CRATE_FILE, PAGE_CACHE, Compression
from tests.support import referees
from tests.support.formed import ALL, formed
from tests.support.pages import TNFSF11, page, run, write


@pytest.fixture(scope="module")
def seeds_out(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("crate") / "out"
    return formed(seeds, out, *ALL, release="2025-09-10", compression=Compression.GZIP)


def entities(out: Path) -> dict[str, dict[str, Any]]:
    graph = json.loads((out / CRATE_FILE).read_bytes())["@graph"]
    found = {entity["@id"]: entity for entity in graph}
    assert len(found) == len(graph)
    return found


def test_every_file_with_its_size_hash_and_type(seeds_out: Path) -> None:
    found = entities(seeds_out)
    parts = [part["@id"] for part in found["./"]["hasPart"]]
    present = {path.name for path in seeds_out.iterdir()} - {PAGE_CACHE, CRATE_FILE}
    assert sorted(parts) == sorted(present)
    outputs = json.loads((seeds_out / "manifest.json").read_bytes())["outputs"]
    types = {file["name"]: file["media_type"] for file in outputs} | {
        "manifest.json": "application/json"
    }
    for name in parts:
        file, content = found[name], (seeds_out / name).read_bytes()
        assert file["@type"] == "File"
        assert file["encodingFormat"] == types[name]
        assert file["name"] not in ("", name)
        assert file["description"].endswith(".")
        assert file["contentSize"] == str(len(content))
        if name != "manifest.json":
            assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert "sha256" not in found["manifest.json"], "it lists the crate, whose hash it has"
    assert CRATE_FILE in types


def test_what_the_specification_asks_of_a_crate(seeds_out: Path) -> None:
    """RO-Crate 1.2: the metadata descriptor, the root, and that nothing named is missing."""
    assert json.loads((seeds_out / CRATE_FILE).read_bytes())["@context"] == (
        "https://w3id.org/ro/crate/1.2/context"
    )
    found = entities(seeds_out)
    assert found[CRATE_FILE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert found[CRATE_FILE]["about"] == {"@id": "./"}
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert root["datePublished"] == root["version"] == "2025-09-10"
    assert len(root["description"]) > 50
    assert found[root["license"]["@id"]]["name"] == "CC0 1.0 Universal"
    assert found[root["creator"]["@id"]]["name"] == "WikiPathways"

    def check(value: object) -> None:
        if isinstance(value, list):
            for each in value:
                check(each)
        elif isinstance(value, dict):
            assert set(value) == {"@id"}
            assert value["@id"] in found or value["@id"].startswith("https://w3id.org/ro/crate/")

    for entity in found.values():
        assert {"@id", "@type"} <= set(entity)
        for value in entity.values():
            check(value)


@pytest.mark.whole
def test_rocrate_validator_finds_nothing(seeds_out: Path) -> None:
    """At the level `recommended`, for all forms, compressed."""
    assert referees.crate_faults(seeds_out) == []


def test_how_the_files_were_made(seeds_out: Path) -> None:
    found = entities(seeds_out)
    action = found["#export"]
    assert action["@type"] == "CreateAction"
    assert found[action["instrument"]["@id"]]["version"]
    source, table = (found[each["@id"]] for each in action["object"])
    manifest = json.loads((seeds_out / "manifest.json").read_bytes())
    assert source["name"] == "seeds"
    assert source["sha256"] == manifest["inputs"][0]["sha256"]
    assert table["sha256"] == manifest["versions"]["hgnc"]["sha256"]
    assert json.loads(action["description"]) == manifest["options"]
    results = {each["@id"] for each in action["result"]}
    assert results == {part["@id"] for part in found["./"]["hasPart"]}


def test_the_library_reads_it_back(seeds_out: Path) -> None:
    crate = ROCrate(str(seeds_out))
    assert crate.version == "1.2"
    assert len(crate.data_entities) == len(entities(seeds_out)["./"]["hasPart"])
    assert crate.root_dataset["mentions"].type == "CreateAction"


def test_equal_releases_have_equal_crates(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"PMC1__a.md": page("PMC1__a", (TNFSF11,))})
    first, second = (formed(folder, tmp_path / name, Form.ROCRATE) for name in ("a", "b"))
    assert (first / CRATE_FILE).read_bytes() == (second / CRATE_FILE).read_bytes()
    text = (first / CRATE_FILE).read_text()
    assert not re.search(r"T[0-9]{2}:[0-9]{2}:", text), "a time"
    assert str(tmp_path) not in text


def test_without_the_form_there_is_no_crate(seeds: Path, tmp_path: Path) -> None:
    run(seeds, out=tmp_path / "out", also=(Form.GMT,))
    assert not (tmp_path / "out" / CRATE_FILE).exists()


@pytest.mark.parametrize(
    ("release", "date", "expected"),
    [
        ("2025-09-10", "2024-10-18", "2025-09-10"),
        ("pfocr-20250910", "2024-10-18", "2025-09-10"),
        ("v1.2", "2024-10-18", "2024-10-18"),
        ("202509101", "2024-10-18", "2024-10-18"),
        ("20251340", "2024-10-18", "2024-10-18"),
        ("", "", "2020-11-09"),
    ],
)
def test_the_date_of_publication(release: str, date: str, expected: str) -> None:
    table = TableRelease(date, "0" * 64, 1, "file", "table.tsv")
    assert published(Edition(release, table)) == expected
    assert published(Edition(release, table, issued="2026-01-02")) == "2026-01-02"
