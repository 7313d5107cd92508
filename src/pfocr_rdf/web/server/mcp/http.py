"""`/mcp` of the server: the protocol over HTTP, one answer of JSON to each POST, no sessions.

The SDK takes a second to import, so it is imported when the first assistant calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from pfocr_rdf.errors import UsageError
from pfocr_rdf.web.server.mcp.library import check_library
from pfocr_rdf.web.server.mcp.tools import Tools
from pfocr_rdf.web.server.options import ServeOptions

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class McpEndpoint:
    """An ASGI application.

    Args:
        tools: Makes the tools; called once.
        options: Of the server.
    """

    def __init__(self, tools: Callable[[], Tools], options: ServeOptions) -> None:
        self._tools = tools
        self._options = options
        self._lock = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            check_library()
        except UsageError as error:
            raise HTTPException(501, f"{error}.") from error
        async with self._lock:
            if self._manager is None:
                self._manager = await run_in_threadpool(self._made)
                ready = asyncio.Event()
                self._running = asyncio.create_task(self._run(self._manager, ready))
                await ready.wait()
        await self._manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what runs for requests."""
        self._end.set()
        if self._running is not None:
            await self._running

    async def _run(self, manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        # In a task of its own: what it opens has to be closed by the task that has opened it.
        async with manager.run():
            ready.set()
            await self._end.wait()

    def _made(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import (  # noqa: PLC0415 - see above
            StreamableHTTPSessionManager,
        )
        from mcp.server.transport_security import (  # noqa: PLC0415 - see above
            TransportSecuritySettings,
        )

        from pfocr_rdf.web.server.mcp.wiring import mcp_server  # noqa: PLC0415 - see above

        return StreamableHTTPSessionManager(
            mcp_server(self._tools()),
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(**guard(self._options)),
            max_request_body_size=self._options.max_request,
        )


def guard(options: ServeOptions) -> dict[str, Any]:
    """Return by which names the server may be called, as the SDK wants it.

    A server for this machine alone answers to its own names only, so that no page of the web can
    have its address changed to ours and read along. Who listens for all, or stands behind a
    proxy, has names that we do not know.

    Example:
        >>> guard(ServeOptions(host="0.0.0.0"))
        {'enable_dns_rebinding_protection': False}
    """
    if options.host not in _LOOPBACK or options.base_url:
        return {"enable_dns_rebinding_protection": False}
    names = [f"[{name}]" if ":" in name else name for name in _LOOPBACK]
    return {
        "enable_dns_rebinding_protection": True,
        "allowed_hosts": [f"{name}:*" for name in names],
        "allowed_origins": [f"http://{name}:*" for name in names],
    }
