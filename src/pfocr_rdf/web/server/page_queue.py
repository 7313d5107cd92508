"""Few pages are made at once, so that those that take long hold up no other request.

A page is made in this process, in a thread that cannot be ended. What it shows follows one node,
but there are genes in a third of all figures. Without a limit, readers of such pages would
have all threads, and everyone else would wait for them: also for styles and files.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_MOST_AT_ONCE: Final = 16  # of the 40 threads that Starlette has
_WAITING_PER_TURN: Final = 64
_RETRY_AFTER: Final = 5
_CROWDED: Final = "Too many pages are asked for; ask again in some seconds."
_GONE: Final = 499  # nobody is there to read it

T = TypeVar("T")
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class PageQueue:
    """Lets endpoints that block run a few at a time, the others in the order they come.

    Args:
        at_once: How many may run.
        seconds: How long a request waits for its turn.
    """

    def __init__(self, at_once: int, seconds: float) -> None:
        self._count = min(at_once, _MOST_AT_ONCE)
        self._free = asyncio.Semaphore(self._count)
        self._seconds = seconds
        self._waiting = 0

    def for_each(self, endpoint: Callable[[Request], Response]) -> Endpoint:
        """Return an endpoint that waits for its turn and then runs the given one in a thread."""

        async def answer(request: Request) -> Response:
            async with self._turn():
                if await request.is_disconnected():
                    return Response(status_code=_GONE)
                return await run_in_threadpool(endpoint, request)

        return answer

    async def run(self, work: Callable[[], T]) -> T:
        """Return what work that blocks returns, done in a thread when its turn has come."""
        async with self._turn():
            return await run_in_threadpool(work)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._waiting >= self._count * _WAITING_PER_TURN:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise _busy() from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()


def _busy() -> HTTPException:
    return HTTPException(503, _CROWDED, {"retry-after": str(_RETRY_AFTER)})
