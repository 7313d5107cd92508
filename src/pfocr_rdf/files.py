"""Files that appear whole or not at all, and compressed ones: told, opened, and known when cut.

Nothing here makes an error of ours of an OSError: only the caller knows what the file is.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import io
import os
import secrets
import shutil
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

import zstandard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

COMPRESSED: Final = (".gz", ".zst")
"""How the name of a compressed file ends, in any case."""
BROKEN: Final = (EOFError, zlib.error, zstandard.ZstdError, gzip.BadGzipFile)
"""What reading a compressed file raises that is cut short or broken; the last is an OSError."""

_MAGIC: Final = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst"}
_CHUNK: Final = 1 << 16
_LEAST_ROOM: Final = 1 << 16
"""Bytes: with less, whatever a database says is for want of them."""
_LONGEST: Final = 60
"""Letters of a name that its part keeps: a name has 255 bytes at most, a letter up to four."""


@contextmanager
def whole_file(path: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Give a file that gets its name when all is written; what had the name is there till then.

    It is written in the same folder, and has the mode of the file whose place it takes. Whoever is
    killed as he writes leaves his part; who writes the same file next takes it over.

    Args:
        path: Where it will be; a link to a file is replaced, not followed.
        durable: Survive a power cut: a rename alone may leave the new name empty.
    """
    part, file = _own_part(path)
    try:
        with suppress(FileNotFoundError):
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        yield file
        file.flush()
        if durable:
            os.fsync(file.fileno())
        # Closed only then: whoever gets the lock before would empty what is about to get the name.
        part.replace(path)
        file.close()
    except KeyboardInterrupt:
        # Not closed: a thread that writes to it goes on until the process ends.
        with suppress(OSError):
            part.unlink()
        raise
    except BaseException:
        with suppress(OSError):
            part.unlink()
        with suppress(OSError):
            file.close()
        raise


def _own_part(path: Path) -> tuple[Path, BinaryIO]:
    """Return an empty file beside another, that nobody else writes as long as it is open."""
    own = ""
    while True:
        part = path.with_name(f".{path.name[:_LONGEST]}{own}.part")
        own = f".{secrets.token_hex(4)}"
        try:
            file = open(part, "r+b", opener=_open_part)  # noqa: SIM115 - Path has no opener
        except OSError as error:
            # A link, a folder, a pipe: somebody else's.
            if error.errno not in (errno.ELOOP, errno.EISDIR, None):
                raise
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.fstat(file.fileno())
            # Before we had the lock, another may have given the file its name.
            if held.st_nlink == 1 and stat.S_ISREG(held.st_mode) and _is_at(held, part):
                if held.st_size:
                    file.truncate()
                return part, file
        except BlockingIOError:
            pass
        except BaseException:
            with suppress(OSError):
                part.unlink()
            file.close()
            raise
        file.close()


def _open_part(name: str, _: int) -> int:
    return os.open(name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)


def _is_at(held: os.stat_result, path: Path) -> bool:
    try:
        return os.path.samestat(held, path.lstat())
    except FileNotFoundError:
        return False


@contextmanager
def database_as_file(folder: Path, name: str) -> Iterator[None]:
    """Make troubles of an SQLite database those of a plain file: a full disk most of all.

    Args:
        folder: Where it lies.
        name: What to call it.

    Raises:
        OSError: SQLite raised an error of the database.
    """
    import sqlite3  # noqa: PLC0415 - only who has a database needs it

    try:
        yield
    except sqlite3.DatabaseError as error:
        full = shutil.disk_usage(folder).free < _LEAST_ROOM
        # One that a worker has sent has no code any more.
        if full or getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise OSError(errno.EIO, f"{name}: {error}") from error


def plain_name(name: str) -> str:
    """Return a file's name as it was before compression.

    Example:
        >>> plain_name("pfocr.ttl.GZ"), plain_name("pfocr.nt")
        ('pfocr.ttl', 'pfocr.nt')
    """
    stem, dot, ending = name.rpartition(".")
    return stem if dot + ending.lower() in COMPRESSED else name


def compression_of(beginning: bytes) -> str:
    """Return the suffix that tells how a file is compressed, by its first bytes; "" for plain."""
    return next((suffix for magic, suffix in _MAGIC.items() if beginning.startswith(magic)), "")


def open_plain(path: Path) -> IO[bytes]:
    """Open a file as its bytes before compression, which its name tells; see `decompressed`."""
    if path.suffix.lower() == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return decompressed(path.open("rb"), path.name)


def decompressed(raw: IO[bytes], name: str, chunk: int = _CHUNK) -> IO[bytes]:
    """Return a file's bytes as they were before compression.

    Reading raises one of `BROKEN` where the file is cut short or broken. Closing what is
    returned closes a .zst file, but not a .gz one.

    Args:
        raw: The compressed file, at its beginning.
        name: Tells the compression by its ending.
        chunk: Bytes that are unfolded at once; small ones bound what a bomb can do.
    """
    match Path(name).suffix.lower() or name:
        case ".gz":
            return cast("IO[bytes]", gzip.GzipFile(fileobj=raw, mode="rb"))
        case ".zst":
            return io.BufferedReader(_ZstdFile(raw, chunk))
        case _:
            return raw


class _ZstdFile(io.RawIOBase):
    """The content of a .zst file, of one frame or several joined.

    The library's own reader ends quietly where a file is cut short; a graph that is
    silently half a graph could pass for a valid one.
    """

    def __init__(self, compressed: IO[bytes], chunk: int) -> None:
        self._compressed = compressed
        self._chunk = chunk
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._fresh = True  # no byte of this frame has been read yet
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready:
            if self._frame.eof:
                compressed = self._frame.unused_data
                self._frame = zstandard.ZstdDecompressor().decompressobj()
                self._fresh = True
            else:
                compressed = b""
            compressed = compressed or self._compressed.read(self._chunk)
            if not compressed:
                if self._fresh:
                    return 0
                raise EOFError("one that ends in the middle of a frame")
            self._fresh = False
            self._ready = self._frame.decompress(compressed)
        taken = min(len(target), len(self._ready))
        target[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken

    def close(self) -> None:
        self._compressed.close()
        super().close()
