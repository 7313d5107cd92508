"""A pool of processes: whatever becomes of one of them, nobody waits for ever."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pfocr_rdf.errors import InputError, WorkerError
from pfocr_rdf.processes import Pool

pytestmark = pytest.mark.whole


class _Odd(Exception):  # noqa: N818 - only to be odd
    """An error that cannot be made again of what it was made of."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def number() -> int:
    return 7


def no_state() -> NoReturn:
    raise InputError("state: not to be had")


def plus(state: int, job: int) -> int:
    return state + job


def pid_of(_state: int, _job: int) -> int:
    return os.getpid()


def slow(_state: int, job: int) -> int:
    time.sleep(job)
    return job


def end(_state: int, how: int) -> None:
    if how < 0:
        os.kill(os.getpid(), -how)
    os._exit(how)


def fail(_state: int, how: str) -> Any:
    match how:
        case "odd":
            raise _Odd("a", "b")
        case "ours":
            raise InputError("x: cannot be read")
        case "lock":
            return threading.Lock()
        case _:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def gone(pid: int, seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_work(jobs: int) -> None:
    with Pool(number, jobs) as pool:
        assert list(pool.in_order(plus, range(50))) == [(job, job + 7) for job in range(50)]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (-signal.SIGKILL, r"was killed \(out of memory\?\): try fewer --jobs"),
        (-signal.SIGSEGV, "was killed"),
        (3, r"could not go on \(exit code 3\): try fewer --jobs"),
    ],
)
def test_a_process_that_ends_ends_the_run(how: int, said: str) -> None:
    with Pool(number, 2) as pool:
        jobs = [pool.begin(end, how), *(pool.begin(plus, job) for job in range(20))]
        with pytest.raises(WorkerError, match=said):
            jobs[0]()
        for job in jobs[1:]:
            with suppress(WorkerError):  # that it does not hang is all
                job()
        with pytest.raises(WorkerError, match="worker process"):
            pool.begin(plus, 1)


def test_killed_at_any_moment_of_its_start() -> None:
    for wait in (0, 0.02, 0.05, 0.1, 0.2):
        with Pool(number, 2) as pool:
            waiting = [pool.begin(plus, job) for job in range(4)]
            time.sleep(wait)
            pool._workers[0].process.kill()
            with pytest.raises(WorkerError, match="killed"):
                _all(pool, waiting)


def _all(pool: Pool[int], waiting: Iterable[Callable[[], int]]) -> None:
    for job in (*waiting, *(pool.begin(plus, each) for each in range(1000))):
        job()


def test_errors_of_jobs_arrive() -> None:
    with Pool(number, 2) as pool:
        with pytest.raises(InputError, match="x: cannot be read"):
            pool.begin(fail, "ours")()
        with pytest.raises(OSError, match="No space") as caught:
            pool.begin(fail, "full")()
        assert caught.value.errno == errno.ENOSPC
        assert "in a worker process" in caught.value.__notes__[0]
        with pytest.raises(RuntimeError, match="_Odd: ab"):
            pool.begin(fail, "odd")()
        with pytest.raises(TypeError, match="pickle"):
            pool.begin(fail, "lock")()
        assert pool.begin(plus, 1)() == 8  # none of these is the end of a process


def test_a_state_that_cannot_be_made_is_the_answer_to_each_job() -> None:
    with Pool(no_state, 2) as pool:
        for job in [pool.begin(plus, 1) for _ in range(3)]:
            with pytest.raises(InputError, match="not to be had"):
                job()


def test_what_is_under_way_is_given_up_when_the_pool_is() -> None:
    began = time.monotonic()
    with Pool(number, 2) as pool:
        pids = {pool.begin(pid_of, each)() for each in range(20)}
        job = pool.begin(slow, 100)
        more = [pool.begin(slow, 100) for _ in range(5)]
    assert time.monotonic() - began < 60
    assert all(map(gone, pids))
    for each in (job, *more):
        with pytest.raises(WorkerError):
            each()


@pytest.mark.parametrize("error", [errno.EAGAIN, errno.EMFILE, errno.ENOMEM])
def test_processes_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    made: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def once(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        if made:
            raise OSError(error, os.strerror(error))
        made.append(real(*args, **options))
        return made[0]

    monkeypatch.setattr(subprocess, "Popen", once)
    with Pool(number, 2) as pool, pytest.raises(WorkerError, match=os.strerror(error)):
        pool.begin(plus, 1)
    assert gone(made[0].pid)


def test_a_thread_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no)
    with Pool(number, 2) as pool, pytest.raises(WorkerError, match="can't start new thread"):
        pool.begin(plus, 1)


def test_modules_that_cannot_be_loaded(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.path", [])
    with Pool(partial(int, 7), 2) as pool, pytest.raises(WorkerError, match="exit code 1"):
        pool.begin(plus, 1)()
    assert capfd.readouterr().err == ""
