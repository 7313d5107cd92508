"""What a user sees while an export runs: a bar, plain lines, or nothing."""

from __future__ import annotations

import io
import re
import time

import pytest
from rich.console import Console

from pfocr_rdf.cli import progress
from pfocr_rdf.cli.progress import shown_export
from pfocr_rdf.exporting.run import Progress

STEPS = [Progress(done, 2000, done * 300, done // 10) for done in (500, 1000, 1500, 2000)]


def shown(console: Console, *, quiet: bool = False, pause: float = 0.0) -> str:
    """Return what is shown of four steps."""
    assert isinstance(console.file, io.StringIO)
    with shown_export(console, quiet=quiet) as on_progress:
        for step in STEPS:
            on_progress(step)
            time.sleep(pause)
    return console.file.getvalue()


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120, legacy_windows=False)


def test_a_terminal_shows_a_bar_with_all_numbers() -> None:
    # The bar is drawn ten times a second; so long must a step last to be seen.
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown(terminal(), pause=0.3))
    drawn = [line.strip() for line in re.split(r"[\r\n]+", text) if "figures" in line]
    assert any(
        re.fullmatch(
            r"figures [━╸╺ ]+ 1000/2000 [0-9,]+/s 300,000 triples 100 findings \d\d:\d\d left", line
        )
        for line in drawn
    ), drawn


def test_the_bar_is_gone_at_the_end() -> None:
    # The last thing it does is to erase its line, so that the summary stands alone.
    assert re.search(r"\x1b\[2K$", shown(terminal()))


def test_elsewhere_there_are_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.0)
    text = shown(Console(file=io.StringIO(), width=40), pause=0.01)
    lines = text.splitlines()
    assert len(lines) == len(STEPS), "lines are not wrapped, whatever the width"
    expected = r"1,000 of 2,000 figures, [0-9,]+/s, 300,000 triples, 100 findings, [0-9,]+ s left"
    assert re.fullmatch(expected, lines[1])
    assert lines[-1].endswith(" 0 s left")
    assert "\x1b" not in text


def test_plain_lines_come_only_now_and_then() -> None:
    assert shown(Console(file=io.StringIO())) == ""


@pytest.mark.parametrize("console", [terminal(), Console(file=io.StringIO())])
def test_quiet_shows_nothing(console: Console) -> None:
    assert shown(console, quiet=True) == ""
