"""A form whose files are lines: made piece by piece in workers, written in their order."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from pfocr_rdf.exporting.forms.facts import AlignedEntity, FigureFacts
from pfocr_rdf.release import Compression, DumpFile, WrittenFile

NDJSON = "application/x-ndjson"


class Maker(Protocol):
    """Makes pieces of a form; lives in a worker and keeps nothing of what it has made."""

    def figures(self, figures: Sequence[FigureFacts]) -> Sequence[bytes]:
        """Return what figures add to each file of the form, in the order of its files."""
        ...

    def entities(self, entities: Sequence[AlignedEntity]) -> Sequence[bytes]:
        """Return what entities add to each file of the form, in the order of its files."""
        ...


class Writer(Protocol):
    """Puts the pieces of a form together, in the order they come."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def write(self, pieces: Sequence[bytes]) -> None:
        """Take what a batch of figures or entities adds to each file of the form."""
        ...

    def close(self) -> list[WrittenFile]:
        """Finish the form and return its files for the manifest."""
        ...


class LineFile(NamedTuple):
    """A file of a form, and what it begins with."""

    name: str
    media_type: str
    header: bytes = b""


class LinesWriter:
    """Writes a form whose files are the pieces one after the other.

    Args:
        folder: Where the files go.
        files: In the order in which makers give their pieces.
        compression: Of the files.
    """

    def __init__(
        self, folder: Path, files: Sequence[LineFile], compression: Compression | None = None
    ) -> None:
        self._stack = ExitStack()
        self._files = []
        for file in files:
            opened = DumpFile(folder, file.name, file.media_type, compression)
            self._files.append(self._stack.enter_context(opened))
            opened.write(file.header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def write(self, pieces: Sequence[bytes]) -> None:
        """Append one piece to each file."""
        for file, piece in zip(self._files, pieces, strict=True):
            file.write(piece)

    def close(self) -> list[WrittenFile]:
        """Finish the files."""
        return [file.close() for file in self._files]
