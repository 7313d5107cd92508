"""Files of others, as large as they come: read once whole before any work, then streamed.

The first reading finds what is missing, cut short or another file before an hour of work, and
gives the hash that the manifest has. Neither reading keeps more than a part of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pfocr_rdf.errors import InputError
from pfocr_rdf.files import BROKEN, compression_of, decompressed

_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 24
"""Bytes; a file with a longer line is none of those that are read here."""


class JoinedFile(NamedTuple):
    """A file that was read beside the inputs, as the manifest has it: by option and name."""

    option: str
    name: str
    bytes: int
    sha256: str


class Source(NamedTuple):
    """A file that can be streamed. `expected` says what it should be, for messages."""

    path: Path
    file: JoinedFile
    expected: str

    def chunks(self) -> Iterator[bytes]:
        """Yield the content before compression in parts of whole lines.

        Raises:
            InputError: It cannot be read, or ends in the middle.
        """
        return _chunks(self.path, self.expected)


def open_source(option: str, path: Path, expected: str, is_right: Callable[[bytes], str]) -> Source:
    """Read a file to its end, and make sure that it is what it should be.

    Args:
        option: That names it.
        path: Plain, gzip or zstd; told by its first bytes.
        expected: What it should be.
        is_right: Is given the first lines, and says what they are instead; "" if all is well.

    Raises:
        InputError: It is not there, cannot be read, is cut short, or is something else.
    """
    found = "an empty file"
    for number, chunk in enumerate(_chunks(path, expected)):
        if not number:
            found = is_right(chunk)
    if found:
        raise InputError(f"{path}: expected {expected}, found {found}")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path, JoinedFile(option, path.name, path.stat().st_size, digest), expected)


def _chunks(path: Path, expected: str) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            compression = compression_of(raw.read(4))
            raw.seek(0)
            content = decompressed(raw, compression)
            rest = b""
            while chunk := content.read(_CHUNK):
                chunk = rest + chunk
                end = chunk.rfind(b"\n") + 1
                chunk, rest = chunk[:end], chunk[end:]
                if chunk:
                    yield chunk
                elif len(rest) > _LONGEST_LINE:
                    raise InputError(f"{path}: expected {expected}, found a line without end")
            if rest:
                yield rest + b"\n"
    except (OSError, *BROKEN) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"{path}: expected {expected}, cannot be read: {reason}") from error
