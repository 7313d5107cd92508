"""A release as an assistant has it: the SDK's own client, over any way to carry the protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp_types import TextResourceContents

from pfocr_rdf.query.index import Index, Search
from pfocr_rdf.query.questions import load_questions
from pfocr_rdf.query.store import ensure_store, open_triples
from pfocr_rdf.release.opened import open_release
from pfocr_rdf.web.server.frames import Limits
from pfocr_rdf.web.server.mcp.told import Addresses
from pfocr_rdf.web.server.mcp.tools import Tools
from pfocr_rdf.web.server.mcp.wiring import mcp_server
from pfocr_rdf.web.server.page_queue import PageQueue
from pfocr_rdf.web.server.query_pool import QueryPool

Answer = dict[str, Any]
PATIENCE = 120.0


class Assistant:
    """Calls tools, and keeps what came last."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client
        self.text = ""

    def result(self, name: str, **arguments: Any) -> Any:
        """Return the result of a call as the SDK has it."""
        return self.portal.call(self.client.call_tool, name, arguments)

    def __call__(self, name: str, **arguments: Any) -> Answer:
        """Return the answer of a tool."""
        result = self.result(name, **arguments)
        assert not result.is_error, result.structured_content
        self.text = result.content[0].text
        answer: Answer = result.structured_content
        return answer

    def fault(self, name: str, **arguments: Any) -> Answer:
        """Return what is said of a call that has no answer."""
        result = self.result(name, **arguments)
        assert result.is_error
        self.text = result.content[0].text
        error: Answer = result.structured_content["error"]
        return error

    def read(self, uri: str) -> str:
        """Return a document."""
        (content,) = self.portal.call(self.client.read_resource, uri).contents
        assert isinstance(content, TextResourceContents)
        return content.text


@contextmanager
def assistant(target: Any, **options: Any) -> Iterator[Assistant]:
    """Connect a client to a server in process, to an address, or to a command."""
    with start_blocking_portal() as portal:
        client = Client(target, read_timeout_seconds=PATIENCE, **options)
        with portal.wrap_async_context_manager(client):
            yield Assistant(portal, client)


@contextmanager
def in_process(folder: Path, base: str = "", seconds: float = PATIENCE) -> Iterator[Assistant]:
    """Serve a release in this process; its queries run in one worker process."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(_client(folder, base, seconds)) as client,
    ):
        yield Assistant(portal, client)


@asynccontextmanager
async def _client(folder: Path, base: str, seconds: float) -> AsyncIterator[Client]:
    release = open_release(folder)
    place = ensure_store(release)
    index, search = Index(place.index_file), Search(place.index_file)
    limits = Limits(100_000, 2**26, 4096, ())
    style = release.iri_style
    try:
        async with QueryPool(place.oxigraph, style, limits, seconds, 1, lambda: True) as queries:
            tools = Tools(
                release, index, search, open_triples(place), load_questions(), queries,
                PageQueue(2, PATIENCE), Addresses.at(base, style),
            )  # fmt: skip
            async with Client(mcp_server(tools), read_timeout_seconds=PATIENCE) as client:
                yield client
    finally:
        index.close()
        search.close()
