"""Work for several processes, each with a state of its own, results in the order of the work.

Only a few jobs are under way at once, so that a slow writer does not pile up results. With one
process the work is done in this one.

Each process has a socket to this one, a thread here that waits for its answers, and nothing that it
shares with others. So the death of one, at any moment, is the end of its socket and of one thread;
no lock or queue is left behind in which others would wait. (The executors of the standard library
share both, and a process more that keeps books of them.)
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from itertools import islice
from multiprocessing.connection import Connection, Pipe
from queue import Empty, SimpleQueue
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

from pfocr_rdf.errors import PfocrError, WorkerError

_UNDER_WAY_PER_JOB: Final = 3
_KILLED: Final = "a worker process was killed (out of memory?): try fewer --jobs"
_ENDED: Final = "a worker process could not go on (exit code {code}): try fewer --jobs"
_NOT_STARTED: Final = "a worker process cannot be started: {reason} (try fewer --jobs)"
_LAST_BREATH: Final = 5.0
"""Seconds that a process has to end when it is told that there is no more to do."""
_BOOT: Final = """\
import os, sys
try:
    sys.path[:] = sys.argv[2:]
    from pfocr_rdf.processes import work
    work(int(sys.argv[1]))
except BaseException:
    os._exit(1)  # who started it says so, in one line
