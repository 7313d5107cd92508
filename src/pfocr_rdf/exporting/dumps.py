"""The dumps of a release: figures in one file a format or in numbered shards, then entities.

A figure's piece is written, or copied from the dumps of an earlier run; neighbours that are
copied from neighbouring places are copied at once.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from pfocr_rdf.exporting.reuse import OldDumps, PiecePlace, packed, unpacked
from pfocr_rdf.rdf import Format
from pfocr_rdf.release import Compression, DumpFile, WrittenFile

_ENTITIES_PER_FIGURE: Final = 10
"""How many entities an entity shard may have per figure of a shard."""


class Dumps:
    """Writes figures and then entities, in the order they come.

    Args:
        folder: Where the files go.
        formats: One series of files each.
        compression: Of all dumps.
        shard_size: In figures; 0 for one file a format, entities after the figures.
        stem: Of the one file's name.
        on_file: Told of a file's number, as `PiecePlace` has it, and name, when what is written to
            it outlives this process, should that be killed: at once, but a compressed one
            only when it is finished.
    """

    def __init__(
        self,
        folder: Path,
        formats: Sequence[Format],
        compression: Compression | None,
        shard_size: int = 0,
        on_file: Callable[[int, str], None] = lambda _, __: None,
        *,
        stem: str = "pfocr",
    ) -> None:
        self.folder = folder
        self.formats = formats
        self.compression = compression
        self.shard_size = shard_size
        self.finished: list[WrittenFile] = []
        self.on_file = on_file
        self._count = 0
        self._series = "pfocr"
        self._number = 0
        self._room = 0
        self._files: list[_Open] = []
        if not shard_size:
            self._open(stem)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the files that a run which has failed did not finish."""
        for open_ in self._files:
            open_.file.abandon()

    @property
    def entity_shard(self) -> int:
        """How many entities a shard has; no call of `entities` may reach over its end."""
        return self.shard_size * _ENTITIES_PER_FIGURE

    def begin_page(self) -> None:
        """Take the place of one page in the current shard, starting a new one when it is full."""
        self._make_room("pfocr", self.shard_size)
        self._room -= 1

    def figure(self, pieces: Sequence[bytes], triples: int) -> bytes:
        """Write a figure, one piece a format, and return its places."""
        places = []
        for open_, piece in zip(self._files, pieces, strict=True):
            open_.settle()
            places.append(open_.write(piece))
            open_.file.triples += triples
        return packed(places)

    def same_figure(self, old: OldDumps, stored: bytes, triples: int) -> bytes:
        """Copy a figure from the dumps of an earlier run, and return its new places."""
        places = []
        for open_, place in zip(self._files, unpacked(stored), strict=True):
            places.append(open_.copy(old, place))
            open_.file.triples += triples
        return packed(places)

    def entities(self, pieces: Sequence[bytes], count: int, triples: int) -> None:
        """Write `count` entities, one piece a format."""
        self._make_room("pfocr-entities", self.entity_shard)
        self._room -= count
        for open_, piece in zip(self._files, pieces, strict=True):
            open_.settle()
            open_.write(piece)
            open_.file.triples += triples

    def flush(self) -> None:
        """Hand all bytes to the system, so that they outlive this process."""
        for open_ in self._files:
            open_.settle()
            open_.file.flush()

    def close(self) -> list[WrittenFile]:
        """Finish all files and return their entries, in the order they were made."""
        self._close()
        return self.finished

    def _make_room(self, series: str, size: int) -> None:
        if not self.shard_size or (series == self._series and self._room > 0):
            return
        self._close()
        self._number = self._number + 1 if series == self._series else 1
        self._series, self._room = series, size
        self._open(f"{series}-{self._number:05}")

    def _open(self, stem: str) -> None:
        for format_ in self.formats:
            name = stem + format_.suffix
            file = DumpFile(self.folder, name, format_.media_type, self.compression)
            file.write(format_.header())
            self._count += 1
            self._files.append(_Open(self._count, file, format_.joint))
            if self.compression is None:
                self.on_file(self._count, file.name)

    def _close(self) -> None:
        for format_, open_ in zip(self.formats, self._files, strict=False):
            open_.settle()
            open_.file.write(format_.footer())
            self.finished.append(open_.file.close())
            if self.compression is not None:
                self.on_file(open_.number, open_.file.name)
        self._files = []


@dataclass(slots=True)
class _Pending:
    """A range of an old dump that is yet to be copied; it grows while neighbours follow.

    `pieces` has offset, length and CRC-32 of each.
    """

    old: OldDumps
    file: int
    start: int
    end: int
    pieces: array[int] = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class _Open:
    """A dump that is being written, with what has still to be copied to its end."""

    number: int
    file: DumpFile
    joint: bytes
    pending: _Pending | None = None
    empty: bool = True

    def write(self, piece: bytes) -> PiecePlace:
        """Append a piece, after the joint that parts it from the one before."""
        if not self.empty:
            self.file.write(self.joint)
        self.empty = False
        place = PiecePlace(self.number, self.file.position, len(piece), zlib.crc32(piece))
        self.file.write(piece)
        return place

    def copy(self, old: OldDumps, place: PiecePlace) -> PiecePlace:
        """Append a piece of an old dump, at once or when its last neighbour is known."""
        pending = self.pending
        if (
            pending is not None
            and pending.old is old
            and pending.file == place.file
            and place.offset == pending.end + len(self.joint)
        ):
            # The joint between two neighbours is copied with them, and checked like them.
            if self.joint:
                joint = (pending.end, len(self.joint), zlib.crc32(self.joint))
                pending.pieces.extend(joint)
            pending.end = place.offset + place.length
        else:
            self.settle()
            pending = self.pending = _Pending(
                old, place.file, place.offset, place.offset + place.length
            )
        pending.pieces.extend(place[1:])
        begin = self.file.position + (0 if self.empty else len(self.joint))
        return place._replace(file=self.number, offset=begin + place.offset - pending.start)

    def settle(self) -> None:
        """Copy what is pending."""
        if self.pending is None:
            return
        old, number, pieces = self.pending.old, self.pending.file, self.pending.pieces
        self.pending = None
        if not self.empty:
            self.file.write(self.joint)
        self.empty = False
        for chunk in old.read(number, pieces):
            self.file.write(chunk)
