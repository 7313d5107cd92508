"""The entry for the Bioregistry: its pattern and URI format are what real figure ids need."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pfocr_rdf.rdf.iris import figure_iri
from tests.support.samples import Sample


@pytest.fixture(scope="module")
def entry(root: Path) -> dict[str, Any]:
    """The entry as docs/registry.md has it."""
    text = (root / "docs/registry.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (found,) = json.loads(block).values()
    assert list(json.loads(block)) == ["pfocr"]
    return dict(found)


def assert_named(entry: dict[str, Any], figid: str) -> None:
    """Assert that a figure id fits, and that the URI format gives the IRI of its figure."""
    assert re.search(entry["pattern"], figid), figid
    assert entry["uri_format"].replace("$1", figid) == figure_iri(figid)


def test_the_entry_has_all_that_the_form_requires(entry: dict[str, Any]) -> None:
    for key in ("name", "homepage", "description", "example", "pattern", "uri_format", "license"):
        assert entry[key], key
    assert entry["pattern"].startswith("^")
    assert entry["pattern"].endswith("$")
    assert entry["uri_format"].count("$1") == 1
    assert list(entry) == sorted(entry)
    assert not re.search(
        r"todo|example\.(?:org|com)|your|xxx|0000-0000", json.dumps(entry), re.IGNORECASE
    )


def test_the_examples_are_real_figures_and_the_decoys_are_not_ids(
    entry: dict[str, Any], seeds: Path
) -> None:
    real = {
        yaml.safe_load(page.read_text(encoding="utf-8").split("\n---", 1)[0])["figid"]
        for page in seeds.glob("*.txt")
    }
    assert real
    for figid in real:
        assert_named(entry, figid)
    assert {entry["example"], *entry["example_extras"]} <= real
    for decoy in entry["example_decoys"]:
        assert not re.search(entry["pattern"], decoy)
        assert figure_iri(decoy) is None


def test_the_ids_of_all_figures_of_a_release_fit(entry: dict[str, Any], shared: Path) -> None:
    with gzip.open(shared / "data/pfocr_2021_figids.jsonl.gz", "rt") as lines:
        figids = [json.loads(line)[0] for line in lines]
    assert len(figids) > 60_000
    for figid in figids:
        assert_named(entry, figid)


def test_the_ids_of_figures_of_every_generation_fit(entry: dict[str, Any], sample: Sample) -> None:
    figids = [path.stem.removesuffix("@old") for path in sample.pages.glob("*/*.md")
              if path.parent.name in {"_figures", "old"}]  # fmt: skip
    assert len(figids) == 19
    for figid in figids:
        assert_named(entry, figid)


@pytest.mark.parametrize(
    "figid", ["PMC1__", "PMC1_x", "pmc1__x", "PMC1__a/b", "PMC__x", "PMC1__a b", "XPMC1__a"]
)
def test_what_is_no_figure_id_does_not_fit(entry: dict[str, Any], figid: str) -> None:
    assert re.search(entry["pattern"], figid) is None
    assert figure_iri(figid) is None
