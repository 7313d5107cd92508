"""Runs queries in worker processes that can be killed, within limits of time, size and number.

A query gets a worker to itself. At its deadline, or when its reader has gone, the worker is
killed and another one started: Oxigraph has no way to stop a query from Python. An answer is
complete or there is none: it is collected, in a file when it is large, before any of it is sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import IO, Final, NamedTuple, Self

import orjson

from pfocr_rdf.errors import PfocrError
from pfocr_rdf.rdf import IriStyle
from pfocr_rdf.web.server.frames import HEADER, Frame, Limits, QueryRequest, Reason, frame, head

_WAITING_PER_WORKER: Final = 64
_IN_MEMORY: Final = 2**20
_GRACE: Final = 1.0
_START_TIMEOUT: Final = 120.0
_LAST_BREATH: Final = 5.0
"""Seconds between the end of a worker's pipe and its own."""
_PAUSE_AFTER_FAILURE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0

_log = logging.getLogger(__name__)


class PooledAnswer(NamedTuple):
    """A whole answer: its media type, its bytes from the beginning, how many there are."""

    media_type: str
    body: IO[bytes]
    size: int


class QueryRefusedError(Exception):
    """The query has no answer; the message is for the reader."""

    def __init__(self, reason: Reason, words: str) -> None:
        super().__init__(words)
        self.reason = reason


class QueryTimeoutError(Exception):
    """The query did not end in time, and was ended."""


class QueryCrashError(Exception):
    """The process of the query ended; the message is for the reader."""


class BusyError(Exception):
    """The query was not run, or not to its end; the message is for the reader."""


_CROWDED: Final = "Too many queries are waiting; ask again in some seconds."
_REPLACED: Final = (
    "The store of this release is no longer there, or was built anew of another one; the server "
    "has to be started again."
)
_NO_ROOM: Final = (
    "This server has no room for an answer of this size ({reason}); ask for less, or later."
)
_ENDING: Final = "This server is being shut down."


class _QueryProcess:
    """One process; `ask` must not be called again before it has ended well."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, store: Path, style: IriStyle, limits: Limits) -> Self:
        """Start a process, and wait until it has opened the store."""
        process = await asyncio.create_subprocess_exec(
            # Not the folder we happen to be in, but the installed package is to be run.
            *(sys.executable, "-P", "-m", "pfocr_rdf.web.server.query_worker"),
            *(str(store), style.value, orjson.dumps(tuple(limits)).decode()),
            stdin=PIPE,
            stdout=PIPE,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                await worker._receive()
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            await worker.kill()
            raise PfocrError(
                f"{store}: a process that opens this store ended at once (its messages are above)"
            ) from error
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        """Whether the process is there, as far as we have heard."""
        return self.process.returncode is None and not self._out.at_eof()

    async def ask(self, request: QueryRequest) -> PooledAnswer:
        """Return the answer to a request."""
        stdin = self.process.stdin
        assert stdin is not None
        body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        size = 0
        try:
            stdin.write(frame(Frame.REQUEST, request.packed()))
            await stdin.drain()
            while True:
                kind, content = await self._receive()
                match kind:
                    case Frame.PIECE:
                        body.write(content)
                        size += len(content)
                    case Frame.END:
                        body.seek(0)
                        return PooledAnswer(content.decode(), body, size)
                    case _:
                        reason, words = orjson.loads(content)
                        raise QueryRefusedError(Reason(reason), words)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            body.close()
            raise QueryCrashError(await self._last_words()) from error
        except OSError as error:
            body.close()
            raise BusyError(_NO_ROOM.format(reason=os.strerror(error.errno or 0))) from error
        except BaseException:
            body.close()
            raise

    async def kill(self) -> None:
        """End the process, and wait until it is gone."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()

    @property
    def _out(self) -> asyncio.StreamReader:
        assert self.process.stdout is not None
        return self.process.stdout

    async def _receive(self) -> tuple[Frame, bytes]:
        kind, length = head(await self._out.readexactly(HEADER.size))
        return kind, await self._out.readexactly(length)

    async def _last_words(self) -> str:
        # To signal a process that is dead already would lose the code it ended with.
        try:
            code = await asyncio.wait_for(self.process.wait(), _LAST_BREATH)
        except TimeoutError:  # it has closed its pipe only
            await self.kill()
            code = await self.process.wait()
        how = Signals(-code).name if code < 0 else f"exit code {code}"
        return (
            f"The process that ran the query ended ({how}). The query may need more memory, or "
            "be nested more deeply, than this server allows."
        )


