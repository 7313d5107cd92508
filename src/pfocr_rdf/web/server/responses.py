"""Answers that are no success, and the headers that all answers have.

An error is a page for those who take HTML and a line of text for others: programs print it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pfocr_rdf.rdf import Tier
from pfocr_rdf.text import one_line
from pfocr_rdf.web.pages import PAGE_POLICY, Meant, Renderer, error_view
from pfocr_rdf.web.server.formats import best

DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For all that is no page: a browser that shows XML of ours runs nothing in it."""

_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-frame-options": "DENY",
}
_POLICY: Final = "content-security-policy"
_LARGEST_PAGE: Final = 1_000_000
_DIGITS: Final = 9
_FOR_PROGRAMS: Final = ("/sparql", "/api/")
_log = logging.getLogger(__name__)


def page_number(request: Request) -> int:
    """Return which page of many is asked for, from 1.

    Raises:
        HTTPException: It is no such number.
    """
    given = request.query_params.get("page", "1")
    digits = given.isascii() and given.isdigit() and len(given) <= _DIGITS
    if not digits or not 1 <= int(given) <= _LARGEST_PAGE:
        raise HTTPException(404, f"page: expected a number from 1, found {given[:20]!r}.")
    return int(given)


def wanted_tier(request: Request) -> Tier | None:
    """Return the tier that a page is asked in, None for the one that it begins with.

    Raises:
        HTTPException: There is no such tier.
    """
    given = request.query_params.get("tier", "")
    if given and given not in tuple(Tier):
        raise HTTPException(400, f"tier: expected one of {', '.join(Tier)}, found {given[:20]!r}.")
    return Tier(given) if given else None


def secured(headers: MutableHeaders, page_policy: str) -> None:
    """Add the headers that keep a reader safe; a policy that is there already stays.

    Args:
        headers: Of an answer.
        page_policy: What pages may load.
    """
    for name, value in _HEADERS.items():
        headers[name] = value
    is_page = headers.get("content-type", "").startswith("text/html")
    headers.setdefault(_POLICY, page_policy if is_page else DATA_POLICY)


class SecureHeaders:
    """Adds `secured` to every answer of an application.

    Args:
        app: The application.
        page_policy: What its pages may load.
    """

    def __init__(self, app: ASGIApp, page_policy: str) -> None:
        self._app = app
        self._page_policy = page_policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                secured(MutableHeaders(scope=message), self._page_policy)
            await send(message)

        await self._app(scope, receive, send_secured)


class NoSuchName(HTTPException):
    """Nothing of a kind has a name; `guesses` is what may have been meant."""

    def __init__(self, status: int, detail: str, *, guesses: tuple[Meant, ...]) -> None:
        super().__init__(status, detail)
        self.guesses = guesses


LOST: Final = (
    "What this server reads is no longer there, or is damaged; the server has to be started again."
)


class Errors:
    """PageQueue exceptions into answers.

    Args:
        renderer: For pages.
    """

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    async def known(self, request: Request, error: Exception) -> Response:
        """Answer an HTTPException."""
        assert isinstance(error, HTTPException)
        words = error.detail if error.detail != _phrase(error.status_code) else ""
        guesses = error.guesses if isinstance(error, NoSuchName) else ()
        return self.response(request, error.status_code, words, error.headers, guesses)

    async def lost(self, request: Request, error: Exception) -> Response:
        """Answer for a store that cannot be read any more; why goes to the log, in one line."""
        _log.error("the store cannot be read: %s", one_line(str(error)))
        return self.response(request, 503, LOST, None)

    async def unknown(self, request: Request, _error: Exception) -> Response:
        """Answer a fault of ours; its traceback goes to the log, never to a reader."""
        response = self.response(request, 500, "", None)
        secured(response.headers, PAGE_POLICY)  # this is made outside all middleware
        return response

    def response(
        self,
        request: Request,
        status: int,
        words: str,
        headers: Mapping[str, str] | None,
        guesses: tuple[Meant, ...] = (),
    ) -> Response:
        """Return an answer with a status of failure."""
        view = error_view(status, words, guesses)
        try:
            accept = request.headers.get("accept", "")
            for_people = best(accept, ("text/plain", "text/html")) == "text/html"
        except ValueError:
            for_people = False
        known = dict(headers or {}) | {"vary": "Accept", "cache-control": "no-store"}
        if for_people and not request.url.path.startswith(_FOR_PROGRAMS):
            return HTMLResponse(self._renderer.error(view), status, known)
        return PlainTextResponse(f"{view.message}\n", status, known)


def _phrase(status: int) -> str:
    return error_view(status).title
