"""Objects counted on workers and in a spill file: as if in one set, in memory that is bounded."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pfocr_rdf.rdf.iris import Iris
from pfocr_rdf.rdf.terms import IRI, Literal
from pfocr_rdf.release.counts import spill as object_counter
from pfocr_rdf.release.counts.distinct import (
    DistinctCounts,
    ObjectHashes,
    counted,
    merged,
    object_record,
)
from pfocr_rdf.release.counts.spill import CountJob, ObjectCounter, count, parts_for, write_merged


def some(figures: int) -> list[bytes]:
    """Return records of figures: words that come again, and texts of their own."""
    chance = random.Random(3)
    hashes = ObjectHashes()
    return [
        object_record(
            {
                **{
                    Literal(f"w{chance.randrange(300)}"): 1 << chance.randrange(1, 4)
                    for _ in "abcd"
                },
                Literal(f"caption {figure}"): 1 << 4,
                IRI(Iris().gene(str(chance.randrange(1, 99)))): 1,
            },
            hashes,
        )
        for figure in range(figures)
    ]


class Begun:
    """Runs jobs when they are asked for, and says how many were under way at once."""

    def __init__(self) -> None:
        self.waiting = 0
        self.most = 0
        self.names: list[str] = []

    def __call__(self, function: Callable[[Any], Any], job: Any, /) -> Callable[[], Any]:
        self.names.append(function.__name__)
        self.waiting += 1
        self.most = max(self.most, self.waiting)

        def result() -> Any:
            self.waiting -= 1
            return function(job)

        return result


@pytest.mark.parametrize("size", [1, 100, 1_000, 1 << 30])
def test_however_much_is_merged_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(object_counter, "MERGED_AT_ONCE", size)
    records = some(200)
    begun = Begun()
    with ObjectCounter(begun, tmp_path, len(records)) as counter:
        for record in records:
            counter.add(record)
        assert counter.counts() == counted(records)
    assert begun.waiting == 0
    if size == 1 << 30:
        assert begun.names == []
        assert list(tmp_path.iterdir()) == [], "little is counted where it is"
    else:
        assert {"merge", "count"} == set(begun.names)
        # As many as parts are counted at the end; before that few merges wait for a worker.
        merges = begun.names.count("merge")
        assert merges == len(begun.names) - parts_for(200) // object_counter.COUNTED_AT_ONCE
        assert merges > 1 or size == 1_000_000


def test_few_merges_are_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_counter, "MERGED_AT_ONCE", 1)
    begun = Begun()
    with ObjectCounter(begun, tmp_path, 50) as counter:
        for record in some(50):
            counter.add(record)
        assert begun.waiting == begun.most == 4


def test_nothing_at_all(tmp_path: Path) -> None:
    with ObjectCounter(Begun(), tmp_path, 0) as counter:
        counter.add(b"")
        assert counter.counts() == DistinctCounts({}, {})


def test_a_run_that_fails_leaves_no_open_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_counter, "MERGED_AT_ONCE", 1)

    def fail() -> None:
        with counter:
            for record in some(9):
                counter.add(record)
            raise KeyError

    counter = ObjectCounter(Begun(), tmp_path, 9)
    with pytest.raises(KeyError):
        fail()
    assert counter._file is not None
    assert counter._file.closed


def test_parts_grow_with_the_figures_within_bounds() -> None:
    parts = [parts_for(figures) for figures in (0, 1, 31_999, 32_000, 103_000, 10**6, 10**8)]
    assert parts == [16, 16, 16, 32, 64, 512, 1024]
    assert all(each & (each - 1) == 0 for each in parts), "powers of two"


def test_what_is_written_for_others_is_cut_at_its_bounds(tmp_path: Path) -> None:
    records = some(60)
    bounds = write_merged(records, 16, tmp_path / "o")
    content = (tmp_path / "o").read_bytes()
    assert len(bounds) == 17
    assert (bounds[0], bounds[-1]) == (0, len(content))
    assert [content[a:b] for a, b in pairwise(bounds)] == merged(records, 16)
    job = CountJob(tmp_path / "o", [[(a, b)] for a, b in pairwise(bounds)])
    assert count(job) == counted(records)
