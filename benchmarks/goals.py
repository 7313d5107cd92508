"""The goals, and what this run says about each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from competitors import Compared
from end_to_end import Exported
from page import ratio, table
from shacl_engines import Engines

RELEASE = 103_000
"""Figures of a PFOCR release."""
_SECONDS = {True: 180, False: 120}
_MIB = 600
_GROWTH_OF_TIME, _GROWTH_OF_MEMORY = 0.10, 0.20
_TIMES_PYSHACL = 30
_TIMES_PEERS = {"rdflib": 10, "morph-kgc": 5, "pyoxigraph": 2}
_NOT_MEASURED = "not measured in this run"

Row = tuple[str, str, str, str]


def goals_table(
    exported: Sequence[Exported],
    engines: Sequence[Engines],
    compared: Sequence[Compared],
) -> str:
    """Return each goal with what was measured and whether it is met."""
    return table(
        ("work", "goal", "measured", "met"),
        [*_release(exported), *_growth(exported), *_engines(engines), *_peers(compared)],
        words=4,
    )


def _met(*, yes: bool) -> str:
    return "yes" if yes else "**no**"


def _release(exported: Sequence[Exported]) -> Iterator[Row]:
    for validated, seconds in _SECONDS.items():
        work = f"{RELEASE:,} figures, {'validated' if validated else 'not validated'}"
        goal = f"under {seconds} s, under {_MIB} MiB"
        found = [e for e in exported if e.figures == RELEASE and e.validated is validated]
        for e in found:
            yes = e.run.seconds < seconds and e.run.pss < _MIB
            yield work, goal, f"{e.run.seconds:.0f} s, {e.run.pss:.0f} MiB", _met(yes=yes)
        if not found:
            yield work, goal, _NOT_MEASURED, "-"


def _growth(exported: Sequence[Exported]) -> Iterator[Row]:
    for validated in _SECONDS:
        work = f"growth, {'validated' if validated else 'not validated'}"
        goal = f"time within {_GROWTH_OF_TIME:.0%}, memory within {_GROWTH_OF_MEMORY:.0%}"
        same = [e for e in exported if e.validated is validated]
        if len(same) < 3:
            yield work, goal, _NOT_MEASURED, "-"
            continue
        *_, base, largest = same
        time = largest.ms_per_figure / base.ms_per_figure - 1
        memory = largest.run.pss / base.run.pss - 1
        yes = time <= _GROWTH_OF_TIME and memory <= _GROWTH_OF_MEMORY
        measured = (
            f"{base.figures:,} to {largest.figures:,} figures: time per figure {time:+.0%}, "
            f"memory {memory:+.0%}"
        )
        yield work, goal, measured, _met(yes=yes)


def _engines(engines: Sequence[Engines]) -> Iterator[Row]:
    slowest = min(engine.times_faster for engine in engines)
    measured = f"{ratio(slowest)}, identical"
    goal = f"at least {_TIMES_PYSHACL}x, identical results"
    yield "SHACL, our engine to pyshacl", goal, measured, _met(yes=slowest >= _TIMES_PYSHACL)


def _peers(compared: Sequence[Compared]) -> Iterator[Row]:
    for name, times in _TIMES_PEERS.items():
        found = [c for c in compared if c.name.startswith(name)]
        for c in found:
            yes = c.times_faster >= times
            yield f"figures/s, to {c.name}", f"{times}x", ratio(c.times_faster), _met(yes=yes)
        if not found:
            yield f"figures/s, to {name}", f"{times}x", _NOT_MEASURED, "-"
