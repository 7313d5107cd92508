"""List the parts of the project with their licences, or write them as CycloneDX.

python -m scripts.sbom            what is used and shipped, a line each
python -m scripts.sbom --write    sbom.cdx.json, anew
"""

from __future__ import annotations

import argparse
from typing import Final

from scripts.sbom.cyclonedx import to_cyclonedx
from scripts.sbom.parts import ROOT, parts

FILE: Final = ROOT / "sbom.cdx.json"


def main() -> None:
    """List or write."""
    parser = argparse.ArgumentParser(prog="sbom", description=__doc__)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        FILE.write_text(to_cyclonedx(parts()), encoding="utf-8")
        return
    for part in parts():
        print(f"{part.scope:<9} {part.ecosystem} {part.name} {part.version}  {part.licence or '?'}")


if __name__ == "__main__":
    main()
