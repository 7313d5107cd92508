"""Where a command writes what it was asked for: to stdout, or whole to a file or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

import typer

from pfocr_rdf.errors import OutputError


@contextmanager
def opened(output: Path | None) -> Iterator[BinaryIO]:
    """Give what a command writes to; a file gets its name when all is written.

    Args:
        output: The file, None for stdout. What is no regular file (a pipe, `/dev/stdout`) is
            written to as it is.

    Raises:
        OutputError: The file cannot be written; one that was there is as it was.
        typer.Exit: The reader of stdout has gone; what it wanted it has.
    """
    if output is None:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            # Python would complain again when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit from error
        return
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as file:
                yield file
            return
        target = output.resolve()
        with NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
        ) as part:
            try:
                yield cast("BinaryIO", part)
                part.close()
                Path(part.name).chmod(_mode(target))
                Path(part.name).replace(target)
            except BaseException:
                with suppress(FileNotFoundError):
                    Path(part.name).unlink()
                raise
    except OSError as error:
        raise OutputError(f"{output}: cannot be written: {error.strerror or error}") from error


def _mode(target: Path) -> int:
    """Return the mode of the file that is there, or the one that a new file gets."""
    with suppress(FileNotFoundError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
