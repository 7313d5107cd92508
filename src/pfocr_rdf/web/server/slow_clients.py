"""Connections that nobody can hold for ever.

Uvicorn hangs up on a client that has nothing more to ask. One that sends its request a byte a
minute, or takes nothing of a long answer, it would wait for without end; a thousand of them
are all connections that a server has.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


def hurried(seconds: float) -> type[H11Protocol]:
    """Return a protocol for `uvicorn.Config` whose clients have so many seconds.

    Args:
        seconds: For a whole request, head and body, from its first byte or the beginning of
            the connection; and to take the next piece of an answer, some 50 kB.
    """

    class Hurried(_HurriedProtocol):
        most_seconds = seconds

    return Hurried


class _HurriedProtocol(H11Protocol):
    most_seconds: float
    _sending: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and wait for the first request."""
        super().connection_made(transport)
        self._sending = self.loop.call_later(self.most_seconds, self._never_asked)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        super().data_received(data)
        self._mind()

    def on_response_complete(self) -> None:
        """Turn to the next request, of which a part may be here already."""
        super().on_response_complete()
        self._mind()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_sending()
        self._stop_taking()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait until the client has taken some of what was sent."""
        super().pause_writing()
        if self._taking is None:
            self._taking = self.loop.call_later(self.most_seconds, self._never_taken)

    def resume_writing(self) -> None:
        """Send on."""
        self._stop_taking()
        super().resume_writing()

    def _mind(self) -> None:
        """Begin to wait for the rest of a request, or end it when there is none to come."""
        state = self.conn.their_state
        # Between two requests uvicorn itself waits, until the first byte of the second.
        is_begun = self._sending is not None or bool(self.conn.trailing_data[0])
        if state is not h11.SEND_BODY and not (state is h11.IDLE and is_begun):
            self._stop_sending()
        elif self._sending is None:
            self._sending = self.loop.call_later(self.most_seconds, self._never_asked)

    def _never_asked(self) -> None:
        self._sending = None
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's own type leaves None out
        if cycle is not None:
            # Whoever reads the request learns that no more of it will come.
            cycle.disconnected = True
            cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            said = f"The request was not sent within {self.most_seconds:g} seconds.\n".encode()
            headers = [
                ("content-type", "text/plain; charset=utf-8"),
                ("content-length", str(len(said))),
                ("connection", "close"),
            ]
            is_head = self.conn.our_state is h11.SEND_RESPONSE and self.scope["method"] == "HEAD"
            response = h11.Response(status_code=408, headers=headers, reason="Request Timeout")
            for event in (response, h11.Data(data=b"" if is_head else said), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _never_taken(self) -> None:
        self._taking = None
        self.transport.abort()

    def _stop_sending(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _stop_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
