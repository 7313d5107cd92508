"""The parts: distributions as they are installed, and the files of npm that are shipped."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PROJECT: Final = "pfocr-rdf"
FOR_USERS: Final = ("dask", "mcp", "parquet", "rocrate")
"""Extras that add to what the command can do; others are for who works on it."""
_CLASSIFIER: Final = "License :: OSI Approved :: "
_SPDX: Final = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache": "Apache-2.0",
}
"""What packages call their licences that do not yet say it in SPDX."""


class Part(NamedTuple):
    """A package that is used or shipped.

    Attributes:
        ecosystem: `pypi` or `npm`.
        name: As there.
        version: The exact one.
        licence: As SPDX, or in the package's own words; "" when it says nothing.
        scope: `required`, `optional` (of an extra for users), or `shipped`.
        needs: Names of what it depends on, of those that are listed.
        files: Of what is shipped, name and SHA-256.
    """

    ecosystem: str
    name: str
    version: str
    licence: str
    scope: str
    needs: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def parts() -> list[Part]:
    """Return all parts, by name."""
    required = _closure([()])
    optional = _closure([(), FOR_USERS])
    made = []
    for name in sorted(optional - {PROJECT}):
        found = distribution(name)
        scope = "required" if name in required else "optional"
        needs = tuple(sorted(set(_needs(found, ())) & optional))
        made.append(
            Part("pypi", found.metadata["Name"], found.version, licence_of(found), scope, needs)
        )
    return [*made, *shipped()]


def shipped() -> list[Part]:
    """Return the packages of npm whose files the pages load, as `scripts/vendor-web` has them."""
    return [
        Part(
            "npm",
            package.name,
            package.version,
            package.licence,
            "shipped",
            files=tuple((file.name, file.sha256) for file in package.files),
        )
        for package in vendor().PACKAGES
    ]


@cache
def vendor() -> ModuleType:
    """Return the script that fetches what is shipped, as a module."""
    loader = SourceFileLoader("vendor_web", str(ROOT / "scripts" / "vendor-web"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def licence_of(package: Distribution) -> str:
    """Return the licence that a package states, as SPDX where that is known."""
    said = package.metadata
    if "License-Expression" in said:
        return said["License-Expression"]
    classified = [
        each.removeprefix(_CLASSIFIER)
        for each in said.get_all("Classifier") or ()
        if each.startswith(_CLASSIFIER)
    ]
    words = said["License"].strip() if "License" in said else ""
    if words and "\n" not in words and not (classified and words not in _SPDX):
        return _SPDX.get(words, words)
    return " AND ".join(sorted({_SPDX.get(each, each) for each in classified}))


def pinned() -> dict[str, str]:
    """Return the versions of constraints.txt, by canonical name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(name): version
        for line in lines
        if not line.startswith("#")
        for name, _, version in (line.partition("=="),)
    }


def asked_for(pyproject: str) -> set[str]:
    """Return canonical names of what a pyproject.toml asks for, for those who use the command."""
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *(text for each in FOR_USERS for text in extras[each])]
    return {canonicalize_name(Requirement(text).name) for text in texts}


def _closure(extras: Iterable[tuple[str, ...]]) -> set[str]:
    """Return canonical names of all that the project needs, itself too, with some extras."""
    seen: set[str] = set()
    waiting = [(PROJECT, each) for each in extras]
    done: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in done:
            continue
        done.add((name, wanted))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # of another platform or Python
        seen.add(canonicalize_name(name))
        waiting += (
            (each.name, tuple(sorted(each.extras))) for each in _requirements(found, wanted)
        )
    return {canonicalize_name(name) for name in seen}


def _requirements(package: Distribution, extras: tuple[str, ...]) -> Iterator[Requirement]:
    for text in package.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": each}) for each in ("", *extras)):
            yield requirement


def _needs(package: Distribution, extras: tuple[str, ...]) -> Iterator[str]:
    for requirement in _requirements(package, extras):
        yield canonicalize_name(requirement.name)


def hashes_of_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 that VENDORED.md of a folder has of each file."""
    table = (folder / "VENDORED.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", table, re.MULTILINE))
