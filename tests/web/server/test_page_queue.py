"""Pages that take long hold up nothing else; too many of them are asked to come back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pfocr_rdf.query.store import ensure_store
from pfocr_rdf.rdf import Kind
from pfocr_rdf.release import open_release
from pfocr_rdf.web.server.app import create_app
from pfocr_rdf.web.server.linked_data import LinkedData
from pfocr_rdf.web.server.options import ServeOptions
from pfocr_rdf.web.server.page_queue import PageQueue
from tests.support.releases import SharedReleases
from tests.support.serving import PATIENCE, until

CROWD = 120
HUB = "genes/8600"
LIGHT = ("static/style.css", "api/suggest?q=RANKL", "files/void.ttl", "", "sparql?query=ASK%7B%7D")


@pytest.mark.whole
def test_pages_of_a_hub_gene_hold_up_nothing_else(
    releases: SharedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """120 readers want the page of a gene, and none of them is made before others are answered.

    More readers than there are threads: without queue, what is asked for after them would have
    no thread before the first of them is through. How fast the machine is does not matter, as
    the pages of the gene are held until all others have their answers.
    """
    begun, let_go = threading.Semaphore(0), threading.Event()
    real = LinkedData.endpoint

    def held(self: LinkedData, kind: Kind) -> Callable[[Request], Response]:
        answer = real(self, kind)

        def wait(request: Request) -> Response:
            begun.release()
            assert let_go.wait(PATIENCE)
            return answer(request)

        return wait

    monkeypatch.setattr(LinkedData, "endpoint", held)
    release = open_release(releases.of_everything())
    app = create_app(release, ensure_store(release), ServeOptions(workers=2, timeout=PATIENCE))

    async def crowd() -> tuple[list[int], list[int], int]:
        server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="on", log_config=None))
        serving = asyncio.create_task(server.serve())
        await asyncio.to_thread(until, lambda: server.started or serving.done())
        port = server.servers[0].sockets[0].getsockname()[1]
        limits = httpx.Limits(max_connections=2 * CROWD)
        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, limits=limits
            ) as client:
                pages = [
                    asyncio.create_task(client.get(HUB, headers={"accept": "text/html"}))
                    for _ in range(CROWD)
                ]
                for _ in range(2):
                    assert await asyncio.to_thread(begun.acquire, timeout=PATIENCE)
                asked = server.server_state.tasks
                assert await asyncio.to_thread(until, lambda: len(asked) == CROWD)
                light = [(await client.get(path)).status_code for path in LIGHT]
                made = sum(page.done() for page in pages)
                let_go.set()
                return [(await page).status_code for page in pages], light, made
        finally:
            let_go.set()
            server.should_exit = True
            await serving

    pages, light, made = asyncio.run(crowd())
    assert pages == [200] * CROWD
    assert light == [200] * len(LIGHT)
    assert made == 0


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
