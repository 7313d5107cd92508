"""Requests to a store: who asks, how long it is waited for, and what is tried again.

A body is always bytes, never a generator: requests then sends its length. Without one it would
be sent chunked, which Virtuoso answers with 201 and stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3.util import Retry

from pfocr_rdf.errors import LoadError
from pfocr_rdf.load.address import shown_address
from pfocr_rdf.load.answers import innermost
from pfocr_rdf.load.stores import AuthScheme
from pfocr_rdf.version import __version__

_CONNECT: Final = 10.0
_LONGEST_PAUSE: Final = 60.0
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


class _Patience(Retry):
    """urllib3's retry that says what it waits for, and waits a minute a time at most."""

    def __init__(self, *args: Any, say: Callable[[str], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self.say = say

    def new(self, **options: Any) -> Self:
        return super().new(say=self.say, **options)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: Any = None,
        error: Exception | None = None,
        _pool: Any = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        left = super().increment(method, url, response, error, _pool, _stacktrace)
        said = f"answered {response.status}" if response is not None else innermost(error)
        self.say(f"the store {said}; trying again, {left.total} more times at most")
        return left

    def get_retry_after(self, response: Any) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, _LONGEST_PAUSE)


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
        self._timeouts = (_CONNECT, timeout)
        again = _Patience(
            total=retries,
            backoff_factor=pause,
            backoff_jitter=min(pause, 1.0),
            backoff_max=_LONGEST_PAUSE,
            status_forcelist=_AGAIN,
            allowed_methods=None,
            redirect=0,
            raise_on_status=False,
            say=say,
        )
        self._patient = _session(who, HTTPAdapter(max_retries=again))
        self._once = _session(who, HTTPAdapter(max_retries=0))

    def close(self) -> None:
        """Let go of the connections."""
        self._patient.close()
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
        session = self._patient if again else self._once
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
                f"{shown_address(url)}: expected an answer, {innermost(error)} (see whether the "
                "store runs there; the same command then goes on where it was)"
            ) from error


def server_of(url: str, timeout: float = 60.0) -> str:
    """Return what a server calls itself, "" when it does not.

    Raises:
        LoadError: It does not answer.
    """
    with requests.Session() as session:
        try:
            response = session.get(
                url, timeout=(_CONNECT, timeout), allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            raise LoadError(
                f"{shown_address(url)}: expected an answer, {innermost(error)} "
                "(see whether the store runs there)"
            ) from error
        with response:
            return response.headers.get("Server", "")


def _session(who: Credentials | None, adapter: HTTPAdapter) -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"pfocr-rdf/{__version__}"
    if who is not None:
        match who.scheme:
            case AuthScheme.BASIC:
                user, secret = who.user.encode(), who.secret.encode()
                session.auth = HTTPBasicAuth(user, secret)
            case AuthScheme.DIGEST:
                session.auth = HTTPDigestAuth(who.user, who.secret)
            case AuthScheme.BEARER:
                session.auth = _Bearer(who.secret)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session
