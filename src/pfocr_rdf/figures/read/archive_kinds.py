"""Which kind of archive a file is: told by its content, because names are given by people.

A kind that cannot be read is refused by its name. Taken for a page it would only be one that
says nothing, and a release of such pages is an empty one.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
from pathlib import Path
from typing import IO, Final, cast

from pfocr_rdf.errors import InputError
from pfocr_rdf.files import BROKEN, decompressed

TAR_SUFFIXES: Final = tuple(
    ".tar .tar.gz .tgz .taz .tar.bz2 .tbz2 .tbz .tb2 .tar.xz .txz .tar.lzma .tlz .tar.zst .tzst".split()
)
ARCHIVE_SUFFIXES: Final = (*TAR_SUFFIXES, ".zip")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPRESSED: Final = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x5d\x00\x00": "lzma",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_UNREAD: Final = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"LZIP": "lzip",
    b"\x04\x22\x4d\x18": "lz4",
    b"\x89LZO\x00": "lzop",
    b"\x1f\x9d": "compress (.Z)",
    b"\x1f\xa0": "compress (.Z)",
    b"\x1fa": "pack (.z)",
    b"\xff\x06\x00\x00sNaPpY": "snappy",
    b"MSCF": "cab",
    b"!<arch>\n": "ar",
    b"070701": "cpio",
    b"070702": "cpio",
    b"070707": "cpio",
    b"\xc7\x71": "cpio",
    b"xar!": "xar",
    b"\x60\xea": "arj",
    b"MSWIM\x00\x00\x00": "wim",
    b"hsqs": "squashfs",
    b"# v2 git bundle": "git bundle",
    b"# v3 git bundle": "git bundle",
    b"%PDF-": "PDF",
    b"SQLite format 3\x00": "SQLite",
    b"PAR1": "Parquet",
}
"""Source: https://www.garykessler.net/library/file_sigs_GCK_latest.html, and each format's own page."""
_UNREAD_SUFFIXES: Final = (
    ".7z", ".rar", ".lz", ".lz4", ".lzo", ".z", ".br", ".sz", ".cab", ".ar", ".deb", ".rpm", ".cpio",
    ".xar", ".arj", ".lzh", ".lha", ".ace", ".wim", ".iso", ".dmg", ".sit", ".sitx", ".zpaq", ".bundle",
)  # fmt: skip
_READ: Final = ".tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst or .zip"
_PAGES: Final = (".md", ".txt")
_START: Final = 1 << 12


def is_archive(path: Path) -> bool:
    """Say whether a file is an archive we read, or is named like one; it need not be there."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES) or _holds_archive(path)


def is_zip(path: Path) -> bool:
    """Say whether an archive is to be opened as .zip rather than as .tar.

    Raises:
        OSError: It cannot be read.
    """
    start = _start_of(path)
    if start.startswith(_ZIP):
        return True
    named = path.name.lower().endswith(".zip")
    return named and not _compression(start) and not _is_tar(start)


def open_tar(path: Path) -> IO[bytes]:
    """Open a .tar as it was before compression.

    Reading what is broken raises one of `BROKEN`, LZMAError or an OSError.
    """
    match _compression(_start_of(path)):
        case "gzip":
            return cast("IO[bytes]", gzip.open(path))
        case "bzip2":
            return bz2.open(path)
        case "xz" | "lzma":
            return lzma.open(path)
        case "zstd":
            return decompressed(path.open("rb"), ".zst")
        case _:
            return path.open("rb")


def refuse_unread(path: Path) -> None:
    """Refuse a file that is no page, because it is packed in a way that is not read.

    Args:
        path: A plain file that is neither an archive we read nor one of records.

    Raises:
        InputError: It is another archive, a compressed file, or no text.
    """
    try:
        start = _start_of(path)
    except OSError:
        return  # whoever reads it says so
    kind = next((kind for magic, kind in _UNREAD.items() if start.startswith(magic)), "")
    name = path.name.lower()
    if not kind and not name.endswith(_PAGES):
        # Some kinds have no mark at their beginning, or lost it with their first bytes.
        kind = next((end[1:] for end in _UNREAD_SUFFIXES if name.endswith(end)), "")
    if kind:
        raise InputError(
            f"{path}: a file of kind {kind} is not read "
            f"(unpack it and give the folder, or pack that as {_READ})"
        )
    if compression := _compression(start):
        raise InputError(
            f"{path}: expected a page or an archive, found a {compression} file that is no archive "
            "(decompress it first)"
        )
    if b"\x00" in start and not name.endswith(_PAGES):
        raise InputError(
            f"{path}: expected a page or an archive, found no text (give pages, a folder of pages, "
            f"a checkout, or one as {_READ})"
        )


def _holds_archive(path: Path) -> bool:
    try:
        start = _start_of(path)
        if start.startswith(_ZIP):
            return zipfile.is_zipfile(path)
        if not _compression(start):
            return _is_tar(start)
        with open_tar(path) as plain:
            return _is_tar(plain.read(tarfile.BLOCKSIZE))
    except (*BROKEN, lzma.LZMAError, OSError, ValueError):
        return False


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_START)


def _compression(start: bytes) -> str:
    return next((kind for magic, kind in _COMPRESSED.items() if start.startswith(magic)), "")


def _is_tar(start: bytes) -> bool:
    """Say whether a file begins with the header of a member, whose checksum is right."""
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
