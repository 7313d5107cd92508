"""The outcome of a self-check: for people as a table, for programs as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

import orjson

from pfocr_rdf.assess.fair.checks import CHECKS, FairOutcome, Verdict
from pfocr_rdf.assess.fair.gather import Assessed
from pfocr_rdf.assess.fair.metrics import METRICS, Metric, MetricTest
from pfocr_rdf.text import one_line

_VERSION: Final = "F-UJI v0.8"
_MOST_SHOWN: Final = 3
_LONGEST: Final = 150
_MARKS: Final = {FairOutcome.PASS: "pass", FairOutcome.FAIL: "FAIL", FairOutcome.UNDECIDED: "-"}


class MetricResult(NamedTuple):
    """What came of one metric: each of its tests with its verdict."""

    metric: Metric
    tests: tuple[tuple[MetricTest, Verdict], ...]

    @property
    def outcome(self) -> FairOutcome:
        """Fail where a scored test fails; pass where one passes and none fails.

        F-UJI takes some tests for alternatives and is content with one. Here all have to pass:
        what one of them finds is lost on those who look for the other.
        """
        outcomes = {verdict.outcome for test, verdict in self.tests if test.scored}
        for outcome in (FairOutcome.FAIL, FairOutcome.PASS):
            if outcome in outcomes:
                return outcome
        return FairOutcome.UNDECIDED


def assess(assessed: Assessed) -> tuple[MetricResult, ...]:
    """Return what comes of each metric, in the order of F-UJI."""
    return tuple(
        MetricResult(metric, tuple((test, CHECKS[test.id](assessed)) for test in metric.tests))
        for metric in METRICS
    )


def fair_json(assessed: Assessed, results: tuple[MetricResult, ...]) -> bytes:
    """Return the results with all evidence as JSON."""
    record = {
        "metrics": _VERSION,
        "kind": "site" if assessed.page else "export",
        "page": assessed.page_name,
        "totals": _totals(results),
        "results": [
            {
                "metric": result.metric.id,
                "name": result.metric.name,
                "outcome": result.outcome,
                "tests": [_test_record(*each) for each in result.tests],
            }
            for result in results
        ],
    }
    return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _test_record(test: MetricTest, verdict: Verdict) -> dict[str, object]:
    return {
        "test": test.id,
        "asks": test.asks,
        "scored": test.scored,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "evidence": verdict.evidence,
        "advice": test.advice if verdict.outcome is not FairOutcome.PASS else "",
    }


def fair_text(assessed: Assessed, results: tuple[MetricResult, ...]) -> str:
    """Return the results as a table for people, with the first evidence of each test."""
    what = f"page {assessed.page_name} of a site" if assessed.page else "an export"
    lines = [f"{_VERSION} metrics of {what}: what can be decided offline", ""]
    for result in results:
        lines.append(f"{_MARKS[result.outcome]:<4}  {result.metric.id}  {result.metric.name}")
        for test, verdict in result.tests:
            unscored = "" if test.scored else " (not scored)"
            failed = verdict.outcome is FairOutcome.FAIL and not test.scored
            mark = "no" if failed else _MARKS[verdict.outcome]
            lines.append(f"      {mark:<4}  {test.id}  {test.asks}{unscored}")
            lines += (f"              {line}" for line in _details(test, verdict))
    lines.append("")
    lines.append(", ".join(f"{count} {name}" for name, count in _totals(results).items()))
    return "\n".join(lines) + "\n"


def _details(test: MetricTest, verdict: Verdict) -> list[str]:
    shown = [_short(each) for each in verdict.evidence[:_MOST_SHOWN]]
    more = len(verdict.evidence) - len(shown)
    if more > 0:
        shown.append(f"and {more:,} more (--json has all)")
    if verdict.outcome is FairOutcome.PASS:
        return shown
    return [f"{verdict.reason}: {test.advice}", *shown]


def _short(text: str) -> str:
    """Return text on one line; that of a file may hold what moves a terminal's cursor."""
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _totals(results: tuple[MetricResult, ...]) -> dict[str, int]:
    counted = Counter(result.outcome for result in results)
    return {outcome.value: counted[outcome] for outcome in FairOutcome}