"""

State = TypeVar("State")
Job = TypeVar("Job")
Result = TypeVar("Result")
_Item = TypeVar("_Item")


def default_jobs() -> int:
    """Return how many processes this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batched(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Yield items in lists of a size; the last may be shorter."""
    left = iter(items)
    while part := list(islice(left, size)):
        yield part


class Pool(Generic[State]):
    """Processes that each hold what `make` returns; a context manager.

    Args:
        make: Called once in each process that works; can be pickled.
        jobs: How many processes; 1 is this one.
    """

    def __init__(self, make: Callable[[], State], jobs: int) -> None:
        self._make = make
        self._jobs = jobs
        self._workers: list[_PoolProcess] = []
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._end: WorkerError | None = None  # why no job is taken any more

    @cached_property
    def here(self) -> State:
        """The state of this process, made when it is first asked for."""
        return self._make()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; jobs that are not done are given up."""
        self._give_up(WorkerError("the processes were ended"))
        for worker in self._workers:
            if worker.busy:
                worker.process.kill()
            self._tasks.put(None)
        for worker in self._workers:
            worker.end()
        self._workers.clear()

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
        if self._jobs <= 1:
            for job in jobs:
                yield job, function(self.here, job)
            return
        under_way: deque[tuple[Job, Callable[[], Result]]] = deque()
        for job in jobs:
            under_way.append((job, self.begin(function, job)))
            if len(under_way) > self._jobs * _UNDER_WAY_PER_JOB:
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
        if self._jobs <= 1:
            done = function(self.here, job)
            return lambda: done
        task = _Task(Future(), _pickled((function, job)))
        if not self._workers:
            self._start()
        with self._lock:
            if self._end is not None:
                raise self._end
            self._tasks.put(task)
        return task.answer.result

    def _start(self) -> None:
        """Start all processes."""
        make = _pickled(self._make)
        for _ in range(self._jobs):
            try:
                worker = _PoolProcess()
                self._workers.append(worker)
                worker.thread = threading.Thread(
                    target=self._attend, args=(worker, make), daemon=True
                )
                worker.thread.start()
            except (OSError, RuntimeError) as error:  # the latter is Python's for EAGAIN
                reason = getattr(error, "strerror", None) or error
                raise WorkerError(_NOT_STARTED.format(reason=reason)) from error

    def _attend(self, worker: _PoolProcess, make: bytes) -> None:
        """Hand jobs to a process and take its answers, in a thread; until it ends, or all do."""
        task = None
        try:
            worker.socket.send_bytes(make)
            worker.busy = False
            while (task := self._tasks.get()) is not None:
                worker.busy = True
                if self._end is None:
                    worker.socket.send_bytes(task.work)
                    done, value = _unpickled(worker.socket.recv_bytes())
                    if done:
                        task.answer.set_result(value)
                    else:
                        task.answer.set_exception(value)
                else:
                    task.answer.set_exception(self._end)
                worker.busy = False
        except Exception as error:  # noqa: BLE001
            # Whatever it is, nobody must wait for this thread or this process any more.
            worker.busy = False
            worker.socket.close()
            fault = worker.fault()
            self._give_up(fault)
            if task is not None:
                gone = isinstance(error, (EOFError, OSError))
                task.answer.set_exception(fault if gone else error)
        finally:
            worker.socket.close()

    def _give_up(self, why: WorkerError) -> None:
        """Take no more jobs, and answer all that no process has taken up."""
        with self._lock:
            self._end = self._end or why
            ends = 0
            with suppress(Empty):
                while True:
                    task = self._tasks.get_nowait()
                    if task is None:
                        ends += 1
                    else:
                        task.answer.set_exception(self._end)
            for _ in range(ends):  # each thread waits for one
                self._tasks.put(None)


class _Task(NamedTuple):
    """A job with its function, pickled, and where its answer goes."""

    answer: Future[Any]
    work: bytes


class _PoolProcess:
    """A process, as the one that started it sees it; `busy` till it waits for a job, and with one."""

    def __init__(self) -> None:
        self.busy = True
        self.thread: threading.Thread | None = None
        self.socket, theirs = Pipe()
        with theirs, _signals_held():
            number = str(theirs.fileno())
            self.process = subprocess.Popen(  # noqa: S603 - this program
                [sys.executable, "-c", _BOOT, number, *sys.path],
                stdin=subprocess.PIPE,  # its end is that of this process
                pass_fds=(theirs.fileno(),),
            )

    def fault(self) -> WorkerError:
        """Return why it is gone."""
        try:
            code = self.process.wait(_LAST_BREATH)
        except subprocess.TimeoutExpired:  # it has closed its socket only
            self.process.kill()
            code = self.process.wait()
        return WorkerError(_KILLED if code < 0 else _ENDED.format(code=code))

    def end(self) -> None:
        """Wait until it is gone; nothing more must be asked of it."""
        if self.thread is not None and self.thread.ident is not None:
            self.thread.join()
        self.socket.close()
        with suppress(WorkerError):
            self.fault()
        if self.process.stdin is not None:
            self.process.stdin.close()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Have a process that is started here begin with SIGINT and SIGTERM blocked.

    So Ctrl-C, which a terminal sends to all processes, ends the run in one place, and neither
    signal leaves a process half started, with a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work(socket: int) -> None:
    """Do jobs until there are no more; what a process of a pool does.

    Args:
        socket: Over which what makes its state comes, then jobs, and answers go.
    """
    # A worker has nothing to tidy up: it ends at once when the pool is given up.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError), Connection(socket) as parent:  # it is gone, or has no more
        make = parent.recv_bytes()
        made, state = _tried(partial(_made, make))
        # Nothing that is made for a job is cyclic, and what stays would be walked again and again.
        gc.freeze()
        gc.set_threshold(100_000, 50, 100)
        while True:
            asked = parent.recv_bytes()
            parent.send_bytes(_answer(state, asked) if made else _pickled((made, state)))


def _made(make: bytes) -> Any:
    return _unpickled(make)()


def _answer(state: Any, asked: bytes) -> bytes:
    """Return what a job comes to, or its error, pickled."""

    def do() -> bytes:
        function, job = _unpickled(asked)
        return _pickled((True, function(state, job)))

    done, answer = _tried(do)
    return answer if done else _pickled((done, answer))


def _tried(what: Callable[[], Any]) -> tuple[bool, Any]:
    """Return that something was done and what it returns, or that it was not and its error."""
    try:
        return True, what()
    except Exception as error:  # noqa: BLE001 - it is raised where the job came from
        if not isinstance(error, PfocrError):
            error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        try:
            _unpickled(_pickled(error))
        except Exception:  # noqa: BLE001 - one that cannot travel
            return False, RuntimeError(traceback.format_exc())
        return False, error


def _pickled(what: object) -> bytes:
    return pickle.dumps(what, pickle.HIGHEST_PROTOCOL)


def _unpickled(content: bytes) -> Any:
    return pickle.loads(content)  # noqa: S301 - between two processes of this program alone


def _end_with_parent() -> None:
    """End this worker when its parent is gone: killed, it could not say so itself."""
    with suppress(OSError):
        os.read(0, 1)
    os._exit(1)
