"""The command as its tests call it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.figures.link.test_download import server
from tests.support.command import Ran, exit_code, plain

__all__ = ["Run", "cache", "run", "server"]

Run = Callable[..., Ran]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, so that no table of the machine decides a test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("PFOCR_RDF_CACHE", str(folder))
    return folder


@pytest.fixture
def run(cache: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process, by its real entry point."""

    def call(*arguments: object) -> Ran:
        code = exit_code(*arguments)
        printed = capsys.readouterr()
        return Ran(code, plain(printed.out), plain(printed.err))

    return call
