"""Requests over HTTP: tried again after growing pauses, and what went wrong in one line."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import TracebackType
from typing import Any, Final, Self

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from pfocr_rdf.text import one_line
from pfocr_rdf.version import __version__

CONNECT: Final = 10.0
"""Seconds that a connection may take."""
LONGEST_PAUSE: Final = 60.0
"""Seconds that a server may make us wait before one try."""


class PausingRetry(Retry):
    """urllib3's retry that says what it waits for, and waits a minute a time at most."""

    def __init__(
        self, *args: Any, say: Callable[[str], None] = lambda _: None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.say = say

    def new(self, **options: Any) -> Self:
        """Return the same with other numbers: urllib3 makes one for each try."""
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
        """Count a try, and say why there will be another."""
        left = super().increment(method, url, response, error, _pool, _stacktrace)
        said = f"answered {response.status}" if response is not None else silence(error)
        self.say(f"{said}; trying again, {left.total} more times at most")
        return left

    def get_retry_after(self, response: Any) -> float | None:
        """Seconds that the server asks us to wait; None when it does not."""
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, LONGEST_PAUSE)


def new_session(
    retries: int,
    pause: float,
    again: Collection[int] = (),
    methods: Collection[str] | None = ("GET",),
    *,
    who: AuthBase | None = None,
    say: Callable[[str], None] = lambda _: None,
    **options: Any,
) -> requests.Session:
    """Return a session that tries again, ever more slowly, on broken connections.

    Args:
        retries: Tries after the first.
        pause: Seconds before the second retry; each later pause is twice as long
            (the first retry is at once). `Retry-After` of the server goes first.
        again: Statuses that are tried again, too. The last bad answer is returned.
        methods: Those that may be sent twice; None for all.
        who: Signs the requests.
        say: Told of every retry, in one line without a subject.
        options: More of urllib3's retry.
    """
    session = requests.Session()
    session.headers["User-Agent"] = f"pfocr-rdf/{__version__}"
    session.auth = who
    policy = PausingRetry(
        total=retries,
        backoff_factor=pause,
        status_forcelist=again,
        allowed_methods=methods,
        raise_on_status=False,
        say=say,
        **options,
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=policy if retries else 0))
    return session


def innermost(error: BaseException | None) -> str:
    """Return the innermost cause in one line, without object addresses and pool names."""
    cause = error
    while cause is not None:
        parts = (getattr(cause, "reason", None), *cause.args)
        inner = next((part for part in parts if isinstance(part, Exception)), None)
        if inner is None:
            break
        cause = inner
    text = one_line(str(cause))
    return text.split(": ", 1)[-1] if text.startswith(("HTTP", "<")) else text


def silence(error: BaseException | None) -> str:
    """Return that a server gave no answer, and why if that is known."""
    text = innermost(error)
    return f"said nothing: {text}" if text else "said nothing"
