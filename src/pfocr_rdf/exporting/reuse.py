"""Finished bytes of an earlier run: ranges of its dumps, read once more in their order."""

from __future__ import annotations

import gzip
import math
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple, Self, cast

import zstandard

from pfocr_rdf.errors import InputError
from pfocr_rdf.files import BROKEN, COMPRESSED

_CHUNK: Final = 1 << 20


class PiecePlace(NamedTuple):
    """Where a figure's piece is: file number, offset before compression, length; in bytes.

    `crc` is the CRC-32 of the piece. A dump that was damaged or replaced in the meantime must
    not get into the next release, and this is far cheaper than to parse the page.
    """

    file: int
    offset: int
    length: int
    crc: int


def packed(places: Iterable[PiecePlace]) -> bytes:
    """Return places as the page cache stores them."""
    return array("q", [number for place in places for number in place]).tobytes()


def unpacked(stored: bytes) -> list[PiecePlace]:
    """Return the places that `packed` was given."""
    numbers = array("q")
    numbers.frombytes(stored)
    return [PiecePlace(*numbers[i : i + 4]) for i in range(0, len(numbers), 4)]


class OldDumps:
    """The dumps of an earlier run.

    Args:
        folder: Where they are.
        names: Their names by number, as the page cache has them.
    """

    def __init__(self, folder: Path, names: Mapping[int, str]) -> None:
        self.folder = folder
        self.names = names
        self._open: dict[int, _Forward] = {}
        self._sizes: dict[int, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def holds(self, places: Iterable[PiecePlace]) -> bool:
        """Say whether all places are in files that are here, as far as their sizes tell."""
        return all(place.offset + place.length <= self._size(place.file) for place in places)

    def read(self, number: int, pieces: Sequence[int]) -> Iterator[bytes]:
        """Yield the bytes from the first to the last of some pieces of a file, in chunks.

        Args:
            number: Of the file.
            pieces: Offset, length and CRC-32 of each, and of the joints between them, one after
                the other, in their order.

        Raises:
            InputError: The file is not what the page cache says.
        """
        file = self._open.get(number)
        if file is None:
            file = self._open[number] = _Forward(self.folder / self.names[number])
        start, end = pieces[0], pieces[-3] + pieces[-2]
        yield from file.checked(file.read(start, end - start), pieces)

    def _size(self, number: int) -> float:
        """Return how many bytes a file has before compression, as far as that can be known."""
        size = self._sizes.get(number)
        if size is None:
            path = self.folder / self.names[number] if number in self.names else None
            if path is None or not path.is_file():
                size = -1
            else:
                size = math.inf if path.suffix in COMPRESSED else path.stat().st_size
            self._sizes[number] = size
        return size


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
        except BROKEN as error:
            raise self._not_as_said(error) from error

    def checked(self, chunks: Iterable[bytes], pieces: Sequence[int]) -> Iterator[bytes]:
        """Pass chunks on while each piece that ends in them has its CRC-32."""
        at, next_, crc = pieces[0], 0, 0
        for chunk in chunks:
            view, end = memoryview(chunk), at + len(chunk)
            while next_ < len(pieces) and pieces[next_] < end:
                offset, length, expected = pieces[next_ : next_ + 3]
                crc = zlib.crc32(view[max(offset - at, 0) : offset + length - at], crc)
                if offset + length > end:
                    break  # it goes on in the next chunk
                if crc != expected:
                    raise self._not_as_said(f"what stands at byte {offset} has changed")
                next_, crc = next_ + 3, 0
            at = end
            yield chunk

    def _not_as_said(self, why: object) -> InputError:
        return InputError(f"{self.path}: is not as its page cache says: {why} (use --no-reuse)")

    def _move(self, offset: int) -> None:
        if self.path.suffix not in COMPRESSED:
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
