"""The command `pfocr-rdf`: data on stdout, messages on stderr, faults as one line.

Exit codes: 0 done, 1 does not conform (or errors under --strict), 2 bad input or usage,
3 an internal fault or totals that do not balance, 4 a release that would shrink, 130 interrupted, 143 ended by SIGTERM.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Final, NoReturn

import typer

from pfocr_rdf.cli.exit_codes import INTERNAL, INTERRUPTED, TOLD
from pfocr_rdf.cli.lazy import LateGroup
from pfocr_rdf.errors import PfocrError
from pfocr_rdf.text import printable_lines
from pfocr_rdf.version import __version__

_NO_THREAD: Final = "can't start new thread"
"""What Python calls EAGAIN; it has no exception of its own for it."""

app = typer.Typer(
    name="pfocr-rdf",
    cls=LateGroup,
    help="Pathway figures of PFOCR as linked data: validated RDF, in Turtle and JSON-LD.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"pfocr-rdf {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda v: _version(asked=v),
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Take the options that stand before a verb."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command; every fault ends as one line on stderr and an exit code.

    Args:
        arguments: What stands behind the command's name; None for those of the process.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    code = 0
    try:
        app(given, prog_name="pfocr-rdf")  # exits by itself, with 2 where it was used wrongly
    except PfocrError as error:
        if not {"-v", "--verbose"}.isdisjoint(given):
            _show_traceback()
        _say(f"error: {error}")
        code = error.exit_code
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # Typer and rich make a failure of it
            _abandon_stdout()
            sys.exit(0)
        # Typer makes an exit of an interrupt, as verbs do, which have told it.
        cause = getattr(ended.__context__, "__cause__", None)
        if isinstance(cause, KeyboardInterrupt) and TOLD not in getattr(cause, "__notes__", ()):
            _say("interrupted")
        _end_of_stdout()
        raise
    except KeyboardInterrupt:  # before there was anything to leave in a state of its own
        _say("interrupted")
        code = INTERRUPTED
    except BrokenPipeError:
        _abandon_stdout()
    except (OSError, MemoryError, ImportError) as error:
        # The system fails us where no room has more to say of it; rooms say what they can.
        if not {"-v", "--verbose"}.isdisjoint(given):
            _show_traceback()
        _say(f"error: {_of_system(error)}")
        code = PfocrError.exit_code
    except Exception as error:
        if str(error) == _NO_THREAD:
            _say(
                "error: the system starts no more threads (end other programs, or raise ulimit -u)"
            )
            sys.exit(PfocrError.exit_code)
        # A fault of ours. Python would exit with 1, which here means "does not conform".
        _show_traceback()
        _say("error: this is a fault of pfocr-rdf; please report it with the lines above")
        raise SystemExit(INTERNAL) from error
    _end_of_stdout()
    sys.exit(code)


def _end_of_stdout() -> None:
    """Have all of stdout be written now: Python would complain of a reader that has gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()


def _abandon_stdout() -> None:
    """Have what is left go nowhere: the reader of stdout has gone, what it wanted it has."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_traceback() -> None:
    # What a message quotes of the input is not for a terminal to act on.
    sys.stderr.write(printable_lines(traceback.format_exc()))


def _of_system(error: OSError | MemoryError | ImportError) -> str:
    """Return what the system refused, and what to do about it."""
    if isinstance(error, MemoryError):
        return "out of memory (give it more, or fewer --jobs)"
    if isinstance(error, ImportError):
        return f"pfocr-rdf cannot be loaded: {error} (try again; install it anew if that stays)"
    where = f"{ascii(error.filename)[1:-1]}: " if error.filename else ""
    return f"{where}{error.strerror or error} (mend that, and run it again)"


def _say(message: str) -> None:
    try:
        from pfocr_rdf.cli.output import say  # noqa: PLC0415 - rich: --version has no need of it

        say(message)
    except (OSError, MemoryError, ImportError):
        # What ended the command keeps it from loading more; the line must be said all the same.
        with suppress(OSError):
            sys.stderr.write(f"{ascii(message)[1:-1]}\n")
