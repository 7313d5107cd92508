"""Tasks on a dask cluster, results in the order of the tasks.

All that this project knows of dask. Only a few tasks a worker are under way, so that neither
the scheduler nor this process ever holds the names of ten million pages twice.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

from distributed import Client, Future, KilledWorker, LocalCluster
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError

from pfocr_rdf.errors import PfocrError, UsageError
from pfocr_rdf.processes import default_jobs

_UNDER_WAY_PER_THREAD: Final = 3
_RETRIES: Final = 3
"""How often a task that failed is run again: stores are sometimes not there for a moment."""
_TIMEOUT: Final = "10s"
SECONDS_FOR_WORKERS: Final = 60
"""Seconds that a scheduler may be without any worker at the start."""

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")


class DaskTasks:
    """Runs tasks on a cluster that is there, or on processes of this machine.

    Args:
        scheduler: Its address, "" to start processes here.
        jobs: How many processes to start; 0: one a core.
        in_one_process: Start threads instead, as another process could not see the files.

    Raises:
        UsageError: No scheduler answers at the address, or it could not see the files.
    """

    def __init__(self, scheduler: str, jobs: int, *, in_one_process: bool) -> None:
        self._cluster: LocalCluster | None = None
        if scheduler and in_one_process:
            raise UsageError("--scheduler: other processes cannot see memory:// (use another URL)")
        if not scheduler:
            self._cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=1 if in_one_process else jobs or default_jobs(),
                threads_per_worker=1,
                processes=not in_one_process,
                host=None if in_one_process else "127.0.0.1",
                # There is none, but its port is listened on all the same: with no address, 8787.
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                # What ends a run is said by us in one line; dask says it with tracebacks too.
                silence_logs=logging.CRITICAL,
            )
        try:
            self._client = Client(self._cluster or scheduler, timeout=_TIMEOUT)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            self._close_cluster()
            message = f"--scheduler: no dask scheduler answers at {scheduler} ({error})"
            raise UsageError(message) from error
        try:
            self._client.wait_for_workers(1, SECONDS_FOR_WORKERS)
        except TimeoutError as error:
            self._client.close()  # type: ignore[no-untyped-call]
            self._close_cluster()
            message = (
                f"--scheduler: {scheduler} has no worker (start some: dask worker {scheduler})"
            )
            raise UsageError(message) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()  # type: ignore[no-untyped-call]
        self._close_cluster()

    def in_order(
        self, function: Callable[[_Job], _Result], jobs: Iterable[_Job]
    ) -> Iterator[tuple[_Job, _Result]]:
        """Yield each job with its result, in order.

        The task of a worker that died is run again on another one.

        Raises:
            PfocrError: A task has cost several workers their life, or the scheduler is gone.
        """
        under_way: deque[tuple[_Job, Future[Any]]] = deque()
        try:
            for job in jobs:
                # Not `pure`: a task is for its files, whatever dask has seen of its argument.
                future = self._client.submit(function, job, pure=False, retries=_RETRIES)
                under_way.append((job, future))
                while len(under_way) >= self._room():
                    yield self._finished(under_way)
            while under_way:
                yield self._finished(under_way)
        except KilledWorker as error:
            message = f"a task has killed several workers (out of memory?): {error.task}"
            raise PfocrError(message) from error
        except (FutureCancelledError, CommClosedError) as error:
            raise PfocrError(f"the dask scheduler is gone: {error}") from error
        finally:
            for _, future in under_way:
                future.cancel()  # type: ignore[no-untyped-call]

    def _finished(self, under_way: deque[tuple[_Job, Future[Any]]]) -> tuple[_Job, Any]:
        job, future = under_way[0]
        result = future.result()
        under_way.popleft()
        future.release()  # type: ignore[no-untyped-call]
        return job, result

    def _room(self) -> int:
        # Asked each time: workers come and go.
        of_worker = cast("dict[str, int]", self._client.nthreads())  # type: ignore[no-untyped-call]
        threads = sum(of_worker.values())
        return max(threads, 1) * _UNDER_WAY_PER_THREAD

    def _close_cluster(self) -> None:
        if self._cluster is not None:
            # All is done: how long a busy machine takes to end a worker is nobody's concern.
            nanny = logging.getLogger("distributed.nanny")
            level = nanny.level
            nanny.setLevel(logging.ERROR)
            self._cluster.close()
            nanny.setLevel(level)
