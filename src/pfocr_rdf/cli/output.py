"""Where a command writes: data to stdout, or whole to a file or not at all; the rest to stderr."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pfocr_rdf.errors import OutputError
from pfocr_rdf.files import whole_file
from pfocr_rdf.text import printable, printable_lines

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_WIDE: Final = 10_000  # off a terminal a row stays one line, for grep and cut


def stderr() -> Console:
    """Return a console of stderr."""
    return Console(stderr=True, highlight=False)


def say(message: str) -> None:
    """Print a line on stderr."""
    stderr().print(printable(message), markup=False, soft_wrap=True)


def warn(warning: str) -> None:
    """Print a line on stderr that is to be seen."""
    stderr().print(printable(warning), style="bold yellow", markup=False, soft_wrap=True)


def table(head: Iterable[str], rows: Iterable[Iterable[str]] = ()) -> Table:
    """Return a table without lines, whose cells are folded and never cut."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        made.add_column(escape(printable(name)), overflow="fold")
    for row in rows:
        made.add_row(*(escape(printable(cell)) for cell in row))
    return made


def rendered(what: str | Table) -> str:
    """Return what stdout shows of markup or a table, without blanks at the ends of lines."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    with console.capture() as capture:
        console.print(what)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def print_data(what: str | Table) -> None:
    """Print markup or a table on stdout."""
    typer.echo(rendered(what), nl=False)


def write_data(text: str) -> None:
    """Write data to stdout."""
    with opened(None) as out:
        out.write(text.encode(errors="surrogateescape"))


class _Terminal(io.RawIOBase):
    """A terminal as a file of bytes; of data it shows what can be printed, and acts on nothing."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._kept = ""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True

    def write(self, piece: ReadableBuffer) -> int:
        """Show a piece."""
        text = self._kept + self._decoder.decode(bytes(piece))
        # Whether it is the end of a line is known with the next piece.
        self._kept = "\r" if text.endswith("\r") else ""
        self._out.write(printable_lines(text.removesuffix("\r")).encode())
        return len(bytes(piece))

    def flush(self) -> None:
        """Have all be seen."""
        self._out.flush()


@contextmanager
def opened(output: Path | None) -> Iterator[BinaryIO]:
    """Give what a command writes to; a file gets its name when all is written.

    Args:
        output: The file, None for stdout; on a terminal, what cannot be printed is U+FFFD. What is no regular file (a pipe, `/dev/stdout`) is
            written to as it is.

    Raises:
        OutputError: The file cannot be written; one that was there is as it was.
        BrokenPipeError: The reader of stdout has gone.
    """
    if output is None:
        out: BinaryIO = sys.stdout.buffer
        yield cast("BinaryIO", _Terminal(out)) if out.isatty() else out
        sys.stdout.buffer.flush()
        return
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as device:
                yield device
        else:
            with whole_file(output.resolve()) as file:
                yield file
    except OSError as error:
        raise OutputError(f"{output}: cannot be written: {error.strerror or error}") from error
