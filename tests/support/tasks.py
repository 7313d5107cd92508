"""What runs the tasks of a cluster in tests: this process, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Self, TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class InTurn:
    """Runs tasks here and now; `driver.run` takes it as it takes dask."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with its result."""
        for job in jobs:
            yield job, function(job)
