"""The command in this process, by its real entry point: a process of its own costs a second."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from typing import NamedTuple

import pytest

from pfocr_rdf.cli.main import main

_COLOUR = re.compile("\x1b\\[[0-9;]*m")


class Ran(NamedTuple):
    """What a run left: its exit code and what it printed."""

    code: int
    out: str
    err: str


def plain(text: str) -> str:
    """Return a text without colours: Typer has them wherever it believes to run in CI."""
    return _COLOUR.sub("", text)


def flat(text: str) -> str:
    """Return a text without line breaks and the frame that Typer draws around errors."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())


def exit_code(*arguments: object) -> int:
    """Run the command and return what it exits with."""
    with pytest.raises(SystemExit) as exit_:
        main([str(argument) for argument in arguments])
    assert isinstance(exit_.value.code, int)
    return exit_.value.code


def in_process(*arguments: object) -> CompletedProcess[str]:
    """Run the command and return what `subprocess.run` would, with line ends as it has them."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = exit_code(*arguments)
    texts = []
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
        texts.append(plain(stream.read()).replace("\r\n", "\n"))
    return CompletedProcess(list(map(str, arguments)), code, *texts)
