"""A command in this process, and what it may not do: crash, hang, grow, or say what it should not."""

from __future__ import annotations

import faulthandler
import io
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Final, NamedTuple

from pfocr_rdf.cli.main import main

SECONDS: Final = 20
"""Of processor time that one input may take, through all commands that it goes through."""
_MIB: Final = 400
"""That the process may grow by for one input."""
_ASKED_TO_END: Final = (130, 143)
_STUCK: Final = 900
"""Seconds after which what cannot even be interrupted is ended, with all stacks."""


class Ran(NamedTuple):
    """What a command left: its exit code, and what it wrote."""

    arguments: tuple[str, ...]
    code: int
    out: bytes
    err: str


class BrokenError(AssertionError):
    """A promise does not hold."""


class TooSlowError(BaseException):
    """Nothing may catch it."""


def ran(*arguments: object, codes: tuple[int, ...] = (0, 2)) -> Ran:
    """Run the command; hold its exit code and its messages to what is promised.

    Args:
        arguments: As behind `pfocr-rdf`.
        codes: That it may exit with.

    Raises:
        BrokenError: It does anything else.
    """
    given = tuple(map(str, arguments))
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(given)
        except SystemExit as ended:
            code = ended.code
    if code in _ASKED_TO_END:
        raise KeyboardInterrupt
    written = []
    for stream in (out, err):
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        written.append(stream.buffer.getvalue())
    said = written[1].decode(errors="replace")
    done = Ran(given, code if isinstance(code, int) else -1, written[0], said)
    check_said(done, codes)
    return done


def check_said(done: Ran, codes: tuple[int, ...]) -> None:
    """Hold a command to its exit codes, with one line of why."""
    verb = f"{' '.join(done.arguments[:2])}: exit code {done.code}"
    need(done.code in codes, f"{verb}: {done.out[-900:]!r} {done.err[-1500:]}")
    need("Traceback" not in done.err, f"{verb}: {done.err[-1500:]}")
    for_terminal(done.err, f"{verb}: stderr")
    if done.code in (2, 4):
        errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
        one = len(errors) == 1 and done.err.endswith(f"{errors[0]}\n")
        need(one or "Usage: " in done.err, f"{verb}: not one line of why: {done.err[-1500:]}")


def for_terminal(text: str, where: str) -> None:
    """Hold a text to what a terminal shows and nothing else."""
    bad = {each for each in text if not each.isprintable() and each != "\n"}
    at = min((text.index(each) for each in bad), default=0)
    need(not bad, f"{where}: control characters: {text[max(at - 60, 0) : at + 30]!a}")


def need(holds: object, message: str) -> None:
    """Raise when a promise does not hold."""
    if not holds:
        raise BrokenError(message)


@contextmanager
def bounded() -> Iterator[None]:
    """Hold what is done for one input to its time and memory.

    Raises:
        BrokenError: It takes more.
    """

    def slow(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, slow)
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    faulthandler.dump_traceback_later(_STUCK, exit=True, file=sys.__stderr__ or 2)
    began = time.process_time()
    try:
        yield
    except TooSlowError as slow_:
        spent = time.process_time() - began
        raise BrokenError(f"more than {spent:.0f} s of processor time") from slow_
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        faulthandler.cancel_dump_traceback_later()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) / 1024
    need(grown < _MIB, f"memory has grown by {grown:.0f} MiB")


_COLOURS: Final = re.compile("^(GITHUB_ACTIONS|FORCE_COLOR|PY_COLORS|CI)$")


@contextmanager
def plain_environment(cache: str) -> Iterator[None]:
    """Give commands an environment without colours, and a cache of their own."""
    before = dict(os.environ)
    for name in list(os.environ):
        if _COLOURS.match(name) or name.startswith("PFOCR_RDF_CACHE"):
            del os.environ[name]
    os.environ |= {"PFOCR_RDF_CACHE": cache, "SOURCE_DATE_EPOCH": "1732924800", "TERM": "dumb"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
