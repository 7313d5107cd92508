"""Uvicorn around the application, on a port that is ours before anything is started."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from typing import Final

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from pfocr_rdf.errors import PfocrError, UsageError
from pfocr_rdf.query.store import StorePlace
from pfocr_rdf.release import Release
from pfocr_rdf.web.server.app import create_app
from pfocr_rdf.web.server.options import ServeOptions
from pfocr_rdf.web.server.slow_clients import hurried

_BACKLOG: Final = 2048
_CONNECTIONS: Final = 1000
_SECONDS_TO_FINISH: Final = 3
"""How long those who are being answered when the server ends have to take the rest."""
_HEADERS: Final = 2**16


def run(
    release: Release, place: StorePlace, options: ServeOptions, on_ready: Callable[[str], None]
) -> None:
    """Serve a release until a signal ends it; SIGINT and SIGTERM are the ways to end it.

    Args:
        release: What is served.
        place: The store made of it.
        options: Checked already.
        on_ready: Told the address when requests are answered there.

    Raises:
        UsageError: The address cannot be listened on.
        PfocrError: The worker processes cannot be started.
    """
    listener = listen(options.host, options.port)
    try:
        options = replace(options, port=listener.getsockname()[1])
        host = f"[{options.host}]" if ":" in options.host else options.host
        app = create_app(release, place, options)
        server = _Server(
            uvicorn.Config(
                app,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                http=hurried(options.client_timeout),
                limit_concurrency=_CONNECTIONS,
                # One second more: who is cut off by us has no traceback in the log.
                timeout_graceful_shutdown=_SECONDS_TO_FINISH + 1,
                # Longer addresses than we take must come through, to be told so.
                h11_max_incomplete_event_size=options.max_request + _HEADERS,
            ),
            lambda: on_ready(f"http://{host}:{options.port}/"),
            app.state.queries.close,
        )
        try:
            server.run([listener])
        except SystemExit as error:  # uvicorn's way to say that the application did not start
            raise PfocrError("the server could not be started (its messages are above)") from error
    finally:
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address.

    Raises:
        UsageError: It is taken, not allowed or unknown.
    """
    try:
        family, *_, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except socket.gaierror as error:
        raise UsageError(
            f"--host: {host}: expected an address of this machine, found none"
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"--port: {port} is taken on {host} (choose another one, or 0 for any free one)"
            ) from error
        raise UsageError(f"--host {host} --port {port}: {error.strerror}") from error
    # Connections inherit it. Without, the body of an answer waits 40 ms for its head to be
    # acknowledged; asyncio sets it, but not for a listener made elsewhere.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    """Says when it is ready, and ends as one that was asked to: with exit code 0."""

    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        on_end: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._on_ready = on_ready
        self._on_end = on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop to answer: queries under way are ended first, what is sent has some seconds more."""
        await self._on_end()
        cutting = asyncio.get_running_loop().call_later(_SECONDS_TO_FINISH, self._cut)
        await super().shutdown(sockets)
        cutting.cancel()

    def _cut(self) -> None:
        """Hang up on who has not taken all of his answer by now."""
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Handle the signals that end a server, and do not raise them again at its end."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
