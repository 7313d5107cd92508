"""Pages that take long hold up nothing else; too many of them are asked to come back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pfocr_rdf.web.server.page_queue import PageQueue
from tests.support.pages import many, run
from tests.support.serving import PATIENCE, serving

CROWD = 120
HUB = "genes/8600"
LIGHT = ("static/style.css", "api/suggest?q=RANKL", "files/void.ttl", "", "sparql?query=ASK%7B%7D")


@pytest.mark.whole
def test_pages_of_a_hub_gene_hold_up_nothing_else(tmp_path: Path) -> None:
    """120 readers want the page of a gene in all figures; others are answered meanwhile.

    More readers than there are threads: without queue, what is asked for after them would have
    no thread before most of them are through.
    """
    run(many(tmp_path / "in", 500), out=tmp_path / "out", validate=False)

    async def crowd(url: str) -> tuple[list[int], list[int], list[int]]:
        limits = httpx.Limits(max_connections=2 * CROWD)
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as client:
            pages = [
                asyncio.create_task(client.get(HUB, headers={"accept": "text/html"}))
                for _ in range(CROWD)
            ]
            # The first page is through: all others have reached the server long since.
            await asyncio.wait(pages, return_when=asyncio.FIRST_COMPLETED)
            light = [asyncio.create_task(client.get(path)) for path in LIGHT]
            statuses, made = [], []
            for answer in light:
                statuses.append((await answer).status_code)
                made.append(sum(page.done() for page in pages))
            return [(await page).status_code for page in pages], statuses, made

    with serving(tmp_path / "out", "--workers", 2, "--timeout", PATIENCE) as server:
        pages, light, made = asyncio.run(crowd(server.url))
    assert pages == [200] * CROWD
    assert light == [200] * len(LIGHT)
    assert max(made) < CROWD / 2, made


class Held:
    """An application with one endpoint that blocks until it is let go."""

    def __init__(self, at_once: int, seconds: float) -> None:
        self.running = 0
        self.most = 0
        self.begun = threading.Semaphore(0)
        self._let_go = threading.Event()
        self._lock = threading.Lock()
        self.queue = PageQueue(at_once, seconds)
        self.app = Starlette(routes=[Route("/", self.queue.for_each(self._hold))])

    def _hold(self, _request: Request) -> Response:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.begun.release()
        assert self._let_go.wait(PATIENCE)
        with self._lock:
            self.running -= 1
        return PlainTextResponse("done")

    def let_go(self) -> None:
        self._let_go.set()

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            try:
                yield client
            finally:
                self.let_go()

    async def wait_for(self, at_once: int) -> None:
        """Wait until so many have begun to run."""
        for _ in range(at_once):
            assert await asyncio.to_thread(self.begun.acquire, timeout=PATIENCE)


def test_no_more_run_at_once_than_there_are_turns() -> None:
    held = Held(3, PATIENCE)

    async def ask() -> list[httpx.Response]:
        async with held.client() as client:
            asking = [asyncio.create_task(client.get("/")) for _ in range(20)]
            await held.wait_for(3)
            held.let_go()
            return await asyncio.gather(*asking)

    assert [answer.text for answer in asyncio.run(ask())] == ["done"] * 20
    assert held.most == 3


def test_who_has_waited_too_long_is_asked_to_come_back() -> None:
    held = Held(1, 0.2)

    async def ask() -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        async with held.client() as client:
            first = asyncio.create_task(client.get("/"))
            await held.wait_for(1)
            late = await client.get("/")
            held.let_go()
            return await first, late, await client.get("/")

    first, late, again = asyncio.run(ask())
    assert (first.status_code, late.status_code, again.status_code) == (200, 503, 200)
    assert int(late.headers["retry-after"]) > 0


def test_a_crowd_is_not_let_in_at_all() -> None:
    held = Held(1, PATIENCE)

    async def ask() -> list[int]:
        async with held.client() as client:
            asking = [asyncio.create_task(client.get("/")) for _ in range(1 + 64 + 3)]
            done: set[asyncio.Task[httpx.Response]] = set()
            while len(done) < 3:
                done, _ = await asyncio.wait(asking, timeout=0.05)
            held.let_go()
            return [(await answer).status_code for answer in asking]

    statuses = asyncio.run(ask())
    assert (statuses.count(200), statuses.count(503)) == (65, 3)


def test_no_page_is_made_for_who_has_gone_meanwhile() -> None:
    held = Held(1, PATIENCE)

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def ask() -> Response:
        endpoint = held.queue.for_each(held._hold)
        return await endpoint(Request({"type": "http", "method": "GET", "headers": []}, gone))

    assert asyncio.run(ask()).status_code == 499
    assert held.most == 0
