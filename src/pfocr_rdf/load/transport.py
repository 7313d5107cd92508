"""Requests to a store: who asks, how long it is waited for, and what is tried again.

A body is always bytes, never a generator: requests then sends its length. Without one it would
be sent chunked, which Virtuoso answers with 201 and stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from pfocr_rdf.errors import LoadError
from pfocr_rdf.http import CONNECT, LONGEST_PAUSE, new_session, silence
from pfocr_rdf.load.address import shown_address
from pfocr_rdf.load.stores import AuthScheme

_AGAIN: Final = (408, 429, 500, 502, 503, 504)


class Credentials(NamedTuple):
    """Who asks. `user` is "" for a token."""

    user: str
    secret: str
    scheme: AuthScheme


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Transport:
    """Sends requests, those that may be sent twice with patience. A context manager.

    Args:
        who: None for anybody.
        retries: Tries after the first.
        timeout: Seconds that the store may be silent.
        pause: Seconds before the second retry; each later pause is twice as long, and random
            by one second.
        say: Told of every retry, in one line.
    """

    def __init__(
        self,
        who: Credentials | None,
        *,
        retries: int,
        timeout: float,
        pause: float,
        say: Callable[[str], None],
    ) -> None:
        self._timeouts = (CONNECT, timeout)
        auth = None if who is None else _auth(who)
        self._retrying = new_session(
            retries,
            pause,
            _AGAIN,
            None,
            who=auth,
            say=lambda said: say(f"the store {said}"),
            redirect=0,
            backoff_jitter=min(pause, 1.0),
            backoff_max=LONGEST_PAUSE,
        )
        self._once = new_session(0, 0.0, who=auth)

    def close(self) -> None:
        """Let go of the connections."""
        self._retrying.close()
        self._once.close()

    def ask(
        self,
        method: str,
        url: str,
        *,
        again: bool = True,
        params: Mapping[str, str] | None = None,
        data: bytes | Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        lost: type[LoadError] = LoadError,
    ) -> requests.Response:
        """Return the answer to a request, whatever its status.

        Args:
            method: Of HTTP.
            url: Of the endpoint.
            again: Whether it does no harm to send it twice.
            params: Of the URL.
            data: The body, or the fields of a form.
            headers: Besides those of every request.
            lost: Raised when there is no answer.
        """
        session = self._retrying if again else self._once
        try:
            # A redirected POST becomes a GET, and its body is lost with a status of success.
            return session.request(
                method,
                url,
                params=params,
                data=data,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise lost(
                f"{shown_address(url)}: expected an answer, {silence(error)} (see whether the "
                "store runs there; the same command then goes on where it was)"
            ) from error


def server_of(url: str, timeout: float = 60.0) -> str:
    """Return what a server calls itself, "" when it does not.

    Raises:
        LoadError: It does not answer.
    """
    with new_session(0, 0.0) as session:
        try:
            response = session.get(
                url, timeout=(CONNECT, timeout), allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            raise LoadError(
                f"{shown_address(url)}: expected an answer, {silence(error)} "
                "(see whether the store runs there)"
            ) from error
        with response:
            return response.headers.get("Server", "")


def _auth(who: Credentials) -> AuthBase:
    match who.scheme:
        case AuthScheme.BASIC:
            return HTTPBasicAuth(who.user.encode(), who.secret.encode())
        case AuthScheme.DIGEST:
            return HTTPDigestAuth(who.user, who.secret)
        case AuthScheme.BEARER:
            return _Bearer(who.secret)
