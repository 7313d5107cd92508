"""Where a command writes: data to stdout, or whole to a file or not at all; the rest to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pfocr_rdf.errors import OutputError
from pfocr_rdf.files import whole_file

_WIDE: Final = 10_000  # off a terminal a row stays one line, for grep and cut


def stderr() -> Console:
    """Return a console of stderr."""
    return Console(stderr=True, highlight=False)


def say(message: str) -> None:
    """Print a line on stderr, as it is."""
    stderr().print(message, markup=False, soft_wrap=True)


def warn(warning: str) -> None:
    """Print a line on stderr that is to be seen."""
    stderr().print(warning, style="bold yellow", markup=False, soft_wrap=True)


def table(head: Iterable[str], rows: Iterable[Iterable[str]] = ()) -> Table:
    """Return a table without lines, whose cells are folded and never cut."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        made.add_column(escape(name), overflow="fold")
    for row in rows:
        made.add_row(*map(escape, row))
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


def abandon_stdout() -> None:
    """Have what is left go nowhere: the reader of stdout has gone, what it wanted it has.

    Python would complain again when it flushes at its end.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def opened(output: Path | None) -> Iterator[BinaryIO]:
    """Give what a command writes to; a file gets its name when all is written.

    Args:
        output: The file, None for stdout. What is no regular file (a pipe, `/dev/stdout`) is
            written to as it is.

    Raises:
        OutputError: The file cannot be written; one that was there is as it was.
        typer.Exit: The reader of stdout has gone.
    """
    if output is None:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError as error:
            abandon_stdout()
            raise typer.Exit from error
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
