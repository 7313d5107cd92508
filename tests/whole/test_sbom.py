"""The bill of materials says what is installed, what is pinned, and what the pages load."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name

from scripts.sbom import parts as sbom
from scripts.sbom.__main__ import FILE
from scripts.sbom.cyclonedx import to_cyclonedx
from tests.support.places import ROOT

_HINT = "write it anew: .venv/bin/python -m scripts.sbom --write"


@pytest.fixture(scope="module")
def parts() -> list[sbom.Part]:
    return sbom.parts()


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(FILE.read_bytes())
    return content


def test_it_is_cyclonedx() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(FILE.read_text()) is None


def test_it_says_what_is_installed(parts: list[sbom.Part], written: dict[str, Any]) -> None:
    listed = {each["purl"]: each for each in written["components"]}
    now = {each["purl"]: each for each in json.loads(to_cyclonedx(parts))["components"]}
    for purl, component in now.items():
        assert listed.get(purl) == component, f"{purl}: {_HINT}"
    # What this Python does not need another may: it is pinned all the same.
    pins = sbom.pinned()
    for purl, component in listed.items():
        if purl not in now:
            assert pins.get(canonicalize_name(component["name"])) == component["version"], _HINT


def test_all_that_is_used_is_pinned(parts: list[sbom.Part]) -> None:
    pins = sbom.pinned()
    for part in parts:
        if part.ecosystem == "pypi":
            assert pins.get(canonicalize_name(part.name)) == part.version == version(part.name)


def test_each_part_states_a_licence(parts: list[sbom.Part]) -> None:
    assert [part.name for part in parts if not part.licence or "\n" in part.licence] == []


def test_what_the_pages_load_is_listed_with_its_hash_and_licence(written: dict[str, Any]) -> None:
    vendor = sbom.vendor().VENDOR
    hashes = {
        file["name"]: file["hashes"][0]["content"]
        for component in written["components"]
        for file in component.get("components", ())
    }
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.iterdir()
        if not path.name.endswith((".LICENSE.txt", ".md"))
    }
    assert hashes == there == sbom.hashes_of_files(vendor)
    for package in sbom.vendor().PACKAGES:
        short = package.name.rpartition("/")[2]
        assert (vendor / f"{short}.LICENSE.txt").read_text(encoding="utf-8").strip()


def test_it_lists_what_pyproject_asks_for(written: dict[str, Any]) -> None:
    names = {canonicalize_name(each["name"]) for each in written["components"]}
    asked = sbom.asked_for((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert asked <= names, _HINT
