"""Counts the distinct objects of a release while it is written, on the workers, in a spill file.

What figures and entities name comes as records (see `distinct`). Each few thousand of them are
merged by a worker while others go on, and lie in a file, cut by their hashes; at the end each
part is counted for itself. Memory holds what is not merged yet, and a part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple, Protocol, Self, TypeVar

from pfocr_rdf.release.counts.distinct import DistinctCounts, counted, merged, total

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class Begin(Protocol):
    """Has a function of a module run on a job; what it returns waits for the result."""

    def __call__(self, function: Callable[[_Job], _Result], job: _Job, /) -> Callable[[], _Result]:
        """Begin, and return what waits for the result."""
        ...


MERGED_AT_ONCE: Final = 3 << 20
"""Bytes of records: of some 3,000 figures."""
_PENDING: Final = 4
COUNTED_AT_ONCE: Final = 8
"""Parts that are one job."""
_FIGURES_PER_PART: Final = 2_000
_FEWEST_PARTS, _MOST_PARTS = 16, 1 << 10


class MergeJob(NamedTuple):
    """Records, and how many parts to cut what they say into."""

    records: Sequence[bytes]
    parts: int


class CountJob(NamedTuple):
    """Some parts of a spill file: for each the ranges, start and end, where its pieces are."""

    file: Path
    parts: Sequence[Sequence[tuple[int, int]]]


def merge(job: MergeJob) -> list[bytes]:
    """Merge records, as `distinct.merged` does."""
    return merged(job.records, job.parts)


def count(job: CountJob) -> DistinctCounts:
    """Count some parts of a spill file."""
    with job.file.open("rb") as file:
        return total(counted(_read(file, part)) for part in job.parts)


def write_merged(records: Sequence[bytes], parts: int, path: Path) -> tuple[int, ...]:
    """Write what records say, cut into parts, and return where these begin and the last ends."""
    bounds = [0]
    with path.open("wb") as file:
        for piece in merged(records, parts):
            bounds.append(bounds[-1] + file.write(piece))
    return tuple(bounds)


def parts_for(figures: int) -> int:
    """Return into how many parts to cut: each is to have some 70,000 objects."""
    wanted = 1 << (figures // _FIGURES_PER_PART).bit_length()
    return min(max(wanted, _FEWEST_PARTS), _MOST_PARTS)


class ObjectCounter:
    """Takes the records of all figures and entities, and counts.

    Args:
        begin: Has functions run by workers.
        folder: For the spill file.
        figures: About how many there will be.
    """

    def __init__(self, begin: Begin, folder: Path, figures: int) -> None:
        self._begin = begin
        self._path = folder / "objects"
        self._file: IO[bytes] | None = None
        self._ranges: list[list[tuple[int, int]]] = [[] for _ in range(parts_for(figures))]
        self._records: list[bytes] = []
        self._bytes = 0
        self._pending: deque[Callable[[], list[bytes]]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, record: bytes) -> None:
        """Add a record of a figure or of entities."""
        self._records.append(record)
        self._bytes += len(record)
        if self._bytes >= MERGED_AT_ONCE:
            self._merge()

    def counts(self) -> DistinctCounts:
        """Return the counts of all records; no more can be added."""
        if self._file is None and not self._pending:
            return counted(self._records)
        self._merge()
        while self._pending:
            self._keep(self._pending.popleft()())
        assert self._file is not None, "something was merged"
        self._file.close()
        some = [
            CountJob(self._path, self._ranges[first : first + COUNTED_AT_ONCE])
            for first in range(0, len(self._ranges), COUNTED_AT_ONCE)
        ]
        return total(result() for result in [self._begin(count, job) for job in some])

    def _merge(self) -> None:
        if len(self._pending) >= _PENDING:
            self._keep(self._pending.popleft()())
        self._pending.append(self._begin(merge, MergeJob(self._records, len(self._ranges))))
        self._records, self._bytes = [], 0

    def _keep(self, pieces: Sequence[bytes]) -> None:
        if self._file is None:
            self._file = self._path.open("wb")
        start = self._file.tell()
        for ranges, piece in zip(self._ranges, pieces, strict=True):
            self._file.write(piece)
            ranges.append((start, start := start + len(piece)))


def _read(file: IO[bytes], ranges: Sequence[tuple[int, int]]) -> list[bytes]:
    pieces = []
    for start, end in ranges:
        file.seek(start)
        pieces.append(file.read(end - start))
    return pieces
