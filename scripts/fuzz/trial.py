"""Inputs of a kind tried one after another, drawn by Hypothesis from a seed."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from scripts.fuzz.kinds import Kind, Place
from scripts.fuzz.run import BrokenError, bounded


@dataclass
class Tried:
    """What came of inputs of a kind: how many, the longest time of one, and what is broken."""

    inputs: int = 0
    slowest: float = 0.0
    times_broken: int = 0
    broken: list[str] = field(default_factory=list)


def share(kind: Kind, inputs: int) -> int:
    """Return how many of some inputs are of a kind."""
    return max(kind.each, inputs * kind.weight // 100)


def try_kind(kind: Kind, inputs: int, number: int, place: Place, *, go_on: bool = False) -> Tried:
    """Try inputs of a kind.

    Args:
        kind: Which.
        inputs: How many.
        number: The seed.
        place: Where.
        go_on: Whether to go on after a broken promise, and to return all that are; else the
            first is raised, of the smallest input.

    Raises:
        BrokenError: A promise does not hold.
    """
    tried = Tried()
    assert place.release.is_dir(), "made before the first input is timed"
    ways: set[str] = set()

    @seed(number)
    @settings(
        max_examples=-(-inputs // kind.each),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,) if go_on else (Phase.generate, Phase.shrink),
        print_blob=False,
        report_multiple_bugs=False,
    )
    @given(st.data())
    def one(data: st.DataObject) -> None:
        began = time.process_time()
        place.clear()
        tried.inputs += kind.each
        try:
            with bounded():
                kind.attempt(data.draw, place)
        except BrokenError as error:
            tried.times_broken += 1
            if not go_on:
                raise
            way = re.sub(r"[0-9]+|'.*|\".*", "", str(error))[-120:]
            if way not in ways:
                ways.add(way)
                tried.broken.append(str(error)[-1200:])
                print(f"{kind.name}: {tried.broken[-1]}\n", flush=True)
        tried.slowest = max(tried.slowest, time.process_time() - began)

    one()
    return tried
