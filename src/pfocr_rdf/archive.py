"""An archive of a PFOCR checkout -> a folder, taking nothing from it but plain files.

A member whose path leads outside, a link or a device is reported and left behind; an archive
that breaks off is an error, because what is missing can't be known.
"""

from __future__ import annotations

import gzip
import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from pfocr_rdf.errors import InputError
from pfocr_rdf.findings import Finding

TAR_SUFFIXES: Final = (".tar.gz", ".tgz", ".tar")
_TAKEN = frozenset((".md", ".txt", ".tsv"))
MAX_MEMBER_BYTES: Final = 64_000_000
"""A page or table larger than this is not one; the largest real one has 0.2 MB."""


def is_archive(path: Path) -> bool:
    """Say whether a file's name is that of an archive we read."""
    return path.name.lower().endswith((*TAR_SUFFIXES, ".zip"))


def readable(name: str) -> str:
    """Return a file's name as text: bytes that are not UTF-8 become U+FFFD."""
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def extract(archive: Path, folder: Path) -> tuple[Finding, ...]:
    """Write the pages and tables of an archive below a folder.

    Raises:
        InputError: The archive cannot be opened, or breaks off.
    """
    findings: list[Finding] = []
    members = _zip_members if archive.name.lower().endswith(".zip") else _tar_members
    try:
        for name, content in members(archive, findings):
            _write_member(folder, name, content)
    except (
        tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, lzma.LZMAError, zlib.error,
        EOFError, NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        message = f"{archive}: expected a whole archive, found it broken: {error} (fetch it again)"
        raise InputError(message) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{archive}: cannot be unpacked: {reason}") from error
    return tuple(findings)


def _tar_members(archive: Path, findings: list[Finding]) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(archive, "r|*") as tar:
        for member in tar:
            if member.isdir():
                continue
            reason = _unsafe(member.name) or ("" if member.isreg() else "not a plain file")
            if _is_taken(member.name, member.size, reason, archive, findings):
                content = tar.extractfile(member)
                if content is not None:
                    yield member.name, content


def _zip_members(archive: Path, findings: list[Finding]) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as zipped:
        for info in zipped.infolist():
            if info.is_dir():
                continue
            mode = info.external_attr >> 16
            plain = not stat.S_IFMT(mode) or stat.S_ISREG(mode)
            reason = _unsafe(info.filename) or ("" if plain else "not a plain file")
            if _is_taken(info.filename, info.file_size, reason, archive, findings):
                with zipped.open(info) as content:
                    yield info.filename, content


def _is_taken(name: str, size: int, reason: str, archive: Path, findings: list[Finding]) -> bool:
    if not reason and PurePosixPath(name).suffix.lower() not in _TAKEN:
        return False
    if not reason and size > MAX_MEMBER_BYTES:
        reason = f"{size} bytes, more than {MAX_MEMBER_BYTES}"
    if reason:
        findings.append(
            Finding("archive-member-unsafe", readable(archive.name), "", readable(name), reason)
        )
    return not reason


def _unsafe(name: str) -> str:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
        return "the path leads outside the archive"
    if "\x00" in name or len(name.encode(errors="replace")) > 1000:
        return "the path is not a file name"
    return ""


def _write_member(folder: Path, name: str, content: IO[bytes]) -> None:
    target = folder / PurePosixPath(name.replace("\\", "/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(content, out)
