"""Finished bytes of an earlier run: ranges of its dumps, read once more in their order."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final, NamedTuple, Self, cast

import zstandard

from pfocr_rdf.errors import InputError

_CHUNK: Final = 1 << 20


class Place(NamedTuple):
    """Where a figure's piece is: file number, offset before compression, length; in bytes."""

    file: int
    offset: int
    length: int


class OldDumps:
    """The dumps of an earlier run.

    Args:
        folder: Where they are.
        names: Their names by number, as the ledger has them.
    """

    def __init__(self, folder: Path, names: Mapping[int, str]) -> None:
        self.folder = folder
        self.names = names
        self._open: dict[int, _Forward] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def read(self, number: int, offset: int, length: int) -> Iterator[bytes]:
        """Yield the bytes of a range, in chunks.

        Raises:
            InputError: The file is not what the ledger says.
        """
        file = self._open.get(number)
        if file is None:
            file = self._open[number] = _Forward(self.folder / self.names[number])
        yield from file.read(offset, length)


class _Forward:
    """A dump read from front to back; going back opens it anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = self._start()
        self._at = 0

    def _start(self) -> IO[bytes]:
        if self.path.suffix == ".gz":
            return cast("IO[bytes]", gzip.open(self.path, "rb"))
        if self.path.suffix == ".zst":
            raw = self.path.open("rb")
            reader = zstandard.ZstdDecompressor().stream_reader(raw, closefd=True)
            return cast("IO[bytes]", reader)
        return self.path.open("rb")

    def read(self, offset: int, length: int) -> Iterator[bytes]:
        try:
            if offset != self._at:
                self._move(offset)
            left = length
            while left:
                chunk = self._file.read(min(left, _CHUNK))
                if not chunk:
                    raise EOFError("it ends too soon")
                left -= len(chunk)
                self._at += len(chunk)
                yield chunk
        except (EOFError, zlib.error, zstandard.ZstdError, gzip.BadGzipFile) as error:
            raise InputError(
                f"{self.path}: is not as its ledger says: {error} (use --no-reuse)"
            ) from error

    def _move(self, offset: int) -> None:
        if self.path.suffix not in (".gz", ".zst"):
            self._file.seek(offset)
            self._at = offset
            return
        if offset < self._at:
            self._file.close()
            self._file = self._start()
            self._at = 0
        while self._at < offset:
            skipped = len(self._file.read(min(offset - self._at, _CHUNK)))
            if not skipped:
                raise EOFError("it ends too soon")
            self._at += skipped

    def close(self) -> None:
        self._file.close()
