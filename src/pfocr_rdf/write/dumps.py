"""The dumps of a release: figures in one file a format or in numbered shards, then entities."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Self

from pfocr_rdf.terms import Node, count_triples
from pfocr_rdf.write import Format
from pfocr_rdf.write.files import Compression, DumpFile, WrittenFile

_ENTITIES_PER_FIGURE: Final = 10
"""How many entities an entity shard may have per figure of a shard."""


class Dumps:
    """Writes figures and then entities, in the order they come.

    Args:
        folder: Where the files go.
        formats: One series of files each.
        compression: Of all dumps.
        shard_size: In figures; 0 for one file a format, entities after the figures.
    """

    def __init__(
        self,
        folder: Path,
        formats: Sequence[Format],
        compression: Compression | None,
        shard_size: int,
    ) -> None:
        self.folder = folder
        self.formats = formats
        self.compression = compression
        self.shard_size = shard_size
        self.finished: list[WrittenFile] = []
        self._series = "pfocr"
        self._number = 0
        self._room = 0
        self._files: list[DumpFile] = []
        if not shard_size:
            self._open("pfocr")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the files that a run which has failed did not finish."""
        for file in self._files:
            file.abandon()

    def figures(self, pieces: Sequence[bytes], pages: int, triples: int) -> None:
        """Write a batch of figures; `pages` is how many of the shard's figures it takes up."""
        self._make_room("pfocr", self.shard_size)
        self._room -= pages
        self._write(pieces, triples)

    def entities(self, nodes: Iterable[Node]) -> None:
        """Write entities."""
        left = list(nodes)
        while left:
            self._make_room("pfocr-entities", self.shard_size * _ENTITIES_PER_FIGURE)
            count = min(self._room, len(left)) if self.shard_size else len(left)
            some, left = left[:count], left[count:]
            self._room -= count
            self._write([format_.nodes(some) for format_ in self.formats], count_triples(some))

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
            self._files.append(file)

    def _write(self, pieces: Sequence[bytes], triples: int) -> None:
        for format_, file, piece in zip(self.formats, self._files, pieces, strict=True):
            if piece:
                if not file.empty:
                    file.write(format_.joint)
                file.write(piece)
                file.empty = False
                file.triples += triples

    def _close(self) -> None:
        if not self._files:
            return  # before the first shard
        for format_, file in zip(self.formats, self._files, strict=True):
            file.write(format_.footer())
            self.finished.append(file.close())
        self._files = []
