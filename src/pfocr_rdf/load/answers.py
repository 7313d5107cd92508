"""What it means when a store does not answer with success, in one line that says what to do."""

from __future__ import annotations

import re
from typing import Final

import requests

from pfocr_rdf.errors import LoadError
from pfocr_rdf.load.address import shown_address
from pfocr_rdf.text import one_line

_MUCH_SAID: Final = 300
_TAG: Final = re.compile(r"<[!/a-zA-Z][^>]*>")

_KNOWN_WORDS: Final = {
    "SR325": "raise TransactionAfterImageLimit in virtuoso.ini, as docs/load.md says",
    "No space left on device": "make room on the store's disk and run the same command again",
}
"""Words of a store that say more than its status."""

_ADVICE: Final = {
    400: "the store does not take these data; its own words are above",
    401: "give --auth USER:PASSWORD, and --auth-scheme if the store wants another",
    403: "this user, or a read-only server, may not do it: give another --auth",
    404: "see whether --to and --store are right",
    405: "see whether --to and --store are right, and whether the store is read-only",
    413: "give a smaller --slice-size",
    415: "see whether --store is right",
    501: "see whether --store is right",
    507: "the store has no room: make some and run the same command again",
}


class AnswerLostError(LoadError):
    """Nobody knows whether the store did what it was asked for, or is still at it."""


def check_answer(response: requests.Response, what: str, lost: type[LoadError] = LoadError) -> None:
    """Raise LoadError for every answer that is not a success.

    Args:
        response: The answer.
        what: Was asked for.
        lost: Raised instead where the store may have done it all the same.
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    url = shown_address(response.url.partition("?")[0])
    if 300 <= status < 400:
        to = shown_address(response.headers.get("Location", ""))
        raise LoadError(
            f"{url}: {what}: expected a store, found a redirection to {to} (give its address)"
        )
    advice = _ADVICE.get(status, "see the store's log; the same command goes on where it was")
    text = said_in(response)
    advice = next((known for word, known in _KNOWN_WORDS.items() if word in text), advice)
    said = f": {text}" if text else ""
    # Of a proxy: what stands behind it may have done it all the same.
    kind = lost if status in {502, 503, 504} else LoadError
    raise kind(f"{url}: {what}: expected success, found {status}{said} ({advice})")


def said_in(response: requests.Response) -> str:
    """Return the beginning of what a server says, in one line."""
    content = response.content[: 4 * _MUCH_SAID].decode("utf-8", "replace")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        content = _TAG.sub(" ", content)
    text = one_line(content)
    return text if len(text) <= _MUCH_SAID else text[:_MUCH_SAID] + "…"
