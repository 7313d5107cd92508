"""Work for several processes, each with a state of its own, results in the order of the work.

Only a few jobs are under way at once, so that a slow writer does not pile up results. With one
process the work is done in this one.
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
from functools import cached_property
from multiprocessing.connection import wait
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from pfocr_rdf.errors import WorkerError

_UNDER_WAY_PER_JOB: Final = 3
_KILLED: Final = "a worker process was killed (out of memory?): try fewer --jobs"

State = TypeVar("State")
Job = TypeVar("Job")
Result = TypeVar("Result")


def default_jobs() -> int:
    """Return how many processes this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool(Generic[State]):
    """Processes that each hold what `make` returns; a context manager.

    Args:
        make: Called once in each process that works; can be pickled.
        jobs: How many processes; 1 is this one.
    """

    def __init__(self, make: Callable[[], State], jobs: int) -> None:
        self._make = make
        self._under_way = jobs * _UNDER_WAY_PER_JOB
        self._processes: ProcessPoolExecutor | None = None
        if jobs > 1:
            # Forking a process that has threads (a progress bar is one) is not safe.
            context = multiprocessing.get_context("spawn")
            self._processes = ProcessPoolExecutor(jobs, context, _start, (make,))
            # All start with the first job. One that is started later is not known to the thread
            # which ends the others when one dies: it waits for a job, and that thread for it.
            self._processes._safe_to_dynamically_spawn_children = False  # type: ignore[attr-defined] # noqa: SLF001

    @cached_property
    def here(self) -> State:
        """The state of this process, made when it is first asked for."""
        return self._make()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; jobs that none has taken up are given up."""
        if self._processes is not None:
            self._processes.shutdown(wait=True, cancel_futures=True)

    def in_order(
        self, function: Callable[[State, Job], Result], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Result]]:
        """Yield each job with what a function makes of it, in the order of the jobs.

        Args:
            function: Of a module, or a method of the state's class; gets state and job.
            jobs: Taken up as results are asked for.

        Raises:
            WorkerError: A process is gone.
        """
        if self._processes is None:
            for job in jobs:
                yield job, function(self.here, job)
            return
        under_way: deque[tuple[Job, Callable[[], Result]]] = deque()
        for job in jobs:
            under_way.append((job, self.begin(function, job)))
            if len(under_way) > self._under_way:
                done, result = under_way.popleft()
                yield done, result()
        while under_way:
            done, result = under_way.popleft()
            yield done, result()

    def begin(self, function: Callable[[State, Job], Result], job: Job) -> Callable[[], Result]:
        """Have one job done beside all else; what is returned waits for it.

        Raises:
            WorkerError: A process is gone; also raised by what is returned.
        """
        if self._processes is None:
            done = function(self.here, job)
            return lambda: done
        try:
            future = _submit(self._processes, function, job)
        except BrokenProcessPool as error:
            raise WorkerError(_KILLED) from error

        def result() -> Result:
            try:
                return future.result()
            except BrokenProcessPool as error:
                raise WorkerError(_KILLED) from error

        return result


def _submit(
    processes: ProcessPoolExecutor, function: Callable[[Any, Job], Result], job: Job
) -> Future[Result]:
    """Hand a job to a worker, which may have to be started for it."""
    if not hasattr(signal, "pthread_sigmask"):
        return processes.submit(_run, function, job)
    # A worker inherits the mask. So Ctrl-C, which a terminal sends to all processes, ends the
    # run in one place, and neither signal leaves a worker half started, with a traceback.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        return processes.submit(_run, function, job)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """What a worker process has; made by the pool's initializer."""

    state: ClassVar[Any]


def _start(make: Callable[[], object]) -> None:
    _Worker.state = make()
    # A worker has nothing to tidy up: it ends at once when the pool is given up.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Nothing that is made for a job is cyclic, and what stays would be walked again and again.
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
