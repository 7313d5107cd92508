"""Batches over the cores of this machine, results in the order of the batches.

Only a few batches are under way at once, so that a slow writer does not pile up results.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from pfocr_rdf.entities import EntityFacts
from pfocr_rdf.entity_batches import EntitiesResult, EntityBatches
from pfocr_rdf.errors import WorkerError
from pfocr_rdf.figure_batches import BatchResult, Before, FigureBatches
from pfocr_rdf.pipeline import Pipeline, Settings
from pfocr_rdf.sources import FigureSource

BATCH: Final = 64
"""Figures a batch has. Fixed, because batches decide nothing and so must not depend on jobs."""
_UNDER_WAY_PER_JOB: Final = 3
_KILLED: Final = "a worker process was killed (out of memory?): try fewer --jobs"

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class FigureJob(NamedTuple):
    """A batch of pages, and for each what an earlier run made of it."""

    sources: Sequence[FigureSource]
    before: Sequence[Before | None]


class EntityJob(NamedTuple):
    """A batch of entities, and the ledger they are from."""

    entities: Sequence[EntityFacts]
    ledger: Path


def default_jobs() -> int:
    """Return how many processes this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(sources: Sequence[FigureSource], shard_size: int) -> Iterator[Sequence[FigureSource]]:
    """Cut the sources into batches; none reaches over the end of a shard (0: one shard)."""
    shard = shard_size or len(sources) or 1
    for first in range(0, len(sources), shard):
        end = min(first + shard, len(sources))
        for start in range(first, end, BATCH):
            yield sources[start : min(start + BATCH, end)]


class Workers:
    """Runs batches in worker processes, or in this one when there is little to do.

    Args:
        settings: For the pipelines.
        jobs: How many processes.
        figures: How many figures there are; for few, starting processes costs more than it saves.

    Attributes:
        here: The pipeline of this process.
    """

    def __init__(self, settings: Settings, jobs: int, figures: int) -> None:
        self.here = Pipeline(settings)
        self._figures = FigureBatches(self.here)
        self._entities = EntityBatches(self.here)
        self._under_way = jobs * _UNDER_WAY_PER_JOB
        self._pool: ProcessPoolExecutor | None = None
        if jobs > 1 and figures > BATCH:
            # Forking a process that has threads (a progress bar is one) is not safe.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(jobs, context, _start, (settings,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, and let go of the ledger."""
        self._entities.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def figures(self, jobs: Iterable[FigureJob]) -> Iterator[tuple[FigureJob, BatchResult]]:
        """Yield each batch of figures with its result, in order."""
        return self._in_order(jobs, _run_figures, lambda job: self._figures.run(*job))

    def figures_here(self, job: FigureJob, taken: set[str]) -> BatchResult:
        """Run one batch again in this process, which knows the figids of all before it."""
        return self._figures.run(job.sources, (), taken)

    def entities(self, jobs: Iterable[EntityJob]) -> Iterator[tuple[EntityJob, EntitiesResult]]:
        """Yield each batch of entities with its result, in order."""
        return self._in_order(jobs, _run_entities, lambda job: self._entities.run(*job))

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with what a function of a module makes of it, in order."""
        return self._in_order(jobs, function, function)

    def begin(self, function: Callable[[_Job], _Result], job: _Job) -> Callable[[], _Result]:
        """Have a function of a module run beside all else; what is returned waits for it."""
        if self._pool is None:
            result = function(job)
            return lambda: result
        future = _submit(self._pool, function, job)

        def wait_for_it() -> _Result:
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise WorkerError(_KILLED) from error

        return wait_for_it

    def _in_order(
        self,
        jobs: Iterable[_Job],
        there: Callable[[_Job], _Result],
        here: Callable[[_Job], _Result],
    ) -> Iterator[tuple[_Job, _Result]]:
        if self._pool is None:
            for job in jobs:
                yield job, here(job)
            return
        under_way: deque[tuple[_Job, Future[_Result]]] = deque()
        try:
            for job in jobs:
                under_way.append((job, _submit(self._pool, there, job)))
                if len(under_way) > self._under_way:
                    done, future = under_way.popleft()
                    yield done, future.result()
            while under_way:
                done, future = under_way.popleft()
                yield done, future.result()
        except BrokenProcessPool as error:
            raise WorkerError(_KILLED) from error


def _submit(
    pool: ProcessPoolExecutor, function: Callable[[_Job], _Result], job: _Job
) -> Future[_Result]:
    """Hand a batch to a worker, which may have to be started for it."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(function, job)
    # A worker inherits the mask. So Ctrl-C, which a terminal sends to all processes, ends the
    # run in one place, and neither signal leaves a worker half started, with a traceback.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        return pool.submit(function, job)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """What a worker process has; made by the pool's initializer."""

    figures: FigureBatches
    entities: EntityBatches


def _start(settings: Settings) -> None:
    pipeline = Pipeline(settings)
    _Worker.figures = FigureBatches(pipeline)
    _Worker.entities = EntityBatches(pipeline)
    # A worker has nothing to tidy up: it ends at once when the pool is given up.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Nothing here is cyclic, and the tables would be walked again and again.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _run_figures(job: FigureJob) -> BatchResult:
    return _Worker.figures.run(*job)


def _run_entities(job: EntityJob) -> EntitiesResult:
    return _Worker.entities.run(*job)


def _end_with_parent() -> None:
    """End this worker when its parent is gone: killed, it could not say so itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
