"""A release is written beside its final name and appears there whole, or not at all.

The folder is staged as a hidden sibling and then swapped with what was published before, in
one system call where the platform has one. A killed run leaves a staging folder, which the
next run removes because nobody holds its lock any more.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import gzip
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple, Protocol, Self

import orjson
import zstandard

from pfocr_rdf.errors import OutputError, PfocrError

MANIFEST: Final = "manifest.json"
LEDGER: Final = "ledger.sqlite"
"""Not in the manifest: the same release may have ledgers of other bytes."""
_LOCK = ".lock"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


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


class Stage(NamedTuple):
    """Where a release is written, and what runs that were killed have left beside it."""

    folder: Path
    abandoned: tuple[Path, ...]


@contextmanager
def staged_release(out: Path) -> Iterator[Stage]:
    """Give a folder to write a release into; publish it as `out` when the block succeeds.

    Raises:
        OutputError: `out` cannot be written, or holds files that are not of a release.
    """
    # A link is followed once, so that the release behind it is what gets replaced.
    out = Path(os.path.realpath(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _restore_previous(out)
        _refuse_foreign(out)
        abandoned = _abandoned(out)
        stage, lock = _new_stage(out)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error
    keep = False
    try:
        try:
            yield Stage(stage, tuple(folder for folder, _ in abandoned))
            _publish(stage, out)
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(f"{out}: cannot be written: {reason} (nothing was published)") from (
                error
            )
    except (PfocrError, KeyboardInterrupt):
        keep = True  # a mistyped INPUT must not cost what a killed run has done
        raise
    finally:
        remove_tree(stage)  # what could not be written, or the release that was replaced
        os.close(lock)
        for folder, its_lock in abandoned:
            if not keep:
                remove_tree(folder)
            os.close(its_lock)


def _stage_prefix(out: Path) -> str:
    return f".{out.name}.staging-"


def _new_stage(out: Path) -> tuple[Path, int]:
    while True:
        stage = Path(tempfile.mkdtemp(prefix=_stage_prefix(out), dir=out.parent))
        try:
            lock = os.open(stage / _LOCK, os.O_CREAT | os.O_RDWR)
        except FileNotFoundError:
            continue  # another run took it for abandoned before we could hold its lock
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock).st_nlink:
            return stage, lock
        os.close(lock)


def _refuse_foreign(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out}: expected a folder, found a file (choose another name)")
    if os.path.ismount(out):
        raise OutputError(f"{out}: is a mount point and cannot be swapped (use {out / 'release'})")
    present = {path.name for path in out.iterdir()} - {_LOCK, LEDGER}
    if not present:
        return
    listed = _listed_files(out / MANIFEST)
    if not listed:
        raise OutputError(
            f"{out}: holds files, but no {MANIFEST} of an earlier release "
            "(choose a new or empty folder)"
        )
    if foreign := sorted(present - listed):
        raise OutputError(
            f"{out}: holds {foreign[0]!r}, which is not of the release there and would be lost "
            "(move it, or choose a new or empty folder)"
        )


def _listed_files(manifest: Path) -> set[str]:
    """Return the names of a release's files; empty when the manifest is not one of ours."""
    try:
        record = orjson.loads(manifest.read_bytes())
        names = {MANIFEST, *(file["name"] for file in record["outputs"])}
        return names if "pfocr-rdf" in record["versions"] else set()
    except (FileNotFoundError, IsADirectoryError, ValueError, KeyError, TypeError):
        return set()


def _abandoned(out: Path) -> list[tuple[Path, int]]:
    """Return the folder of the run that got furthest of those that are gone, with its lock.

    The others are removed, so that runs which are killed again and again do not pile up.
    """
    found: list[tuple[Path, int]] = []
    for stage in sorted(out.parent.glob(f"{glob.escape(_stage_prefix(out))}*")):
        try:
            # Without a lock it was just made, or is an old release that was swapped out.
            lock = os.open(stage / _LOCK, os.O_CREAT | os.O_RDWR)
        except OSError:
            continue  # just removed, or not ours
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)  # another run is writing it
        else:
            found.append((stage, lock))
    found.sort(key=lambda each: _progress(each[0]))
    for stage, lock in found[:-1]:
        remove_tree(stage)
        os.close(lock)
    return found[-1:]


def _progress(stage: Path) -> int:
    """Return how many pages a run has noted in its ledger."""
    if not (stage / LEDGER).is_file():
        return 0
    try:
        with closing(sqlite3.connect(stage / LEDGER)) as db:
            (pages,) = db.execute("SELECT COUNT(*) FROM figures").fetchone()
    except sqlite3.Error:
        return 0
    return int(pages)


def _restore_previous(out: Path) -> None:
    """Undo what a run left that was killed between the two renames of `_exchange`."""
    previous = _previous(out)
    if previous.exists():
        if out.exists():
            shutil.rmtree(previous)
        else:
            os.rename(previous, out)


def _previous(out: Path) -> Path:
    return out.with_name(f".{out.name}.previous")


def _publish(stage: Path, out: Path) -> None:
    os.umask(umask := os.umask(0))
    stage.chmod(0o777 & ~umask)  # mkdtemp made it private
    if out.exists() and any(out.iterdir()):
        _exchange(stage, out)
    else:
        os.replace(stage, out)
    (out / _LOCK).unlink(missing_ok=True)


def _exchange(stage: Path, out: Path) -> None:
    """Swap two folders; the old release is then at the staging path, to be removed."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        rename = getattr(libc, "renameat2", None)
        if rename is not None:
            names = os.fsencode(stage), os.fsencode(out)
            if rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
                return
            code = ctypes.get_errno()
            if code not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV):
                raise OSError(code, os.strerror(code), str(out))
    # Without an exchange there is a moment with no release under the final name, but never
    # a mixture: both stand whole under a name of their own.
    previous = _previous(out)
    shutil.rmtree(previous, ignore_errors=True)
    os.rename(out, previous)
    os.rename(stage, out)
    shutil.rmtree(previous, ignore_errors=True)
