"""The parts as a CycloneDX bill of materials, the same bytes for the same parts.

Source: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/; purl, https://github.com/package-url
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from pfocr_rdf.version import __version__
from scripts.sbom.parts import PROJECT, ROOT, Part, asked_for

_SCOPES: Final = {
    "required": ComponentScope.REQUIRED,
    "shipped": ComponentScope.REQUIRED,
    "optional": ComponentScope.OPTIONAL,
}


def to_cyclonedx(parts: Sequence[Part]) -> str:
    """Return the JSON of a bill of materials, without the time it was made at."""
    bom = Bom()
    project = Component(
        name=PROJECT,
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"pkg:pypi/{PROJECT}",
        purl=PackageURL("pypi", name=PROJECT, version=__version__),
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    bom.metadata.component = project
    components: dict[str, Component] = {
        canonicalize_name(part.name): _component(part) for part in parts
    }
    bom.components.update(components.values())
    direct = asked_for((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = {canonicalize_name(part.name) for part in parts if part.scope == "shipped"}
    bom.register_dependency(project, [components[name] for name in sorted((direct | shipped) & components.keys())])  # fmt: skip
    for part in parts:
        needed = [components[name] for name in part.needs if name in components]
        bom.register_dependency(components[canonicalize_name(part.name)], needed)
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    written["metadata"].pop("timestamp", None)
    written["metadata"].pop("tools", None)
    written.pop("serialNumber", None)
    content = json.dumps(written, sort_keys=True)
    written["serialNumber"] = uuid5(NAMESPACE_URL, content).urn
    return json.dumps(written, indent=2, sort_keys=True) + "\n"


def _component(part: Part) -> Component:
    group, _, name = part.name.rpartition("/")
    purl = PackageURL(part.ecosystem, group or None, name, part.version)
    return Component(
        name=name,
        group=group or None,
        version=part.version,
        type=ComponentType.LIBRARY,
        scope=_SCOPES[part.scope],
        bom_ref=str(purl),
        purl=purl,
        licenses=[LicenseFactory().make_from_string(part.licence)] if part.licence else [],
        components=[
            Component(
                name=file,
                type=ComponentType.FILE,
                bom_ref=f"{purl}#{file}",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
            )
            for file, sha256 in part.files
        ],
    )
