"""The files of a release: written piece by piece, hashed and compressed on the way.

When one is finished, what the manifest says of it is known without reading it again.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol, Self

import zstandard

_DUMP: Final = re.compile(r"pfocr(?:-entities)?(?:-[0-9]+)?(\.[a-z]+)(?:\.gz|\.zst)?")
MANIFEST: Final = "manifest.json"
VOID_FILE: Final = "void.ttl"
ALIGNMENT_FILE: Final = "alignment.ttl"
FINDINGS_FILE: Final = "findings.jsonl"
REPORT_FILE: Final = "report.json"
CRATE_FILE: Final = "ro-crate-metadata.json"
PAGE_CACHE: Final = "ledger.sqlite"
"""Not in the manifest: the same release may have page caches of other bytes."""


class Compression(StrEnum):
    """How dumps are compressed."""

    GZIP = "gzip"
    ZSTD = "zstd"


_SUFFIXES = {None: "", Compression.GZIP: ".gz", Compression.ZSTD: ".zst"}


class _Writable(Protocol):
    def write(self, data: bytes, /) -> int: ...

    def close(self) -> None: ...


class WrittenFile(NamedTuple):
    """A finished file as the manifest lists it. `triples` is 0 for files that are not RDF."""

    name: str
    bytes: int
    sha256: str
    media_type: str
    triples: int


class DumpFile:
    """A file of the release that is written piece by piece, compressed on the way.

    Its bytes hold no time stamp and no name, so that equal content is an equal file. As a
    context manager it is let go of at the end, finished or not. `position` is how many bytes
    were written, before compression.
    """

    def __init__(self, folder: Path, name: str, media_type: str, compression: Compression | None):
        self.name = name + _SUFFIXES[compression]
        self.media_type = media_type
        self.triples = 0
        self.position = 0
        self._raw = _HashingFile(folder / self.name)
        self._squeezed: _Writable | None = None
        if compression is Compression.GZIP:
            self._squeezed = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)
        elif compression is Compression.ZSTD:
            compressor = zstandard.ZstdCompressor(level=3)
            self._squeezed = compressor.stream_writer(self._raw, closefd=False)  # type: ignore[arg-type]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    def abandon(self) -> None:
        """Let go of the file; what could not be written of an unfinished one does not matter."""
        for file in (self._squeezed, self._raw):
            with suppress(OSError, ValueError):
                if file is not None:
                    file.close()

    def write(self, piece: bytes) -> None:
        """Append bytes."""
        self.position += len(piece)
        (self._squeezed or self._raw).write(piece)

    def flush(self) -> None:
        """Hand plain bytes to the system; a compressed file keeps what it has not yet squeezed."""
        self._raw.flush()

    def close(self) -> WrittenFile:
        """Finish the file and return its entry for the manifest."""
        if self._squeezed is not None:
            self._squeezed.close()
        self._raw.close()
        return WrittenFile(
            self.name, self._raw.size, self._raw.digest.hexdigest(), self.media_type, self.triples
        )


class _HashingFile:
    """Counts and hashes what goes to disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=1 << 20)
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def remove_tree(folder: Path) -> None:
    """Remove a folder that only this run has used."""
    shutil.rmtree(folder, ignore_errors=True)


def write_whole(
    folder: Path, name: str, content: bytes, media_type: str, triples: int = 0
) -> WrittenFile:
    """Write a small file of the release at once."""
    with DumpFile(folder, name, media_type, None) as file:
        file.triples = triples
        file.write(content)
        return file.close()


def entry_of(name: str, content: bytes, media_type: str) -> WrittenFile:
    """Return the entry of a file that is not RDF and has been written earlier."""
    return WrittenFile(name, len(content), hashlib.sha256(content).hexdigest(), media_type, 0)


def times_of(folder: Path, files: Iterable[WrittenFile]) -> dict[str, int]:
    """Return when files were last written, in nanoseconds, for `is_intact`."""
    return {file.name: (folder / file.name).stat().st_mtime_ns for file in files}


def is_intact(folder: Path, file: WrittenFile, time: int | None) -> bool:
    """Say whether a file of a release is still what was written.

    Args:
        folder: Of the release.
        file: Its entry in the manifest.
        time: When it was written; a file of another time, a copy say, is read and hashed.
    """
    path = folder / file.name
    try:
        status = path.stat()
        if status.st_size != file.bytes:
            return False
        if status.st_mtime_ns == time:
            return True
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest() == file.sha256
    except OSError:
        return False


def dump_of(files: Iterable[WrittenFile], suffixes: Sequence[str]) -> tuple[WrittenFile, ...]:
    """Return those of a release's files that are its graph in one format, in their order.

    Args:
        files: Of the release, finished or not.
        suffixes: Of formats; the first that there is.
    """
    by_suffix: dict[str, list[WrittenFile]] = {}
    for file in files:
        if match := _DUMP.fullmatch(file.name):
            by_suffix.setdefault(match[1], []).append(file)
    return next((tuple(by_suffix[suffix]) for suffix in suffixes if suffix in by_suffix), ())
