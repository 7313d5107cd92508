"""Batches of figures over the cores of this machine, results in the order of the batches.

A worker gets a list of file names and returns finished bytes; figures never travel. Only a
few batches are under way at once, so that a slow writer does not pile up results.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Final

from pfocr_rdf.errors import PfocrError
from pfocr_rdf.pipeline import BatchResult, Pipeline, Settings
from pfocr_rdf.sources import FigureSource

BATCH: Final = 64
"""Figures a batch has. Fixed, because batches decide nothing and so must not depend on jobs."""
_UNDER_WAY_PER_JOB: Final = 3


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


def run_batches(
    settings: Settings,
    sources: Sequence[FigureSource],
    shard_size: int,
    jobs: int,
    here: Pipeline,
) -> Generator[tuple[Sequence[FigureSource], BatchResult], None, None]:
    """Yield each batch with its result, in order.

    Args:
        settings: For the pipelines of the workers.
        sources: All figures of the run.
        shard_size: In figures; 0 for one shard.
        jobs: How many processes; with 1, or one batch, all is done in this one.
        here: The pipeline of this process.
    """
    todo = batches(sources, shard_size)
    if jobs == 1 or len(sources) <= BATCH:
        for batch in todo:
            yield batch, here.batch(batch)
        return
    # Forking a process that has threads (a progress bar is one) is not safe.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, _start, (settings,))
    under_way: deque[tuple[Sequence[FigureSource], Future[BatchResult]]] = deque()
    try:
        for batch in todo:
            under_way.append((batch, _submit(pool, batch)))
            if len(under_way) > jobs * _UNDER_WAY_PER_JOB:
                done, future = under_way.popleft()
                yield done, future.result()
        while under_way:
            done, future = under_way.popleft()
            yield done, future.result()
    except BrokenProcessPool as error:
        message = "a worker process was killed (out of memory?): try fewer --jobs"
        raise PfocrError(message) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, batch: Sequence[FigureSource]) -> Future[BatchResult]:
    """Hand a batch to a worker, which may have to be started for it."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(_batch, batch)
    # A worker inherits the mask. So Ctrl-C, which a terminal sends to all processes, ends the
    # run in one place, and no worker dies half started with a traceback.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_batch, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_pipeline: Pipeline | None = None


def _start(settings: Settings) -> None:
    global _pipeline
    _pipeline = Pipeline(settings)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _batch(sources: Sequence[FigureSource]) -> BatchResult:
    assert _pipeline is not None, "the initializer has run"
    return _pipeline.batch(sources)


def _end_with_parent() -> None:
    """End this worker when its parent is gone: killed, it could not say so itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
