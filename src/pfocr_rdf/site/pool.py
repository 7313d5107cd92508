"""Work for several processes, each with a state of its own, results in the order of the work.

Only a few jobs are under way at once, so that nothing piles up. With one process the work is
done in this one.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from pfocr_rdf.errors import WorkerError

_UNDER_WAY_PER_JOB: Final = 3

State = TypeVar("State")
Job = TypeVar("Job")
Result = TypeVar("Result")


class Pool(Generic[State]):
    """Processes that each hold what `make` returns; a context manager.

    Args:
        make: A function of a module; called once in each process.
        jobs: How many processes.
    """

    def __init__(self, make: Callable[[], State], jobs: int) -> None:
        self._here: State | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._under_way = jobs * _UNDER_WAY_PER_JOB
        if jobs > 1:
            # Forking a process that has threads (a progress bar is one) is not safe.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(jobs, context, _start, (make,))
        else:
            self._here = make()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def in_order(
        self, function: Callable[[State, Job], Result], jobs: Iterable[Job]
    ) -> Iterator[Result]:
        """Yield what a function makes of each job.

        Args:
            function: Of a module, or a method of the state's class; gets state and job.
            jobs: Taken up as results are asked for.

        Raises:
            WorkerError: A process is gone.
        """
        if self._pool is None:
            assert self._here is not None
            for job in jobs:
                yield function(self._here, job)
            return
        under_way: deque[Future[Result]] = deque()
        try:
            for job in jobs:
                under_way.append(self._submit(self._pool, function, job))
                if len(under_way) > self._under_way:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenProcessPool as error:
            message = "a worker process was killed (out of memory?): try fewer --jobs"
            raise WorkerError(message) from error

    @staticmethod
    def _submit(
        pool: ProcessPoolExecutor, function: Callable[[State, Job], Result], job: Job
    ) -> Future[Result]:
        """Hand a job to a worker, which may have to be started for it."""
        if not hasattr(signal, "pthread_sigmask"):
            return pool.submit(_run, function, job)
        # A worker inherits the mask: Ctrl-C, which a terminal sends to all processes, then
        # ends the run in one place.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return pool.submit(_run, function, job)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """What a worker process has; made by the pool's initializer."""

    state: ClassVar[Any]


def _start(make: Callable[[], object]) -> None:
    _Worker.state = make()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Nothing that is made for a page is cyclic, and what stays would be walked again and again.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _run(function: Callable[[Any, Job], Result], job: Job) -> Result:
    return function(_Worker.state, job)


def _end_with_parent() -> None:
    """End this worker when its parent is gone: killed, it could not say so itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
