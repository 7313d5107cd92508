"""Ctrl-C and SIGTERM, which end a run as gently: one line, and the shell's exit code."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from pfocr_rdf.cli.exit_codes import INTERRUPTED, TERMINATED, TOLD
from pfocr_rdf.cli.output import say


class _TerminatedError(KeyboardInterrupt):
    """SIGTERM, which ends a run as Ctrl-C does."""


@contextmanager
def interruptible(left: str = "") -> Iterator[None]:
    """End the command with one line when what is done here is interrupted.

    Args:
        left: How it leaves things; what an interrupt has notes of is added.

    Raises:
        typer.Exit: It was interrupted.
    """
    try:
        with _sigterm_interrupts():
            yield
    except KeyboardInterrupt as error:
        notes = getattr(error, "__notes__", ())
        say("; ".join(filter(None, ("interrupted", left, *notes))))
        error.add_note(TOLD)
        code = TERMINATED if isinstance(error, _TerminatedError) else INTERRUPTED
        raise typer.Exit(code) from error


@contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """Have SIGTERM raise what Ctrl-C does."""

    def interrupt(*_: object) -> NoReturn:
        raise _TerminatedError

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
