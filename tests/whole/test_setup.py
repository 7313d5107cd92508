"""What a user installs: pinned versions, and a wheel that holds all data and no tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def _needed(name: str, extras: set[str]) -> Iterator[str]:
    """Yield the distributions that one needs here, and what those need."""
    for line in metadata.requires(name) or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield requirement.name
            yield from _needed(requirement.name, requirement.extras)


def test_everything_needed_is_pinned_and_installed_so(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    pins = {canonicalize_name(name): version for name, version in pins.items()}
    differing = {
        f"{name}: installed {metadata.version(name)}, pinned {pins.get(canonicalize_name(name))}"
        for name in {"hatchling", "editables", *_needed("pfocr-rdf", {"dev"})}
        if metadata.version(name) != pins.get(canonicalize_name(name))
    }
    assert not differing, "run scripts/update-constraints, then `make clean setup`"


def test_the_lock_file_names_no_download_address(root: Path) -> None:
    lock = (root / "tests" / "js" / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that the checkout keeps no build folder."""
    copy = tmp_path_factory.mktemp("source")
    for name in ("src", "ontology", "shapes", "queries"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, copy)
    (copy / "docs").mkdir()
    shutil.copy(root / "docs" / "gotchas.md", copy / "docs")
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            copy,
        ],
        cwd=out,
        check=True,
    )
    (built,) = out.iterdir()
    return built


@pytest.mark.whole
def test_the_wheel_holds_the_data_and_no_tests(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {
        f"pfocr_rdf/{path.relative_to(base)}"
        for base, folder in ((root, "ontology"), (root, "shapes"), (root / "src/pfocr_rdf", "data"))
        for path in (base / folder).rglob("*")
        if path.is_file()
    }
    assert {"pfocr_rdf/ontology/pfocr.ttl", "pfocr_rdf/shapes/figure.ttl"} <= wanted
    assert any("hgnc" in name for name in wanted)
    assert wanted <= names
    assert "pfocr_rdf/py.typed" in names
    strange = {name for name in names if not name.startswith(("pfocr_rdf/", "pfocr_rdf-"))}
    assert not strange


@pytest.mark.whole
def test_the_wheel_works_away_from_the_checkout(wheel: Path, seeds: Path, tmp_path: Path) -> None:
    # Installed beside the running environment, and first on its path.
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", site, wheel],
        check=True,
    )
    env = {"PYTHONPATH": str(site), "PATH": "", "HOME": str(tmp_path)}

    def python(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-P", *arguments],
            env=env,
            cwd=tmp_path,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    assert python("-c", "import pfocr_rdf; print(pfocr_rdf.__file__)").startswith(str(site))
    python("-m", "pfocr_rdf", "export", str(seeds), "-o", "out")
    assert (tmp_path / "out" / "pfocr.ttl").stat().st_size > 0


def test_the_citation_is_of_this_version(root: Path) -> None:
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {metadata.version('pfocr-rdf')}\n" in citation
