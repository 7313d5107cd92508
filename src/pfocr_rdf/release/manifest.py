"""manifest.json: what went into a release and what it consists of, by size and SHA-256.

It names no time and no machine: the same input gives the same manifest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import orjson

from pfocr_rdf.figures.join import JoinedFile
from pfocr_rdf.figures.link import TableRelease
from pfocr_rdf.figures.read import InputDigest, InputSummary
from pfocr_rdf.release.files import WrittenFile
from pfocr_rdf.shipped import ontology_file, shipped_shapes
from pfocr_rdf.version import __version__

_VERSION = re.compile(r'owl:versionInfo\s+"([^"]+)"')


class InputHashes:
    """Adds up what was read of each INPUT, in the order it was read."""

    def __init__(self) -> None:
        self._bytes: dict[str, int] = {}
        self._hashes: dict[str, hashlib._Hash] = {}

    def add(self, digests: Iterable[InputDigest]) -> None:
        """Add files that have been read."""
        for label, size, sha256 in digests:
            self._bytes[label] = self._bytes.get(label, 0) + size
            self._hashes.setdefault(label, hashlib.sha256()).update(bytes.fromhex(sha256))

    def record(self, summary: InputSummary) -> dict[str, object]:
        """Return an INPUT's entry of the manifest; its hash is over the hashes of its files."""
        label = summary.name
        digest = self._hashes.get(label, hashlib.sha256())
        return {
            **summary._asdict(),
            "bytes read": self._bytes.get(label, 0),
            "sha256": digest.hexdigest(),
        }


def manifest_json(
    release: str,
    table: TableRelease,
    options: dict[str, object],
    inputs: Iterable[dict[str, object]],
    outputs: Iterable[WrittenFile],
    joined: Iterable[JoinedFile] = (),
) -> bytes:
    """Return manifest.json."""
    ontology = ontology_file().read_bytes()
    version = _VERSION.search(ontology.decode())
    shapes = hashlib.sha256()
    for path in shipped_shapes():
        shapes.update(path.read_bytes())
    record = {
        "release": release,
        "versions": {
            "pfocr-rdf": __version__,
            "ontology": {
                "version": version[1] if version else "",
                "sha256": hashlib.sha256(ontology).hexdigest(),
            },
            "shapes": {"sha256": shapes.hexdigest()},
            "hgnc": table._asdict(),
        },
        "options": options,
        "inputs": list(inputs),
        "joined": [file._asdict() for file in joined],
        "outputs": [file._asdict() for file in outputs],
    }
    return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def files_of(manifest: bytes) -> tuple[WrittenFile, ...]:
    """Return the files that a manifest lists."""
    return tuple(WrittenFile(**file) for file in orjson.loads(manifest)["outputs"])
