"""What a user sees while something runs: a bar, plain lines, or nothing."""

from __future__ import annotations

import io
import re
import time

import pytest
from rich.console import Console

from pfocr_rdf.cli import progress
from pfocr_rdf.cli.progress import shown_pages, shown_progress
from pfocr_rdf.query.store.steps import BuildStep
from pfocr_rdf.release import Progress
from pfocr_rdf.web.site.steps import SiteStep

STEPS = [
    Progress("", done, 2000, "figures", {"triples": done * 300, "findings": done // 10})
    for done in (500, 1000, 1500, 2000)
]


def shown_steps(console: Console, *, quiet: bool = False, pause: float = 0.0) -> str:
    """Return what is shown of four steps."""
    assert isinstance(console.file, io.StringIO)
    with shown_progress(console, quiet=quiet) as on_progress:
        for step in STEPS:
            on_progress(step)
            time.sleep(pause)
    return console.file.getvalue()


def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120, legacy_windows=False)


def test_a_terminal_shows_a_bar_with_all_numbers() -> None:
    # The bar is drawn ten times a second; so long must a step last to be seen.
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown_steps(terminal(), pause=0.3))
    drawn = [line.strip() for line in re.split(r"[\r\n]+", text) if "figures" in line]
    assert any(
        re.fullmatch(
            r"figures [━╸╺ ]+ +50% 1,000 of 2,000 figures, [0-9,]+/s, "
            r"300,000 triples, 100 findings \d\d:\d\d left",
            line,
        )
        for line in drawn
    ), drawn


def test_the_bar_is_gone_at_the_end() -> None:
    # The last thing it does is to erase its line, so that the summary stands alone.
    assert re.search(r"\x1b\[2K$", shown_steps(terminal()))


def test_elsewhere_there_are_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.0)
    text = shown_steps(Console(file=io.StringIO(), width=40), pause=0.01)
    lines = text.splitlines()
    assert len(lines) == len(STEPS) - 1, "not wrapped, whatever the width; none when all is done"
    expected = r"1,000 of 2,000 figures, [0-9,]+/s, 300,000 triples, 100 findings, [0-9,]+ s left"
    assert re.fullmatch(expected, lines[1])
    assert re.search(r", [0-9,]+ s left$", lines[-1])
    assert "\x1b" not in text


def test_plain_lines_come_only_now_and_then() -> None:
    assert shown_steps(Console(file=io.StringIO())) == ""


@pytest.mark.parametrize("console", [terminal(), Console(file=io.StringIO())])
def test_quiet_shows_nothing(console: Console) -> None:
    assert shown_steps(console, quiet=True) == ""


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_store_is_a_line_a_step_or_a_bar_a_step() -> None:
    elsewhere, screen = Console(file=io.StringIO(), width=10), terminal()
    for console in (elsewhere, screen):
        with shown_progress(console) as on_progress:
            for step in BuildStep:
                on_progress(Progress(step, 0, 2))
                on_progress(Progress(step, 2, 2))
    lines = ["loading the store", "optimizing the store", "indexing the store"]
    assert written(elsewhere).splitlines() == lines
    drawn = written(screen)
    assert all(line in drawn for line in lines)
    assert "100%" in drawn


def test_a_store_that_is_there_shows_nothing() -> None:
    console = terminal()
    with shown_progress(console):
        pass
    assert "store" not in written(console)


def test_a_site_is_a_line_a_step_or_a_bar_a_step() -> None:
    elsewhere, screen, silent = Console(file=io.StringIO(), width=10), terminal(), terminal()
    for console in (elsewhere, screen, silent):
        with shown_progress(console, quiet=console is silent) as on_progress:
            for step in SiteStep:
                on_progress(Progress(step, 0, 0))
                on_progress(Progress(step, 3, 4))
    assert written(elsewhere).splitlines() == list(map(str, SiteStep))
    drawn = written(screen)
    assert all(step in drawn for step in SiteStep)
    assert "3 of 4" in drawn
    assert written(silent) == ""


@pytest.mark.parametrize("quiet", [False, True])
def test_pages_have_a_bar_on_a_terminal_alone(*, quiet: bool) -> None:
    elsewhere, screen = Console(file=io.StringIO()), terminal()
    for console in (elsewhere, screen):
        assert list(shown_pages(iter("abc"), 3, console, quiet=quiet)) == ["a", "b", "c"]
    assert written(elsewhere) == ""
    assert ("pages" in written(screen)) is not quiet
