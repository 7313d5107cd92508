"""manifest.json: what went into a release and what it consists of, by size and SHA-256.

It names no time and no machine: the same input gives the same manifest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final, cast

import orjson

from pfocr_rdf.figures.join import JoinedFile
from pfocr_rdf.figures.link import TableRelease
from pfocr_rdf.figures.read import InputDigest, InputSummary
from pfocr_rdf.release.files import WrittenFile
from pfocr_rdf.shipped import ontology_file, shipped_shapes
from pfocr_rdf.version import __version__

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA256: Final = re.compile("[0-9a-f]{64}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_VERSION: Final = re.compile(r'owl:versionInfo\s+"([^"]+)"')


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


def is_release_name(text: str) -> bool:
    """Say whether a release can have a name: one that is safe in IRIs, files and scripts."""
    return _NAME.fullmatch(text) is not None


def files_of(manifest: bytes) -> tuple[WrittenFile, ...]:
    """Return the files that a manifest lists.

    Raises:
        ValueError: It is no manifest, or lists what an export does not write.
    """
    try:
        files = tuple(WrittenFile(**file) for file in orjson.loads(manifest)["outputs"])
        sound = all(map(_is_sound, files))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("expected a list of files") from error
    if not sound or len({file.name for file in files}) != len(files):
        raise ValueError("expected files as an export writes them")
    return files


def is_file_name(text: str) -> bool:
    """Say whether a file of a release can have a name: one that leads nowhere else."""
    return _FILE.fullmatch(text) is not None


def _is_sound(file: WrittenFile) -> bool:
    # What a manifest says may be of any type.
    if not isinstance(cast("object", file.name), str):
        return False
    texts = ((_SHA256, file.sha256), (_MEDIA_TYPE, file.media_type))
    return all(pattern.fullmatch(text) for pattern, text in texts) and all(
        type(number) is int and number >= 0 for number in (file.bytes, file.triples)
    )