class QueryPool:
    """Answers queries from one store.

    Args:
        store: Folder of an Oxigraph store.
        style: For the prefixes of answers.
        limits: What workers keep to.
        seconds: How long a query may run, and how long it may wait for a worker.
        workers: How many queries run at once.
        is_current: Whether the store is still that of the release; asked before each start
            of a worker, as a new one would open whatever lies there now.
        grace: Seconds that a query may still run when nobody waits for its answer any more:
            most end in no time, and a process is dear.
    """

    def __init__(
        self,
        store: Path,
        style: IriStyle,
        limits: Limits,
        seconds: float,
        workers: int,
        is_current: Callable[[], bool],
        grace: float = _GRACE,
    ) -> None:
        self._store = store
        self._style = style
        self._limits = limits
        self.seconds = seconds
        self._count = workers
        self._is_current = is_current
        self._grace = grace
        self._trouble = ""
        # None tells one who waits that there will be no worker any more.
        self._idle: asyncio.Queue[_QueryProcess | None] = asyncio.LifoQueue()
        self._workers: set[_QueryProcess] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: set[asyncio.Task[PooledAnswer]] = set()
        self._waiting = 0
        self._closing = False

    async def __aenter__(self) -> Self:
        # One first: when the store cannot be opened, its message is enough once.
        try:
            await self._start_one()
            await asyncio.gather(*(self._start_one() for _ in range(self._count - 1)))
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all workers, and wait until they are gone; queries under way are not answered."""
        self._closing = True
        for _ in range(self._waiting):
            self._idle.put_nowait(None)
        under_way: list[asyncio.Task[None] | asyncio.Task[PooledAnswer]] = [
            *self._tasks,
            *self._asking,
        ]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in self._workers))
        self._workers.clear()

    def processes(self) -> list[int]:
        """Return the ids of the worker processes."""
        return [worker.process.pid for worker in self._workers]

    async def run(self, request: QueryRequest) -> PooledAnswer:
        """Return the answer to a query; the caller closes its body.

        When this is cancelled, the query is ended too.

        Raises:
            QueryRefusedError: There is no answer, for a reason that is the query's.
            QueryTimeoutError: It took too long.
            QueryCrashError: Its process ended.
            BusyError: No worker was free, and too many queries wait or this one waited long;
                or all workers are being ended.
        """
        worker = await self._free_worker()
        asking = asyncio.create_task(worker.ask(request))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        try:
            done, _ = await asyncio.wait({asking}, timeout=self.seconds)
        except asyncio.CancelledError:
            self._later(self._recover(worker, asking, self._grace))
            raise
        if self._closing:
            raise BusyError(_ENDING)
        if not done:
            self._later(self._recover(worker, asking, 0))
            raise QueryTimeoutError
        if _is_sound(asking):
            self._idle.put_nowait(worker)
        else:
            self._later(self._replace(worker))
        return asking.result()

    async def _free_worker(self) -> _QueryProcess:
        if self._idle.empty() and self._waiting >= self._count * _WAITING_PER_WORKER:
            raise BusyError(_CROWDED)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.seconds):
                while True:
                    worker = None if self._closing else await self._idle.get()
                    if worker is None:
                        raise BusyError(_ENDING)
                    if worker.is_alive:
                        return worker
                    self._later(self._replace(worker))
        except TimeoutError as error:
            raise BusyError(self._trouble or _CROWDED) from error
        finally:
            self._waiting -= 1

    async def _recover(
        self, worker: _QueryProcess, asking: asyncio.Task[PooledAnswer], grace: float
    ) -> None:
        """Make a worker free again whose answer nobody wants, or put another in its place."""
        await asyncio.wait({asking}, timeout=grace)
        if asking.done() and _is_sound(asking):
            if not asking.cancelled() and asking.exception() is None:
                asking.result().body.close()
            self._idle.put_nowait(worker)
            return
        asking.cancel()
        with suppress(asyncio.CancelledError, QueryCrashError):
            await asking
        await self._replace(worker)

    async def _replace(self, worker: _QueryProcess) -> None:
        await worker.kill()
        self._workers.discard(worker)
        pause = _PAUSE_AFTER_FAILURE
        while not self._closing:
            try:
                await self._start_one()
            except (PfocrError, OSError) as error:
                self._trouble = str(error)
                _log.error("a worker process cannot be started: %s", error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self._trouble = ""
                return

    async def _start_one(self) -> None:
        if not self._is_current():
            raise PfocrError(_REPLACED)
        worker = await _QueryProcess.start(self._store, self._style, self._limits)
        self._workers.add(worker)
        self._idle.put_nowait(worker)

    def _later(self, work: Coroutine[object, object, None]) -> None:
        if self._closing:
            work.close()
            return
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _is_sound(asking: asyncio.Task[PooledAnswer]) -> bool:
    """Say whether a worker that was asked can be asked again: it answered, or refused."""
    error = None if asking.cancelled() else asking.exception()
    return not asking.cancelled() and (error is None or isinstance(error, QueryRefusedError))
