"""The goals, and what this run says about each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from competitors import Compared
from end_to_end import Exported
from page import ratio, table
from places import CACHE
from second_runs import CHANGED, SecondRuns
from shacl_engines import Engines

RELEASE = 103_000
"""Figures of a PFOCR release."""
_SECONDS = {True: 180, False: 120}
_UNCHANGED_SECONDS, _CHANGED_SECONDS = 20, 30
_MIB = 600
_GROWTH_OF_TIME, _GROWTH_OF_MEMORY = 0.10, 0.20
_TIMES_PYSHACL, _LEAST_VALIDATED = 30, 200
_TIMES_PEERS, _LEAST_COMPARED = {"rdflib": 10, "morph-kgc": 5, "pyoxigraph": 2}, 10_000
_NOT_MEASURED = "not measured"

Row = tuple[str, str, str, str]


class Goals:
    """The rows of each part of the benchmark: of this run, or else of the last that had it."""

    def __init__(self) -> None:
        self._kept = CACHE / "goals.json"
        self._rows: dict[str, list[Row]] = {
            "release": list(_release(())),
            "growth": list(_growth(())),
            "again": list(_again(())),
            "shacl": list(_engines(())),
            "peers": list(_peers(())),
        }
        if self._kept.is_file():
            kept = json.loads(self._kept.read_text(encoding="utf-8"))
            for part, rows in kept.items():
                self._rows[part] = [(row[0], row[1], row[2], row[3]) for row in rows]

    def exported(self, exported: Sequence[Exported]) -> None:
        """Take note of the exports end to end."""
        if any(each.figures == RELEASE for each in exported):
            self._rows |= {"release": list(_release(exported)), "growth": list(_growth(exported))}
            self._keep()

    def again(self, again: Sequence[SecondRuns]) -> None:
        """Take note of second runs."""
        if any(each.figures == RELEASE for each in again):
            self._rows["again"] = list(_again(again))
            self._keep()

    def engines(self, engines: Sequence[Engines]) -> None:
        """Take note of the SHACL engines, when enough was validated."""
        if any(each.figures >= _LEAST_VALIDATED for each in engines):
            self._rows["shacl"] = list(_engines(engines))
            self._keep()

    def peers(self, compared: Sequence[Compared]) -> None:
        """Take note of the peers, when start-up does not decide."""
        if all(each.figures >= _LEAST_COMPARED for each in compared):
            self._rows["peers"] = list(_peers(compared))
            self._keep()

    def _keep(self) -> None:
        self._kept.write_text(json.dumps(self._rows, indent=1), encoding="utf-8")

    def table(self) -> str:
        """Return each goal with what was measured and whether it is met."""
        rows = [row for part in self._rows.values() for row in part]
        return table(("work", "goal", "measured", "met"), rows, words=4)


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


def _again(again: Sequence[SecondRuns]) -> Iterator[Row]:
    found = [each for each in again if each.figures == RELEASE]
    for what, seconds in (
        ("nothing changed", _UNCHANGED_SECONDS),
        (f"{CHANGED} pages changed", _CHANGED_SECONDS),
    ):
        work, goal = f"{RELEASE:,} figures again, {what}", f"under {seconds} s, bytes of a full run"
        for each in found:
            run = each.unchanged if seconds == _UNCHANGED_SECONDS else each.changed
            yield work, goal, f"{run.seconds:.0f} s, the same", _met(yes=run.seconds < seconds)
        if not found:
            yield work, goal, _NOT_MEASURED, "-"


def _engines(engines: Sequence[Engines]) -> Iterator[Row]:
    work, goal = "SHACL, our engine to pyshacl", f"at least {_TIMES_PYSHACL}x, identical results"
    if not engines:
        yield work, goal, _NOT_MEASURED, "-"
        return
    slowest = min(engine.times_faster for engine in engines)
    yield work, goal, f"{ratio(slowest)}, identical", _met(yes=slowest >= _TIMES_PYSHACL)


def _peers(compared: Sequence[Compared]) -> Iterator[Row]:
    for name, times in _TIMES_PEERS.items():
        found = [c for c in compared if c.name.startswith(name)]
        for c in found:
            yes = c.times_faster >= times
            work = f"{c.figures:,} figures, to {c.name}"
            yield work, f"{times}x in figures/s", c.shown_ratio, _met(yes=yes)
        if not found:
            work = f"{_LEAST_COMPARED:,} figures, to {name}"
            yield work, f"{times}x in figures/s", _NOT_MEASURED, "-"
