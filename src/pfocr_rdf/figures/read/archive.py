"""An archive of a PFOCR checkout -> a folder, taking nothing from it but plain files.

A member whose path leads outside, a link or a device is reported and left behind; an archive
that breaks off is an error, because what is missing can't be known.
"""

from __future__ import annotations

import lzma
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from pfocr_rdf.errors import InputError
from pfocr_rdf.figures.read.archive_kinds import is_zip, open_tar
from pfocr_rdf.files import BROKEN
from pfocr_rdf.findings import Finding

_TAKEN = frozenset((".md", ".txt", ".tsv"))
MAX_MEMBER_BYTES: Final = 64_000_000
"""A page or table larger than this is not one; the largest real one has 0.2 MB."""
_BLOCK: Final = tarfile.BLOCKSIZE


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
    try:
        members = _zip_members if is_zip(archive) else _tar_members
        for name, content in members(archive, findings):
            _write_member(folder, name, content)
    except (
        *BROKEN, tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, NotImplementedError,
        RuntimeError,
    ) as error:  # fmt: skip
        message = f"{archive}: expected a whole archive, found it broken: {error} (fetch it again)"
        raise InputError(message) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"{archive}: cannot be unpacked: {reason}") from error
    return tuple(findings)


def _tar_members(archive: Path, findings: list[Finding]) -> Iterator[tuple[str, IO[bytes]]]:
    with open_tar(archive) as plain:
        stream = _TarStream(plain)
        with tarfile.open(fileobj=cast("IO[bytes]", stream), mode="r|") as tar:
            for member in tar:
                stream.allow(member.size)
                if member.isdir():
                    continue
                reason = _unsafe(member.name) or ("" if member.isreg() else "not a plain file")
                if _is_taken(member.name, member.size, reason, archive, findings):
                    content = tar.extractfile(member)
                    if content is not None:
                        yield member.name, content
            stream.check_end(tar.offset)


class _TarStream:
    """What tarfile reads from, with the two checks that it does not make itself.

    It takes a broken header for the end of the archive, and reads a long name of any size.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._chunk = b""
        self._end = 0
        self._allowed = MAX_MEMBER_BYTES

    def read(self, size: int) -> bytes:
        self._chunk = self._file.read(size)
        self._end += len(self._chunk)
        self._allowed -= len(self._chunk)
        if self._allowed < 0:
            raise tarfile.ReadError(f"a header of more than {MAX_MEMBER_BYTES} bytes")
        return self._chunk

    def allow(self, size: int) -> None:
        """Let a member of a size be read, and the header after it."""
        self._allowed = size + MAX_MEMBER_BYTES

    def check_end(self, offset: int) -> None:
        """Make sure that only the mark of the end stands where tarfile stopped, and after it."""
        rest = self._chunk[max(offset - self._end + len(self._chunk), 0) :]
        if len(rest) < _BLOCK:
            raise tarfile.ReadError(f"no end mark at byte {offset}")
        while rest:  # to the very end, where a compressed file has its checksum
            if rest.count(0) != len(rest):
                raise tarfile.ReadError(f"neither a member nor the end at byte {offset}")
            rest = self.read(tarfile.RECORDSIZE)
            self.allow(0)


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
    if "\x00" in name or any(len(part.encode(errors="replace")) > 255 for part in path.parts):
        return "the path is not a file name"
    return ""


def _write_member(folder: Path, name: str, content: IO[bytes]) -> None:
    target = folder / PurePosixPath(name.replace("\\", "/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(content, out)
